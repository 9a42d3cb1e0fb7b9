"""A small home with something of everything, and ways to look at homes."""

import hashlib
import io
import sqlite3
import tarfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import sqlalchemy as sa

from dexter.domain.moment import IST
from dexter.store.database import Database
from dexter.store.documents import Documents
from dexter.store.price_files import append_session
from dexter.store.tables import imports, outbox
from pipelines.backup import manifest as manifests
from pipelines.backup.manifest import Kept, Manifest

TAKEN = datetime(2026, 1, 12, 21, 5, tzinfo=IST)
LATER = datetime(2026, 1, 13, 9, 0, tzinfo=IST)
DOCUMENT = b"%PDF-1.7 a filing %%EOF"
STATES = ("pending", "sending", "sent", "unknown", "dead")


def a_home(home: Path) -> Path:
    """A home with documents, bars, letters, a journal, spending and a model."""
    database = Database.open(home)
    with database.write() as connection:
        heard_of(connection, Documents(home).put(DOCUMENT))
        append_session(connection, home, date(2026, 1, 12), bars(date(2026, 1, 12)))
        connection.execute(sa.insert(outbox), [letter(state) for state in STATES])
    database.close()
    for name in ("journal.db", "spending.db", "sample/dexter.db"):
        write_rows(home / name, "one")
    write(home / "dexter.toml", b"[watch]\n")
    write(home / "models" / "index.jsonl", b'{"version": "m1"}\n')
    write(home / "models" / "m1" / "manifest.json", b"{}")
    write(home / "reports" / "2026-01-12.md", b"# A day\n")
    for left_out in ("cache/x", "incoming/y.pdf", "locks/r.lock", "outbox.lock"):
        write(home / left_out, b"not to be kept")
    for left_out in (".env", "dexter.db.before-0005", "prices/.part-day-1"):
        write(home / left_out, b"not to be kept")
    return home


def heard_of(connection: sa.Connection, sha256: str) -> None:
    """A row that speaks of a document."""
    row = {"sha256": sha256, "name": sha256, "kind": "pdf", "rows": 1, "state": "done"}
    connection.execute(sa.insert(imports), row)


def letter(state: str) -> dict[str, object]:
    """A row of the outbox in a state."""
    return {
        "item": f"alert-{state}",
        "version": 1,
        "channel": "telegram",
        "recipient": "desk",
        "kind": "alert",
        "priority": "high",
        "state": state,
        "attempts": 0,
        "repeats": 0,
        "made_at": TAKEN,
        "due_at": TAKEN,
        "unsure": state == "unknown",
        "body": "{}",
    }


def bars(day: date, close: float = 10.0) -> pa.Table:
    """The bars of a session of one company."""
    prices = {key: [close] for key in ("open", "high", "low", "close", "base")}
    return pa.table(
        {
            "canon": ["TCS"],
            "date": pa.array([day], pa.date32()),
            **prices,
            "volume": [100.0],
            "turnover": [1000.0],
            "fno": [False],
            "band": pa.array([0], pa.int8()),
        }
    )


def write(path: Path, content: bytes) -> None:
    """A file, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def write_rows(path: Path, *rows: str) -> None:
    """A small database in WAL mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE IF NOT EXISTS t (x TEXT)")
        db.executemany("INSERT INTO t VALUES (?)", [(row,) for row in rows])


def letters(home: Path) -> dict[str, tuple[str, bool]]:
    """State of every letter, and whether a try of it may have arrived."""
    with closing(sqlite3.connect(home / "dexter.db")) as db:
        rows = db.execute("SELECT item, state, unsure FROM outbox").fetchall()
    return {item: (state, bool(unsure)) for item, state, unsure in rows}


def names(home: Path) -> set[str]:
    """Files of a folder, without what SQLite keeps beside an open database."""
    found = (p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file())
    return {name for name in found if not name.endswith(("-wal", "-shm"))}


def fingerprint(home: Path) -> str:
    """Tells one home from another by what dexter.toml says."""
    return (home / "dexter.toml").read_text("utf-8")


def packed(
    path: Path, files: Mapping[str, bytes], manifest: Manifest | bytes | None = None
) -> Path:
    """A backup made by hand: files below ``home/`` and their manifest, by default."""
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            add(tar, f"home/{name}", content)
        told = manifest_of(files) if manifest is None else manifest
        text = told if isinstance(told, bytes) else told.text()
        add(tar, manifests.NAME, text)
    return path


def manifest_of(files: Mapping[str, bytes], **change: str) -> Manifest:
    """The manifest that is true of files."""
    kept = tuple(
        Kept(
            path=name,
            size=len(content),
            sha256=change.get(name) or hashlib.sha256(content).hexdigest(),
            database=name.endswith(".db"),
        )
        for name, content in files.items()
    )
    made_at = datetime(2026, 1, 12, 15, 35, tzinfo=UTC)
    return manifests.made(kept, made_at, "0.1.0", "5")


def add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """A plain member."""
    told = tarfile.TarInfo(name)
    told.size = len(content)
    tar.addfile(told, io.BytesIO(content))
