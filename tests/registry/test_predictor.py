"""The champion's word: the model's own, calibrated, or a refusal with its reason."""

import asyncio
import dataclasses
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from dexter.domain.alert import Confidence, Demonstrated, FeatureVector
from dexter.domain.filing import Basis
from dexter.domain.moment import IST
from dexter.errors import PredictorError
from dexter.ml.calibration import Platt
from registry.manifest import MODEL_FILE, Range
from registry.predictor import ChampionPredictor, confidence, interval
from registry.scoring import ScoringModel
from registry.store import ModelStore
from tests.registry.making import (
    CALIBRATION,
    INPUTS,
    SHIPPED,
    booster,
    model,
    rows,
    store,
    vector,
)

HALF = tuple(n for n in INPUTS if n not in {"loss", "log_turnover_20"})[:8]


def predictor(folder: Path, *, illustrative: bool = False) -> ChampionPredictor:
    models = store(folder)
    models.register(*model())
    return ChampionPredictor(models, illustrative=illustrative)


def of_row(inputs: list[float]) -> FeatureVector:
    known = dict(zip(INPUTS, inputs, strict=True))
    values = {n: None if np.isnan(v) else v for n, v in known.items()}
    values |= {"log_turnover_20": 8.0, "loss": 0.1}
    return vector(values)


async def test_it_says_what_xgboost_says_calibrated(tmp_path: Path) -> None:
    champion = predictor(tmp_path)
    calibration = Platt(CALIBRATION.slope, CALIBRATION.intercept)
    for inputs in rows(25, 9):
        features = of_row(inputs.tolist())
        values = [features.features[n].value for n in INPUTS]
        matrix = np.array([[np.nan if v is None else v for v in values]], np.float32)
        expected = calibration.one(float(booster().inplace_predict(matrix)[0]))
        said = await champion.predict(features)
        assert float(said.probability) == pytest.approx(expected, abs=5.1e-5)
        assert said.interval[0] <= said.probability <= said.interval[1]


def test_rows_one_by_one_and_together_score_the_same(tmp_path: Path) -> None:
    models = store(tmp_path)
    loaded = ScoringModel(models.register(*model()))
    batch = rows(64, 3)
    alone = [float(loaded.probabilities(batch[i : i + 1])[0]) for i in range(64)]
    assert loaded.probabilities(batch).tolist() == alone


async def test_the_known_inputs_that_weigh_most_are_named(tmp_path: Path) -> None:
    models = store(tmp_path)
    told = tuple((name, 1.0 / place) for place, name in enumerate(INPUTS, 1))
    manifest, files = model()
    models.register(manifest.model_copy(update={"importances": told}), files)
    gone = HALF[0]
    known = of_row(rows(1, 9)[0].tolist())
    features = dict(known.features)
    features[gone] = dataclasses.replace(features[gone], value=None, reason="gone")
    given = dataclasses.replace(known, features=features)

    said = await ChampionPredictor(models).predict(given)

    expected = [n for n in INPUTS if features[n].value is not None]
    assert said.weighing == tuple(expected[:10])
    assert said.trained_until == manifest.trained_until


async def test_the_record_travels_with_the_probability(tmp_path: Path) -> None:
    said = await predictor(tmp_path, illustrative=True).predict(vector())
    manifest, _ = model()
    assert said.model_version == manifest.version
    assert said.label == "upper_circuit_3d"
    assert said.base_rate == Decimal("0.2000")
    assert (said.skill, said.edge) == (Demonstrated.YES, Demonstrated.NO)
    assert said.evidence_table == "| made up |"
    assert said.basis is Basis.STANDALONE
    assert said.illustrative


@pytest.mark.parametrize(("days", "learned"), [(0, True), (1, False)])
async def test_results_it_was_trained_on_are_in_sample(
    tmp_path: Path, days: int, *, learned: bool
) -> None:
    last = model()[0].trained_until + timedelta(days=days)
    # Half past three at night in India is still the day before in Greenwich.
    came = datetime.combine(last, time(3, 30), IST).astimezone(UTC)
    asked = dataclasses.replace(vector(), as_of=came)
    said = await predictor(tmp_path).predict(asked)
    assert said.in_sample is learned


async def test_the_card(tmp_path: Path) -> None:
    card = await predictor(tmp_path).card()
    assert card.threshold == Decimal("0.6000")
    assert card.minimum_coverage == 0.6
    assert card.edge is Demonstrated.NO


