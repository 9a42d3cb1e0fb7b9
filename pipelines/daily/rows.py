"""Results that came as a row of a list, before any document told them."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.domain.daily import FilingState
from dexter.domain.filing import Basis, Review
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.store import tables as t
from pipelines.daily.proofs import of_quarter, preferred
from pipelines.daily.unit import Span, Unit, row_id

Row = RowMapping | Mapping[str, Any]
Results = set[tuple[str, Quarter]]
SAME = timedelta(minutes=1)
"""A row and a document no further apart are one publication: lists round times."""


def listed(
    connection: Connection,
    span: Span,
    awaited: Container[str],
    final: Container[str],
) -> tuple[list[Unit], Mapping[str, Sequence[str]]]:
    """Results of a span that no document told as early.

    Args:
        connection: To read by.
        span: When they became public.
        awaited: Companies of whom documents came, or are to come: of results without
            figures of theirs nothing is said yet.
        final: Ids of filings that need no look any more.

    Returns:
        The filings; and the ids, by company, of those of which nothing is said.
    """
    e = t.events.c
    within = sa.and_(e.published_at >= span[0], e.published_at < span[1])
    events = connection.execute(sa.select(t.events).where(within)).mappings().all()
    having, told = _having_figures(connection, within), _told(connection, within)
    late = {one.id: one for one in _came_later(connection, span)}
    units = [one for one in late.values() if one.id not in final]
    waiting: defaultdict[str, list[str]] = defaultdict(list)
    for event in events:
        unit, quarter = _unit(event), _quarter(event)
        if unit.id in final or unit.id in late:
            continue
        figures = (unit.symbol, quarter) in having
        basis = row_basis(connection, event) if figures else None
        if basis is not None:
            units.append(replace(unit, quarter=quarter, basis=basis))
        elif unit.symbol in awaited:
            waiting[unit.symbol].append(unit.id)
        elif (unit.symbol, quarter) not in told:
            why = "the exchange lists these results, and no document or figures came"
            units.append(replace(unit, settled=FilingState.NO_DOCUMENT, reason=why))
    return units, waiting


def _having_figures(connection: Connection, within: sa.ColumnElement[bool]) -> Results:
    """Results with rows of figures, of companies that some events are of."""
    e, f = t.events.c, t.figures.c
    query = (
        sa.select(f.symbol, f.period_end)
        .join(t.events, e.symbol == f.symbol)
        .where(within, f.known_at <= e.published_at)
    )
    return _results(connection, query)


def _told(connection: Connection, within: sa.ColumnElement[bool]) -> Results:
    """Results that documents tell, of companies that some events are of."""
    e, f, s = t.events.c, t.filings.c, t.statements.c
    query = (
        sa.select(f.symbol, s.period_end)
        .join(t.statements, s.sha256 == f.sha256)
        .join(t.events, e.symbol == f.symbol)
        .where(within, s.status == Review.ACCEPTED.value, s.period_end.is_not(None))
    )
    return _results(connection, query)


def _results(connection: Connection, query: sa.Select[Any]) -> Results:
    rows = connection.execute(query.distinct())
    return {(symbol, Quarter.containing(end)) for symbol, end in rows}


def _came_later(connection: Connection, span: Span) -> Iterator[Unit]:
    """Results listed without figures whose figures became public in a span.

    Each is scored as of its figures: before them nobody could have scored it.
    """
    e, f = t.events.c, t.figures.c
    query = (
        sa.select(t.events, f.basis.label("told"), f.published_at.label("told_at"))
        .join(t.figures, sa.and_(f.symbol == e.symbol, f.period_end == e.period_end))
        .where(f.published_at >= span[0], f.published_at < span[1])
        .where(f.published_at > e.published_at)
        .order_by(f.published_at, f.basis.desc())
    )
    seen: set[str] = set()
    for row in connection.execute(query).mappings().all():
        event = {**row, "published_at": row["told_at"]}
        unit = _unit(event)
        if unit.id in seen or figured(connection, row) is not None:
            continue
        basis = row_basis(connection, event)
        if basis is not None and basis is Basis(row["told"]):
            seen.add(unit.id)
            yield replace(unit, quarter=_quarter(event), basis=basis)


def events_of(
    connection: Connection, symbol: str, quarter: Quarter
) -> Sequence[RowMapping]:
    """When a company's results of a quarter first became public, as far as known."""
    e = t.events.c
    query = sa.select(t.events).where(
        e.symbol == symbol, e.period_end.between(quarter.start, quarter.end)
    )
    return connection.execute(query).mappings().all()


def row_basis(connection: Connection, event: Row) -> Basis | None:
    """The basis a row's own figures are scored on.

    None where it has none, or where a document tells the results as early as the row.
    """
    basis = figured(connection, event)
    if basis is None:
        return None
    proven = of_quarter(connection, event["symbol"], _quarter(event))
    late = event["published_at"] + SAME
    told = any(one.known_at is not None and one.known_at < late for one in proven)
    return None if told else basis


def figured(connection: Connection, event: Row) -> Basis | None:
    """The basis of a row's figures that scores are made of; none where it has none."""
    f, quarter = t.figures.c, _quarter(event)
    query = sa.select(f.basis).where(
        f.symbol == event["symbol"],
        f.period_end.between(quarter.start, quarter.end),
        f.known_at <= event["published_at"],
    )
    return preferred(map(Basis, connection.scalars(query)))


def is_first(connection: Connection, at: datetime, event: Row) -> bool:
    """Whether a document of a moment is the first publication of an event's results.

    Where a row has figures it may be older by the part of a second lists leave out:
    it is scored with them then.
    """
    told: datetime = event["published_at"]
    return at <= told or (at < told + SAME and figured(connection, event) is not None)


def _quarter(event: Row) -> Quarter:
    return Quarter.containing(event["period_end"])


def _unit(event: Row) -> Unit:
    return Unit(
        id=row_id(event["symbol"], event["period_end"]),
        day=event["published_at"].astimezone(IST).date(),
        symbol=event["symbol"],
        published_at=event["published_at"],
        name=event["source"],
    )
