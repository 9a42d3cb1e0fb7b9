"""The session of a publication, to the second, and a calendar that knows its limits."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.moment import IST, bar_known_at, first_session_after
from dexter.domain.sessions import (
    OutsideCalendarError,
    Session,
    SessionCalendar,
    Timing,
    event_session,
)

THU, FRI = date(2026, 7, 30), date(2026, 7, 31)
SAT, SUN = date(2026, 8, 1), date(2026, 8, 2)
MON, TUE, WED = date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5)
AUGUST = SessionCalendar(
    THU, date(2026, 8, 7), tuple(Session(day) for day in (THU, FRI, MON, TUE, WED))
)
"""Two days by the old hours, three days with closing auctions, a holiday."""

NIGHT = SessionCalendar(
    date(2021, 11, 1),
    date(2021, 11, 9),
    (
        Session(date(2021, 11, 2)),
        Session(date(2021, 11, 3)),
        Session(date(2021, 11, 4), time(18, 15), time(19, 15), "Muhurat"),
        Session(date(2021, 11, 8)),
    ),
)
WEEKENDS = SessionCalendar(
    date(2024, 5, 16),
    date(2024, 5, 22),
    (
        Session(date(2024, 5, 17)),
        Session(date(2024, 5, 18), time(9, 15), time(12, 40), "second site"),
        Session(date(2024, 5, 21)),
    ),
)
BUDGET = SessionCalendar(
    date(2026, 1, 29),
    date(2026, 2, 3),
    (
        Session(date(2026, 1, 30)),
        Session(date(2026, 2, 1), note="Budget Sunday"),
        Session(date(2026, 2, 2)),
    ),
)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), IST)


def placed(
    calendar: SessionCalendar, moment: datetime, *, auction: bool = False
) -> tuple[date, str, date, date]:
    found = event_session(moment, calendar, auction=auction)
    return found.day0.day, found.timing.value, found.entry.day, found.base.day


PRE = (MON, "pre_open", MON, FRI)
DURING = (MON, "intraday", TUE, FRI)
AFTER = (TUE, "after_close", TUE, MON)
IN_AUCTION = (TUE, "after_close", TUE, FRI)


@pytest.mark.parametrize(
    ("clock", "others", "with_auction"),
    [
        ("00:00:00", PRE, PRE),
        ("08:59:00", PRE, PRE),
        ("09:00:00", PRE, PRE),
        ("09:14:00", PRE, PRE),
        ("09:14:59.999999", PRE, PRE),
        ("09:15:00", DURING, DURING),
        ("15:14:00", DURING, DURING),
        ("15:14:59.999999", DURING, DURING),
        ("15:15:00", DURING, IN_AUCTION),
        ("15:29:59.999999", DURING, IN_AUCTION),
        ("15:30:00", AFTER, IN_AUCTION),
        ("15:34:59.999999", AFTER, IN_AUCTION),
        ("15:35:00", AFTER, AFTER),
        ("15:36:00", AFTER, AFTER),
        ("23:59:00", AFTER, AFTER),
    ],
)
def test_an_ordinary_session_since_the_closing_auction(
    clock: str,
    others: tuple[date, str, date, date],
    with_auction: tuple[date, str, date, date],
) -> None:
    assert placed(AUGUST, at(MON, clock)) == others
    assert placed(AUGUST, at(MON, clock), auction=True) == with_auction


@pytest.mark.parametrize("auction", [False, True])
def test_before_august_2026_nothing_closes_by_auction(*, auction: bool) -> None:
    inside = placed(AUGUST, at(FRI, "15:29:59"), auction=auction)
    after = placed(AUGUST, at(FRI, "15:30"), auction=auction)
    assert inside == (FRI, "intraday", MON, THU)
    assert after == (MON, "after_close", MON, FRI)


@pytest.mark.parametrize("auction", [False, True])
@pytest.mark.parametrize("clock", ["00:00", "09:15", "15:30", "23:59:59"])
def test_a_weekend_belongs_to_the_next_session(clock: str, *, auction: bool) -> None:
    for day in (SAT, SUN):
        found = placed(AUGUST, at(day, clock), auction=auction)
        assert found == (MON, "no_session", MON, FRI)


def test_a_holiday_belongs_to_the_next_session() -> None:
    found = placed(NIGHT, at(date(2021, 11, 5), "11:00"))
    eighth = date(2021, 11, 8)
    assert found == (eighth, "no_session", eighth, date(2021, 11, 4))


@pytest.mark.parametrize("auction", [False, True])
def test_a_muhurat_evening_keeps_its_own_hours(*, auction: bool) -> None:
    before, evening, later = date(2021, 11, 3), date(2021, 11, 4), date(2021, 11, 8)
    expected = {
        "09:15": (evening, "pre_open", evening, before),
        "15:30": (evening, "pre_open", evening, before),
        "18:14:59": (evening, "pre_open", evening, before),
        "18:15": (evening, "intraday", later, before),
        "19:14:59": (evening, "intraday", later, before),
        "19:15": (later, "after_close", later, evening),
        "23:59": (later, "after_close", later, evening),
    }
    assert {
        clock: placed(NIGHT, at(evening, clock), auction=auction) for clock in expected
    } == expected
    eve = placed(NIGHT, at(before, "15:30"))
    assert eve == (evening, "after_close", evening, before)


def test_a_muhurat_after_august_2026_has_no_auction() -> None:
    sunday = Session(date(2026, 11, 8), time(18), time(19), "Muhurat")
    assert sunday.trades_until(auction=True) == at(sunday.day, "19:00")
    assert sunday.close_known_at(auction=True) == at(sunday.day, "19:00")


def test_a_special_saturday_closes_early() -> None:
    friday, saturday, tuesday = (date(2024, 5, day) for day in (17, 18, 21))
    assert placed(WEEKENDS, at(saturday, "09:14:59")) == (
        *(saturday, "pre_open", saturday, friday),
    )
    # The break between its two parts is no time of its own.
    for clock in ("09:15", "11:00", "12:39:59"):
        found = placed(WEEKENDS, at(saturday, clock))
        assert found == (saturday, "intraday", tuesday, friday)
    for clock in ("12:40", "15:00"):
        found = placed(WEEKENDS, at(saturday, clock))
        assert found == (tuesday, "after_close", tuesday, saturday)


def test_a_budget_sunday_is_a_session() -> None:
    friday, sunday, monday = date(2026, 1, 30), date(2026, 2, 1), date(2026, 2, 2)
    assert placed(BUDGET, at(date(2026, 1, 31), "12:00"))[0] == sunday
    found = placed(BUDGET, at(sunday, "11:00"))
    assert found == (sunday, "intraday", monday, friday)
    found = placed(BUDGET, at(sunday, "15:30"))
    assert found == (monday, "after_close", monday, sunday)


def test_the_moment_counts_and_not_its_offset() -> None:
    # 03:45 UTC is 09:15 in India; 23:45 in New York is 09:15 of the next day there.
    assert placed(AUGUST, datetime(2026, 8, 3, 3, 44, 59, tzinfo=UTC)) == PRE
    assert placed(AUGUST, datetime(2026, 8, 3, 3, 45, tzinfo=UTC)) == DURING
    new_york = timezone(timedelta(hours=-4))
    assert placed(AUGUST, datetime(2026, 8, 2, 23, 45, tzinfo=new_york)) == DURING
    # 18:30 UTC on Monday is Tuesday in India.
    found = placed(AUGUST, datetime(2026, 8, 3, 18, 30, tzinfo=UTC))
    assert found == (TUE, "pre_open", TUE, MON)


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        event_session(datetime(2026, 8, 3, 10, 0), AUGUST)  # noqa: DTZ001 - the point


def test_what_lies_beyond_the_calendar_is_refused_and_never_guessed() -> None:
    # The last session's evening needs a session nobody has listed.
    with pytest.raises(OutsideCalendarError, match="2026-08-06 is beyond"):
        event_session(at(WED, "15:30"), AUGUST)
    with pytest.raises(OutsideCalendarError):
        event_session(at(THU, "09:00"), AUGUST)
    with pytest.raises(OutsideCalendarError, match="known 2026-07-30 to 2026-08-07"):
        event_session(at(date(2026, 8, 8), "09:00"), AUGUST)
    with pytest.raises(ValueError, match="2026-07-29"):
        AUGUST.on(date(2026, 7, 29))
    with pytest.raises(OutsideCalendarError):
        AUGUST.between(THU, date(2026, 8, 8))
    with pytest.raises(OutsideCalendarError):
        AUGUST.next_after(WED)
    with pytest.raises(OutsideCalendarError):
        AUGUST.before(THU)


def test_a_calendar_answers_by_day() -> None:
    assert AUGUST.on(MON) == Session(MON)
    assert AUGUST.on(SAT) is None
    assert AUGUST.next_after(FRI).day == AUGUST.next_after(SAT).day == MON
    assert AUGUST.before(MON).day == AUGUST.before(SAT).day == FRI
    assert [s.day for s in AUGUST.between(FRI, TUE)] == [FRI, MON, TUE]
    assert [s.day for s in AUGUST.between(SAT, MON)] == [MON]
    assert AUGUST.between(SAT, SUN) == ()
    assert AUGUST.between(TUE, FRI) == ()
    assert len(AUGUST) == 5


@pytest.mark.parametrize(
    "days", [(TUE, MON), (MON, MON), (date(2026, 7, 1), MON), (MON, date(2026, 9, 1))]
)
def test_a_calendar_out_of_order_or_range_is_refused(days: tuple[date, ...]) -> None:
    with pytest.raises(ValueError, match="sessions"):
        SessionCalendar(THU, WED, tuple(Session(day) for day in days))


def test_a_session_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot close"):
        Session(MON, time(15, 30), time(9, 15))


@given(
    places=st.sets(st.integers(1, 60), min_size=3),
    seconds=st.integers(0, 60 * 86_400 - 1),
    auction=st.booleans(),
)
def test_no_publication_trades_on_itself(
    places: set[int], seconds: int, *, auction: bool
) -> None:
    """The base closed before it, the entry opens after it, day 0 lies between."""
    start = date(2026, 7, 1)
    days = [start + timedelta(days=place) for place in sorted(places)]
    calendar = SessionCalendar(
        start, start + timedelta(days=60), tuple(Session(day) for day in days)
    )
    moment = datetime.combine(start, time(), IST) + timedelta(seconds=seconds)
    try:
        found = event_session(moment, calendar, auction=auction)
    except OutsideCalendarError:
        needs_earlier = moment < at(days[0], "15:35")
        needs_later = moment >= at(days[-1], "09:15")
        assert needs_earlier or needs_later
        return
    assert found.base.close_known_at(auction=auction) <= moment
    assert moment < found.entry.opens_at
    assert found.base.day < found.day0.day <= found.entry.day
    assert moment < found.day0.trades_until(auction=auction)
    assert (found.timing is Timing.INTRADAY) == (found.day0 != found.entry)
    steps = dict(pairwise(days))
    # No session is skipped, but the one whose auction was running.
    assert found.day0.day in {
        steps[found.base.day],
        steps.get(steps[found.base.day]) if auction else None,
    }


@pytest.mark.parametrize(
    ("session", "known"),
    [
        (date(2025, 6, 30), time(15, 30)),
        (date(2024, 11, 1), time(19, 0)),
        (date(2021, 2, 24), time(17, 0)),
        (date(2026, 7, 31), time(15, 30)),
        (date(2026, 8, 3), time(15, 35)),
    ],
)
def test_a_bar_is_known_when_its_session_is_over(session: date, known: time) -> None:
    assert bar_known_at(session) == datetime.combine(session, known, IST)


def test_news_of_a_muhurat_evening_trades_the_same_day() -> None:
    days = (date(2024, 10, 31), date(2024, 11, 1), date(2024, 11, 4))
    during = datetime(2024, 11, 1, 18, 30, tzinfo=IST)
    assert first_session_after(during, days) == 1
    assert first_session_after(during.replace(hour=20), days) == 2
