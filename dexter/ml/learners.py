"""What can learn: XGBoost, LightGBM and a logistic regression, behind one shape.

Each is deterministic for one input, seed and library version, and keeps itself in its
library's own format. One thread: on a busy machine a second one makes training many
times slower; several are trained at once instead.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from dexter.ml import logistic
from dexter.ml.contributions import (
    Contributions,
    of_lightgbm,
    of_linear,
    of_xgboost,
)
from dexter.ml.dataset import Array, Matrix
from dexter.ml.logistic import Linear

Kind = Literal["xgboost", "lightgbm", "logistic"]
XGBOOST: Kind = "xgboost"
LIGHTGBM: Kind = "lightgbm"
LOGISTIC: Kind = "logistic"
Settings = Mapping[str, float | int | str]
THREADS = 1


@dataclass(frozen=True, slots=True)
class Learned:
    """Something trained: what it says, why, and its bytes.

    ``gains`` are total gains by input (absolute coefficients of a regression);
    ``content`` is its file, or the linear model itself where the kind is logistic.
    """

    kind: Kind
    inputs: tuple[str, ...]
    log_odds: Callable[[Matrix], Array]
    contributions: Callable[[Matrix], Contributions]
    gains: Mapping[str, float]
    content: bytes | Linear


def learn(
    kind: Kind,
    matrix: Matrix,
    label: Array,
    names: Sequence[str],
    settings: Settings,
    seed: int,
) -> Learned:
    """Train on every row given.

    Args:
        kind: ``xgboost``, ``lightgbm`` or ``logistic``.
        matrix: ``(n, k)``, NaN where absent.
        label: 0 or 1, ``(n,)``.
        names: The inputs, ``k`` of them.
        settings: The library's own, and ``rounds``; of a regression ``ridge``.
        seed: Of whatever is drawn.
    """
    return _LEARNERS[kind](matrix, label, tuple(names), settings, seed)


def _xgboost(
    matrix: Matrix, label: Array, names: tuple[str, ...], settings: Settings, seed: int
) -> Learned:
    import xgboost  # noqa: PLC0415 - half a second

    given = {**settings, "seed": seed, "nthread": THREADS}
    rounds = int(given.pop("rounds"))
    data = xgboost.DMatrix(
        matrix, label=label, feature_names=list(names), nthread=THREADS
    )
    booster = xgboost.train(given, data, num_boost_round=rounds)

    def log_odds(rows: Matrix) -> Array:
        said = booster.inplace_predict(
            rows, predict_type="margin", validate_features=False
        )
        return np.asarray(said, dtype=np.float64)

    return Learned(
        kind=XGBOOST,
        inputs=names,
        log_odds=log_odds,
        contributions=lambda rows: of_xgboost(booster, rows, names),
        gains={
            name: float(np.sum(gain))
            for name, gain in booster.get_score(importance_type="total_gain").items()
        },
        content=bytes(booster.save_raw("ubj")),
    )


def _lightgbm(
    matrix: Matrix, label: Array, names: tuple[str, ...], settings: Settings, seed: int
) -> Learned:
    import lightgbm  # noqa: PLC0415 - it imports pandas

    given: dict[str, Any] = {
        **settings,
        "seed": seed,
        "num_threads": THREADS,
        "deterministic": True,
        "force_row_wise": True,
        "verbosity": -1,
    }
    rounds = int(given.pop("rounds"))
    data = lightgbm.Dataset(matrix, label=label, feature_name=list(names), params=given)
    booster = lightgbm.train(given, data, num_boost_round=rounds)
    gains = booster.feature_importance("gain").tolist()

    def log_odds(rows: Matrix) -> Array:
        said = booster.predict(rows, raw_score=True, num_threads=THREADS)
        return np.asarray(said, dtype=np.float64)

    return Learned(
        kind=LIGHTGBM,
        inputs=names,
        log_odds=log_odds,
        contributions=lambda rows: of_lightgbm(booster, rows, names),
        gains=dict(zip(names, gains, strict=True)),
        content=booster.model_to_string().encode(),
    )


def _logistic(
    matrix: Matrix, label: Array, names: tuple[str, ...], settings: Settings, seed: int
) -> Learned:
    del seed  # nothing is drawn
    found = logistic.fit(matrix, label, float(settings.get("ridge", logistic.RIDGE)))

    def contributions(rows: Matrix) -> Contributions:
        return of_linear(found.scaled(rows), found.coefficients, found.intercept, names)

    return Learned(
        kind=LOGISTIC,
        inputs=names,
        log_odds=found.log_odds,
        contributions=contributions,
        gains=dict(zip(names, np.abs(found.coefficients).tolist(), strict=True)),
        content=found,
    )


_Learner = Callable[[Matrix, Array, tuple[str, ...], Settings, int], Learned]
_LEARNERS: Mapping[Kind, _Learner] = {
    XGBOOST: _xgboost,
    LIGHTGBM: _lightgbm,
    LOGISTIC: _logistic,
}
