"""EPS rows: found by their words, believed by the number of shares they imply."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dexter.extraction.pages.figures import Figure
from dexter.extraction.tables.table import Row

_CONTEXT = re.compile(r"earning|\beps\b|per\s+(?:equity\s+)?share", re.IGNORECASE)
_BASIC = re.compile(r"\bbasic\b", re.IGNORECASE)
_DILUTED = re.compile(r"\bdil[iu]ted\b", re.IGNORECASE)
_AFTER = re.compile(r"after extraordinary|discontinued (?:op|act)", re.IGNORECASE)
_FACE = re.compile(
    r"(?:face|par)\s+value\D{0,40}?(\d{1,4}(?:\.\d{1,2})?)", re.IGNORECASE
)
Span = tuple[Decimal, Decimal]
_ALIKE = Decimal("1.15")
_PRINTED = Decimal("2.5")
_MISPRINTED = Decimal(7)
_LOOK_BACK = 4


@dataclass(frozen=True, slots=True)
class PerShare:
    """The rows of basic and diluted EPS (often one row for both)."""

    basic: int
    diluted: int


def eps_rows(rows: Sequence[Row], after: int) -> list[PerShare]:
    """Pairs of EPS rows below net profit, in the order they are printed."""
    basics, diluteds = [], []
    heading = -99
    for index, row in enumerate(rows):
        if index <= after:
            continue
        around = f"{row.above} {row.label} {row.below if not row.label else ''}"
        if _CONTEXT.search(around):
            heading = index
        if index - heading > _LOOK_BACK:
            continue
        named = row.label if _named(row.label) else around
        basics += [index] if _BASIC.search(named) else []
        diluteds += [index] if _DILUTED.search(named) else []
    pairs = [
        PerShare(basic, diluted)
        for basic in basics
        for diluted in diluteds
        if 0 <= diluted - basic <= 3  # noqa: PLR2004 - the two lines stand together
    ]
    return _nearest_pairs(pairs)


def _named(label: str) -> bool:
    return bool(_BASIC.search(label) or _DILUTED.search(label))


def _nearest_pairs(pairs: Sequence[PerShare]) -> list[PerShare]:
    kept: dict[int, PerShare] = {}
    for pair in sorted(pairs, key=lambda one: one.diluted - one.basic):
        kept.setdefault(pair.basic, pair)
    return sorted(kept.values(), key=lambda one: one.basic)


def face_value(rows: Sequence[Row]) -> Decimal | None:
    """The one face value printed in the labels, in rupees."""
    found = {
        Decimal(match)
        for row in rows
        for text in (f"{row.above} {row.label}", f"{row.label} {row.below}")
        for match in _FACE.findall(text)
    }
    found = {value.normalize() for value in found if value}
    return found.pop() if len(found) == 1 else None


def problems(
    profits: Sequence[Decimal], cells: Sequence[Figure | None], shares: Decimal | None
) -> tuple[str | None, ...]:
    """Why the EPS of each column cannot be believed; ``None`` where it can.

    Every believed EPS implies a number of shares; the believed columns must agree on
    it, and with the printed capital where there is one. A single EPS with nothing to
    hold it against is not believed.

    Args:
        profits: owners' profit in rupees, per core column, the current one first.
        cells: the printed EPS in the same columns.
        shares: paid-up capital over face value, where both are printed.
    """
    spans = [_span(p, c) for p, c in zip(profits, cells, strict=True)]
    anchor = _anchor(spans, shares)
    return tuple(
        _problem(profit, cell, span, anchor)
        for profit, cell, span in zip(profits, cells, spans, strict=True)
    )


def _span(profit: Decimal, cell: Figure | None) -> Span | None:
    """The numbers of shares a profit and an EPS of its sign allow."""
    value = cell.value if cell else None
    if cell is None or not value or not profit or (value > 0) != (profit > 0):
        return None
    half = _half_step(cell.printed)
    if abs(value) <= half:
        return None
    return abs(profit) / (abs(value) + half), abs(profit) / (abs(value) - half)


def _anchor(spans: Sequence[Span | None], shares: Decimal | None) -> Span | None:
    """The share count most columns agree on, tied to the printed capital."""
    known = [span for span in spans if span]
    groups = [[other for other in known if _alike(span, other)] for span in known]
    group = max(groups, key=len, default=[])
    if shares:
        # Three columns that agree outweigh a misprinted face value, but never a
        # factor of ten: that would be a wrong unit.
        limit = _MISPRINTED if len(group) > 2 else _PRINTED  # noqa: PLR2004 - three columns
        printed = (shares / limit, shares * limit)
        group = [span for span in group if _overlap(span, printed)]
        return (
            (min(s[0] for s in group), max(s[1] for s in group)) if group else printed
        )
    if len(group) < 2:  # noqa: PLR2004 - one column cannot confirm itself
        return None
    return min(span[0] for span in group), max(span[1] for span in group)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _alike(one: Span, other: Span) -> bool:
    return one[0] <= other[1] * _ALIKE and other[0] <= one[1] * _ALIKE


def _problem(
    profit: Decimal, cell: Figure | None, span: Span | None, anchor: Span | None
) -> str | None:
    if not profit and (cell is None or not cell.value):
        return None
    if anchor is None:
        return "EPS cannot be held against a number of shares"
    value = cell.value if cell else None
    if span is None:
        # Nothing printed, or a zero: right only if a share earned next to nothing.
        step = _half_step(cell.printed) * 2 if cell else Decimal("0.01")
        if not value and abs(profit) / anchor[0] < step:
            return None
        what = "is missing" if value is None else "has not the sign"
        return f"EPS {what} beside a profit that is not zero"
    return None if _alike(span, anchor) else "EPS and profit imply another share count"


def order_problem(
    basic: Sequence[Figure | None], diluted: Sequence[Figure | None]
) -> str | None:
    """Diluted EPS above basic in a profit is a misreading or a misprint."""
    for one, other in zip(basic, diluted, strict=True):
        if not one or not other or one.value is None or other.value is None:
            continue
        if one.value > 0 and other.value > one.value + _half_step(one.printed) * 2:
            return "diluted EPS exceeds basic EPS"
    return None


def prefer(pairs: Sequence[PerShare], rows: Sequence[Row]) -> list[PerShare]:
    """EPS before extraordinary items first; the line after them comes later."""
    return sorted(pairs, key=lambda one: bool(_AFTER.search(rows[one.basic].label)))


def _half_step(printed: str) -> Decimal:
    _, _, decimals = printed.strip("()-–−*#").partition(".")
    return Decimal(1).scaleb(-len(decimals)) / 2
