"""``alerts notice`` puts news into the outbox, once."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipelines.commands.noticing import NothingToTellError, notice

RECIPIENT = """
[[recipients]]
name = "desk"
channel = "webhook"
to = "https://hook.example/x"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path))
    (tmp_path / "dexter.toml").write_text(RECIPIENT, "utf-8")
    return tmp_path


def tell(text: str | None = None, **told: str) -> None:
    known = {"key": told.get("key"), "unit": told.get("unit")}
    assert notice(text, **known, as_json_too=False) == 0


def letters(home: Path) -> list[tuple[str, str, str, str]]:
    with closing(sqlite3.connect(home / "dexter.db")) as db:
        query = "SELECT item, recipient, kind, body FROM outbox ORDER BY made_at"
        return db.execute(query).fetchall()


def test_a_unit_that_fails_all_day_is_told_once(home: Path) -> None:
    tell(unit="dexter-daily.service")
    tell(unit="dexter-daily.service")
    tell(unit="dexter-backup.service")
    first, second = letters(home)
    assert first[0].startswith("failed:dexter-daily.service:")
    assert first[1:3] == ("desk", "notice")
    assert "dexter-daily.service failed" in first[3]
    assert "journalctl -u dexter-daily.service" in first[3]
    assert second[0].startswith("failed:dexter-backup.service:")


def test_words_of_ones_own(home: Path) -> None:
    tell("The disk is nearly full.\n  Two days are left.\n")
    tell("The disk is full.", key="disk")
    tell("The disk is full, still.", key="disk")
    tell("x" * 500)
    first, second, third = letters(home)
    assert "Two days are left." in first[3]
    assert second[0] == "disk"
    assert "still" not in second[3]
    assert len(third[0]) <= 128


@pytest.mark.parametrize("text", [None, "", " \n "])
def test_nothing_to_tell(home: Path, text: str | None) -> None:
    with pytest.raises(NothingToTellError):
        tell(text)
    assert not (home / "dexter.db").exists()


def test_the_command_prints_one_document(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del home
    assert notice("News", key="k", unit=None, as_json_too=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["key"], document["letters"]) == ("k", 1)
    assert document["reason"] is None


def said(
    capsys: pytest.CaptureFixture[str], text: str | None = None, **told: str
) -> str:
    tell(text, **told)
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.usefixtures("home")
def test_what_was_told_before_is_not_said_to_be_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "✓ in the outbox: News" in said(capsys, "News", key="k")
    assert "already told under the key 'k'" in said(capsys, "Other news", key="k")


def test_nobody_to_tell(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "dexter.toml").unlink()
    assert "nobody to tell" in said(capsys, "News")
    assert letters(home) == []
    assert notice("News", key="k", unit=None, as_json_too=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["letters"] == 0
    assert "nobody to tell" in document["reason"]


def test_a_text_goes_along_with_a_unit(home: Path) -> None:
    tell("The disk is full.", unit="dexter-daily.service", key="mine")
    (letter,) = letters(home)
    assert letter[0] == "mine"
    assert "dexter-daily.service failed" in letter[3]
    assert "The disk is full." in letter[3]


def test_nothing_steers_the_terminal_of_who_reads_it(home: Path) -> None:
    tell("esc \x1b[31mred \u202ertl")
    tell("x", key="k\x1b[31m")
    first, second = letters(home)
    assert first[0].startswith("esc [31mred rtl:")
    assert "u001b" not in first[3]
    assert second[0] == "k[31m"
