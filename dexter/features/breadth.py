"""How each share stands in its own past, and all shares of a session together.

Every standing is a pure function of the last 252 bars, which must lie within
``WITHIN_DAYS`` calendar days: so a session measured with that much of the past at hand
is measured like one with all of it.
"""

from dataclasses import dataclass, fields

import numpy as np

from dexter.features.bars import Bars
from dexter.features.columns import Array, Mask, Whole
from dexter.features.compiled import kernel
from dexter.features.limits import lower_band
from dexter.features.market_days import QUANTILES
from dexter.features.steps import Bases

WITHIN_DAYS = 550
SESSION_SHARE = 0.1
"""A day with fewer bars than this share of the busiest day of the ``WITHIN_DAYS``
before is no session of the market."""

FEWEST = 10
"""Shares (companies) that a share of them, or a quantile, needs."""

LIQUID = 2_500_000.0
"""Rupees of median turnover over 20 sessions from which a company is of the universe
that relative strength is ranked in."""

STRENGTH = ((63, 0.4), (126, 0.2), (189, 0.2), (252, 0.2))
"""Sessions back and weight; source: the relative strength of Minervini's template."""

LONGEST = 252

SPREAD = f"{LONGEST + 1} sessions of prices over more than {WITHIN_DAYS} days"
"""Why a share with a long past has no strength: it traded too rarely."""

_ABOVE_50, _ABOVE_200, _HIGH, _LOW, _SEEN, _TURNOVER = range(6)
_MIDDLE = np.array([0.5])
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Sessions:
    """Sessions as columns, ascending; names and units as in ``MarketHistory``.

    ``strength`` has shape ``(sessions, 19)``.
    """

    day: Whole
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
    strength: Array

    def since(self, day: int) -> "Sessions":
        """Only the sessions from a day on."""
        first = int(np.searchsorted(self.day, day))
        return Sessions(*(getattr(self, one.name)[first:] for one in fields(self)))


def relative_strength(close: Array, end: Whole) -> Array:
    """Raw relative strength: weighted returns over ``STRENGTH``'s sessions.

    Args:
        close: Adjusted closes of many companies.
        end: Row after the last of each window; at least 253 rows of one company must
            lie before it.
    """
    last = close[end - 1]
    found = np.zeros(len(end))
    with np.errstate(divide="ignore", invalid="ignore"):
        for back, weight in STRENGTH:
            found += weight * (last / close[end - 1 - back] - 1)
    return found


def sessions_of(bars: Bars, since: int = 0) -> Sessions:
    """Measure every session that the bars have, from a day on."""
    days, counts = np.unique(bars.day, return_counts=True)
    kept = busy(days, counts) & (days >= since)
    asked = np.flatnonzero(bars.day >= since)
    stands = _standings(bars.starts, bars.day, bars.close, bars.turnover, since)[asked]
    move, band, free = bars.move[asked], bars.band[asked], bars.no_band[asked] > 0
    told = ~free & np.isfinite(band)
    lower = lower_band(bars, Bases.of(bars.base, bars.day))[asked]
    whole = _Days(np.searchsorted(days, bars.day[asked]), len(days))
    return Sessions(
        day=days[kept],
        shares=counts[kept].astype(np.float64),
        advancing=whole.share(np.sign(move) > 0, np.isfinite(move))[kept],
        above_50=whole.flagged(stands[:, _ABOVE_50])[kept],
        above_200=whole.flagged(stands[:, _ABOVE_200])[kept],
        highs_252=whole.flagged(stands[:, _HIGH])[kept],
        lows_252=whole.flagged(stands[:, _LOW])[kept],
        upper_closes=whole.count(told & (band > 0))[kept],
        lower_closes=whole.count(told & (lower > 0))[kept],
        banded=whole.count(told)[kept],
        median_turnover=whole.quantiles(bars.turnover[asked], _MIDDLE)[kept, 0],
        equal_weight=whole.mean(move)[kept],
        strength=whole.quantiles(_universe(bars, asked, stands), QUANTILES)[kept],
    )


def _universe(bars: Bars, asked: Whole, stands: Array) -> Array:
    """Raw relative strength of each bar whose company is ranked that day, else NaN."""
    ranked = (stands[:, _TURNOVER] >= LIQUID) & (stands[:, _SEEN] > LONGEST)
    found = np.full(len(asked), np.nan)
    found[ranked] = relative_strength(bars.close, asked[ranked] + 1)
    return found


