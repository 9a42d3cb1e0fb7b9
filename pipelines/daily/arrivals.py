"""Documents whose absence was noted, and that came after all, or were given up."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.daily import FilingState
from dexter.domain.moment import span_of
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.days import DayBook, forget_absences
from dexter.store.wanted import Want
from pipelines.daily.absences import NOT_YET
from pipelines.daily.unit import absence_id, document_id

_ABSENT = (FilingState.NO_DOCUMENT.value, FilingState.REVIEW.value)


@dataclass(frozen=True, slots=True)
class _News:
    """An absence by its id and day; the id of the document that came, if it did."""

    absence: str
    day: date
    document: str | None


def welcome(database: Database, since: date) -> frozenset[date]:
    """Forget absences of documents that are filings by now.

    The same document comes by several addresses, and one of them may be days late: by
    then it is decided, and nobody would forget that the address had been empty.

    Args:
        database: The home's.
        since: The earliest day of an absence that is looked at.

    Returns:
        The days of absences of which something new is to be said: the document came
        and is not decided yet, or it is waited for no longer.

    Raises:
        StoreError: the database cannot be read or written.
    """
    with database.read() as connection:
        news = list(_news(connection, since))
    came = [one.document for one in news if one.document is not None]
    decided = DayBook(database).find(came)
    known = [one.absence for one in news if one.document in decided]
    if known:
        with database.write() as connection:
            forget_absences(connection, known)
    return frozenset(one.day for one in news if one.document not in decided)


def _news(connection: Connection, since: date) -> Iterator[_News]:
    f, w = t.day_filings.c, t.wanted.c
    query = sa.select(f.id, f.day, f.reason).where(
        f.day >= since, f.state.in_(_ABSENT), f.id.contains("-url-")
    )
    noted = {row.id: row for row in connection.execute(query)}
    if not noted:
        return
    moment = sa.func.coalesce(w.known_at, w.seen_at)
    days = [row.day for row in noted.values()]
    opens, closes = span_of(min(days), max(days))
    settled = sa.select(w.symbol, w.url, w.sha256).where(
        w.state != Want.WANTED.value, moment >= opens, moment < closes
    )
    for row in connection.execute(settled):
        absence = absence_id(row.symbol, row.url)
        if absence not in noted:
            continue
        day, said = noted[absence].day, noted[absence].reason or ""
        if row.sha256 is not None:
            yield _News(absence, day, document_id(row.sha256))
        elif said.startswith(NOT_YET):
            yield _News(absence, day, None)
