"""Train, judge out of sample, register: ``dexter train``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np

from dexter.domain.company import Family
from dexter.errors import PredictorError, UsageError
from dexter.features.catalogue import MODEL_INPUTS
from dexter.ml.dataset import Dataset, Whole
from dexter.ml.evaluation import FEWEST_SESSIONS
from dexter.ml.inputs import OWN_FIGURES
from dexter.ml.judgement import (
    FEWEST_EVENTS,
    FEWEST_HITS,
    MINIMUM_TURNOVER,
    judge,
)
from dexter.ml.learners import LOGISTIC as LOGISTIC_KIND
from dexter.ml.learners import XGBOOST
from dexter.ml.logistic import RIDGE
from dexter.ml.outcomes import LABELS
from dexter.ml.recipe import DEFAULT_SETTINGS, Part, Recipe, mix, selected
from dexter.ml.sample import DEFAULT, LOGISTIC, VOLATILITY
from dexter.ml.search import RESERVED_SEASONS, development, search
from dexter.ml.splits import Split, season_of, walk_forward
from dexter.ml.walk import (
    WARM_UP_SEASONS,
    Fold,
    Progress,
    calibrated,
    out_of_sample,
    walk,
)
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from pipelines.featurize import Featured, featurize
from pipelines.train_record import SEED, Evaluated, recorded
from registry.lines import locked
from registry.manifest import Manifest
from registry.registered import Registered
from registry.store import ModelStore

LABEL = "upper_circuit_3d"
SEEDS = 3
"""Each tree learner of the model that is kept is trained under so many seeds."""

LEAST_COVERAGE = 0.2
"""Events of which less is known teach nothing."""

FEWEST_SEASONS = WARM_UP_SEASONS + RESERVED_SEASONS + 1
"""Seasons to test on: some only teach the calibration, the last are not looked at while
choosing, and one at least must be left to choose by."""


class TooFewEventsError(PredictorError):
    """Nothing honest can be learned or said from so little."""

    def __init__(self, events: int, hits: int, sessions: int, seasons: int) -> None:
        super().__init__(
            f"Training needs {FEWEST_EVENTS} out-of-sample events, {FEWEST_HITS} hits "
            f"among them, {FEWEST_SESSIONS} sessions and {FEWEST_SEASONS} seasons to "
            f"test on; there are {events:,}, {hits:,}, {sessions:,} and {seasons}.",
            "Import more dated results and prices with `dexter data import`.",
        )


class OneClassError(PredictorError):
    """Every event ended alike."""

    def __init__(self, label: str, events: int, which: str = "labelled events") -> None:
        super().__init__(
            f"All {events:,} {which} have the same {label}, so there is nothing to "
            "tell apart.",
            "Check the prices with `dexter data status`.",
        )


class UnknownLabelError(UsageError):
    """A label nobody knows how to make."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"There is no label called {label!r}.",
            f"The labels are {', '.join(LABELS)}.",
        )


def train(
    home: Path,
    label: str,
    until: date,
    on_progress: Progress,
    *,
    shelf: Path,
    created: datetime | None = None,
) -> Registered:
    """Train a challenger on everything known by a day, and register it.

    Args:
        home: The folder of database, prices and models.
        label: What to predict, of ``outcomes.LABELS``.
        until: The last day anything was known; labels too.
        on_progress: Called with a stage, steps done and steps in all.
        shelf: The folder of shipped models (it may hold the champion).
        created: Told by the caller's clock, for the record.

    Raises:
        UnknownLabelError: another label.
        OneClassError: every event ended alike.
        TooFewEventsError: too little to judge by.
        StoreError: database or prices do not read.
        HomeUnwritableError: the model could not be kept.
    """
    if label not in LABELS:
        raise UnknownLabelError(label)
    database = Database.open(home)
    try:
        with locked(home / "models"):
            pass  # an hour's work shall not end at a folder that takes nothing
        featured = featurize(database, until, on_progress)
        families = families_of(database)
    finally:
        database.close()
    if not featured.events:
        raise TooFewEventsError(0, 0, 0, 0)
    data = dataset(featured, families, label)
    manifest, files = learn(data, featured.calendar, label, until, on_progress, created)
    return ModelStore(shelf, home).register(manifest, files, at=created)


def families_of(database: Database) -> dict[str, int]:
    """The place of each company's statement family in ``Family``."""
    order = {family.value: place for place, family in enumerate(Family)}
    known = StoreDirectory(database).families()
    return {symbol: order.get(family, 0) for symbol, family in known.items()}


