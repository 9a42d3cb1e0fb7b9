"""Days one after the other: watched, made up for, broken off, and told of."""

import asyncio
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

import pytest

from dexter.domain.daily import DayRecord, DayState
from dexter.domain.run import RunStatus
from dexter.errors import StoreError
from dexter.journal import Journal, verify
from dexter.orchestrator import research as engine
from dexter.store import tables as t
from dexter.store.days import DayBook
from pipelines import research
from pipelines.daily import missed, running
from pipelines.daily.running import Means, made_up, run_days
from pipelines.daily.unit import absence_id
from tests.pipelines.daily.day_scenes import (
    DAY,
    LOUD,
    NEXT_MORNING,
    Days,
    Home,
    at,
    filings_of,
    said,
    short,
)

# 11 to 15 August 2025 are a Monday to a Friday; the 15th is Independence Day.
MONDAY, SATURDAY = date(2025, 8, 11), date(2025, 8, 16)
Patch = pytest.MonkeyPatch


def paper_of(home: Home, day: date, symbol: str) -> str:
    """A letter that is no results, so that nothing is researched; its id."""
    name = f"{symbol}-{day}.pdf"
    home.paper(
        name, at("16:00:00", day), symbol=symbol, kind="newspaper", status="rejected"
    )
    return short(name)


def records(home: Home) -> dict[date, DayRecord]:
    return {one.day: one for one in DayBook(home.database).records()}


def notices(home: Home) -> list[str]:
    return [one["item"] for one in home.rows("outbox") if one["kind"] == "notice"]


def ended(home: Home, *days: date, state: DayState = DayState.DONE) -> None:
    """Note days as run before."""
    for day in days:
        record = DayRecord(day, state, f"run-{day}", at("08:00:00", day))
        DayBook(home.database).end(record)


# --- one day ----------------------------------------------------------------------


async def test_a_day_that_is_over_is_done(home: Home, days: Days) -> None:
    paper_of(home, DAY, "ABC")

    (done,) = await run_days([DAY], days.means(), watch=False)

    record = records(home)[DAY]
    assert (done.state, record.state, record.reason) == (
        DayState.DONE,
        DayState.DONE,
        None,
    )
    assert record.run_id == done.document["run_id"]
    assert record.ended_at == NEXT_MORNING
    assert days.saved == [done]


async def test_its_run_is_recorded_and_verified(home: Home, days: Days) -> None:
    filing = paper_of(home, DAY, "ABC")
    (done,) = await run_days([DAY], days.means(), watch=False)
    run_id = done.document["run_id"]

    record: Any = Journal.replay(days.desk.journals, run_id)

    assert (record.header["kind"], record.header["day"]) == ("daily", "2025-08-12")
    assert [one["filing"]["id"] for one in record.recorded("filing")] == [filing]
    assert records(home)[DAY].body == record.recorded("day")[0]["document"]
    assert verify(days.desk.journals, run_id, days.desk.kept_head(run_id)).ok


async def test_a_day_that_is_not_over_is_partial(home: Home, days: Days) -> None:
    days.clock.moment = at("18:00:00")
    paper_of(home, DAY, "ABC")

    (done,) = await run_days([DAY], days.means(), watch=False)

    assert (done.state, done.reason) == (DayState.PARTIAL, "the day is not over")
    assert notices(home) == []


async def test_an_empty_session_is_a_notice(home: Home, days: Days) -> None:
    await run_days([DAY], days.means(), watch=False)
    assert notices(home) == []  # nobody knows of a session

    home.session(DAY)
    for _ in range(2):
        await run_days([DAY], days.means(), watch=False)
    assert notices(home) == ["empty-2025-08-12"]


