"""Ours: the task graph, checked arguments, and every event in the journal.

The tool does nothing; the path to it is the one research takes: a span, the tool's
arguments checked, the task's times as a step; the plan as a note; the planner's,
validator's and writer's words as steps.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

from pydantic import Field

from dexter.domain.moment import AsOf
from dexter.domain.research import Finding, Plan, Task, TaskOutcome, TaskStatus
from dexter.journal import (
    Journal,
    JournalStore,
    MemoryJournalStore,
    SqliteJournalStore,
)
from dexter.journal.events import parse
from dexter.orchestrator.schedule import Needs, Terms, carry_out
from dexter.tools.base import Arguments, Symbol, Tool, Toolbox, ToolContext

BEGAN = datetime(2025, 8, 14, 18, 0, tzinfo=UTC)
AS_OF = AsOf(BEGAN, explicit=False)
_HEADER = {"query": "bench", "model": "none", "started": BEGAN.isoformat()}
FOUND = Finding()
_NO_WORLD: Any = None
"""The tool looks at nothing, so its context holds no ports."""


class Nothing(Arguments):
    """What the tool takes, as typical tools do."""

    symbol: Symbol
    sessions: Annotated[int, Field(ge=1, le=500)] = 30


async def _nothing(_arguments: Nothing, _context: ToolContext) -> Finding:
    await asyncio.sleep(0)
    return FOUND


TOOLBOX = Toolbox((Tool("nothing", "does nothing", Nothing, _nothing),))


class Silent:
    """Looks on and says nothing."""

    def planned(self, plan: Plan) -> None:
        """Nothing."""

    def added(self, tasks: tuple[Task, ...]) -> None:
        """Nothing."""

    def started(self, task: Task) -> None:
        """Nothing."""

    def finished(self, outcome: TaskOutcome) -> None:
        """Nothing."""

    def stage(self, name: str, detail: str) -> None:
        """Nothing."""

    def heard(self, agent: str, text: str) -> None:
        """Nothing."""


def open_flow(name: str, folder: Path) -> Callable[[int], float]:
    """One of ``graph``, ``memory``, ``durable``, ``replay`` and ``resume``."""
    if name == "graph":
        return lambda tasks: asyncio.run(_graph(tasks))
    if name == "memory":
        return lambda tasks: asyncio.run(_timed(MemoryJournalStore(), "run", tasks))
    runs = Runs(SqliteJournalStore(folder / "journal.db"))
    flow: Callable[[int], float] = getattr(runs, name)
    return flow


class Runs:
    """One journal file and the runs made in it."""

    def __init__(self, store: SqliteJournalStore) -> None:
        self._store = store
        self._made = 0
        # A run left open, as in a service: the file is opened once, as the others' is.
        self._other = store.open("other")

    def durable(self, tasks: int) -> float:
        """A run, recorded."""
        return asyncio.run(_timed(self._store, self._fresh(), tasks))

    def replay(self, tasks: int) -> float:
        """A recorded run made again from its record, which must agree."""
        run_id = self._fresh()
        told = asyncio.run(_told(self._store, run_id, tasks))
        return asyncio.run(_again(self._store, run_id, tasks, told))

    def resume(self, tasks: int) -> float:
        """The second half of a run that was cut after the first."""
        run_id = self._fresh()
        journal = Journal.begin(self._store, run_id, _HEADER)
        asyncio.run(_cut(journal, tasks))
        return asyncio.run(_resumed(self._store, run_id, tasks))

    def _fresh(self) -> str:
        self._made += 1
        return f"run-{self._made}"


async def _graph(tasks: int) -> float:
    """The task graph and the checked arguments alone; times are kept in a list."""
    began = perf_counter()
    kept: list[tuple[datetime, datetime]] = []

    async def carry(task: Task, needs: Needs) -> Finding:
        context = ToolContext(_NO_WORLD, AS_OF, needs)
        return await TOOLBOX.call(str(task.tool), task.arguments, context)

    def elapsed() -> datetime:
        return BEGAN + timedelta(seconds=perf_counter() - began)

    async def stamp(_: Task, start: datetime) -> tuple[datetime, datetime]:
        kept.append((start, elapsed()))
        return kept[-1]

    terms = Terms(carry, elapsed, stamp, lambda _: False, Silent())
    outcomes = await carry_out(_plan(tasks).tasks, terms)
    _all_done(outcomes)
    return perf_counter() - began


async def events(tasks: int) -> list[dict[str, object]]:
    """The events of a run, in order; where there are blobs, with their content."""
    store = MemoryJournalStore()
    await story(Journal.begin(store, "run", _HEADER), tasks)
    return [
        {**json.loads(event.body), **store.blobs(parse(event.body).blobs)}
        for event in store.read("run")
    ]


async def _timed(store: JournalStore, run_id: str, tasks: int) -> float:
    began = perf_counter()
    await story(Journal.begin(store, run_id, _HEADER), tasks)
    return perf_counter() - began


async def _told(store: JournalStore, run_id: str, tasks: int) -> object:
    journal = Journal.begin(store, run_id, _HEADER)
    return await story(journal, tasks), journal.head


async def _again(store: JournalStore, run_id: str, tasks: int, told: object) -> float:
    began = perf_counter()
    journal = Journal.replay(store, run_id)
    again = await story(journal, tasks), journal.head
    seconds = perf_counter() - began
    if again != told:
        msg = "the replay differs from the run"
        raise AssertionError(msg)
    return seconds


async def _cut(journal: Journal, tasks: int) -> None:
    """Carry out the first half of the tasks, then let the run go unfinished."""
    await _speak(journal, "planner")
    plan = _plan(tasks)
    await journal.note("plan", {"plan": plan})
    await _act(journal, plan.tasks[: tasks // 2])
    journal.close()


async def _resumed(store: JournalStore, run_id: str, tasks: int) -> float:
    began = perf_counter()
    journal = Journal.resume(store, run_id)
    before = journal.head.events
    await story(journal, tasks)
    seconds = perf_counter() - began
    # The second half of the tasks, two agents' words, the end.
    if journal.head.events - before != tasks - tasks // 2 + 3:
        msg = "the resumed run did what was done before"
        raise AssertionError(msg)
    return seconds


async def story(journal: Journal, tasks: int) -> tuple[TaskOutcome, ...]:
    """Plan, act, validate, synthesise; the outcomes."""
    await _speak(journal, "planner")
    plan = _plan(tasks)
    await journal.note("plan", {"plan": plan})
    outcomes = await _act(journal, plan.tasks)
    _all_done(outcomes)
    await _speak(journal, "validation")
    await _speak(journal, "synthesis")
    await journal.finish("finished", {"findings": len(outcomes)})
    return outcomes


def _all_done(outcomes: tuple[TaskOutcome, ...]) -> None:
    if any(outcome.status is not TaskStatus.DONE for outcome in outcomes):
        msg = "a task that does nothing failed"
        raise AssertionError(msg)


async def _speak(journal: Journal, agent: str) -> str:
    async def reply() -> str:
        return "said"

    with journal.span(agent):
        return await journal.step("model.complete", {"agent": agent}, reply, str)


def _plan(tasks: int) -> Plan:
    planned = tuple(
        Task(f"t{number}", "nothing", {"symbol": f"S{number}", "sessions": 60})
        for number in range(tasks)
    )
    return Plan(planned, "nothing, many times")


async def _act(journal: Journal, tasks: tuple[Task, ...]) -> tuple[TaskOutcome, ...]:
    start = perf_counter()

    async def carry(task: Task, needs: Needs) -> Finding:
        with journal.span(f"task:{task.id}"):
            context = ToolContext(_NO_WORLD, AS_OF, needs)
            return await TOOLBOX.call(str(task.tool), task.arguments, context)

    def elapsed() -> datetime:
        return BEGAN + timedelta(seconds=perf_counter() - start)

    async def stamp(task: Task, began: datetime) -> tuple[datetime, datetime]:
        async def now() -> tuple[datetime, datetime]:
            return began, elapsed()

        with journal.span(f"task:{task.id}"):
            return await journal.step("task.times", {}, now, tuple[datetime, datetime])

    terms = Terms(carry, elapsed, stamp, lambda _: False, Silent())
    return await carry_out(tasks, terms)
