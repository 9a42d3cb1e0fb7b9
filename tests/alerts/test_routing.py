"""Who hears, and when: in Indian time wherever the host stands."""

import time as clock_time
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.alerts import backoff
from dexter.alerts.routing import Hold, Routed, held, postings, route
from dexter.domain.alert import Priority
from dexter.domain.delivery import Delivery, DeliveryState, ItemKind
from dexter.domain.moment import IST
from dexter.operating import Alerting, Operating, QuietHours, Recipient
from pipelines.clock import SystemClock
from tests.store.making_outbox import NOW, letter, notice

HIGH, MEDIUM, LOW = Priority
ALERT, NOTICE = ItemKind
NIGHT = Alerting(quiet=QuietHours(from_=time(22, 30), to=time(7)))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ist(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 5, day, hour, minute, tzinfo=IST)


def someone(name: str, **other: object) -> Recipient:
    told = {"name": name, "channel": "telegram", "to": "-100", **other}
    return Recipient.model_validate(told)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (ist(15, 22, 29), None),
        (ist(15, 22, 30), ist(16, 7)),
        (ist(15, 23, 59), ist(16, 7)),
        (ist(16, 0), ist(16, 7)),
        (ist(16, 6, 59), ist(16, 7)),
        (ist(16, 7), None),
    ],
)
def test_quiet_hours_span_midnight(at: datetime, until: datetime | None) -> None:
    why = "quiet hours from 22:30 to 07:00 IST; until 16 May 07:00 IST"
    for zone in (IST, UTC, timezone(-11 * HOUR), timezone(14 * HOUR)):
        hold = held(MEDIUM, ALERT, NIGHT, at.astimezone(zone), ())
        assert hold == (Hold(until, why) if until else None)
        assert held(HIGH, ALERT, NIGHT, at.astimezone(zone), ()) is None


def test_quiet_hours_within_a_day() -> None:
    noon = Alerting(
        quiet=QuietHours(from_=time(12), to=time(13, 30), passes=Priority.MEDIUM)
    )
    hold = held(LOW, NOTICE, noon, ist(15, 12, 15), ())
    assert hold is not None
    assert hold.until == ist(15, 13, 30)
    assert held(MEDIUM, NOTICE, noon, ist(15, 12, 15), ()) is None
    assert held(LOW, NOTICE, noon, ist(15, 13, 30), ()) is None


