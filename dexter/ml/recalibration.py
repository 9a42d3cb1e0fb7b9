"""Whether probabilities mean what they say: the line that would mend their log-odds.

Labels are regressed on the log-odds of what was said (D. R. Cox, 1958). A slope of 1
and an intercept of 0 need no mending; below 1 the probabilities are too extreme.
"""

from dataclasses import dataclass

import numpy as np

from dexter.ml.intervals import Array, Estimate, Resampled, student

_EDGE = 1e-12
_STEPS = 50
_TOLERANCE = 1e-9
_RIDGE = 1e-9
_FARTHEST = 5.0
_LARGEST = 100.0


@dataclass(frozen=True, slots=True)
class Recalibration:
    """The mending line on log-odds; its intervals are robust to shared sessions."""

    slope: Estimate
    intercept: Estimate


def recalibration(said: Array, label: Array, drawn: Resampled) -> Recalibration | None:
    """Fit the line by maximum likelihood.

    Args:
        said: Probabilities, shape ``(n,)``.
        label: 0 or 1.
        drawn: Whose clusters make the sandwich (K.-Y. Liang and S. Zeger, 1986).

    Returns:
        Null where the data do not define it: one label only, one probability only, or
        labels that the probabilities part without error.
    """
    inside = np.clip(said, _EDGE, 1 - _EDGE)
    odds = np.log(inside / (1 - inside))
    if label.min(initial=1) == label.max(initial=0) or np.ptp(odds) == 0:
        return None
    design = np.column_stack([odds, np.ones(len(odds))])
    weights = _fitted(design, label)
    if weights is None:
        return None
    spread = _spread(design, label, weights, drawn)
    reach = student(max(drawn.clusters() - 1, 1.0)) * spread
    slope, intercept = (
        Estimate(float(w), float(w - r), float(w + r))
        for w, r in zip(weights, reach, strict=True)
    )
    return Recalibration(slope, intercept)


def _fitted(design: Array, label: Array) -> Array | None:
    weights: Array = np.array([1.0, 0.0])
    for _ in range(_STEPS):
        chance = _sigmoid(design @ weights)
        gradient = design.T @ (label - chance)
        step = np.linalg.solve(_curvature(design, chance), gradient).astype(np.float64)
        farthest = float(np.abs(step).max())
        weights += step * min(1.0, _FARTHEST / max(farthest, _EDGE))
        if float(np.abs(weights).max()) > _LARGEST:
            return None
        if farthest < _TOLERANCE:
            return weights
    return None


def _spread(design: Array, label: Array, weights: Array, drawn: Resampled) -> Array:
    """Cluster-robust standard errors, shape ``(2,)``."""
    chance = _sigmoid(design @ weights)
    count = drawn.counts.shape[1]
    residual = label - chance
    scores = np.column_stack(
        [np.bincount(drawn.place, residual * column, count) for column in design.T]
    )
    bread = np.linalg.inv(_curvature(design, chance))
    variance = bread @ (scores.T @ scores) @ bread * count / (count - 1)
    return np.asarray(np.sqrt(np.diag(variance)), dtype=np.float64)


def _curvature(design: Array, chance: Array) -> Array:
    weighted = design * (chance * (1 - chance))[:, None]
    return np.asarray(weighted.T @ design + _RIDGE * np.eye(2), dtype=np.float64)


def _sigmoid(value: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(value, -500, 500))))
