"""Choosing a recipe on development seasons, every trial kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dexter.ml.dataset import Array, Dataset
from dexter.ml.evaluation import log_loss
from dexter.ml.ranking import pr_auc, roc_auc
from dexter.ml.recipe import Recipe, candidates, selected
from dexter.ml.splits import Split
from dexter.ml.walk import (
    WARM_UP_SEASONS,
    Fold,
    Progress,
    calibrated,
    ranked,
    walk,
)

RESERVED_SEASONS = 4
"""The last seasons, never looked at while choosing."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One recipe on the development seasons: what was measured, in their order tried.

    ``log_loss`` in nats decides; ``skill`` is Brier skill against the base rate known
    then.
    """

    recipe: str
    calibrated: bool
    events: int
    hits: int
    log_loss: float
    skill: float
    roc_auc: float
    pr_auc: float

    def told(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Choice:
    """The recipe that lost least on the development seasons, and all that was tried.

    ``ranked`` are the inputs by what they told there; ``mended`` whether its
    probabilities were better calibrated than raw.
    """

    recipe: Recipe
    mended: bool
    ranked: tuple[str, ...]
    trials: tuple[Trial, ...]


def development(splits: Sequence[Split]) -> tuple[Split, ...]:
    """The seasons that may be looked at: all but the reserved ones."""
    return tuple(splits[: max(0, len(splits) - RESERVED_SEASONS)])


def search(
    data: Dataset,
    splits: Sequence[Split],
    seed: int,
    on_progress: Progress,
    recipes: Sequence[Recipe] = (),
) -> Choice:
    """Try every recipe on the development seasons; the first of all ranks the inputs.

    Args:
        data: All events with every input.
        splits: All seasons; the reserved ones are not touched.
        seed: Of every learner.
        on_progress: Told the recipe, seasons done and seasons in all.
        recipes: In place of ``candidates``.

    Raises:
        ValueError: no development season is left to judge by.
    """
    seasons = development(splits)
    if len(seasons) <= WARM_UP_SEASONS:
        msg = f"{len(seasons)} development seasons are too few"
        raise ValueError(msg)
    order: tuple[str, ...] = data.names
    tried: list[tuple[Trial, Recipe]] = []
    for recipe in recipes or candidates():
        some = selected(data, recipe, order)
        folds = walk(some, seasons, recipe, seed, on_progress=on_progress)
        if not tried:
            order = ranked(folds)
        for mend in (False, True):
            said = calibrated(some, folds, mend=mend)
            tried.append((_judged(some, recipe, folds, said, mend=mend), recipe))
    best, recipe = min(tried, key=lambda one: one[0].log_loss)
    trials = tuple(trial for trial, _ in tried)
    return Choice(recipe, best.calibrated, order, trials)


def _judged(
    data: Dataset,
    recipe: Recipe,
    folds: Sequence[Fold],
    said: Sequence[Array],
    *,
    mend: bool,
) -> Trial:
    some = folds[WARM_UP_SEASONS:]
    probability = np.concatenate(said[WARM_UP_SEASONS:])
    label = data.label[np.concatenate([fold.split.test for fold in some])]
    reference = np.concatenate([np.full(len(f.log_odds), f.base_rate) for f in some])
    loss = float(np.mean((probability - label) ** 2))
    return Trial(
        recipe=recipe.name,
        calibrated=mend,
        events=len(label),
        hits=int(label.sum()),
        log_loss=log_loss(probability, label),
        skill=1 - loss / float(np.mean((reference - label) ** 2)),
        roc_auc=roc_auc(probability, label),
        pr_auc=pr_auc(probability, label),
    )
