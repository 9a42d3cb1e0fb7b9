"""Which document was public when: files matched to the exchanges' own lists."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.store import tables as t
from dexter.store.keeping import load_renames
from dexter.store.linking import plain_name

UNMATCHED = "no list of filings or announcements names this document"
_LEADING = re.compile(r"^([A-Z0-9&-]+)[_.]")


class Publication(NamedTuple):
    """The earliest list row that names a document."""

    published_at: datetime
    symbol: str
    url: str | None
    subject: str | None


def match_publications(connection: Connection, called: Mapping[str, str]) -> set[str]:
    """Give every kept document its publication time, URL and company.

    ``known_at`` is the broadcast or dissemination time of the list row that names the
    document (the earliest, when it was sent more than once); a document nobody names
    keeps null with its reason.

    Args:
        connection: Inside the transaction to write in.
        called: Plain company names to tickers, for documents no list names.

    Returns:
        Tickers whose documents changed.
    """
    listed = _listed(connection)
    renames = load_renames(connection)
    tickers = set(connection.scalars(sa.select(t.names.c.symbol).distinct()))
    tickers |= set(renames) | set(renames.values())
    touched: set[str] = set()
    for row in connection.execute(sa.select(t.filings)).mappings().all():
        found = listed.get(row["base_name"])
        symbol = found.symbol if found else _own(row, called, tickers)
        symbol = renames.get(symbol, symbol) if symbol else None
        values = {
            "symbol": symbol or None,
            "known_at": found.published_at if found else None,
            "known_at_reason": None if found else UNMATCHED,
            "url": found.url if found else None,
            "subject": found.subject if found else None,
        }
        if all(row[name] == value for name, value in values.items()):
            continue
        which = t.filings.c.sha256 == row["sha256"]
        connection.execute(sa.update(t.filings).where(which).values(**values))
        touched.update(s for s in (row["symbol"], symbol) if s)
    return touched


def _listed(connection: Connection) -> dict[str, Publication]:
    p = t.publications.c
    query = (
        sa.select(p.base_name, p.published_at, p.symbol, p.url, p.subject)
        .where(p.base_name.in_(sa.select(t.filings.c.base_name)))
        .order_by(p.published_at.desc(), p.source.desc(), p.symbol.desc())
    )
    return {
        row.base_name: Publication(row.published_at, row.symbol, row.url, row.subject)
        for row in connection.execute(query)
    }


def _own(row: RowMapping, called: Mapping[str, str], tickers: set[str]) -> str | None:
    """The company a document itself names: ticker, name, or its file name's start."""
    if row["own_symbol"]:
        return str(row["own_symbol"])
    if row["company"] and (symbol := called.get(plain_name(row["company"]))):
        return symbol
    leading = _LEADING.match(row["name"].rsplit("/", 1)[-1])
    return leading.group(1) if leading and leading.group(1) in tickers else None
