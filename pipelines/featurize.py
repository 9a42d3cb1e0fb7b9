"""Features and outcomes of every dated results event in a home.

The same ``dexter.features.matrix`` that serves one question runs here over all events
at once, in blocks, so that memory stays bounded.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import numpy as np

from dexter.domain.filing import Basis, ResultsEvent
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter, Window
from dexter.features.bars import Series, series_of
from dexter.features.breadth import busy
from dexter.features.columns import UNDEFINED, Array, Column, Whole, joined
from dexter.features.figures import LAGS, figures_of
from dexter.features.known import Asked, Sources
from dexter.features.market_days import MarketDays, market_days_of
from dexter.features.matrix import EVERY, FeatureMatrix, blocks, build_matrix
from dexter.features.moments import (
    NEVER,
    moment_number,
    moment_of,
    quarter_number,
    whole,
)
from dexter.features.regime import INDICES
from dexter.features.stories import HEADLINE_DAYS, stories_of
from dexter.ml.outcomes import Outcomes, outcomes
from dexter.store.database import Database
from dexter.store.filings import StoreFilings, every_candidate
from dexter.store.news import StoreNews
from dexter.store.prices import ParquetPrices
from pipelines.panel import Panel, Part, panel

BLOCK = 4096
"""Events computed at once: a few hundred megabytes at most."""

ALWAYS = 100_000
"""More sessions than there were."""

FIGURES_BACK = timedelta(days=366 * (LAGS // 4 + 2))
STORIES_BACK = timedelta(days=HEADLINE_DAYS + 1)

EARLIER = timedelta(days=120)
"""How long after a quarter's first results those on another basis may come."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class World:
    """Everything a home knew by a day, as features read it.

    ``companies`` number the sources; ``calendar`` are the market's sessions as days.
    """

    companies: Mapping[str, int]
    sources: Sources
    calendar: Whole
    market_return: Array


@dataclass(frozen=True, slots=True)
class Featured:
    """Every event up to a day, by publication: what was known, and what followed."""

    events: tuple[ResultsEvent, ...]
    asked: Asked
    matrix: FeatureMatrix
    outcomes: Outcomes
    basis: Basis
    calendar: Whole
    companies: Mapping[str, int]

    @property
    def symbols(self) -> tuple[str, ...]:
        """Whose each event is."""
        return tuple(event.symbol for event in self.events)


def end_of(day: date) -> AsOf:
    """The last moment of a day, said out loud."""
    return AsOf(datetime.combine(day, time.max, IST), explicit=True)


def featurize(
    database: Database,
    until: date,
    on_progress: Progress,
    basis: Basis = Basis.STANDALONE,
    names: Sequence[str] = EVERY,
    window: Window | None = None,
) -> Featured:
    """Build features and outcomes of all events published up to a day.

    A model's tone of a headline counts from when the model gave it, whatever the
    settings let questions see: training and backtests are records of what could have
    been known, and a tone in hindsight may hold what came after.

    Args:
        database: An open home.
        until: Nothing known after this day is read, prices included; outcomes whose
            window reaches beyond it stay unknown.
        on_progress: Called with a stage, events done and events in all.
        basis: The one basis figures are taken on.
        names: Features wanted.
        window: Only events whose scored results were published in it.

    Raises:
        StoreError: database or prices do not read.
    """
    window = window or Window(date.min, until, "everything")
    opens = max(date.min + EARLIER, window.start) - EARLIER
    first = Window(opens, window.end, window.label)
    found = asyncio.run(StoreFilings(database).reporters(first, end_of(until)))
    on_progress("reading", 0, len(found))
    symbols = {event.symbol for event in found}
    world = world_of(database, until, basis, symbols)
    events = [
        event
        for event in scored_events(found, world)
        if event.published_at.astimezone(IST).date() in window
    ]
    asked = asked_of(events, world.companies)
    parts: list[FeatureMatrix] = []
    for part in blocks(asked, BLOCK):
        on_progress("features", len(parts) * BLOCK, len(events))
        parts.append(build_matrix(world.sources, part, names))
    on_progress("features", len(events), len(events))
    order = np.argsort(asked.moment, kind="stable")
    matrix = stacked(parts, names).rows(order)
    asked = Asked(asked.company[order], asked.moment[order], asked.quarter[order])
    return Featured(
        events=tuple(events[place] for place in order),
        asked=asked,
        matrix=matrix,
        outcomes=outcomes(
            world.sources.bars, world.calendar, world.market_return, asked
        ),
        basis=basis,
        calendar=world.calendar,
        companies=world.companies,
    )


