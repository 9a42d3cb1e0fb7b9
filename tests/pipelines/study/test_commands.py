"""What a person sees of a study: a refusal on too little, the page, the record."""

import json
from pathlib import Path

import pytest

from dexter.errors import UnsavableError
from pipelines.commands import studying
from pipelines.study import running
from pipelines.study.sample import Events, Progress, events_until
from pipelines.study.shelf import STUDIES
from pipelines.study.study import Study
from tests.homes import lent
from tests.pipelines.study.scenes import Planted, desk, made_up


def _stand_in(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """A made-up market in place of the home's."""

    def quick(database: object, until: object, tell: Progress) -> Events:
        del database, until, tell
        return made_up(Planted(gain=0.01, circuits=0.2), companies=300)

    monkeypatch.setattr(studying, "events_until", quick)
    monkeypatch.setattr(studying, "open_desk", lambda **_: desk(home))


def test_the_page_the_pictures_and_the_record(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _stand_in(monkeypatch, tmp_path)
    folder = tmp_path / "docs"
    assert studying.study("seed-42", folder, as_json_too=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["study"] == "seed-42"
    assert sorted(path.name for path in folder.iterdir()) == [
        "seed-42-draws.png",
        "seed-42-posterior.png",
        "seed-42.md",
    ]
    text = (folder / "seed-42.md").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("!["):
            assert (folder / line.partition("](")[2].rstrip(")")).is_file()
    store, run_id = desk(tmp_path).journals, document["run_id"]
    assert studying.show_run(store, run_id, as_json_too=True) == 0
    assert json.loads(capsys.readouterr().out) == document
    assert studying.replay_run(store, run_id, as_json_too=False) == 0
    assert "concluded again" in capsys.readouterr().out
    assert studying.show_run(store, run_id, as_json_too=False) == 0
    assert "16 of 42" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _stand_in(monkeypatch, tmp_path)
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UnsavableError):
        studying.study("seed-42", file / "docs", as_json_too=True)
    assert desk(tmp_path).journals.runs() == ()


def test_the_sample_market_is_too_little(sample_home: Path, tmp_path: Path) -> None:
    asked = desk(lent(sample_home, tmp_path) / "sample")

    def source(study: Study, tell: Progress) -> Events:
        last = max(period.last for period in study.spec.periods)
        with asked.database() as database:
            return events_until(database, last, tell)

    for name in studying.names():
        with pytest.raises(running.TooLittleError):
            running.run(desk(tmp_path), STUDIES[name], source, lambda *_: None)
    assert not (tmp_path / "studies").exists()
