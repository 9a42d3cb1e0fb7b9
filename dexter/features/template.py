"""The trend template: seven points a share in a rising trend has.

Source: M. Minervini's trend template as restated in public trading literature.
"""

import numpy as np

from dexter.features.columns import Array
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
