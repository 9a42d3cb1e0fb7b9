"""Plan, N no-op tasks, validate, synthesise: ours, the floor and LangGraph."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from bench.contest import LARGEST, SIZES, Entrant, Marks, contest
from bench.flows import ours, raw
from bench.tables import ROOT, Part, Target, table

MANY = SIZES[1:]
_HERE = Path(sys.executable)
_THERE = ROOT / ".venv" / "bench" / "bin" / "python"

FLOOR = "asyncio TaskGroup (floor)"
GRAPH = "dexter, the task graph without a journal"
MEMORY = "dexter, journal in memory"
DURABLE = "dexter, journal on disk"
RAW = "the same events, chained, in a bare group commit (floor)"
PEER = "LangGraph, in memory"
PEER_SYNC = "LangGraph + SqliteSaver, each step durable"
ENTRANTS = (
    Entrant(FLOOR, "floor", "floor", _HERE),
    Entrant(GRAPH, "ours", "graph", _HERE),
    Entrant(MEMORY, "ours", "memory", _HERE),
    Entrant(PEER, "peer", "memory", _THERE),
    Entrant(RAW, "raw", "raw", _HERE),
    Entrant(DURABLE, "ours", "durable", _HERE),
    Entrant("dexter, replayed", "ours", "replay", _HERE),
    Entrant("dexter, second half resumed", "ours", "resume", _HERE),
    Entrant(PEER_SYNC, "peer", "sync", _THERE),
    Entrant("LangGraph + SqliteSaver, written behind", "peer", "async", _THERE),
)


def measure(folder: Path) -> Part:
    """Hold the contest.

    Raises:
        FileNotFoundError: LangGraph's environment is not set up.
    """
    if not _THERE.exists():
        msg = "LangGraph is not installed: run `make .venv/.ready-bench`"
        raise FileNotFoundError(msg)
    for tasks in SIZES:
        told = raw.told(asyncio.run(ours.events(tasks)))
        (folder / f"events-{tasks}.json").write_text(told, encoding="utf-8")
    marks = contest(ENTRANTS, folder)
    return Part("orchestration", _figures(marks), _targets(marks))


def _figures(marks: Mapping[str, Marks]) -> str:
    sizes = " / ".join(str(tasks) for tasks in SIZES)
    head = ("", "import ms", "peak MB", f"µs per task, N = {sizes}", "× TaskGroup")
    rows = [
        (
            title,
            f"{median(mark.imports):.0f}",
            f"{median(mark.peaks):.0f}",
            " / ".join(f"{mark.per_task(n):.3g}" for n in SIZES),
            " / ".join(f"{ratio(marks, title, FLOOR, n):.3g}" for n in SIZES),
        )
        for title, mark in marks.items()
    ]
    return table(head, rows)


def ratio(marks: Mapping[str, Marks], one: str, other: str, tasks: int) -> float:
    """The median over rounds of one contestant's time over another's."""
    pairs = zip(marks[one].micros[tasks], marks[other].micros[tasks], strict=True)
    return median(a / b for a, b in pairs)


def _targets(marks: Mapping[str, Marks]) -> tuple[Target, ...]:
    claims = (
        ("task graph / TaskGroup", 5, GRAPH, FLOOR, SIZES),
        ("journal in memory / TaskGroup", 5, MEMORY, FLOOR, SIZES),
        ("task graph / LangGraph", 1 / 8, GRAPH, PEER, SIZES),
        ("journal in memory / LangGraph", 1 / 8, MEMORY, PEER, SIZES),
        ("journal on disk / LangGraph + SqliteSaver", 1 / 5, DURABLE, PEER_SYNC, MANY),
        ("journal on disk / bare group commit", 2, DURABLE, RAW, MANY),
    )
    found = [
        Target(f"{what}, N = {tasks}", limit, ratio(marks, one, other, tasks))
        for what, limit, one, other, sizes in claims
        for tasks in sizes
    ]
    memory = marks[MEMORY].micros
    pairs = zip(memory[LARGEST], memory[MANY[0]], strict=True)
    growth = median(a / b for a, b in pairs)
    peak = median(marks[DURABLE].peaks) / median(marks[PEER_SYNC].peaks)
    return (
        *found,
        Target("journal in memory, N = 1000 / N = 100 (linear)", 1.25, growth),
        Target("peak RSS / LangGraph + SqliteSaver, N = 1000", 1 / 2, peak),
    )
