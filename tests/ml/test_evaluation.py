"""Metrics by hand, and what counts as demonstrated."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from dexter.domain.alert import Demonstrated
from dexter.ml import evaluation
from dexter.ml.evaluation import Metrics, evaluate
from dexter.ml.intervals import Array, Estimate, Resampled
from dexter.ml.recalibration import recalibration
from dexter.ml.reliability import rate_of, reliability
from dexter.ml.sample import OutOfSample
from tests.ml.making_samples import many, market, sample


def drawn(told: OutOfSample) -> Resampled:
    return Resampled.of(told.day, 1)


def test_log_loss_by_hand() -> None:
    found = evaluation.log_loss(np.array([0.5, 0.25]), np.array([1.0, 0.0]))
    assert found == pytest.approx((np.log(2) + np.log(4 / 3)) / 2)


def test_being_sure_and_wrong_is_dear_but_finite() -> None:
    found = evaluation.log_loss(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert 20 < found < 40


def test_skill_is_one_minus_the_ratio_of_briers() -> None:
    found = evaluation.skill(sample([0.9, 0.1] * 8, [1.0, 0.0] * 8), seed=1)
    assert found.value == pytest.approx(1 - 0.01 / 0.25)
    assert found.low == pytest.approx(found.high)


def test_informed_probabilities_show_skill_and_the_base_rate_shows_none() -> None:
    informed = many(1)
    assert evaluation.demonstrated(evaluation.skill(informed, 1)) is Demonstrated.YES
    blind = dataclasses.replace(informed, probability=informed.reference)
    assert evaluation.skill(blind, 1).value == 0.0
    assert evaluation.demonstrated(evaluation.skill(blind, 1)) is Demonstrated.NO


def test_shuffled_labels_show_no_skill() -> None:
    told = many(2)
    label = np.random.default_rng(3).permutation(told.label)
    shuffled = dataclasses.replace(told, label=label)
    assert evaluation.demonstrated(evaluation.skill(shuffled, 1)) is Demonstrated.NO


def test_nothing_is_demonstrated_by_nothing() -> None:
    above = Estimate(0.1, 0.05, 0.2)
    assert evaluation.demonstrated(above, above) is Demonstrated.YES
    assert evaluation.demonstrated(above, Estimate(0.1, 0.0, 0.2)) is Demonstrated.NO
    assert evaluation.demonstrated(above, None) is Demonstrated.NO
    assert evaluation.demonstrated() is Demonstrated.NO


def of_money(earned: list[float]) -> OutOfSample:
    told = sample([0.9, 0.9, 0.1, 0.1] * 12, [0.0] * 48)
    return dataclasses.replace(told, net_return=np.tile(earned, 12))


def test_money_is_counted_where_it_could_be_earned() -> None:
    told = of_money([0.04, np.nan, 0.01, 0.01])
    found = evaluate(told, 0.5, 1)
    assert (found.chosen, found.traded) == (24, 12)
    assert found.earned is not None
    assert found.earned.value == pytest.approx(0.04)
    edge = evaluation.edge(told, 0.5, 1)
    assert edge == found.edge
    assert edge is not None
    assert edge.value == pytest.approx(0.04 - 0.02)


def test_without_a_fill_there_is_no_edge() -> None:
    told = dataclasses.replace(many(4), net_return=np.full(3000, np.nan))
    found = evaluate(told, 0.1, 1)
    assert found.traded == 0
    assert found.earned is None
    assert found.edge is None


def test_money_of_a_few_sessions_has_no_interval() -> None:
    told = of_money([0.04, 0.04, 0.01, 0.01])
    late = np.where(told.day < 9, told.net_return, np.nan)
    assert evaluation.edge(dataclasses.replace(told, net_return=late), 0.5, 1) is None


def test_precision_recall_and_f1_by_hand() -> None:
    # Of four flagged three hit; of five hits three were flagged.
    said, label = [0.9] * 4 + [0.1] * 6, [1.0, 1, 1, 0, 1, 1, 0, 0, 0, 0]
    told = sample(said * 12, label * 12)
    found = evaluate(told, 0.5, 1)
    assert _value(found.precision) == pytest.approx(3 / 4)
    assert _value(found.recall) == pytest.approx(3 / 5)
    assert _value(found.f1) == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_nothing_flagged_has_no_precision() -> None:
    found = evaluate(many(4), 0.99, 1)
    assert found.chosen == 0
    assert found.precision is None
    assert _value(found.recall) == 0.0
    assert _value(found.f1) == 0.0


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_one_class_only_ranks_nothing_but_has_a_brier(label: float) -> None:
    told = dataclasses.replace(many(4), label=np.full(3000, label))
    found = evaluate(told, 0.1, 1)
    assert found.roc_auc is None
    assert found.mended is None
    assert (found.pr_auc is None) is (label == 0)
    assert (found.recall is None) is (label == 0)
    assert np.isfinite([found.brier.value, found.brier.low, found.skill.low]).all()


def test_all_in_one_session_is_refused() -> None:
    told = dataclasses.replace(many(4), day=np.full(3000, 7))
    with pytest.raises(ValueError, match="at least two clusters"):
        evaluate(told, 0.1, 1)


def test_every_interval_holds_its_value() -> None:
    found = evaluate(market(), 0.15, 1)
    estimates = {
        field.name: getattr(found, field.name)
        for field in dataclasses.fields(Metrics)
        if isinstance(getattr(found, field.name), Estimate)
    }
    assert len(estimates) == 13
    for name, one in estimates.items():
        assert one.low < one.value < one.high, name


def test_bins_cover_everything_and_hold_what_happened() -> None:
    told = many(7)
    bins = reliability(told.probability, told.label, drawn(told))
    assert sum(b.events for b in bins) == len(told)
    assert sum(b.hits for b in bins) == told.label.sum()
    assert all(a.high <= b.low for a, b in pairwise(bins))
    inside = sum(b.rate.low <= b.mean <= b.rate.high for b in bins)
    assert inside >= len(bins) - 2


def test_a_rate_without_hits_is_not_surely_0() -> None:
    told = many(7)
    base = np.arange(3000) < 100
    found = rate_of(np.zeros(3000, dtype=bool), base, drawn(told))
    assert found.value == 0.0
    assert found.high > 0.03


def test_metrics_of_a_part_are_of_that_part() -> None:
    told = many(8)
    part = told.take(told.probability > 0.2)
    found = evaluate(part, 0.25, 1)
    assert found.events == int((told.probability > 0.2).sum())
    assert found.chosen == int((told.probability >= 0.25).sum())
    assert found.base_rate == part.label.mean()


def test_right_probabilities_need_no_mending() -> None:
    told = many(9, 8000)
    found = recalibration(told.probability, told.label, drawn(told))
    assert found is not None
    assert found.slope.low < 1 < found.slope.high
    assert found.intercept.low < 0 < found.intercept.high


def test_too_extreme_probabilities_have_a_slope_below_1() -> None:
    told = many(9, 8000)
    odds = np.log(told.probability / (1 - told.probability))
    extreme = 1 / (1 + np.exp(-2 * odds - 0.5))
    found = recalibration(extreme, told.label, drawn(told))
    straight = recalibration(told.probability, told.label, drawn(told))
    assert found is not None
    assert straight is not None
    assert found.slope.value == pytest.approx(straight.slope.value / 2, abs=1e-3)
    assert found.slope.high < 1


@pytest.mark.parametrize("said", [np.full(40, 0.3), np.repeat([0.2, 0.8], 20)])
def test_what_is_not_defined_is_not_mended(said: Array) -> None:
    label = np.repeat([0.0, 1.0], 20)
    assert recalibration(said, label, drawn(sample(said, label))) is None


def _value(estimate: Estimate | None) -> float:
    assert estimate is not None
    return estimate.value
