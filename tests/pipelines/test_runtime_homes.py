"""What a home is, where it lies, and which market it answers from."""

from datetime import date
from pathlib import Path

import pytest

from dexter.errors import UnusableVariableError
from dexter.settings import Settings
from pipelines.ingest.report import Progress
from pipelines.runtime import SAMPLE, open_desk, open_shelves, settings_here
from tests.conftest import ROOT


def test_a_home_is_a_whole_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("DEXTER_HOME", "here")
    assert settings_here().home == tmp_path / "here"
    monkeypatch.setenv("DEXTER_HOME", "~/there")
    assert settings_here().home == tmp_path / "me" / "there"
    assert list(tmp_path.iterdir()) == []


def test_an_env_file_of_bytes_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"\xff\xfe\xa4")
    with pytest.raises(UnusableVariableError, match=r"\.env"):
        settings_here()


def test_a_fresh_home_answers_from_the_sample_and_says_how_far_it_is(
    tmp_path: Path,
) -> None:
    told: list[Progress] = []
    desk = open_desk(Settings(home=tmp_path), on_progress=told.append)
    desk.close()
    assert told
    assert all(0 <= p.done <= (p.total or p.done) for p in told)
    assert desk.market.name == SAMPLE
    assert desk.market.fictional
    assert desk.market.earliest is not None
    assert desk.market.latest is not None
    assert date(2020, 1, 1) < desk.market.earliest < desk.market.latest.date()
    told.clear()
    open_desk(Settings(home=tmp_path), on_progress=told.append).close()
    assert told == []


def test_looking_at_shelves_sets_nothing_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "home"))
    desk = open_shelves()
    assert desk.journals.runs() == ()
    assert not (tmp_path / "home").exists()
    assert (ROOT / "data" / "sample").is_dir()
