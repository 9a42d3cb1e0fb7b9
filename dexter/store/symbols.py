"""Which symbol an ISIN traded under, on which exchange, from when to when.

A span told with another first day is a further row. Who renames a company closes the
span before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store.keeping import insert_into
from dexter.store.tables import symbol_history


@dataclass(frozen=True, slots=True)
class SymbolSpan:
    """A symbol of an ISIN from a day on, to a day (inclusive) or until further notice.

    ``known_at`` is when it was first told; null when nobody said.
    """

    isin: str
    exchange: str
    symbol: str
    from_day: date
    to_day: date | None = None
    known_at: datetime | None = None


def keep_symbols(connection: Connection, spans: Sequence[SymbolSpan]) -> None:
    """Keep spans; a known one keeps its earliest ``known_at`` and takes a new end."""
    statement = insert_into(connection, symbol_history)
    kept, new = symbol_history.c, statement.excluded
    upsert = statement.on_conflict_do_update(
        index_elements=["isin", "exchange", "symbol", "from_day"],
        set_={
            "to_day": sa.func.coalesce(new.to_day, kept.to_day),
            "known_at": sa.case(
                (kept.known_at.is_(None), new.known_at),
                (new.known_at < kept.known_at, new.known_at),
                else_=kept.known_at,
            ),
        },
    )
    rows = [
        {name: getattr(span, name) for name in SymbolSpan.__slots__} for span in spans
    ]
    if rows:
        connection.execute(upsert, rows)


def symbols_of(connection: Connection, isin: str) -> tuple[SymbolSpan, ...]:
    """Every symbol of an ISIN, by exchange and first day."""
    c = symbol_history.c
    query = sa.select(symbol_history).where(c.isin == isin)
    return _read(connection, query.order_by(c.exchange, c.from_day, c.symbol))


def symbol_on(
    connection: Connection, isin: str, exchange: str, day: date
) -> str | None:
    """The symbol an ISIN traded under on a day, or none known."""
    found = _on(connection, day, symbol_history.c.isin == isin, exchange)
    return found[-1].symbol if found else None


def isin_on(
    connection: Connection, symbol: str, exchange: str, day: date
) -> str | None:
    """The ISIN a symbol stood for on a day, or none known: symbols are used again."""
    found = _on(connection, day, symbol_history.c.symbol == symbol, exchange)
    return found[-1].isin if found else None


def _on(
    connection: Connection, day: date, which: sa.ColumnElement[bool], exchange: str
) -> tuple[SymbolSpan, ...]:
    c = symbol_history.c
    query = sa.select(symbol_history).where(
        which,
        c.exchange == exchange,
        c.from_day <= day,
        sa.or_(c.to_day.is_(None), c.to_day >= day),
    )
    return _read(connection, query.order_by(c.from_day, c.isin, c.symbol))


def _read(
    connection: Connection, query: sa.Select[*tuple[object, ...]]
) -> tuple[SymbolSpan, ...]:
    rows = connection.execute(query).mappings()
    return tuple(SymbolSpan(**row) for row in rows)
