"""Calibration: monotone, right on average, and sane on hostile scores."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.ml import calibration
from dexter.ml.calibration import IDENTITY, Array


def sample(seed: int, slope: float, intercept: float) -> tuple[Array, Array]:
    random = np.random.default_rng(seed)
    raw = random.uniform(0.01, 0.6, 20_000)
    chance = calibration.Platt(slope, intercept).apply(raw)
    return raw, (random.uniform(size=len(raw)) < chance).astype(float)


def test_it_finds_the_truth_again() -> None:
    raw, label = sample(1, 0.7, -0.9)
    found = calibration.fit(raw, label)
    assert found.slope == pytest.approx(0.7, abs=0.05)
    assert found.intercept == pytest.approx(-0.9, abs=0.08)


def test_calibrated_probabilities_are_right_on_average() -> None:
    raw, label = sample(2, 1.4, 0.3)
    said = calibration.fit(raw, label).apply(raw)
    assert said.mean() == pytest.approx(label.mean(), abs=1e-6)


def test_it_keeps_the_order_of_scores() -> None:
    raw, label = sample(3, 0.8, -0.2)
    said = calibration.fit(raw, label).apply(np.linspace(0.001, 0.999, 500))
    assert (np.diff(said) > 0).all()


def test_a_backward_score_is_not_turned_round() -> None:
    raw, label = sample(4, 1.0, 0.0)
    found = calibration.fit(raw, 1 - label)
    assert found.slope == 1.0
    assert found.apply(raw).mean() == pytest.approx(1 - label.mean(), abs=1e-6)


def test_identity_changes_nothing() -> None:
    assert IDENTITY.one(0.37) == pytest.approx(0.37)


@given(st.floats(0, 1), st.floats(0.1, 3), st.floats(-5, 5))
def test_probabilities_stay_inside(raw: float, slope: float, intercept: float) -> None:
    assert 0 < calibration.Platt(slope, intercept).one(raw) < 1
