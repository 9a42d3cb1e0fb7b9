"""What durability costs: steps a second, beside SQLite doing the same by hand.

Every row is measured in the same process, the rounds interleaved, medians shown; the
ratios mean something on a noisy machine, the absolute figures only give the scale.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import NamedTuple
from unittest.mock import patch

from bench.tables import Part, Target, table
from dexter.journal import Journal, MemoryJournalStore, SqliteJournalStore, chain
from dexter.journal.store import JournalStore

ROUNDS = 5
GROUP = 64
PAYLOAD = "x" * 760
"""Makes an event's body about 1 KB."""
TASKS = (1, 10, 100, 1000)
PER_EVENT = "SQLite, commit per event"
_HEADER: Mapping[str, object] = {"query": "bench", "model": "none"}


class Sample(NamedTuple):
    """Events a second, and the 99th percentile of an acknowledgement in ms."""

    rate: float
    p99: float


def raw(path: Path, events: int, group: int) -> Sample:
    """Plain inserts of 1 KB with a commit every ``group`` events, WAL and FULL."""
    body, waits = "x" * 1000, []
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=FULL")
        file.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, body TEXT)")
        began = perf_counter()
        for first in range(0, events, group):
            sent = perf_counter()
            file.execute("BEGIN IMMEDIATE")
            for seq in range(first, min(first + group, events)):
                file.execute("INSERT INTO events VALUES (?, ?)", (seq, body))
            file.execute("COMMIT")
            waits.append(perf_counter() - sent)
        return _sample(events, perf_counter() - began, waits)


def journal(store: JournalStore, events: int, tasks: int) -> Sample:
    """Steps of 1 KB made by a number of tasks at once, each waiting for its own."""
    return asyncio.run(_journal(store, events, tasks))


async def _journal(store: JournalStore, events: int, tasks: int) -> Sample:
    run = Journal.begin(store, f"run-{tasks}", _HEADER)
    waits: list[float] = []

    async def do() -> str:
        return PAYLOAD

    async def work(task: int) -> None:
        with run.span(f"task:{task}"):
            for number in range(events // tasks):
                sent = perf_counter()
                await run.step("bench.step", {"number": number}, do, str)
                waits.append(perf_counter() - sent)

    began = perf_counter()
    async with asyncio.TaskGroup() as group:
        for task in range(tasks):
            group.create_task(work(task))
    seconds = perf_counter() - began
    await run.finish("finished", {})
    return _sample(len(waits), seconds, waits)


def _sample(events: int, seconds: float, waits: list[float]) -> Sample:
    return Sample(events / seconds, quantiles(waits, n=100)[98] * 1000)


@contextmanager
def unchained() -> Iterator[None]:
    """The journal without its hashes."""
    with patch.object(chain, "seal", lambda previous, _: previous):
        yield


def measure(folder: Path) -> Part:
    """Hold all contestants against each other."""
    found = _contest(folder)
    return Part("journal", _figures(found), _targets(found))


def _contest(folder: Path) -> dict[str, list[Sample]]:
    """All contestants, round by round."""
    found: dict[str, list[Sample]] = {}
    for turn in range(ROUNDS):

        def fresh(name: str, turn: int = turn) -> Path:
            path = folder / f"{turn}-{name.replace(' ', '-')}"
            path.mkdir()
            return path / "journal.db"

        def take(name: str, run: Callable[[Path], Sample]) -> None:
            found.setdefault(name, []).append(run(fresh(name)))

        take(PER_EVENT, lambda p: raw(p, 1500, 1))
        take(f"SQLite, groups of {GROUP}", lambda p: raw(p, 8000, GROUP))
        for tasks in TASKS:
            events = max(1500, min(40 * tasks, 8000))
            _durable(take, events, tasks)
        memory = journal(MemoryJournalStore(), 8000, 100)
        found.setdefault("journal in memory, 100 tasks", []).append(memory)
    return found


def _durable(
    take: Callable[[str, Callable[[Path], Sample]], None], events: int, tasks: int
) -> None:
    name = _named(tasks)
    take(name, lambda p: journal(SqliteJournalStore(p), events, tasks))
    if tasks == TASKS[2]:
        with unchained():
            take(
                f"{name}, unchained",
                lambda p: journal(SqliteJournalStore(p), events, tasks),
            )


def _named(tasks: int) -> str:
    return f"journal, {tasks} task{'s' * (tasks > 1)}"


def _figures(found: Mapping[str, list[Sample]]) -> str:
    """The medians, and each rate against the floor and the ceiling of this machine."""
    names = list(found)
    rates = {name: median(s.rate for s in found[name]) for name in names}
    floor, ceiling = (rates[name] for name in names[:2])
    wait = _wait(found, PER_EVENT)
    head = (
        "",
        "events/s",
        "× commit per event",
        f"× groups of {GROUP}",
        "p99 ms",
        "× one commit",
    )
    rows = [
        (
            name,
            f"{rate:,.0f}",
            f"{rate / floor:.2f}",
            f"{rate / ceiling:.2f}",
            f"{_wait(found, name):.2f}",
            f"{_wait(found, name) / wait:.2f}",
        )
        for name, rate in rates.items()
    ]
    return table(head, rows)


def _targets(found: Mapping[str, list[Sample]]) -> tuple[Target, ...]:
    ten, hundred = _named(TASKS[1]), _named(TASKS[2])
    chaining = 1 - 1 / _speed(found, f"{hundred}, unchained", hundred)
    return (
        Target("10 tasks / commit per event", 3, _speed(found, ten), at_least=True),
        Target(
            "100 tasks / commit per event", 8, _speed(found, hundred), at_least=True
        ),
        Target(
            "p99 acknowledgement, 10 tasks / p99 of one commit",
            3,
            _wait(found, ten) / _wait(found, PER_EVENT),
        ),
        Target("cost of chaining, 100 tasks", 15, chaining * 100, "%"),
    )


def _wait(found: Mapping[str, list[Sample]], name: str) -> float:
    return median(sample.p99 for sample in found[name])


def _speed(
    found: Mapping[str, list[Sample]], name: str, other: str = PER_EVENT
) -> float:
    """How many times faster, the median over rounds."""
    pairs = zip(found[name], found[other], strict=True)
    return median(a.rate / b.rate for a, b in pairs)
