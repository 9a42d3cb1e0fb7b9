"""No look-ahead: what was known after a moment changes no feature, whatever it is.

A thousand (company, moment) pairs of the real market, and some of a made-up one. Every
datum known at or after the moment (bars, deliveries, index closes, market days,
figures, headlines) is replaced by noise, its own time included; every feature must stay
the same to the bit.
"""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from dexter.features.bars import DELIVERY_TOLD_AT, INDEX_FILES_AT, Bars, Series
from dexter.features.columns import Mask, Whole
from dexter.features.figures import Figures
from dexter.features.known import Asked, Sources, see
from dexter.features.market_days import MarketDays
from dexter.features.matrix import EVERY, FeatureMatrix, of_known
from dexter.features.moments import (
    DAY,
    NEVER,
    at_minute,
    bars_known_at,
    ist_days,
    whole,
)
from dexter.features.stories import Stories
from dexter.features.story_kinds import Kind
from tests.features.worlds import SESSIONS, at_times, made_up_world, real_world, some

MOMENTS, COMPANIES = 50, 20
"""A thousand pairs: of twenty companies at a time, anywhere or where one is told."""

EDGES = (0, 9 * 60 + 15, 15 * 60 + 30, 20 * 60)
_TIMES = {"starts", "day", "known_at"}
_RANKED = ("profit_qoq", "profit_change", "profit_yield")


@pytest.mark.slow
@pytest.mark.real
def test_a_thousand_moments_of_the_real_market(market_home: Path) -> None:
    world = real_world(market_home)
    random = np.random.default_rng(19)
    for turn in range(MOMENTS):
        chosen = random.integers(0, world.bars.companies, COMPANIES)
        mine = some(world, chosen.tolist())
        edges = [*session_edges(mine, random), *published_edges(mine, random)]
        told = int(random.choice(edges))
        assert_unmoved(mine, told if turn % 2 else anywhere(mine, random), random)


def test_moments_of_a_made_up_market() -> None:
    world = made_up_world()
    random = np.random.default_rng(18)
    moments = session_edges(world, random)
    for company in range(world.bars.companies):
        told = published_edges(some(world, [company]), random)
        moments += random.choice(told, 5).tolist()
    for moment in moments:
        assert_unmoved(world, moment, random)


def test_most_features_of_the_made_up_market_are_known() -> None:
    """Noise that meets nothing would prove nothing."""
    world = made_up_world()
    evening = at_minute(world.bars.day[SESSIONS - 40 : SESSIONS], 21 * 60)
    quarter = quarters_at(world, int(evening[0]))[[0] * len(evening)]
    known = see(world, Asked(np.zeros_like(evening), evening, quarter))
    unknown = [name for name, share in of_known(known).filled().items() if not share]
    assert len(unknown) < len(EVERY) / 10, unknown


def anywhere(world: Sources, random: np.random.Generator) -> int:
    """A moment of a company's life, to the microsecond."""
    return int(random.choice(world.bars.day)) * DAY + int(random.integers(0, DAY))


def session_edges(world: Sources, random: np.random.Generator) -> list[int]:
    """Where a session's data become known, and beside it."""
    day = random.choice(world.bars.day, 1)
    told = [int(at_minute(day, minute)[0]) for minute in EDGES]
    return [edge + beside for edge in told for beside in (-1, 0, 1)]


def published_edges(world: Sources, random: np.random.Generator) -> list[int]:
    """Where figures and headlines were published, and beside it."""
    told: list[int] = []
    for times in (world.figures.known_at, world.stories.known_at):
        told += random.choice(times, min(3, len(times)), replace=False).tolist()
    return [edge + beside for edge in told for beside in (-1, 0, 1)]


def assert_unmoved(world: Sources, moment: int, random: np.random.Generator) -> None:
    """The future changes nothing of any company, whatever stands in its place."""
    everyone = np.arange(world.bars.companies)
    asked = Asked(everyone, np.full_like(everyone, moment), quarters_at(world, moment))
    true = of_known(see(world, asked))
    noised = of_known(see(Noise(moment, random).over(world), asked))
    moved = [name for name in EVERY if differs(true, noised, name)]
    assert not moved, (moment, moved)


def differs(one: FeatureMatrix, other: FeatureMatrix, name: str) -> bool:
    here, there = one.columns[name], other.columns[name]
    reasons = [[c.reason(row) for row in range(len(c))] for c in (here, there)]
    return here.values.tobytes() != there.values.tobytes() or reasons[0] != reasons[1]


def quarters_at(world: Sources, moment: int) -> Whole:
    """Everyone's newest quarter with figures at a moment; any, where there is none."""
    seen = world.figures.known_at <= moment
    newest = np.full(world.bars.companies, 8_080)
    np.maximum.at(newest, world.figures.company[seen], world.figures.quarter[seen])
    return newest


