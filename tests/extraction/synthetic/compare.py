"""A reading held against the truth: right, review, or wrong and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from dexter.domain.filing import Review
from dexter.domain.statement import Cell, Column, ColumnRole, Item, Statement
from dexter.extraction.result import Extraction
from tests.extraction.synthetic.traps import CORE
from tests.extraction.synthetic.truth import Box, Token, Truth, added
from tests.extraction.synthetic.wording import NINE

_SLACK = 1.5
_COVERED = 0.75
_WITHIN = 3
_TWICE = (
    frozenset({"net_profit", "after_tax"}),
    frozenset(
        {
            "profit_before_tax",
            "before_exceptional",
            "before_with_associates",
            "after_finance",
        }
    ),
    frozenset({"eps_basic", "again_basic"}),
    frozenset({"eps_diluted", "again_diluted"}),
)


class End(StrEnum):
    RIGHT = "accepted"
    REVIEW = "review"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one row (a statement of one basis) ended."""

    end: End
    reason: str
    faults: tuple[str, ...] = ()
    eps_withheld: int = 0
    missing: tuple[str, ...] = ()


def outcomes(truths: Sequence[Truth], result: Extraction) -> list[Outcome]:
    """One outcome per true row; an accepted row that does not exist is wrong."""
    taken = [one for one in result.statements if one.status is Review.ACCEPTED]
    ends = []
    for truth in truths:
        mine = [one for one in taken if one.basis == truth.basis]
        reasons = [s.reason or "" for s in result.statements if s.basis == truth.basis]
        reason = next((r for r in reasons if r), result.reason or "nothing was read")
        if not mine:
            ends.append(Outcome(End.REVIEW, reason))
        ends += [_judged(truth, one) for one in mine]
    known = {truth.basis for truth in truths}
    ends += [
        Outcome(End.WRONG, "", (f"a {one.basis} statement that is not there",))
        for one in taken
        if one.basis not in known
    ]
    return ends


def _judged(truth: Truth, one: Statement) -> Outcome:
    faults = list(_faults(truth, one))
    cells = [
        (role, item, one.cell(item, role))
        for role in CORE
        for item in NINE
        if truth.value(role, item) is not None
    ]
    lost = [f"{r} {i}" for r, i, cell in cells if cell is None or cell.value is None]
    eps = [name for name in lost if "eps" in name]
    rest = tuple(name for name in lost if "eps" not in name)
    end = End.WRONG if faults else End.RIGHT
    return Outcome(end, "", tuple(faults), len(eps), rest)


def _faults(truth: Truth, one: Statement) -> Iterator[str]:
    if truth.why_not:
        yield f"accepted although: {truth.why_not}"
    if one.unit is not truth.unit:
        yield f"unit {one.unit}, printed {truth.unit}"
    if (one.period_end, one.months) != (truth.period_end, truth.months):
        yield f"period {one.months} to {one.period_end}, printed {truth.period_end}"
    if one.page not in truth.pages:
        yield f"page {one.page}, printed on {truth.pages}"
    roles = {role for role, _ in truth.cells}
    for role, column in one.columns.items():
        if role not in roles:
            yield f"{role}: no such column is printed"
            continue
        yield from _column_faults(truth, role, column)


def _column_faults(truth: Truth, role: ColumnRole, column: Column) -> Iterator[str]:
    for item, cell in column.items.items():
        where, place = f"{role} {item}", (role, item)
        right = truth.poisoned.get(place)
        known = {right, added(truth.parts.get(place, ()))}
        if right is not None and cell.value in known:
            # The page contradicts itself: the amount that belongs there may be
            # known from the rows around it, the misprint may not be published.
            continue
        if right is not None and cell.value is not None and _far(truth, place, right):
            yield f"{where}: {cell.printed} is a misprint and was published"
        elif place in truth.cells:
            yield from _cell_faults(truth, where, cell, _printed(truth, place, cell))
        elif item in NINE and cell.value is not None:
            yield f"{where}: {cell.printed} where nothing is printed"
        elif cell.value is not None and cell.bbox is not None:
            yield from _unnamed(truth, where, cell)


def _far(truth: Truth, place: tuple[ColumnRole, Item], right: Decimal) -> bool:
    """Whether a misprint is out of reach of rounding, so that sums can tell."""
    token = truth.cells[place][0]
    step = Decimal(1).scaleb(-len(token.text.strip("()").partition(".")[2]))
    return token.value is None or abs(token.value - right) > _WITHIN * step


