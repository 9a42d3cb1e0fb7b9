"""Logistic regression: the optimum it claims, and what absent values do."""

import numpy as np
import pytest

from dexter.ml.logistic import CLIP, fit
from tests.ml.making_events import lesson

DATA = lesson(inputs=3, each=4)


def test_the_gradient_of_the_loss_is_nought_where_it_stops() -> None:
    found = fit(DATA.matrix, DATA.label, ridge=3.0)
    design = found.scaled(DATA.matrix)
    chance = 1 / (1 + np.exp(-found.log_odds(DATA.matrix)))
    missed = chance - DATA.label
    assert design.T @ missed + 3.0 * found.coefficients == pytest.approx(
        np.zeros(3), abs=1e-5
    )
    assert missed.sum() == pytest.approx(0, abs=1e-6)


def test_the_slopes_events_were_made_with_come_back() -> None:
    random = np.random.default_rng(3)
    rows = random.normal(size=(40_000, 2)).astype(np.float32)
    odds = -1 + 0.8 * rows[:, 0] - 0.5 * rows[:, 1]
    label = (random.uniform(size=len(odds)) < 1 / (1 + np.exp(-odds))).astype(float)
    found = fit(rows, label, ridge=1e-3)
    slopes = found.coefficients / found.scales
    assert slopes == pytest.approx([0.8, -0.5], abs=0.06)
    assert found.intercept == pytest.approx(-1, abs=0.06)


def test_a_ridge_holds_the_slopes_and_not_the_rate() -> None:
    loose, tight = fit(DATA.matrix, DATA.label, 1.0), fit(DATA.matrix, DATA.label, 1e6)
    assert np.abs(tight.coefficients).max() < np.abs(loose.coefficients).max() / 50
    said = 1 / (1 + np.exp(-tight.log_odds(DATA.matrix)))
    assert said.mean() == pytest.approx(DATA.label.mean(), abs=1e-6)


def test_an_absent_value_adds_nothing_and_an_outlier_no_more_than_the_clip() -> None:
    found = fit(DATA.matrix, DATA.label)
    nothing = np.full((1, 3), np.nan, dtype=np.float32)
    assert found.log_odds(nothing)[0] == found.intercept
    far = np.array([[1e30, np.nan, np.nan]], dtype=np.float32)
    wanted = found.intercept + CLIP * found.coefficients[0]
    assert found.log_odds(far)[0] == pytest.approx(wanted)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_separable_and_one_sided_labels_end_in_numbers(label: float) -> None:
    rows = np.linspace(-1, 1, 50, dtype=np.float32)[:, None]
    apart = fit(rows, (rows[:, 0] > 0).astype(float), ridge=1e-3)
    assert np.isfinite(apart.log_odds(rows)).all()
    alike = fit(rows, np.full(50, label))
    assert ((alike.log_odds(rows) > 0) == (label > 0)).all()
