"""What a page prints: every published figure with its token and its box."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dexter.domain.filing import Basis
from dexter.domain.statement import ColumnRole, Item, Unit

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Token:
    """A printed figure; ``value`` is ``None`` for a dash or words."""

    text: str
    value: Decimal | None
    page: int
    box: Box
    key: str
    role: ColumnRole


Printed = Mapping[tuple[ColumnRole, Item], tuple[Token, ...]]


@dataclass(frozen=True, slots=True)
class Truth:
    """One statement as printed.

    ``cells`` holds one token per line, several where the line is only printed as
    parts; ``parts`` are those of a line that is printed both ways. ``tokens`` is every
    figure of the statement. ``poisoned`` are misprinted cells with the amount that
    belongs there: publishing the misprint is wrong, unless it is within rounding, where
    no arithmetic can object. ``why_not`` names what makes acceptance itself wrong (no
    unit, a header that lies).
    """

    basis: Basis
    unit: Unit
    period_end: date
    months: int
    pages: tuple[int, ...]
    cells: Printed
    tokens: tuple[Token, ...]
    parts: Printed
    poisoned: Mapping[tuple[ColumnRole, Item], Decimal | None]
    why_not: str | None = None

    def address(self, role: ColumnRole, item: Item) -> tuple[Token, ...]:
        """The tokens that print a line in a column."""
        return self.cells.get((role, item), ())

    def value(self, role: ColumnRole, item: Item) -> Decimal | None:
        """The printed amount, parts added up; ``None`` where nothing is printed."""
        return added(self.address(role, item))


def added(tokens: Sequence[Token]) -> Decimal | None:
    """What tokens add up to; ``None`` where none of them is an amount."""
    values = [token.value for token in tokens if token.value is not None]
    return sum(values, Decimal(0)) if values else None
