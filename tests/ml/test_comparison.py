"""A model against simpler ones on the same events."""

from dataclasses import replace

import numpy as np
import pytest

from dexter.ml import evaluation
from dexter.ml.comparison import BASE_RATE, Comparison, compare
from dexter.ml.ranking import pr_auc, roc_auc
from dexter.ml.sample import DEFAULT, LOGISTIC, VOLATILITY
from tests.ml.making_samples import market


@pytest.fixture(scope="module")
def found() -> dict[str, Comparison]:
    return {one.rival: one for one in compare(market(), 1)}


def test_every_rival_and_the_base_rate_are_there(found: dict[str, Comparison]) -> None:
    assert list(found) == [BASE_RATE, LOGISTIC, VOLATILITY, DEFAULT]


def test_both_sides_are_measured_as_alone(found: dict[str, Comparison]) -> None:
    told, one = market(), found[VOLATILITY]
    said = told.rivals[VOLATILITY]
    assert one.roc_auc.ours == pytest.approx(roc_auc(told.probability, told.label))
    assert one.roc_auc.theirs == pytest.approx(roc_auc(said, told.label))
    assert one.pr_auc.theirs == pytest.approx(pr_auc(said, told.label))
    alone = evaluation.skill(replace(told, probability=said), 1)
    assert one.skill.theirs == pytest.approx(alone.value)
    loss = evaluation.log_loss(said, told.label)
    ours = evaluation.log_loss(told.probability, told.label)
    assert one.log_loss.gain.value == pytest.approx(loss - ours)


def test_against_the_base_rate_is_skill(found: dict[str, Comparison]) -> None:
    assert found[BASE_RATE].against == evaluation.skill(market(), 1)


def test_who_knows_more_is_better_by_every_measure(
    found: dict[str, Comparison],
) -> None:
    one = found[VOLATILITY]
    for both in (one.skill, one.roc_auc, one.pr_auc, one.log_loss):
        assert both.better
        assert not both.worse
    assert one.against.low > 0


def test_a_model_against_itself_gains_nothing() -> None:
    told = market()
    (_, one) = compare(replace(told, rivals={"twin": told.probability}), 1)
    for both in (one.skill, one.roc_auc, one.pr_auc, one.log_loss):
        assert (both.gain.value, both.gain.low, both.gain.high) == (0.0, 0.0, 0.0)
        assert not both.better
        assert not both.worse


def test_turned_round_the_better_is_the_worse() -> None:
    told = market()
    weak = told.rivals[VOLATILITY]
    turned = replace(told, probability=weak, rivals={"strong": told.probability})
    _, one = compare(turned, 1)
    assert one.skill.worse
    assert one.roc_auc.worse


def test_pairing_makes_the_difference_surer_than_its_parts() -> None:
    told = market()
    _, one = compare(replace(told, rivals={LOGISTIC: told.rivals[LOGISTIC]}), 1)
    alone = evaluation.skill(told, 1)
    gain = one.skill.gain
    assert gain.high - gain.low < 0.5 * (alone.high - alone.low)


def test_without_a_hit_nothing_is_ranked() -> None:
    told = market()
    silent = replace(told, label=np.zeros(len(told)))
    for one in compare(silent, 1):
        assert np.isnan(one.roc_auc.ours)
        assert not one.roc_auc.better
        assert not one.pr_auc.worse