def _printed(
    truth: Truth, place: tuple[ColumnRole, Item], cell: Cell
) -> Sequence[Token]:
    """Its own token; the parts that add up to it where the cell says it is a sum.

    Where only one part is not nil it says the whole amount, and may be the address.
    """
    own, parts = truth.cells[place], truth.parts.get(place, ())
    if cell.method == "derived" and parts:
        return parts
    whole = [part for part in parts if part.value]
    if len(whole) == 1 and whole[0].text == own[0].text and _stands_on(cell, whole[0]):
        return whole
    return own


def _stands_on(cell: Cell, token: Token) -> bool:
    return cell.bbox is not None and covered(cell.bbox, token.box) >= _COVERED


def _cell_faults(
    truth: Truth, where: str, cell: Cell, tokens: Sequence[Token]
) -> Iterator[str]:
    printed = " + ".join(token.text for token in tokens)
    value = added(tokens)
    if cell.value is None:
        if cell.reason == "printed as a dash" and value:
            yield f"{where}: read as a dash, printed {printed}"
        return
    if value is None or cell.value != value:
        yield f"{where}: {cell.value}, printed {printed}"
        return
    if cell.page not in {token.page for token in tokens}:
        yield f"{where}: on page {cell.page}, printed on {tokens[0].page}"
    yield from _box_faults(truth, where, cell, tokens)


def _box_faults(
    truth: Truth, where: str, cell: Cell, tokens: Sequence[Token]
) -> Iterator[str]:
    if cell.bbox is None:
        yield f"{where}: has no box"
        return
    tokens = _meant(truth, cell.bbox, tokens)
    for token in tokens:
        # A part that is nil, or on another page, is not in the sum's box.
        if len(tokens) > 1 and (not token.value or token.page != cell.page):
            continue
        if covered(cell.bbox, token.box) < _COVERED:
            yield f"{where}: box {_round(cell.bbox)} misses {_round(token.box)}"
    yield from _strangers(truth, where, cell, tokens)


def _meant(truth: Truth, box: Box, tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens, or the one in the box that says the same under another name.

    Without extraordinary items the profit after tax and the profit for the period are
    one figure printed twice; either is its address.
    """
    first = tokens[0]
    names = next((group for group in _TWICE if first.key in group), frozenset())
    same = [
        other
        for other in truth.tokens
        if other.key in names and (other.role, other.text) == (first.role, first.text)
    ]
    under = [other for other in same if covered(box, other.box) >= _COVERED]
    return under[:1] if len(tokens) == 1 and under else tokens


def _strangers(
    truth: Truth, where: str, cell: Cell, tokens: Sequence[Token]
) -> Iterator[str]:
    if len(tokens) > 1 or cell.bbox is None:
        return
    for other in truth.tokens:
        if other.page == cell.page and other.box != tokens[0].box:
            x, y = (other.box[0] + other.box[2]) / 2, (other.box[1] + other.box[3]) / 2
            if cell.bbox[0] < x < cell.bbox[2] and cell.bbox[1] < y < cell.bbox[3]:
                yield f"{where}: its box also holds {other.text}"


def _unnamed(truth: Truth, where: str, cell: Cell) -> Iterator[str]:
    """A line the truth does not name must still be what stands in its box."""
    if cell.bbox is None or cell.method == "derived":
        return
    under = [
        token
        for token in truth.tokens
        if token.page == cell.page and covered(cell.bbox, token.box) > _COVERED
    ]
    if under and all(token.value != cell.value for token in under):
        yield f"{where}: {cell.value}, in its box {[token.text for token in under]}"


def covered(box: Box, token: Box) -> float:
    """The share of a token's own box that a cell's box covers."""
    wide = min(box[2] + _SLACK, token[2]) - max(box[0] - _SLACK, token[0])
    tall = min(box[3] + _SLACK, token[3]) - max(box[1] - _SLACK, token[1])
    area = (token[2] - token[0]) * (token[3] - token[1])
    return max(0.0, wide) * max(0.0, tall) / max(area, 1e-6)


def _round(box: Box) -> tuple[int, ...]:
    return tuple(round(one) for one in box)


def tally(ends: Sequence[Outcome]) -> Mapping[End, int]:
    """How many rows ended each way."""
    return {end: sum(one.end is end for one in ends) for end in End}
