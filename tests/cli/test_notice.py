"""``alerts notice`` puts news into the outbox, once."""

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
    assert '"key": "k"' in capsys.readouterr().out
