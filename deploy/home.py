# ruff: noqa: INP001 - a script, copied where it is needed
"""What the installer does to a home: copies to rehearse on, and the way back.

Runs on a bare Python: neither the release that comes nor the one in force is trusted
to import.

    home.py rehearse HOME TO     a copy that an upgrade may be tried on
    home.py keep HOME TO         the database as it is now
    home.py put-back HOME FROM   the database as it was, with letters since
"""

import filecmp
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

DATABASE = "dexter.db"
# Where decisions and letters live, and what tells that a row was written again: an
# upgrade that mangles rows leaves that alone, so what it mangled is not carried over.
CARRIED = {
    "alerts": "sent_at",
    "day_filings": "decided_at",
    "days": "ended_at",
    "outbox": "tried_at",
}
LEFT_OUT = {"documents", "cache", "incoming", "locks", "reports"}
BUSY_SECONDS = 60


def rehearse(home: Path, to: Path) -> None:
    """Copy what a health check looks at; the large and immutable by hard link.

    The copy may be migrated and written: nothing in it is the home's own but content
    that is never written in place; and nobody else may look into it.
    """
    to.mkdir(parents=True, mode=0o700)
    if not home.is_dir():
        return
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home)
        if LEFT_OUT & set(name.parts[:-1]) or not path.is_file():
            continue
        copy = to / name
        if path.suffix == ".db":
            copy.parent.mkdir(parents=True, exist_ok=True)
            snapshot(path, copy)
        elif path.suffix == ".parquet":
            copy.parent.mkdir(parents=True, exist_ok=True)
            linked(path, copy)
        elif not path.name.endswith(("-wal", "-shm", ".lock", ".part")):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def linked(path: Path, copy: Path) -> None:
    """A second name for a file that never changes, or its copy on another disk."""
    try:
        copy.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, copy)


def keep(home: Path, to: Path) -> None:
    """Keep the database as it is now; whole under its name, or not there."""
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (home / DATABASE).is_file():
        part = to / f"{DATABASE}.part"
        part.unlink(missing_ok=True)
        snapshot(home / DATABASE, part)
        part.replace(to / DATABASE)


def snapshot(path: Path, copy: Path) -> None:
    """Copy a database as its last transaction left it, while others use it."""
    with opened(path) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def opened(path: Path) -> "closing[sqlite3.Connection]":
    """A database that is there."""
    if not path.is_file():
        raise FileNotFoundError(path)
    return closing(sqlite3.connect(path, timeout=BUSY_SECONDS))


def put_back(home: Path, kept: Path) -> str:
    """Give a home the database it had, if anything in it changed since.

    Decisions and letters written meanwhile are carried over. SQLite writes the home's
    file in one transaction: a kill leaves the one or the other.

    Returns:
        What was done, in words.
    """
    now, before, after = (
        home / DATABASE,
        kept / DATABASE,
        kept / f"{DATABASE}.after",
    )
    if not before.is_file():
        return "there was no database before"
    after.unlink(missing_ok=True)
    snapshot(now, after)
    if filecmp.cmp(after, before, shallow=False):
        after.unlink()
        return "nothing in the database had changed"
    work = kept / f"{DATABASE}.work"
    shutil.copyfile(before, work)
    carried = carry(after, work)
    with opened(work) as source, closing(sqlite3.connect(now)) as target:
        source.backup(target)
    work.unlink()
    return (
        f"the database as before the upgrade is back, with {carried} rows written "
        f"since; the other one is kept as {after}"
    )


def carry(newer: Path, older: Path) -> int:
    """Bring rows of decisions and letters into a database of an earlier schema."""
    carried = 0
    with opened(older) as db, db:
        db.execute("ATTACH ? AS newer", (str(newer),))
        for table, written in CARRIED.items():
            columns, key = shared(db, table)
            if key and written in columns:
                db.execute(_carrying(table, columns, key, written))
                carried += db.execute("SELECT changes()").fetchone()[0]
    return carried


def _carrying(table: str, columns: list[str], key: list[str], written: str) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    same = " AND ".join(f'old."{name}" IS new."{name}"' for name in [*key, written])
    return (
        f'INSERT OR REPLACE INTO main."{table}" ({names}) '  # noqa: S608 - SQLite's own names
        f'SELECT {names} FROM newer."{table}" AS new WHERE NOT EXISTS '
        f'(SELECT 1 FROM main."{table}" AS old WHERE {same})'
    )


def shared(db: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """Columns a table has in both databases, and those of its key."""
    query = "SELECT name, pk FROM pragma_table_info(?, ?)"
    there = {name for name, _ in db.execute(query, (table, "newer"))}
    ours = list(db.execute(query, (table, "main")))
    columns = [name for name, _ in ours if name in there]
    key = [name for name, place in ours if place]
    return columns, key if set(key) <= there else []


def main(what: str, home: Path, other: Path) -> None:
    """One of the commands above."""
    if what == "rehearse":
        rehearse(home, other)
    elif what == "keep":
        keep(home, other)
    elif what == "put-back":
        sys.stdout.write(f"{put_back(home, other)}\n")
    else:
        sys.exit(f"home.py knows no {what!r}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
