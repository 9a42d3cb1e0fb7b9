"""A home is copied while it is in use, whole, and without what must not be in it."""

import hashlib
import json
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import BinaryIO

import pytest

from dexter.errors import StoreCorruptError
from dexter.store.database import Database
from dexter.store.documents import Documents
from dexter.store.price_files import compact
from pipelines.backup.copying import still
from pipelines.backup.refusals import RestlessFileError
from pipelines.backup.restoring import restore
from pipelines.backup.taking import Taken, take
from pipelines.ingest.report import OnProgress, Progress, silent
from tests.homes import shut
from tests.pipelines.backup_scenes import (
    DOCUMENT,
    LATER,
    TAKEN,
    a_home,
    heard_of,
    names,
    packed,
    write,
    write_rows,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return a_home(tmp_path / "home")


def taken(home: Path, file: Path, tell: OnProgress = silent) -> Taken:
    return take(home, file, TAKEN, dexter="0.1.0", on_progress=tell)


@pytest.mark.parametrize("name", ["b.tar.gz", "b.tgz", "b"])
def test_what_comes_back_is_what_was_there(
    home: Path, tmp_path: Path, name: str
) -> None:
    done = taken(home, tmp_path / "far" / name)
    back = restore(done.file, tmp_path / "back", LATER).home
    left_out = {".env", "dexter.db.before-0005", "prices/.part-day-1", "outbox.lock"}
    left_out |= {"cache/x", "incoming/y.pdf", "locks/r.lock"}
    assert names(back) == names(home) - left_out
    for path in names(back):
        if not path.endswith(".db"):
            assert (back / path).read_bytes() == (home / path).read_bytes()
    assert Documents(back).read(hashlib.sha256(DOCUMENT).hexdigest()) == DOCUMENT
    assert [p.name for p in (tmp_path / "far").iterdir()] == [name]


def test_the_manifest_says_what_is_in_it(home: Path, tmp_path: Path) -> None:
    done = taken(home, tmp_path / "b")
    said = json.loads((tmp_path / "b" / "MANIFEST.json").read_text("utf-8"))
    assert said["schema_version"] == "5"
    assert {f["path"] for f in said["files"] if f["database"]} == {
        "dexter.db",
        "journal.db",
        "spending.db",
        "sample/dexter.db",
    }
    for told in said["files"]:
        content = (tmp_path / "b" / "home" / told["path"]).read_bytes()
        assert told["size"] == len(content)
        assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert done.manifest.size == sum(told["size"] for told in said["files"])


def test_nobody_else_may_read_it(home: Path, tmp_path: Path) -> None:
    assert taken(home, tmp_path / "b.tar.gz").file.stat().st_mode & 0o077 == 0
    assert taken(home, tmp_path / "b").file.stat().st_mode & 0o077 == 0


def test_what_an_open_writer_has_not_checkpointed_is_in_it(
    home: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(home / "journal.db")) as busy:
        busy.execute("PRAGMA wal_autocheckpoint=0")
        with busy:
            busy.execute("INSERT INTO t VALUES ('only in the log')")
        busy.execute("INSERT INTO t VALUES ('not committed')")
        done = taken(home, tmp_path / "b")
    copy = done.file / "home" / "journal.db"
    with closing(sqlite3.connect(copy)) as db:
        rows = [row[0] for row in db.execute("SELECT x FROM t")]
    assert rows == ["one", "only in the log"]
    assert not copy.with_name("journal.db-wal").exists()


def test_a_backup_under_way_never_points_at_what_it_lacks(
    home: Path, tmp_path: Path
) -> None:
    """Documents come in all the while; the journal runs ahead of the store."""
    done, number = threading.Event(), 0
    database = Database.open(home)

    def work() -> None:
        nonlocal number
        while not done.is_set():
            number += 1
            sha256 = Documents(home).put(b"filing %d" % number)
            write_rows(home / "journal.db", sha256)
            with database.write() as connection:
                heard_of(connection, sha256)

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for name in ("1", "2.tar.gz", "3"):
            taken(home, tmp_path / name)
    finally:
        done.set()
        writer.join()
        database.close()
    assert number > 1
    for name in ("1", "2.tar.gz", "3"):
        back = restore(tmp_path / name, tmp_path / f"back-{name}", LATER).home
        told = heard(back / "dexter.db", "SELECT sha256 FROM imports")
        assert all(Documents(back).has(sha256) for sha256 in told)
        recorded = heard(back / "journal.db", "SELECT x FROM t")
        assert told - {hashlib.sha256(DOCUMENT).hexdigest()} <= recorded


def test_whatever_comes_between_two_files_is_whole_or_not_in_it(
    home: Path, tmp_path: Path
) -> None:
    """After each file a document, a run and a model come; none is named and missing."""
    write(home / "models" / "aliases.jsonl", b"")
    database = Database.open(home)

    def come(told: Progress) -> None:
        sha256 = Documents(home).put(b"filing %d" % told.done)
        write_rows(home / "journal.db", sha256)
        with database.write() as connection:
            heard_of(connection, sha256)
        write(home / "models" / f"x{told.done}" / "manifest.json", b"{}")
        with (home / "models" / "index.jsonl").open("a") as lines:
            lines.write(f"x{told.done}\n")

    done = taken(home, tmp_path / "b", come)
    database.close()
    copy = done.file / "home"
    told = heard(copy / "dexter.db", "SELECT sha256 FROM imports")
    assert all(Documents(copy).has(sha256) for sha256 in told)
    recorded = heard(copy / "journal.db", "SELECT x FROM t")
    assert told - {hashlib.sha256(DOCUMENT).hexdigest()} <= recorded
    models = (copy / "models" / "index.jsonl").read_text("utf-8").split()[2:]
    assert "x5" in models
    assert all((copy / "models" / name).is_dir() for name in models)


def heard(path: Path, query: str) -> set[str]:
    with closing(sqlite3.connect(path)) as db:
        return {row[0] for row in db.execute(query)}


def test_bars_merged_away_while_they_are_copied(home: Path, tmp_path: Path) -> None:
    """The copied store names files that two merges took away: it is taken again."""
    merges = 0

    def merge(told: Progress) -> None:
        nonlocal merges
        if told.done != 1 or merges:
            return
        merges += 1
        database = Database.open(home)
        with database.write() as connection:
            compact(connection, home)
        with database.write() as connection:
            rewrite_again(home)
            del connection
        database.close()

    done = taken(home, tmp_path / "b", merge)
    assert merges == 1
    kept = {f.path for f in done.manifest.files if f.path.startswith("prices/")}
    named = heard(
        done.file / "home" / "dexter.db",
        "SELECT 'prices/' || name FROM price_files WHERE state = 'current'",
    )
    assert named
    assert named <= kept


def rewrite_again(home: Path) -> None:
    """What the next merge does to files that no longer count."""
    with closing(sqlite3.connect(home / "dexter.db")) as db:
        query = "SELECT name FROM price_files WHERE state = 'current'"
        current = {row[0] for row in db.execute(query)}
    for path in (home / "prices").glob("*.parquet"):
        if path.name not in current:
            path.unlink()


def test_bars_that_are_lost_are_said(home: Path, tmp_path: Path) -> None:
    (lost,) = (home / "prices").glob("*.parquet")
    lost.unlink()
    with pytest.raises(StoreCorruptError, match=lost.name):
        taken(home, tmp_path / "b.tar.gz")
    assert not list(tmp_path.glob("*b.tar.gz*"))


class Growing:
    """A copy during which the original grows, a few times."""

    def __init__(self, to: BinaryIO, path: Path, times: int) -> None:
        self._to, self._path, self._left = to, path, times

    def write(self, block: bytes) -> int:
        if self._left:
            self._left -= 1
            with self._path.open("ab") as file:
                file.write(b"more\n")
        return self._to.write(block)

    def __getattr__(self, name: str) -> object:
        return getattr(self._to, name)


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_file_written_while_it_is_copied_is_copied_again(
    tmp_path: Path, times: int
) -> None:
    write(tmp_path / "log", b"first\n")
    with (tmp_path / "copy").open("w+b") as to:
        spool = Growing(to, tmp_path / "log", times)
        size, sha256 = still(tmp_path / "log", spool)  # type: ignore[arg-type]  # stands in
        content = to.read()
    assert content == (tmp_path / "log").read_bytes()
    assert (size, sha256) == (len(content), hashlib.sha256(content).hexdigest())


class Rewriting(Growing):
    """A copy during which the original is written over, no longer than before."""

    def write(self, block: bytes) -> int:
        written = self._to.write(block)
        if self._left:
            self._left -= 1
            self._path.write_bytes(b"other\n")
            os.utime(self._path, ns=(1, 1))  # a clock too coarse would hide it
        return written


def test_a_file_written_over_while_it_is_copied_is_copied_again(tmp_path: Path) -> None:
    write(tmp_path / "log", b"first\n")
    with (tmp_path / "copy").open("w+b") as to:
        spool = Rewriting(to, tmp_path / "log", 1)
        _, sha256 = still(tmp_path / "log", spool)  # type: ignore[arg-type]  # stands in
        content = to.read()
    assert content == b"other\n"
    assert sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_that_never_stands_still_is_said(tmp_path: Path) -> None:
    write(tmp_path / "log", b"first\n")
    with (tmp_path / "copy").open("w+b") as to:
        spool = Growing(to, tmp_path / "log", 100)
        with pytest.raises(RestlessFileError, match="log"):
            still(tmp_path / "log", spool)  # type: ignore[arg-type]  # stands in


def test_a_folder_on_another_disk_is_followed_and_no_circle(
    home: Path, tmp_path: Path
) -> None:
    shutil.move(home / "reports", tmp_path / "disk")
    (home / "reports").symlink_to(tmp_path / "disk")
    (home / "models" / "round").symlink_to(home)
    done = taken(home, tmp_path / "b")
    kept = {f.path for f in done.manifest.files}
    assert "reports/2026-01-12.md" in kept
    assert not any(name.startswith("models/round") for name in kept)


def test_a_backup_made_by_hand_is_one(tmp_path: Path) -> None:
    """What the tests of refusals make differs from a backup in one thing each."""
    file = packed(tmp_path / "b.tar.gz", {"dexter.toml": b"x", "reports/a.md": b"y"})
    assert names(restore(file, tmp_path / "home", LATER).home) == {
        "dexter.toml",
        "reports/a.md",
    }


def test_bars_of_the_day_are_what_is_tested(home: Path) -> None:
    """The home of these tests names bars, or the merge tests would prove nothing."""
    assert date(2026, 1, 12).isoformat() in heard(
        home / "dexter.db", "SELECT first_day FROM price_files"
    )


def test_a_home_that_may_not_be_written_is_copied(home: Path, tmp_path: Path) -> None:
    found = [path for path in names(home) if path.endswith(".db")]
    for name in found:
        with closing(sqlite3.connect(home / name)) as db:
            db.execute("PRAGMA journal_mode=WAL")
        shut(home / name)
    done = taken(home, tmp_path / "b")
    copied = {one.path for one in done.manifest.files if one.database}
    assert copied == set(found)
