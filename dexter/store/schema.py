"""The schema of a home brought up to this dexter's, whole or not at all.

A home of today is recognised by a note and two small reads: Alembic, which takes half a
second to import, is loaded only for a home of an earlier schema.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from dexter.errors import DiskFullError, HomeUnwritableError, LaterHomeError
from dexter.store.tables import SCHEMA_VERSION, meta, metadata

REVISION = f"{SCHEMA_VERSION:04d}"
_NOTE = "schema_version"
_MIGRATIONS = Path(__file__).parent / "migrations"
# Alembic's own table, which may not be asked for without importing it.
_revisions = sa.table("alembic_version", sa.column("version_num", sa.String(32)))
_VERSION_TABLE = (
    "CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL,"
    " CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)


class Standing(NamedTuple):
    """What a home says of its schema: the note, Alembic's revision, its tables."""

    version: str | None
    revision: str | None
    whole: bool

    @property
    def current(self) -> bool:
        """Whether it is the schema of this dexter."""
        return self.noted and self.whole

    @property
    def noted(self) -> bool:
        """Whether it says so, though somebody may have dropped a table."""
        return (self.version, self.revision) == (str(SCHEMA_VERSION), REVISION)

    @property
    def later(self) -> str | None:
        """The schema of a home this dexter is too old for, or none."""
        if self.version is not None and self.version not in _KNOWN:
            return self.version
        if self.revision is not None and self.revision not in _REVISIONS:
            return self.revision
        return None


_KNOWN = {str(number) for number in range(1, SCHEMA_VERSION + 1)}
_REVISIONS = {f"{number:04d}" for number in range(1, SCHEMA_VERSION + 1)}


def prepare(engine: Engine, path: Path) -> None:
    """Create the tables of a new home, or bring those of an old one up to date.

    Of several processes that open a home at once one does it; the others wait. Before
    an old home is changed its database is copied beside it.

    Raises:
        LaterHomeError: the home is of a later dexter.
    """
    with engine.connect() as connection:
        standing = _standing(connection)
    if not standing.current:
        _refuse_later(path, standing)
        with _alone(engine) as connection:
            _bring_up(connection, path)


def before(path: Path) -> Path:
    """Where the database as it was before this schema is kept."""
    return path.with_name(f"{path.name}.before-{REVISION}")


def _bring_up(connection: Connection, path: Path) -> None:
    # Asked again: another process may have done it while this one waited.
    standing = _standing(connection)
    _refuse_later(path, standing)
    if standing.current:
        return
    if standing.noted:
        metadata.create_all(connection)
        return
    if standing.version is None:
        metadata.create_all(connection)
        connection.exec_driver_sql(_VERSION_TABLE)
        connection.execute(sa.delete(_revisions))
        connection.execute(sa.insert(_revisions), {"version_num": REVISION})
    else:
        _copy(path, before(path))
        _upgrade(connection)
    connection.execute(sa.delete(meta).where(meta.c.name == _NOTE))
    connection.execute(sa.insert(meta), {"name": _NOTE, "value": str(SCHEMA_VERSION)})


def _standing(connection: Connection) -> Standing:
    tables = set(sa.inspect(connection).get_table_names())
    note = sa.select(meta.c.value).where(meta.c.name == _NOTE)
    return Standing(
        connection.scalar(note) if meta.name in tables else None,
        connection.scalar(sa.select(_revisions.c.version_num))
        if _revisions.name in tables
        else None,
        metadata.tables.keys() <= tables,
    )


def _refuse_later(path: Path, standing: Standing) -> None:
    if standing.later is not None:
        raise LaterHomeError(path, standing.later, SCHEMA_VERSION)


def _upgrade(connection: Connection) -> None:
    """Run the missing revisions in the transaction of a connection.

    A home without a revision is of the first schema. Its early dexters added tables as
    they came, so the first revision is run rather than only noted: it creates what is
    not there.
    """
    from alembic import command  # noqa: PLC0415 - only an old home pays for it
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    # A per cent sign in the path would be read as a reference.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


def _copy(path: Path, copy: Path) -> None:
    """Keep a database as it is now, with what its write-ahead log holds."""
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(path)) as source,
            closing(sqlite3.connect(part)) as to,
        ):
            source.backup(to)
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        if "full" in str(error):
            raise DiskFullError(part, str(error)) from error
        raise HomeUnwritableError(part, str(error)) from error
    part.replace(copy)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A write transaction from its first statement on.

    sqlite3 begins one by itself only before rows change; tables made before that would
    stay when the rest fails.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection
