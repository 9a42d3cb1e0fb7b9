"""Metrics by hand, and what counts as demonstrated."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from dexter.domain.alert import Demonstrated
from dexter.ml import evaluation
from dexter.ml.evaluation import OutOfSample
from dexter.ml.intervals import Array, Estimate, clustered, wilson


def sample(
    said: list[float] | Array, label: list[float] | Array, reference: float = 0.5
) -> OutOfSample:
    n = len(said)
    return OutOfSample(
        probability=np.array(said, dtype=float),
        label=np.array(label, dtype=float),
        reference=np.full(n, reference),
        net_return=np.zeros(n),
        day=np.arange(n) // 4,
        year=np.full(n, 2024),
        coverage=np.ones(n),
        turnover=np.full(n, 8.0),
    )


def many(seed: int, n: int = 3000) -> OutOfSample:
    random = np.random.default_rng(seed)
    said = random.uniform(0, 0.3, n)
    label = (random.uniform(size=n) < said).astype(float)
    return sample(said, label, 0.15)


def test_wilson_on_the_handbook_case() -> None:
    found = wilson(16, 42)
    assert found.value == pytest.approx(0.381, abs=1e-3)
    assert (found.low, found.high) == pytest.approx((0.25, 0.53), abs=5e-3)


def test_wilson_needs_a_trial() -> None:
    with pytest.raises(ValueError, match="at least one"):
        wilson(0, 0)


def test_ranking_by_hand() -> None:
    said, label = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0])
    assert evaluation.roc_auc(said, label) == 0.75
    assert evaluation.pr_auc(said, label) == pytest.approx((1 + 2 / 3) / 2)


def test_ties_count_half_and_order_does_not_matter() -> None:
    said, label = np.full(6, 0.2), np.array([1.0, 0, 0, 1, 0, 0])
    assert evaluation.roc_auc(said, label) == 0.5
    assert evaluation.pr_auc(said, label) == pytest.approx(1 / 3)


def test_log_loss_by_hand() -> None:
    found = evaluation.log_loss(np.array([0.5, 0.25]), np.array([1.0, 0.0]))
    assert found == pytest.approx((np.log(2) + np.log(4 / 3)) / 2)


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


def test_edge_is_the_flagged_mean_minus_that_of_all() -> None:
    told = sample([0.9, 0.9, 0.1, 0.1] * 5, [0.0] * 20)
    earned = np.tile([0.04, np.nan, 0.01, 0.01], 5)
    found = evaluation.edge(dataclasses.replace(told, net_return=earned), 0.5, 1)
    assert found is not None
    assert found.value == pytest.approx(0.04 - 0.02)
    assert evaluation.demonstrated(found) is Demonstrated.YES


def test_without_a_fill_there_is_no_edge_and_nothing_is_demonstrated() -> None:
    told = dataclasses.replace(many(4), net_return=np.full(3000, np.nan))
    assert evaluation.edge(told, 0.1, 1) is None
    assert evaluation.demonstrated(None) is Demonstrated.NO
    assert evaluation.demonstrated(Estimate(0.1, 0.0, 0.2)) is Demonstrated.NO


def test_events_of_one_day_are_not_independent() -> None:
    random = np.random.default_rng(5)
    days = np.repeat(np.arange(50), 40)
    label = np.repeat(random.uniform(size=50) < 0.3, 40).astype(float)
    columns = np.column_stack([label, np.ones(2000)])

    def rate(sums: Array) -> Array:
        return sums[:, 0] / sums[:, 1]

    by_day = clustered(columns, days, rate, 1)
    by_event = clustered(columns, np.arange(2000), rate, 1)
    assert by_day.high - by_day.low > 4 * (by_event.high - by_event.low)


def test_the_bootstrap_is_repeatable() -> None:
    told = many(6)
    assert evaluation.skill(told, 9) == evaluation.skill(told, 9)


def test_bins_cover_everything_and_hold_what_happened() -> None:
    told = many(7)
    bins = evaluation.reliability(told, 1)
    assert sum(b.events for b in bins) == len(told)
    assert sum(b.hits for b in bins) == told.label.sum()
    assert all(a.high <= b.low for a, b in pairwise(bins))
    inside = sum(b.rate.low <= b.mean <= b.rate.high for b in bins)
    assert inside >= len(bins) - 2


def test_metrics_of_a_part_are_of_that_part() -> None:
    told = many(8)
    part = told.take(told.probability > 0.2)
    found = evaluation.evaluate(part, 0.25, 1)
    assert found.events == int((told.probability > 0.2).sum())
    assert found.chosen == int((told.probability >= 0.25).sum())
    assert found.base_rate == part.label.mean()
