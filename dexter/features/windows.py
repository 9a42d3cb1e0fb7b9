"""Statistics of the last sessions of each row, summed anew in every window.

Nothing runs on from row to row, so a window's value is a pure function of its bars: the
same to the last bit whether one row is asked for or a whole market, today or later.
"""

from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np

from dexter.features.bars import Bars
from dexter.features.columns import Array, Mask, Whole
from dexter.features.compiled import kernel
from dexter.features.known import Known, once
from dexter.features.steps import Bases

_MOST = 64
"""Longest window of a median, which is sorted by insertion."""

_LANES = 256
"""Rows summed side by side."""


Span = tuple[int, int]
"""Sessions, and how many are skipped."""

_COLUMNS = tuple(column.name for column in fields(Bars) if column.name != "starts")


@dataclass(frozen=True)
class View:
    """The bars a set of rows can read at all, and each row's among them.

    ``bars`` is a stretch of all bars in which ``starts`` means nothing; row ``i`` may
    read ``first[i]`` to ``end[i] - 1``. Every column handed to a method has one entry a
    bar of ``bars``. A window of ``sessions`` ends ``skip`` bars before the row's last;
    where fewer bars are known it is shorter, and the caller masks it.
    """

    bars: Bars
    first: Whole
    end: Whole
    _spans: dict[Span, tuple[Whole, Whole]] = field(
        default_factory=dict, init=False, repr=False
    )
    _places: dict[int, tuple[Mask, Whole]] = field(
        default_factory=dict, init=False, repr=False
    )

    @staticmethod
    def of(known: Known) -> "View":
        """The bars that were known at the moments asked for."""
        return _view(known)

    @cached_property
    def bases(self) -> Bases:
        """Base prices of each session."""
        return Bases.of(self.bars.base, self.bars.day)

    @cached_property
    def steps(self) -> Array:
        """Log return of each session (see ``log_steps``)."""
        return log_steps(self.bars.close)

    def back(self, values: Array, sessions: int = 0) -> Array:
        """The value so many sessions before the last one; NaN where there is none."""
        if not len(values):
            return np.full(len(self.end), np.nan)
        found = self._places.get(sessions)
        if found is None:
            at = self.end - 1 - sessions
            found = at >= self.first, np.maximum(at, 0)
            self._places[sessions] = found
        there, at = found
        return np.where(there, values[at], np.nan)

    def mean(self, values: Array, sessions: int, skip: int = 0) -> Array:
        """Mean over the sessions that tell; NaN where none does."""
        return _means(_ready(values), *self._window(sessions, skip))[:, 0]

    def told(self, values: Array, sessions: int, skip: int = 0) -> Array:
        """How many of the sessions tell."""
        return _means(_ready(values), *self._window(sessions, skip))[:, 1]

    def deviation(self, values: Array, sessions: int) -> Array:
        """Population deviation."""
        return self.spread(values, sessions)[1]

    def spread(self, values: Array, sessions: int) -> tuple[Array, Array]:
        """Mean and population deviation, of sessions that all tell."""
        mean, deviation = _spreads(_ready(values), *self._window(sessions))
        return mean, deviation

    def skew(self, values: Array, sessions: int) -> Array:
        """Third standardised moment of the population; NaN where nothing varies."""
        return _skews(_ready(values), *self._window(sessions))

    def highest(self, values: Array, sessions: int, skip: int = 0) -> Array:
        """Largest value told; NaN where none is."""
        return _highest(_ready(values), *self._window(sessions, skip))

    def lowest(self, values: Array, sessions: int) -> Array:
        """Smallest value told; NaN where none is."""
        return -self.highest(-values, sessions)

    def median(self, values: Array, sessions: int) -> Array:
        """Median of at most 64 sessions that all tell."""
        return _medians(_ready(values), *self._window(sessions))

    def drawdown(self, values: Array, sessions: int) -> Array:
        """Deepest fall from an earlier peak of the window, 0 or below."""
        return _falls(_ready(values), *self._window(sessions))

    def last_of(self, flags: Mask) -> Whole:
        """The last bar with a flag; -1 where none of the row's has one."""
        if not len(flags):
            return np.full(len(self.end), -1, dtype=np.int64)
        marked = np.where(flags, np.arange(len(flags)), -1)
        at = np.maximum.accumulate(marked)[np.maximum(self.end - 1, 0)]
        return np.where((at >= self.first) & (self.end > self.first), at, -1)

    def _window(self, sessions: int, skip: int = 0) -> tuple[Whole, Whole]:
        found = self._spans.get((sessions, skip))
        if found is None:
            end = np.maximum(self.end - skip, self.first)
            found = np.maximum(end - sessions, self.first), end
            self._spans[sessions, skip] = found
        return found


@once
def _view(known: Known) -> View:
    some = known.end > known.first
    low = int(known.first[some].min(initial=len(known.bars)))
    high = max(low, int(known.end[some].max(initial=0)))
    columns = {name: getattr(known.bars, name)[low:high] for name in _COLUMNS}
    return View(
        Bars(starts=known.bars.starts, **columns),
        np.where(some, known.first - low, 0),
        np.where(some, known.end - low, 0),
    )