class Noise:
    """Anything in place of what was known at or after a moment."""

    def __init__(self, moment: int, random: np.random.Generator) -> None:
        self._moment, self._random = moment, random

    def over(self, world: Sources) -> Sources:
        """The same past, another future."""
        assert world.market is not None
        return replace(
            world,
            bars=self.bars(world.bars),
            indices={name: self.series(one) for name, one in world.indices.items()},
            market=self.days(world.market),
            figures=self.figures(world.figures),
            stories=self.stories(world.stories),
        )

    def bars(self, bars: Bars) -> Bars:
        late = bars.known_at >= self._moment
        untold = at_minute(bars.day, DELIVERY_TOLD_AT) >= self._moment
        day = self._later(bars.day, late)
        names = [f.name for f in fields(Bars) if f.name not in _TIMES]
        found = {name: self._shaken(getattr(bars, name), late) for name in names}
        found["delivered"] = self._shaken(bars.delivered, late | untold)
        return replace(bars, day=day, known_at=bars_known_at(day), **found)

    def series(self, series: Series) -> Series:
        late = series.known_at >= self._moment
        day = self._later(series.day, late)
        close = self._shaken(series.close, late)
        return Series(day, at_minute(day, INDEX_FILES_AT), close)

    def days(self, days: MarketDays) -> MarketDays:
        late = days.known_at >= self._moment
        day = self._later(days.day, late)
        real = {
            f.name: self._shaken(values, late)
            for f in fields(MarketDays)
            for values in [getattr(days, f.name)]
            if isinstance(values, np.ndarray)
            and values.dtype == np.float64
            and f.name not in _RANKED
        }
        # A day's publications count once it is over.
        today = ist_days(whole([self._moment]))[0]
        open_days, unranked = days.result_day >= today, days.ranked_day >= today
        return replace(
            days,
            day=day,
            known_at=bars_known_at(day),
            result_day=self._later(days.result_day, open_days),
            results=np.where(open_days, days.results + 9_999, days.results),
            ranked_day=self._later(days.ranked_day, unranked),
            **{n: self._shaken(getattr(days, n), unranked) for n in _RANKED},
            stories_from=self._first_time(days.stories_from),
            stories_until=self._first_time(days.stories_until),
            social_from=self._first_time(days.social_from),
            **real,
        )

    def figures(self, figures: Figures) -> Figures:
        """Revisions and later quarters; what the event itself published is known."""
        late = figures.known_at > self._moment
        items = {
            name: self._shaken(values, late, 1e7)
            for name, values in figures.items.items()
        }
        return replace(
            figures,
            items=items,
            proven=figures.proven ^ late,
            published_at=self._moved(figures.published_at, late),
        )

    def stories(self, stories: Stories) -> Stories:
        late = stories.known_at >= self._moment
        unread = late | (stories.read_at > self._moment)
        read = np.where(unread, self._moment + 1, stories.read_at)
        return replace(
            at_times(stories, self._later(stories.known_at, late, DAY)),
            tone=self._shaken(stories.tone, late),
            novelty=self._shaken(stories.novelty, late),
            model_tone=self._shaken(stories.model_tone, unread),
            read_at=read + unread * self._random.integers(0, DAY, len(read)),
            kind=np.where(late, (stories.kind + 3) % len(Kind), stories.kind),
            social=np.where(late, 1 - stories.social, stories.social),
            from_moment=self._first_time(stories.from_moment),
            social_from=self._first_time(stories.social_from),
        )

    def _shaken(self, values: np.ndarray, late: Mask, size: float = 100) -> np.ndarray:
        """The values, the late ones of any size, some not a number."""
        found = np.array(values, dtype=np.float64)
        noise = np.exp(self._random.normal(0, 3, found[late].shape)) * size
        noise[self._random.uniform(size=noise.shape) < 0.1] = np.nan
        found[late] = noise
        return found

    def _later(self, times: Whole, late: Mask, most: int = 9) -> Whole:
        """Ascending times, the late ones put off."""
        return times + late * int(self._random.integers(0, most))

    def _moved(self, times: Whole, late: Mask) -> Whole:
        """Times in any order, the late ones anywhere."""
        other = self._moment + self._random.integers(-400 * DAY, 400 * DAY, len(times))
        return np.where(late, other, times)

    def _first_time(self, moment: int) -> int:
        """When something first was, or last: if later, at another time or never."""
        if moment < self._moment:
            return moment
        other = self._moment + int(self._random.integers(0, 99 * DAY))
        return NEVER if self._random.uniform() < 0.5 else other


def test_noise_replaces_the_whole_future_and_nothing_else() -> None:
    world = some(made_up_world(), [0])
    moment = int(world.bars.known_at[-40])
    noised = Noise(moment, np.random.default_rng(17)).over(world)
    for name in ("close", "factor", "band", "trades"):
        here, there = getattr(world.bars, name), getattr(noised.bars, name)
        assert (here[:-40] == there[:-40]).all(), name
        assert (here[-40:] != there[-40:]).all(), name
    assert (world.bars.delivered[-41:] != noised.bars.delivered[-41:]).sum() == 40
    known = world.figures.known_at <= moment
    for name in ("revenue", "net_profit"):
        here, there = world.figures.items[name], noised.figures.items[name]
        assert ((here == there) == known).all()
    seen = world.stories.known_at < moment
    assert (world.stories.tone[seen] == noised.stories.tone[seen]).all()
    assert not (world.stories.kind[~seen] == noised.stories.kind[~seen]).any()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Noise overflows here and there; that is no warning of the features'."""
    with np.errstate(all="ignore"):
        yield
