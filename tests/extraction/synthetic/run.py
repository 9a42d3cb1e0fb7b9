"""One file read and judged, in a worker process of its own."""

import json
import multiprocessing
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dexter.errors import DocumentError
from dexter.extraction.document import read
from tests.extraction.synthetic.case import Case, make
from tests.extraction.synthetic.compare import End, Outcome, outcomes
from tests.extraction.synthetic.scans import Recipe, scan
from tests.extraction.synthetic.traps import Trap

_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Job:
    """One file to make and to read."""

    group: str
    seed: int
    recipe: Recipe | None = None
    trap: Trap | None = None
    arrangement: str | None = None

    @property
    def name(self) -> str:
        """What to call its file."""
        made = self.recipe.name if self.recipe else "born digital"
        kind = f", {self.trap}" if self.trap else ""
        return f"{self.seed} {made}{kind}".replace("/", "")

    def case(self) -> Case:
        """The file and its truth."""
        case = make(self.seed, self.trap, self.arrangement)
        return scan(case, self.recipe) if self.recipe else case


@dataclass(frozen=True, slots=True)
class Record:
    """What became of a job: its rows, and the processor seconds its reading took."""

    job: Job
    traits: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    pages: int
    seconds: float

    def line(self) -> str:
        """One JSON line about it, for whoever looks for a pattern."""
        return json.dumps(
            {
                "job": self.job.name,
                "group": self.job.group,
                "seed": self.job.seed,
                "scan": self.job.recipe.name if self.job.recipe else None,
                "traits": self.traits,
                "pages": self.pages,
                "seconds": round(self.seconds, 2),
                "rows": [
                    {"end": one.end, "reason": one.reason, "faults": one.faults}
                    for one in self.outcomes
                ],
            }
        )

    @property
    def faults(self) -> list[str]:
        """Everything wrong in it, in full."""
        return [fault for one in self.outcomes for fault in one.faults]


def done(job: Job, keep: Path | None = None) -> Record:
    """Make the file, read it, judge it; a wrong one is kept for whoever mends it."""
    case = job.case()
    start = time.process_time()
    try:
        result = read(f"{job.name}.pdf", case.content)
    except DocumentError as error:
        spent = time.process_time() - start
        ends = tuple(Outcome(End.REVIEW, f"refused: {error}") for _ in case.truths)
        return Record(job, case.traits, ends, 1, spent)
    spent = time.process_time() - start
    ends = tuple(outcomes(case.truths, result))
    if keep and any(one.end is End.WRONG for one in ends):
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"{job.name}.pdf").write_bytes(case.content)
    return Record(job, case.traits, ends, result.pages or 1, spent)


def results(jobs: Iterable[Job], workers: int, keep: Path | None) -> Iterator[Record]:
    """Records as they come; only a few jobs are ever ahead of the reader."""
    context = multiprocessing.get_context("spawn")
    source = iter(jobs)
    pool = ProcessPoolExecutor(workers, mp_context=context)
    try:
        waiting: set[Future[Record]] = {
            pool.submit(done, job, keep) for job in islice(source, workers * _AHEAD)
        }
        while waiting:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                yield future.result()
                waiting |= {pool.submit(done, job, keep) for job in islice(source, 1)}
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