def dataset(featured: Featured, families: dict[str, int], label: str) -> Dataset:
    """Labelled events with a fixed price band; those of the universe are judged.

    Events of thinner names, or without figures, teach all the same what closes at a
    band look like.
    """
    matrix, outcome = featured.matrix, featured.outcomes
    column = outcome.label(label)
    values = matrix.values(MODEL_INPUTS).astype(np.float32)
    coverage = np.isfinite(values).mean(axis=1)
    known = (column.why == 0) & (coverage >= LEAST_COVERAGE)
    fixed = matrix.columns["has_fixed_band"].values == 1
    chosen = np.flatnonzero(known & fixed)
    turnover = matrix.columns["log_turnover_20"].values
    with np.errstate(invalid="ignore"):
        judged = (turnover >= MINIMUM_TURNOVER) & (matrix.columns[OWN_FIGURES].why == 0)
    symbols = np.array([event.symbol for event in featured.events], dtype=np.str_)
    cohorts = np.array([families.get(s, 0) for s in symbols], dtype=np.int64)
    moment = featured.asked.moment[chosen]
    return Dataset(
        names=MODEL_INPUTS,
        matrix=values[chosen],
        label=column.values[chosen],
        judged=judged[chosen],
        net_return=outcome.net_return.values[chosen],
        abnormal=outcome.abnormal.values[chosen],
        moment=moment,
        known_day=outcome.last_day[chosen],
        day=outcome.day0[chosen],
        season=season_of(moment),
        coverage=coverage[chosen],
        turnover=turnover[chosen],
        band=100 * matrix.columns["band_in_force"].values[chosen],
        cohort=cohorts[chosen],
        symbol=symbols[chosen],
    )


def learn(  # noqa: PLR0913, PLR0917 - everything a record of training names
    data: Dataset,
    calendar: Whole,
    label: str,
    until: date,
    on_progress: Progress,
    created: datetime | None,
    recipes: Sequence[Recipe] = (),
) -> tuple[Manifest, dict[str, bytes]]:
    """Choose, walk forward for the record, then train on everything.

    Returns:
        The manifest and the content of every file it names.
    """
    splits = tuple(walk_forward(data, calendar))
    _enough(data, splits, label)
    found = evaluate(data, splits, on_progress, recipes)
    recipe = found.choice.recipe.bagged(SEEDS)
    on_progress("training", 0, 1)
    mixed = mix(recipe, found.data.matrix, found.data.label, found.data.names, SEED)
    on_progress("training", 1, 1)
    return recorded(found, mixed, label, until, created)


def evaluate(
    data: Dataset,
    splits: Sequence[Split],
    on_progress: Progress,
    recipes: Sequence[Recipe] = (),
) -> Evaluated:
    """Choose on the development seasons, then walk the choice through all of them."""
    choice = search(data, splits, SEED, on_progress, recipes)
    some = selected(data, choice.recipe, choice.ranked)
    some = _covered(some)
    recipe = choice.recipe.bagged(SEEDS)
    folds = walk(some, splits, recipe, SEED, on_progress=on_progress)
    said = calibrated(some, folds, mend=choice.mended)
    rivals = {
        name: calibrated(one, walked, mend=True)[WARM_UP_SEASONS:]
        for name, one, walked in _rivals(data, some, splits, on_progress)
    }
    sample = out_of_sample(
        some, folds[WARM_UP_SEASONS:], said[WARM_UP_SEASONS:], rivals
    )
    return Evaluated(choice, some, folds, sample, judge(sample, SEED))


def _rivals(
    data: Dataset, some: Dataset, splits: Sequence[Split], on_progress: Progress
) -> list[tuple[str, Dataset, tuple[Fold, ...]]]:
    """Simpler models walked through the same seasons, each calibrated likewise."""
    logistic = (Part(LOGISTIC_KIND, {"ridge": RIDGE}),)
    plain = (Part(XGBOOST, DEFAULT_SETTINGS),)
    found = (
        (LOGISTIC, some, Recipe(LOGISTIC, logistic)),
        (VOLATILITY, data.only(["volatility_60"]), Recipe(VOLATILITY, logistic)),
        (DEFAULT, data, Recipe(DEFAULT, plain)),
    )
    return [
        (name, one, walk(one, splits, recipe, SEED, on_progress=on_progress))
        for name, one, recipe in found
    ]


def _covered(data: Dataset) -> Dataset:
    """The same with the coverage of the inputs it has."""
    return replace(data, coverage=np.isfinite(data.matrix).mean(axis=1))


def _enough(data: Dataset, splits: Sequence[Split], label: str) -> None:
    """Refuse before anything is trained what could not be judged afterwards."""
    if len(data) and data.label.min() == data.label.max():
        raise OneClassError(label, len(data))
    tested = np.array(
        [place for split in splits[WARM_UP_SEASONS:] for place in split.test],
        dtype=np.int64,
    )
    hits, sessions = int(data.label[tested].sum()), len(np.unique(data.day[tested]))
    found = len(tested), hits, sessions, len(splits)
    needed = FEWEST_EVENTS, FEWEST_HITS, FEWEST_SESSIONS, FEWEST_SEASONS
    if any(there < least for there, least in zip(found, needed, strict=True)):
        raise TooFewEventsError(*found)
    choosing = np.concatenate([s.test for s in development(splits)[WARM_UP_SEASONS:]])
    if np.ptp(data.label[choosing]) == 0:
        which = "events of the seasons to choose by"
        raise OneClassError(label, len(choosing), which)
