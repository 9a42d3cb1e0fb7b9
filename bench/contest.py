"""Contestants, each in a process of its own, visited in turn round after round."""

import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Self

from bench.tables import ROOT

LARGEST = 1000
SIZES = (10, 100, LARGEST)
ROUNDS = 7
VISIT_SECONDS = 0.25
MOST_RUNS = 10
STARTS = 3
"""How often a contestant is started for its import time and its peak."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """A contestant: the module and name of its flow, and the Python it runs on."""

    title: str
    module: str
    flow: str
    python: Path


@dataclass(slots=True)
class Marks:
    """What was measured: ms of imports, MB at the peak, µs per task by round."""

    imports: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    micros: dict[int, list[float]] = field(default_factory=dict)

    def per_task(self, tasks: int) -> float:
        """The median µs per task."""
        return median(self.micros[tasks])


class Worker:
    """A contestant's process; answers one question at a time."""

    def __init__(self, entrant: Entrant, folder: Path) -> None:
        command = [str(entrant.python), "-m", "bench.worker"]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [*command, f"bench.flows.{entrant.module}", entrant.flow, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.import_ms = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def run(self, tasks: int) -> float:
        """Seconds of one run with N tasks."""
        return self._ask(str(tasks))

    def peak(self) -> float:
        """The largest resident set so far, in MB."""
        return self._ask("peak")

    def _ask(self, line: str) -> float:
        if self._process.stdin is None:
            raise BrokenPipeError
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> float:
        said = self._process.stdout.readline() if self._process.stdout else ""
        if not said:
            msg = f"a contestant died with exit code {self._process.wait()}"
            raise ChildProcessError(msg)
        return float(said)


def contest(entrants: Sequence[Entrant], folder: Path) -> Mapping[str, Marks]:
    """Measure all; the same questions to each in turn, so that noise falls on all."""
    marks = {entrant.title: Marks() for entrant in entrants}
    for turn in range(STARTS - 1):
        for entrant in entrants:
            home = _home(folder, entrant, turn)
            with Worker(entrant, home) as worker:
                _first(worker, marks[entrant.title])
    with ExitStack() as stack:
        workers = {}
        for entrant in entrants:
            home = _home(folder, entrant, STARTS)
            workers[entrant.title] = stack.enter_context(Worker(entrant, home))
            _first(workers[entrant.title], marks[entrant.title])
        for turn in range(ROUNDS):
            for tasks in SIZES:
                _round(workers, marks, tasks, turn)
    return marks


def _home(folder: Path, entrant: Entrant, turn: int) -> Path:
    """An empty folder beside what all may read."""
    home = folder / f"{entrant.module}-{entrant.flow}-{turn}"
    home.mkdir()
    return home


def _first(worker: Worker, marks: Marks) -> None:
    worker.run(LARGEST)
    marks.imports.append(worker.import_ms)
    marks.peaks.append(worker.peak())


def _round(
    workers: Mapping[str, Worker], marks: Mapping[str, Marks], tasks: int, turn: int
) -> None:
    titles = list(workers)
    shift = turn % len(titles)
    for title in titles[shift:] + titles[:shift]:
        seconds = _visit(workers[title], tasks)
        marks[title].micros.setdefault(tasks, []).append(seconds / tasks * 1e6)


def _visit(worker: Worker, tasks: int) -> float:
    """The median of the runs that fit in a visit; the first finds the caches cold."""
    taken: list[float] = []
    began = perf_counter()
    while len(taken) < MOST_RUNS and perf_counter() - began < VISIT_SECONDS:
        taken.append(worker.run(tasks))
    return median(taken[1:] or taken)
