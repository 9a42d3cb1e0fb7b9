"""A model's copy of a table to a statement: proven by sums, witnessed by OCR.

A model can misread, and it can make up figures that add up. So its copy goes through
the gate every page goes through, exact in every core column, and is then held against
what OCR saw at the same places. Accepted is what both bear out:

- no figure the sums rest on is contradicted by OCR, and at most one in a row and one
  in a column was not seen by it: that one is what the others, seen by both, leave;
- no amount OCR sees among the copied rows and columns is missing from the copy;
- the unit, the basis, the word "quarter" and the current date are seen by OCR above
  the table, and no column's date is seen otherwise;
- a figure outside the sums (EPS, other lines and columns) is published only where OCR
  reads the very same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from dexter.domain.filing import Grade, Review
from dexter.domain.statement import Cell, Column, Item, Method, Statement
from dexter.extraction.copies.beside import digits_of
from dexter.extraction.copies.heading_seen import heading_doubt
from dexter.extraction.copies.look import Look
from dexter.extraction.copies.transcript import Box, CopyTable, place_of, words_of
from dexter.extraction.copies.witness import (
    BESIDE,
    Sight,
    Spot,
    Testimony,
    Witness,
    testify,
)
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.proof.labels import strict_score
from dexter.extraction.proof.proof import PROVEN
from dexter.extraction.proof.reading import Draft, read_tables

_NOTHING = Witness(Sight.NOTHING)
_HALF_SURE = 0.5
_MOST_ROUGH = 1 / 3
_STRAY_COLUMN = 3
_STRONG = 84.0


def statements_of(table: CopyTable, seen: Look) -> list[Statement]:
    """The statements of a copied table; review with its reason, or accepted.

    Args:
        table: the copy.
        seen: the page the copy was made from.
    """
    drafts = read_tables(words_of(table), Sheet(seen.page, Method.VISION))
    if not drafts:
        return []
    testimony = testify(table, seen.words)
    return [_judged(_Case(draft, table, testimony), seen) for draft in drafts]


@dataclass(frozen=True, slots=True)
class _Case:
    """A draft from a copy, the copy, and what OCR saw in its places."""

    draft: Draft
    table: CopyTable
    seen: Testimony

    def text(self, spot: Spot) -> str:
        row, column = spot
        cells = self.table.rows[row].cells if 0 <= row < len(self.table.rows) else ()
        return cells[column] if 0 <= column < len(cells) else ""

    def witness(self, spot: Spot) -> Witness:
        return self.seen.cells.get(spot, _NOTHING)

    def proven(self) -> set[Spot]:
        """Every place the identities of the core columns rest on, blanks included."""
        places = [place_of(self.table, figure.bbox) for figure in self.draft.figures]
        rows = {row for place in places for row in place.rows}
        return set(product(rows, {place.column for place in places}))

    def spots(self, cell: Cell) -> list[Spot]:
        """The places of the copy a cell stands for."""
        if cell.bbox is None:
            return []
        place = place_of(self.table, cell.bbox)
        spots = [(row, place.column) for row in place.rows]
        return [spot for spot in spots if self.text(spot).strip()]


def _judged(case: _Case, seen: Look) -> Statement:
    one = case.draft.statement
    proven = case.proven()
    reason = one.reason or _doubt(case, proven)
    columns = {
        role: Column(
            column.period_end,
            column.months,
            {
                item: _placed(case, cell, proven, seen, reviewed=bool(reason))
                for item, cell in column.items.items()
            },
        )
        for role, column in one.columns.items()
    }
    if reason:
        return replace(
            one,
            columns=columns,
            status=Review.REVIEW,
            grade=Grade.C,
            reason=f"the vision model's copy: {reason}",
        )
    whole = all(
        case.witness(spot).sight is Sight.SAME
        for spot in proven
        if digits_of(case.text(spot))
    )
    return replace(one, columns=columns, grade=Grade.A if whole else Grade.B)


def _doubt(case: _Case, proven: set[Spot]) -> str | None:
    if case.draft.statement.grade is not Grade.A:
        return "its sums hold only within rounding, which proves no copy"
    core = sorted({column for _, column in proven})
    if not set(core) <= set(case.seen.spans):
        return "its columns were not found on the page by OCR"
    return (
        _illegible(case, core)
        or _contradicted(case, proven)
        or _unseen(case, proven)
        or _left_out(case, proven)
        or _relabelled(case)
        or heading_doubt(case.draft.statement, case.table, case.seen, core)
    )


def _illegible(case: _Case, core: list[int]) -> str | None:
    texts = (case.text((r, c)) for r in range(len(case.table.rows)) for c in core)
    unread = next((text for text in texts if "?" in text), None)
    return f"the model could not read {unread[:20]!r}" if unread else None


def _contradicted(case: _Case, proven: set[Spot]) -> str | None:
    for spot in sorted(proven):
        witness = case.witness(spot)
        if witness.sight is Sight.OTHER:
            text = case.text(spot).strip() or "nothing"
            return f"OCR sees {witness.text[:20]!r} where it says {text[:20]!r}"
    return None


def _unseen(case: _Case, proven: set[Spot]) -> str | None:
    """More than arithmetic can vouch for, in a row or a column."""
    figures = [spot for spot in sorted(proven) if digits_of(case.text(spot))]
    sights = {spot: case.witness(spot).sight for spot in figures}
    lost = [spot for spot in figures if sights[spot] is Sight.NOTHING]
    for kind, lines in (
        ("row", Counter(row for row, _ in lost)),
        ("column", Counter(column for _, column in lost)),
    ):
        if max(lines.values(), default=0) > 1:
            names = ", ".join(case.text(spot) for spot in lost[:3])
            return f"OCR does not see two figures of one {kind} ({names} …)"
    rough = sum(sight is Sight.DIGITS for sight in sights.values())
    if rough > _MOST_ROUGH * len(figures):
        return "OCR sees the digits, but too many with other points and signs"
    return None


def _left_out(case: _Case, proven: set[Spot]) -> str | None:
    core = {column for _, column in proven}
    for column in sorted(core):
        words = case.seen.left.get(column, ())
        if words:
            return f"OCR sees {words[0].text[:20]!r}, which it leaves out"
    if len(case.seen.left.get(BESIDE, ())) >= _STRAY_COLUMN:
        return "OCR sees a column of figures that it leaves out"
    return None


def _relabelled(case: _Case) -> str | None:
    """A line whose label, as OCR reads it and not as copied, is plainly another's."""
    for item, row in _rows(case):
        printed = case.seen.labels.get(row, "")
        others = [one for one in PROVEN if one is not item]
        best = max(others, key=lambda one: strict_score(one, printed))
        alike = strict_score(best, case.table.rows[row].label) >= _STRONG
        own = strict_score(item, printed)
        if strict_score(best, printed) >= _STRONG > own and not alike:
            return f"OCR reads {printed[:40]!r} where it says {item}"
    return None


