"""Code writes the numbers: a reference becomes the value, rendered by its unit."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from dexter.domain.evidence import Evidence, Measure, Source
from dexter.domain.moment import IST
from dexter.domain.numerals import WIDE, grouped, money, percent, telling

ATTRIBUTES = ("period", "company", "basis", "known_at", "symbol", "document")
# Marks that would read as ours (footnotes, links, tags, quotes) in somebody's text.
_QUIETED = str.maketrans("[]<>{}`“”", "()‹›()'‘’")


def _points(value: Decimal, *, signed: bool) -> str:
    plus = "+" if signed and value > 0 else ""
    scaled = WIDE.multiply(value, Decimal(100))
    return f"{plus}{grouped(scaled, telling(scaled, 2))} percentage points"


def _ratio(value: Decimal) -> str:
    return grouped(value, telling(value, 2))


def quiet(text: str) -> str:
    """Somebody's text on one line, without marks that would read as ours."""
    flat = " ".join(text.split())
    shown = (c for c in flat if unicodedata.category(c)[0] != "C")
    return "".join(shown).translate(_QUIETED)


def _moment(text: str) -> str:
    if "T" in text:
        when = datetime.fromisoformat(text)
        when = when.astimezone(IST) if when.tzinfo else when.replace(tzinfo=IST)
        return f"{when.day} {when:%B %Y, %H:%M} IST"
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


_PLAIN: Mapping[Measure, Callable[[Decimal], str]] = {
    Measure.RUPEES: money,
    Measure.RUPEES_PER_SHARE: lambda value: money(value, "rupees"),
    Measure.FRACTION: lambda value: percent(value, signed=False),
    Measure.PROBABILITY: lambda value: percent(value, signed=False),
    Measure.DEVIATIONS: lambda value: f"{_ratio(value)} standard deviations",
    Measure.SCORE: lambda value: grouped(value, 0),
    Measure.PERCENTILE: lambda value: grouped(value, 0),
    Measure.COUNT: lambda value: grouped(value, 0),
    Measure.SESSIONS: lambda value: grouped(value, 0),
    Measure.RATIO: _ratio,
}

# Formats a reference may ask for, and the units each fits.
FORMATS: Mapping[str, frozenset[Measure]] = {
    "crore": frozenset({Measure.RUPEES}),
    "lakh": frozenset({Measure.RUPEES}),
    "rupees": frozenset({Measure.RUPEES, Measure.RUPEES_PER_SHARE}),
    "percent": frozenset(
        {Measure.FRACTION, Measure.CHANGE, Measure.PROBABILITY, Measure.POINTS}
    ),
}


def render(evidence: Evidence, form: str | None, *, bare: bool = False) -> str:
    """A value in words for people.

    Args:
        evidence: A value or text that is there.
        form: One of ``FORMATS`` that fits its unit, or none for the natural one.
        bare: Leave the sign away, because a direction word beside it says it.
    """
    if evidence.value is None:
        text = evidence.text or ""
        date_like = evidence.unit is Measure.DATE
        return _moment(text) if date_like else f"“{quiet(text)}”"
    value = abs(evidence.value) if bare else evidence.value
    if evidence.unit is Measure.CHANGE:
        return percent(value, signed=not bare)
    if evidence.unit is Measure.POINTS:
        return _points(value, signed=not bare)
    if form in {"crore", "lakh", "rupees"}:
        return money(value, form)
    return _PLAIN[evidence.unit](value)


def attribute(evidence: Evidence, name: str) -> str | None:
    """A name, period or date that belongs to a figure; none where it has none."""
    if name == "known_at":
        known = evidence.known_at
        return _moment(known.isoformat()) if known else "publication time unknown"
    if name == "basis":
        return evidence.basis.value if evidence.basis else None
    if name == "document":
        source = evidence.source
        return quiet(source.document) if isinstance(source, Source) else None
    value: str | None = getattr(evidence, name)
    return quiet(value) if value else None
