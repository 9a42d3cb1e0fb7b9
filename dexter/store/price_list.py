"""Which files of bars count, and in which order; no file is opened here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store.keeping import keep
from dexter.store.tables import meta, price_files

BARS_NOTE = "bars_file"
"""Names the file by symbol; in a home of the first schema it is all there is."""
CURRENT, OLD = "current", "old"
BY_SYMBOL, BY_SESSION, DAY = "by_symbol", "by_session", "day"


@dataclass(frozen=True, slots=True)
class PriceFile:
    """A file that counts; of two bars the one in the file of higher number does."""

    name: str
    layout: str
    first_day: date
    last_day: date
    rows: int
    number: int = 0


_COLUMNS = tuple(price_files.c[name] for name in PriceFile.__slots__)


def listed(connection: Connection) -> tuple[PriceFile, ...]:
    """The files that count, the latest last."""
    query = (
        sa.select(*_COLUMNS)
        .where(price_files.c.state == CURRENT)
        .order_by(price_files.c.number, price_files.c.name)
    )
    found = [PriceFile(*row) for row in connection.execute(query)]
    if not any(one.layout == BY_SYMBOL for one in found):
        found = [*_noted(connection), *found]
    return tuple(found)


def register(connection: Connection, files: Sequence[PriceFile]) -> None:
    """Make files count, after all that count already."""
    highest = connection.scalar(sa.select(sa.func.max(price_files.c.number))) or 0
    rows = [
        {
            "name": one.name,
            "number": highest + 1,
            "layout": one.layout,
            "first_day": one.first_day,
            "last_day": one.last_day,
            "rows": one.rows,
            "state": CURRENT,
        }
        for one in files
    ]
    keep(connection, price_files, rows)


def retire(connection: Connection, keeping: Collection[str]) -> None:
    """Let only the files that are to be kept count from now on."""
    gone = price_files.c.name.not_in(keeping)
    connection.execute(sa.update(price_files).where(gone).values(state=OLD))


def forget_retired(connection: Connection) -> set[str]:
    """Drop the rows of files that no longer count; the names that still do."""
    connection.execute(sa.delete(price_files).where(price_files.c.state == OLD))
    return set(connection.scalars(sa.select(price_files.c.name)))


def adopt(connection: Connection) -> None:
    """Register the file of a home of the first schema, known by its note alone."""
    known = sa.select(price_files.c.name).where(price_files.c.layout == BY_SYMBOL)
    if connection.scalar(known.limit(1)) is None:
        register(connection, _noted(connection))


def lock(connection: Connection) -> None:
    """Keep other writers out from here to the end of the transaction."""
    nothing = sa.update(price_files).where(sa.false())
    connection.execute(nothing.values(state=price_files.c.state))


def _noted(connection: Connection) -> list[PriceFile]:
    query = sa.select(meta.c.name, meta.c.value).where(meta.c.name.like("bars%"))
    notes: Mapping[str, str] = dict(connection.execute(query).all())
    name = notes.get(BARS_NOTE)
    if name is None:
        return []
    first, last = (
        date.fromisoformat(notes.get(f"bars_{end}", other.isoformat()))
        for end, other in (("from", date.min), ("to", date.max))
    )
    return [PriceFile(name, BY_SYMBOL, first, last, int(notes.get("bars_rows", 0)))]
