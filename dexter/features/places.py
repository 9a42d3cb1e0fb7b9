"""Where publications stand among the bars: the split factors since, and the day 0."""

from dataclasses import dataclass

import numpy as np

from dexter.features.bars import WINDOW, Bars
from dexter.features.columns import Array, Whole
from dexter.features.figures import Figures
from dexter.features.known import Known, once
from dexter.features.moments import ist_days

_PRICED = 5
"""Quarters whose amounts a share are held against a price."""


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


@once
def share_factors(known: Known) -> Array:
    """Splits and bonuses from publications to the last bar, to multiply EPS with.

    Figures older than the bars at hand take the oldest factor; 1 without bars.

    Returns:
        Shape ``(n, 5)``: of the quarter itself, to that of a year before.
    """
    bars, version = known.bars, known.quarters.version[:, :_PRICED]
    told = told_of(known.sources.figures, version)
    if not len(bars) or not len(told):
        return np.ones(version.shape)
    last, seen = known.last[:, None], (known.sessions > 0)[:, None]
    # The last row up to the Indian day of publication.
    after = ist_days(told.known_at) + 1
    row = bars.row_from(bars.day, told.company, after) - 1
    row = np.clip(row[told.place(version)], oldest(known)[:, None], last)
    factor = bars.factor[row] / bars.factor[last]
    # Without a bar of its own an event would read one of later, or of another company.
    return np.where(seen & (version >= 0), factor, 1.0)


def days_zero(bars: Bars, told: Told) -> tuple[Whole, Whole]:
    """The first row not known before each version's quarter was first published.

    Returns:
        The rows, and the moments of first publication, both a version each.
    """
    first = np.minimum(told.published_at, told.known_at)
    return bars.row_from(bars.known_at, told.company, first), first
