"""Features and outcomes of every dated results event in a home.

The same ``dexter.features.event.build`` that serves one question runs here over all
companies, a slice of them per process.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date, datetime, time
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from dexter.domain.filing import Basis, ResultsEvent
from dexter.domain.market import IndexHistory, PriceHistory
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter, Window
from dexter.domain.results import QuarterFigures
from dexter.features.catalogue import MODEL_INPUTS
from dexter.features.event import MARKET_INDEX, VOLATILITY_INDEX, EventInputs, build
from dexter.ml.inputs import row
from dexter.ml.labels import Outcome, outcome
from dexter.store.database import Database
from dexter.store.figures import best
from dexter.store.filings import StoreFilings, candidates
from dexter.store.prices import ParquetPrices

COMPANIES_PER_TASK = 40
EVERY_SESSION = 100_000
SESSION_SHARE = 0.1
"""A day with fewer bars than this share of the busiest day is no market session."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class FeaturedEvent:
    """One event: its model inputs (NaN where null), and what followed.

    ``has_fixed_band`` is null when no bar was known before publication;
    ``features_hash`` fingerprints the inputs.
    """

    symbol: str
    period_end: date
    published_at: datetime
    basis: Basis
    inputs: tuple[float, ...]
    has_fixed_band: bool | None
    outcome: Outcome
    features_hash: str


@dataclass(frozen=True, slots=True)
class Featured:
    """Every event up to a day, by publication, and the market's sessions."""

    events: tuple[FeaturedEvent, ...]
    calendar: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class _Market:
    """What every company's events share."""

    as_of: AsOf
    calendar: tuple[date, ...]
    index: IndexHistory | None
    vix: IndexHistory | None


def end_of(day: date) -> AsOf:
    """The last moment of a day, said out loud."""
    return AsOf(datetime.combine(day, time.max, IST), explicit=True)


def featurize(
    home: Path,
    until: date,
    on_progress: Progress,
    basis: Basis = Basis.STANDALONE,
    workers: int = 2,
) -> Featured:
    """Build features and outcomes of all events published up to a day.

    Args:
        home: The folder of database and prices.
        until: Nothing known after this day is read, prices included; outcomes whose
            window reaches beyond it stay unknown.
        on_progress: Called with a stage, companies done and companies in all.
        basis: The one basis figures are taken on.
        workers: Processes.

    Raises:
        StoreError: database or prices do not read.
    """
    as_of = end_of(until)
    database = Database.open(home)
    try:
        events = asyncio.run(_events(database, as_of))
        calendar = market_sessions(database, until)
    finally:
        database.close()
    by_company: dict[str, list[ResultsEvent]] = {}
    for event in events:
        by_company.setdefault(event.symbol, []).append(event)
    parts = list(_parts(list(by_company.values())))
    done: list[FeaturedEvent] = []
    finished = 0
    # Forkserver: the parent may hold threads that fork would freeze.
    with ProcessPoolExecutor(workers, mp_context=get_context("forkserver")) as pool:
        tasks = {
            pool.submit(featurize_companies, home, part, as_of, calendar, basis): part
            for part in parts
        }
        for task in as_completed(tasks):
            done.extend(task.result())
            finished += len(tasks[task])
            on_progress("features", finished, len(by_company))
    done.sort(key=lambda e: (e.published_at, e.symbol, e.period_end))
    return Featured(tuple(done), calendar)


def market_sessions(database: Database, until: date) -> tuple[date, ...]:
    """Days on which the market traded, from the bars themselves, ascending."""
    counts = ParquetPrices(database).bars_by_day()
    floor = SESSION_SHARE * max(counts.values(), default=0)
    return tuple(
        sorted(day for day, bars in counts.items() if bars >= floor and day <= until)
    )


def featurize_companies(
    home: Path,
    companies: Sequence[Sequence[ResultsEvent]],
    as_of: AsOf,
    calendar: tuple[date, ...],
    basis: Basis,
) -> list[FeaturedEvent]:
    """Features and outcomes of some companies' events; runs in a worker process."""
    database = Database.open(home)
    try:
        return asyncio.run(_some(database, companies, as_of, calendar, basis))
    finally:
        database.close()


async def _events(database: Database, as_of: AsOf) -> tuple[ResultsEvent, ...]:
    window = Window(date.min, as_of.day, "everything")
    return await StoreFilings(database).reporters(window, as_of)


def _parts(
    companies: list[list[ResultsEvent]],
) -> Iterator[list[list[ResultsEvent]]]:
    for start in range(0, len(companies), COMPANIES_PER_TASK):
        yield companies[start : start + COMPANIES_PER_TASK]


async def _some(
    database: Database,
    companies: Sequence[Sequence[ResultsEvent]],
    as_of: AsOf,
    calendar: tuple[date, ...],
    basis: Basis,
) -> list[FeaturedEvent]:
    prices = ParquetPrices(database)
    market = _Market(
        as_of,
        calendar,
        await prices.index(MARKET_INDEX, as_of, EVERY_SESSION),
        await prices.index(VOLATILITY_INDEX, as_of, EVERY_SESSION),
    )
    found: list[FeaturedEvent] = []
    for events in companies:
        symbol = events[0].symbol
        history = await prices.history(symbol, as_of, EVERY_SESSION)
        with database.read() as connection:
            versions = candidates(connection, symbol, as_of)
        found += [_event(e, history, versions, market, basis) for e in events]
    return found


def _event(
    event: ResultsEvent,
    history: PriceHistory | None,
    versions: Sequence[QuarterFigures],
    market: _Market,
    basis: Basis,
) -> FeaturedEvent:
    then = AsOf(event.published_at, explicit=True)
    vector = build(
        EventInputs(
            symbol=event.symbol,
            published_at=event.published_at,
            quarter=Quarter.containing(event.period_end),
            basis=basis,
            prices=history,
            market=market.index,
            vix=market.vix,
            figures=best(versions, then),
        )
    )
    inputs = row(vector.features, MODEL_INPUTS)
    band = vector.features["has_fixed_band"].value
    return FeaturedEvent(
        symbol=event.symbol,
        period_end=event.period_end,
        published_at=event.published_at,
        basis=basis,
        inputs=tuple(inputs),
        has_fixed_band=None if band is None else bool(band),
        outcome=(
            Outcome(None, "no prices at hand", None)
            if history is None
            else outcome(history, event.published_at, market.calendar)
        ),
        features_hash=hashlib.sha256(
            vector.catalogue_hash.encode() + np.array(inputs).tobytes()
        ).hexdigest(),
    )