def busy(days: Whole, counts: Whole) -> Mask:
    """Days with enough bars to be a session, judged by the days before alone."""
    first = np.searchsorted(days, days - WITHIN_DAYS)
    busiest = [counts[a : b + 1].max() for b, a in enumerate(first.tolist())]
    kept: Mask = counts >= SESSION_SHARE * np.array(busiest)
    return kept


class _Days:
    """Rows by their day."""

    def __init__(self, place: Whole, days: int) -> None:
        self._place, self._days = place, days

    def count(self, which: Mask) -> Array:
        """How many rows a day has of some."""
        found = np.bincount(self._place[which], minlength=self._days)
        return found.astype(np.float64)

    def share(self, which: Mask, among: Mask) -> Array:
        """Per one of those among whom it could be told; NaN where few."""
        base = self.count(among)
        few = base < FEWEST
        return np.where(few, np.nan, self.count(which & among) / np.maximum(base, 1))

    def flagged(self, flag: Array) -> Array:
        """As ``share`` of a column of 1, 0 and NaN."""
        return self.share(flag > 0, np.isfinite(flag))

    def mean(self, values: Array) -> Array:
        """Mean of a day's values; NaN where few."""
        there = np.isfinite(values)
        total = np.bincount(self._place[there], values[there], minlength=self._days)
        base = self.count(there)
        return np.where(base < FEWEST, np.nan, total / np.maximum(base, 1))

    def quantiles(self, values: Array, which: Array) -> Array:
        """Quantiles of each day's values; NaN where few; shape ``(days, k)``."""
        there = np.isfinite(values)
        place, values = self._place[there], values[there]
        order = np.lexsort((values, place))
        found = np.full((self._days, len(which)), np.nan)
        base = np.bincount(place, minlength=self._days)
        start = np.cumsum(base) - base
        told = base >= FEWEST
        at = which * (base[told, None] - 1)
        low = np.floor(at).astype(np.int64)
        high = np.minimum(low + 1, base[told, None] - 1)
        sorted_values = values[order]
        below, above = (sorted_values[start[told, None] + one] for one in (low, high))
        found[told] = below + (at - low) * (above - below)
        return found


@kernel
def _mean(values: Array, first: int, end: int) -> float:
    total = 0.0
    for row in range(first, end):
        total += values[row]
    mean: float = total / (end - first)
    return mean


@kernel
def _median_of_20(values: Array, end: int, room: Array) -> float:
    """Median of the 20 values before ``end``, put in order in ``room``."""
    for place in range(20):
        value = values[end - 20 + place]
        at = place
        while at > 0 and room[at - 1] > value:
            room[at] = room[at - 1]
            at -= 1
        room[at] = value
    middle: float = (room[9] + room[10]) / 2
    return middle


@kernel
def _extremes(close: Array, row: int, found: Array) -> None:
    """Whether a close is above, or below, each of the 252 before it."""
    last = close[row]
    high, low = True, True
    for before in range(row - 252, row):
        high = high and last > close[before]
        low = low and last < close[before]
        if not high and not low:
            break
    found[row, _HIGH] = 1.0 if high else 0.0
    found[row, _LOW] = 1.0 if low else 0.0


@kernel
def _stand(row: int, close: Array, found: Array) -> None:
    """How a close stands in its past, as far as there is one."""
    end, seen = row + 1, found[row, _SEEN]
    if seen >= 50:  # noqa: PLR2004 - sessions, as all below
        mean = _mean(close, end - 50, end) * (1 + _SLACK)
        found[row, _ABOVE_50] = 1.0 if close[row] > mean else 0.0
    if seen >= 200:  # noqa: PLR2004
        mean = _mean(close, end - 200, end) * (1 + _SLACK)
        found[row, _ABOVE_200] = 1.0 if close[row] > mean else 0.0
    if seen > 252:  # noqa: PLR2004
        _extremes(close, row, found)


@kernel
def _standings(
    starts: Whole, day: Whole, close: Array, turnover: Array, since: int
) -> Array:
    """Per bar from a day on; the columns are those named above."""
    found = np.full((len(day), 6), np.nan)
    room = np.empty(20)
    for company in range(len(starts) - 1):
        oldest = starts[company]
        for row in range(starts[company], starts[company + 1]):
            while day[row] - day[oldest] > WITHIN_DAYS:
                oldest += 1
            if day[row] < since:
                continue
            found[row, _SEEN] = row - oldest + 1
            if found[row, _SEEN] >= 20:  # noqa: PLR2004 - as in the median
                found[row, _TURNOVER] = _median_of_20(turnover, row + 1, room)
            _stand(row, close, found)
    return found
