"""What each input adds to a prediction's log-odds, exactly (SHAP values of trees).

Source: S. Lundberg et al., *From local explanations to global understanding with
explainable AI for trees* (2020); XGBoost and LightGBM compute them themselves.
Contributions and ``base`` of a row sum to the log-odds of its raw score.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from dexter.ml.calibration import Platt
from dexter.ml.dataset import Matrix
from dexter.ml.sample import Array

if TYPE_CHECKING:  # half a second each
    import lightgbm

TOLERANCE = 1e-3
"""Log-odds; the libraries sum in single precision."""


class NotAdditiveError(ValueError):
    """Contributions do not sum to what was said."""

    def __init__(self, gap: float) -> None:
        super().__init__(f"contributions miss the log-odds by {gap:.2g}")


@dataclass(frozen=True, slots=True)
class Contributions:
    """Log-odds by row and input, ``(n, k)``, and each row's ``base``, ``(n,)``."""

    names: tuple[str, ...]
    values: Array
    base: Array

    def log_odds(self) -> Array:
        """What they sum to, shape ``(n,)``."""
        return np.asarray(self.base + self.values.sum(axis=1), dtype=np.float64)

    def calibrated(self, calibration: Platt) -> Self:
        """The same for the calibrated probability's log-odds."""
        slope, intercept = calibration.slope, calibration.intercept
        return type(self)(
            self.names, slope * self.values, slope * self.base + intercept
        )

    def importances(self) -> tuple[tuple[str, float], ...]:
        """Mean absolute contribution of each input, the largest first."""
        means = np.abs(self.values).mean(axis=0).tolist()
        found = zip(self.names, means, strict=True)
        return tuple(sorted(found, key=lambda one: (-one[1], one[0])))

    def largest(self, row: int, count: int = 5) -> tuple[tuple[str, float], ...]:
        """The inputs that moved one row the most, either way."""
        order = np.argsort(-np.abs(self.values[row]), kind="stable")[:count]
        return tuple((self.names[i], float(self.values[row, i])) for i in order)

    def check(self, log_odds: Array) -> None:
        """Hold the sums against the log-odds that were said.

        Raises:
            NotAdditiveError: a row misses them by more than ``TOLERANCE``.
        """
        gap = float(np.abs(self.log_odds() - log_odds).max(initial=0.0))
        if not gap <= TOLERANCE:
            raise NotAdditiveError(gap)


def of_xgboost(booster: Any, matrix: Matrix, names: Sequence[str]) -> Contributions:  # noqa: ANN401 - XGBoost ships no types
    """Contributions of an XGBoost model.

    Raises:
        NotAdditiveError: they do not sum to its margin.
    """
    import xgboost  # noqa: PLC0415 - half a second

    data = xgboost.DMatrix(matrix, feature_names=booster.feature_names, nthread=1)
    told = np.asarray(booster.predict(data, pred_contribs=True), dtype=np.float64)
    found = Contributions(tuple(names), told[:, :-1], told[:, -1])
    margin = booster.predict(data, output_margin=True)
    found.check(np.asarray(margin, dtype=np.float64))
    return found


def of_lightgbm(
    booster: "lightgbm.Booster", matrix: Matrix, names: Sequence[str]
) -> Contributions:
    """Contributions of a LightGBM model.

    Raises:
        NotAdditiveError: they do not sum to its raw score.
    """
    said = booster.predict(matrix, pred_contrib=True, num_threads=1)
    told = np.asarray(said, dtype=np.float64)
    found = Contributions(tuple(names), told[:, :-1], told[:, -1])
    raw = booster.predict(matrix, raw_score=True, num_threads=1)
    found.check(np.asarray(raw, dtype=np.float64))
    return found


def of_linear(
    scaled: Array, coefficients: Array, intercept: float, names: Sequence[str]
) -> Contributions:
    """Contributions of a logistic regression over the ``scaled`` values it reads."""
    base = np.full(len(scaled), intercept)
    return Contributions(tuple(names), scaled * coefficients, base)


def combined(
    parts: Sequence[Contributions], weights: Sequence[float], names: Sequence[str]
) -> Contributions:
    """Contributions to the weighted mean of several models' log-odds.

    Args:
        parts: One a model, of the same rows; inputs in any order.
        weights: One a model; only their proportions count.
        names: The inputs of the whole, among them those of every part.

    Raises:
        ValueError: a part has an input the whole has not.
    """
    place = {name: i for i, name in enumerate(names)}
    values = np.zeros((len(parts[0].base), len(names)))
    base = np.zeros(len(values))
    for part, weight in zip(parts, weights, strict=True):
        strangers = set(part.names) - set(place)
        if strangers:
            msg = f"inputs the whole does not know: {', '.join(sorted(strangers))}"
            raise ValueError(msg)
        share = weight / sum(weights)
        values[:, [place[name] for name in part.names]] += share * part.values
        base += share * part.base
    return Contributions(tuple(names), values, base)
