"""Figures two filings give differently: kept beside both, instead of neither."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.engine import Connection

from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter
from dexter.domain.reconciliation import Difference, DifferenceKind
from dexter.domain.run import StatementRecord
from dexter.store import tables as t
from dexter.store.keeping import Row, keep


@cache
def _adapter() -> TypeAdapter[Difference]:
    return TypeAdapter(Difference)


def replace_differences(
    connection: Connection,
    symbol: str,
    differences: Sequence[Difference],
    *,
    compared: int,
) -> None:
    """Keep what the audit of a company found, in place of what it found before."""
    forget_differences(connection, symbol)
    rows: list[Row] = [
        {
            "symbol": symbol,
            "basis": one.basis.value,
            "period_end": one.period_end,
            "months": one.months,
            "item": one.item.value,
            "first_sha256": one.first.sha256,
            "second_sha256": one.second.sha256,
            "kind": one.kind.value,
            "body": _adapter().dump_json(one).decode(),
        }
        for one in differences
    ]
    keep(connection, t.conflicts, rows)
    agreed = compared - len(differences)
    counts: Row = {"symbol": symbol, "compared": compared, "agreed": agreed}
    keep(connection, t.audits, [counts])


def forget_differences(connection: Connection, symbol: str) -> None:
    """Drop what the audit of a company found."""
    for table in (t.conflicts, t.audits):
        connection.execute(sa.delete(table).where(table.c.symbol == symbol))


def differences_of(
    connection: Connection, symbol: str, as_of: AsOf, quarter: Quarter | None = None
) -> tuple[Difference, ...]:
    """A company's differences of which both sides are visible, oldest period first."""
    c = t.conflicts.c
    query = (
        sa.select(c.body)
        .where(c.symbol == symbol)
        .order_by(c.period_end, c.basis, c.months, c.item, c.second_sha256)
    )
    if quarter is not None:
        query = query.where(c.period_end.between(quarter.start, quarter.end))
    found = map(_adapter().validate_json, connection.scalars(query))
    return tuple(
        one
        for one in found
        if as_of.sees(one.first.known_at) and as_of.sees(one.second.known_at)
    )


def beside(
    record: StatementRecord, differences: Sequence[Difference]
) -> StatementRecord:
    """A statement with those of the differences it is a side of."""
    sha256, basis = record.filing.sha256, record.statement.basis
    mine = tuple(
        one
        for one in differences
        if one.basis is basis and sha256 in {one.first.sha256, one.second.sha256}
    )
    return replace(record, differences=mine) if mine else record


def counts(connection: Connection) -> dict[str, int]:
    """Pairs of figures compared, those that agree, and the rest by kind."""
    a = t.audits.c
    totals = connection.execute(
        sa.select(sa.func.sum(a.compared), sa.func.sum(a.agreed))
    ).one()
    kinds = sa.select(t.conflicts.c.kind, sa.func.count()).group_by(t.conflicts.c.kind)
    by_kind: dict[str, int] = dict(connection.execute(kinds).all())
    return {
        **no_counts(),
        "compared": totals[0] or 0,
        "agreed": totals[1] or 0,
        **by_kind,
    }


def no_counts() -> dict[str, int]:
    """The counts of a home where nothing was compared."""
    return dict.fromkeys(("compared", "agreed", *map(str, DifferenceKind)), 0)