def before(values: Array) -> Array:
    """The value of the bar before; NaN at the first of all.

    At a company's first bar it is another company's, so a window over it needs one
    session more than it has.
    """
    return np.concatenate([[np.nan], values[:-1]]) if len(values) else values


def log_steps(close: Array) -> Array:
    """Log return of each session; needs the session before (see ``before``)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(close / before(close))


def true_range(bars: Bars) -> Array:
    """True range of each session; needs the session before (see ``before``)."""
    last = before(bars.close)
    return np.maximum(bars.high, last) - np.minimum(bars.low, last)


def _ready(values: Array) -> Array:
    """One type for every call, so that a kernel is compiled once."""
    if values.dtype == np.float64 and values.flags.carray:
        return values
    return np.require(values, np.float64, ("C", "W"))


@kernel
def _neighbours(start: Whole, end: Whole, row: int) -> int:
    """How many rows from one on have its window, each a bar later than the last.

    They are summed side by side: every row in the order of its own bars, so the same to
    the last bit as alone, but as many at once as the processor adds.
    """
    most = min(len(start) - row, _LANES)
    count = 1
    while (
        count < most
        and start[row + count] == start[row] + count
        and end[row + count] == end[row] + count
    ):
        count += 1
    return count


@kernel
def _means(values: Array, start: Whole, end: Whole) -> Array:
    found = np.empty((len(start), 2))
    total, told = np.empty(_LANES), np.empty(_LANES)
    row = 0
    while row < len(start):
        lanes = _neighbours(start, end, row)
        total[:lanes] = 0.0
        told[:lanes] = 0.0
        for at in range(start[row], end[row]):
            # Sliced, since numba guards every index that could be negative.
            part = values[at : at + lanes]
            for lane in range(lanes):
                known = not np.isnan(part[lane])
                total[lane] += part[lane] if known else 0.0
                told[lane] += 1.0 if known else 0.0
        for lane in range(lanes):
            found[row + lane, 0] = total[lane] / told[lane] if told[lane] else np.nan
            found[row + lane, 1] = told[lane]
        row += lanes
    return found


@kernel
def _spreads(  # noqa: C901 - one pass for the mean, one for the squares
    values: Array, start: Whole, end: Whole
) -> Array:
    found = np.full((2, len(start)), np.nan)
    row = 0
    while row < len(start):
        lanes, count = _neighbours(start, end, row), end[row] - start[row]
        mean, square = found[0, row : row + lanes], found[1, row : row + lanes]
        if count:
            mean[:] = 0.0
            square[:] = 0.0
        for at in range(start[row], end[row]):
            part = values[at : at + lanes]
            for lane in range(lanes):
                mean[lane] += part[lane]
        for lane in range(lanes):
            mean[lane] /= max(count, 1)
        for at in range(start[row], end[row]):
            part = values[at : at + lanes]
            for lane in range(lanes):
                gap = part[lane] - mean[lane]
                square[lane] += gap * gap
        for lane in range(lanes):
            square[lane] = np.sqrt(square[lane] / max(count, 1))
        row += lanes
    return found


@kernel
def _skews(values: Array, start: Whole, end: Whole) -> Array:
    found = np.full(len(start), np.nan)
    for row in range(len(start)):
        count = end[row] - start[row]
        total = 0.0
        for at in range(start[row], end[row]):
            total += values[at]
        mean, second, third = total / max(count, 1), 0.0, 0.0
        for at in range(start[row], end[row]):
            gap = values[at] - mean
            second += gap * gap
            third += gap * gap * gap
        second /= max(count, 1)
        # A spread of rounding errors is none.
        if count and second > (1e-12 * mean) ** 2:
            found[row] = third / count / (second * np.sqrt(second))
    return found


@kernel
def _highest(values: Array, start: Whole, end: Whole) -> Array:
    found = np.empty(len(start))
    for row in range(len(start)):
        best = np.nan
        for at in range(start[row], end[row]):
            if values[at] > best or np.isnan(best):
                best = values[at]
        found[row] = best
    return found


@kernel
def _medians(values: Array, start: Whole, end: Whole) -> Array:
    found = np.empty(len(start))
    ranked = np.empty(_MOST)
    for row in range(len(start)):
        count = 0
        for at in range(start[row], end[row]):
            place = count
            while place > 0 and ranked[place - 1] > values[at]:
                ranked[place] = ranked[place - 1]
                place -= 1
            ranked[place] = values[at]
            count += 1
        middle = ranked[count // 2] + ranked[(count - 1) // 2] if count else np.nan
        found[row] = middle / 2
    return found


@kernel
def _falls(values: Array, start: Whole, end: Whole) -> Array:
    found = np.full(len(start), np.nan)
    for row in range(len(start)):
        peak, deepest = 0.0, 0.0
        for at in range(start[row], end[row]):
            peak = max(peak, values[at])
            if peak > 0:
                deepest = min(deepest, values[at] / peak - 1)
        if end[row] > start[row]:
            found[row] = deepest
    return found
