"""Homes of every age open as homes of today, and none is ever left half changed."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from dexter.errors import DiskFullError, LaterHomeError
from dexter.store import schema
from dexter.store.database import DATABASE_FILE, Database
from dexter.store.tables import metadata
from tests.conftest import ROOT

FIRST = Path(__file__).with_name("schema_1.sql")
_OPEN = """
import sys
from pathlib import Path
from dexter.store.database import Database
Database.open(Path(sys.argv[1])).close()
print("alembic" in sys.modules)
"""
_KILLED = """
import os, signal, sys
from pathlib import Path
from dexter.store import schema
from dexter.store.database import Database
import sqlite3
from alembic.operations import Operations

left = int(sys.argv[2])

def count(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

import sqlalchemy as sa
sa.event.listen(sa.Engine, "before_cursor_execute", lambda *_: count())
Database.open(Path(sys.argv[1])).close()
"""


def old_home(home: Path, *, without: str | None = None) -> Path:
    """A home as the first dexter left it, with one document heard of."""
    home.mkdir(parents=True)
    with closing(sqlite3.connect(home / DATABASE_FILE)) as file:
        file.executescript(FIRST.read_text(encoding="utf-8"))
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("INSERT INTO sessions VALUES ('2025-02-17')")
        if without:
            file.execute(f"DROP TABLE {without}")
        file.commit()
    return home


def shape(path: Path) -> dict[str, object]:
    """Every table of a file: columns with their types, keys and indices."""
    engine = sa.create_engine(f"sqlite:///{path}")
    found: dict[str, object] = {}
    looked = sa.inspect(engine)
    for table in looked.get_table_names():
        columns = [
            (c["name"], str(c["type"]), c["nullable"], c["default"])
            for c in looked.get_columns(table)
        ]
        keys = looked.get_pk_constraint(table)["constrained_columns"]
        indices = sorted(
            (str(i["name"]), tuple(i["column_names"]), i["unique"])
            for i in looked.get_indexes(table)
        )
        found[table] = (columns, keys, indices)
    engine.dispose()
    return found


def said(path: Path) -> tuple[str | None, str | None]:
    """The note and the revision of a file."""
    with closing(sqlite3.connect(path)) as file:
        tables = {row[0] for row in file.execute("SELECT name FROM sqlite_master")}
        note = file.execute("SELECT value FROM meta WHERE name = 'schema_version'")
        version = note.fetchone()
        revision = None
        if "alembic_version" in tables:
            row = file.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = row[0] if row else None
        return version[0] if version else None, revision


def days(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[0] for row in file.execute("SELECT day FROM sessions")]


def opened(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", _OPEN, str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )


def test_the_first_revision_is_the_first_schema(tmp_path: Path) -> None:
    home = old_home(tmp_path / "old")
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(schema._MIGRATIONS))
        command.upgrade(config, "0001")
    engine.dispose()
    made = shape(tmp_path / "made.db")
    del made["alembic_version"]
    assert made == shape(home / DATABASE_FILE)


def test_a_new_home_is_what_the_revisions_make(tmp_path: Path) -> None:
    Database.open(tmp_path / "new").close()
    Database.open(old_home(tmp_path / "old")).close()
    new, old = (tmp_path / name / DATABASE_FILE for name in ("new", "old"))
    assert shape(new) == shape(old)
    assert set(shape(new)) == {*metadata.tables, "alembic_version"}
    assert said(new) == said(old) == ("5", "0005")


def test_an_old_home_keeps_its_rows_and_a_copy(tmp_path: Path) -> None:
    home = old_home(tmp_path / "home")
    Database.open(home).close()
    assert days(home / DATABASE_FILE) == ["2025-02-17"]
    copy = home / "dexter.db.before-0005"
    assert said(copy) == ("1", None)
    assert days(copy) == ["2025-02-17"]
    assert sorted(p.name for p in home.iterdir()) == [DATABASE_FILE, copy.name]


def test_a_table_an_early_home_lacks_is_added(tmp_path: Path) -> None:
    home = old_home(tmp_path / "home", without="reviews")
    Database.open(home).close()
    Database.open(tmp_path / "new").close()
    assert shape(home / DATABASE_FILE) == shape(tmp_path / "new" / DATABASE_FILE)


def test_a_home_of_today_is_opened_without_alembic(tmp_path: Path) -> None:
    assert opened(tmp_path / "home").stdout.strip() == "False", "made at once"
    assert opened(tmp_path / "home").stdout.strip() == "False"
    assert opened(old_home(tmp_path / "old")).stdout.strip() == "True"
    assert opened(tmp_path / "old").stdout.strip() == "False"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE meta SET value = '6' WHERE name = 'schema_version'",
        "UPDATE alembic_version SET version_num = '0006'",
    ],
)
def test_a_home_of_a_later_dexter_is_left_alone(tmp_path: Path, change: str) -> None:
    Database.open(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as file:
        file.execute(change)
        file.commit()
    before = (tmp_path / DATABASE_FILE).read_bytes()
    with pytest.raises(LaterHomeError, match=r"schema 0*6, this dexter reads 5"):
        Database.open(tmp_path)
    assert (tmp_path / DATABASE_FILE).read_bytes() == before


def test_a_failed_upgrade_leaves_the_old_schema(tmp_path: Path) -> None:
    home = old_home(tmp_path / "home", without="reviews")
    was = shape(home / DATABASE_FILE)

    def refuse(*arguments: object) -> None:
        if "CREATE TABLE price_files" in str(arguments[2]):
            raise KeyboardInterrupt

    sa.event.listen(sa.Engine, "before_cursor_execute", refuse)
    try:
        with pytest.raises(KeyboardInterrupt):
            Database.open(home)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", refuse)
    assert shape(home / DATABASE_FILE) == was
    assert said(home / DATABASE_FILE) == ("1", None)
    Database.open(home).close()
    assert said(home / DATABASE_FILE) == ("5", "0005")


def test_a_disk_without_room_for_the_copy_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = old_home(tmp_path / "home")
    was = shape(home / DATABASE_FILE)

    def full(_path: Path, copy: Path) -> None:
        raise DiskFullError(copy, "database or disk is full")

    monkeypatch.setattr(schema, "_copy", full)
    with pytest.raises(DiskFullError):
        Database.open(home)
    assert shape(home / DATABASE_FILE) == was


@pytest.mark.parametrize("old", [True, False], ids=["old", "new"])
def test_a_killed_opening_leaves_one_schema_or_the_other(
    tmp_path: Path, *, old: bool
) -> None:
    """Killed before its nth statement, wherever that falls."""
    Database.open(tmp_path / "whole").close()
    whole = shape(tmp_path / "whole" / DATABASE_FILE)
    ended = []
    for statement in (4, 14, 38):
        home = tmp_path / f"home-{statement}"
        if old:
            old_home(home)
        first = shape(home / DATABASE_FILE) if old else {}
        done = subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", _KILLED, str(home), str(statement)],
            cwd=ROOT,
            check=False,
        )
        ended.append(done.returncode)
        assert shape(home / DATABASE_FILE) in (first, whole)
        Database.open(home).close()
        assert shape(home / DATABASE_FILE) == whole
    assert -signal.SIGKILL in ended


@pytest.mark.parametrize("old", [True, False], ids=["old", "new"])
def test_many_may_open_a_home_at_once(tmp_path: Path, *, old: bool) -> None:
    home = tmp_path / "home"
    if old:
        old_home(home)
    others = [
        subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", _OPEN, str(home)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    faults = [one.communicate(timeout=60)[1] for one in others]
    assert [one.returncode for one in others] == [0] * len(others), faults
    Database.open(tmp_path / "whole").close()
    whole = shape(tmp_path / "whole" / DATABASE_FILE)
    assert shape(home / DATABASE_FILE) == whole
