"""Documents that were read, as filings: what was found in them decides.

Only figures that prove themselves, of a company and from a moment both known, are
scored; what else a document may be is said with its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.domain.daily import FilingState
from dexter.domain.filing import DocumentKind, Review
from dexter.domain.moment import IST
from dexter.store import tables as t
from pipelines.daily.proofs import Proven, of_quarter, preferred, proven_by
from pipelines.daily.rows import events_of, is_first, row_basis
from pipelines.daily.unit import Span, Unit, absence_id, document_id, row_id

_TOLD = frozenset((DocumentKind.RESULTS.value, DocumentKind.XBRL.value))
_CHUNK = 500


def papers(connection: Connection, span: Span) -> Sequence[RowMapping]:
    """Documents published in a span; those of unknown publication, first seen in it."""
    f, w = t.filings.c, t.wanted.c
    unknown = sa.select(w.sha256).where(
        w.sha256.is_not(None), w.seen_at >= span[0], w.seen_at < span[1]
    )
    query = sa.select(t.filings).where(
        sa.or_(
            sa.and_(f.known_at >= span[0], f.known_at < span[1]),
            sa.and_(f.known_at.is_(None), f.sha256.in_(unknown)),
        )
    )
    return connection.execute(query).mappings().all()


def documents(connection: Connection, kept: Sequence[RowMapping]) -> Iterator[Unit]:
    """Documents as filings."""
    for start in range(0, len(kept), _CHUNK):
        some = kept[start : start + _CHUNK]
        hashes = [row["sha256"] for row in some]
        addresses = _addresses(connection, hashes)
        proven: dict[str, list[Proven]] = {}
        for one in proven_by(connection, t.statements.c.sha256.in_(hashes)):
            proven.setdefault(one.sha256, []).append(one)
        for row in some:
            came = addresses.get(row["sha256"], ())
            yield _document(connection, row, came, proven.get(row["sha256"], ()))


def _addresses(
    connection: Connection, hashes: Sequence[str]
) -> Mapping[str, list[RowMapping]]:
    w = t.wanted.c
    found: dict[str, list[RowMapping]] = {}
    query = sa.select(w.sha256, w.symbol, w.url, w.seen_at).where(w.sha256.in_(hashes))
    for row in connection.execute(query).mappings():
        found.setdefault(row["sha256"], []).append(row)
    return found


def _document(
    connection: Connection,
    row: RowMapping,
    addresses: Sequence[RowMapping],
    proven: Sequence[Proven],
) -> Unit:
    seen = row["known_at"] or min(one["seen_at"] for one in addresses)
    unit = Unit(
        id=document_id(row["sha256"]),
        day=seen.astimezone(IST).date(),
        symbol=row["symbol"] or "",
        published_at=row["known_at"],
        name=row["name"],
        sha256=row["sha256"],
        stands_for=tuple(absence_id(one["symbol"], one["url"]) for one in addresses),
    )
    if not proven:
        return _unproven(unit, row)
    if not unit.symbol:
        return _doubtful(unit, "whose results these are is not known")
    if unit.published_at is None:
        why = row["known_at_reason"] or "nobody told"
        return _doubtful(unit, f"when these results were published is not known: {why}")
    return _scored(connection, unit, proven)


def _unproven(unit: Unit, row: RowMapping) -> Unit:
    kind, status, why = DocumentKind(row["kind"]), row["status"], row["reason"]
    if status == Review.REVIEW.value or kind is DocumentKind.NOT_A_DOCUMENT:
        return _doubtful(unit, why or "its statements do not prove themselves")
    if row["kind"] not in _TOLD:
        why = why or f"it is of the kind {kind.value.replace('_', ' ')}"
        return replace(unit, settled=FilingState.NOT_RESULTS, reason=why)
    if status == Review.ACCEPTED.value:
        why = "it has no column of a single quarter, which scores are made of"
    return replace(unit, settled=FilingState.NO_ALERT, reason=why or "it was rejected")


def _doubtful(unit: Unit, why: str) -> Unit:
    return replace(unit, settled=FilingState.REVIEW, reason=why)


def _scored(connection: Connection, unit: Unit, proven: Sequence[Proven]) -> Unit:
    """Which of its results is scored, and the how-manieth telling of them it is."""
    newest = max(one.quarter for one in proven)
    basis = preferred(one.basis for one in proven if one.quarter == newest)
    at = unit.published_at
    if at is None:
        raise ValueError(unit.id)
    before = {
        one.sha256
        for one in of_quarter(connection, unit.symbol, newest)
        if one.basis is basis
        and one.known_at is not None
        and (one.known_at, one.sha256) < (at, unit.sha256)
    }
    events = events_of(connection, unit.symbol, newest)
    covered = [e for e in events if row_basis(connection, e) is None]
    return replace(
        unit,
        quarter=newest,
        basis=basis,
        version=len(before) + 1,
        first=all(is_first(connection, at, event) for event in events),
        stands_for=(
            *unit.stands_for,
            *(row_id(unit.symbol, event["period_end"]) for event in covered),
        ),
    )
