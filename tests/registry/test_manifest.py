"""Manifests of both formats read; what could lead out of the folder does not."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from registry.manifest import MODEL_FILE, Manifest, is_name
from tests.registry.making import SHIPPED, ensemble, model, of_format_1


def test_one_of_format_1_is_one_xgboost_member() -> None:
    found = Manifest.model_validate(of_format_1())
    assert found.format == 1
    (member,) = found.members
    assert (member.kind, member.file, member.weight) == ("xgboost", MODEL_FILE, 1.0)
    assert member.inputs == found.inputs
    assert found.code_hash is None
    assert found.trials is None


def test_it_comes_back_from_its_json_as_it_was() -> None:
    for made in (model(), ensemble()):
        assert Manifest.model_validate_json(made[0].model_dump_json()) == made[0]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"version": "../elsewhere"}, "no plain name"),
        ({"version": ".hidden"}, "no plain name"),
        ({"files": {"model.ubj": "0", "../../x": "0"}}, "no plain name"),
        ({"files": {"model.ubj": "0", "a\\b": "0"}}, "no plain name"),
        ({"files": {"model.ubj": "0", "manifest.json": "0"}}, "its own hash"),
        ({"files": {}}, "has no hash"),
        ({"inputs": ("one",)}, "reads"),
        ({"members": ()}, "at least 1"),
        ({"format": 3}, "format"),
        ({"proofs": ({"row": (1.0,), "raw": 0.5},)}, "another number of inputs"),
        ({"unheard": 1}, "unheard"),
    ],
)
def test_what_cannot_be_right_is_refused(
    change: dict[str, object], problem: str
) -> None:
    told = {**model()[0].model_dump(), **change}
    with pytest.raises(ValidationError, match=problem):
        Manifest.model_validate(told)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("inf"), float("nan")])
def test_a_weight_is_a_number_above_0(weight: float) -> None:
    told = model()[0].model_dump()
    told["members"][0]["weight"] = weight
    with pytest.raises(ValidationError, match="weight"):
        Manifest.model_validate(told)


@pytest.mark.parametrize("text", ["", ".", "..", "a/b", "/a", "a\\b", ".a", "a\0b"])
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_every_shipped_manifest_reads() -> None:
    found = list(SHIPPED.glob("*/manifest.json"))
    assert found
    for path in found:
        assert isinstance(path, Path)
        Manifest.model_validate_json(path.read_bytes())
