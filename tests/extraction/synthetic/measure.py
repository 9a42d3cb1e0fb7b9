"""Read synthetic files and count: ``python -m tests.extraction.synthetic.measure``.

Wrong cells are printed in full and their files kept. With ``--docs FILE`` the tables
are written between the markers in that page.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import count, islice
from pathlib import Path

from tests.extraction.synthetic.chance import chooser
from tests.extraction.synthetic.run import Job, Record, results
from tests.extraction.synthetic.scans import SINGLES, mixed
from tests.extraction.synthetic.tables import Tally, page, write
from tests.extraction.synthetic.traps import Trap

_FIRST_SCAN = 100_000
_FIRST_SINGLE = 200_000
_FIRST_TRAP = 300_000


def born(files: int, first: int = 0) -> Iterator[Job]:
    """Files with text of their own."""
    return (Job("born digital", seed) for seed in range(first, first + files))


def scanned(first: int = _FIRST_SCAN) -> Iterator[Job]:
    """Scans as offices, copiers, phones and archives make them, without end."""
    for seed in count(first):
        recipe = mixed(chooser("mix", seed))
        yield Job("scan", seed, recipe)


def singles(files: int, first: int = _FIRST_SINGLE) -> Iterator[Job]:
    """Every damage alone; the same companies under each of them."""
    for recipe in SINGLES:
        for seed in range(first, first + files):
            yield Job("damage", seed, recipe, arrangement="one")


def traps(files: int, *, scans: bool, first: int = _FIRST_TRAP) -> Iterator[Job]:
    """Misprints and silences, in turn."""
    kinds = list(Trap)
    for seed in range(first, first + files):
        trap = kinds[seed % len(kinds)]
        recipe = mixed(chooser("mix", seed)) if scans else None
        yield Job("trap, scan" if scans else "trap", seed, recipe, trap)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=600, help="scanned rows accepted")
    parser.add_argument("--most", type=int, default=1500, help="scanned files read")
    parser.add_argument("--born", type=int, default=400, help="born-digital files")
    parser.add_argument("--each", type=int, default=4, help="files for each damage")
    parser.add_argument("--traps", type=int, default=300, help="born-digital traps")
    parser.add_argument("--scanned-traps", type=int, default=40)
    parser.add_argument("--first", type=int, default=0, help="added to every seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=None, help="where wrong files go")
    parser.add_argument("--log", type=Path, default=None, help="a JSON line a file")
    parser.add_argument("--docs", type=Path, default=None, help="page to write into")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and say by the exit code whether anything was wrong."""
    given = _options()
    keep = given.keep or Path(tempfile.gettempdir()) / "synthetic" / "wrong"
    tally = Tally()
    heard = partial(_heard, tally, given.log)
    more = given.first
    finite = [
        *born(given.born, more),
        *traps(given.traps, scans=False, first=_FIRST_TRAP + more),
        *singles(given.each, _FIRST_SINGLE + more),
        *traps(given.scanned_traps, scans=True, first=_FIRST_TRAP + more + 10_000),
    ]
    for record in results(finite, given.workers, keep):
        heard(record)
    if given.rows:
        jobs = islice(scanned(_FIRST_SCAN + more), given.most)
        for record in results(jobs, given.workers, keep):
            heard(record)
            if tally.accepted("scan") >= given.rows:
                break
    text = page(tally)
    sys.stdout.write(text)
    if given.docs:
        write(given.docs, text)
    return 1 if tally.wrong else 0


def _heard(tally: Tally, log: Path | None, record: Record) -> None:
    tally.add(record)
    if log:
        with log.open("a", encoding="utf-8") as lines:
            lines.write(f"{record.line()}\n")
    for fault in record.faults:
        sys.stdout.write(f"WRONG {record.job.name}: {fault}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
