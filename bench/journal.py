"""What durability costs: steps a second, beside SQLite doing the same by hand.

Run ``python -m bench.journal``. Every row is measured in the same process, the rounds
interleaved, medians shown; the ratios mean something on a noisy machine, the absolute
figures only give the scale.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple
from unittest.mock import patch

from dexter.journal import Journal, MemoryJournalStore, SqliteJournalStore, chain
from dexter.journal.store import JournalStore

ROUNDS = 7
GROUP = 64
PAYLOAD = "x" * 760
"""Makes an event's body about 1 KB."""
TASKS = (1, 10, 100, 1000)
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


def measure(folder: Path) -> dict[str, list[Sample]]:
    """All contestants, round by round."""
    found: dict[str, list[Sample]] = {}
    for turn in range(ROUNDS):

        def fresh(name: str, turn: int = turn) -> Path:
            path = folder / f"{turn}-{name.replace(' ', '-')}"
            path.mkdir()
            return path / "journal.db"

        def take(name: str, run: Callable[[Path], Sample]) -> None:
            found.setdefault(name, []).append(run(fresh(name)))

        take("SQLite, commit per event", lambda p: raw(p, 1500, 1))
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
    name = f"journal, {tasks} task{'s' * (tasks > 1)}"
    take(name, lambda p: journal(SqliteJournalStore(p), events, tasks))
    if tasks == TASKS[2]:
        with unchained():
            take(
                f"{name}, unchained",
                lambda p: journal(SqliteJournalStore(p), events, tasks),
            )


def table(found: Mapping[str, list[Sample]]) -> str:
    """The medians, and each rate against the floor and the ceiling of this machine."""
    names = list(found)
    rates = {name: median(s.rate for s in found[name]) for name in names}
    floor, ceiling = (rates[name] for name in names[:2])
    wait = median(s.p99 for s in found[names[0]])
    lines = [
        "| | events/s | × commit per event | × groups of 64 | p99 ms | × one commit |",
        "|---|---|---|---|---|---|",
    ]
    for name in names:
        rate, p99 = rates[name], median(s.p99 for s in found[name])
        lines.append(
            f"| {name} | {rate:,.0f} | {rate / floor:.2f} | {rate / ceiling:.2f} "
            f"| {p99:.2f} | {p99 / wait:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        sys.stdout.write(table(measure(Path(folder))) + "\n")


if __name__ == "__main__":
    main()
