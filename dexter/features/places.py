"""Where publications stand among the bars: the split factors since, and the day 0."""

from dataclasses import dataclass

import numpy as np

from dexter.features.bars import WINDOW, Bars
from dexter.features.columns import Array, Whole
from dexter.features.figures import Figures
from dexter.features.known import Known
from dexter.features.moments import ist_days


@dataclass(frozen=True, slots=True)
class Told:
    """The versions of figures that some events see, from ``start`` on, as columns."""

    start: int
    company: Whole
    known_at: Whole
    published_at: Whole

    def __len__(self) -> int:
        """Number of versions."""
        return len(self.company)

    def place(self, version: Whole) -> Whole:
        """Where versions stand in these columns; any place for those that are none."""
        return np.maximum(version - self.start, 0)


def told_of(figures: Figures, version: Whole) -> Told:
    """The versions between the first and the last of some; those below 0 are none."""
    there = version >= 0
    start = int(version.min(where=there, initial=len(figures)))
    part = slice(start, int(version.max(where=there, initial=-1)) + 1)
    return Told(
        start,
        figures.company[part],
        figures.known_at[part],
        figures.published_at[part],
    )


def oldest(known: Known) -> Whole:
    """The first row looked back on, as far as a question about one company reads."""
    return np.maximum(known.first, known.end - WINDOW)


def last_of(known: Known, column: Array) -> Array:
    """A column of bars at each event's last bar, NaN where it has none."""
    if not len(known.bars):
        return np.full(len(known), np.nan)
    return np.where(known.sessions > 0, column[known.last], np.nan)


def share_factors(known: Known, quarters: int) -> Array:
    """Splits and bonuses from publications to the last bar, to multiply EPS with.

    Figures older than the bars at hand take the oldest factor; 1 without bars.

    Returns:
        Shape ``(n, quarters)``, the quarter itself first.
    """
    bars, version = known.bars, known.quarters.version[:, :quarters]
    told = told_of(known.sources.figures, version)
    if not len(bars) or not len(told):
        return np.ones(version.shape)
    last = known.last[:, None]
    # The last row up to the Indian day of publication.
    row = _places(bars, bars.day, told.company, ist_days(told.known_at) + 1) - 1
    row = np.clip(row[told.place(version)], oldest(known)[:, None], last)
    row = np.where((known.sessions > 0)[:, None] & (version >= 0), row, last)
    return bars.factor[row] / bars.factor[last]


def days_zero(bars: Bars, told: Told) -> tuple[Whole, Whole]:
    """The first row not known before each version's quarter was first published.

    Returns:
        The rows, and the moments of first publication, both a version each.
    """
    first = np.minimum(told.published_at, told.known_at)
    return _places(bars, bars.known_at, told.company, first), first


def _places(bars: Bars, column: Whole, company: Whole, wanted: Whole) -> Whole:
    """The first row of each company whose entry is not below the one wanted."""
    low, high = bars.starts[company], bars.starts[company + 1]
    while (open_ := low < high).any():
        middle = (low + high) // 2
        below = column[np.minimum(middle, len(column) - 1)] < wanted
        low = np.where(open_ & below, middle + 1, low)
        high = np.where(open_ & ~below, middle, high)
    return low
