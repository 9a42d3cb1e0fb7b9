"""One company of which everything is told: all that one event's features read."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from dexter.domain.filing import Basis, Grade, Headline
from dexter.domain.period import Quarter
from dexter.domain.results import FIGURE_ITEMS, QuarterFigures
from dexter.features.bars import INDEX_FILES_AT, Bars, Series
from dexter.features.columns import Array
from dexter.features.figures import LAGS, figures_of
from dexter.features.known import Asked, Sources
from dexter.features.market_days import QUANTILES, MarketDays
from dexter.features.moments import (
    at_minute,
    bars_known_at,
    day_of,
    moment_of,
    quarter_number,
    whole,
)
from dexter.features.regime import INDICES
from dexter.features.stories import stories_of

STORIES = 60
_QUANTILES = ("strength", "profit_qoq", "profit_change", "profit_yield")
_WORDS = ("Bags order worth a lot", "Dividend declared", "Rating downgraded on default")


def event(bars: Bars) -> tuple[Sources, Asked]:
    """The results of one company at the moment its last bar became known.

    Args:
        bars: Of that company alone.
    """
    moment = int(bars.known_at[-1]) + 1
    quarter = Quarter.ended_before(day_of(int(bars.day[-1])))
    sources = Sources(
        bars=bars,
        indices={
            name: Series(
                bars.day, at_minute(bars.day, INDEX_FILES_AT), _walk(bars, seed)
            )
            for seed, name in enumerate(INDICES)
        },
        market=_market(bars),
        figures=figures_of([list(_figures(quarter, moment))], Basis.STANDALONE),
        stories=stories_of([list(_stories(moment))]),
    )
    return sources, Asked(whole([0]), whole([moment]), whole([quarter_number(quarter)]))


def _walk(bars: Bars, seed: int) -> Array:
    steps = np.random.default_rng(seed).normal(0, 0.01, len(bars))
    return np.asarray(1000 * np.exp(np.cumsum(steps)), dtype=np.float64)


def _market(bars: Bars) -> MarketDays:
    rng = np.random.default_rng(5)
    days, alike = bars.day, {"result_day": bars.day, "ranked_day": bars.day}
    told: dict[str, npt.NDArray[Any]] = {"day": days, **alike}
    told["known_at"] = bars_known_at(days)
    told["results"] = rng.integers(1, 50, len(days))
    for name in _QUANTILES:
        drawn = rng.normal(0, 0.4, (len(days), len(QUANTILES)))
        told[name] = np.sort(drawn, axis=1)
    begun = {"stories_from": 0, "social_from": 0}
    rest = [one.name for one in fields(MarketDays) if one.name not in {*told, *begun}]
    told |= {name: rng.uniform(5, 60, len(days)) for name in rest}
    until = int(told["known_at"][-1])
    return MarketDays(**{**told, **begun, "stories_until": until})  # type: ignore[arg-type]  # columns by name


def _figures(quarter: Quarter, moment: int) -> Iterator[QuarterFigures]:
    rng = np.random.default_rng(6)
    for back in range(LAGS):
        known = moment_of(moment) - timedelta(days=91 * back)
        yield QuarterFigures(
            symbol="MADEUP",
            period_end=quarter.shift(-back).end,
            basis=Basis.STANDALONE,
            known_at=known,
            published_at=known,
            grade=Grade.A,
            sources={},
            **{name: Decimal(int(rng.integers(10**6, 10**8))) for name in FIGURE_ITEMS},
        )


def _stories(moment: int) -> Iterator[Headline]:
    last: datetime = moment_of(moment)
    for place in range(STORIES):
        when = last - timedelta(days=3 * place, hours=1)
        title = _WORDS[place % len(_WORDS)]
        yield Headline("MADEUP", when, title, f"The {place}th.", "made up")
