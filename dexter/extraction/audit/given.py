"""What a statement gives of each figure, and how finely it prints it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dexter.domain.filing import Basis, DocumentKind, Review
from dexter.domain.reconciliation import Side
from dexter.domain.run import StatementRecord
from dexter.domain.statement import Cell, ColumnRole, Item, Method, Statement, Unit

_MOST_ZEROS = 7
_FEW = 3
_FINEST = Decimal("0.000001")
# Round figures out of ten that say a filing rounds; capital or a nil line may not be.
_ROUND_OF_TEN = 8


@dataclass(frozen=True, slots=True)
class Key:
    """A figure of a company: line, period and basis."""

    basis: Basis
    period_end: date
    months: int
    item: Item


@dataclass(frozen=True, slots=True)
class Given:
    """A figure as one filing gives it; ``step`` is its last printed place in rupees."""

    side: Side
    step: Decimal


def figures(record: StatementRecord) -> Iterator[tuple[Key, Given]]:
    """What a statement gives, its own quarter's column before its others."""
    said, filing = record.statement, record.filing
    if said.status is not Review.ACCEPTED or not (
        said.basis and said.unit and said.period_end
    ):
        return
    grain = _grain(said)
    for role in ColumnRole:
        column = said.columns.get(role)
        if column is None:
            continue
        for item, cell in column.items.items():
            key = Key(said.basis, column.period_end, column.months, item)
            value = said.rupees(item, role)
            if value is None or cell.method is Method.DERIVED:
                continue
            side = Side(
                sha256=filing.sha256,
                document=filing.name,
                xbrl=filing.kind is DocumentKind.XBRL,
                url=filing.url,
                known_at=filing.known_at,
                speaks_of=said.period_end,
                role=role,
                unit=said.unit,
                cell=cell,
                value=value,
            )
            yield key, Given(side, _step(said, item, cell, grain))


def _step(said: Statement, item: Item, cell: Cell, grain: Decimal) -> Decimal:
    """What one step of a cell's last printed place is worth."""
    value = cell.value or Decimal(0)
    if _shared(item):
        return _last_place(value)
    step = grain if not value % grain else Decimal(1)
    return max(_last_place(value), step) * (said.unit or Unit.RUPEE).rupees


def _shared(item: Item) -> bool:
    return item.per_share or item.ratio


def _grain(said: Statement) -> Decimal:
    """How coarsely whole rupees were rounded before they were filed, in the unit.

    XBRL gives rupees, most of them rounded to lakhs or crores; capital and nil lines
    need not be. Statements in another unit print what they round to.
    """
    amounts = [
        cell.value
        for column in said.columns.values()
        for item, cell in column.items.items()
        if cell.value and not _shared(item)
    ]
    if said.unit is not Unit.RUPEE or len(amounts) < _FEW:
        return _FINEST
    for zeros in range(_MOST_ZEROS, 0, -1):
        step = Decimal(10) ** zeros
        if 10 * sum(not a % step for a in amounts) >= _ROUND_OF_TEN * len(amounts):
            return step
    return Decimal(1)


def _last_place(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Decimal(1).scaleb(-places)
