import hashlib
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from dexter.domain.research import JournalHead
from dexter.errors import (
    DiskFullError,
    HomeUnwritableError,
    LaterHomeError,
    StoreCorruptError,
    StoreError,
)
from dexter.store import tables as t
from dexter.store.database import Database, set_note
from dexter.store.documents import Documents
from dexter.store.identity import closed
from dexter.store.runs import RunHeads
from tests.homes import shut


def test_a_file_that_is_no_database_is_named_damaged(tmp_path: Path) -> None:
    (tmp_path / "dexter.db").write_bytes(b"SQLite? no, a shopping list" * 100)
    with pytest.raises(StoreCorruptError, match=r"dexter\.db is damaged"):
        Database.open(tmp_path)


def test_a_later_schema_is_refused(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with database.write() as connection:
        set_note(connection, "schema_version", "999")
    database.close()
    with pytest.raises(LaterHomeError, match="schema 999") as told:
        Database.open(tmp_path)
    assert told.value.exit_code == 2
    assert "Install the dexter that wrote it" in told.value.hint


@pytest.mark.parametrize("beside", ["prices/a.parquet", "documents/ab/abc"])
def test_a_database_that_was_emptied_is_damaged(tmp_path: Path, beside: str) -> None:
    (tmp_path / beside).parent.mkdir(parents=True)
    (tmp_path / beside).write_bytes(b"x")
    (tmp_path / "dexter.db").touch()
    with pytest.raises(StoreCorruptError, match="it is empty") as told:
        Database.open(tmp_path)
    assert "dexter restore" in told.value.hint
    assert (tmp_path / "dexter.db").stat().st_size == 0


def test_an_empty_file_alone_becomes_a_home(tmp_path: Path) -> None:
    (tmp_path / "dexter.db").touch()
    Database.open(tmp_path).close()
    assert (tmp_path / "dexter.db").stat().st_size


def test_a_home_that_may_not_be_written_is_read(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with database.write() as connection:
        set_note(connection, "said", "before")
    database.close()
    shut(tmp_path / "dexter.db")
    read = Database.open(tmp_path)
    assert (read.writable, read.note("said")) == (False, "before")
    with (
        pytest.raises(HomeUnwritableError, match="readonly"),
        read.write() as connection,
    ):
        set_note(connection, "said", "after")
    read.close()


def test_a_log_without_its_index_is_not_left_out(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with database.write() as connection:
        set_note(connection, "said", "in the log alone")
    log = (tmp_path / "dexter.db-wal").read_bytes()
    database.close()
    shut(tmp_path / "dexter.db")
    (tmp_path / "dexter.db-wal").write_bytes(log)
    with pytest.raises(HomeUnwritableError):
        Database.open(tmp_path)


def test_an_old_home_that_may_not_be_written_is_refused(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    with database.write() as connection:
        set_note(connection, "schema_version", "1")
    database.close()
    shut(tmp_path / "dexter.db")
    with pytest.raises(HomeUnwritableError):
        Database.open(tmp_path)


def test_a_home_that_is_a_file_is_unwritable(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(HomeUnwritableError, match="cannot be written"):
        Database.open(tmp_path / "home")


def test_a_full_disk_is_said_and_nothing_half_is_kept(database: Database) -> None:
    with database.write() as connection:
        set_note(connection, "before", "kept")

    def fill() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            set_note(connection, "after", "x" * 10_000_000)

    with pytest.raises(DiskFullError):
        fill()
    assert database.note("before") == "kept"
    assert database.note("after") is None


def test_a_locked_database_is_not_called_damaged(database: Database) -> None:
    busy = sqlite3.OperationalError("database is locked")

    def locked() -> None:
        with database.write():
            raise sa.exc.OperationalError(None, None, busy)

    with pytest.raises(StoreError, match="being written by another process"):
        locked()


def test_an_interrupted_transaction_leaves_nothing(database: Database) -> None:
    def stopped() -> None:
        with database.write() as connection:
            set_note(connection, "half", "done")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert database.note("half") is None


def test_moments_sort_as_text(database: Database) -> None:
    column = t.meta.c.name
    assert t.written(t.read_moment("2025-01-01T09:00:00.000000+05:30")).startswith(
        "2025-01-01T09:00:00"
    )
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count(column))) == 1


def test_documents_are_kept_by_what_they_say(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    sha256 = documents.put(b"results")
    assert sha256 == hashlib.sha256(b"results").hexdigest()
    assert documents.put(b"results") == sha256
    assert documents.read(sha256) == b"results"
    assert documents.read("0" * 64) is None
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [documents.path(sha256)]


def test_a_changed_document_is_not_handed_out(tmp_path: Path) -> None:
    documents = Documents(tmp_path)
    sha256 = documents.put(b"profit 12")
    documents.path(sha256).write_bytes(b"profit 21")
    with pytest.raises(StoreCorruptError, match="does not have its hash"):
        documents.read(sha256)


def test_a_failed_write_leaves_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DiskFullError, match="No space left"):
        Documents(tmp_path).put(b"results")
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_heads_of_runs_outlive_the_journal(database: Database) -> None:
    heads = RunHeads(database)
    assert heads.head("run-1") is None
    heads.save_head("run-1", JournalHead(7, "aa"), None)
    heads.save_head("run-1", JournalHead(9, "bb"), "cc")
    assert heads.head("run-1") == JournalHead(9, "bb")
    assert heads.report_sha256("run-1") == "cc"


@pytest.mark.parametrize(
    ("changes", "ends"),
    [
        ({"A": "B", "B": "C"}, {"A": "C", "B": "C"}),
        ({"A": "A"}, {}),
        ({"A": "B", "B": "A"}, {"A": "B", "B": "A"}),
    ],
)
def test_renames_are_followed_to_their_end(
    changes: dict[str, str], ends: dict[str, str]
) -> None:
    assert closed(changes) == ends
