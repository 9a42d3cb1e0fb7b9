"""What was told of the same results before a filing, and what it tells otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.daily import DayFiling, FilingState
from dexter.domain.filing import Basis
from dexter.domain.moment import IST
from dexter.domain.numerals import grouped, money, percent
from dexter.domain.period import Quarter
from dexter.domain.reconciliation import Difference, DifferenceKind
from dexter.domain.results import QuarterFigures
from dexter.domain.run import StatementRecord
from dexter.domain.statement import Item
from dexter.extraction.audit.reconcile import reconcile
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.days import DayBook
from dexter.store.figures import of_row, of_statement
from dexter.store.filings import accepted
from pipelines.daily.proofs import MONTHS, of_quarter, preferred
from pipelines.daily.rows import events_of
from pipelines.daily.unit import Unit, document_id, row_id

_SAME = Decimal("0.001")
"""Rows are in lakh or crore: two tellings within a thousandth are one."""
_DECIDED = (FilingState.ALERTED, FilingState.NO_ALERT)
_CHANGES = (DifferenceKind.REVISED, DifferenceKind.DISAGREES)
_HEADLINE = {
    "revenue": Item.REVENUE,
    "net_profit": Item.NET_PROFIT,
    "eps": Item.EPS_BASIC,
}


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier telling of the same results.

    Args:
        id: The filing it came with.
        changes: What the newer filing says otherwise, in words.
        quiet: Why the newer filing has nothing to tell; empty where it has.
    """

    id: str
    changes: tuple[str, ...] = ()
    quiet: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    """A filing that decided these results, and the document it was, if it was one."""

    filing: DayFiling
    basis: Basis | None
    sha256: str | None

    @property
    def name(self) -> str:
        at = self.filing.published_at
        when = f" of {at.astimezone(IST):%d %b %Y %H:%M}" if at else ""
        return f"{self.filing.id}{when}"

    @property
    def place(self) -> tuple[datetime, int, datetime]:
        told = self.filing
        at = told.published_at or datetime.min.replace(tzinfo=IST)
        return at, told.version, told.decided_at


def before(
    database: Database,
    unit: Unit,
    quarter: Quarter,
    tried: Mapping[str, DayFiling] | None = None,
) -> Before | None:
    """The filing that told these results before, or none.

    Scores are made of one basis, so filings are held against those of their own; and
    against the latest of them, as that is what stands.

    Args:
        database: The home's.
        unit: The filing.
        quarter: Of its results.
        tried: What was decided and is not kept, by id.

    Raises:
        StoreError: the database does not read.
    """
    told = _told(database, unit, quarter, tried or {})
    first = [one for one in told if one.basis is Basis.STANDALONE]
    if unit.basis is Basis.CONSOLIDATED and first:
        newest = max(first, key=lambda one: one.place)
        why = f"scores are made of the standalone results, told by {newest.name}"
        return Before(newest.filing.id, quiet=why)
    mine = [one for one in told if one.basis is unit.basis]
    if not mine:
        return None
    newest = max(mine, key=lambda one: one.place)
    if _later(newest.filing, unit):
        why = f"{newest.name} tells these results later, and was decided before it came"
        return Before(newest.filing.id, quiet=why)
    changes = tuple(dict.fromkeys(_changes(database, unit, quarter, newest)))
    quiet = "" if changes else f"says the same as {newest.name}"
    return Before(newest.filing.id, changes, quiet)


def _later(filing: DayFiling, unit: Unit) -> bool:
    moments = filing.published_at, unit.published_at
    return moments[0] is not None and moments[1] is not None and moments[0] > moments[1]


def _told(
    database: Database, unit: Unit, quarter: Quarter, tried: Mapping[str, DayFiling]
) -> list[_Told]:
    """Every other filing by which these results were decided."""
    with database.read() as connection:
        proven = of_quarter(connection, unit.symbol, quarter)
        events = events_of(connection, unit.symbol, quarter)
    documents = {document_id(one.sha256): one.sha256 for one in proven}
    rows = [row_id(unit.symbol, event["period_end"]) for event in events]
    known = dict(DayBook(database).find([*documents, *rows]))
    known |= {key: tried[key] for key in (*documents, *rows) if key in tried}
    found = []
    for one in known.values():
        # Without a basis it was settled unscored, and told nothing.
        if one.id == unit.id or one.state not in _DECIDED or one.basis is None:
            continue
        sha256 = documents.get(one.id)
        bases = [p.basis for p in proven if p.sha256 == sha256]
        found.append(_Told(one, preferred(bases) or one.basis, sha256))
    return found


def _changes(
    database: Database, unit: Unit, quarter: Quarter, earlier: _Told
) -> Iterator[str]:
    """What a document says otherwise than an earlier document, or than a row."""
    pair = {unit.sha256, earlier.sha256}
    with database.read() as connection:
        mine = [r for r in accepted(connection, unit.symbol) if r.filing.sha256 in pair]
        row = _row(connection, unit, quarter, earlier.filing.published_at)
    if earlier.sha256 is None:
        yield from _against_row(row, mine, unit, quarter)
        return
    for one in reconcile(mine).differences:
        if _same_quarter(one, unit, quarter):
            sides = [one.first.value, one.second.value]
            if one.first.sha256 == unit.sha256:
                sides.reverse()
            yield _words(one.item, *sides)


def _same_quarter(one: Difference, unit: Unit, quarter: Quarter) -> bool:
    return (
        one.kind in _CHANGES
        and one.basis is unit.basis
        and one.months == MONTHS
        and Quarter.containing(one.period_end) == quarter
    )


def _row(
    connection: Connection, unit: Unit, quarter: Quarter, at: datetime | None
) -> QuarterFigures | None:
    """The row of these results on the filing's basis, as known at a moment."""
    f = t.figures.c
    query = (
        sa.select(t.figures)
        .where(f.symbol == unit.symbol, f.basis == unit.basis, f.known_at <= at)
        .where(f.period_end.between(quarter.start, quarter.end))
        .order_by(f.known_at.desc())
    )
    row = connection.execute(query).mappings().first()
    return None if row is None else of_row(row)


def _against_row(
    row: QuarterFigures | None,
    records: Sequence[StatementRecord],
    unit: Unit,
    quarter: Quarter,
) -> Iterator[str]:
    told = (of_statement(record, None) for record in records)
    mine = next(
        (m for m in told if m and (m.quarter, m.basis) == (quarter, unit.basis)), None
    )
    if row is None or mine is None:
        return
    for name, item in _HEADLINE.items():
        first, second = getattr(row, name), getattr(mine, name)
        if first is None or second is None:
            continue
        if abs(first - second) > _SAME * max(abs(first), abs(second)):
            yield _words(item, first, second)


def _words(item: Item, first: Decimal, second: Decimal) -> str:
    before, now = _said(item, first), _said(item, second)
    if before == now and not item.ratio:
        before, now = (f"₹{grouped(value, 2)}" for value in (first, second))
    name = item.value.replace("_", " ").replace("eps", "EPS")
    return f"{name}: {before} before, {now} now"


def _said(item: Item, value: Decimal) -> str:
    if item.ratio:
        return percent(value, signed=False)
    per_share = f"₹{grouped(value, 2, padded=True)}"
    return per_share if item.per_share else money(value)
