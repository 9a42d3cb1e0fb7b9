"""The filings of some days as they are kept: each a unit of its own, with its verdict.

A unit is a document by its bytes; results that came as a row before any document told
them are one each, too; and so is a document that was announced and did not come.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from dexter.domain.daily import FilingState
from dexter.domain.moment import IST, span_of
from dexter.store.database import Database
from pipelines.daily.absences import absences
from pipelines.daily.documents import documents, papers
from pipelines.daily.rows import listed
from pipelines.daily.unit import Unit, document_id, row_id

__all__ = ["Unit", "document_id", "row_id", "units_of"]

# Documents that may hold the results a list speaks of, as far as can be seen.
_MAY_HOLD = (FilingState.REVIEW, FilingState.NO_DOCUMENT, FilingState.NO_ALERT)


def units_of(
    database: Database, first: date, last: date, final: Container[str] = frozenset()
) -> tuple[Unit, ...]:
    """Every filing published between two days, both included, by publication.

    Args:
        database: The home's.
        first: IST day.
        last: IST day.
        final: Ids of filings that need no look any more; they are left out.

    Raises:
        StoreError: the database does not read.
    """
    span = span_of(first, last)
    with database.read() as connection:
        kept = [p for p in papers(connection, span) if _open(p["sha256"], final)]
        absent, unread = absences(connection, span)
        others = [*documents(connection, kept), *absent]
        doubtful = {one.symbol for one in others if one.settled in _MAY_HOLD}
        rows, waiting = listed(connection, span, doubtful | unread, final)
    found = (*(_standing(one, waiting) for one in others), *rows)
    mine = [one for one in found if first <= one.day <= last and one.id not in final]
    late = datetime.max.replace(tzinfo=IST)
    return tuple(sorted(mine, key=lambda u: (u.published_at or late, u.symbol, u.id)))


def _open(sha256: str, final: Container[str]) -> bool:
    return document_id(sha256) not in final


def _standing(unit: Unit, waiting: Mapping[str, Sequence[str]]) -> Unit:
    """With the rows of a list of which nothing is said because of it."""
    if unit.settled not in _MAY_HOLD or unit.symbol not in waiting:
        return unit
    return replace(unit, stands_for=(*unit.stands_for, *waiting[unit.symbol]))
