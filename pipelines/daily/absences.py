"""Documents that were announced and did not come, or came and cannot be read."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.domain.daily import FilingState
from dexter.domain.moment import IST
from dexter.store import tables as t
from dexter.store.wanted import Want
from pipelines.daily.names import Names
from pipelines.daily.unit import Span, Unit, absence_id, document_id

NOT_YET = "it has not come yet"
_SAID = {
    Want.WANTED.value: NOT_YET,
    Want.REFUSED.value: "what came in its place is no document",
    Want.GONE.value: "the exchange does not have it",
}


def absences(
    connection: Connection, span: Span
) -> tuple[tuple[Unit, ...], frozenset[str]]:
    """Announced documents that are not kept, or kept and could not be read.

    Args:
        connection: To read by.
        span: When they were published, or first seen where nobody told.

    Returns:
        Them; and the companies of whom a document is still to be read.
    """
    w, names = t.wanted.c, Names.of(connection)
    moment = sa.func.coalesce(w.known_at, w.seen_at)
    read = sa.select(t.filings.c.sha256)
    query = sa.select(t.wanted).where(
        moment >= span[0],
        moment < span[1],
        sa.or_(w.sha256.is_(None), w.sha256.not_in(read)),
    )
    found = connection.execute(query).mappings().all()
    unread = {names(one["symbol"]) for one in found if _to_be_read(one)}
    absent = [_absent(one, names) for one in found if one["sha256"] is None]
    broken: dict[str, list[RowMapping]] = {}
    for one in found:
        if one["sha256"] is not None and not _to_be_read(one):
            broken.setdefault(one["sha256"], []).append(one)
    absent += [_broken(sha256, rows, names) for sha256, rows in broken.items()]
    return tuple(absent), frozenset(unread)


def _to_be_read(row: RowMapping) -> bool:
    kept: bool = row["state"] == Want.KEPT.value
    return kept and row["reason"] is None


def _absent(row: RowMapping, names: Names) -> Unit:
    said = _SAID[row["state"]]
    return Unit(
        id=absence_id(row["symbol"], row["url"]),
        day=_moment(row).astimezone(IST).date(),
        symbol=names(row["symbol"]),
        published_at=row["known_at"],
        settled=FilingState.NO_DOCUMENT,
        reason=f"{said}: {row['reason']}" if row["reason"] else said,
        name=_name(row),
    )


def _broken(sha256: str, rows: Sequence[RowMapping], names: Names) -> Unit:
    """A document that cannot be read: one by its bytes, whatever its addresses."""
    first = min(rows, key=_moment)
    return Unit(
        id=document_id(sha256),
        day=_moment(first).astimezone(IST).date(),
        symbol=names(first["symbol"]),
        published_at=first["known_at"],
        settled=FilingState.REVIEW,
        reason="the document cannot be read",
        name=_name(first),
        sha256=sha256,
        stands_for=tuple(absence_id(one["symbol"], one["url"]) for one in rows),
    )


def _moment(row: RowMapping) -> datetime:
    moment: datetime = row["known_at"] or row["seen_at"]
    return moment


def _name(row: RowMapping) -> str:
    return str(row["url"]).rsplit("/", 1)[-1]
