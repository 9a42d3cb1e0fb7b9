"""Contributions sum to what the model says."""

import lightgbm
import numpy as np
import pytest
import xgboost

from dexter.ml.calibration import Platt
from dexter.ml.contributions import (
    Contributions,
    NotAdditiveError,
    combined,
    of_lightgbm,
    of_linear,
    of_xgboost,
)
from dexter.ml.dataset import Array, Matrix

NAMES = ("strong", "weak", "noise", "other")


@pytest.fixture(scope="module")
def rows() -> Matrix:
    random = np.random.default_rng(1)
    found = random.normal(size=(600, 4)).astype(np.float32)
    found[random.uniform(size=found.shape) < 0.1] = np.nan
    return found


@pytest.fixture(scope="module")
def label(rows: Matrix) -> Array:
    filled = np.nan_to_num(rows)
    return np.asarray(2 * filled[:, 0] + 0.5 * filled[:, 1] > 0.5, dtype=np.float64)


@pytest.fixture(scope="module")
def booster(rows: Matrix, label: Array) -> xgboost.Booster:
    data = xgboost.DMatrix(rows, label=label, feature_names=list(NAMES), nthread=1)
    settings = {"objective": "binary:logistic", "max_depth": 3, "nthread": 1}
    return xgboost.train(settings, data, num_boost_round=30)


@pytest.fixture(scope="module")
def light(rows: Matrix, label: Array) -> lightgbm.Booster:
    settings = {"objective": "binary", "num_leaves": 7, "num_threads": 1, "verbose": -1}
    data = lightgbm.Dataset(rows[:, :3], label=label)
    return lightgbm.train(settings, data, num_boost_round=30)


def logit(chance: Array) -> Array:
    return np.asarray(np.log(chance / (1 - chance)))


def test_they_sum_to_the_log_odds(booster: xgboost.Booster, rows: Matrix) -> None:
    found = of_xgboost(booster, rows, NAMES)
    said = booster.inplace_predict(rows, validate_features=False).astype(np.float64)
    assert found.log_odds() == pytest.approx(logit(said), abs=1e-3)


def test_the_input_that_matters_comes_first(
    booster: xgboost.Booster, rows: Matrix
) -> None:
    found = of_xgboost(booster, rows, NAMES)
    names = [name for name, _ in found.importances()]
    assert names[:2] == ["strong", "weak"]
    sizes = [size for _, size in found.importances()]
    assert sizes == sorted(sizes, reverse=True)


def test_a_single_rows_largest_are_signed(
    booster: xgboost.Booster, rows: Matrix
) -> None:
    found = of_xgboost(booster, rows, NAMES)
    row = int(np.nanargmin(rows[:, 0]))
    (first, second) = found.largest(row, 2)
    assert first[0] == "strong"
    assert first[1] < 0
    assert abs(first[1]) >= abs(second[1])
    assert len(found.largest(row, 99)) == len(NAMES)


def test_members_are_combined_as_their_log_odds_are(
    booster: xgboost.Booster, light: lightgbm.Booster, rows: Matrix
) -> None:
    trees = of_xgboost(booster, rows, NAMES)
    leaves = of_lightgbm(light, rows[:, :3], NAMES[:3])
    scaled = np.nan_to_num(rows[:, [3, 0]].astype(np.float64))
    line = of_linear(scaled, np.array([0.2, 0.7]), -1.0, ("other", "strong"))
    found = combined((trees, leaves, line), (2.0, 1.0, 0.5), NAMES)
    by_hand = 2 * trees.log_odds() + leaves.log_odds() + 0.5 * line.log_odds()
    assert found.log_odds() == pytest.approx(by_hand / 3.5)
    assert found.names == NAMES


def test_strangers_are_refused() -> None:
    part = Contributions(("else",), np.zeros((1, 1)), np.zeros(1))
    with pytest.raises(ValueError, match="else"):
        combined((part,), (1.0,), NAMES)


def test_calibrated_they_sum_to_the_calibrated_log_odds(
    booster: xgboost.Booster, rows: Matrix
) -> None:
    found = of_xgboost(booster, rows, NAMES)
    calibration = Platt(0.8, -0.3)
    said = calibration.apply(booster.inplace_predict(rows).astype(np.float64))
    again = found.calibrated(calibration).log_odds()
    assert again == pytest.approx(logit(said), abs=1e-3)


def test_a_sum_that_misses_is_an_error() -> None:
    found = Contributions(("a",), np.array([[1.0]]), np.array([0.5]))
    found.check(np.array([1.5]))
    with pytest.raises(NotAdditiveError):
        found.check(np.array([1.6]))
    with pytest.raises(NotAdditiveError):
        found.check(np.array([np.nan]))
