"""Homes that are damaged, full, read-only, oddly named, or not folders."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from dexter.console.terminal import plain
from dexter.domain.research import Report
from dexter.errors import DiskFullError
from dexter.journal.sqlite_writer import GroupWriter
from dexter.store.database import Database
from tests.cli.terminal import QUESTION, Terminal, failed_document, refused
from tests.cli.test_notice import RECIPIENT
from tests.homes import lent, shut

GARBAGE = b"\x00\x01 not a database \xff" * 500


def test_a_damaged_store_says_so(dexter: Terminal, home: Path) -> None:
    (home / "dexter.db").write_bytes(GARBAGE)
    said = dexter("ask", QUESTION)
    refused(said, 1)
    assert "dexter.dbisdamaged" in said.letters
    assert dexter("runs", "list").code == 0
    assert dexter("doctor", "--no-sources").code == 1


def test_an_answer_outlives_a_store_that_cannot_keep_its_head(
    dexter: Terminal, home: Path
) -> None:
    (home / "dexter.db").write_bytes(GARBAGE)
    said = dexter("ask", QUESTION, "--sample", "--json")
    document = failed_document(said, 1)
    assert f"dexter runs show {document['run_id']}" in document["hint"]
    shown = dexter("runs", "show", document["run_id"], "--json")
    assert shown.document["status"] == "answered"


@pytest.mark.parametrize("content", [GARBAGE, b"SQLite format 3\x00" + bytes(4000)])
def test_a_damaged_journal_is_an_integrity_failure(
    dexter: Terminal, home: Path, content: bytes
) -> None:
    (home / "journal.db").write_bytes(content)
    for line in (["ask", QUESTION], ["runs", "list"], ["runs", "verify", "x"]):
        said = dexter(*line)
        refused(said, 4)
        assert "journal.dbisdamaged" in said.letters
    assert (home / "journal.db").read_bytes().startswith(content[:16])


@pytest.mark.parametrize(
    "line",
    [
        ["ask", QUESTION],
        ["data", "sample"],
        ["data", "import", "."],
        ["doctor", "--no-sources"],
    ],
    ids=" ".join,
)
def test_a_home_that_is_a_file(
    dexter: Terminal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    line: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    monkeypatch.setenv("DEXTER_HOME", "taken")
    said = dexter(*line)
    assert said.code == 1
    assert "Traceback" not in said.err
    assert "Set DEXTER_HOME to a folder you own." in said.words + said.out
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


def test_a_home_that_cannot_be_written(
    dexter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write anywhere, so the refusal is put where the system would make it.
    make = os.mkdir

    def refuse(path: str, mode: int = 0o777, **options: int) -> None:
        if "locked" in str(path):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        make(path, mode, **options)

    monkeypatch.setattr(os, "mkdir", refuse)
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "locked"))
    for line in (["ask", QUESTION], ["data", "sample"]):
        said = dexter(*line)
        refused(said, 1)
        assert "Permission denied" in said.words
    assert dexter("doctor", "--no-sources").code == 1


@pytest.mark.parametrize("name", ["with space", "घर-ü", "'; --"])
def test_an_oddly_named_home(
    dexter: Terminal,
    sample_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    home = lent(sample_home, tmp_path / name)
    monkeypatch.setenv("DEXTER_HOME", str(home))
    document = dexter("ask", QUESTION, "--json").document
    assert dexter("runs", "verify", document["run_id"]).code == 0
    assert {p.name for p in tmp_path.iterdir()} == {name}


def test_a_home_is_one_place_from_every_folder(
    dexter: Terminal, sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent(sample_home, tmp_path / "h")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DEXTER_HOME", "~/h")
    for place in (tmp_path, tmp_path / "h"):
        monkeypatch.chdir(place)
        assert dexter("ask", "").code == 2
    assert len(dexter("runs", "list", "--json").document) == 2
    assert {p.name for p in tmp_path.iterdir()} == {"h"}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"DEXTER_MODEL=nonsense\n", "'nonsense' is not a model"),
        (b"DEXTER_BUDGET_USD_PER_RUN=lots\n", "DEXTER_BUDGET_USD_PER_RUN"),
        (b"\xff\xfe\x00 =\xa4", ".env"),
    ],
)
@pytest.mark.usefixtures("home")
def test_an_env_file_that_cannot_be_used(
    dexter: Terminal, content: bytes, word: str
) -> None:
    Path(".env").write_bytes(content)
    said = dexter("ask", QUESTION)
    refused(said, 2)
    assert word in said.words


@pytest.mark.parametrize("commits", [1, 3, 8])
def test_a_disk_that_fills_while_journalling_loses_nothing(
    dexter: Terminal, home: Path, monkeypatch: pytest.MonkeyPatch, commits: int
) -> None:
    commit = GroupWriter._commit
    left = [commits]

    def full(self: GroupWriter, group: Sequence[object]) -> None:
        if not left[0]:
            msg = "database or disk is full"
            raise sqlite3.OperationalError(msg)
        left[0] -= 1
        commit(self, group)  # type: ignore[arg-type]  # passed through

    with monkeypatch.context() as patched:
        patched.setattr(GroupWriter, "_commit", full)
        said = dexter("ask", QUESTION, "--json")
    document = failed_document(said, 1)
    assert "disk is full" in document["reason"]
    assert "runs resume" in document["hint"]
    (run,) = dexter("runs", "list", "--json").document
    assert (run["run_id"], run["status"]) == (document["run_id"], "interrupted")
    again = dexter("runs", "resume", run["run_id"], "--json")
    assert again.code == 0
    assert again.document["status"] == "answered"
    assert dexter("runs", "verify", run["run_id"]).code == 0
    assert dexter("runs", "replay", run["run_id"]).code == 0
    assert (home / "journal.db").is_file()


@pytest.mark.usefixtures("home")
def test_doctor_says_what_there_is(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-never-to-be-shown")
    said = dexter("doctor", "--no-sources", "--json")
    assert said.code == 0
    states = {p["name"]: p["state"] for p in said.document["probes"]}
    assert states["champion"] == "fine"
    assert states["data"] == "absent"
    assert states["openai"] == "fine"
    assert "never-to-be-shown" not in said.out + dexter("doctor", "--no-sources").out


def test_a_home_of_a_newer_dexter_is_not_damaged(dexter: Terminal, home: Path) -> None:
    Database.open(home).close()
    with closing(sqlite3.connect(home / "dexter.db")) as file:
        file.execute("UPDATE alembic_version SET version_num = '0099'")
        file.commit()
    for line in (["daily", "--offline"], ["alerts", "list"], ["data", "status"]):
        said = dexter(*line)
        refused(said, 2)
        assert "has schema 0099" in said.words
        assert "Install the dexter that wrote it" in said.words
        assert "damaged" not in said.words


def test_a_damaged_store_may_be_put_back_from_a_backup(
    dexter: Terminal, home: Path
) -> None:
    (home / "dexter.db").write_bytes(GARBAGE)
    assert "`dexter restore FILE --force`" in dexter("alerts", "list").words


@pytest.mark.usefixtures("home")
def test_a_full_disk_asks_for_the_command_again() -> None:
    hint = DiskFullError(Path("dexter.db"), "disk is full").hint
    assert "give the same command again" in hint


def test_a_home_that_may_not_be_written_is_looked_at(
    dexter: Terminal, kept: Path, told: Report
) -> None:
    Database.open(kept).close()
    (kept / "dexter.toml").write_text(RECIPIENT, "utf-8")
    for name in ("dexter.db", "journal.db"):
        shut(kept / name)
    for line in (
        ["alerts", "list"],
        ["alerts", "outbox"],
        ["alerts", "outcomes"],
        ["data", "status"],
        ["schedule", "status"],
        ["runs", "list"],
        ["runs", "show", told.run_id],
        ["backup", kept.parent / "b.tar.gz"],
    ):
        assert dexter(*line).code == 0, line
    said = dexter("alerts", "notice", "News", "--json")
    assert failed_document(said, 1)["hint"] == "Set DEXTER_HOME to a folder you own."


def test_doctor_on_a_home_that_is_no_folder(
    dexter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    monkeypatch.setenv("DEXTER_HOME", "taken")
    said = dexter("doctor", "--no-sources", "--json")
    probes = {p["name"]: p for p in said.document["probes"]}
    assert probes["home"]["detail"].endswith("taken is not a folder")
    assert probes["home"]["hint"] == "Set DEXTER_HOME to a folder you own."
    assert probes["disk"]["state"] == "absent"
    assert "Errno" not in said.out


@pytest.mark.parametrize(
    ("free", "state", "code"),
    [(2 * 10**9, "fine", 0), (9 * 10**8, "low", 0), (9 * 10**7, "broken", 1)],
)
@pytest.mark.usefixtures("home")
def test_doctor_looks_at_what_is_free(
    dexter: Terminal, monkeypatch: pytest.MonkeyPatch, free: int, state: str, code: int
) -> None:
    usage = SimpleNamespace(total=10**10, used=10**10 - free, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    said = dexter("doctor", "--no-sources", "--json")
    assert said.code == code
    disk = said.document["probes"][-1]
    assert (disk["name"], disk["state"]) == ("disk", state)
    assert f"{free // 10**6:,} MB free" in disk["detail"]
    assert bool(disk["hint"]) == (state != "fine")


def test_a_name_cannot_steer_the_terminal(
    dexter: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXTER_HOME", str(tmp_path / "\x1b[31mred\u202e"))
    said = dexter("backup", tmp_path / "b.tar.gz", "--json")
    assert "[31mred" in said.letters
    assert "\x1b[31mred\u202e" in failed_document(said, 2)["reason"]
    assert plain(said.out + said.err) == said.out + said.err
