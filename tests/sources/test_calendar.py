"""NSE's sessions: the library, the overrides, and eight years of real trading days."""

import subprocess
import sys
from collections import Counter
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from dexter.domain.moment import CLOSE, IST, OPEN
from dexter.domain.sessions import (
    OutsideCalendarError,
    Session,
    SessionCalendar,
    event_session,
)
from dexter.errors import SourceShapeError
from dexter.sources.calendar import holidays_of, overrides, trading_calendar
from dexter.sources.payload import Record

MUHURAT = {
    date(2016, 10, 30): time(18, 30),
    date(2017, 10, 19): time(18, 30),
    date(2018, 11, 7): time(17, 30),
    date(2019, 10, 27): time(18, 15),
    date(2020, 11, 14): time(18, 15),
    date(2021, 11, 4): time(18, 15),
    date(2022, 10, 24): time(18, 15),
    date(2023, 11, 12): time(18, 15),
    date(2024, 11, 1): time(18, 0),
    date(2025, 10, 21): time(13, 45),
    date(2026, 11, 8): time(18, 0),
}
WEEKEND = {
    *(date(2020, 2, 1), date(2024, 1, 20), date(2024, 3, 2)),
    *(date(2024, 5, 18), date(2025, 2, 1), date(2026, 2, 1)),
}
OUTAGE = date(2021, 2, 24)


@pytest.fixture(scope="module")
def calendar() -> SessionCalendar:
    return trading_calendar(date(2016, 1, 1), date(2026, 12, 31))


def days(calendar: SessionCalendar) -> list[date]:
    return [session.day for session in calendar.sessions]


def test_every_day_that_is_not_ordinary_says_so(calendar: SessionCalendar) -> None:
    special = {s.day for s in calendar.sessions if s.note or s.day.weekday() > 4}
    assert special == {*MUHURAT, *WEEKEND, OUTAGE}
    for session in calendar.sessions:
        if session.day not in special:
            assert (session.opens, session.closes) == (OPEN, CLOSE)


def test_a_muhurat_is_an_hour(calendar: SessionCalendar) -> None:
    for day, opens in MUHURAT.items():
        session = calendar.on(day)
        assert session is not None
        assert session.opens == opens
        assert session.closes == time(opens.hour + 1, opens.minute)
        assert session.note.startswith("Muhurat")


def test_special_hours(calendar: SessionCalendar) -> None:
    hours = {
        date(2024, 3, 2): (time(9, 15), time(12, 30)),
        date(2024, 5, 18): (time(9, 15), time(12, 40)),
        date(2026, 2, 1): (OPEN, CLOSE),
        OUTAGE: (time(9, 15), time(17, 0)),
    }
    for day, expected in hours.items():
        session = calendar.on(day)
        assert session is not None
        assert (session.opens, session.closes) == expected


@pytest.mark.parametrize(
    "day",
    [
        date(2023, 1, 26),
        date(2024, 1, 22),
        date(2024, 11, 20),
        date(2025, 10, 22),
        date(2026, 1, 15),
        date(2026, 11, 10),
        date(2026, 12, 25),
        date(2026, 8, 1),
    ],
)
def test_closed_days(calendar: SessionCalendar, day: date) -> None:
    assert calendar.on(day) is None


def test_holidays_close_ordinary_days_and_no_special_session() -> None:
    first, last = date(2026, 11, 5), date(2026, 11, 13)
    told = {date(2026, 11, 6), date(2026, 11, 8), date(2026, 11, 14)}
    found = trading_calendar(first, last, holidays=told)
    assert days(found) == [date(2026, 11, day) for day in (5, 8, 9, 11, 12, 13)]
    assert (found.first, found.last) == (first, last)


def test_extra_sessions_stand_above_everything() -> None:
    first, last = date(2026, 11, 6), date(2026, 11, 9)
    saturday = Session(date(2026, 11, 7), note="a drill")
    later = Session(date(2026, 11, 8), time(13, 45), time(14, 45), "Muhurat, as told")
    beyond = Session(date(2026, 11, 10))
    found = trading_calendar(
        first, last, holidays={saturday.day}, extra=[later, saturday, beyond]
    )
    assert found.sessions[1:3] == (saturday, later)
    assert len(found) == 4


def test_a_year_nobody_listed_is_refused_until_its_holidays_are_told() -> None:
    first, last = date(2026, 12, 30), date(2027, 1, 28)
    with pytest.raises(OutsideCalendarError, match="2027 is beyond"):
        trading_calendar(first, last)
    with pytest.raises(OutsideCalendarError, match="2027"):
        trading_calendar(first, last, holidays={date(2028, 1, 26)})
    found = trading_calendar(first, last, holidays={date(2027, 1, 26)})
    assert days(found)[:3] == [
        *(date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1)),
    ]
    assert found.on(date(2027, 1, 26)) is None
    assert len(found) == 21


def test_before_the_overrides_begin_nothing_is_claimed() -> None:
    with pytest.raises(OutsideCalendarError, match="2015-12-31 is beyond"):
        trading_calendar(date(2015, 12, 31), date(2016, 1, 31))
    with pytest.raises(ValueError, match="is before"):
        trading_calendar(date(2024, 2, 1), date(2024, 1, 1))


