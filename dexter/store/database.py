"""One database file in a home folder: opened, checked, written in transactions."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from dexter.errors import (
    DiskFullError,
    HomeUnwritableError,
    StoreCorruptError,
    StoreError,
)
from dexter.journal.looking import address, refused
from dexter.store.schema import prepare
from dexter.store.tables import meta

DATABASE_FILE = "dexter.db"
_WAIT_SECONDS = 30
_AFTER = ("prices", "documents")


class Database:
    """The database of one home; safe to read while another process writes (WAL)."""

    def __init__(self, home: Path, engine: Engine, *, writable: bool = True) -> None:
        self.home = home
        self.engine = engine
        self.writable = writable

    @property
    def path(self) -> Path:
        """The database file."""
        return self.home / DATABASE_FILE

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open the database of a home, creating folder and tables when absent.

        A home of an earlier schema is brought up to this one first. One of this schema
        that may not be written is opened to be read.

        Raises:
            HomeUnwritableError: the folder cannot be made, or not written and there is
                nothing in it to be read.
            LaterHomeError: it is of a later schema.
            StoreCorruptError: the file is not a database, or was emptied.
            DiskFullError: no room to create it.
        """
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeUnwritableError(home, _why(error)) from error
        path = home / DATABASE_FILE
        _refuse_emptied(path)
        may_write = not path.exists() or os.access(path, os.W_OK)
        written = cls(home, _engine(path), writable=may_write)
        try:
            return written._prepared()
        except HomeUnwritableError:
            if not path.is_file():
                raise
        read = cls(home, _reading(path), writable=False)
        return read._prepared()

    def _prepared(self) -> Self:
        try:
            with self._guard():
                prepare(self.engine, self.path)
        except BaseException:
            self.close()
            raise
        return self

    def close(self) -> None:
        """Give the file back."""
        self.engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state."""
        with self._guard(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: all of it is kept, or nothing."""
        with self._guard(), self.engine.begin() as connection:
            yield connection

    def note(self, name: str) -> str | None:
        """A value kept under a name in ``meta``."""
        with self.read() as connection:
            return note(connection, name)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._ours(error) from error
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise DiskFullError(self.home, _why(error)) from error
            raise

    def _ours(self, error: DBAPIError) -> StoreError:
        why = str(error.orig)
        if "disk is full" in why or "disk I/O error" in why:
            return DiskFullError(self.path, why)
        if refused(why):
            return HomeUnwritableError(self.home, why)
        if isinstance(error, OperationalError) and "locked" in why:
            sentence = f"{self.path} is being written by another process."
            return StoreError(sentence, "Try again when it has finished.")
        if isinstance(error, DatabaseError):
            return StoreCorruptError(self.path, why)
        return StoreError(f"{self.path} refused an operation: {why}.")


def note(connection: Connection, name: str) -> str | None:
    """A value kept under a name in ``meta``."""
    return connection.scalar(sa.select(meta.c.value).where(meta.c.name == name))


def set_note(connection: Connection, name: str, value: str) -> None:
    """Keep a value under a name in ``meta``."""
    connection.execute(sa.delete(meta).where(meta.c.name == name))
    connection.execute(sa.insert(meta), {"name": name, "value": value})


def _engine(path: Path) -> Engine:
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False},
    )

    def settle(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # a DB-API object
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA cache_size=-32000")
        cursor.close()

    sa.event.listen(engine, "connect", settle)
    return engine


def _reading(path: Path) -> Engine:
    """For a home that may not be written: the last transaction, and nothing made."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            address(path), uri=True, timeout=_WAIT_SECONDS, check_same_thread=False
        )

    return sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool)


def _refuse_emptied(path: Path) -> None:
    """Bars and documents come after a database: beside them an empty one is none.

    An empty file alone is one that another process is about to fill.
    """
    if path.is_file() and not path.stat().st_size:
        kept = [name for name in _AFTER if any((path.parent / name).glob("*"))]
        if kept:
            why = f"it is empty, and {' and '.join(kept)} lie beside it"
            raise StoreCorruptError(path, why)


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
