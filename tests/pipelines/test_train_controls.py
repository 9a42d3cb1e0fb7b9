"""Controls of training: what must score like chance does, what must not is found."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from dexter.domain.alert import Demonstrated
from dexter.ml.dataset import Array, Dataset
from tests.ml.making_events import SMALL
from tests.pipelines.making_training import (
    lesson,
    overall,
    quick,
    taught,
)

DATA = lesson()


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with quick():
        yield


def test_shuffled_labels_score_like_chance() -> None:
    random = np.random.default_rng(21)
    manifest, _ = taught(replace(DATA, label=random.permutation(DATA.label)))
    all_of_it = overall(manifest)
    assert manifest.skill is Demonstrated.NO
    assert abs(all_of_it.skill.value) < 0.02
    area = all_of_it.intervals["roc_auc"]
    assert area.low < 0.5 < area.high
    assert abs(area.value - 0.5) < 0.06


def widened(columns: Array) -> Dataset:
    """The events with further inputs."""
    more = tuple(f"later_{i}" for i in range(columns.shape[1]))
    matrix = np.column_stack([DATA.matrix, columns]).astype(np.float32)
    return replace(DATA, names=(*DATA.names, *more), matrix=matrix)


def test_noise_of_the_future_gains_nothing() -> None:
    random = np.random.default_rng(22)
    without, _ = taught(DATA)
    manifest, _ = taught(widened(random.normal(size=(len(DATA), 12))))
    assert overall(manifest).skill.value < overall(without).skill.value + 0.01
    told = dict(manifest.importances)
    noise = sum(v for name, v in told.items() if name.startswith("later"))
    assert noise < 0.3 * sum(told.values())
    assert manifest.importances[0][0] == "rsi_14"


def test_an_input_that_knows_the_outcome_would_be_noticed() -> None:
    """Otherwise the two controls above would prove nothing."""
    manifest, _ = taught(widened(DATA.label[:, None] + 0.0))
    assert overall(manifest).skill.value > 0.9
    assert manifest.importances[0][0] == "later_0"


def test_constant_inputs_are_no_hindrance() -> None:
    constant = np.tile([7.0, 0.0, np.nan], (len(DATA), 1))
    data = widened(constant)
    manifest, _ = taught(data, SMALL)
    assert overall(manifest).skill.low > 0.1
    told = dict(manifest.importances)
    assert all(told.get(f"later_{i}", 0) == pytest.approx(0) for i in range(3))
    blank = replace(DATA, matrix=np.full_like(DATA.matrix, 3.0))
    nothing, _ = taught(blank)
    assert nothing.skill is Demonstrated.NO