def test_a_calendar_of_no_session_and_of_one_day() -> None:
    saturday, monday = date(2026, 8, 1), date(2026, 8, 3)
    assert len(trading_calendar(saturday, saturday)) == 0
    assert trading_calendar(monday, monday).sessions == (Session(monday),)


def test_the_library_is_only_imported_when_it_is_needed() -> None:
    said = "import sys, dexter.sources.calendar; print('pandas' in sys.modules)"
    found = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"


def test_the_overrides_are_in_order_and_once() -> None:
    told = overrides()
    assert len({session.day for session in told.sessions}) == len(told.sessions)
    assert all(session.day >= told.since for session in told.sessions)
    assert all(session.note for session in told.sessions)
    assert not told.closures


def test_holidays_of_the_exchanges_rows() -> None:
    rows: list[Record] = [
        {"segment": "CM", "tradingDate": "26-Jan-2023", "description": "Republic Day"},
        {"segment": "CM", "tradingDate": " 01-NOV-2024 ", "description": "Diwali*"},
        {"segment": "COM", "tradingDate": "01-Jan-2023"},
        {"segment": "COM", "tradingDate": None},
        {"tradingDate": "15-Aug-2023", "Sr_no": 3},
    ]
    assert holidays_of(rows) == {
        *(date(2023, 1, 26), date(2024, 11, 1), date(2023, 8, 15)),
    }
    assert holidays_of([]) == frozenset()


@pytest.mark.parametrize("said", [None, "", "soon", 20230126, "31-Feb-2023"])
def test_a_holiday_without_a_day_has_changed_its_shape(said: object) -> None:
    with pytest.raises(SourceShapeError, match="tradingDate"):
        holidays_of([{"segment": "CM", "tradingDate": said}])


# Real trading days.


def library_days() -> set[date]:
    from exchange_calendars import get_calendar  # noqa: PLC0415 - as the code does

    library = get_calendar("XBOM", start="2016-01-01", end="2025-06-30")
    return {moment.date() for moment in library.sessions}


@pytest.fixture(scope="module")
def market(shared: Path) -> Path:
    return shared / "data/market"


def real_days(path: Path) -> set[date]:
    pq = pytest.importorskip("pyarrow.parquet")
    return set(pq.read_table(path, columns=["date"])["date"].unique().to_pylist())


@pytest.mark.real
def test_the_sessions_are_the_days_that_were_traded(
    calendar: SessionCalendar, market: Path
) -> None:
    end = date(2025, 6, 30)
    ours = {session.day for session in calendar.between(calendar.first, end)}
    listed = real_days(market / "trading_calendar.parquet")
    indices = {
        day.date() if isinstance(day, datetime) else day
        for day in real_days(market / "indices_close.parquet")
    }
    # A Muhurat that the file of sessions lacks, and a day whose bars are missing in it
    # (its README says so): both have index closes. One Saturday has bars but none.
    absent = {date(2016, 10, 30), date(2022, 8, 8)}
    assert listed <= ours
    assert ours - listed == absent
    assert absent <= indices
    assert ours - indices == {date(2024, 3, 2)}
    assert indices <= ours
    bars = real_days(market / "prices.parquet")
    assert min(bars) == date(2017, 7, 3)
    traded = {session.day for session in calendar.between(min(bars), end)}
    assert traded - bars == {date(2022, 8, 8)}
    assert bars <= traded


@pytest.mark.real
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_without_the_overrides_real_sessions_would_be_missing(market: Path) -> None:
    """Each override up to the data's end is a day with bars the library closes."""
    plain = library_days()
    missing = real_days(market / "prices.parquet") - plain
    told = {s.day for s in overrides().sessions if s.day < date(2025, 7, 1)}
    # Some releases know two of the Saturdays; the outage was an ordinary day.
    assert missing <= told
    assert told - missing - {date(2024, 1, 20), date(2025, 2, 1)} == {
        *(date(2016, 10, 30), OUTAGE),
    }


@pytest.mark.real
def test_day_zero_of_every_real_event(calendar: SessionCalendar, market: Path) -> None:
    """Against the events' own day 0, for which every session ends with 15:30."""
    pq = pytest.importorskip("pyarrow.parquet")
    columns = ["announce_dt", "t0_date"]
    table = pq.read_table(market / "earnings_events.parquet", columns=columns)
    differing: Counter[str] = Counter()
    events = table.to_pylist()
    for event in events:
        found = event_session(event["announce_dt"].replace(tzinfo=IST), calendar)
        if found.day0.day != event["t0_date"]:
            differing[explained(event, found.day0.day, calendar)] += 1
    assert differing == {
        "at 15:30:00, the first moment after the close": 3,
        "on a day of other hours": 7,
        "day 0 is missing in their calendar": 81,
    }
    assert len(events) == 36_578


def explained(event: dict[str, Any], day0: date, calendar: SessionCalendar) -> str:
    published = event["announce_dt"]
    if published.time() == CLOSE:
        return "at 15:30:00, the first moment after the close"
    session = calendar.on(published.date())
    if session is not None and session.closes != CLOSE:
        return "on a day of other hours"
    if day0 == date(2022, 8, 8):
        return "day 0 is missing in their calendar"
    return f"{published}: {day0} against {event['t0_date']}"
