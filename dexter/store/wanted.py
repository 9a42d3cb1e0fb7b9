"""Documents that announcements name and that are still to be fetched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store.keeping import Row, insert_into
from dexter.store.tables import wanted


class Want(StrEnum):
    """Where a document stands."""

    WANTED = "wanted"
    KEPT = "kept"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document by its address, for the company that filed it.

    ``seen_at`` is when dexter first heard of it, ``known_at`` the earliest time an
    exchange published it (null when no list told). ``symbol`` may be empty: unknown.
    """

    url: str
    symbol: str
    kind: str
    seen_at: datetime
    known_at: datetime | None
    state: Want = Want.WANTED
    sha256: str | None = None
    attempts: int = 0
    tried_at: datetime | None = None
    reason: str | None = None


def want(connection: Connection, documents: Sequence[Wanted]) -> None:
    """Note documents to fetch.

    One that is known keeps its state; of two publication times the earlier stays.
    """
    rows: list[Row] = [
        {
            "url": one.url,
            "symbol": one.symbol,
            "kind": one.kind,
            "seen_at": one.seen_at,
            "known_at": one.known_at,
            "state": one.state.value,
            "sha256": one.sha256,
            "attempts": one.attempts,
            "tried_at": one.tried_at,
            "reason": one.reason,
        }
        for one in documents
    ]
    statement = insert_into(connection, wanted)
    new = statement.excluded
    earlier = {
        name: sa.case(
            (wanted.c[name].is_(None), new[name]),
            (new[name] < wanted.c[name], new[name]),
            else_=wanted.c[name],
        )
        for name in ("known_at", "seen_at")
    }
    upsert = statement.on_conflict_do_update(
        index_elements=["url", "symbol"], set_=earlier
    )
    if rows:
        connection.execute(upsert, rows)


def tried_document(
    connection: Connection,
    url: str,
    state: Want,
    at: datetime,
    *,
    sha256: str | None = None,
    reason: str | None = None,
) -> None:
    """Note how fetching an address ended, for every company it was announced for."""
    connection.execute(
        sa.update(wanted)
        .where(wanted.c.url == url)
        .values(
            state=state.value,
            sha256=sha256,
            reason=reason,
            tried_at=at,
            attempts=wanted.c.attempts + 1,
        )
    )


def still_wanted(
    connection: Connection, limit: int | None = None
) -> tuple[Wanted, ...]:
    """Documents to fetch, the newest publication first, those of unknown time last."""
    c = wanted.c
    query = (
        sa.select(wanted)
        .where(c.state == Want.WANTED.value)
        .order_by(c.known_at.is_(None), c.known_at.desc(), c.url, c.symbol)
        .limit(limit)
    )
    return _read(connection, query)


def documents_of(connection: Connection, symbol: str) -> tuple[Wanted, ...]:
    """Every document announced for a company, by publication time and address."""
    c = wanted.c
    query = sa.select(wanted).where(c.symbol == symbol)
    return _read(connection, query.order_by(c.known_at, c.url))


def wanted_counts(connection: Connection) -> dict[Want, int]:
    """How many addresses are in each state."""
    c = wanted.c
    query = sa.select(c.state, sa.func.count(c.url.distinct())).group_by(c.state)
    found: dict[str, int] = dict(connection.execute(query).all())
    return {state: found.get(state.value, 0) for state in Want}


def _read(
    connection: Connection, query: sa.Select[*tuple[object, ...]]
) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(**{**row, "state": Want(row["state"])})
        for row in connection.execute(query).mappings()
    )
