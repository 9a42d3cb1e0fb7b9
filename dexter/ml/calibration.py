"""From a model's raw score to a probability that means what it says."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_STEPS = 100
_TOLERANCE = 1e-10
_HALVINGS = 40
_EDGE = 1e-6
_RIDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Platt:
    """``p = 1 / (1 + exp(-(slope · logit(raw) + intercept)))``.

    Monotone while ``slope`` is positive, which ``fit`` guarantees. Source: J. Platt,
    *Probabilistic outputs for support vector machines* (1999), on log-odds.
    """

    slope: float
    intercept: float

    def apply(self, raw: Array) -> Array:
        """Calibrated probabilities, same shape as ``raw``; never 0 or 1 outright."""
        said = _sigmoid(self.slope * _logit(raw) + self.intercept)
        return np.clip(said, _EDGE, 1 - _EDGE)

    def one(self, raw: float) -> float:
        """One calibrated probability."""
        return float(self.apply(np.array([raw]))[0])


IDENTITY = Platt(1.0, 0.0)


def fit(raw: Array, labels: Array) -> Platt:
    """Fit slope and intercept by Newton's method on the log loss.

    Args:
        raw: Out-of-fold scores in (0, 1), shape ``(n,)``.
        labels: 0 or 1, shape ``(n,)``.

    Returns:
        The calibration. Where the data ask for a slope of zero or less (the score
        ranks backwards), only the intercept is fitted, at slope 1.
    """
    design = np.column_stack([_logit(raw), np.ones(len(raw))])
    weights = _newton(design, labels, np.array([1.0, 0.0]))
    if weights[0] > 0:
        return Platt(float(weights[0]), float(weights[1]))
    offset = _newton(design[:, 1:], labels, np.zeros(1), design[:, 0])
    return Platt(1.0, float(offset[0]))


def _newton(
    design: Array, labels: Array, weights: Array, offset: Array | None = None
) -> Array:
    base = np.zeros(len(labels)) if offset is None else offset
    for _ in range(_STEPS):
        chance = _sigmoid(design @ weights + base)
        gradient = design.T @ (chance - labels)
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design
        curvature += _RIDGE * np.eye(design.shape[1])
        step: Array = np.linalg.solve(curvature, gradient).astype(np.float64)
        weights = weights - _shortened(step, weights, design, labels, base)
        if float(np.abs(step).max()) < _TOLERANCE:
            break
    return weights


def _shortened(
    step: Array, weights: Array, design: Array, labels: Array, base: Array
) -> Array:
    """The step, halved until the loss does not rise (a whole one may overshoot)."""
    before = _loss(design @ weights + base, labels)
    for _ in range(_HALVINGS):
        if _loss(design @ (weights - step) + base, labels) <= before:
            return step
        step = step / 2
    return step


def _loss(odds: Array, labels: Array) -> float:
    return float(np.sum(np.logaddexp(0.0, odds) - labels * odds))


def _logit(raw: Array) -> Array:
    inside = np.clip(raw, _EDGE, 1 - _EDGE)
    return np.log(inside / (1 - inside))


def _sigmoid(value: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-np.clip(value, -500, 500)))