async def test_a_day_that_breaks_is_told_once_for_each_reason(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    breaks = ["It broke.", "It broke.", "It broke otherwise."]

    def broken(*_: object) -> NoReturn:
        raise StoreError(breaks.pop(0))

    monkeypatch.setattr("pipelines.daily.day.weight_of", broken)
    for _ in range(2):
        with pytest.raises(StoreError):
            await run_days([DAY], days.means(), watch=False)
    with pytest.raises(StoreError) as raised:
        await run_days([DAY], days.means(), watch=False)

    record = records(home)[DAY]
    assert (record.state, record.reason) == (DayState.FAILED, "It broke otherwise.")
    assert raised.value.run_id == record.run_id
    assert len(notices(home)) == 2
    runs = {one.run_id: one.status for one in days.desk.journals.runs()}
    assert runs[record.run_id] is RunStatus.INTERRUPTED


async def test_a_dry_day_that_breaks_leaves_nothing(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    days.dry = True
    monkeypatch.setattr("pipelines.daily.day.weight_of", _breaks)
    with pytest.raises(StoreError):
        await run_days([DAY], days.means(), watch=False)

    assert home.rows("days") == home.rows("outbox") == []


def _breaks(*_: object) -> NoReturn:
    sentence = "It broke."
    raise StoreError(sentence)


async def test_a_day_that_ended_well_once_keeps_its_report_when_it_breaks(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    paper_of(home, DAY, "ABC")
    await run_days([DAY], days.means(), watch=False)
    body = records(home)[DAY].body
    monkeypatch.setattr("pipelines.daily.day.weight_of", _breaks)
    with pytest.raises(StoreError):
        await run_days([DAY], days.means(), watch=False)

    record = records(home)[DAY]
    assert (record.state, record.body) == (DayState.FAILED, body)


async def test_an_interrupt_leaves_the_day_open(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.daily.day.weight_of", interrupt)
    with pytest.raises(KeyboardInterrupt):
        await run_days([DAY], days.means(), watch=False)

    assert records(home)[DAY].state is DayState.OPEN
    assert notices(home) == []


# --- watched ----------------------------------------------------------------------


async def test_a_watched_day_goes_on_until_midnight(home: Home, days: Days) -> None:
    daily = LOUD.daily.model_copy(update={"poll_minutes": 60})
    days.operating = LOUD.model_copy(update={"daily": daily})
    days.clock.moment = at("20:30:00")
    arrives = {
        "21:45:00": lambda: home.paper("a.pdf", at("21:40:00"), said()),
        "23:59:30": lambda: home.paper("b.pdf", at("23:59:00"), said(), symbol="XYZ"),
        # Tomorrow's is tomorrow's.
        "23:59:59": lambda: paper_of(home, DAY + timedelta(days=1), "NEXT"),
    }
    days.clock.happens = [(at(clock), do) for clock, do in arrives.items()]

    (done,) = await run_days([DAY], days.means(), watch=True)

    assert days.clock.slept == [3600.0, 3600.0, 3600.0, 1800.0]
    assert days.clock.moment == at("00:00:00", DAY + timedelta(days=1))
    assert {key: one["state"] for key, one in filings_of(done).items()} == {
        short("a.pdf"): "alerted",
        short("b.pdf"): "alerted",
    }
    made = {one["item"]: one["made_at"] for one in home.rows("outbox")}
    assert made["ABC-2025-06-30-standalone"] == at("22:30:00")
    assert records(home)[DAY].state is DayState.DONE


async def test_what_failed_is_tried_again_at_the_next_look(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    days.clock.moment = at("23:40:00")
    home.paper("a.pdf", at("23:00:00"), said())
    whole, tries = engine.research, list[datetime]()

    async def fails_twice(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        tries.append(days.clock.moment)
        if len(tries) <= 2:
            _breaks()
        return await whole(*asked)

    monkeypatch.setattr(research, "research", fails_twice)

    (done,) = await run_days([DAY], days.means(), watch=True)

    assert tries == [at("23:40:00"), at("23:45:00"), at("23:50:00")]
    assert filings_of(done)[short("a.pdf")]["state"] == "alerted"
    assert done.state is DayState.DONE


async def test_a_document_that_comes_while_watched_takes_its_absence_away(
    home: Home, days: Days
) -> None:
    url = "https://a.example/results.pdf"
    days.clock.moment = at("23:50:00")
    home.want(url, at("23:00:00"))
    absent = absence_id("ABC", url)
    seen: list[dict[str, str]] = []

    def arrives() -> None:
        seen.append(days.states())
        paper_of(home, DAY, "ABC")
        (kept,) = home.rows("filings")
        home.want(url, at("23:00:00"), state="kept", sha256=kept["sha256"])

    days.clock.happens = [(at("23:55:00"), arrives)]

    await run_days([DAY], days.means(), watch=True)

    assert seen == [{absent: "no_document"}]
    assert days.states() == {short(f"ABC-{DAY}.pdf"): "not_results"}


async def test_trouble_that_is_over_is_no_trouble(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    days.clock.moment = at("23:50:00")
    told = [
        {"announcements": "blocked: It refuses us."},
        {"all": "fine"},
        {"all": "fine"},
        {"all": "fine"},
    ]
    asked: list[bool] = []

    async def collect(*_: object, whole: bool) -> dict[str, str]:
        asked.append(whole)
        return told.pop(0)

    monkeypatch.setattr("pipelines.daily.day.collect", collect)
    sources: Any = object()
    means = days.means()
    means = days.means(world=_asking(means, sources))

    (done,) = await run_days([DAY], means, watch=True)

    assert asked == [True, False, False, True]
    assert (done.state, done.document["sources"]) == (DayState.DONE, {"all": "fine"})
    assert notices(home) == []


def _asking(means: Means, sources: Any) -> Any:  # noqa: ANN401 - a world
    from dataclasses import replace  # noqa: PLC0415 - here alone

    return replace(means.world, sources=sources)


# --- made up for ------------------------------------------------------------------


async def test_the_first_day_of_all_makes_up_for_nothing(days: Days) -> None:
    assert await made_up(DAY, days.means()) == [DAY]


async def test_missed_days_are_made_up_for_in_their_order(
    home: Home, days: Days
) -> None:
    """Five days were missed: sessions, a holiday, a Saturday with filings, a Sunday."""
    today = date(2025, 8, 18)
    days.clock.moment = at("09:00:00", today)
    ended(home, date(2025, 8, 8), MONDAY, DAY)
    home.session(MONDAY, DAY, date(2025, 8, 13), date(2025, 8, 14), today)
    late = paper_of(home, SATURDAY, "SAT")
    old = paper_of(home, date(2025, 8, 13), "WED")

    worth = await made_up(today, days.means())

    assert worth == [date(2025, 8, 13), date(2025, 8, 14), SATURDAY, today]
    assert notices(home) == ["missed-2025-08-13-2025-08-14"]
    done = await run_days(worth, days.means(), watch=False)
    assert [one.state for one in done] == [*[DayState.DONE] * 3, DayState.PARTIAL]
    found = {one["id"]: one["day"] for one in home.rows("day_filings")}
    assert found == {old: date(2025, 8, 13), late: SATURDAY}
    # Each is told by its own day, and by no other.
    assert [list(filings_of(one)) for one in done] == [[old], [], [late], []]
    assert "empty-2025-08-14" in notices(home)


async def test_only_what_did_not_end_well_is_made_up_for(
    home: Home, days: Days
) -> None:
    days.clock.moment = at("09:00:00", date(2025, 8, 15))
    ended(home, MONDAY, date(2025, 8, 14))
    ended(home, DAY, state=DayState.PARTIAL)
    ended(home, date(2025, 8, 13), state=DayState.FAILED)
    home.session(MONDAY, DAY, date(2025, 8, 13), date(2025, 8, 14))

    worth = await made_up(date(2025, 8, 15), days.means())

    assert worth == [DAY, date(2025, 8, 13), date(2025, 8, 15)]
    assert notices(home) == []


@pytest.mark.parametrize(
    ("attempts", "sources", "again"),
    [
        (3, {"all": "fine"}, False),
        (2, {"all": "fine"}, True),
        (3, {"results": "blocked: no"}, True),
    ],
)
async def test_a_day_with_nothing_open_but_what_was_given_up_is_let_be(
    home: Home, days: Days, attempts: int, sources: dict[str, str], *, again: bool
) -> None:
    home.session(DAY)
    record = DayRecord(
        DAY, DayState.PARTIAL, "run", at("08:00:00"), NEXT_MORNING, "", sources
    )
    DayBook(home.database).end(record)
    failed = {"state": "failed", "attempts": attempts, "decided_at": NEXT_MORNING}
    row = dict.fromkeys(one.name for one in t.day_filings.c) | {"id": "x", "symbol": ""}
    home.put("day_filings", row | {"version": 1, "day": DAY} | failed)

    worth = await made_up(DAY + timedelta(days=1), days.means())

    assert (DAY in worth) is again


async def test_days_that_cannot_be_collected_are_told_of(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    async def breaks(*_: object, whole: bool) -> NoReturn:
        assert whole
        _breaks()

    ended(home, MONDAY)
    monkeypatch.setattr(missed, "collect", breaks)
    sources: Any = object()
    means = days.means(world=_asking(days.means(), sources))
    for _ in range(2):
        with pytest.raises(StoreError):
            await made_up(DAY + timedelta(days=1), means)

    (told,) = notices(home)
    assert told.startswith("crashed-2025-08-13-")


async def test_no_more_than_a_month_is_made_up_for(home: Home, days: Days) -> None:
    today = date(2025, 12, 1)
    days.clock.moment = at("09:00:00", today)
    ended(home, date(2025, 1, 1))
    sessions = [date(2025, 1, 1) + timedelta(days=n) for n in range(334)]
    home.session(*sessions)

    worth = await made_up(today, days.means())

    assert worth == [today - timedelta(days=n) for n in range(30, -1, -1)]
    (told,) = [one["body"] for one in home.rows("outbox")]
    assert "Nothing ran on 30 days" in told


async def test_dry_days_tell_nobody_what_was_missed(home: Home, days: Days) -> None:
    days.dry = True
    days.clock.moment = at("09:00:00", date(2025, 8, 15))
    ended(home, MONDAY)
    home.session(DAY, date(2025, 8, 13))
    paper_of(home, DAY, "ABC")

    worth = await made_up(date(2025, 8, 15), days.means())
    done = await run_days(worth, days.means(), watch=False)

    assert home.rows("outbox") == []
    assert [len(one.document["filings"]) for one in done] == [1, 0, 0]


async def test_a_later_day_goes_on_when_an_earlier_one_breaks_next_time(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    ended(home, MONDAY)
    home.session(DAY)
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.daily.day.weight_of", _breaks)
        with pytest.raises(StoreError):
            await run_days([DAY, DAY + timedelta(days=1)], days.means(), watch=False)

    assert await made_up(DAY + timedelta(days=1), days.means()) == [
        DAY,
        DAY + timedelta(days=1),
    ]


# --- the week, and the clock ------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(2025, 8, 14), []), (date(2025, 8, 15), ["week-2025-W33"])],
)
async def test_once_a_week_what_alerts_came_to_is_told(
    home: Home, days: Days, monkeypatch: Patch, day: date, told: list[str]
) -> None:
    monkeypatch.setattr(running, "lines_of", lambda *_: ("3 sessions: 1 alert",))
    days.clock.moment = at("09:00:00", day + timedelta(days=1))
    home.paper("a.pdf", at("16:00:00", day), said())

    for _ in range(2):
        await run_days([day], days.means(), watch=False)

    assert notices(home) == told


async def test_without_an_alert_there_is_nothing_to_tell_of_a_week(
    home: Home, days: Days
) -> None:
    day = date(2025, 8, 15)
    days.clock.moment = at("09:00:00", SATURDAY)
    await run_days([day], days.means(), watch=False)

    assert notices(home) == []


@pytest.fixture
def new_york(monkeypatch: Patch) -> Iterator[None]:
    """A host in another zone, where the day is another for most of it."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
async def test_days_are_indian_wherever_the_host_is(home: Home, days: Days) -> None:
    home.paper("a.pdf", at("23:59:59"), said())
    home.paper("b.pdf", at("00:00:00", DAY + timedelta(days=1)), said(), symbol="XYZ")
    days.clock.moment = at("23:59:59").astimezone()
    assert isinstance(days.clock.moment, datetime)

    (done,) = await run_days([DAY], days.means(), watch=False)
    assert done.reason == "the day is not over"
    assert list(filings_of(done)) == [short("a.pdf")]
    assert filings_of(done)[short("a.pdf")]["published_at"].endswith("23:59:59+05:30")

    days.clock.moment = at("00:00:00", DAY + timedelta(days=1)).astimezone()
    (done,) = await run_days([DAY], days.means(), watch=False)
    assert done.state is DayState.DONE
    assert days.states([DAY + timedelta(days=1)]) == {}


def test_asyncio_is_what_sleeps() -> None:
    assert Means.__dataclass_fields__["sleep"].default is asyncio.sleep
