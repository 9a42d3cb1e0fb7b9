"""What a settled statement's amounts are rounded to, from how they are printed."""

from decimal import Decimal

from dexter.domain.statement import Statement, Unit

_CRORE_POWER = 7


def step_of(statement: Statement) -> Decimal:
    """One unit of the last printed place that amounts are rounded to."""
    cells = [
        cell
        for column in statement.columns.values()
        for item, cell in column.items.items()
        if cell.value and not item.per_share and not item.ratio
    ]
    if statement.unit is Unit.RUPEE:
        amounts = [int(cell.value) for cell in cells if cell.value]
        power = _CRORE_POWER if amounts else 0
        while power and any(amount % 10**power for amount in amounts):
            power -= 1
        return Decimal(10) ** power
    places = [_places(cell.printed) for cell in cells if cell.printed]
    if not places:
        return Decimal(1)
    return Decimal(1).scaleb(-max(set(places), key=places.count))


def _places(printed: str) -> int:
    return len(printed.split(" + ", 1)[0].rstrip(" )*#^@$").partition(".")[2])
