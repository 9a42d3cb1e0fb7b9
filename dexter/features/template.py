"""The trend template: seven points a share in a rising trend has.

Source: M. Minervini's trend template as restated in public trading literature.
"""

import numpy as np

from dexter.features.bars import STALE_DAYS
from dexter.features.breadth import LONGEST, WITHIN_DAYS, relative_strength
from dexter.features.columns import Array
from dexter.features.known import Known
from dexter.features.market_days import strength_percentile
from dexter.features.windows import View

YEAR = 252
STRENGTH_NEEDED = 70.0

POINTS = (
    "close above 150- and 200-session means",
    "150-session mean above 200-session mean",
    "200-session mean rising for 22 sessions",
    "close above 50-session mean",
    "at least 25 % above the 52-week low",
    "within 25 % of the 52-week high",
    "relative strength above 70 % of the market",
)


def raw_strength(view: View) -> Array:
    """Relative strength as the market's companies are measured (see ``breadth``).

    Shape ``(n,)``; NaN under 253 sessions, or where they lie over more than
    ``WITHIN_DAYS`` calendar days.
    """
    day = view.bars.day
    found = np.full(len(view.end), np.nan)
    told = view.end - view.first > LONGEST
    end = view.end[told]
    told[told] = day[end - 1] - day[end - 1 - LONGEST] <= WITHIN_DAYS
    found[told] = relative_strength(view.bars.close, view.end[told])
    return found


def strength_rating(known: Known, raw: Array) -> Array:
    """Percentile (0–100) of raw strength among the market's companies.

    Of the last session that was over at each moment; NaN where no such session of the
    last ``STALE_DAYS`` days is kept.
    """
    market = known.sources.market
    if market is None or not len(market):
        return np.full(len(known), np.nan)
    row = market.ends(known.asked.moment) - 1
    kept = (row >= 0) & (known.day - market.day[row] <= STALE_DAYS)
    return np.where(kept, strength_percentile(market, np.maximum(row, 0), raw), np.nan)


def template(view: View, rating: Array) -> Array:
    """Which ``POINTS`` hold at the last bar, shape ``(n, 7)``: 1, 0, NaN (unknown)."""
    close = view.bars.close
    last = view.back(close)
    mean = {n: view.mean(close, n) for n in (50, 150, 200)}
    with np.errstate(invalid="ignore"):
        points = np.column_stack(
            [
                last > np.maximum(mean[150], mean[200]),
                mean[150] > mean[200],
                mean[200] > view.mean(close, 200, skip=22),
                last > mean[50],
                last >= 1.25 * view.lowest(view.bars.low, YEAR),
                last >= 0.75 * view.highest(view.bars.high, YEAR),
                rating >= STRENGTH_NEEDED,
            ]
        ).astype(np.float64)
    points[view.end - view.first < YEAR] = np.nan
    points[np.isnan(rating), -1] = np.nan
    return points
