"""What goes wrong with a filing: tried again, given up, and never made twice."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from dexter.domain.daily import DayState, FilingState
from dexter.domain.research import ReportStatus, TaskStatus
from dexter.domain.run import RunStatus
from dexter.errors import (
    BudgetError,
    DexterError,
    DiskFullError,
    HomeUnwritableError,
    ModelUnreachableError,
    PlanError,
    StoreError,
)
from dexter.orchestrator import research as engine
from dexter.store.days import DayBook
from dexter.store.filings import StoreFilings
from pipelines import research
from pipelines.daily.keeping import Keeper
from pipelines.daily.running import run_days
from tests.pipelines.daily.day_scenes import DAY, LOUD, Days, Home, at, said, short

RUN = f"20250812-ABC-{short('a.pdf')}"
Patch = pytest.MonkeyPatch
Breaks = Callable[..., NoReturn]


def breaking(error: BaseException) -> Breaks:
    """Something that does nothing but fail."""

    async def breaks(*_: object, **__: object) -> NoReturn:
        raise error

    return breaks  # type: ignore[return-value]  # its coroutine never returns


def gone() -> DiskFullError:
    return DiskFullError(Path("journal.db"), "no space left")


async def run(days: Days) -> dict[str, Any]:
    """Run the day; its filings by document."""
    (done,) = await run_days([DAY], days.means(), watch=False)
    return {one["symbol"]: one for one in done.document["filings"]}


@pytest.fixture
def two(home: Home) -> Home:
    """A home where two companies report."""
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("x.pdf", at("17:00:00"), said(), symbol="XYZ")
    return home


async def test_a_filing_is_tried_so_often_and_given_up(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    days.clock.moment = at("16:30:00")
    with monkeypatch.context() as patch:
        patch.setattr(research, "research", breaking(PlanError(["It broke"])))
        for minutes, attempt in ((0, 1), (14, 1), (1, 2), (29, 2), (1, 3), (120, 3)):
            days.clock.moment += timedelta(minutes=minutes)
            filing = (await run(days))["ABC"]
            assert filing["state"] == "failed"
            assert filing["reason"] == "No usable plan came back: It broke."
            assert filing["run_id"] == (RUN if attempt == 1 else f"{RUN}-{attempt}")

    assert (await run(days))["ABC"]["state"] == "failed"
    (kept,) = home.rows("day_filings")
    assert kept["attempts"] == 3
    runs = {one.run_id: one.status for one in days.desk.journals.runs()}
    assert {runs[name] for name in (RUN, f"{RUN}-2", f"{RUN}-3")} == {RunStatus.FAILED}


async def test_whoever_asks_for_a_day_has_its_failed_filings_tried_at_once(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    with monkeypatch.context() as patch:
        patch.setattr(research, "research", breaking(PlanError(["It broke"])))
        for _ in range(5):
            await run(days)
    assert home.rows("day_filings")[0]["attempts"] == 5

    assert (await run(days))["ABC"]["state"] == "alerted"


@pytest.mark.parametrize(
    "error",
    [
        StoreError("It is being written by another process."),
        HomeUnwritableError(Path("home"), "read-only"),
        ModelUnreachableError("Nobody answers."),
        BudgetError("day's", "$1.00", "$0.02"),
    ],
)
async def test_what_says_nothing_of_a_filing_is_no_try_of_it(
    home: Home, days: Days, monkeypatch: Patch, error: DexterError
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    with monkeypatch.context() as patch:
        patch.setattr(research, "research", breaking(error))
        for number in (1, 2):
            filing = (await run(days))["ABC"]
            assert (filing["state"], filing["reason"]) == ("failed", error.sentence)
            assert filing["run_id"] == (RUN if number == 1 else f"{RUN}-2")
    assert home.rows("day_filings")[0]["attempts"] == 0

    filing = (await run(days))["ABC"]

    assert (filing["state"], filing["run_id"]) == ("alerted", f"{RUN}-3")
    assert home.rows("day_filings")[0]["attempts"] == 1


async def test_a_report_that_could_not_be_noted_is_taken_from_its_record(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    """The database is busy at the end of the run: its work is not done again."""
    home.paper("a.pdf", at("16:00:00"), said())
    with monkeypatch.context() as patch:
        patch.setattr(days.desk, "keep_head", _refuses)
        with pytest.raises(StoreError):
            await run(days)
    assert home.rows("day_filings")[0]["state"] == "failed"
    monkeypatch.setattr(research, "research", breaking(AssertionError("made again")))

    filing = (await run(days))["ABC"]

    assert (filing["state"], filing["run_id"]) == ("alerted", RUN)


@pytest.mark.parametrize("clock", ["16:45:00", "16:15:00"])
async def test_a_clock_that_was_ahead_keeps_no_filing_waiting(
    home: Home, days: Days, monkeypatch: Patch, clock: str
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    days.clock.moment = at("16:30:00")
    with monkeypatch.context() as patch:
        patch.setattr(research, "research", breaking(PlanError(["It broke"])))
        await run(days)
    days.clock.moment = at(clock)

    assert (await run(days))["ABC"]["state"] == "alerted"


async def test_what_is_tried_again_may_come_out(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    with monkeypatch.context() as patch:
        patch.setattr(research, "research", breaking(PlanError(["It broke"])))
        await run(days)

    filing = (await run(days))["ABC"]

    assert (filing["state"], filing["run_id"]) == ("alerted", f"{RUN}-2")
    assert home.rows("day_filings")[0]["attempts"] == 2


async def test_one_filing_never_sinks_the_others(
    two: Home, days: Days, monkeypatch: Patch
) -> None:
    whole = engine.research

    async def fails_for_abc(question: Any, run: Any) -> Any:  # noqa: ANN401 - as it comes
        if "ABC" in question.text:
            msg = "a value nobody foresaw"
            raise ValueError(msg)
        return await whole(question, run)

    monkeypatch.setattr(research, "research", fails_for_abc)

    filings = await run(days)

    assert {key: one["state"] for key, one in filings.items()} == {
        "ABC": "failed",
        "XYZ": "alerted",
    }
    assert "ValueError" in filings["ABC"]["reason"]
    letters = [one["item"] for one in two.rows("outbox")]
    assert letters == ["XYZ-2025-06-30-standalone", "failed-2025-08-12"]
    record = DayBook(two.database).record(DAY)
    assert record is not None
    assert (record.state, record.reason) == (DayState.PARTIAL, "1 filing failed")


async def test_a_run_that_never_began_is_not_named(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    down = ModelUnreachableError("Nobody answers.")
    monkeypatch.setattr(research, "ask", breaking(down))

    assert (await run(days))["ABC"]["run_id"] is None


@pytest.mark.parametrize("task", ["blockbuster", "prediction", "alert"])
async def test_without_a_task_that_decides_nothing_is_decided(
    home: Home, days: Days, monkeypatch: Patch, task: str
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    whole = engine.research

    async def one_task_fails(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        report = await whole(*asked)
        tasks = tuple(
            replace(one, status=TaskStatus.FAILED, reason="no bars")
            if one.id == task
            else one
            for one in report.plan.tasks
        )
        return replace(report, plan=replace(report.plan, tasks=tasks))

    monkeypatch.setattr(research, "research", one_task_fails)

    filing = (await run(days))["ABC"]

    assert (filing["state"], filing["reason"]) == ("failed", f"{task}: no bars")
    assert home.rows("alerts") == []


async def test_a_tool_that_breaks_fails_the_filing(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    broken = breaking(StoreError("Peers cannot be read."))
    monkeypatch.setattr(StoreFilings, "season", broken)

    filing = (await run(days))["ABC"]

    assert filing["state"] == "failed"
    assert filing["reason"].startswith("blockbuster: Peers cannot be read.")


async def test_a_run_that_ended_uncommitted_is_not_made_again(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "__call__", _refuses)
        with pytest.raises(StoreError, match="Nothing can be kept"):
            await run(days)
    assert home.rows("day_filings") == home.rows("alerts") == []
    events = len(days.desk.journals.read(RUN))
    monkeypatch.setattr(research, "research", breaking(AssertionError("made again")))

    filing = (await run(days))["ABC"]

    assert (filing["state"], filing["run_id"]) == ("alerted", RUN)
    assert len(days.desk.journals.read(RUN)) == events
    assert len(home.rows("alerts")) == 1


def _refuses(*_: object) -> NoReturn:
    sentence = "Nothing can be kept."
    raise StoreError(sentence)


async def test_a_run_that_was_cut_is_gone_on_with(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    reached, whole = asyncio.Event(), StoreFilings.season

    async def long(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        if not reached.is_set():
            reached.set()
            await asyncio.Event().wait()
        return await whole(*asked)

    monkeypatch.setattr(StoreFilings, "season", long)
    task = asyncio.ensure_future(run(days))
    await asyncio.wait_for(reached.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    record = DayBook(home.database).record(DAY)
    assert record is not None
    assert (record.state, record.ended_at) == (DayState.OPEN, None)

    filing = (await run(days))["ABC"]

    assert (filing["state"], filing["run_id"]) == ("alerted", RUN)
    assert home.rows("day_filings")[0]["attempts"] == 1


async def test_a_run_that_failed_uncommitted_is_not_gone_on_with(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    with monkeypatch.context() as patch:
        patch.setattr(research, "research", breaking(StoreError("It broke.")))
        patch.setattr(Keeper, "__call__", _refuses)
        with pytest.raises(StoreError, match="Nothing can be kept"):
            await run(days)

    filing = (await run(days))["ABC"]

    assert (filing["state"], filing["run_id"]) == ("alerted", f"{RUN}-2")


@pytest.mark.usefixtures("two")
async def test_a_damaged_record_fails_its_filing_alone(
    days: Days, monkeypatch: Patch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Keeper, "__call__", _refuses)
        with pytest.raises(StoreError):
            await run(days)
    with sqlite3.connect(days.folder / "journal.db") as journal:
        journal.execute("DELETE FROM events WHERE run_id = ? AND seq = 5", (RUN,))
    journal.close()

    filings = await run(days)

    assert filings["ABC"]["state"] == "failed"
    assert filings["XYZ"]["state"] == "alerted", filings["XYZ"]["reason"]
    assert (await run(days))["ABC"]["run_id"] == f"{RUN}-2"


async def test_a_full_disk_ends_the_day_cleanly(
    two: Home, days: Days, monkeypatch: Patch
) -> None:
    days.operating = _one_at_a_time()
    whole, kept = engine.research, list[Any]()

    async def full_after_one(*asked: Any) -> Any:  # noqa: ANN401 - as it comes
        if kept:
            raise gone()
        kept.append(await whole(*asked))
        return kept[0]

    with monkeypatch.context() as patch:
        patch.setattr(research, "research", full_after_one)
        with pytest.raises(DiskFullError):
            await run(days)

    assert [one["state"] for one in two.rows("day_filings")] == ["alerted"]
    record = DayBook(two.database).record(DAY)
    assert record is not None
    assert record.state is DayState.FAILED
    kinds = [one["kind"] for one in two.rows("outbox")]
    assert sorted(kinds) == ["alert", "notice"]

    days.clock.moment += timedelta(minutes=5)
    filings = await run(days)
    assert {one["state"] for one in filings.values()} == {"alerted"}
    assert {one["attempts"] for one in two.rows("day_filings")} == {1}


def _one_at_a_time() -> Any:  # noqa: ANN401 - of the operator
    daily = LOUD.daily.model_copy(update={"concurrency": 1})
    return LOUD.model_copy(update={"daily": daily})


async def test_most_attempts_are_the_operators(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    daily = LOUD.daily.model_copy(update={"most_attempts": 1})
    days.operating = LOUD.model_copy(update={"daily": daily})
    days.clock.moment = at("16:30:00")
    home.paper("a.pdf", at("16:00:00"), said())
    with monkeypatch.context() as patch:
        patch.setattr(research, "research", breaking(PlanError(["It broke"])))
        await run(days)
    days.clock.moment += timedelta(hours=2)

    assert (await run(days))["ABC"]["state"] == FilingState.FAILED


class _Spent:
    """A model whose budget is used up."""

    name = "anthropic:claude"

    async def complete(self, request: object) -> NoReturn:
        """Nothing is left."""
        assert request is not None
        scope = "day's"
        raise BudgetError(scope, "$1.00", "$0.02")


async def test_a_spent_budget_costs_words_and_no_alert(
    home: Home, days: Days, monkeypatch: Patch
) -> None:
    """What rules decide by is never a model's to say."""
    monkeypatch.setattr(days.desk, "model", lambda *_: _Spent())
    home.paper("a.pdf", at("16:00:00"), said())

    filing = (await run(days))["ABC"]

    assert filing["state"] == "alerted"
    report = research.recorded(days.desk.journals, RUN)
    assert (report.status, report.model) == (ReportStatus.PARTIAL, "anthropic:claude")
    assert report.reason is not None
    assert "over what is left of the day's budget" in report.reason
