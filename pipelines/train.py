"""Train, judge out of sample, register: ``dexter train``."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import xgboost

from dexter.domain.filing import Basis
from dexter.errors import PredictorError, UsageError
from dexter.features import pattern
from dexter.features.catalogue import MODEL_INPUTS, SPECS, catalogue_hash
from dexter.ml import evaluation
from dexter.ml import train as trees
from dexter.ml.dataset import Dataset
from dexter.ml.inputs import OWN_FIGURES
from dexter.ml.intervals import Estimate
from dexter.ml.judgement import (
    FEWEST_EVENTS,
    FEWEST_HITS,
    MINIMUM_TURNOVER,
    is_enough,
    judge,
)
from dexter.ml.labels import LABEL
from pipelines.featurize import Featured, FeaturedEvent, Progress, featurize
from registry import record
from registry.evidence_table import evidence_table
from registry.manifest import Calibration, Manifest, Proof
from registry.registered import MODEL_FILE, Registered
from registry.store import ModelStore

LEAST_COVERAGE = 0.3
"""Events known less than this teach nothing."""

PROOFS = 8


class TooFewEventsError(PredictorError):
    """Nothing honest can be learned or said from so little."""

    def __init__(self, events: int, hits: int) -> None:
        super().__init__(
            f"Training needs {FEWEST_EVENTS} out-of-sample events and {FEWEST_HITS} "
            f"upper circuits; there are {events} and {hits}.",
            "Import more dated results and prices with `dexter data import`.",
        )


class UnknownLabelError(UsageError):
    """A label nobody knows how to make."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"There is no label called {label!r}.", f"The label is {LABEL}."
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
        label: What to predict; ``upper_circuit_3d``.
        until: The last day anything was known; labels too.
        on_progress: Called with a stage, steps done and steps in all.
        shelf: The folder of shipped models (it may hold the champion).
        created: Told by the caller's clock, for the record.

    Raises:
        UnknownLabelError: another label.
        TooFewEventsError: too little to judge by.
        StoreError: database or prices do not read.
    """
    if label != LABEL:
        raise UnknownLabelError(label)
    featured = featurize(home, until, on_progress)
    data = dataset(featured.events)
    if len(data) < FEWEST_EVENTS or data.label.sum() < FEWEST_HITS:
        raise TooFewEventsError(len(data), int(data.label.sum()))
    manifest, content = learn(data, featured, until, on_progress, created)
    return ModelStore(shelf, home).register(manifest, content)


def dataset(events: Sequence[FeaturedEvent]) -> Dataset:
    """The events a model may learn from: labelled, with figures, liquid enough."""
    turnover, own = (MODEL_INPUTS.index(n) for n in ("log_turnover_20", OWN_FIGURES))
    chosen = [
        event
        for event in events
        if event.outcome.value is not None
        and np.isfinite(event.inputs[own])
        and event.inputs[turnover] >= MINIMUM_TURNOVER
        and np.isfinite(event.inputs).mean() >= LEAST_COVERAGE
    ]
    matrix = np.array([event.inputs for event in chosen], dtype=np.float32)
    matrix = matrix.reshape(len(chosen), len(MODEL_INPUTS))
    return Dataset(
        names=MODEL_INPUTS,
        matrix=matrix,
        label=np.array([float(bool(event.outcome.value)) for event in chosen]),
        net_return=np.array([_or_nan(e.outcome.net_return) for e in chosen]),
        symbols=tuple(event.symbol for event in chosen),
        published_at=tuple(event.published_at for event in chosen),
        label_known_at=tuple(
            event.outcome.known_at or event.published_at for event in chosen
        ),
        coverage=np.isfinite(matrix).mean(axis=1),
        turnover=matrix[:, turnover].astype(np.float64),
    )


def learn(
    data: Dataset,
    featured: Featured,
    until: date,
    on_progress: Progress,
    created: datetime | None,
) -> tuple[Manifest, bytes]:
    """Walk forward for the record, then train on everything: manifest and weights."""
    walk = trees.walk(data, featured.calendar, on_progress)
    sample = trees.out_of_sample(data, walk.evaluated) if walk.evaluated else None
    if sample is None or not is_enough(sample):
        hits = 0 if sample is None else int(sample.label.sum())
        raise TooFewEventsError(0 if sample is None else len(sample), hits)
    judged = judge(sample, trees.SEED)
    narrow = references(data, featured.calendar, on_progress)
    on_progress("training", 0, 1)
    booster = trees.fit(data.matrix, data.label, data.names)
    content = bytes(booster.save_raw("ubj"))
    on_progress("training", 1, 1)
    digest = hashlib.sha256(content).hexdigest()
    overall = judged.overall
    manifest = Manifest(
        version=f"{LABEL.replace('_', '-')}-{until:%Y%m%d}-{digest[:8]}",
        label=LABEL,
        basis=Basis.STANDALONE,
        created=created,
        trained_until=until,
        events=len(data),
        hits=int(data.label.sum()),
        base_rate=float(data.label.mean()),
        data_hash=fingerprint(data),
        catalogue_hash=catalogue_hash(),
        inputs=data.names,
        parameters=trees.PARAMETERS,
        rounds=trees.ROUNDS,
        seed=trees.SEED,
        software={"xgboost": xgboost.__version__, "numpy": np.__version__},
        calibration=Calibration(
            slope=walk.calibration.slope, intercept=walk.calibration.intercept
        ),
        bounds=record.bounds(judged.bounds),
        metrics=tuple(
            record.measured(name, metrics) for name, metrics in judged.groups
        ),
        reliability=tuple(record.reliability_bin(b) for b in overall.bins),
        skill=evaluation.demonstrated(overall.skill),
        edge=evaluation.demonstrated(overall.edge),
        references={name: record.interval(e) for name, e in narrow.items()},
        evidence_table=evidence_table(judged, narrow, walk),
        proofs=_proofs(booster, data),
        files={MODEL_FILE: digest},
    )
    return manifest, content


def references(
    data: Dataset, calendar: Sequence[date], on_progress: Progress
) -> dict[str, Estimate]:
    """Skill of the same trees on less: what the whole model should be held against."""
    groups = {
        "history of closes at the band alone": pattern.BAND_HISTORY,
        "the results' figures alone": tuple(
            spec.name
            for spec in SPECS
            if spec.model_input and spec.category in {"financial", "earnings"}
        ),
    }
    found: dict[str, Estimate] = {}
    for name, inputs in groups.items():
        less = data.only(inputs)
        walk = trees.walk(less, calendar, on_progress)
        sample = trees.out_of_sample(less, walk.evaluated)
        found[name] = evaluation.skill(sample, trees.SEED)
    return found


def fingerprint(data: Dataset) -> str:
    """sha256 over the training matrix, labels, symbols and moments."""
    digest = hashlib.sha256(data.matrix.tobytes())
    digest.update(data.label.tobytes())
    for symbol, moment in zip(data.symbols, data.published_at, strict=True):
        digest.update(f"{symbol} {moment.isoformat()}\n".encode())
    return digest.hexdigest()


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _proofs(booster: xgboost.Booster, data: Dataset) -> tuple[Proof, ...]:
    rows = np.linspace(0, len(data) - 1, PROOFS).astype(int)
    matrix = data.matrix[rows]
    said = trees.scores(booster, matrix)
    return tuple(
        Proof(
            row=tuple(None if np.isnan(v) else float(v) for v in inputs), raw=float(raw)
        )
        for inputs, raw in zip(matrix, said, strict=True)
    )