@pytest.fixture
def zone(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    clock_time.tzset()
    yield request.param
    monkeypatch.undo()
    clock_time.tzset()


@pytest.mark.parametrize(
    "zone", ["America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati"], indirect=True
)
def test_the_hosts_zone_changes_nothing(zone: str) -> None:
    """Its clock says another day there; what is due, and quiet, stays the same."""
    present = SystemClock().present()
    assert present.utcoffset() == timedelta(hours=5.5)
    assert abs(present - datetime.fromtimestamp(clock_time.time_ns() / 1e9, UTC)) < HOUR
    hold = held(MEDIUM, ALERT, NIGHT, ist(15, 23).astimezone(), ())
    assert hold is not None
    assert hold.until == ist(16, 7), zone
    capped = Alerting(per_day=1)
    assert held(HIGH, ALERT, capped, ist(16, 0).astimezone(), [ist(15, 23, 59)]) is None
    hold = held(HIGH, ALERT, capped, ist(15, 0, 1).astimezone(), [ist(15, 0)])
    assert hold is not None
    assert hold.until == ist(16, 0)


def test_caps_hold_the_loudest_too_and_no_notice() -> None:
    hourly = Alerting(per_hour=2)
    went = [ist(15, 10), ist(15, 10, 20), ist(15, 10, 40)]
    hold = held(HIGH, ALERT, hourly, ist(15, 10, 45), went)
    assert hold is not None
    assert (hold.until, hold.reason) == (
        ist(15, 11, 20),
        "2 an hour are the most; until 15 May 11:20 IST",
    )
    assert held(LOW, NOTICE, hourly, ist(15, 10, 45), went) is None
    assert held(HIGH, ALERT, hourly, ist(15, 11, 20), went) is None


def test_a_days_cap_ends_at_midnight_and_then_the_night_is_quiet() -> None:
    both = Alerting(per_day=2, quiet=NIGHT.quiet)
    went = [ist(15, 9), ist(15, 10)]
    loud = held(HIGH, ALERT, both, ist(15, 20), went)
    assert loud is not None
    assert loud.until == ist(16, 0)
    soft = held(MEDIUM, ALERT, both, ist(15, 20), went)
    assert soft is not None
    assert (soft.until, soft.reason) == (
        ist(16, 7),
        "2 a day are the most; until 16 May 07:00 IST",
    )


def test_moments_of_a_clock_that_was_ahead_hold_nothing() -> None:
    one = Alerting(per_hour=1, per_day=1)
    assert held(HIGH, ALERT, one, ist(15, 10), [ist(15, 10, 1), ist(30, 10)]) is None


@given(
    at=st.datetimes(datetime(2025, 5, 1), datetime(2025, 5, 3)),  # noqa: DTZ001 - given below
    minutes=st.lists(st.integers(-3000, 3000), max_size=12),
    per_hour=st.none() | st.integers(1, 3),
    per_day=st.none() | st.integers(1, 4),
    hours=st.none() | st.tuples(st.integers(0, 23), st.integers(0, 23)),
    priority=st.sampled_from(Priority),
)
def test_a_hold_ends_when_nothing_holds_any_more(
    at: datetime,
    minutes: list[int],
    per_hour: int | None,
    per_day: int | None,
    hours: tuple[int, int] | None,
    priority: Priority,
) -> None:
    now = at.replace(tzinfo=IST)
    quiet = (
        QuietHours(from_=time(hours[0]), to=time(hours[1]))
        if hours and hours[0] != hours[1]
        else None
    )
    said = Alerting(per_hour=per_hour, per_day=per_day, quiet=quiet)
    went = [now + timedelta(minutes=n) for n in minutes]
    hold = held(priority, ALERT, said, now, went)
    known = [moment for moment in went if moment <= now]
    if hold is None:
        today = [moment for moment in known if moment.date() == now.date()]
        assert per_day is None or len(today) < per_day
        assert per_hour is None or sum(now - one < HOUR for one in known) < per_hour
        return
    assert now < hold.until <= now + 2 * DAY
    assert held(priority, ALERT, said, hold.until, known) is None


def test_each_recipient_is_routed_by_what_they_want() -> None:
    people = (
        someone("all", least="low"),
        someone("some", notices=False),
        someone("few", least="high"),
    )
    operating = Operating(recipients=people)

    def told(priority: Priority, kind: ItemKind) -> dict[str, str | None]:
        routed = route(priority, kind, operating, NOW)
        return {one.recipient.name: one.reason for one in routed if one.due_at is None}

    assert told(HIGH, ALERT) == {}
    assert told(MEDIUM, ALERT) == {"few": "medium is below their least, high"}
    assert set(told(LOW, ALERT)) == {"some", "few"}
    assert told(LOW, NOTICE) == {"some": "wants no notices"}
    amended = route(LOW, ALERT, operating, NOW, regardless=True)
    assert [one.due_at for one in amended] == [NOW] * 3


def test_what_waits_says_why_and_what_is_not_meant_is_not_posted() -> None:
    me, few = someone("me"), someone("few", least="high")
    operating = Operating(recipients=(me, few), alerts=NIGHT)
    routed = route(MEDIUM, ALERT, operating, ist(15, 23))
    due_at = ist(16, 7)
    why = "quiet hours from 22:30 to 07:00 IST; until 16 May 07:00 IST"
    assert routed[0] == Routed(me, due_at, why)
    one = letter(priority=MEDIUM)
    (posted,) = postings(one.item, one.message, routed)
    assert (posted.recipient, posted.due_at, posted.reason) == ("me", due_at, why)
    assert (posted.channel, posted.priority) == ("telegram", MEDIUM)


def row(attempts: int, repeats: int = 0, since: datetime | None = NOW) -> Delivery:
    return Delivery(
        item="HCL",
        version=1,
        kind=ALERT,
        channel="telegram",
        recipient="me",
        priority=HIGH,
        state=DeliveryState.SENDING,
        attempts=attempts,
        repeats=repeats,
        made_at=NOW,
        due_at=NOW,
        failing_since=since,
    )


@given(attempts=st.integers(0, 10_000))
def test_waits_double_up_to_an_hour_and_are_the_same_each_time(attempts: int) -> None:
    wait = backoff.wait(row(attempts))
    whole = min(backoff.SHORTEST * 2 ** min(max(attempts - 1, 0), 20), backoff.LONGEST)
    assert whole / 2 <= wait <= whole <= HOUR
    assert wait == backoff.wait(row(attempts))


def test_waits_of_two_rows_differ() -> None:
    waits = {backoff.wait(row(n)) for n in range(8, 40)}
    assert len(waits) == 32


@pytest.mark.parametrize(
    ("seconds", "waits"),
    [(5, 5), (0, 1), (-3, 1), (86_400, 3600), (float("inf"), 3600), (float("nan"), 1)],
)
def test_the_other_side_is_obeyed_within_an_hour(seconds: float, waits: int) -> None:
    assert backoff.asked(seconds) == timedelta(seconds=waits)


def test_it_is_given_up_after_twenty_tries_and_three_days() -> None:
    assert not backoff.given_up(row(19), NOW + 30 * DAY)
    assert not backoff.given_up(row(500), NOW + 3 * DAY - HOUR)
    assert backoff.given_up(row(20), NOW + 3 * DAY)
    assert not backoff.given_up(row(20, since=None), NOW + 30 * DAY)
    assert backoff.repeated_enough(row(11, repeats=10))
    assert not backoff.repeated_enough(row(10, repeats=9))


def test_a_notice_is_posted_as_one() -> None:
    one = notice()
    routed = route(one.priority, NOTICE, Operating(recipients=(someone("me"),)), NOW)
    assert postings(one.item, one.message, routed) == (one,)
