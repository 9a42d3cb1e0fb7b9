"""``dexter backup`` and ``dexter restore`` as a person meets them."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal, failed_document, refused
from tests.pipelines.backup_scenes import a_home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DEXTER_TELEGRAM_TOKEN", "123:never-to-be-shown")
    monkeypatch.chdir(tmp_path)
    return a_home(tmp_path / "home")


def test_there_and_back(home: Path, dexter: Terminal, tmp_path: Path) -> None:
    kept = dexter("backup", "b.tar.gz", "--json").document
    assert kept["file"] == str(tmp_path / "b.tar.gz")
    assert kept["schema_version"] == "5"
    assert kept["databases"][:2] == ["dexter.db", "journal.db"]
    assert kept["holds_secrets"] is False
    assert kept["made_at"].endswith("+05:30")
    refused(dexter("restore", "b.tar.gz"), 2)
    back = dexter("restore", "b.tar.gz", "--force", "--json").document
    assert back["home"] == str(home)
    assert Path(back["aside"]).is_dir()
    assert back["may_repeat"] == 2
    assert (back["files"], back["bytes"]) == (kept["files"], kept["bytes"])


def test_in_words(home: Path, dexter: Terminal) -> None:
    said = dexter("backup", "b")
    assert said.code == 0
    words = " ".join(said.out.split())
    assert "dexter.db, journal.db" in words
    assert "Keys, tokens and passwords are not in it" in words
    said = dexter("restore", "b", "--force")
    words = " ".join(said.out.split())
    assert "2 letters were to go out" in words
    assert f"{home}.aside-" in "".join(said.out.split())


def test_no_secret_of_the_environment_is_in_it(
    home: Path, dexter: Terminal, tmp_path: Path
) -> None:
    (home / ".env").write_text("DEXTER_TELEGRAM_TOKEN=123:never-to-be-shown\n")
    assert dexter("backup", "b").code == 0
    found = [p for p in (tmp_path / "b").rglob("*") if p.is_file()]
    assert found
    assert not any(b"never-to-be-shown" in p.read_bytes() for p in found)


def test_refusals(home: Path, dexter: Terminal, tmp_path: Path) -> None:
    refused(dexter("backup", home / "b.tar.gz"), 2)
    (tmp_path / "b.tar.gz").write_bytes(b"mine")
    refused(dexter("backup", "b.tar.gz"), 2)
    document = failed_document(dexter("restore", "b.tar.gz", "--force", "--json"), 4)
    assert "does not unpack" in document["reason"]
    assert (home / "dexter.db").is_file()
