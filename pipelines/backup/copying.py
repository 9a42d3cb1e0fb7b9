"""One file, or one database, as it is at one moment."""

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import quote

from dexter.errors import DiskFullError, StoreCorruptError, StoreError
from dexter.journal.looking import address, refused
from dexter.journal.sqlite_writer import foreign
from pipelines.backup.refusals import RestlessFileError

JOURNAL_FILE = "journal.db"
_TRIES = 5
_BLOCK = 1 << 20
_BUSY_SECONDS = 30


class Writable(Protocol):
    """Takes bytes."""

    def write(self, block: bytes, /) -> int:
        """Write some; how many."""
        ...


class GoneError(Exception):
    """A file that was there a moment ago: whoever owns it took it away."""


def still(path: Path, spool: BinaryIO) -> tuple[int, str]:
    """Copy a file that may be written meanwhile: as it was before or after, whole.

    Args:
        path: The file.
        spool: Where to, from its beginning; anything longer in it is cut off.

    Returns:
        How many bytes, and their sha256.

    Raises:
        GoneError: it is no longer there.
        RestlessFileError: it changed each time.
    """
    for _ in range(_TRIES):
        try:
            with path.open("rb") as source:
                before = os.fstat(source.fileno())
                spool.seek(0)
                # No further than it was long, or what grows fast is never read.
                size, digest = poured(source, spool, before.st_size)
                after = os.fstat(source.fileno())
        except FileNotFoundError:
            raise GoneError from None
        if _mark(before) == _mark(after) and size == after.st_size:
            spool.truncate(size)
            spool.seek(0)
            return size, digest
    raise RestlessFileError(path)


def poured(
    source: BinaryIO, to: Writable | None, most: int = sys.maxsize
) -> tuple[int, str]:
    """Copy to the end, or so many bytes; how many it were, and their sha256."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(min(_BLOCK, most - size)):
        digest.update(block)
        size += len(block)
        if to is not None:
            to.write(block)
    return size, digest.hexdigest()


def snapshot(path: Path, copy: Path) -> None:
    """Copy a database as one transaction left it, with what its log holds.

    Writers go on. The copy is one file, without a log beside it.

    Raises:
        GoneError: it is no longer there.
        StoreCorruptError: it is no database.
        IntegrityError: it is the journal, and none.
        DiskFullError: no room for the copy.
        StoreError: it cannot be read.
    """
    if not path.exists():
        raise GoneError
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _opened(path) as source, closing(sqlite3.connect(copy)) as to:
            source.backup(to)
            to.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        why = str(error)
        if "full" in why:
            raise DiskFullError(copy, why) from error
        # Its subclasses speak of use; the class itself of what the file holds.
        if type(error) is sqlite3.DatabaseError:
            if path.name == JOURNAL_FILE:
                raise foreign(error, path) from error
            raise StoreCorruptError(path, why) from error
        sentence = f"{path} cannot be copied: {why}."
        raise StoreError(sentence, "Try again; the home is as it was.") from error


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    # Never made by being asked for.
    db = _connected(f"file:{quote(str(path))}?mode=rw")
    try:
        db.execute("PRAGMA schema_version")
    except sqlite3.OperationalError as error:
        db.close()
        if not refused(str(error)):
            raise
        db = _connected(address(path))
    with closing(db):
        yield db


def _connected(where: str) -> sqlite3.Connection:
    return sqlite3.connect(where, uri=True, timeout=_BUSY_SECONDS)


def _mark(told: os.stat_result) -> tuple[int, int]:
    return told.st_size, told.st_mtime_ns
