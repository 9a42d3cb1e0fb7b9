"""Which documents prove the figures of a quarter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.filing import Basis, Review
from dexter.domain.period import Quarter
from dexter.domain.statement import ColumnRole
from dexter.store import tables as t
from dexter.store.codec import read_statement

MONTHS = 3
PREFERRED = (Basis.STANDALONE, Basis.CONSOLIDATED)
"""Scores are made of the first of these that there is."""


@dataclass(frozen=True, slots=True)
class Proven:
    """An accepted statement with figures of a quarter, of a document."""

    sha256: str
    quarter: Quarter
    basis: Basis
    known_at: datetime | None


def proven_by(
    connection: Connection, which: sa.ColumnElement[bool]
) -> Iterator[Proven]:
    """Accepted statements with a quarter's figures.

    Args:
        connection: To read by.
        which: A condition on filings and statements.
    """
    query = (
        sa.select(t.statements.c.sha256, t.statements.c.body, t.filings.c.known_at)
        .join(t.filings, t.filings.c.sha256 == t.statements.c.sha256)
        .where(t.statements.c.status == Review.ACCEPTED.value, which)
    )
    for row in connection.execute(query):
        statement = read_statement(row.body)
        column = statement.columns.get(ColumnRole.CURRENT)
        if column is None or statement.basis is None or column.months != MONTHS:
            continue
        quarter = Quarter.containing(column.period_end)
        yield Proven(row.sha256, quarter, statement.basis, row.known_at)


def of_quarter(
    connection: Connection, symbol: str, quarter: Quarter
) -> tuple[Proven, ...]:
    """Every proof of a company's quarter, whenever it was public."""
    which = sa.and_(
        t.filings.c.symbol == symbol,
        t.statements.c.period_end.between(quarter.start, quarter.end),
    )
    return tuple(p for p in proven_by(connection, which) if p.quarter == quarter)


def preferred(bases: Iterable[Basis]) -> Basis | None:
    """The basis scores are made of; none of none."""
    there = set(bases)
    return next((one for one in PREFERRED if one in there), None)
