"""Logistic regression on scaled inputs: the baseline trees must beat."""

from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from dexter.ml.dataset import Array, Matrix

CLIP = 4.0
"""Scaled values are held within ±4, so that no outlier decides alone."""

RIDGE = 30.0
_STEPS = 30
_HALVINGS = 30
_TOLERANCE = 1e-9
_FEWEST = 1e-12


@dataclass(frozen=True, slots=True)
class Linear:
    """Log-odds ``intercept + Σ coefficient · (value - mean) / scale``.

    A missing value counts as the mean, so it adds nothing; with ``clip`` the scaled
    values are held within ±clip. All arrays have shape ``(k,)``.
    """

    coefficients: Array
    intercept: float
    means: Array
    scales: Array
    clip: float | None = CLIP

    def scaled(self, rows: Matrix) -> Array:
        """What the coefficients multiply, ``(n, k)``."""
        found = (rows.astype(np.float64) - self.means) / self.scales
        if self.clip is not None:
            found = np.clip(found, -self.clip, self.clip)
        return np.where(np.isnan(found), 0.0, found)

    def log_odds(self, rows: Matrix) -> Array:
        """Log-odds of rows, ``(n, k)`` to ``(n,)``."""
        # Row by row the same additions in the same order, however many rows there are.
        weighted = self.scaled(rows) * self.coefficients
        return np.asarray(self.intercept + weighted.sum(axis=1), dtype=np.float64)


def fit(rows: Matrix, label: Array, ridge: float = RIDGE) -> Linear:
    """Fit by Newton's method with a ridge on the coefficients, not on the intercept.

    Args:
        rows: ``(n, k)``, NaN where absent.
        label: 0 or 1, ``(n,)``.
        ridge: Half the weight of the squared coefficients in the loss.
    """
    means, scales = _scaling(rows)
    width = rows.shape[1]
    blank = Linear(np.zeros(width), 0.0, means, scales)
    design = np.column_stack([blank.scaled(rows), np.ones(len(rows))])
    penalty = np.full(width + 1, ridge)
    penalty[-1] = 0.0
    rate = np.clip(label.mean(), _FEWEST, 1 - _FEWEST)
    weights = np.zeros(width + 1)
    weights[-1] = np.log(rate / (1 - rate))
    # A second thread of the linear algebra waits in a loop for a processor that is
    # busy: on a loaded machine that is twenty times slower than one.
    with threadpool_limits(limits=1, user_api="blas"):
        weights = _newton(design, label, penalty, weights)
    return Linear(weights[:-1], float(weights[-1]), means, scales)


def _newton(design: Array, label: Array, penalty: Array, weights: Array) -> Array:
    before = after = _loss(design, label, penalty, weights)
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ weights, -500, 500)))
        gradient = design.T @ (chance - label) + penalty * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design
        curvature[np.diag_indices(len(weights))] += penalty + _FEWEST
        step = np.linalg.solve(curvature, gradient)
        # A whole step may overshoot: it is halved until the loss falls.
        for _ in range(_HALVINGS):
            after = _loss(design, label, penalty, weights - step)
            if after <= before:
                break
            step = step / 2
        weights, moved = weights - step, before - after
        before = after
        if moved < _TOLERANCE * abs(before):
            break
    return weights


def _loss(design: Array, label: Array, penalty: Array, weights: Array) -> float:
    odds = design @ weights
    told = np.sum(np.logaddexp(0.0, odds) - label * odds)
    return float(told + penalty @ weights**2 / 2)


def _scaling(rows: Matrix) -> tuple[Array, Array]:
    """Median and half the distance of the 16th and 84th percentile of each input."""
    means, scales = np.zeros(rows.shape[1]), np.ones(rows.shape[1])
    for column in range(rows.shape[1]):
        known = rows[:, column][np.isfinite(rows[:, column])].astype(np.float64)
        if not len(known):
            continue
        low, middle, high = np.quantile(known, [0.16, 0.5, 0.84])
        means[column] = middle
        spread = (high - low) / 2 or float(known.std())
        scales[column] = spread if spread > 0 else 1.0
    return means, scales
