"""How sure a measured number is: Wilson for rates, cluster bootstrap for means."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

Z_95 = 1.959963984540054
RESAMPLES = 2000
_LOW, _HIGH = 2.5, 97.5


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


def clustered(
    columns: Array,
    clusters: npt.NDArray[np.int64],
    statistic: Callable[[Array], Array],
    seed: int,
) -> Estimate:
    """Bootstrap whole clusters of a statistic of column sums.

    Events of one day share that day's market, so days are drawn, not events.

    Args:
        columns: Shape ``(n, k)``; the statistic sees only their sums.
        clusters: Cluster of each row, 0 … c - 1, shape ``(n,)``.
        statistic: From sums of shape ``(m, k)`` to values of shape ``(m,)``; NaN
            marks a draw that does not define it.
        seed: Makes the draws repeatable.
    """
    count = int(clusters.max()) + 1
    sums = np.zeros((count, columns.shape[1]))
    np.add.at(sums, clusters, columns)
    random = np.random.default_rng(seed)
    draws = random.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    values = statistic(draws.astype(np.float64) @ sums)
    low, high = np.nanpercentile(values, [_LOW, _HIGH])
    point = float(statistic(sums.sum(axis=0, keepdims=True))[0])
    return Estimate(point, float(low), float(high))
