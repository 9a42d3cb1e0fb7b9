"""Presentation units of Indian results statements."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Unit:
    """How a company prints money.

    Attributes:
        name: Singular name, as the truth file says it.
        rupees: Rupees in one unit.
        decimals: Decimals printed.
        heading: The words above the table.
        level: ``LevelOfRounding`` in XBRL.
        indian: Whether digits are grouped 1,23,456 (else 123,456).
    """

    name: str
    rupees: int
    decimals: int
    heading: str
    level: str
    indian: bool = True

    @property
    def tick(self) -> int:
        """Rupees in the last printed digit; every amount is a multiple of it."""
        return int(self.rupees // 10**self.decimals)

    @property
    def scale(self) -> int:
        """Power of ten of the unit, the ``scale`` of inline XBRL."""
        return len(str(self.rupees)) - 1

    def amount(self, ticks: int) -> Decimal:
        """Ticks as a number of units."""
        return Decimal(ticks).scaleb(-self.decimals)

    def printed(self, ticks: int) -> str:
        """Ticks as printed digits, without sign."""
        return group(f"{abs(self.amount(ticks)):.{self.decimals}f}", indian=self.indian)


def group(digits: str, *, indian: bool) -> str:
    """Put thousands separators into an unsigned decimal string."""
    whole, dot, fraction = digits.partition(".")
    head, tail = whole[:-3], whole[-3:]
    size = 2 if indian else 3
    parts: list[str] = []
    while head:
        parts.insert(0, head[-size:])
        head = head[:-size]
    return ",".join([*parts, tail]) + dot + fraction


CRORE = Unit("crore", 10_000_000, 2, "(₹ in crore)", "Crores")
CRORES_RS = Unit("crore", 10_000_000, 2, "(Rs. in crores)", "Crores")
LAKH = Unit("lakh", 100_000, 2, "(Rs. in lakhs)", "Lakhs")
LAKH_RUPEE = Unit("lakh", 100_000, 2, "(₹ in Lakhs)", "Lakhs")
MILLION = Unit("million", 1_000_000, 2, "(₹ in million)", "Millions", indian=False)
