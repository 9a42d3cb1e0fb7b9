"""A day with 10, 100 and 1,000 filings: what it costs, and each stage of it.

60 % XBRL, 30 % PDFs with text, 10 % scans of two pages, made up by the tests' fake
exchange, which serves from a process of its own, as do a Bot API and a mail server.
``python -m bench.daily 10 40`` measures other numbers and keeps no table.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from bench.tables import Part, Target, table
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from pipelines.daily import collecting, day, means, running
from tests.fake_exchange import Script, World
from tests.fake_exchange.filings import pdf_url
from tests.fake_exchange.listing import Company
from tests.fake_exchange.notices import RESULT, Told
from tests.fake_exchange.season import STANDALONE, Filing, Paper, Result
from tests.pipelines.daily.season import BEFORE, Season
from tests.pipelines.daily.season_home import Clock, means_of, prepared
from tests.pipelines.daily.season_outside import serve, spoken_to

SIZES = (10, 100, 1_000)
WORKERS = 2
_DAY = date(2026, 5, 12)
_SCAN, _TEXT = (9,), (6, 7, 8)
_KB = 1024
_STAGES = ("collecting", "reading", "settling", "research", "delivery")
_PARTS: tuple[tuple[Any, str, str], ...] = (
    (day, "collect", "collecting"),
    (collecting, "import_documents", "reading"),
    (collecting, "finish", "settling"),
    (day, "research_units", "research"),
    (means, "deliver", "delivery"),
)


@dataclass(frozen=True)
class Crowded(Season):
    """One day of so many filings, each of another company."""

    count: int = 10

    def world(self) -> World:
        """The market; it has no other results."""
        world = World(
            self.seed,
            self.first - timedelta(days=BEFORE),
            BEFORE + 2,
            self.count * 2 + 40,
            20,
            0,
        )
        listed = [one for one in world.companies if one.nse and one.series != "SM"]
        placed = list(enumerate(listed[: self.count]))
        world.__dict__["results"] = tuple(
            _result(place, one) for place, one in placed if place % 10 not in _SCAN
        )
        world.__dict__["strays"] = tuple(
            _scan(place, one) for place, one in placed if place % 10 in _SCAN
        )
        return world


def _at(place: int) -> datetime:
    return datetime.combine(_DAY, time(10), IST) + timedelta(seconds=30 * place)


def _result(place: int, company: Company) -> Result:
    at, quarter = _at(place), Quarter.ended_before(_DAY)
    filing = Filing(Paper("xbrl", company, quarter, STANDALONE), at, at, 3 * place)
    assert pdf_url(filing) is None  # noqa: S101 - or it were two filings
    text = place % 10 in _TEXT
    return Result(
        company=company,
        quarter=quarter,
        on=_DAY,
        told=at - timedelta(days=40),
        moved_from=None,
        outcomes=((at, at + timedelta(seconds=60)),) if text else (),
        revised=None,
        filings=() if text else (filing,),
    )


def _scan(place: int, company: Company) -> Told:
    at, quarter = _at(place), Quarter.ended_before(_DAY)
    words = RESULT.words.format(quarter=f"{quarter.end:%B %d, %Y}")
    paper = Paper("statement", company, quarter, manner="scan")
    return Told(company, RESULT, words, (at, at + timedelta(seconds=60)), paper)


@dataclass(frozen=True)
class Cost:
    """What a day took: seconds in all and by stage, and megabytes at most.

    ``worker`` is the largest process that read documents.
    """

    filings: int
    seconds: float
    stages: dict[str, float]
    main: float
    worker: float

    @property
    def each(self) -> float:
        """Milliseconds a filing."""
        return 1000 * self.seconds / self.filings

    def cells(self) -> tuple[str, ...]:
        """A row of the table."""
        stages = [1000 * self.stages.get(name, 0) / self.filings for name in _STAGES]
        rest = self.each - sum(stages)
        return (
            f"{self.filings:,}",
            f"{self.seconds:.1f}",
            f"{self.each:.0f}",
            *(f"{one:.0f}" for one in (*stages, rest)),
            f"{self.main:.0f}",
            f"{self.worker:.0f}",
        )


_HEAD = (
    *("Filings", "seconds", "ms per filing"),
    *_STAGES,
    *("rest", "peak MB", "peak MB, a reader"),
)


def measure(folder: Path) -> Part:
    """Days of three sizes, each in a process of its own."""
    costs = [_apart(size, folder / str(size)) for size in SIZES]
    _, some, many = costs
    more = (many.main - some.main) / (many.filings - some.filings)
    return Part(
        "daily",
        table(_HEAD, [one.cells() for one in costs]),
        (
            Target("time per filing, 1,000 filings / 100", 1.25, many.each / some.each),
            Target("memory a further filing takes", 0.5, more, "MB"),
        ),
    )


def _apart(count: int, folder: Path) -> Cost:
    """A day in a process of its own, so that its peak is its own."""
    folder.mkdir(parents=True)
    command = (sys.executable, "-m", "bench.daily", "live", str(count), str(folder))
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - ours
    return Cost(**json.loads(done.stdout))


def _live(count: int, folder: Path) -> Cost:
    season = Crowded(first=_DAY, days=1, count=count)
    command = (sys.executable, "-m", "bench.daily", "serve", str(count))
    with spoken_to(*command) as outside:
        asyncio.run(prepared(folder, season, outside))
        at = datetime.combine(_DAY, time(22), IST)
        outside.clock(at)
        return asyncio.run(_day(count, folder, Clock(at, outside)))


async def _day(count: int, folder: Path, clock: Clock) -> Cost:
    spent = Counter[str]()
    for room, name, stage in _PARTS:
        setattr(room, name, _timed(getattr(room, name), stage, spent))
    began = perf_counter()
    async with means_of(folder, clock.outside, clock, WORKERS) as mine:
        (report,) = await running.run_days([_DAY], mine, watch=False)
        seconds = perf_counter() - began
        readers = max(_peaks_below(os.getpid()), default=0.0)
    found = Counter(one["state"] for one in report.document["filings"])
    if sum(found.values()) != count:
        msg = f"{count} filings were announced, and these found: {dict(found)}"
        raise RuntimeError(msg)
    main = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KB
    return Cost(count, seconds, dict(spent), main, readers)


def _peaks_below(root: int) -> Iterator[float]:
    """The peaks of the processes that read documents: children of a child of this."""
    below = {root}
    for status in sorted(Path("/proc").glob("[0-9]*/status"), key=_number):
        with suppress(OSError):
            said = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if int(said["PPid"]) in below:
                below.add(_number(status))
                grandchild = int(said["PPid"]) != root
                yield int(said["VmHWM"].split()[0]) / _KB if grandchild else 0.0


def _number(status: Path) -> int:
    return int(status.parent.name)


def _timed(
    do: Callable[..., Any], stage: str, spent: Counter[str]
) -> Callable[..., Any]:
    """The same, and how long it took."""

    def plain(*what: object, **named: object) -> object:
        began = perf_counter()
        try:
            return do(*what, **named)
        finally:
            spent[stage] += perf_counter() - began  # type: ignore[assignment]  # seconds

    async def waiting(*what: object, **named: object) -> object:
        began = perf_counter()
        try:
            return await do(*what, **named)
        finally:
            spent[stage] += perf_counter() - began  # type: ignore[assignment]  # as above

    return waiting if asyncio.iscoroutinefunction(do) else plain


def _asked(words: list[str]) -> Iterator[str]:
    match words:
        case ["serve", count]:
            season = Crowded(first=_DAY, days=1, count=int(count))
            serve(season.world(), Script())
        case ["live", count, folder]:
            yield json.dumps(asdict(_live(int(count), Path(folder))))
        case sizes:
            with TemporaryDirectory(prefix="bench-", dir=sys.prefix) as folder:
                costs = [_apart(int(one), Path(folder) / one) for one in sizes]
            yield table(_HEAD, [one.cells() for one in costs])


if __name__ == "__main__":
    for line in _asked(sys.argv[1:]):
        print(line)
