"""Small models and their manifests, trained on made-up rows."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

import lightgbm
import numpy as np
import xgboost

from dexter.domain.alert import Demonstrated, FeatureValue, FeatureVector
from dexter.domain.filing import Basis
from dexter.domain.moment import IST
from dexter.ml.dataset import Array, Matrix
from registry.logistic import Logistic
from registry.manifest import (
    LIGHTGBM_FILE,
    LOGISTIC_FILE,
    MODEL_FILE,
    Bounds,
    Calibration,
    Interval,
    Manifest,
    Measured,
    Member,
    Proof,
    ReliabilityBin,
)
from registry.registered import digest
from registry.store import ModelStore

CALIBRATION = Calibration(slope=0.9, intercept=-0.1)
CATALOGUE = "made-up"
INPUTS = ("loss", "log_turnover_20", *(f"input_{i:02}" for i in range(16)))
SHIPPED = Path(__file__).resolve().parents[2] / "data" / "models"
NOON = datetime(2025, 7, 1, 12, 0, tzinfo=IST)

Made = tuple[Manifest, dict[str, bytes]]


def rows(count: int, seed: int = 1) -> Matrix:
    random = np.random.default_rng(seed)
    found = random.normal(size=(count, len(INPUTS))).astype(np.float32)
    found[random.uniform(size=found.shape) < 0.1] = np.nan
    return found


def labels(matrix: Matrix) -> Array:
    filled = np.nan_to_num(matrix.astype(np.float64))
    return (filled[:, 0] + filled[:, 7] > 1).astype(np.float64)


@cache
def booster(seed: int = 1) -> xgboost.Booster:
    matrix = rows(400, seed)
    data = xgboost.DMatrix(matrix, label=labels(matrix), nthread=1)
    settings = {"objective": "binary:logistic", "max_depth": 3, "nthread": 1}
    return xgboost.train(settings, data, num_boost_round=20)


@cache
def light(seed: int = 1) -> lightgbm.Booster:
    """LightGBM over the last ten inputs, backwards."""
    matrix = rows(400, seed)
    settings = {"objective": "binary", "num_leaves": 7, "num_threads": 1, "verbose": -1}
    data = lightgbm.Dataset(matrix[:, :7:-1], label=labels(matrix))
    return lightgbm.train(settings, data, num_boost_round=15)


LINE = Logistic(
    coefficients=(0.7, -0.2), intercept=-1.5, means=(0.1, 8.0), scales=(2.0, 0.5)
)


def model(seed: int = 1) -> Made:
    """One XGBoost member over every input."""
    files = {MODEL_FILE: bytes(booster(seed).save_raw("ubj"))}
    member = Member(kind="xgboost", file=MODEL_FILE, inputs=INPUTS, weight=1.0)
    raw = np.asarray(booster(seed).inplace_predict(rows(3, 5)), np.float64)
    return manifest(files, (member,), raw, seed), files


def of_format_1(seed: int = 1) -> dict[str, object]:
    """The manifest of ``model`` as it was written before there were members."""
    told: dict[str, object] = json.loads(model(seed)[0].model_dump_json())
    later = ("format", "members", "code_hash", "trials", "selection", "embargo")
    for name in (*later, "split", "universe", "rivals", "importances", "drift"):
        told.pop(name, None)
    return told


def ensemble(seed: int = 1) -> Made:
    """Three members of three kinds, each with inputs and an order of its own."""
    files = {
        MODEL_FILE: bytes(booster(seed).save_raw("ubj")),
        LIGHTGBM_FILE: light(seed).model_to_string().encode(),
        LOGISTIC_FILE: LINE.model_dump_json().encode(),
    }
    few = (INPUTS[3], INPUTS[1])
    members = (
        Member(kind="xgboost", file=MODEL_FILE, inputs=INPUTS, weight=2.0),
        Member(kind="lightgbm", file=LIGHTGBM_FILE, inputs=INPUTS[:7:-1], weight=1.0),
        Member(kind="logistic", file=LOGISTIC_FILE, inputs=few, weight=0.5),
    )
    return manifest(files, members, by_hand(rows(3, 5), seed), seed), files


def by_hand(matrix: Matrix, seed: int = 1) -> Array:
    """The ensemble's raw score, written out."""
    trees = booster(seed).inplace_predict(matrix, predict_type="margin")
    leaves = light(seed).predict(matrix[:, :7:-1], raw_score=True, num_threads=1)
    line = [
        -1.5 + 0.7 * known((a - 0.1) / 2.0) - 0.2 * known((b - 8.0) / 0.5)
        for a, b in matrix[:, [3, 1]].astype(np.float64).tolist()
    ]
    mean = (2.0 * np.asarray(trees) + np.asarray(leaves) + 0.5 * np.array(line)) / 3.5
    return np.asarray(1 / (1 + np.exp(-mean)), np.float64)


