"""Headline figures of quarters: from accepted statements, else from imported rows."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.engine import RowMapping

from dexter.domain.company import Family
from dexter.domain.evidence import Source
from dexter.domain.filing import Basis, Filing, Grade, Review
from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter
from dexter.domain.results import FIGURE_ITEMS, QuarterFigures
from dexter.domain.run import StatementRecord
from dexter.domain.statement import ColumnRole, Item, Statement

_MONTHS_IN_QUARTER = 3
# Banks and insurers print no "revenue from operations"; their imported rows carry
# total income, and one series must not mix two definitions.
_REVENUE = {Family.BANK: Item.TOTAL_INCOME, Family.INSURER: Item.TOTAL_INCOME}
_IMPORTED = ("revenue", "net_profit", "eps")
# "Reserves excluding revaluation reserves" beside a quarter's results are mostly those
# of the last annual balance sheet; only the lines of a balance sheet itself are taken.
_BALANCE_SHEET_RESERVES = frozenset(("OtherEquity", "ReservesAndSurplus"))


Told = tuple[str | None, date | None, Basis | None]
"""Whose results, of the period that ended when, on which basis."""


def of_row(row: RowMapping) -> QuarterFigures:
    """Figures of an imported row, each addressed by dataset, row and column."""
    return QuarterFigures(
        symbol=row["symbol"],
        period_end=row["period_end"],
        basis=Basis(row["basis"]),
        revenue=row["revenue"],
        net_profit=row["net_profit"],
        eps=row["eps"],
        known_at=row["known_at"],
        published_at=row["published_at"],
        grade=Grade.IMPORTED,
        sources={
            name: Source(
                document=row["document"],
                sha256=row["sha256"],
                row=row["row"],
                column=name,
                url=row["url"],
            )
            for name in _IMPORTED
            if row[name] is not None
        },
    )


def of_statement(
    record: StatementRecord, published_at: datetime | None
) -> QuarterFigures | None:
    """Figures of an accepted statement's quarter column, or none when it has none.

    Args:
        record: The statement and the document it was read from.
        published_at: When results of that quarter on that very basis were first public,
            as far as others tell; its own document may have been earlier.
    """
    filing, statement = record.filing, record.statement
    column = statement.columns.get(ColumnRole.CURRENT)
    if (
        statement.status is not Review.ACCEPTED
        or statement.basis is None
        or column is None
        or column.months != _MONTHS_IN_QUARTER
        or filing.symbol is None
    ):
        return None
    items = _told(statement)
    moments = [m for m in (published_at, filing.known_at) if m is not None]
    return QuarterFigures(
        symbol=filing.symbol,
        period_end=column.period_end,
        basis=statement.basis,
        known_at=filing.known_at,
        published_at=min(moments, default=None),
        grade=statement.grade,
        sources=_sources(filing, statement, items),
        **{name: statement.rupees(item) for name, item in items.items()},
    )


def told_of(record: StatementRecord) -> Told:
    """Which results a statement tells."""
    statement = record.statement
    return record.filing.symbol, statement.period_end, statement.basis


def first_published(
    imported: Iterable[QuarterFigures],
    records: Iterable[StatementRecord],
    events: Iterable[RowMapping],
) -> dict[Told, datetime]:
    """When results of a quarter on a basis were first public, by any source.

    An event tells only of the basis that came first: the results on the other one may
    have come hours or days later.
    """
    dated: list[tuple[Told, datetime | None]] = [
        *(((f.symbol, f.period_end, f.basis), f.published_at) for f in imported),
        *((told_of(record), record.filing.known_at) for record in records),
        *(
            ((e["symbol"], e["period_end"], Basis(e["basis"])), e["published_at"])
            for e in events
        ),
    ]
    found: dict[Told, datetime] = {}
    for told, moment in dated:
        if moment is not None:
            found[told] = min(found.get(told, moment), moment)
    return found


def _told(statement: Statement) -> dict[str, Item]:
    reserves = statement.cell(Item.RESERVES)
    dated = reserves is not None and reserves.concept in _BALANCE_SHEET_RESERVES
    revenue = {"revenue": _REVENUE.get(statement.family, Item.REVENUE)}
    return revenue | {
        name: item
        for name, item in FIGURE_ITEMS.items()
        if name != "revenue" and (dated or name != "reserves")
    }


def best(candidates: Iterable[QuarterFigures], as_of: AsOf) -> list[QuarterFigures]:
    """Per quarter and basis the best visible figures, oldest quarter first.

    An accepted statement goes before an imported row, then the latest publication
    before earlier ones, and a known publication before an unknown one.
    """
    chosen: dict[tuple[Quarter, Basis], QuarterFigures] = {}
    for item in candidates:
        if not as_of.sees(item.known_at):
            continue
        key = (item.quarter, item.basis)
        held = chosen.get(key)
        if held is None or _rank(item) > _rank(held):
            chosen[key] = item
    return [chosen[key] for key in sorted(chosen)]


def _rank(item: QuarterFigures) -> tuple[bool, bool, float]:
    return (
        item.grade is not Grade.IMPORTED,
        item.known_at is not None,
        item.known_at.timestamp() if item.known_at else 0.0,
    )


def _sources(
    filing: Filing, statement: Statement, items: dict[str, Item]
) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for name, item in items.items():
        cell = statement.cell(item)
        if cell is None or cell.value is None:
            continue
        found[name] = Source(
            document=filing.name,
            sha256=filing.sha256,
            page=cell.page,
            bbox=cell.bbox,
            row=cell.row or cell.concept,
            column=cell.column,
            context=cell.context,
            url=filing.url,
            person=cell.hand.by if cell.hand else None,
            settled_at=cell.hand.at if cell.hand else None,
        )
    return found
