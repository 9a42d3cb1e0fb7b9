"""Writing rows once: what is already kept stays, or is replaced, by primary key."""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from dexter.store.identity import closed
from dexter.store.tables import renames

Row = Mapping[str, object]
_BATCH = 20_000


def keep_new(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert the rows whose key is not kept yet."""
    statement = insert_into(connection, table).on_conflict_do_nothing()
    for batch in _batches(rows):
        connection.execute(statement, batch)


def keep(connection: Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows; a row with the key of a kept one replaces it."""
    insert = insert_into(connection, table)
    values = {
        column.name: insert.excluded[column.name]
        for column in table.columns
        if not column.primary_key
    }
    statement = insert.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key], set_=values
    )
    for batch in _batches(rows):
        connection.execute(statement, batch)


def load_renames(connection: Connection) -> dict[str, str]:
    """Former ticker → latest ticker, chains followed to their end."""
    rows = connection.execute(sa.select(renames.c.old, renames.c.new))
    return closed({row.old: row.new for row in rows})


def move(connection: Connection, table: sa.Table, old: str, new: str) -> None:
    """Give the rows of a former ticker to the latest one; kept keys win."""
    which = table.c.symbol == old
    rows = connection.execute(sa.select(table).where(which)).mappings().all()
    if rows:
        connection.execute(sa.delete(table).where(which))
        keep_new(connection, table, [{**row, "symbol": new} for row in rows])


def insert_into(
    connection: Connection, table: sa.Table
) -> sqlite.Insert | postgresql.Insert:
    """An insert that may say what to do with a key that is kept already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), _BATCH):
        yield list(rows[start : start + _BATCH])
