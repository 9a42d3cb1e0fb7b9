"""Walking forward: nothing of a season, or later, is in what is said of it."""

from dataclasses import replace

import numpy as np
import pytest

from dexter.features.moments import day_of
from dexter.ml.calibration import IDENTITY
from dexter.ml.dataset import Dataset
from dexter.ml.recipe import Recipe
from dexter.ml.splits import Split, walk_forward
from dexter.ml.walk import (
    MINIMUM_HITS,
    WARM_UP_SEASONS,
    Fold,
    calibrated,
    learned,
    out_of_sample,
    ranked,
    raw,
    walk,
)
from tests.ml.making_events import CALENDAR, LGB, LINE, XGB, later, lesson

DATA = lesson()
SPLITS = tuple(walk_forward(DATA, CALENDAR))
MIXED = Recipe("mixed", (XGB, LGB, LINE))
MIDDLE = 6


def walked(data: Dataset, splits: tuple[Split, ...] = SPLITS) -> tuple[Fold, ...]:
    return walk(data, splits, MIXED, 3, workers=2)


@pytest.fixture(scope="module")
def folds() -> tuple[Fold, ...]:
    return walked(DATA)


@pytest.fixture(scope="module")
def turned() -> Dataset:
    """Every label turned that was not known when the seventh season was trained for."""
    return later(DATA, day_of(SPLITS[MIDDLE].train_until))


def test_it_does_not_matter_how_many_train_at_once(folds: tuple[Fold, ...]) -> None:
    told: list[tuple[str, int, int]] = []
    alone = walk(
        DATA, SPLITS, MIXED, 3, workers=1, on_progress=lambda *step: told.append(step)
    )
    many = walk(DATA, SPLITS, MIXED, 3, workers=5)
    for one, other, third in zip(folds, alone, many, strict=True):
        assert one.log_odds.tobytes() == other.log_odds.tobytes()
        assert one.log_odds.tobytes() == third.log_odds.tobytes()
        assert one.gains == other.gains == third.gains
    assert told == [("mixed", i + 1, len(SPLITS)) for i in range(len(SPLITS))]


def test_later_labels_change_nothing_said_before(
    folds: tuple[Fold, ...], turned: Dataset
) -> None:
    again = walked(turned)
    same = [
        one.log_odds.tobytes() == two.log_odds.tobytes()
        for one, two in zip(folds, again, strict=True)
    ]
    assert same == [place <= MIDDLE for place in range(len(SPLITS))]
    rates = [one.base_rate for one in folds[: MIDDLE + 1]]
    assert rates == [one.base_rate for one in again[: MIDDLE + 1]]


def test_later_inputs_change_nothing_said_before(folds: tuple[Fold, ...]) -> None:
    matrix = DATA.matrix.copy()
    matrix[DATA.season > SPLITS[MIDDLE].season] *= -3
    again = walked(replace(DATA, matrix=matrix), SPLITS[: MIDDLE + 1])
    for one, two in zip(folds, again, strict=False):
        assert one.log_odds.tobytes() == two.log_odds.tobytes()


def test_the_reference_is_the_rate_of_judged_events_known_then(
    folds: tuple[Fold, ...],
) -> None:
    for fold in folds:
        train = fold.split.train
        judged = DATA.judged[train]
        assert not judged.all()
        assert fold.base_rate == DATA.label[train][judged].mean()


def test_calibration_learns_of_earlier_seasons_alone(
    folds: tuple[Fold, ...], turned: Dataset
) -> None:
    plain, mended = (calibrated(DATA, folds, mend=mend) for mend in (False, True))
    assert [p.tobytes() for p in plain] == [raw(fold).tobytes() for fold in folds]
    # The first has none before it.
    assert mended[0] == pytest.approx(plain[0])
    assert np.abs(mended[-1] - plain[-1]).max() > 0.001
    # The same scores, other labels from the seventh season on.
    again = calibrated(turned, folds, mend=True)
    same = [a.tobytes() == b.tobytes() for a, b in zip(mended, again, strict=True)]
    assert same == [place <= MIDDLE for place in range(len(SPLITS))]


def test_a_label_not_yet_known_does_not_mend(folds: tuple[Fold, ...]) -> None:
    """The last events of the season before are out of its scores, yet embargoed."""
    place = MIDDLE
    before, split = folds[place - 1].split, folds[place].split
    late = np.setdiff1d(before.test, split.train)
    assert len(late)
    label = DATA.label.copy()
    label[late] = 1 - label[late]
    other = replace(DATA, label=label)
    assert learned(DATA, folds[:place], split) == learned(other, folds[:place], split)
    assert learned(DATA, folds[:place], None) != learned(other, folds[:place], None)


def test_few_hits_mend_nothing(folds: tuple[Fold, ...]) -> None:
    tested = np.concatenate([fold.split.test for fold in folds[:2]])
    label = np.zeros(len(DATA))
    label[tested[: MINIMUM_HITS - 1]] = 1
    assert learned(replace(DATA, label=label), folds[:2], None) == IDENTITY
    label[tested[MINIMUM_HITS]] = 1
    assert learned(replace(DATA, label=label), folds[:2], None) != IDENTITY
    assert learned(DATA, (), None) == IDENTITY


def test_inputs_are_ranked_by_what_training_told() -> None:
    trees = Recipe("trees", (XGB,))
    some = SPLITS[: MIDDLE + 1]
    told = ranked(walk(DATA, some, trees, 3))
    assert told[0] == "x0"
    assert sorted(told) == sorted(DATA.names)
    # No label that training had not seen is in it, the tested ones' own neither.
    turned = later(DATA, day_of(some[-1].train_until))
    assert ranked(walk(turned, some, trees, 3)) == told


def test_ties_are_ranked_by_name(folds: tuple[Fold, ...]) -> None:
    alike = [replace(fold, gains={"b": 1.0, "a": 1.0, "c": 2.0}) for fold in folds]
    assert ranked(alike) == ("c", "a", "b")
    assert ranked([replace(folds[0], gains={"a": 0.0})]) == ("a",)


def test_the_sample_holds_the_events_of_its_folds(folds: tuple[Fold, ...]) -> None:
    some = folds[WARM_UP_SEASONS:]
    said = calibrated(DATA, folds, mend=True)[WARM_UP_SEASONS:]
    sample = out_of_sample(DATA, some, said, {"another": said})
    rows = np.concatenate([fold.split.test for fold in some])
    assert len(sample) == len(rows) == len(set(rows.tolist()))
    assert sample.label.tolist() == DATA.label[rows].tolist()
    assert sample.symbol.tolist() == DATA.symbol[rows].tolist()
    assert sample.season.tolist() == DATA.season[rows].tolist()
    assert (np.diff(sample.season) >= 0).all()
    assert sample.rivals["another"].tolist() == sample.probability.tolist()
    assert sample.reference[0] == some[0].base_rate
    assert sample.reference[-1] == some[-1].base_rate
