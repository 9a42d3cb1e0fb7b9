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
from pipelines.daily import running
from pipelines.daily.liquidity import weight_of
from pipelines.daily.missed import not_done, worth_running
from pipelines.daily.running import Means, run_days
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


def made_up(today: date, means: Means) -> list[date]:
    """The days that are made up for on one."""
    return worth_running(not_done(today, means), today, means)


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


async def test_what_breaks_while_an_error_is_told_never_takes_its_place(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    def second(*_: object, **__: object) -> NoReturn:
        raise ValueError

    monkeypatch.setattr("pipelines.daily.day.weight_of", _breaks)
    monkeypatch.setattr("pipelines.daily.means.deliver", second)
    monkeypatch.setattr(DayBook, "end", second)
    with pytest.raises(StoreError, match="It broke") as raised:
        await run_days([DAY], days.means(), watch=False)

    assert raised.value.__notes__ == [
        "and it could not be noted: ValueError",
        "and nobody could be told: ValueError",
    ]
    assert len(notices(home)) == 1


async def test_of_a_day_of_long_ago_nobody_hears(home: Home, days: Days) -> None:
    home.session(DAY)
    for months in (12, 0):
        days.clock.moment = NEXT_MORNING + timedelta(days=31 * months)
        await run_days([DAY], days.means(), watch=False)
        assert bool(notices(home)) is not bool(months)


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


async def test_what_failed_is_tried_again_later_each_time(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    days.clock.moment = at("22:40:00")
    home.paper("a.pdf", at("22:00:00"), said())
    whole, tries = engine.research, list[datetime]()

    async def fails_twice(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        tries.append(days.clock.moment)
        if len(tries) <= 2:
            msg = "a value nobody foresaw"
            raise ValueError(msg)
        return await whole(*asked)

    monkeypatch.setattr(research, "research", fails_twice)

    (done,) = await run_days([DAY], days.means(), watch=True)

    assert tries == [at("22:40:00"), at("22:55:00"), at("23:25:00")]
    assert filings_of(done)[short("a.pdf")]["state"] == "alerted"
    assert done.state is DayState.DONE


async def test_trouble_of_the_machine_for_hours_costs_no_alert(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    days.clock.moment = at("16:00:30")
    home.paper("a.pdf", at("16:00:00"), said())
    whole = research.ask

    async def busy_until_six(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        if days.clock.moment < at("18:00:00"):
            sentence = "The database is being written by another process."
            raise StoreError(sentence)
        return await whole(*asked)

    monkeypatch.setattr(research, "ask", busy_until_six)

    (done,) = await run_days([DAY], days.means(), watch=True)

    assert done.state is DayState.DONE
    (filing,) = home.rows("day_filings")
    assert (filing["state"], filing["attempts"]) == ("alerted", 1)
    assert filing["decided_at"] == at("18:00:30")
    (letter,) = home.rows("outbox")
    assert letter["kind"] == "alert"


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


def test_the_first_day_of_all_makes_up_for_nothing(days: Days) -> None:
    assert made_up(DAY, days.means()) == []


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

    done = await run_days([today], days.means(), watch=False, catch_up=True)

    told = {one.document["date"]: list(filings_of(one)) for one in done}
    # Today came first, and decided what is late.
    assert told == {
        "2025-08-13": [old],
        "2025-08-14": [],
        "2025-08-16": [late],
        "2025-08-18": [old, late],
    }
    assert [one.state for one in done] == [*[DayState.DONE] * 3, DayState.PARTIAL]
    found = {one["id"]: one["day"] for one in home.rows("day_filings")}
    assert found == {old: date(2025, 8, 13), late: SATURDAY}
    assert notices(home) == ["missed-2025-08-13-2025-08-14", "empty-2025-08-14"]


async def test_what_is_public_today_never_waits_behind_days_that_are_made_up_for(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    today = DAY + timedelta(days=9)
    days.clock.moment = at("20:30:00", today)
    daily = LOUD.daily.model_copy(update={"poll_minutes": 60})
    days.operating = LOUD.model_copy(update={"daily": daily})
    ended(home, DAY - timedelta(days=1))
    home.session(DAY, DAY + timedelta(days=1))
    home.paper("old.pdf", at("16:00:00"), said(), symbol="OLD")
    home.paper("new.pdf", at("20:00:00", today), said(), symbol="NEW")
    begun, asked = list[tuple[date, int]](), list[tuple[date, bool]]()
    run_day = running._run_day

    async def noted(on: date, *rest: Any) -> Any:  # noqa: ANN401 - as it comes
        letters = [one["item"] for one in home.rows("outbox")]
        begun.append((on, len([item for item in letters if "NEW" in item])))
        return await run_day(on, *rest)

    async def collect(*what: Any, whole: bool) -> dict[str, str]:  # noqa: ANN401 - as it comes
        asked.append((what[2], whole))
        return {"all": "fine"}

    monkeypatch.setattr(running, "_run_day", noted)
    monkeypatch.setattr("pipelines.daily.day.collect", collect)
    sources: Any = object()
    means = days.means(world=_asking(days.means(), sources))

    done = await run_days([today], means, watch=True, catch_up=True)

    assert begun == [(today, 0), (DAY, 1), (DAY + timedelta(days=1), 1)]
    assert [one.document["date"] for one in done] == [
        "2025-08-12",
        "2025-08-13",
        "2025-08-21",
    ]
    assert {one.state for one in done} == {DayState.DONE}
    late = today - timedelta(days=5)
    assert asked == [
        (DAY, True),  # all that is missing, once
        (DAY, True),
        (late, False),
        (DAY + timedelta(days=1), True),
        (late, False),
        *[(late, False)] * 4,
        (late, True),
    ]


async def test_documents_are_read_before_days_are_made_up_for(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    ended(home, MONDAY)
    home.session(DAY)
    today = DAY + timedelta(days=1)
    days.clock.moment = at("23:00:00", today)
    order, left = list[str](), list(range(5))

    def slow(*_: object) -> int:
        order.append("read")
        left.pop()
        days.clock.moment += timedelta(minutes=2)
        return 1

    def worth(*asked: Any) -> list[date]:  # noqa: ANN401 - as it comes
        order.append("made up")
        return worth_running(*asked)

    monkeypatch.setattr(running, "worth_running", worth)
    monkeypatch.setattr("pipelines.daily.day.queue", lambda *_: list(left))
    monkeypatch.setattr("pipelines.daily.day.chunks", lambda some: [[n] for n in some])
    monkeypatch.setattr("pipelines.daily.day.read_some", slow)

    await run_days([today], days.means(), watch=True, catch_up=True)

    assert order == [*["read"] * 5, "made up"]


def test_only_what_did_not_end_well_is_made_up_for(home: Home, days: Days) -> None:
    days.clock.moment = at("09:00:00", date(2025, 8, 15))
    ended(home, MONDAY, date(2025, 8, 14))
    ended(home, DAY, state=DayState.PARTIAL)
    ended(home, date(2025, 8, 13), state=DayState.FAILED)
    home.session(MONDAY, DAY, date(2025, 8, 13), date(2025, 8, 14))

    worth = made_up(date(2025, 8, 15), days.means())

    assert worth == [DAY, date(2025, 8, 13)]
    assert notices(home) == []


def partial(home: Home, day: date, reason: str = "", **sources: str) -> None:
    """Note a day that is over and not done."""
    over = at("00:00:10", day + timedelta(days=1))
    told = sources or {"all": "fine"}
    record = DayRecord(
        day, DayState.PARTIAL, f"run-{day}", at("08:45:00", day), over, reason, told
    )
    DayBook(home.database).end(record)


def failed(home: Home, day: date, attempts: int) -> None:
    """Note a filing that failed on the evening of its day."""
    row = dict.fromkeys(one.name for one in t.day_filings.c)
    about = {"id": "x", "symbol": "", "version": 1, "day": day, "state": "failed"}
    home.put(
        "day_filings",
        {**row, **about, "attempts": attempts, "decided_at": at("23:00:00", day)},
    )


@pytest.mark.parametrize(
    ("after", "attempts", "again"),
    [(3, 6, True), (4, 6, False), (4, 5, True), (4, 0, True)],
)
def test_a_day_that_ended_in_part_is_let_be_after_some_mornings(
    home: Home, days: Days, after: int, attempts: int, *, again: bool
) -> None:
    home.session(DAY)
    partial(home, DAY, news="blocked: It refuses us.")
    failed(home, DAY, attempts)
    today = DAY + timedelta(days=after)
    days.clock.moment = at("08:45:00", today)

    assert (DAY in made_up(today, days.means())) is again


def test_sources_that_refuse_for_a_month_are_no_month_to_make_up_for(
    home: Home, days: Days
) -> None:
    today = date(2025, 9, 12)
    days.clock.moment = at("08:45:00", today)
    before = [today - timedelta(days=n) for n in range(30, 0, -1)]
    home.session(*before)
    for day in before:
        partial(home, day, news="blocked: It refuses us.")

    assert made_up(today, days.means()) == before[-3:]


def test_a_filing_that_came_late_and_failed_is_tried_on_its_own_day(
    home: Home, days: Days
) -> None:
    """However that day ended, and though nothing ran on it."""
    home.session(DAY, DAY - timedelta(days=1))
    ended(home, DAY)
    failed(home, DAY - timedelta(days=1), 3)
    today = DAY + timedelta(days=1)
    days.clock.moment = at("08:45:00", today)

    assert made_up(today, days.means()) == [DAY - timedelta(days=1)]
    assert notices(home) == []


async def test_tries_that_were_used_up_on_a_day_are_not_the_last(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    home.session(DAY)
    broken = True
    whole, tries = engine.research, list[datetime]()

    async def fails(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        tries.append(days.clock.moment)
        if broken:
            msg = "a value nobody foresaw"
            raise ValueError(msg)
        return await whole(*asked)

    monkeypatch.setattr(research, "research", fails)
    days.clock.moment = at("20:00:00")
    (first,) = await run_days([DAY], days.means(), watch=True)
    assert len(tries) == 3
    assert (first.state, first.reason) == (DayState.PARTIAL, "1 filing failed")

    for after in (1, 2, 3, 4):
        today = DAY + timedelta(days=after)
        for clock in ("08:45:00", "08:50:00", "08:55:00"):
            days.clock.moment = at(clock, today)
            done = await run_days([today], days.means(), watch=False, catch_up=True)
            told = next((one for one in done if one.document["date"] == str(DAY)), None)
            if told is not None:
                assert (told.state, told.reason) == (first.state, first.reason)
                assert "ValueError" in filings_of(told)[short("a.pdf")]["reason"]
    mornings = [at("08:45:00", DAY + timedelta(days=after)) for after in (1, 2, 3)]
    assert tries[3:] == mornings
    assert notices(home).count(f"failed-{DAY}") == 1

    broken = False
    (asked,) = await run_days([DAY], days.means(), watch=False)
    assert filings_of(asked)[short("a.pdf")]["state"] == "alerted"
    assert (asked.state, len(home.rows("alerts"))) == (DayState.DONE, 1)


async def test_a_day_that_breaks_keeps_today_from_nothing(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    ended(home, MONDAY)
    today = DAY + timedelta(days=1)
    home.session(DAY, today)
    home.paper("a.pdf", at("07:00:00", today), said())
    whole = weight_of

    def breaks_on_one(database: Any, watched: Any, day: date) -> Any:  # noqa: ANN401 - as it comes
        return _breaks() if day == DAY else whole(database, watched, day)

    monkeypatch.setattr("pipelines.daily.day.weight_of", breaks_on_one)
    days.clock.moment = at("21:00:00", today)

    with pytest.raises(StoreError, match="It broke"):
        await run_days([today], days.means(), watch=True, catch_up=True)

    states = {day: one.state for day, one in records(home).items() if day >= DAY}
    assert states == {DAY: DayState.FAILED, today: DayState.DONE}
    assert days.states([today]) == {short("a.pdf"): "alerted"}
    assert len([one for one in notices(home) if one.startswith("crashed-")]) == 1
    assert [one.document["date"] for one in days.saved] == [str(today)]


def test_no_more_than_a_month_is_made_up_for(home: Home, days: Days) -> None:
    today = date(2025, 12, 1)
    days.clock.moment = at("09:00:00", today)
    ended(home, date(2025, 1, 1))
    sessions = [date(2025, 1, 1) + timedelta(days=n) for n in range(334)]
    home.session(*sessions)

    worth = made_up(today, days.means())

    assert worth == [today - timedelta(days=n) for n in range(30, 0, -1)]
    (told,) = [one["body"] for one in home.rows("outbox")]
    assert "Nothing ran on 30 days" in told


async def test_dry_days_tell_nobody_what_was_missed(home: Home, days: Days) -> None:
    days.dry = True
    days.clock.moment = at("09:00:00", date(2025, 8, 15))
    ended(home, MONDAY)
    home.session(DAY, date(2025, 8, 13))
    paper_of(home, DAY, "ABC")
    today = date(2025, 8, 15)

    done = await run_days([today], days.means(), watch=False, catch_up=True)

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

    assert made_up(DAY + timedelta(days=1), days.means()) == [DAY]


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