def _rows(case: _Case) -> Iterator[tuple[Item, int]]:
    found: dict[Item, int] = {}
    for column in case.draft.statement.columns.values():
        for item in PROVEN:
            cell = column.items.get(item)
            spots = case.spots(cell) if cell else []
            if len(spots) == 1:
                found.setdefault(item, spots[0][0])
    yield from found.items()


def _placed(
    case: _Case, cell: Cell, proven: set[Spot], seen: Look, *, reviewed: bool
) -> Cell:
    """A cell with the box OCR found for it; withheld where nothing bears it out."""
    spots = case.spots(cell)
    figures = [spot for spot in spots if digits_of(case.text(spot))]
    witnesses = [case.witness(spot) for spot in figures]
    box = _around(witnesses)
    same = bool(figures) and all(one.sight is Sight.SAME for one in witnesses)
    sure = min((one.sure for one in witnesses), default=1.0) if same else _HALF_SURE
    told = replace(
        cell,
        bbox=seen.frame.box_on_page(box) if box else None,
        confidence=sure if figures else 1.0,
    )
    if cell.value is None or same or set(figures) <= proven:
        return told
    read = " ".join(one.text for one in witnesses if one.text)
    why = f"OCR sees {read[:20]!r} there" if read else "OCR does not see it"
    return replace(told, value=cell.value if reviewed else None, reason=why)


def _around(witnesses: list[Witness]) -> Box | None:
    """The box around what OCR saw; none unless it saw all of it as copied."""
    agreed = [one.box for one in witnesses if one.sight in {Sight.SAME, Sight.DIGITS}]
    boxes = [box for box in agreed if box is not None]
    if not boxes or len(boxes) < len(witnesses):
        return None
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