def known(value: float) -> float:
    return 0.0 if np.isnan(value) else value


def measured(
    group: str = "all",
    skill: tuple[float, float, float] = (0.15, 0.1, 0.2),
    events: int = 4000,
    hits: int = 160,
    **more: object,
) -> Measured:
    value, low, high = skill
    facts = {
        "group": group,
        "events": events,
        "hits": hits,
        "base_rate": hits / events,
        "brier": 0.03,
        "brier_reference": 0.035,
        "skill": Interval(value=value, low=low, high=high),
        "log_loss": 0.12,
        "roc_auc": 0.88,
        "pr_auc": 0.3,
        "chosen": 200,
        "chosen_rate": None,
        "edge": None,
        **more,
    }
    return Measured.model_validate(facts)


def manifest(
    files: Mapping[str, bytes], members: tuple[Member, ...], raw: Array, seed: int = 1
) -> Manifest:
    hashes = {name: digest(content) for name, content in files.items()}
    whole = digest("".join(hashes.values()).encode())
    return Manifest(
        format=2,
        version=f"made-up-{whole[:8]}",
        label="upper_circuit_3d",
        basis=Basis.STANDALONE,
        created=NOON,
        trained_until=date(2025, 6, 30),
        events=400,
        hits=80,
        base_rate=0.2,
        data_hash="0" * 64,
        catalogue_hash=CATALOGUE,
        inputs=INPUTS,
        members=members,
        parameters={"max_depth": 3},
        rounds=20,
        seed=seed,
        software={"xgboost": xgboost.__version__},
        calibration=CALIBRATION,
        bounds=Bounds(
            threshold=0.6, medium_from=0.3, minimum_coverage=0.6, minimum_turnover=6.4
        ),
        metrics=(measured(),),
        reliability=bins(),
        references={},
        skill=Demonstrated.YES,
        edge=Demonstrated.NO,
        evidence_table="| made up |",
        proofs=tuple(
            Proof(
                row=tuple(None if np.isnan(v) else float(v) for v in inputs),
                raw=float(score),
            )
            for inputs, score in zip(rows(3, 5), raw, strict=True)
        ),
        files=hashes,
    )


def bins() -> tuple[ReliabilityBin, ...]:
    """Four bins; of the likeliest quarter as many came true as were said to."""
    return tuple(
        ReliabilityBin(
            low=i / 4,
            high=(i + 1) / 4,
            events=1000,
            hits=int(1000 * (i + 0.5) / 4),
            mean=(i + 0.5) / 4,
            rate=Interval(value=i / 4 + 0.1, low=i / 4 + 0.05, high=i / 4 + 0.15),
        )
        for i in range(4)
    )


def better(made: Made, by: float = 0.05) -> Made:
    """The same model with more skill on its record."""
    kept, files = made
    metrics = (measured(skill=(0.15 + by, 0.1 + by, 0.2 + by)),)
    return kept.model_copy(update={"metrics": metrics}), files


def store(folder: Path) -> ModelStore:
    return ModelStore(folder / "shelf", folder / "home")


def vector(
    values: Mapping[str, float | None] | None = None,
    *,
    symbol: str = "MADEUP",
    basis: Basis = Basis.STANDALONE,
) -> FeatureVector:
    """A vector of ones, with some values changed."""
    told = {"log_turnover_20": 8.0, "has_fixed_band": 1.0, **(values or {})}
    return FeatureVector(
        symbol=symbol,
        as_of=datetime(2025, 5, 2, 18, 0, tzinfo=IST),
        period_end=date(2025, 3, 31),
        basis=basis,
        catalogue_hash=CATALOGUE,
        features={
            name: FeatureValue(
                value := told.get(name, 1.0),
                "ratio",
                "technical",
                "left out" if value is None else None,
            )
            for name in (*INPUTS, "has_fixed_band")
        },
    )
