"""The search for a recipe: all trials kept, the last seasons not looked at."""

import json
from dataclasses import replace

import numpy as np
import pytest

from dexter.ml.dataset import Dataset
from dexter.ml.evaluation import log_loss
from dexter.ml.recipe import selected
from dexter.ml.search import RESERVED_SEASONS, Choice, development, search
from dexter.ml.splits import walk_forward
from dexter.ml.walk import WARM_UP_SEASONS, calibrated, walk
from tests.ml.making_events import CALENDAR, SMALL, lesson

DATA = lesson()
SPLITS = tuple(walk_forward(DATA, CALENDAR))


def quiet(stage: str, done: int, total: int) -> None:
    assert 0 <= done <= total, stage


def choose(data: Dataset) -> Choice:
    return search(data, SPLITS, 3, quiet, SMALL)


@pytest.fixture(scope="module")
def choice() -> Choice:
    return choose(DATA)


def test_every_trial_is_kept_in_the_order_tried(choice: Choice) -> None:
    tried = [(trial.recipe, trial.calibrated) for trial in choice.trials]
    assert tried == [(r.name, mend) for r in SMALL for mend in (False, True)]
    best = min(choice.trials, key=lambda trial: trial.log_loss)
    assert (choice.recipe.name, choice.mended) == (best.recipe, best.calibrated)
    assert json.loads(json.dumps([trial.told() for trial in choice.trials]))


def test_a_trial_says_what_was_measured_after_the_warm_up(choice: Choice) -> None:
    recipe = SMALL[1]
    some = selected(DATA, recipe, choice.ranked)
    assert len(some.names) == 3
    folds = walk(some, development(SPLITS), recipe, 3)
    said = np.concatenate(calibrated(some, folds, mend=True)[WARM_UP_SEASONS:])
    rows = np.concatenate([fold.split.test for fold in folds[WARM_UP_SEASONS:]])
    trial = choice.trials[3]
    assert trial.log_loss == log_loss(said, DATA.label[rows])
    assert (trial.events, trial.hits) == (len(rows), int(DATA.label[rows].sum()))
    assert trial.skill > 0.1
    assert trial.roc_auc > 0.7
    assert trial.pr_auc > trial.hits / trial.events


def test_the_same_events_choose_the_same(choice: Choice) -> None:
    assert choose(DATA) == choice


def test_the_last_four_seasons_are_not_looked_at(choice: Choice) -> None:
    assert len(development(SPLITS)) == len(SPLITS) - RESERVED_SEASONS
    reserved = DATA.season >= SPLITS[-RESERVED_SEASONS].season
    assert reserved.any()
    matrix, label = DATA.matrix.copy(), DATA.label.copy()
    matrix[reserved] = 9.0
    label[reserved] = 1 - label[reserved]
    other = replace(
        DATA,
        matrix=matrix,
        label=label,
        net_return=np.where(reserved, 5.0, DATA.net_return),
    )
    assert choose(other) == choice


def test_the_season_before_them_is(choice: Choice) -> None:
    last = DATA.season == development(SPLITS)[-1].season
    label = np.where(last, 1 - DATA.label, DATA.label)
    assert choose(replace(DATA, label=label)).trials != choice.trials


def test_noise_gains_nothing_over_the_base_rate() -> None:
    random = np.random.default_rng(8)
    trials = choose(replace(DATA, label=random.permutation(DATA.label))).trials
    assert max(trial.skill for trial in trials) < 0.01
    assert max(abs(trial.roc_auc - 0.5) for trial in trials) < 0.06


def test_too_few_seasons_to_judge_by_are_refused() -> None:
    few = SPLITS[: WARM_UP_SEASONS + RESERVED_SEASONS]
    with pytest.raises(ValueError, match="4 development seasons are too few"):
        search(DATA, few, 3, quiet, SMALL)
    assert development(few[:2]) == ()
