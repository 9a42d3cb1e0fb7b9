"""Who was in charge is never forgotten, whoever writes and however they end."""

import json
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from dexter.errors import IntegrityError, PredictorError
from registry.aliases import ALIASES_FILE, AliasLog, earlier
from registry.index import INDEX_FILE
from registry.lines import DamagedLinesError
from registry.manifest import MANIFEST_FILE, MODEL_FILE
from registry.store import ModelStore
from tests.conftest import ROOT
from tests.registry.making import NOON, better, model, of_format_1, store


def log(folder: Path) -> Path:
    return folder / "home" / "models" / ALIASES_FILE


def test_promotion_and_rollback_are_acts_with_reasons(tmp_path: Path) -> None:
    models = store(tmp_path)
    first = models.register(*model(1), at=NOON).manifest.version
    second = models.register(*better(model(2)), at=NOON).manifest.version
    done = models.promote(second, at=NOON)
    assert done.changed
    assert done.registered.champion
    assert models.rollback(reason="it spoke nonsense", at=NOON).champion
    with pytest.raises(PredictorError, match="no earlier champion"):
        models.rollback()
    acts = models.history()
    assert [(a.act, a.alias.value, a.version, a.before, a.by) for a in acts] == [
        ("registered", "champion", first, None, "rule"),
        ("registered", "challenger", second, None, "rule"),
        ("promoted", "champion", second, first, "rule"),
        ("rolled_back", "champion", first, second, "person"),
    ]
    assert all(act.at == NOON for act in acts)
    assert acts[2].metrics["skill"] == pytest.approx(0.2)
    assert "above the champion's" in acts[2].reason
    assert acts[3].reason == "it spoke nonsense"


def test_a_forced_promotion_keeps_its_reason_and_what_spoke_against_it(
    tmp_path: Path,
) -> None:
    models = store(tmp_path)
    models.register(*model(1))
    second = models.register(*model(2)).manifest.version
    with pytest.raises(PredictorError, match="is not promoted"):
        models.promote(second)
    assert not models.show(second).champion
    models.promote(second, force="the old one reads features no longer made")
    act = models.history()[-1]
    assert (act.by, act.version) == ("person", second)
    assert act.reason == "the old one reads features no longer made"
    assert any(check.startswith("fails: Brier skill on all") for check in act.checks)


def test_promoting_the_champion_writes_nothing(tmp_path: Path) -> None:
    models = store(tmp_path)
    version = models.register(*model()).manifest.version
    assert not models.promote(version).changed
    assert len(models.history()) == 1


def test_rollbacks_go_back_one_champion_each(tmp_path: Path) -> None:
    models = store(tmp_path)
    versions = [models.register(*model(s)).manifest.version for s in (1, 2, 3)]
    for version in versions[1:]:
        models.promote(version, force="for the test")
    assert models.rollback().manifest.version == versions[1]
    models.promote(versions[2], force="again")
    assert models.rollback().manifest.version == versions[1]
    assert models.rollback().manifest.version == versions[0]
    assert earlier(models.history()) is None
    assert len(models.history()) == 9, "three registered, three promoted, three back"


def test_a_damaged_version_is_not_gone_back_to(tmp_path: Path) -> None:
    models = store(tmp_path)
    first = models.register(*model(1))
    second = models.register(*model(2)).manifest.version
    models.promote(second, force="for the test")
    next(first.folder.glob("*.ubj")).write_bytes(b"x")
    with pytest.raises(IntegrityError, match="not what was registered"):
        models.rollback()
    assert models.champion().manifest.version == second


def old_home(folder: Path) -> tuple[Path, list[str]]:
    """A home as it was written before acts were logged."""
    models = store(folder)
    versions = [models.register(*model(s)).manifest.version for s in (1, 2, 3)]
    home = folder / "home" / "models"
    (home / ALIASES_FILE).unlink()
    (home / "history").write_text(f"{versions[0]}\n{versions[1]}\n")
    (home / "champion").write_text(f"{versions[2]}\n")
    return home, versions


