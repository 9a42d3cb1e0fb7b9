"""Gradient-boosted trees over event features, walked forward through the seasons."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import xgboost

from dexter.ml import calibration
from dexter.ml.calibration import IDENTITY, Platt
from dexter.ml.dataset import Array, Dataset, Matrix
from dexter.ml.evaluation import OutOfSample
from dexter.ml.splits import Split, walk_forward

PARAMETERS: dict[str, float | int | str] = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 4,
    "eta": 0.04,
    "min_child_weight": 10,
    "subsample": 0.8,
    "colsample_bytree": 0.5,
    "lambda": 5.0,
    "max_bin": 128,
}
ROUNDS = 200
SEED = 20180401
THREADS = 1
"""One: on a busy machine a second thread makes training many times slower."""
CALIBRATION_SEASONS = 4
"""Out-of-fold seasons that only teach the calibration before any is evaluated."""

MINIMUM_HITS = 30
"""Below this many hits a calibration would be noise; the raw score stands."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Fold:
    """One season out of sample: what was said before and after calibration."""

    split: Split
    raw: Array
    calibrated: Array
    base_rate: float


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk forward: every fold, and which of them are evaluated."""

    folds: tuple[Fold, ...]
    evaluated: tuple[Fold, ...]
    calibration: Platt


def fit(matrix: Matrix, label: Array, names: Sequence[str]) -> xgboost.Booster:
    """Train on every row given; deterministic for one input and thread count."""
    data = xgboost.DMatrix(
        matrix, label=label, feature_names=list(names), nthread=THREADS
    )
    settings = {**PARAMETERS, "seed": SEED, "nthread": THREADS}
    return xgboost.train(settings, data, num_boost_round=ROUNDS)


def scores(booster: xgboost.Booster, matrix: Matrix) -> Array:
    """Raw scores in (0, 1), shape ``(n,)``; the names are not checked again."""
    said = booster.inplace_predict(matrix, validate_features=False)
    return np.asarray(said, dtype=np.float64)


def walk(dataset: Dataset, calendar: Sequence[date], on_progress: Progress) -> Walk:
    """Retrain before every season and predict it; calibrate on earlier seasons only.

    Args:
        dataset: Labelled events.
        calendar: The market's sessions, for the embargo.
        on_progress: Called with a stage, the step done and the number of steps.

    Returns:
        The folds; the last calibration is fitted on all of them, for prediction.
    """
    splits = tuple(walk_forward(dataset.published_at, dataset.label_known_at, calendar))
    folds: list[Fold] = []
    for step, split in enumerate(splits, 1):
        folds.append(_fold(dataset, split, folds))
        on_progress("walking forward", step, len(splits))
    learned = calibrate(dataset, folds, None)
    return Walk(tuple(folds), tuple(folds[CALIBRATION_SEASONS:]), learned)


def _fold(dataset: Dataset, split: Split, earlier: Sequence[Fold]) -> Fold:
    train, test = np.array(split.train), np.array(split.test)
    booster = fit(dataset.matrix[train], dataset.label[train], dataset.names)
    raw = scores(booster, dataset.matrix[test])
    learned = calibrate(dataset, earlier, split)
    rate = float(dataset.label[train].mean())
    return Fold(split, raw, learned.apply(raw), rate)


def calibrate(dataset: Dataset, folds: Sequence[Fold], before: Split | None) -> Platt:
    """Fit the calibration on out-of-fold scores whose labels were known in time."""
    if not folds:
        return IDENTITY
    raw = np.concatenate([fold.raw for fold in folds])
    rows = np.concatenate([np.array(fold.split.test) for fold in folds])
    if before is not None:
        usable = np.isin(rows, np.array(before.train))
        raw, rows = raw[usable], rows[usable]
    label = dataset.label[rows]
    return calibration.fit(raw, label) if label.sum() >= MINIMUM_HITS else IDENTITY


def out_of_sample(dataset: Dataset, folds: Sequence[Fold]) -> OutOfSample:
    """The evaluated events of some folds as columns."""
    rows = np.concatenate([np.array(fold.split.test) for fold in folds])
    every = dataset.days
    days = [every[i] for i in rows]
    _, cluster = np.unique(
        np.array([day.toordinal() for day in days]), return_inverse=True
    )
    return OutOfSample(
        probability=np.concatenate([fold.calibrated for fold in folds]),
        label=dataset.label[rows],
        reference=np.concatenate(
            [np.full(len(fold.raw), fold.base_rate) for fold in folds]
        ),
        net_return=dataset.net_return[rows],
        day=_whole(cluster),
        year=_whole(np.array([day.year for day in days])),
        coverage=dataset.coverage[rows],
        turnover=dataset.turnover[rows],
    )


def _whole(values: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
    return np.asarray(values, dtype=np.int64)
