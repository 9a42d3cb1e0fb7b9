"""A recipe walked forward through the seasons: trained before each, then tested on it.

Seasons are trained side by side on as many threads as asked for; the libraries let go
of the interpreter, and what comes out does not depend on how many there are.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from dexter.ml import calibration
from dexter.ml.calibration import IDENTITY, Platt
from dexter.ml.dataset import Array, Dataset, Whole
from dexter.ml.recipe import Recipe, mix
from dexter.ml.sample import OutOfSample
from dexter.ml.splits import Split

WARM_UP_SEASONS = 4
"""Out-of-fold seasons that only teach the calibration before any is evaluated."""

MINIMUM_HITS = 30
"""Below this many hits a calibration would be noise; the raw score stands."""

WORKERS = 2

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Fold:
    """One season out of sample: log-odds of its events, and what training had seen.

    ``gains`` are total gains by input of what was trained for it.
    """

    split: Split
    log_odds: Array
    base_rate: float
    gains: Mapping[str, float]


def walk(
    data: Dataset,
    splits: Sequence[Split],
    recipe: Recipe,
    seed: int,
    *,
    on_progress: Progress = lambda *_: None,
    workers: int = WORKERS,
) -> tuple[Fold, ...]:
    """Train before every season and predict it."""

    def one(split: Split) -> Fold:
        train, test = data.matrix[split.train], data.matrix[split.test]
        label = data.label[split.train]
        mixed = mix(recipe, train, label, data.names, seed)
        gains: dict[str, float] = {}
        for member in mixed.members:
            for name, gain in member.gains.items():
                gains[name] = gains.get(name, 0.0) + float(gain)
        known = label[data.judged[split.train]]
        rate = float(known.mean()) if len(known) else float(label.mean())
        return Fold(split, mixed.log_odds(test), rate, gains)

    folds: list[Fold] = []
    with ThreadPoolExecutor(workers) as pool:
        for step, fold in enumerate(pool.map(one, splits), 1):
            folds.append(fold)
            on_progress(recipe.name, step, len(splits))
    return tuple(folds)


def raw(fold: Fold) -> Array:
    """Scores before calibration, in (0, 1)."""
    said: Array = 1.0 / (1.0 + np.exp(-np.clip(fold.log_odds, -500, 500)))
    return said


def calibrated(data: Dataset, folds: Sequence[Fold], *, mend: bool) -> list[Array]:
    """Each fold's probabilities, mended by earlier out-of-fold seasons alone or not."""
    if not mend:
        return [raw(fold) for fold in folds]
    return [
        learned(data, folds[:place], fold.split).apply(raw(fold))
        for place, fold in enumerate(folds)
    ]


def learned(data: Dataset, folds: Sequence[Fold], before: Split | None) -> Platt:
    """Fit the calibration on out-of-fold scores whose labels were known in time."""
    if not folds:
        return IDENTITY
    said = np.concatenate([raw(fold) for fold in folds])
    rows = np.concatenate([fold.split.test for fold in folds])
    if before is not None:
        usable = np.isin(rows, before.train)
        said, rows = said[usable], rows[usable]
    label = data.label[rows]
    return calibration.fit(said, label) if label.sum() >= MINIMUM_HITS else IDENTITY


def ranked(folds: Sequence[Fold]) -> tuple[str, ...]:
    """Inputs by what they told the trees of some folds, the most telling first.

    A later season trains on what an earlier one was tested on, so on the seasons ranked
    fewer inputs are flattered; seasons after them are not.
    """
    total: dict[str, float] = {}
    for fold in folds:
        whole = sum(fold.gains.values()) or 1.0
        for name, gain in fold.gains.items():
            total[name] = total.get(name, 0.0) + gain / whole
    return tuple(sorted(total, key=lambda name: (-total[name], name)))


def out_of_sample(
    data: Dataset,
    folds: Sequence[Fold],
    said: Sequence[Array],
    rivals: Mapping[str, Sequence[Array]],
) -> OutOfSample:
    """The events of some folds as columns.

    Args:
        data: The events.
        folds: Those evaluated.
        said: Calibrated probabilities, an array a fold.
        rivals: The same of simpler models, by name.
    """
    rows: Whole = np.concatenate([fold.split.test for fold in folds])
    return OutOfSample(
        probability=np.concatenate(said),
        raw=np.concatenate([raw(fold) for fold in folds]),
        label=data.label[rows],
        reference=np.concatenate(
            [np.full(len(fold.log_odds), fold.base_rate) for fold in folds]
        ),
        net_return=data.net_return[rows],
        abnormal=data.abnormal[rows],
        day=data.day[rows],
        season=data.season[rows],
        coverage=data.coverage[rows],
        turnover=data.turnover[rows],
        band=data.band[rows],
        cohort=data.cohort[rows],
        symbol=data.symbol[rows],
        rivals={name: np.concatenate(parts) for name, parts in rivals.items()},
    )
