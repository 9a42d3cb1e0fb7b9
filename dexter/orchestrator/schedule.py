"""The task graph: each task starts the moment its needs are met.

One failure never sinks its siblings: what depends on it becomes "skipped" with the
reason, everything else goes on. A task with ``each`` becomes one task per subject of
the task it names, once that is done; where such tasks depend on each other, each
subject waits for its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dexter.domain.research import Finding, Task, TaskOutcome, TaskStatus
from dexter.errors import DexterError, DiskFullError, JournalError
from dexter.ports import Watcher

Needs = Mapping[str, tuple[TaskOutcome, ...]]
Carry = Callable[[Task, Needs], Awaitable[Finding]]
# (task, why it failed or none) → when it started and finished, once durable.
Stamp = Callable[[Task, datetime], Awaitable[tuple[datetime, datetime]]]
Outcomes = asyncio.Future[tuple[TaskOutcome, ...]]


@dataclass(frozen=True, slots=True)
class Terms:
    """How tasks are carried out.

    ``carry`` does one task; ``begin`` says what time it is, ``stamp`` records start and
    finish; ``tolerant`` says whether a task runs on whatever its needs brought back.
    """

    carry: Carry
    begin: Callable[[], datetime]
    stamp: Stamp
    tolerant: Callable[[Task], bool]
    watcher: Watcher
    concurrency: int = 16


async def carry_out(
    tasks: tuple[Task, ...], terms: Terms, earlier: Needs | None = None
) -> tuple[TaskOutcome, ...]:
    """Run tasks to their outcomes, in the order of the plan.

    Args:
        tasks: Without cycles; every need is among them or in ``earlier``.
        terms: How each is carried out.
        earlier: Outcomes of tasks already done, by id.

    Raises:
        JournalError: the record cannot be kept; nothing more is done.
        DiskFullError: there is no room to keep it.
    """
    run = _Run(tasks, terms, earlier or {})
    try:
        async with asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(run.settle(task))
    except* (JournalError, DiskFullError) as failed:
        raise _first(failed) from failed
    return tuple(o for task in tasks for o in run.outcomes[task.id].result())


class _Run:
    """The futures of one run of a graph."""

    def __init__(self, tasks: tuple[Task, ...], terms: Terms, earlier: Needs) -> None:
        loop = asyncio.get_running_loop()
        self._terms = terms
        self._slots = asyncio.Semaphore(terms.concurrency)
        self._instances: dict[tuple[str, str], Outcomes] = {}
        self._repeated = {t.id: t.each for t in tasks if t.each}
        self.outcomes: dict[str, Outcomes] = {t.id: loop.create_future() for t in tasks}
        for name, done in earlier.items():
            self.outcomes[name] = loop.create_future()
            self.outcomes[name].set_result(done)

    async def settle(self, task: Task) -> None:
        """Bring one planned task to its outcome, or to one outcome per subject."""
        if task.each is None:
            needs = {need: await self.outcomes[need] for need in task.depends_on}
            self.outcomes[task.id].set_result((await self._one(task, needs),))
            return
        sources = await self.outcomes[task.each]
        done = [o.finding for o in sources if o.status is TaskStatus.DONE]
        if sources and not done:
            why = _because(task.each, sources[0])
            self.outcomes[task.id].set_result((self._skip(task, why),))
            return
        subjects = dict.fromkeys(s for finding in done for s in finding.subjects)
        self.outcomes[task.id].set_result(await self._repeat(task, tuple(subjects)))

    async def _repeat(
        self, task: Task, subjects: tuple[str, ...]
    ) -> tuple[TaskOutcome, ...]:
        copies = [_copy(task, symbol) for symbol in subjects]
        self._terms.watcher.added(tuple(copies))
        async with asyncio.TaskGroup() as group:
            running = [
                group.create_task(self._copied(task, symbol, copy))
                for symbol, copy in zip(subjects, copies, strict=True)
            ]
        return tuple(r.result() for r in running)

    async def _copied(self, task: Task, symbol: str, copy: Task) -> TaskOutcome:
        needs = {
            need: await self._need(need, task.each, symbol) for need in task.depends_on
        }
        outcome = await self._one(copy, needs)
        self._instance(task.id, symbol).set_result((outcome,))
        return outcome

    async def _need(
        self, need: str, over: str | None, symbol: str
    ) -> tuple[TaskOutcome, ...]:
        """A need of a repeated task: its own subject's where that is repeated too."""
        if self._repeated.get(need) == over and over is not None:
            return await self._instance(need, symbol)
        outcomes = await self.outcomes[need]
        mine = tuple(o for o in outcomes if o.task.id == f"{need}.{symbol}")
        return mine or outcomes

    def _instance(self, name: str, symbol: str) -> Outcomes:
        key = (name, symbol)
        if key not in self._instances:
            self._instances[key] = asyncio.get_running_loop().create_future()
        return self._instances[key]

    async def _one(self, task: Task, needs: Needs) -> TaskOutcome:
        why = None if self._terms.tolerant(task) else _unmet(needs)
        if why:
            return self._skip(task, why)
        async with self._slots:
            return await self._carry(task, needs)

    async def _carry(self, task: Task, needs: Needs) -> TaskOutcome:
        began = self._terms.begin()
        self._terms.watcher.started(task)
        finding, why = Finding(), None
        try:
            finding = await self._terms.carry(task, needs)
        except (JournalError, DiskFullError):
            raise
        except DexterError as error:
            why = f"{error.sentence} {error.hint}".strip()
        except Exception as error:  # noqa: BLE001 - a fault in one task costs one task
            why = f"internal fault, {type(error).__name__}: {error}"
        started, finished = await self._terms.stamp(task, began)
        status = TaskStatus.FAILED if why else TaskStatus.DONE
        outcome = TaskOutcome(task, status, why, started, finished, finding)
        self._terms.watcher.finished(outcome)
        return outcome

    def _skip(self, task: Task, why: str) -> TaskOutcome:
        outcome = TaskOutcome(task, TaskStatus.SKIPPED, why, None, None)
        self._terms.watcher.finished(outcome)
        return outcome


def _copy(task: Task, symbol: str) -> Task:
    arguments = {**task.arguments, "symbol": symbol}
    return replace(task, id=f"{task.id}.{symbol}", arguments=arguments)


def _unmet(needs: Needs) -> str | None:
    """Why a task cannot run: a need of which nothing was done."""
    for name, outcomes in needs.items():
        if outcomes and all(o.status is not TaskStatus.DONE for o in outcomes):
            return _because(name, outcomes[0])
    return None


def _because(name: str, outcome: TaskOutcome) -> str:
    return f"needs {name}, which {outcome.status.value}: {outcome.reason}"


def _first(group: BaseExceptionGroup) -> BaseException:
    """The first leaf of a group of exceptions."""
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
