"""The events a study is about: chosen by what was known, then followed by period."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Self

import numpy as np
import numpy.typing as npt

from dexter.domain.company import Family
from dexter.domain.filing import Basis, ResultsEvent
from dexter.domain.period import Quarter, Window
from dexter.domain.results import SeasonPeer
from dexter.features.columns import Array, Mask, Whole
from dexter.features.known import Asked
from dexter.features.matrix import FeatureMatrix, blocks, build_matrix
from dexter.features.moments import day_number, ist_days, quarter_of
from dexter.ml.blockbuster import MEASURES, MINIMUM_PEERS, score_columns
from dexter.ml.outcomes import Outcomes, outcomes
from dexter.ml.scored import COHORTS, peers_of
from dexter.ml.splits import season_of
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.filings import StoreFilings
from pipelines.featurize import BLOCK, World, asked_of, end_of, stacked, world_of
from pipelines.study.returns import After, after
from pipelines.study.spec import Period

TURNOVER = "log_turnover_20"
FIXED_BAND = "has_fixed_band"
_NAMES = (*MEASURES, TURNOVER, FIXED_BAND)

Words = npt.NDArray[np.str_]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Events:
    """All events up to a day, by what was known when each was published.

    ``score`` and ``coverage`` as in ``ml.blockbuster``, ``turnover`` log10 of the
    median day in rupees, ``fixed_band`` whether there is an upper circuit at all.
    """

    asked: Asked
    score: Array
    coverage: Array
    turnover: Array
    fixed_band: Mask
    world: World

    @property
    def last_day(self) -> date:
        """The last session whose prices are at hand."""
        return date.fromordinal(_EPOCH + int(self.world.calendar[-1]))

    def during(self, period: Period) -> Whole:
        """Places of the events published in a period."""
        days = ist_days(self.asked.moment)
        first, last = day_number(period.first), day_number(period.last)
        return np.flatnonzero((days >= first) & (days <= last))


_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Sample:
    """Events of one period and what followed; NaN is not known. All per one.

    Attributes:
        score: The blockbuster score; ``coverage`` of its components, 0–1.
        turnover: log10 of the median daily turnover in rupees.
        day: Session 0, the session the market could first react in; -1 while ahead.
        season: The results season it was published in.
        circuit: Whether a session of 0, 1, 2 closed at its upper limit.
        locked: Whether session 0 opened there, so that nobody could have bought.
        net: From the first tradable price to the close of session 2, after cost.
        after_entry: The same before cost, less the market's.
        after_reaction: From the close of session 0 to that of session 3, less the
            market's, before cost.
        reaction: From the close before session 0 to that of session 2, less the
            market's: part of it before anybody could have bought.
        absent: Why the net return is not known; empty where it is.
    """

    score: Array
    coverage: Array
    turnover: Array
    day: Whole
    season: Whole
    circuit: Array
    locked: Mask
    net: Array
    after_entry: Array
    after_reaction: Array
    reaction: Array
    absent: Words

    def __len__(self) -> int:
        """Number of events."""
        return len(self.score)

    def take(self, chosen: Mask) -> Self:
        """The chosen events."""
        columns = {one.name: getattr(self, one.name)[chosen] for one in fields(self)}
        return type(self)(**columns)

    @property
    def won(self) -> Array:
        """1.0 where the net return is above 0, NaN where it is not known."""
        return np.where(np.isfinite(self.net), (self.net > 0).astype(float), np.nan)


def events_until(database: Database, until: date, tell: Progress) -> Events:
    """Score every event published up to a day; no outcome is read.

    Raises:
        StoreError: database or prices do not read.
    """
    store = StoreFilings(database)
    window = Window(date.min, until, "everything")
    found = asyncio.run(store.reporters(window, end_of(until)))
    events = sorted(found, key=lambda e: (e.symbol, e.published_at, e.period_end))
    tell("reading", 0, len(events))
    symbols = {event.symbol for event in events}
    world = world_of(database, until, Basis.STANDALONE, symbols)
    asked = asked_of(events, world.companies)
    matrix = _features(world, asked, tell)
    tell("scores", 0, len(events))
    scores = score_columns(
        {name: matrix.columns[name].values for name in MEASURES},
        _cohorts(database, events),
        asked.quarter,
        asked.moment,
        asked.company,
        peers_of(_seasons(store, asked, until), dict(world.companies)),
        MINIMUM_PEERS,
    )
    tell("scores", len(events), len(events))
    return Events(
        asked=asked,
        score=scores.score,
        coverage=scores.coverage,
        turnover=matrix.columns[TURNOVER].values,
        fixed_band=matrix.columns[FIXED_BAND].values == 1,
        world=world,
    )


def followed(events: Events, period: Period, chosen: Whole) -> Sample:
    """What followed chosen events, by the prices of their own period alone.

    Args:
        events: Where they are from.
        period: Windows that reach beyond its last day stay unknown.
        chosen: Their places.
    """
    world, asked = events.world, events.asked
    mine = Asked(asked.company[chosen], asked.moment[chosen], asked.quarter[chosen])
    there = world.calendar <= day_number(period.last)
    calendar, market = world.calendar[there], world.market_return[there]
    told = outcomes(world.sources.bars, calendar, market, mine)
    moved = after(world.sources.bars, calendar, market, mine)
    return _sample(events, chosen, told, moved)


def _sample(events: Events, chosen: Whole, told: Outcomes, moved: After) -> Sample:
    # A share with futures has no limit to close at.
    banded = events.fixed_band[chosen]
    return Sample(
        score=events.score[chosen],
        coverage=events.coverage[chosen],
        turnover=events.turnover[chosen],
        day=told.day0,
        season=season_of(events.asked.moment[chosen]),
        circuit=np.where(banded, told.upper_circuit.values, np.nan),
        locked=told.locked_open,
        net=told.net_return.values,
        after_entry=moved.entry,
        after_reaction=moved.reaction,
        reaction=told.abnormal.values,
        absent=np.array(["", *told.net_return.reasons])[told.net_return.why],
    )


def _features(world: World, asked: Asked, tell: Progress) -> FeatureMatrix:
    parts: list[FeatureMatrix] = []
    for part in blocks(asked, BLOCK):
        tell("features", min(len(parts) * BLOCK, len(asked)), len(asked))
        parts.append(build_matrix(world.sources, part, _NAMES))
    tell("features", len(asked), len(asked))
    return stacked(parts, _NAMES)


def _cohorts(database: Database, events: list[ResultsEvent]) -> Whole:
    known = StoreDirectory(database).families()
    families = [Family(known.get(event.symbol, Family.GENERAL)) for event in events]
    return np.array([COHORTS.index(family) for family in families], dtype=np.int64)


def _seasons(
    store: StoreFilings, asked: Asked, until: date
) -> Mapping[Quarter, tuple[SeasonPeer, ...]]:
    """Peers of every quarter asked about and of those before."""
    numbers = np.unique(np.concatenate([asked.quarter, asked.quarter - 1]))
    quarters = [quarter_of(int(number)) for number in numbers]
    return {q: asyncio.run(store.season(q, end_of(until))) for q in quarters}
