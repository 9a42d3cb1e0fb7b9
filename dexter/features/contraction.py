"""The volatility contraction pattern of many rows, in columns.

A base is a run of ever smaller falls from nearly level highs; the pattern is a base of
the right shape in a rising trend, on drying volume, with the close near its pivot. A
descriptive feature, not an edge. Source: M. Minervini's VCP as restated in public
trading literature.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dexter.features.bars import STALE_DAYS
from dexter.features.columns import Array, Mask, Whole, ratio
from dexter.features.known import Known
from dexter.features.strength import strength
from dexter.features.swings import BEFORE, FIELDS, LOOK_BACK, MOST, bases
from dexter.features.template import YEAR, template
from dexter.features.windows import View

DEEPEST, DEEPEST_SMALL = 0.35, 0.50
"""First falls may be so deep; without futures, the small companies, deeper."""

DRY_UP = 0.70
EXTENDED = 0.05
BREAKOUT_VOLUME = 1.5
MISSES = 1
"""Points of the template a share may lack."""

WEIGHTS = {"template": 25, "contraction": 25, "volume": 20, "pivot": 15, "strength": 15}
"""Of the score; a part that is not known leaves the others to make up 100."""

NO_BASE = f"no contraction among the last {LOOK_BACK} sessions without a pause"
BROKEN = "the close is below the base's last low"

_QUIET, _MEAN = 10, 50


@dataclass(frozen=True)
class Patterns:
    """What stood at each row's last bar, shape ``(n,)`` unless said; NaN where unknown.

    ``bars`` has for each of up to six contractions the bars of its high, that high's
    confirmation, its low and that low's confirmation, shape ``(n, 6, 4)``, counted
    within the view, -1 where there is none. ``depths`` has shape ``(n, 6)``. ``pivot``
    and ``last_low`` are rupees as adjusted at the last bar; ``pivot_distance`` is the
    close over the pivot minus 1, ``risk`` the fall from the close to the last low (NaN
    where the close is below it), both per one. ``points`` are the template's, ``parts``
    those of the score (0 to 1 each, in the order of ``WEIGHTS``).
    """

    contractions: Whole
    shaped: Mask
    bars: Whole
    depths: Array
    sessions: Array
    pivot: Array
    last_low: Array
    pivot_distance: Array
    risk: Array
    dry_up: Array
    breakout: Array
    strength: Array
    rating: Array
    points: Array
    parts: Array

    @property
    def last_depth(self) -> Array:
        """Depth of the last contraction."""
        return _last(self.depths, self.contractions)

    @cached_property
    def template_passed(self) -> Array:
        """How many points hold."""
        return np.where(self.template_total > 0, np.nansum(self.points, axis=1), np.nan)

    @cached_property
    def template_total(self) -> Whole:
        """How many points are known."""
        total: Whole = np.isfinite(self.points).sum(axis=1)
        return total

    @property
    def score(self) -> Array:
        """0–100 by ``WEIGHTS``; NaN without a base."""
        weights = np.array(list(WEIGHTS.values())) * np.isfinite(self.parts)
        found = ratio(np.nansum(weights * self.parts, axis=1), weights.sum(axis=1))
        return np.where(self.contractions > 0, 100 * found, np.nan)

    @property
    def passed(self) -> Mask:
        """Whether the whole pattern stands: shape, trend, quiet, near its pivot."""
        trend = self.template_passed >= self.template_total - MISSES
        near = self.pivot_distance <= EXTENDED
        quiet = self.dry_up < DRY_UP
        return self.shaped & trend & (self.template_total > 0) & near & quiet


def patterns(known: Known, view: View) -> Patterns:
    """Find the base of each row and measure it."""
    bars = view.bars
    small = view.back(bars.no_band) != 1
    deepest = np.where(small, DEEPEST_SMALL, DEEPEST)
    first = np.maximum(view.first, _resumed(view))
    found = bases(bars.high, bars.low, bars.close, first, view.end, deepest)
    enough = view.end - view.first >= YEAR
    count = np.where(enough, found[:, 0], 0)
    turns = found[:, BEFORE:].reshape(-1, MOST, FIELDS)
    high, low = _prices(bars.high, turns[:, :, 0]), _prices(bars.low, turns[:, :, 2])
    close, factor = view.back(bars.close), view.back(bars.factor)
    pivot, last_low = _last(high, count), _last(low, count)
    volume = view.mean(bars.volume, _MEAN, skip=1)
    usual = ratio(view.back(bars.volume), volume)
    dry_up = ratio(view.mean(bars.volume, _QUIET, skip=1), volume)
    raw, rating = strength(known)
    points = template(view, rating)
    depths = 1 - ratio(low, high)
    shaped = enough & (found[:, 1] == 1)
    fall = 1 - ratio(last_low, close)
    distance = ratio(close, pivot) - 1
    heavy = np.where(usual >= BREAKOUT_VOLUME, 1.0, 0.0)
    return Patterns(
        contractions=count,
        shaped=shaped,
        bars=turns,
        depths=depths,
        sessions=_last(turns[:, :, 3].astype(np.float64), count) - turns[:, 0, 0],
        pivot=pivot / factor,
        last_low=last_low / factor,
        pivot_distance=distance,
        risk=np.where(fall < 0, np.nan, fall),
        dry_up=dry_up,
        breakout=np.where(np.isnan(usual), np.nan, (distance > 0) * heavy),
        strength=raw,
        rating=rating,
        points=points,
        parts=np.column_stack(
            [
                ratio(np.nansum(points, axis=1), np.isfinite(points).sum(axis=1)),
                _shape_part(count, _last(depths, count)) * shaped,
                np.interp(dry_up, [0.3, 0.5, DRY_UP, 1.0], [1.0, 0.75, 0.5, 0.0]),
                np.interp(distance, [-0.15, -0.03, 0.02, EXTENDED], [0, 1, 1, 0]),
                np.interp(rating, [50, 70, 90], [0, 0.6, 1]),
            ]
        ),
    )


def _resumed(view: View) -> Whole:
    """The bar with which the path of prices last began anew; -1 where it never did.

    After a pause, or where nobody can tell how far the price moved, a level of before
    is none any more.
    """
    day = view.bars.day
    paused = np.diff(day, prepend=day[:1]) > STALE_DAYS
    return view.last_of(paused | np.isnan(view.bars.move))


def _shape_part(count: Whole, depth: Array) -> Array:
    """Half for the number (3 or 4 are ideal), half for a tight last fall."""
    number = np.array([0.0, 0.0, 0.6, 1.0, 1.0, 0.8, 0.8])[count]
    return 0.5 * number + 0.5 * np.interp(depth, [0.10, 0.15], [1.0, 0.0])


def _prices(values: Array, at: Whole) -> Array:
    if not len(values):
        return np.full(at.shape, np.nan)
    return np.where(at >= 0, values[np.maximum(at, 0)], np.nan)


def _last(values: Array, count: Whole) -> Array:
    """The value of the last contraction; NaN without one."""
    last = values[np.arange(len(count)), np.maximum(count - 1, 0)]
    return np.where(count > 0, last, np.nan)
