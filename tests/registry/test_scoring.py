"""A score is what the members say, weighed; single rows and many agree."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from dexter.errors import IntegrityError
from registry.logistic import Logistic
from registry.manifest import LIGHTGBM_FILE, LOGISTIC_FILE, MODEL_FILE, Member
from registry.registered import DamagedModelError
from registry.scoring import ScoringModel
from tests.registry.making import (
    LINE,
    by_hand,
    ensemble,
    manifest,
    model,
    rows,
    store,
)


def test_one_by_one_and_together_score_the_same(tmp_path: Path) -> None:
    models = store(tmp_path)
    for made in (model(), ensemble()):
        loaded = ScoringModel(models.register(*made))
        batch = rows(64, 3)
        alone = [float(loaded.probabilities(batch[i : i + 1])[0]) for i in range(64)]
        assert loaded.probabilities(batch).tolist() == alone


def test_members_are_weighed_in_log_odds(tmp_path: Path) -> None:
    loaded = ScoringModel(store(tmp_path).register(*ensemble()))
    batch = rows(200, 4)
    assert loaded.raw(batch) == pytest.approx(by_hand(batch), abs=1e-7)
    loaded.prove()


def test_a_missing_value_adds_nothing_to_a_logistic_member() -> None:
    bare = LINE.log_odds(np.full((1, 2), np.nan, np.float32))
    assert bare.tolist() == [-1.5]


def test_a_clipped_logistic_member_holds_outliers() -> None:
    clipped = LINE.model_copy(update={"clip": 3.0})
    far = clipped.log_odds(np.array([[1e9, 8.0]], np.float32))
    assert far.tolist() == pytest.approx([-1.5 + 0.7 * 3])


@pytest.mark.parametrize(
    "change",
    [
        {"means": (0.0,)},
        {"scales": (1.0, 0.0)},
        {"fill": "zero"},
        {"intercept": float("nan")},
    ],
)
def test_a_logistic_member_that_cannot_be_right_is_refused(
    change: dict[str, object],
) -> None:
    with pytest.raises(ValidationError):
        Logistic.model_validate({**LINE.model_dump(), **change})


@pytest.mark.parametrize(
    ("kind", "file", "content"),
    [
        ("xgboost", MODEL_FILE, b"not a model"),
        ("xgboost", MODEL_FILE, b""),
        ("lightgbm", LIGHTGBM_FILE, b"not a model"),
        ("lightgbm", LIGHTGBM_FILE, ensemble()[1][LIGHTGBM_FILE][:9000]),
        ("lightgbm", LIGHTGBM_FILE, ensemble()[1][LIGHTGBM_FILE]),
        ("lightgbm", LIGHTGBM_FILE, b"\xff\xfe"),
        ("logistic", LOGISTIC_FILE, b"{"),
        ("logistic", LOGISTIC_FILE, LINE.model_dump_json().encode()),
    ],
)
def test_a_file_of_another_kind_is_damage(
    tmp_path: Path, kind: str, file: str, content: bytes
) -> None:
    inputs = model()[0].inputs
    member = Member.model_validate(
        {"kind": kind, "file": file, "inputs": inputs, "weight": 1.0}
    )
    files = {file: content}
    made = manifest(files, (member,), np.zeros(3))
    with pytest.raises(DamagedModelError, match=f"cannot be read as {kind}"):
        store(tmp_path).register(made, files)
    assert store(tmp_path).history() == ()


def test_a_score_that_is_no_number_proves_nothing(tmp_path: Path) -> None:
    loaded = ScoringModel(store(tmp_path).register(*model()))
    odd = loaded.manifest.proofs[0].model_copy(update={"raw": float("nan")})
    loaded.manifest = loaded.manifest.model_copy(update={"proofs": (odd,)})
    with pytest.raises(IntegrityError, match="proofs"):
        loaded.prove()


def test_only_the_library_of_a_member_is_imported(tmp_path: Path) -> None:
    store(tmp_path).register(*model())
    code = (
        "import sys; from pathlib import Path\n"
        "from registry.store import ModelStore\n"
        "store = ModelStore(Path('shelf'), Path(sys.argv[1]))\n"
        "model = store.scoring(store.champion())\n"
        "print(sorted({'xgboost', 'lightgbm', 'pandas'} & set(sys.modules)))\n"
        "model.ready()\n"
        "print(sorted({'xgboost', 'lightgbm'} & set(sys.modules)))\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", code, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "['xgboost']"]