def scored_events(events: Sequence[ResultsEvent], world: World) -> list[ResultsEvent]:
    """Events as they are scored: from when the results on the world's own basis came.

    A company may publish its consolidated results first; what is scored are the others,
    whose figures features read. Neighbours of one company come in order of time.
    """
    asked = asked_of(events, world.companies)
    own = world.sources.figures.first_published(asked.company, asked.quarter)
    timed = [
        event if moment == NEVER else replace(event, published_at=moment_of(moment))
        for event, moment in zip(events, own.tolist(), strict=True)
    ]
    return sorted(timed, key=lambda e: (e.symbol, e.published_at, e.period_end))


def world_of(
    database: Database,
    until: date,
    basis: Basis,
    also: set[str] | None = None,
    part: Part | None = None,
    *,
    hindsight: bool = False,
) -> World:
    """Everything known by a day; companies without a bar (``also``) have none.

    With a ``part`` of the bars comes only what features of that day still read of the
    rest: some years of figures, some months of headlines. ``hindsight`` lets tones of a
    model count before the model gave them.
    """
    as_of = end_of(until)
    market = panel(database, until, part)
    companies = {symbol: place for place, symbol in enumerate(market.symbols)}
    for symbol in sorted((also or set()) - set(companies)):
        companies[symbol] = len(companies)
    with database.read() as connection:
        versions = every_candidate(
            connection, as_of, since=until - FIGURES_BACK if part else None
        )
    news = StoreNews(database, hindsight=hindsight)
    stories = news.everything(as_of, since=until - STORIES_BACK if part else None)
    prices = ParquetPrices(database)
    days = asyncio.run(_market_days(prices, as_of))
    calendar = market_sessions(market)
    sources = Sources(
        bars=market.bars.with_companies(len(companies)),
        indices=asyncio.run(_indices(prices, as_of)),
        market=days,
        figures=figures_of([versions.get(s, []) for s in companies], basis),
        stories=stories_of(
            [stories.get(symbol, []) for symbol in companies], news.tones(as_of)
        ),
    )
    return World(companies, sources, calendar, _market_return(calendar, days))


def asked_of(events: Sequence[ResultsEvent], companies: Mapping[str, int]) -> Asked:
    """Events as columns."""
    return Asked(
        company=whole(companies[event.symbol] for event in events),
        moment=whole(moment_number(event.published_at) for event in events),
        quarter=whole(
            quarter_number(Quarter.containing(event.period_end)) for event in events
        ),
    )


def stacked(parts: Sequence[FeatureMatrix], names: Sequence[str]) -> FeatureMatrix:
    """Matrices of the same features, one below the other."""
    if not parts:
        nothing = Column.nothing(0, UNDEFINED)
        return FeatureMatrix(dict.fromkeys(names, nothing))
    return FeatureMatrix(
        {name: joined([part.columns[name] for part in parts]) for name in names}
    )


def market_sessions(market: Panel) -> Whole:
    """Days on which the market traded, from the bars themselves, ascending."""
    days, bars = np.unique(market.bars.day, return_counts=True)
    sessions: Whole = days[busy(days, bars)]
    return sessions


async def _market_days(prices: ParquetPrices, as_of: AsOf) -> MarketDays | None:
    kept = await prices.market(as_of, ALWAYS)
    return None if kept is None else market_days_of(kept)


async def _indices(prices: ParquetPrices, as_of: AsOf) -> dict[str, Series]:
    found: dict[str, Series] = {}
    for name in INDICES:
        index = await prices.index(name, as_of, ALWAYS)
        if index is not None:
            found[name] = series_of(index)
    return found


def _market_return(calendar: Whole, days: MarketDays | None) -> Array:
    """The equal-weight return of each session, NaN where it is not kept."""
    found = np.full(len(calendar), np.nan)
    if days is None or not len(days):
        return found
    place = np.minimum(np.searchsorted(days.day, calendar), len(days) - 1)
    there = days.day[place] == calendar
    found[there] = days.equal_weight[place[there]]
    return found
