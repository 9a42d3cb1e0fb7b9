"""Labelled events, made up: what models are taught with in tests."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import numpy as np

from dexter.features.moments import (
    bars_known_at,
    closes_at,
    day_number,
    moment_number,
    whole,
)
from dexter.ml.dataset import Array, Dataset, Whole
from dexter.ml.learners import Settings
from dexter.ml.recipe import Part, Recipe
from dexter.ml.splits import season_of
from tests.features.making import at, weekdays

SESSIONS = 1100  # seventeen seasons
DAYS = weekdays(SESSIONS)
CALENDAR = whole(day_number(day) for day in DAYS)

TREES: Settings = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 2,
    "eta": 0.3,
    "subsample": 0.7,
    "colsample_bytree": 0.5,
    "rounds": 12,
}
LEAVES: Settings = {
    "objective": "binary",
    "num_leaves": 4,
    "learning_rate": 0.3,
    "min_data_in_leaf": 5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "feature_fraction": 0.5,
    "rounds": 12,
}
XGB = Part("xgboost", TREES)
LGB = Part("lightgbm", LEAVES)
LINE = Part("logistic", {"ridge": 5.0})
SMALL = (
    Recipe("trees", (XGB,)),
    Recipe("trees, 3 inputs", (XGB,), 3),
    Recipe("trees and a line, 4 inputs", (XGB, LINE), 4),
)
"""What a search over made-up events tries."""


def known_days(moment: Whole, calendar: Whole = CALENDAR) -> Whole:
    """The third session from each publication."""
    return calendar[np.searchsorted(closes_at(calendar), moment) + 2]


def published(*moments: datetime, calendar: Whole = CALENDAR) -> Dataset:
    """Events of which nothing but the moment matters, all judged."""
    moment = whole(moment_number(one) for one in moments)
    return of(moment, np.zeros((len(moment), 1)), np.zeros(len(moment)), calendar)


def of(
    moment: Whole,
    matrix: Array,
    label: Array,
    calendar: Whole = CALENDAR,
    names: Sequence[str] = (),
) -> Dataset:
    """Events out of moments, inputs and labels; the rest is ordinary."""
    n = len(moment)
    zero = np.searchsorted(closes_at(calendar), moment)
    return Dataset(
        names=tuple(names) or tuple(f"x{i}" for i in range(matrix.shape[1])),
        matrix=matrix.astype(np.float32),
        label=np.asarray(label, dtype=np.float64),
        judged=np.ones(n, dtype=np.bool_),
        net_return=np.full(n, -0.005),
        abnormal=np.zeros(n),
        moment=moment,
        known_day=known_days(moment, calendar),
        day=calendar[zero],
        season=season_of(moment),
        coverage=np.ones(n),
        turnover=np.full(n, 8.0),
        band=np.full(n, 20.0),
        cohort=np.zeros(n, dtype=np.int64),
        symbol=np.array([f"S{i % 40}" for i in range(n)]),
    )


def lesson(
    seed: int = 5, *, each: int = 2, inputs: int = 5, strength: float = 2.0
) -> Dataset:
    """Events of seventeen seasons: x0 and a little x1 tell, the rest is noise.

    Some are not judged, some inputs are absent.
    """
    random = np.random.default_rng(seed)
    moment = np.repeat(bars_known_at(CALENDAR[5:-5]), each)
    moment = moment - random.integers(0, 2, len(moment)) * 8 * 3_600_000_000
    moment = np.sort(moment)
    matrix = random.normal(size=(len(moment), inputs))
    odds = -2 + strength * matrix[:, 0] + 0.3 * strength * matrix[:, 1]
    label = random.uniform(size=len(moment)) < 1 / (1 + np.exp(-odds))
    matrix[random.uniform(size=matrix.shape) < 0.05] = np.nan
    made = of(moment, matrix, label.astype(float))
    return replace(
        made,
        judged=random.uniform(size=len(moment)) < 0.9,
        net_return=random.normal(-0.005, 0.03, len(moment)),
    )


def later(data: Dataset, day: date) -> Dataset:
    """The same with every label that was known after a day turned round."""
    after = data.known_day > day_number(day)
    return replace(data, label=np.where(after, 1 - data.label, data.label))


def moment_at(day: date, hour: int = 18, minute: int = 0) -> int:
    """A moment as a number."""
    return moment_number(at(day, hour, minute))
