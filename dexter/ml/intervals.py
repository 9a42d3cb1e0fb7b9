"""How sure a measured number is: Wilson for rates, whole sessions redrawn for the rest.

Events of one session share that session's market, so sessions are drawn, not events.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

Z_95 = 1.959963984540054
RESAMPLES = 2000
_CHUNK = 250
_FEWEST = 2
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(hits: int, trials: int) -> Estimate:
    """A rate with Wilson's 95 % interval (E. B. Wilson, 1927).

    Raises:
        ValueError: no trials.
    """
    if trials <= 0:
        msg = "a rate needs at least one trial"
        raise ValueError(msg)
    rate, spread = hits / trials, Z_95**2 / trials
    centre = (rate + spread / 2) / (1 + spread)
    reach = math.sqrt(rate * (1 - rate) * spread + spread**2 / 4) / (1 + spread)
    return Estimate(rate, max(0.0, centre - reach), min(1.0, centre + reach))


def wider(one: Estimate, other: Estimate) -> Estimate:
    """The first's value with the wider of both intervals on either side."""
    return Estimate(one.value, min(one.low, other.low), max(one.high, other.high))


@dataclass(frozen=True, slots=True)
class Resampled:
    """A sample and its redrawings, for any number of statistics on the same draws.

    ``place`` numbers each event's cluster 0 … c - 1, shape ``(n,)``; ``counts`` says
    how often each cluster was drawn, shape ``(1 + m, c)``. Row 0 is the sample itself,
    so the first of a statistic's values is the statistic and the others its draws.
    """

    place: Whole
    counts: Array

    @classmethod
    def of(cls, clusters: Whole, seed: int, resamples: int = RESAMPLES) -> Self:
        """Redraw a sample by cluster; one seed, the same draws.

        Args:
            clusters: Any number a cluster, shape ``(n,)``.
            seed: Makes the draws repeatable.
            resamples: How many draws.

        Raises:
            ValueError: fewer than two clusters say nothing of their spread.
        """
        found, place = np.unique(clusters, return_inverse=True)
        if len(found) < _FEWEST:
            msg = "an interval needs at least two clusters"
            raise ValueError(msg)
        counts = _drawn(len(found), seed, resamples)
        return cls(place.astype(np.int64), counts)

    def sums(self, *columns: Array | Mask) -> tuple[Array, ...]:
        """Sums of columns of shape ``(n,)`` in the sample and each draw."""
        width = self.counts.shape[1]
        by_cluster = np.column_stack(
            [np.bincount(self.place, column, width) for column in columns]
        )
        return tuple((self.counts @ by_cluster).T)

    def estimate(self, values: Array, base: Mask | None = None) -> Estimate:
        """A statistic's value and its interval from the draws that define it.

        The percentiles are those of Student's t for the number of clusters that carry
        the statistic, since plain percentiles are too narrow for few of them (T.
        Hesterberg, *What teachers should know about the bootstrap*, 2015).

        Args:
            values: Shape ``(1 + m,)``; NaN where a draw does not define it.
            base: Which events carry the statistic, shape ``(n,)``; all when null.
        """
        point, drawn = float(values[0]), values[1:][np.isfinite(values[1:])]
        if not len(drawn) or math.isnan(point):
            return Estimate(point, math.nan, math.nan)
        outside = expanded_tail(self.clusters(base))
        low, high = np.quantile(drawn, [outside, 1 - outside])
        return Estimate(point, float(low), float(high))

    def clusters(self, base: Mask | None = None) -> float:
        """How many clusters of one size the sample is worth (L. Kish, 1965)."""
        sizes = np.bincount(self.place, base, self.counts.shape[1]).astype(np.float64)
        squares = float((sizes**2).sum())
        return float(sizes.sum()) ** 2 / squares if squares else 0.0


def clustered(
    columns: Array, clusters: Whole, statistic: Callable[[Array], Array], seed: int
) -> Estimate:
    """Bootstrap whole clusters of a statistic of column sums.

    Args:
        columns: Shape ``(n, k)``; the statistic sees only their sums.
        clusters: Any number a cluster, shape ``(n,)``.
        statistic: From sums of shape ``(m, k)`` to values of shape ``(m,)``; NaN
            marks a draw that does not define it.
        seed: Makes the draws repeatable.

    Raises:
        ValueError: fewer than two clusters.
    """
    drawn = Resampled.of(clusters, seed)
    return drawn.estimate(statistic(np.column_stack(drawn.sums(*columns.T))))


def expanded_tail(clusters: float) -> float:
    """Share of draws left out on either side so that few clusters are covered too.

    ``Φ(-√(g / (g - 1)) · t)`` with t the 97.5 % quantile of Student's distribution with
    ``g - 1`` degrees of freedom; 2.5 % for many clusters.
    """
    freedom = max(clusters - 1, 1.0)
    return _NORMAL.cdf(-math.sqrt((freedom + 1) / freedom) * student(freedom))


def student(freedom: float) -> float:
    """The 97.5 % quantile of Student's t (A&S 26.7.5, within 1 % from 3 degrees on)."""
    z = Z_95
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))


def _drawn(clusters: int, seed: int, resamples: int) -> Array:
    """How often each cluster is drawn; row 0 has each once."""
    random = np.random.default_rng(seed)
    counts = np.ones((1 + resamples, clusters))
    for first in range(0, resamples, _CHUNK):
        rows = min(_CHUNK, resamples - first)
        drawn = random.integers(0, clusters, size=(rows, clusters))
        drawn += clusters * np.arange(rows)[:, None]
        told = np.bincount(drawn.ravel(), minlength=rows * clusters)
        counts[1 + first : 1 + first + rows] = told.reshape(rows, clusters)
    return counts
