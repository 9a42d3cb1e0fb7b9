"""EPS of a settled statement, held against the number of shares they imply."""

from collections.abc import Iterator
from decimal import Decimal

from dexter.domain.statement import ColumnRole, Item, Statement
from dexter.extraction.pages.figures import Figure
from dexter.extraction.proof import shares

EPS = (Item.EPS_BASIC, Item.EPS_DILUTED)
_CORE = (
    ColumnRole.CURRENT,
    ColumnRole.PREVIOUS_QUARTER,
    ColumnRole.SAME_QUARTER_LAST_YEAR,
)
_NO_ANCHOR = "EPS cannot be held against a number of shares"
_NOWHERE = (0.0, 0.0, 0.0, 0.0)


def eps_problems(statement: Statement) -> Iterator[tuple[ColumnRole, Item, str]]:
    """EPS of the quarters, by the number of shares they imply together."""
    roles = [role for role in _CORE if role in statement.columns]
    if statement.unit is None:
        return
    for item in EPS:
        cells = [statement.cell(item, role) for role in roles]
        kept = [
            (role, Figure(cell.value, cell.printed or "", _NOWHERE))
            for role, cell in zip(roles, cells, strict=True)
            if cell is not None and cell.value is not None
        ]
        profits = [_profit(statement, role) for role, _ in kept]
        found = shares.problems(profits, [f for _, f in kept], _printed(statement))
        for (role, _), why in zip(kept, found, strict=True):
            if why and why != _NO_ANCHOR:
                yield role, item, why


def _profit(statement: Statement, role: ColumnRole) -> Decimal:
    owners = statement.rupees(Item.NET_PROFIT_OWNERS, role)
    whole = statement.rupees(Item.NET_PROFIT, role)
    return owners or whole or Decimal(0)


def _printed(statement: Statement) -> Decimal | None:
    """The number of shares the printed capital makes."""
    paid, face = (
        statement.rupees(Item.PAID_UP_CAPITAL),
        statement.rupees(Item.FACE_VALUE),
    )
    return paid / face if paid and face else None