def test_an_older_home_is_taken_over_at_the_first_write(tmp_path: Path) -> None:
    home, versions = old_home(tmp_path)
    models = store(tmp_path)
    assert models.champion().manifest.version == versions[2]
    assert not (home / ALIASES_FILE).exists(), "reading writes nothing"
    assert models.rollback().manifest.version == versions[1]
    assert not (home / "champion").exists()
    assert not (home / "history").exists()
    assert models.rollback().manifest.version == versions[0]
    acts = models.history()
    assert [act.act for act in acts] == ["taken_over"] * 3 + ["rolled_back"] * 2
    assert [act.version for act in acts[:3]] == versions
    with pytest.raises(PredictorError, match="no earlier champion"):
        models.rollback()


def test_an_older_home_with_a_model_of_format_1(tmp_path: Path) -> None:
    old = of_format_1(2)
    home, name = tmp_path / "home" / "models", str(old["version"])
    (home / name).mkdir(parents=True)
    (home / name / MANIFEST_FILE).write_text(json.dumps(old))
    (home / name / MODEL_FILE).write_bytes(model(2)[1][MODEL_FILE])
    (home / "champion").write_text(f"{name}\n")
    assert not (home / INDEX_FILE).exists()
    models = store(tmp_path)
    assert models.verify(name).champion
    assert models.register(*model()).challenger
    assert models.champion().manifest.version == name


def test_the_tail_of_a_killed_writer_is_cut_and_nothing_else(tmp_path: Path) -> None:
    models = store(tmp_path)
    first = models.register(*model(1)).manifest.version
    whole = log(tmp_path).read_bytes()
    for torn in (b'{"at"', b"\xff\xfe", b'{"at": null}'):
        log(tmp_path).write_bytes(whole + torn)
        assert models.champion().manifest.version == first
        assert len(models.history()) == 1
    second = models.register(*model(2)).manifest.version
    assert log(tmp_path).read_bytes().startswith(whole)
    assert [act.version for act in models.history()] == [first, second]


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"act": "promoted"}'])
def test_a_line_that_is_none_stops_everything(tmp_path: Path, line: str) -> None:
    models = store(tmp_path)
    models.register(*model(1))
    with log(tmp_path).open("a") as file:
        file.write(f"{line}\n")
    for use in (models.champion, models.rollback, models.versions):
        with pytest.raises(DamagedLinesError, match=r"Line 2 of aliases\.jsonl"):
            use()


def test_fields_of_a_later_dexter_are_left_alone(tmp_path: Path) -> None:
    models = store(tmp_path)
    version = models.register(*model(1)).manifest.version
    told = {**json.loads(log(tmp_path).read_bytes()), "mood": "bright"}
    log(tmp_path).write_text(f"{json.dumps(told)}\n")
    assert AliasLog(log(tmp_path).parent).acts()[0].version == version


def test_writers_in_several_processes_take_turns(tmp_path: Path) -> None:
    seeds, turns = (1, 2, 3), 3
    command = [sys.executable, "-m", "tests.registry.writers", str(tmp_path)]
    running = [
        subprocess.Popen([*command, str(seed), str(turns)], cwd=ROOT)  # noqa: S603 - ours
        for seed in seeds
    ]
    end = monotonic() + 60
    while not all((tmp_path / f"ready-{seed}").exists() for seed in seeds):
        assert monotonic() < end
        sleep(0.01)
    (tmp_path / "go").touch()
    assert [process.wait(60) for process in running] == [0, 0, 0]
    models = ModelStore(tmp_path / "shelf", tmp_path / "home")
    assert len(models.versions()) == len(seeds)
    charges = [act for act in models.history() if act.alias.value == "champion"]
    in_charge = [act.version for act in charges]
    assert [act.before for act in charges] == [None, *in_charge[:-1]]
    assert models.champion().manifest.version == in_charge[-1]
    for registered in models.versions():
        models.verify(registered.manifest.version)
