"""Documents whose absence was noted, and that came after all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.daily import FilingState
from dexter.domain.moment import IST
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.days import DayBook, forget_absences
from pipelines.daily.unit import absence_id, document_id

_ABSENT = (FilingState.NO_DOCUMENT.value, FilingState.REVIEW.value)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An absence by its id and day, and the id the document goes by as a filing."""

    absence: str
    day: date
    document: str


def welcome(database: Database, since: date) -> frozenset[date]:
    """Forget absences of documents that are filings by now.

    The same document comes by several addresses, and one of them may be days late: by
    then it is decided, and nobody would forget that the address had been empty.

    Args:
        database: The home's.
        since: The earliest day of an absence that is looked at.

    Returns:
        The days of documents that came and are not decided yet.

    Raises:
        StoreError: the database cannot be read or written.
    """
    with database.read() as connection:
        came = list(_came(connection, since))
    decided = DayBook(database).find(one.document for one in came)
    known = [one.absence for one in came if one.document in decided]
    if known:
        with database.write() as connection:
            forget_absences(connection, known)
    return frozenset(one.day for one in came if one.document not in decided)


def _came(connection: Connection, since: date) -> Iterator[_Arrival]:
    f, w = t.day_filings.c, t.wanted.c
    query = sa.select(f.id, f.day).where(
        f.day >= since, f.state.in_(_ABSENT), f.id.contains("-url-")
    )
    noted: dict[str, date] = dict(connection.execute(query).all())
    if not noted:
        return
    moment = sa.func.coalesce(w.known_at, w.seen_at)
    opens, closes = _span(sorted(noted.values()))
    kept = sa.select(w.symbol, w.url, w.sha256).where(
        w.sha256.is_not(None), moment >= opens, moment < closes
    )
    for row in connection.execute(kept):
        absence = absence_id(row.symbol, row.url)
        if absence in noted:
            yield _Arrival(absence, noted[absence], document_id(row.sha256))


def _span(days: Sequence[date]) -> tuple[datetime, datetime]:
    after = days[-1] + timedelta(days=1)
    return (
        datetime.combine(days[0], time.min, IST),
        datetime.combine(after, time.min, IST),
    )
