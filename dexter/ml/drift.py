"""How far inputs have moved since training: the population stability index.

PSI = Σ (after - before) · ln(after / before) over bins cut at deciles of the training
part, one on either side of all it held, and one for absent values. Below 0.1 nothing
much moved, from 0.25 on the inputs are others (N. Siddiqi, *Credit Risk Scorecards*,
2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dexter.ml.dataset import Matrix
from dexter.ml.sample import Array

SHIFTED, MOVED = 0.1, 0.25
BINS = 10

_HALF = 0.5


class Level(StrEnum):
    """What a stability index says."""

    STABLE = "stable"
    SHIFTED = "shifted"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Drift:
    """One input before and after; ``absent_…`` are shares of events without it."""

    name: str
    psi: float
    absent_before: float
    absent_after: float

    @property
    def level(self) -> Level:
        """What the index says."""
        return level(self.psi)


def level(psi: float) -> Level:
    """Stable below 0.1, moved from 0.25 on."""
    if psi < SHIFTED:
        return Level.STABLE
    return Level.SHIFTED if psi < MOVED else Level.MOVED


def drift(names: Sequence[str], before: Matrix, after: Matrix) -> tuple[Drift, ...]:
    """Every input's drift, the largest first.

    Args:
        names: Of the columns.
        before: Inputs of the training events, ``(n, k)``; NaN where absent.
        after: Inputs of the latest seasons, ``(m, k)``.

    Raises:
        ValueError: one of the parts has no events.
    """
    found = [
        Drift(
            name=name,
            psi=stability(old, new),
            absent_before=float(np.isnan(old).mean()),
            absent_after=float(np.isnan(new).mean()),
        )
        for name, old, new in zip(names, before.T, after.T, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: (-one.psi, one.name)))


def stability(before: Matrix | Array, after: Matrix | Array) -> float:
    """The population stability index of one column.

    Values that many events share make one bin. Half an event is added to each bin, so
    that an empty one counts as rare rather than as impossible.

    Raises:
        ValueError: a column is empty.
    """
    if not len(before) or not len(after):
        msg = "drift needs events before and after"
        raise ValueError(msg)
    cuts = _cuts(before[np.isfinite(before)].astype(np.float64))
    old, new = _shares(before, cuts), _shares(after, cuts)
    return float(((new - old) * np.log(new / old)).sum())


def _cuts(known: Array) -> Array:
    """Upper ends of the bins: just below all that is known, then deciles up to it."""
    if not len(known):
        return known
    deciles = np.quantile(known, np.linspace(0, 1, BINS + 1)[1:], method="inverted_cdf")
    return np.unique(np.append(np.nextafter(known.min(), -np.inf), deciles))


def _shares(values: Matrix | Array, cuts: Array) -> Array:
    absent = ~np.isfinite(values)
    places = np.searchsorted(cuts, values[~absent], side="left")
    counts = np.append(np.bincount(places, minlength=len(cuts) + 1), absent.sum())
    smoothed = counts + _HALF
    return np.asarray(smoothed / smoothed.sum(), dtype=np.float64)
