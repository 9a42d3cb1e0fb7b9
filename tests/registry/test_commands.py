"""``dexter models`` on a home with a few small models."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dexter.errors import CommandError
from pipelines.commands import experimenting, modelling
from registry.best import UnknownMetricError
from registry.experiment import ExperimentError, NoExperimentError, outcomes_by_arm
from registry.store import ModelStore
from registry.verdict import PromotionRefusedError
from tests.registry.making import CATALOGUE, better, ensemble, model, store

Output = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    """Three models, the first of them champion and the last challenger."""
    models = store(tmp_path)
    for made in (model(1), model(2), better(ensemble(3))):
        models.register(*made)
    monkeypatch.setattr(modelling, "store_here", lambda: models)
    monkeypatch.setattr(experimenting, "store_here", lambda: models)
    monkeypatch.setenv("COLUMNS", "160")
    features = ModuleType("dexter.features.catalogue")
    vars(features)["catalogue_hash"] = lambda: CATALOGUE
    monkeypatch.setitem(sys.modules, features.__name__, features)
    return models


VERSIONS = [m[0].version for m in (model(1), model(2), better(ensemble(3)))]
PLAIN, EQUAL, BEST = VERSIONS


def test_the_list_marks_champion_and_challenger(
    home: ModelStore, capsys: Output
) -> None:
    assert modelling.listed(best=None, group="all", as_json_too=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [v in line for line in lines for v in VERSIONS].count(True) == len(VERSIONS)
    assert next(line for line in lines if PLAIN in line).startswith("champion")
    assert next(line for line in lines if BEST in line).startswith("challenger")
    assert home.champion().manifest.version == PLAIN


@pytest.mark.usefixtures("home")
def test_the_list_by_a_metric_starts_with_the_best(capsys: Output) -> None:
    assert modelling.listed(best="skill", group="all", as_json_too=True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found[0]["version"] == BEST
    assert [row["skill"] for row in found] == pytest.approx([0.2, 0.15, 0.15])
    assert found[0]["members"] == ["xgboost", "lightgbm", "logistic"]
    with pytest.raises(UnknownMetricError):
        modelling.listed(best="mood", group="all", as_json_too=False)


def test_a_damaged_model_is_named_beside_the_others(
    home: ModelStore, capsys: Output
) -> None:
    (home.show(EQUAL).folder / "manifest.json").write_text("{}")
    assert modelling.listed(best=None, group="all", as_json_too=True) == 4
    said = capsys.readouterr()
    assert {row["version"] for row in json.loads(said.out)} == {PLAIN, BEST}
    assert EQUAL in said.err


def test_a_promotion_shows_every_check(home: ModelStore, capsys: Output) -> None:
    code = modelling.promote(BEST, force=False, because=None, as_json_too=False)
    assert code == 0
    said = capsys.readouterr().out
    assert said.count("✓") == 9, "eight checks and the result"
    assert home.champion().manifest.version == BEST
    assert home.history()[-1].at is not None


def test_the_champion_is_not_held_against_itself(
    home: ModelStore, capsys: Output
) -> None:
    modelling.promote(PLAIN, as_json_too=False)
    said = capsys.readouterr().out
    assert "was already the champion single rows by its ONNX twin" in said
    assert "✗" not in said
    assert len(home.history()) == 3


def test_a_promotion_as_json(home: ModelStore, capsys: Output) -> None:
    modelling.promote(BEST, force=False, because=None, as_json_too=True)
    told = json.loads(capsys.readouterr().out)
    assert told["promote"]
    assert told["changed"]
    assert {check["name"] for check in told["checks"]} >= {"skill", "calibration"}
    assert home.champion().manifest.version == BEST


def test_a_refusal_shows_its_numbers_and_changes_nothing(
    home: ModelStore, capsys: Output
) -> None:
    with pytest.raises(PromotionRefusedError) as refused:
        modelling.promote(EQUAL, force=False, because=None, as_json_too=False)
    assert "is +15.0%, the champion's +15.0%" in refused.value.sentence
    assert "--because" in refused.value.hint
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("✗") == 1
    assert home.champion().manifest.version == PLAIN


def test_force_and_because_go_together(home: ModelStore) -> None:
    for force, because in ((True, None), (True, "  "), (False, "so")):
        with pytest.raises(CommandError, match="go together"):
            modelling.promote(EQUAL, force=force, because=because, as_json_too=False)
    modelling.promote(EQUAL, force=True, because="so", as_json_too=False)
    assert home.champion().manifest.version == EQUAL
    assert home.history()[-1].reason == "so"


def test_rollback_and_history(home: ModelStore, capsys: Output) -> None:
    modelling.promote(BEST, force=False, because=None, as_json_too=False)
    assert modelling.rollback("it was too sure") == 0
    assert home.champion().manifest.version == PLAIN
    capsys.readouterr()
    modelling.history(as_json_too=True)
    acts = json.loads(capsys.readouterr().out)
    assert [act["act"] for act in acts][-2:] == ["promoted", "rolled_back"]
    modelling.history(as_json_too=False)
    assert "it was too sure" in capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_two_models_are_compared(capsys: Output) -> None:
    modelling.compared(PLAIN, BEST, as_json_too=True)
    told = json.loads(capsys.readouterr().out)
    assert "members" in told["changed"]
    skill = next(m for m in told["metrics"] if m["name"] == "skill")
    assert skill["first"]["value"] == 0.15
    assert skill["difference"] == pytest.approx(0.05)
    modelling.compared(PLAIN, BEST, as_json_too=False)
    said = capsys.readouterr().out
    assert "all: skill" in said
    assert "0.1500 (0.1000 to 0.2000)" in said


@pytest.mark.usefixtures("home")
def test_show_and_verify_know_every_member(capsys: Output) -> None:
    assert modelling.verify(None) == 0
    assert capsys.readouterr().out.count("every file is as registered") == 3
    modelling.show(BEST, as_json_too=False)
    assert "xgboost, lightgbm, logistic" in capsys.readouterr().out
    modelling.show(None, as_json_too=True)
    assert json.loads(capsys.readouterr().out)["version"] == PLAIN


def test_an_experiment_from_beginning_to_end(home: ModelStore, capsys: Output) -> None:
    with pytest.raises(NoExperimentError):
        experimenting.show((), as_json_too=False)
    arms = (f"{PLAIN}=0.25", f"{BEST}=0.75")
    assert experimenting.start("trees", arms, None) == 0
    capsys.readouterr()
    rows = [(PLAIN, 0.2, True), (BEST, 0.4, False), (BEST, 0.1, None)]
    experimenting.show(("TCS",), outcomes=outcomes_by_arm(rows), as_json_too=True)
    told = json.loads(capsys.readouterr().out)
    running = home.experiment()
    assert running is not None
    assert told["assigned"] == {"TCS": running.assign("TCS")}
    assert [arm["share"] for arm in told["arms"]] == [0.25, 0.75]
    assert [arm["waiting"] for arm in told["arms"]] == [0, 1]
    experimenting.show(("TCS",), outcomes=outcomes_by_arm(rows), as_json_too=False)
    assert "100.0% (20.7% to 100.0%)" in capsys.readouterr().out
    assert experimenting.stop("decided") == 0
    assert home.experiment() is None


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("arm", [PLAIN, f"{PLAIN}=", f"{PLAIN}=half"])
def test_an_arm_that_cannot_be_read(arm: str) -> None:
    with pytest.raises(CommandError, match="is not VERSION=SHARE"):
        experimenting.start("trees", (arm, f"{BEST}=0.5"), None)


@pytest.mark.usefixtures("home")
def test_shares_that_do_not_add_up() -> None:
    with pytest.raises(ExperimentError, match=r"add up to 1\.2"):
        experimenting.start("trees", (f"{PLAIN}=0.6", f"{BEST}=0.6"), None)
