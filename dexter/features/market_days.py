"""The whole market session by session: breadth, circuits, results, strength."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dexter.domain.market import MarketHistory
from dexter.features.columns import Array, Whole
from dexter.features.moments import (
    NEVER,
    bars_known_at,
    day_number,
    moment_number,
    whole,
)

QUANTILES = np.arange(5, 100, 5) / 100
"""At which share of companies, or results, the kept quantiles lie."""


@dataclass(frozen=True, slots=True, eq=False)
class MarketDays:
    """Sessions as columns, ascending, NaN where not told; as in ``MarketHistory``.

    ``strength`` has shape ``(sessions, 19)``. ``results[i]`` were first published on
    calendar day ``result_day[i]``; a day is over before it counts. Of calendar days
    ``ranked_day`` are ``profit_qoq``, ``profit_change`` and ``profit_yield``, shape
    ``(days, 19)``. ``stories_from`` and
    ``stories_until`` bound the headlines that are kept of any company, ``social_from``
    begins those of social feeds (``NEVER`` where there are none).
    """

    day: Whole
    known_at: Whole
    shares: Array
    advancing: Array
    above_50: Array
    above_200: Array
    highs_252: Array
    lows_252: Array
    upper_closes: Array
    lower_closes: Array
    banded: Array
    median_turnover: Array
    equal_weight: Array
    resolved: Array
    resolved_hits: Array
    strength: Array
    result_day: Whole
    results: Whole
    ranked_day: Whole
    profit_qoq: Array
    profit_change: Array
    profit_yield: Array
    stories_from: int
    stories_until: int
    social_from: int

    def __len__(self) -> int:
        """Number of sessions."""
        return len(self.day)

    def ends(self, moment: Whole) -> Whole:
        """How many sessions were over strictly before each moment."""
        return self.known_at.searchsorted(moment, side="left")

    def published(self, since: Whole, before: Whole) -> Whole:
        """Results first published on days ``since`` to ``before`` less one."""
        so_far = _results_so_far(self)
        first, end = np.searchsorted(self.result_day, [since, before])
        found: Whole = np.where(before > since, so_far[end] - so_far[first], 0)
        return found


@lru_cache(maxsize=2)
def _results_so_far(market: MarketDays) -> Whole:
    """Results of the days before each one of ``result_day``, and of all."""
    return np.concatenate([[0], np.cumsum(market.results)])


_NUMBERS = (
    "shares",
    "advancing",
    "above_50",
    "above_200",
    "highs_252",
    "lows_252",
    "upper_closes",
    "lower_closes",
    "banded",
    "median_turnover",
    "equal_weight",
    "resolved",
    "resolved_hits",
)


def market_days_of(history: MarketHistory) -> MarketDays:
    """The market's sessions as arrays."""
    day = whole(day_number(session) for session in history.sessions)
    return MarketDays(
        day=day,
        known_at=bars_known_at(day),
        **{n: np.array(getattr(history, n), dtype=np.float64) for n in _NUMBERS},
        strength=_quantiles(history.strength),
        result_day=whole(day_number(one) for one in history.result_days),
        results=whole(history.results),
        ranked_day=whole(day_number(one) for one in history.ranked_days),
        profit_qoq=_quantiles(history.profit_qoq),
        profit_change=_quantiles(history.profit_change),
        profit_yield=_quantiles(history.profit_yield),
        stories_from=_number(history.stories_from),
        stories_until=_number(history.stories_until),
        social_from=_number(history.social_from),
    )


def strength_percentile(market: MarketDays, rows: Whole, value: Array) -> Array:
    """Percentile (0–100) of raw relative strength among the companies of a session.

    Args:
        market: The sessions.
        rows: Which session, shape ``(n,)``.
        value: Raw relative strength, shape ``(n,)``.

    Returns:
        Shape ``(n,)``; NaN where either is not known.
    """
    return percentile(market.strength[rows], value)


def percentile(quantiles: Array, value: Array) -> Array:
    """Percentile (0–100) of values among those whose quantiles are told.

    Linear between the kept quantiles; below the lowest and above the highest the step
    beside it goes on, up to 0 and 100.

    Args:
        quantiles: At ``QUANTILES``, shape ``(n, 19)``.
        value: Shape ``(n,)``.

    Returns:
        Shape ``(n,)``; NaN where either is not known.
    """
    above = (value[:, None] >= quantiles).sum(axis=1)
    left = np.clip(above - 1, 0, len(QUANTILES) - 2)
    row = np.arange(len(left))
    low, high = quantiles[row, left], quantiles[row, left + 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(high > low, (value - low) / (high - low), 0.5)
    step = QUANTILES[1] - QUANTILES[0]
    found = np.clip(100 * (QUANTILES[left] + step * share), 0.0, 100.0)
    return np.where(np.isfinite(value) & np.isfinite(low), found, np.nan)


def _number(moment: datetime | None) -> int:
    return NEVER if moment is None else moment_number(moment)


def _quantiles(told: Sequence[Sequence[float]]) -> npt.NDArray[np.float64]:
    found = np.full((len(told), len(QUANTILES)), np.nan)
    for row, quantiles in enumerate(told):
        if len(quantiles) == len(QUANTILES):
            found[row] = quantiles
    return found
