"""Rates and means of groups of events, with what few sessions can say of them."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from dexter.ml.evaluation import FEWEST_SESSIONS
from dexter.ml.intervals import Array, Mask, Resampled, Whole, wilson


@dataclass(frozen=True, slots=True)
class Spread:
    """A value and its 95 % interval; null bounds where too few sessions carry it."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Sessions:
    """Events by their session 0 and its redrawings, the same for every group.

    ``day`` is a day since 1970, -1 where the session is still ahead; such events carry
    nothing.
    """

    day: Whole
    begun: Mask
    drawn: Resampled | None

    @classmethod
    def of(cls, day: Whole, seed: int) -> Self:
        """Draw sessions; one seed, the same draws."""
        begun = np.asarray(day >= 0, dtype=np.bool_)
        several = len(np.unique(day[begun])) > 1
        return cls(day, begun, Resampled.of(day[begun], seed) if several else None)

    def count(self, chosen: Mask) -> int:
        """On how many sessions the chosen events fall."""
        return len(np.unique(self.day[chosen & self.begun]))

    def mean(self, values: Array, known: Mask) -> Spread | None:
        """Mean of known values; null of none, the interval of sessions redrawn."""
        if not known.any():
            return None
        if self.drawn is None or self.count(known) < FEWEST_SESSIONS:
            return Spread(float(values[known].mean()))
        inside = known[self.begun]
        some = np.where(inside, values[self.begun], 0.0)
        total, count = self.drawn.sums(some, inside)
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.drawn.estimate(total / count, inside)
        return Spread(found.value, found.low, found.high)


def rate(hits: int, trials: int) -> Spread | None:
    """A rate with Wilson's interval; null of nothing."""
    if not trials:
        return None
    found = wilson(hits, trials)
    return Spread(found.value, found.low, found.high)