@pytest.mark.parametrize(
    ("features", "reason"),
    [
        (dataclasses.replace(vector(), catalogue_hash="other"), "catalogue other"),
        (vector(basis=Basis.CONSOLIDATED), "on consolidated figures"),
        (vector({"loss": None}), "own figures are unknown"),
        (vector({"has_fixed_band": 0.0}), "futures trade"),
        (vector({"has_fixed_band": None}), "left out"),
        (vector({"log_turnover_20": 5.0}), "₹100,000 a day is below"),
        (vector(dict.fromkeys(HALF, None)), "60% are needed"),
    ],
)
async def test_it_refuses_what_it_was_not_trained_to_judge(
    tmp_path: Path, features: FeatureVector, reason: str
) -> None:
    with pytest.raises(PredictorError, match="No probability for MADEUP") as refusal:
        await predictor(tmp_path).predict(features)
    assert reason in refusal.value.sentence


async def test_no_champion_and_a_damaged_one_are_predictor_errors(
    tmp_path: Path,
) -> None:
    with pytest.raises(PredictorError, match="no champion"):
        await ChampionPredictor(store(tmp_path)).predict(vector())
    models = store(tmp_path)
    registered = models.register(*model())
    (registered.folder / MODEL_FILE).write_bytes(b"not a model")
    with pytest.raises(PredictorError, match="not what was registered"):
        await ChampionPredictor(models).predict(vector())


async def test_many_at_once_load_one_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads: list[str] = []
    first = ScoringModel.__init__

    def counted(self: ScoringModel, *given: object) -> None:
        loads.append("load")
        first(self, *given)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(ScoringModel, "__init__", counted)
    champion = predictor(tmp_path)
    loads.clear()  # promotion proved it once
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(champion.predict(vector())) for _ in range(20)]
    assert len({task.result().probability for task in tasks}) == 1
    assert loads == ["load"]


def test_confidence_follows_the_manifest() -> None:
    manifest, _ = model()
    found = [confidence(manifest, p) for p in (0.29, 0.3, 0.59, 0.6)]
    assert found == [
        Confidence.LOW,
        Confidence.MEDIUM,
        Confidence.MEDIUM,
        Confidence.HIGH,
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [(0.1, (0.05, 0.15)), (0.01, (0.01, 0.15)), (0.3, (0.3, 0.4)), (0.99, (0.8, 0.99))],
)
def test_the_interval_is_what_happened_near_by_and_holds_the_probability(
    said: float, expected: tuple[float, float]
) -> None:
    manifest, _ = model()
    assert interval(manifest, said) == pytest.approx(expected)


def test_the_shipped_catalogue_is_the_one_in_this_code(tmp_path: Path) -> None:
    from dexter.features.catalogue import SPECS, catalogue_hash  # noqa: PLC0415 - heavy

    manifest = ModelStore(SHIPPED, tmp_path).champion().manifest
    assert manifest.catalogue_hash == catalogue_hash()
    assert set(manifest.inputs) <= {spec.name for spec in SPECS}


RANGES = (
    Range(name="input_03", low=0.0, high=2.0, outside="input_03 is out of bounds"),
    Range(name="unheard_of", outside="nobody gets here"),
)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (-0.1, "input_03 is out of bounds"),
        (2.1, "input_03 is out of bounds"),
        (None, r"input_03 is unknown \(left out\)"),
        (2.0, "unheard_of is unknown"),
    ],
)
async def test_it_refuses_what_lies_outside_its_universe(
    tmp_path: Path, value: float | None, reason: str
) -> None:
    made, files = model()
    models = store(tmp_path)
    models.register(made.model_copy(update={"universe": RANGES}), files)
    with pytest.raises(PredictorError, match=reason):
        await ChampionPredictor(models).predict(vector({"input_03": value}))


async def test_a_promotion_counts_for_the_next_predictor(tmp_path: Path) -> None:
    champion = predictor(tmp_path)
    first = await champion.predict(vector())
    models = store(tmp_path)
    second = models.register(*model(2)).manifest.version
    models.promote(second, force="for the test")
    assert (await champion.predict(vector())).model_version == first.model_version
    assert (await predictor(tmp_path).predict(vector())).model_version == second


async def test_the_twin_and_the_model_give_one_probability(tmp_path: Path) -> None:
    models = store(tmp_path)
    version = models.register(*model()).manifest.version
    native = [
        await ChampionPredictor(models).predict(of_row(r.tolist())) for r in rows(9)
    ]
    assert models.make_twin(version)
    twin = [
        await ChampionPredictor(models).predict(of_row(r.tolist())) for r in rows(9)
    ]
    for one, other in zip(native, twin, strict=True):
        assert abs(one.probability - other.probability) <= Decimal("0.0001")


def test_importing_the_predictor_does_not_import_xgboost() -> None:
    code = (
        "import sys, registry.predictor;"
        "heavy = {'pandas', 'scipy', 'xgboost', 'lightgbm', 'numpy', 'onnxruntime'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
