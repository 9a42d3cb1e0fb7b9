"""One database file in a home folder: opened, checked, written in transactions."""

import errno
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
from dexter.store.schema import prepare
from dexter.store.tables import meta

DATABASE_FILE = "dexter.db"
_WAIT_SECONDS = 30


class Database:
    """The database of one home; safe to read while another process writes (WAL)."""

    def __init__(self, home: Path, engine: Engine) -> None:
        self.home = home
        self.engine = engine

    @property
    def path(self) -> Path:
        """The database file."""
        return self.home / DATABASE_FILE

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open the database of a home, creating folder and tables when absent.

        A home of an earlier schema is brought up to this one first.

        Raises:
            HomeUnwritableError: the folder cannot be made or written.
            StoreCorruptError: the file is not a database, or of a later schema.
            DiskFullError: no room to create it.
        """
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeUnwritableError(home, _why(error)) from error
        database = cls(home, _engine(home / DATABASE_FILE))
        try:
            with database._guard():
                prepare(database.engine, database.path)
        except BaseException:
            database.close()
            raise
        return database

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
        if "readonly" in why or "unable to open" in why:
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


def _why(error: OSError) -> str:
    return error.strerror or type(error).__name__
