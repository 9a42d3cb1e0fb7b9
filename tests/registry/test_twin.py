"""The ONNX twin says what the model says, or there is none."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import lightgbm
import numpy as np
import pytest
import xgboost

from dexter.errors import IntegrityError
from dexter.ml.dataset import Matrix
from registry import onnx_model
from registry.forest import (
    LEAF,
    Forest,
    UntranslatableError,
    of_lightgbm,
    of_xgboost,
)
from registry.index import Index
from registry.manifest import LOGISTIC_FILE, MODEL_FILE, Member
from registry.onnx_twin import PARITY, Twin, parity_rows, translate
from registry.registered import Registered
from registry.scoring import ScoringModel
from registry.store import ModelStore
from tests.registry.making import (
    INPUTS,
    LINE,
    Made,
    ensemble,
    labels,
    manifest,
    model,
    rows,
    store,
)

QUIET = {"objective": "binary", "num_threads": 1, "verbose": -1}


def twin_file(folder: Path, version: str) -> Path:
    return folder / "home" / "models" / ".twins" / f"{version}.onnx"


def with_twin(folder: Path, made: Made) -> tuple[ModelStore, Registered]:
    models = store(folder)
    registered = models.register(*made)
    assert models.make_twin(made[0].version)
    return models, registered


def of_booster(booster: xgboost.Booster) -> Made:
    files = {MODEL_FILE: bytes(booster.save_raw("ubj"))}
    member = Member(kind="xgboost", file=MODEL_FILE, inputs=INPUTS, weight=1.0)
    raw = np.asarray(booster.inplace_predict(rows(3, 5)), np.float64)
    return manifest(files, (member,), raw), files


def of_light(booster: lightgbm.Booster) -> Made:
    files = {"model.lgb.txt": booster.model_to_string().encode()}
    member = Member(kind="lightgbm", file="model.lgb.txt", inputs=INPUTS, weight=1.0)
    raw = np.asarray(booster.predict(rows(3, 5), num_threads=1), np.float64)
    return manifest(files, (member,), raw), files


def trees(**settings: object) -> xgboost.Booster:
    matrix = rows(600, 2)
    matrix[:, 3] = np.round(matrix[:, 3])  # many values lie on a threshold
    told = {"objective": "binary:logistic", "nthread": 1, **settings}
    data = xgboost.DMatrix(matrix, label=labels(matrix), nthread=1)
    return xgboost.train(told, data, num_boost_round=40)


def leaves(matrix: Matrix, **settings: object) -> lightgbm.Booster:
    told = {**QUIET, "num_leaves": 15, **settings}
    return lightgbm.train(told, lightgbm.Dataset(matrix, label=labels(matrix)), 40)


def some_missing() -> Matrix:
    matrix = rows(600, 2)
    matrix[:, 3] = np.round(matrix[:, 3])
    return matrix


def none_missing() -> Matrix:
    return np.nan_to_num(some_missing())


MODELS: dict[str, Callable[[], Made]] = {
    "three kinds": ensemble,
    "xgboost": lambda: of_booster(trees(max_depth=6)),
    "xgboost, exact": lambda: of_booster(trees(tree_method="exact", max_depth=4)),
    "xgboost, lossguide": lambda: of_booster(
        trees(grow_policy="lossguide", max_leaves=20, gamma=0.5)
    ),
    "xgboost, base score": lambda: of_booster(trees(base_score=0.03)),
    "xgboost, forests": lambda: of_booster(trees(num_parallel_tree=3, subsample=0.5)),
    "xgboost, stumps": lambda: of_booster(trees(max_depth=1)),
    "xgboost, single leaves": lambda: of_booster(trees(gamma=1e6)),
    "lightgbm": lambda: of_light(leaves(some_missing())),
    "lightgbm, nothing missing in training": lambda: of_light(leaves(none_missing())),
    "lightgbm, missing not minded": lambda: of_light(
        leaves(some_missing(), use_missing=False)
    ),
}


@pytest.mark.parametrize("threshold", [1e300, 1e-300, -1.5e-35])
def test_a_threshold_beyond_32_bits_is_translated_in_silence(threshold: float) -> None:
    split = {"split_feature": 0, "threshold": threshold, "default_left": True}
    leaf = {"leaf_value": 1.0}
    tree = {**split, "decision_type": "<=", "missing_type": "NaN"}
    tree |= {"left_child": leaf, "right_child": leaf}
    with np.errstate(over="raise"):
        found = of_lightgbm(
            {"average_output": False, "tree_info": [{"tree_structure": tree}]}
        )
    assert abs(found.nodes[0].threshold) <= np.finfo(np.float32).max


@pytest.mark.parametrize("name", MODELS)
def test_a_twin_says_what_the_model_says(tmp_path: Path, name: str) -> None:
    models, registered = with_twin(tmp_path, MODELS[name]())
    loaded = models.scoring(registered)
    batch = np.vstack([rows(300, 6), np.full((1, len(INPUTS)), np.nan, np.float32)])
    batch[:, 3] = np.round(batch[:, 3])
    alone = np.array([loaded.raw(batch[i : i + 1])[0] for i in range(len(batch))])
    assert np.abs(alone - loaded.native(batch)).max() <= PARITY
    models.verify(registered.manifest.version)


def test_a_single_row_needs_no_xgboost(tmp_path: Path) -> None:
    with_twin(tmp_path, model())
    code = (
        "import sys, numpy; from pathlib import Path\n"
        "from registry.store import ModelStore\n"
        "store = ModelStore(Path('shelf'), Path(sys.argv[1]))\n"
        "model = store.scoring(store.champion())\n"
        "model.ready()\n"
        f"model.probabilities(numpy.zeros((1, {len(INPUTS)}), numpy.float32))\n"
        "print(sorted({'xgboost', 'lightgbm', 'pandas'} & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", code, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
    assert done.stderr == ""


def test_promotion_makes_the_twin_and_leaves_the_version_alone(tmp_path: Path) -> None:
    models = store(tmp_path)
    models.register(*model(1))
    registered = models.register(*model(2))
    version = registered.manifest.version
    before = {p: p.read_bytes() for p in registered.folder.iterdir()}
    assert models.promote(version, force="for the test").twin
    assert {p: p.read_bytes() for p in registered.folder.iterdir()} == before
    assert twin_file(tmp_path, version).is_file()
    noted = Index(tmp_path / "home" / "models").twin(version)
    assert noted["gap"] <= PARITY
    assert noted["rows"] == 2003, "2,000 and the proofs"


def test_a_tampered_twin_is_not_used_and_verify_says_so(tmp_path: Path) -> None:
    models, registered = with_twin(tmp_path, model())
    version = registered.manifest.version
    path = twin_file(tmp_path, version)
    whole = path.read_bytes()
    other, _ = with_twin(tmp_path / "other", model(2))
    foreign = twin_file(tmp_path / "other", other.champion().manifest.version)
    for content in (whole[:-1], b"", b"not onnx", foreign.read_bytes()):
        path.write_bytes(content)
        loaded = models.scoring(registered)
        one = rows(1, 8)
        assert loaded.raw(one) == loaded.native(one)
        with pytest.raises(IntegrityError, match="its twin is not what was made"):
            models.verify(version)
    assert models.promote(version).twin, "made anew"
    assert path.read_bytes() == whole
    path.unlink()
    models.verify(version)


def test_a_twin_whose_scores_differ_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = onnx_model.model

    def shifted(forests: list[Forest], width: int) -> bytes:
        return write([Forest(f.base + 1e-4, f.nodes) for f in forests], width)

    monkeypatch.setattr(onnx_model, "model", shifted)
    models = store(tmp_path)
    version = models.register(*model()).manifest.version
    assert not models.make_twin(version)
    assert not twin_file(tmp_path, version).exists()
    loaded = models.scoring(models.champion())
    assert loaded.raw(rows(1)) == loaded.native(rows(1))


def test_a_model_without_trees_has_no_twin(tmp_path: Path) -> None:
    files = {LOGISTIC_FILE: LINE.model_dump_json().encode()}
    member = Member(kind="logistic", file=LOGISTIC_FILE, inputs=INPUTS[:2], weight=1.0)
    raw = 1 / (1 + np.exp(-LINE.log_odds(rows(3, 5)[:, :2])))
    models = store(tmp_path)
    registered = models.register(manifest(files, (member,), raw), files)
    assert not models.make_twin(registered.manifest.version)
    ScoringModel(registered).prove()


@pytest.mark.parametrize(
    "settings",
    [{"zero_as_missing": True}, {"linear_tree": True}, {"boosting": "rf"}],
)
def test_trees_that_onnx_cannot_tell_are_refused(settings: dict[str, object]) -> None:
    more = (
        {"bagging_freq": 1, "bagging_fraction": 0.5} if "boosting" in settings else {}
    )
    booster = leaves(none_missing(), **settings, **more)
    with pytest.raises(UntranslatableError):
        of_lightgbm(booster.dump_model())


def test_splits_on_categories_are_refused() -> None:
    random = np.random.default_rng(1)
    matrix = random.integers(0, 6, size=(400, 1)).astype(np.float32)
    label = np.isin(matrix[:, 0], [1, 4]).astype(np.float64)
    data = xgboost.DMatrix(
        matrix, label=label, feature_types=["c"], enable_categorical=True, nthread=1
    )
    told = {"objective": "binary:logistic", "nthread": 1, "max_cat_to_onehot": 1}
    booster = xgboost.train(told, data, num_boost_round=3)
    with pytest.raises(UntranslatableError, match="categories"):
        of_xgboost(bytes(booster.save_raw("json")))
    light = lightgbm.train(
        {**QUIET, "min_data_per_group": 1},
        lightgbm.Dataset(matrix, label=label, categorical_feature=[0]),
        3,
    )
    with pytest.raises(UntranslatableError):
        of_lightgbm(light.dump_model())


@pytest.mark.parametrize(
    "settings", [{"booster": "gblinear"}, {"objective": "reg:squarederror"}]
)
def test_other_boosters_and_objectives_are_refused(settings: dict[str, object]) -> None:
    booster = trees(**settings)
    with pytest.raises(UntranslatableError):
        of_xgboost(bytes(booster.save_raw("json")))


def test_untranslatable_trees_serve_as_they_are(tmp_path: Path) -> None:
    models = store(tmp_path)
    made = of_light(leaves(none_missing(), zero_as_missing=True))
    registered = models.register(*made)
    assert translate(registered) is None
    assert not models.make_twin(made[0].version)


def test_parity_is_sought_where_it_breaks() -> None:
    forest = of_xgboost(bytes(trees().save_raw("json")))
    found = parity_rows([forest], len(INPUTS), 2000)
    cuts = {n.threshold for n in forest.nodes if n.mode != LEAF and n.feature == 0}
    column = found[:, 0]
    assert 0.1 < np.isnan(column).mean() < 0.2
    assert 0.15 < np.isin(column, np.array(list(cuts), np.float32)).mean() < 0.4
    assert not np.isinf(found).any()


def test_a_twin_of_nothing_that_reads_is_damage(tmp_path: Path) -> None:
    registered = store(tmp_path).register(*model())
    with pytest.raises(IntegrityError, match="its twin does not read"):
        Twin(registered, b"not onnx")
