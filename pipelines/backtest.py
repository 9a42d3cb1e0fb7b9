"""The frozen model over dated results: one row per event, as of its publication.

Features, refusals, probabilities, scores and priorities are those a question asked at
that moment would have been given; outcomes are read from what came later.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from dexter.domain.alert import Confidence, FeatureValue, FeatureVector, Priority
from dexter.domain.company import Family
from dexter.domain.filing import ResultsEvent
from dexter.domain.period import Quarter, Window
from dexter.domain.priority import priority_of
from dexter.errors import DexterError, PredictorError
from dexter.features.catalogue import BY_NAME, catalogue_hash
from dexter.features.columns import Array, Column, Mask, Whole
from dexter.features.known import Asked
from dexter.features.matrix import FeatureMatrix
from dexter.features.moments import ist_days, quarter_of
from dexter.ml.backtesting import Frozen, Rows, Summary, summarise
from dexter.ml.blockbuster import MEASURES, Scores, score_columns
from dexter.ml.calibration import Platt
from dexter.ml.dataset import Matrix
from dexter.ml.inputs import OWN_FIGURES
from dexter.ml.outcomes import LABELS, Outcomes
from dexter.ml.sample import OutOfSample
from dexter.ml.scored import COHORTS, peers_of
from dexter.ml.splits import season_of
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.filings import StoreFilings
from pipelines.featurize import Featured, Progress, end_of, featurize
from registry.manifest import Manifest
from registry.predictor import check, confidence, interval
from registry.registered import Registered
from registry.store import ModelStore

FOLLOWED = timedelta(days=15)
"""Calendar days that hold the sessions of a window, holidays and all."""

_UNIVERSE = (OWN_FIGURES, "has_fixed_band", "log_turnover_20", "band_in_force")


class NoEventsError(DexterError):
    """There is nothing to hold a model to."""

    exit_code = 3

    def __init__(self, window: Window) -> None:
        super().__init__(
            f"No dated results between {window.start} and {window.end} are kept.",
            "See what is kept with `dexter data status`.",
        )


class ForeignLabelError(PredictorError):
    """A model of something whose outcome nobody here can tell."""

    def __init__(self, manifest: Manifest) -> None:
        super().__init__(
            f"The model {manifest.version} predicts {manifest.label!r}, and outcomes "
            f"are known of {', '.join(LABELS)}.",
            "Choose another with --model.",
        )


@dataclass(frozen=True, slots=True)
class Backtest:
    """Everything about every event, and what it comes to.

    ``inputs`` are the model's, ``(n, k)``; ``interval`` is ``(n, 2)``, NaN where there
    is no probability.
    """

    events: tuple[ResultsEvent, ...]
    asked: Asked
    manifest: Manifest
    inputs: Matrix
    interval: Array
    blockbuster: Scores
    outcomes: Outcomes
    rows: Rows
    summary: Summary


def backtest(
    home: Path,
    window: Window,
    on_progress: Progress,
    *,
    shelf: Path,
    version: str | None = None,
) -> Backtest:
    """Hold a registered model to every dated results event published in a range.

    Args:
        home: The folder of database, prices and models.
        window: Days of publication, both included.
        on_progress: Called with a stage, steps done and steps in all.
        shelf: The folder of shipped models.
        version: Which model; the champion by default.

    Raises:
        NoEventsError: nothing was published then, as far as is kept.
        ForeignLabelError: the model predicts what has no outcome here.
        PredictorError: there is no such model, or no champion.
        IntegrityError: the model's files are damaged.
        StoreError: database or prices do not read.
    """
    models = ModelStore(shelf, home)
    registered = models.show(version) if version else models.champion()
    manifest = registered.manifest
    if manifest.label not in LABELS:
        raise ForeignLabelError(manifest)
    database = Database.open(home)
    try:
        seen = _seen(database, window, manifest, on_progress)
        families = StoreDirectory(database).families()
        scores = _blockbuster(database, seen, families, window)
    finally:
        database.close()
    on_progress("scoring", 0, 1)
    done = _told(models, registered, seen, scores, families)
    on_progress("scoring", 1, 1)
    return done


def _seen(
    database: Database, window: Window, manifest: Manifest, on_progress: Progress
) -> Featured:
    """Events of the range, what was known when each came out, and what followed."""
    until = window.end + FOLLOWED
    names = _names(manifest)
    seen = featurize(database, until, on_progress, manifest.basis, names, window)
    if not seen.events:
        raise NoEventsError(window)
    return seen


def _names(manifest: Manifest) -> tuple[str, ...]:
    """Features needed, each once; those of another catalogue are not to be had."""
    ranges = (one.name for one in manifest.universe)
    wanted = dict.fromkeys((*manifest.inputs, *MEASURES, *_UNIVERSE, *ranges))
    return tuple(name for name in wanted if name in BY_NAME)


def _blockbuster(
    database: Database, seen: Featured, families: Mapping[str, str], window: Window
) -> Scores:
    """The score each event would have been given when it came out."""
    reported = {quarter_of(number) for number in np.unique(seen.asked.quarter)}
    wanted = sorted(reported | {quarter.previous for quarter in reported})
    filings = StoreFilings(database)

    async def seasons() -> dict[Quarter, Sequence[Any]]:
        return {q: await filings.season(q, end_of(window.end)) for q in wanted}

    peers = peers_of(asyncio.run(seasons()), dict(seen.companies))
    return score_columns(
        {name: seen.matrix.columns[name].values for name in MEASURES},
        cohort=_cohorts(seen, families),
        season=seen.asked.quarter,
        moment=seen.asked.moment,
        company=seen.asked.company,
        peers=peers,
    )


def _cohorts(seen: Featured, families: Mapping[str, str]) -> Whole:
    place = {family.value: number for number, family in enumerate(COHORTS)}
    general = Family.GENERAL.value
    told = (place[families.get(symbol, general)] for symbol in seen.symbols)
    return np.array(list(told), dtype=np.int64)


def _told(
    models: ModelStore,
    registered: Registered,
    seen: Featured,
    scores: Scores,
    families: Mapping[str, str],
) -> Backtest:
    manifest = registered.manifest
    inputs = _inputs(seen.matrix, manifest.inputs)
    refusal = tuple(_refusals(seen, manifest))
    speaks = np.array([why is None for why in refusal], dtype=np.bool_)
    raw, said = _probabilities(models, registered, inputs, speaks)
    label = seen.outcomes.label(manifest.label)
    heard = tuple(
        confidence(manifest, float(one)) if there else None
        for one, there in zip(said, speaks, strict=True)
    )
    columns = seen.matrix.columns
    rows = Rows(
        sample=OutOfSample(
            probability=said,
            raw=raw,
            label=label.values,
            reference=np.full(len(said), manifest.base_rate),
            net_return=seen.outcomes.net_return.values,
            abnormal=seen.outcomes.abnormal.values,
            day=seen.outcomes.day0,
            season=season_of(seen.asked.moment),
            coverage=np.isfinite(inputs).mean(axis=1),
            turnover=columns["log_turnover_20"].values,
            band=100 * columns["band_in_force"].values,
            cohort=_cohorts(seen, families),
            symbol=np.array(list(seen.symbols), dtype=np.str_),
        ),
        published_day=ist_days(seen.asked.moment),
        refusal=refusal,
        unknown=tuple(label.reason(row) for row in range(len(label))),
        confidence=heard,
        priority=tuple(_priorities(scores, heard)),
        locked=seen.outcomes.locked_open,
    )
    return Backtest(
        events=seen.events,
        asked=seen.asked,
        manifest=manifest,
        inputs=inputs,
        interval=_intervals(manifest, said),
        blockbuster=scores,
        outcomes=seen.outcomes,
        rows=rows,
        summary=summarise(rows, _frozen(manifest)),
    )


def _inputs(matrix: FeatureMatrix, names: Sequence[str]) -> Matrix:
    """The model's inputs; NaN where the catalogue has no such feature any more."""
    nothing = np.full(len(matrix), np.nan)
    found = [
        matrix.columns[name].values if name in matrix.columns else nothing
        for name in names
    ]
    return np.ascontiguousarray(np.column_stack(found), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Features(Mapping[str, FeatureValue]):
    """A row of a matrix as the features of one event."""

    columns: Mapping[str, Column]
    row: int

    def __getitem__(self, name: str) -> FeatureValue:
        column, spec = self.columns[name], BY_NAME[name]
        reason = column.reason(self.row)
        value = None if reason else float(column.values[self.row])
        return FeatureValue(value, spec.unit, spec.category, reason)

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)


