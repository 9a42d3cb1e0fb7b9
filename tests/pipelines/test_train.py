"""Training end to end on made-up events: what is kept, who teaches, refusals."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dexter.domain.alert import Demonstrated, FeatureValue, FeatureVector
from dexter.domain.filing import Basis
from dexter.errors import PredictorError
from dexter.features.catalogue import MODEL_INPUTS, catalogue_hash
from dexter.features.columns import Column
from dexter.features.matrix import FeatureMatrix
from dexter.ml.judgement import MINIMUM_TURNOVER, judge
from dexter.ml.outcomes import Outcomes
from dexter.ml.sample import RIVALS
from dexter.ml.sample_file import SAMPLE_FILE, from_bytes
from dexter.ml.search import RESERVED_SEASONS
from dexter.ml.splits import walk_forward
from dexter.ml.walk import WARM_UP_SEASONS
from pipelines import train
from pipelines.featurize import Featured
from pipelines.train import (
    LABEL,
    OneClassError,
    TooFewEventsError,
    dataset,
)
from pipelines.train_record import TRIALS_FILE, fingerprint
from registry import record
from registry.manifest import Manifest
from registry.predictor import ChampionPredictor
from registry.scoring import ScoringModel
from registry.store import ModelStore
from tests.ml.making_events import CALENDAR, SMALL
from tests.pipelines.making_training import (
    CREATED,
    NAMES,
    UNTIL,
    Made,
    featured,
    lesson,
    overall,
    quick,
    taught,
)

DATA = lesson()


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with quick():
        yield


@pytest.fixture(scope="module")
def made(_quick: None) -> Made:
    return taught(DATA, SMALL)


def test_a_signal_is_found_and_money_that_is_not_there_is_not(made: Made) -> None:
    manifest, _ = made
    assert manifest.skill is Demonstrated.YES
    assert manifest.edge is Demonstrated.NO
    assert overall(manifest).group == "all"
    assert overall(manifest).skill.low > 0.1
    assert manifest.importances[0][0] == "rsi_14"
    assert manifest.importances[1][0] == "net_margin"


def test_the_manifest_is_complete(made: Made) -> None:
    manifest, _ = made
    empty = {n for n in Manifest.model_fields if getattr(manifest, n) in (None, (), {})}
    assert empty == {"references"}
    assert manifest.format == 2
    assert (manifest.events, manifest.hits) == (len(DATA), int(DATA.label.sum()))
    assert manifest.base_rate == DATA.label[DATA.judged].mean()
    assert manifest.trained_until == UNTIL
    assert manifest.created == CREATED
    assert manifest.data_hash == fingerprint(DATA.only(manifest.inputs))
    assert manifest.catalogue_hash == catalogue_hash()
    assert manifest.version.startswith(f"upper-circuit-3d-{UNTIL:%Y%m%d}-")
    assert set(manifest.rivals) == {"base rate", *RIVALS}
    assert manifest.trials == 2 * len(SMALL)
    assert set(manifest.inputs) == set(manifest.drift)
    assert set(manifest.software) == {"numpy", "xgboost"}
    assert sum(member.weight for member in manifest.members) == pytest.approx(1)
    assert all(member.inputs == manifest.inputs for member in manifest.members)


def test_the_record_is_of_every_season_after_the_warm_up(made: Made) -> None:
    manifest, files = made
    splits = tuple(walk_forward(DATA, CALENDAR))[WARM_UP_SEASONS:]
    sample = from_bytes(files[SAMPLE_FILE])
    rows = np.concatenate([split.test for split in splits])
    assert sample.label.tolist() == DATA.label[rows].tolist()
    assert overall(manifest).events == len(rows)
    seasons = {split.season: len(split.test) for split in splits}
    told = zip(*np.unique(sample.season, return_counts=True), strict=True)
    assert dict(told) == seasons
    measured = {m.group: m.events for m in manifest.metrics}
    last = splits[-RESERVED_SEASONS:]
    assert measured["last four seasons"] == sum(len(split.test) for split in last)
    assert f"Walk-forward over {len(splits)} seasons" in manifest.evidence_table


def test_what_is_kept_beside_it_gives_its_metrics_again(made: Made) -> None:
    manifest, files = made
    again = judge(from_bytes(files[SAMPLE_FILE]), manifest.seed)
    assert tuple(record.measured(n, m) for n, m in again.groups) == manifest.metrics
    assert record.bounds(again.bounds) == manifest.bounds


def test_every_file_is_named_by_its_hash(made: Made) -> None:
    manifest, files = made
    assert manifest.files == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert {member.file for member in manifest.members} | {
        SAMPLE_FILE,
        TRIALS_FILE,
    } == set(files)
    assert not any(content.startswith(b"\x80") for content in files.values())


def test_every_trial_is_on_file(made: Made) -> None:
    manifest, files = made
    told = json.loads(files[TRIALS_FILE])
    assert len(told["trials"]) == manifest.trials
    assert told["chosen"] in {recipe.name for recipe in SMALL}
    assert told["chosen"] in (manifest.selection or "")
    assert sorted(told["inputs_ranked"]) == sorted(NAMES)
    best = min(told["trials"], key=lambda trial: float(trial["log_loss"]))
    assert (best["recipe"], best["calibrated"]) == (told["chosen"], told["calibrated"])


def test_training_twice_gives_the_same_files_and_metrics(made: Made) -> None:
    assert taught(DATA, SMALL) == made


def test_the_first_is_champion_and_the_next_its_challenger(
    tmp_path: Path, made: Made
) -> None:
    models = ModelStore(tmp_path / "shelf", tmp_path)
    first = models.register(*made, at=CREATED)
    assert first.champion
    second = models.register(*taught(lesson(12)), at=CREATED)
    assert second.challenger
    assert not second.champion
    assert models.champion().manifest == made[0]
    for registered in (first, second):
        version = registered.manifest.version
        assert models.verify(version).manifest == registered.manifest
    assert models.register(*made, at=CREATED).champion
    assert len(models.versions()) == 2


def test_what_is_registered_says_what_was_said_out_of_its_files(
    tmp_path: Path, made: Made
) -> None:
    registered = ModelStore(tmp_path / "shelf", tmp_path).register(*made)
    some = DATA.only(registered.manifest.inputs)
    said = ScoringModel(registered).probabilities(some.matrix)
    assert said[DATA.label == 1].mean() > said[DATA.label == 0].mean() + 0.2
    proofs = [proof.raw for proof in registered.manifest.proofs]
    assert len(set(proofs)) > 4


def vector(catalogue: str, left_out: Sequence[str] = ()) -> FeatureVector:
    told = {**dict.fromkeys(NAMES, 0.5), "loss": 0.0, "has_fixed_band": 1.0}
    told["log_turnover_20"] = 8.0
    return FeatureVector(
        symbol="MADEUP",
        as_of=CREATED,
        period_end=date(2023, 12, 31),
        basis=Basis.STANDALONE,
        catalogue_hash=catalogue,
        features={
            name: FeatureValue(None, "ratio", "technical", "left out")
            if name in left_out
            else FeatureValue(value, "ratio", "technical", None)
            for name, value in told.items()
        },
    )


async def test_features_of_another_catalogue_are_refused(
    tmp_path: Path, made: Made
) -> None:
    models = ModelStore(tmp_path / "shelf", tmp_path)
    models.register(*made)
    said = await ChampionPredictor(models).predict(vector(catalogue_hash()))
    assert 0 < said.probability < 1
    assert said.model_version == made[0].version
    with pytest.raises(PredictorError, match="are of catalogue another") as refused:
        await ChampionPredictor(models).predict(vector("another"))
    assert made[0].catalogue_hash in refused.value.sentence
    with pytest.raises(PredictorError, match="own figures are unknown"):
        await ChampionPredictor(models).predict(vector(catalogue_hash(), ["loss"]))


def test_too_few_seasons_are_refused_with_the_number_needed() -> None:
    seasons = np.unique(DATA.season)
    few = DATA.take(DATA.season < seasons[12])
    with pytest.raises(TooFewEventsError, match="9 seasons to test on") as refused:
        taught(few)
    assert refused.value.sentence.endswith(" and 8.")
    assert taught(DATA.take(DATA.season < seasons[13]))


def test_too_few_events_are_refused_with_the_number_needed() -> None:
    every = np.arange(len(DATA)) % 12 == 0
    with pytest.raises(TooFewEventsError, match="200 out-of-sample events") as refused:
        taught(DATA.take(every))
    splits = tuple(walk_forward(DATA.take(every), CALENDAR))[WARM_UP_SEASONS:]
    tested = sum(len(split.test) for split in splits)
    assert f"there are {tested}, " in refused.value.sentence


def test_too_few_hits_are_refused_before_anything_is_trained(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(train, "evaluate", lambda *_: pytest.fail("it trained"))
    label = np.zeros(len(DATA))
    label[-29:] = 1
    with pytest.raises(TooFewEventsError, match="30 hits among them"):
        taught(replace(DATA, label=label))
    early = replace(DATA, label=(np.arange(len(DATA)) < 600).astype(float))
    with pytest.raises(TooFewEventsError):
        taught(early)


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_events_that_all_ended_alike_are_refused(label: float) -> None:
    alike = replace(DATA, label=np.full(len(DATA), label))
    with pytest.raises(OneClassError, match="2,180 labelled events have the same"):
        taught(alike)


def test_seasons_to_choose_by_that_all_ended_alike_are_refused() -> None:
    late = np.unique(DATA.season)[-RESERVED_SEASONS]
    label = np.where(DATA.season >= late, DATA.label, 0)
    with pytest.raises(OneClassError, match="events of the seasons to choose by"):
        taught(replace(DATA, label=label))


def test_no_events_at_all_are_too_few() -> None:
    with pytest.raises(TooFewEventsError, match="there are 0, 0, 0 and 0"):
        taught(DATA.take(np.zeros(len(DATA), dtype=np.bool_)))


def changed(given: Featured, name: str, place: int, value: float) -> Featured:
    columns = dict(given.matrix.columns)
    values = columns[name].values.copy()
    values[place] = value
    columns[name] = Column.of(values)
    return replace(given, matrix=FeatureMatrix(columns))


def test_who_teaches_and_who_is_judged() -> None:
    given = featured(names=MODEL_INPUTS)
    plain = dataset(given, {"S1": 2}, LABEL)
    assert len(plain) == len(given.events)
    assert plain.judged.all()
    assert plain.names == MODEL_INPUTS
    assert plain.cohort[:3].tolist() == [0, 2, 0]
    assert plain.band[0] == 20
    thin = changed(given, "log_turnover_20", 0, MINIMUM_TURNOVER - 0.01)
    for other in (thin, changed(given, "loss", 0, np.nan)):
        data = dataset(other, {}, LABEL)
        assert len(data) == len(plain)
        assert data.judged.tolist() == [False, *[True] * (len(plain) - 1)]
    for other in (
        changed(given, "has_fixed_band", 0, 0),
        changed(given, "has_fixed_band", 0, np.nan),
        replace(given, outcomes=unlabelled(given, 0)),
    ):
        data = dataset(other, {}, LABEL)
        assert len(data) == len(plain) - 1
        assert data.moment.tolist() == plain.moment[1:].tolist()
        assert data.label.tolist() == plain.label[1:].tolist()
    bare = given
    for name in MODEL_INPUTS[: int(len(MODEL_INPUTS) * 0.85)]:
        if name not in {"has_fixed_band", "log_turnover_20", "loss"}:
            bare = changed(bare, name, 0, np.nan)
    assert len(dataset(bare, {}, LABEL)) == len(plain) - 1


def unlabelled(given: Featured, place: int) -> Outcomes:
    column = given.outcomes.upper_circuit
    values = column.values.copy()
    values[place] = np.nan
    return replace(given.outcomes, upper_circuit=Column.of(values))
