"""A small model and its manifest, trained on made-up rows."""

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path

import numpy as np
import xgboost

from dexter.domain.alert import Demonstrated, FeatureValue, FeatureVector
from dexter.domain.filing import Basis
from dexter.domain.moment import IST
from dexter.features.catalogue import MODEL_INPUTS, SPECS, catalogue_hash
from dexter.ml.dataset import Matrix
from registry.manifest import (
    Bounds,
    Calibration,
    Interval,
    Manifest,
    Proof,
    ReliabilityBin,
)
from registry.registered import MODEL_FILE
from registry.store import ModelStore

CALIBRATION = Calibration(slope=0.9, intercept=-0.1)


def rows(count: int, seed: int = 1) -> Matrix:
    random = np.random.default_rng(seed)
    found = random.normal(size=(count, len(MODEL_INPUTS))).astype(np.float32)
    found[random.uniform(size=found.shape) < 0.1] = np.nan
    return found


@cache
def booster(seed: int = 1) -> xgboost.Booster:
    matrix = rows(400, seed)
    label = (np.nan_to_num(matrix[:, 0]) + np.nan_to_num(matrix[:, 7]) > 1).astype(
        float
    )
    data = xgboost.DMatrix(matrix, label=label, nthread=1)
    settings = {"objective": "binary:logistic", "max_depth": 3, "nthread": 1}
    return xgboost.train(settings, data, num_boost_round=20)


def model(seed: int = 1) -> tuple[Manifest, bytes]:
    content = bytes(booster(seed).save_raw("ubj"))
    digest = hashlib.sha256(content).hexdigest()
    proof = rows(3, 5)
    said = booster(seed).inplace_predict(proof)
    bins = [
        ReliabilityBin(
            low=i / 4,
            high=(i + 1) / 4,
            events=100,
            hits=10,
            mean=(i + 0.5) / 4,
            rate=Interval(value=i / 4 + 0.1, low=i / 4 + 0.05, high=i / 4 + 0.15),
        )
        for i in range(4)
    ]
    manifest = Manifest(
        version=f"made-up-{digest[:8]}",
        label="upper_circuit_3d",
        basis=Basis.STANDALONE,
        created=datetime(2025, 7, 1, 10, 0, tzinfo=IST),
        trained_until=date(2025, 6, 30),
        events=400,
        hits=80,
        base_rate=0.2,
        data_hash="0" * 64,
        catalogue_hash=catalogue_hash(),
        inputs=MODEL_INPUTS,
        parameters={"max_depth": 3},
        rounds=20,
        seed=seed,
        software={"xgboost": xgboost.__version__},
        calibration=CALIBRATION,
        bounds=Bounds(
            threshold=0.6, medium_from=0.3, minimum_coverage=0.6, minimum_turnover=6.4
        ),
        metrics=(),
        reliability=tuple(bins),
        references={},
        skill=Demonstrated.YES,
        edge=Demonstrated.NO,
        evidence_table="| made up |",
        proofs=tuple(
            Proof(
                row=tuple(None if np.isnan(v) else float(v) for v in inputs),
                raw=float(raw),
            )
            for inputs, raw in zip(proof, said, strict=True)
        ),
        files={MODEL_FILE: digest},
    )
    return manifest, content


def store(folder: Path) -> ModelStore:
    return ModelStore(folder / "shelf", folder / "home")


def vector(
    values: dict[str, float | None] | None = None, *, basis: Basis = Basis.STANDALONE
) -> FeatureVector:
    """A vector of ones, with some values changed."""
    known = {"log_turnover_20": 8.0, "has_fixed_band": 1.0, **(values or {})}
    return FeatureVector(
        symbol="MADEUP",
        as_of=datetime(2025, 5, 2, 18, 0, tzinfo=IST),
        period_end=date(2025, 3, 31),
        basis=basis,
        catalogue_hash=catalogue_hash(),
        features={
            spec.name: FeatureValue(
                value := known.get(spec.name, 1.0),
                spec.unit,
                spec.category,
                "left out" if value is None else None,
            )
            for spec in SPECS
        },
    )
