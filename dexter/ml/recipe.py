"""How a model is made: its members, their settings and how many inputs they read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from dexter.ml.contributions import Contributions, combined
from dexter.ml.dataset import Array, Dataset, Matrix
from dexter.ml.learners import (
    LIGHTGBM,
    LOGISTIC,
    XGBOOST,
    Kind,
    Learned,
    Settings,
    learn,
)

XGBOOST_SETTINGS: Settings = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 4,
    "eta": 0.02,
    "min_child_weight": 10,
    "subsample": 0.8,
    "colsample_bytree": 0.25,
    "lambda": 5.0,
    "max_bin": 64,
    "rounds": 400,
}
LIGHTGBM_SETTINGS: Settings = {
    "objective": "binary",
    "num_leaves": 15,
    "max_depth": 4,
    "learning_rate": 0.02,
    "min_data_in_leaf": 60,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.25,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "rounds": 400,
}
DEFAULT_SETTINGS: Settings = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "rounds": 100,
}
"""XGBoost as it comes."""

_SEED_STEP = 1_000_003


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of learner, trained ``seeds`` times under different seeds."""

    kind: Kind
    settings: Settings
    seeds: int = 1


@dataclass(frozen=True, slots=True)
class Recipe:
    """Members whose log-odds are averaged, over the ``inputs`` that told most.

    ``inputs`` of null reads all of them.
    """

    name: str
    parts: tuple[Part, ...]
    inputs: int | None = None

    def bagged(self, seeds: int) -> Self:
        """The same with every tree learner trained under so many seeds."""
        parts = tuple(
            part if part.kind == LOGISTIC else replace(part, seeds=seeds)
            for part in self.parts
        )
        return replace(self, parts=parts)


@dataclass(frozen=True, slots=True)
class Mixed:
    """What a recipe came to: members, each kind with the same weight in all."""

    members: tuple[Learned, ...]
    weights: tuple[float, ...]

    def log_odds(self, matrix: Matrix) -> Array:
        """The weighted mean of the members' log-odds, ``(n,)``."""
        total = sum(self.weights)
        found = np.zeros(len(matrix))
        for member, weight in zip(self.members, self.weights, strict=True):
            found += member.log_odds(matrix) * (weight / total)
        return found

    def contributions(self, matrix: Matrix, names: Sequence[str]) -> Contributions:
        """What each of the given inputs adds to the log-odds."""
        parts = [member.contributions(matrix) for member in self.members]
        return combined(parts, self.weights, names)


def mix(
    recipe: Recipe, matrix: Matrix, label: Array, names: Sequence[str], seed: int
) -> Mixed:
    """Train every member of a recipe on every row given; all read all inputs."""
    members: list[Learned] = []
    weights: list[float] = []
    for part in recipe.parts:
        for number in range(part.seeds):
            drawn = (seed + number * _SEED_STEP) % 2**31
            members.append(learn(part.kind, matrix, label, names, part.settings, drawn))
            weights.append(1 / (len(recipe.parts) * part.seeds))
    return Mixed(tuple(members), tuple(weights))


def selected(data: Dataset, recipe: Recipe, ranked: Sequence[str]) -> Dataset:
    """The inputs a recipe reads, in the order of the dataset."""
    if recipe.inputs is None:
        return data
    chosen = set(ranked[: recipe.inputs])
    return data.only([name for name in data.names if name in chosen])


def candidates() -> tuple[Recipe, ...]:
    """What a search tries, in this order."""
    xgboost, lightgbm = (
        Part(XGBOOST, XGBOOST_SETTINGS),
        Part(LIGHTGBM, LIGHTGBM_SETTINGS),
    )
    logistic = Part(LOGISTIC, {"ridge": 30.0})
    shallow = Part(
        XGBOOST, {**XGBOOST_SETTINGS, "max_depth": 3, "colsample_bytree": 0.4}
    )
    deep = Part(XGBOOST, {**XGBOOST_SETTINGS, "max_depth": 5, "min_child_weight": 20})
    return (
        Recipe("XGBoost, all inputs", (xgboost,)),
        Recipe("XGBoost, 60 inputs", (xgboost,), 60),
        Recipe("XGBoost, 40 inputs", (xgboost,), 40),
        Recipe("shallower XGBoost, 60 inputs", (shallow,), 60),
        Recipe("deeper XGBoost, 60 inputs", (deep,), 60),
        Recipe("LightGBM, 60 inputs", (lightgbm,), 60),
        Recipe("XGBoost and LightGBM, 60 inputs", (xgboost, lightgbm), 60),
        Recipe("logistic, 60 inputs", (logistic,), 60),
    )