def _refusals(seen: Featured, manifest: Manifest) -> Iterator[str | None]:
    """Why ``predict`` would have given no probability, word for word."""
    catalogue = catalogue_hash()
    for row, event in enumerate(seen.events):
        vector = FeatureVector(
            symbol=event.symbol,
            as_of=event.published_at,
            period_end=event.period_end,
            basis=manifest.basis,
            catalogue_hash=catalogue,
            features=_Features(seen.matrix.columns, row),
        )
        try:
            check(manifest, vector)
        except PredictorError as refused:
            yield refused.sentence
        else:
            yield None


def _probabilities(
    models: ModelStore, registered: Registered, inputs: Matrix, speaks: Mask
) -> tuple[Array, Array]:
    """Raw scores and calibrated probabilities, NaN where the model does not speak."""
    raw, said = np.full(len(inputs), np.nan), np.full(len(inputs), np.nan)
    if speaks.any():
        settings = registered.manifest.calibration
        model = models.scoring(registered)
        raw[speaks] = model.native(np.ascontiguousarray(inputs[speaks]))
        said[speaks] = Platt(settings.slope, settings.intercept).apply(raw[speaks])
    return raw, said


def _priorities(
    scores: Scores, heard: Sequence[Confidence | None]
) -> Iterator[Priority]:
    for points, coverage, one in zip(scores.score, scores.coverage, heard, strict=True):
        score = None if np.isnan(points) else float(points)
        yield priority_of(score, float(coverage), one)


def _intervals(manifest: Manifest, said: Array) -> Array:
    found = np.full((len(said), 2), np.nan)
    for row in np.flatnonzero(np.isfinite(said)):
        found[row] = interval(manifest, float(said[row]))
    return found


def _frozen(manifest: Manifest) -> Frozen:
    return Frozen(
        version=manifest.version,
        label=manifest.label,
        trained_until=manifest.trained_until,
        base_rate=manifest.base_rate,
        threshold=manifest.bounds.threshold,
        seed=manifest.seed,
        edge=manifest.edge,
    )
