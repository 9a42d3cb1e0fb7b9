"""How a number is written for people: the one place, for answers and for alerts."""

from decimal import ROUND_HALF_UP, Context, Decimal

CRORE = Decimal(10_000_000)
LAKH = Decimal(100_000)
MINUS = "−"
WIDE = Context(prec=60)
_WORTH = {"crore": CRORE, "lakh": LAKH, "rupees": Decimal(1)}
_MOST_PLACES = 14


def grouped(value: Decimal, places: int, *, padded: bool = False) -> str:
    """Digits in Indian groups: 12,34,567.89; a true minus sign.

    Trailing zeros go, unless ``padded`` keeps them (rupees and paise).
    """
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, WIDE)
    sign = MINUS if rounded < 0 else ""
    whole, _, part = f"{abs(rounded):f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    part = part if padded else part.rstrip("0")
    return sign + ",".join([*groups, tail]) + (f".{part}" if part else "")


def telling(value: Decimal, places: int) -> int:
    """At least so many places, and more while what is not zero would read as zero."""
    while value and places < _MOST_PLACES and not round(value, places):
        places += 1
    return places


def money(value: Decimal, unit: str | None = None) -> str:
    """Rupees in the unit asked for, or the largest that fits."""
    if unit is None:
        unit = "crore" if abs(value) >= CRORE else "lakh"
        unit = unit if abs(value) >= LAKH else "rupees"
    scaled = WIDE.divide(value, _WORTH[unit])
    sign = MINUS if scaled < 0 else ""
    digits = grouped(abs(scaled), telling(scaled, 2), padded=unit == "rupees")
    return f"{sign}₹{digits}" + ("" if unit == "rupees" else f" {unit}")


def percent(value: Decimal, *, signed: bool) -> str:
    """A fraction as per cent with one place (below one per cent: two, or more)."""
    scaled = WIDE.multiply(value, Decimal(100))
    places = 1 if abs(scaled) >= 1 or scaled == 0 else telling(scaled, 2)
    plus = "+" if signed and scaled > 0 else ""
    return f"{plus}{grouped(scaled, places)}%"
