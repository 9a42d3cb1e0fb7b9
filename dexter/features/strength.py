"""A share's relative strength, and its rank among the market's companies."""

import numpy as np

from dexter.features.bars import STALE_DAYS
from dexter.features.breadth import LONGEST, WITHIN_DAYS, relative_strength
from dexter.features.columns import Array
from dexter.features.known import Known, once
from dexter.features.market_days import strength_percentile
from dexter.features.windows import View


@once
def strength(known: Known) -> tuple[Array, Array]:
    """Each share's relative strength, raw and as its rating in the market."""
    raw = raw_strength(View.of(known))
    return raw, strength_rating(known, raw)


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
