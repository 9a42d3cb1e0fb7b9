"""Lines of a page beyond the headline ones, published only where a sum proves them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import product

from dexter.domain.statement import Cell, Column, ColumnRole, Item, Method
from dexter.extraction.proof import phrases
from dexter.extraction.proof.parts import UNCOVERED
from dexter.extraction.proof.phrases import Phrases, named
from dexter.extraction.proof.proof import Proof

Terms = tuple[tuple[int, int], ...]
_LONGEST = 24
_FEWEST = 2
_FAR = 30
_ZERO = Decimal(0)


class Fit(StrEnum):
    """How well a sum holds in a column."""

    EXACT = "exact"
    ROUNDED = "rounded"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that add up: Σ sign × row is nothing. ``items`` are the lines it proves."""

    name: str
    terms: Terms
    items: Mapping[Item, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Further:
    """The further lines of a table, and the sums that prove them."""

    groups: tuple[Group, ...]
    unproven: Mapping[Item, int]

    @property
    def rows(self) -> dict[Item, tuple[int, ...]]:
        """Which rows say which further line."""
        found: dict[Item, tuple[int, ...]] = {i: (r,) for i, r in self.unproven.items()}
        for group in self.groups:
            found |= group.items
        return found


def further(proof: Proof) -> Further:
    """Every further line of a proven table that a sum of its rows covers.

    A sum counts when it holds in every core column: to the last digit from OCR, within
    rounding from text. Lines that no sum covers are read from text only.
    """
    tried = _bank(proof) if proof.bank else _general(proof)
    groups = tuple(
        group
        for group in (*tried, *_comprehensive(proof))
        if group.items and _holds_in_core(proof, group)
    )
    alone = {}
    if proof.sheet.method is Method.TEXT:
        after = _last(proof, Item.NET_PROFIT)
        below = range(after + 1, len(proof.table.rows))
        alone = named(phrases.UNPROVEN, proof.table.rows, below, wrapped=False)
    return Further(groups, alone)


def believed(
    proof: Proof, found: Further, columns: Mapping[ColumnRole, Column]
) -> dict[ColumnRole, Column]:
    """Columns in which a further line stands only where its own sum holds too.

    Args:
        proof: the proven table.
        found: its further lines.
        columns: as read, with the rows of ``found`` among their items.
    """
    return {
        role: replace(column, items=_items(proof, found, proof.roles[role][0], column))
        for role, column in columns.items()
    }


def _items(
    proof: Proof, found: Further, index: int, column: Column
) -> dict[Item, Cell]:
    items = dict(column.items)
    for group in found.groups:
        fit = _fit(proof, group, index)
        for item in set(group.items) & set(items):
            items[item] = _judged(items[item], group, fit)
    for item in set(found.unproven) & set(items):
        items[item] = _less_sure(items[item])
    return items


def _judged(cell: Cell, group: Group, fit: Fit) -> Cell:
    if fit is Fit.BROKEN and cell.value is not None:
        why = f"{group.name} does not hold in this column"
        return replace(cell, value=None, reason=why)
    return _less_sure(cell) if fit is Fit.ROUNDED else cell


def _less_sure(cell: Cell) -> Cell:
    return replace(cell, confidence=min(cell.confidence, UNCOVERED))


def _general(proof: Proof) -> Iterable[Group]:
    sources = proof.solution.sources
    cost, top = sources[Item.TOTAL_EXPENSES].rows, sources[Item.REVENUE].rows
    above = [row for i in _TOPS for row in sources[i].rows if row < cost[-1]]
    yield from _run(
        proof,
        ("total expenses = the sum of their lines", phrases.EXPENSES),
        cost,
        (max(above, default=-1) + 1, cost[-1]),
    )
    if len(top) == 1:
        ends = (0, _first(proof, Item.TOTAL_EXPENSES))
        what = ("revenue = the sum of its lines", phrases.REVENUE)
        yield from _run(proof, what, top, ends)
    yield from _tax(proof)
    yield from _before_exceptional(proof)


def _bank(proof: Proof) -> Iterable[Group]:
    sources = proof.solution.sources
    cost = _first(proof, Item.TOTAL_EXPENSES)
    yield from _run(
        proof,
        ("interest earned = the sum of its lines", phrases.INTEREST),
        sources[Item.REVENUE].rows,
        (0, cost),
    )
    yield from _run(
        proof,
        ("operating expenses = employees + other", phrases.OPERATING),
        sources[Item.OPERATING_EXPENSES].rows,
        (_last(proof, Item.INTEREST_EXPENDED) + 1, cost),
    )
    yield from _tax(proof)


_TOPS = (Item.REVENUE, Item.OTHER_INCOME, Item.TOTAL_INCOME)


def _run(
    proof: Proof,
    what: tuple[str, Phrases],
    whole: tuple[int, ...],
    ends: tuple[int, int],
) -> Iterable[Group]:
    """The rows next to a total that add up to it: before it, or else after it."""
    if len(whole) != 1:
        return
    (total,) = whole
    name, words = what
    before = [r for r in range(total - 1, ends[0] - 1, -1) if _has_cells(proof, r)]
    after = [r for r in range(total + 1, ends[1]) if _has_cells(proof, r)]
    for exact, side in product((True, False), (before, after)):
        # Within rounding only all of the rows will do: fewer may fit by accident.
        fewest = _FEWEST if exact else max(_FEWEST, len(side))
        for size in range(fewest, min(len(side), _LONGEST) + 1):
            rows = sorted(side[:size])
            terms = ((1, total), *((-1, row) for row in rows))
            items = named(words, proof.table.rows, rows)
            fresh = {i: (r,) for i, r in items.items() if _is_free(proof, i)}
            group = Group(name, terms, fresh)
            if _holds_in_core(proof, group, exact=exact):
                yield group
                return


def _tax(proof: Proof) -> Iterable[Group]:
    rows = proof.solution.sources[Item.TAX].rows
    name = "tax = current + deferred tax"
    if len(rows) > 1:
        # The parts are the tax: the identity of the net profit has proven their sum.
        items = named(phrases.TAX, proof.table.rows, rows)
        yield Group(name, (), {item: (row,) for item, row in items.items()})
        return
    ends = (_last(proof, Item.PROFIT_BEFORE_TAX) + 1, _first(proof, Item.NET_PROFIT))
    yield from _run(proof, (name, phrases.TAX), rows, ends)


def _before_exceptional(proof: Proof) -> Iterable[Group]:
    """Profit before exceptional items, which with them is the profit before tax."""
    sources = proof.solution.sources
    profit = sources[Item.PROFIT_BEFORE_TAX].rows
    start = _last(proof, Item.TOTAL_EXPENSES) + 1
    words = {Item.PROFIT_BEFORE_EXCEPTIONAL: r"profit\b.*before (?:the )?exceptional"}
    rows = named(words, proof.table.rows, range(start, profit[0]))
    row = rows.get(Item.PROFIT_BEFORE_EXCEPTIONAL)
    extras = (Item.EXCEPTIONAL, Item.SHARE_OF_ASSOCIATES)
    if row is None or len(profit) != 1:
        return
    later = [r for i in extras if i in sources for r in sources[i].rows]
    later = [r for r in later if row < r < profit[0]]
    for signs in product((1, -1), repeat=len(later)):
        between = tuple((-s, r) for s, r in zip(signs, later, strict=True))
        terms = ((1, profit[0]), (-1, row), *between)
        name = "profit before tax = profit before exceptional items ± exceptional items"
        group = Group(name, terms, {Item.PROFIT_BEFORE_EXCEPTIONAL: (row,)})
        if _holds_in_core(proof, group):
            yield group
            return


def _comprehensive(proof: Proof) -> Iterable[Group]:
    """Other and total comprehensive income, which follow the net profit."""
    profit = proof.solution.sources[Item.NET_PROFIT].rows
    start = profit[-1] + 1
    near = range(start, min(start + _FAR, len(proof.table.rows)))
    rows = named(phrases.COMPREHENSIVE, proof.table.rows, near)
    total = rows.get(Item.TOTAL_COMPREHENSIVE)
    other = rows.get(Item.OTHER_COMPREHENSIVE)
    if total is None or len(profit) != 1:
        return
    name = "total comprehensive income = net profit + other comprehensive income"
    items: dict[Item, tuple[int, ...]] = {Item.TOTAL_COMPREHENSIVE: (total,)}
    if other is not None and other < total:
        terms = ((1, total), (-1, profit[0]), (-1, other))
        group = Group(name, terms, {**items, Item.OTHER_COMPREHENSIVE: (other,)})
        if _holds_in_core(proof, group):
            yield group
            return
    parts = [row for row in range(start, total) if _has_cells(proof, row)]
    # The last rows first: one total of the parts goes before the parts.
    for first in reversed(range(len(parts))):
        rest = tuple((-1, row) for row in parts[first:])
        lines = {**items, Item.OTHER_COMPREHENSIVE: tuple(parts[first:])}
        group = Group(name, ((1, total), (-1, profit[0]), *rest), lines)
        if _holds_in_core(proof, group):
            yield group
            return


def _is_free(proof: Proof, item: Item) -> bool:
    return item not in proof.solution.sources


def _last(proof: Proof, item: Item) -> int:
    return max(proof.solution.sources[item].rows, default=-1)


def _first(proof: Proof, item: Item) -> int:
    rows = proof.solution.sources[item].rows
    return min(rows, default=len(proof.table.rows))


def _has_cells(proof: Proof, row: int) -> bool:
    return any(proof.table.rows[row].cells)


def _holds_in_core(proof: Proof, group: Group, *, exact: bool = False) -> bool:
    vectors = [(sign, proof.grid.values[row]) for sign, row in group.terms]
    if any(values is None for _, values in vectors):
        return False
    off = [
        sum((sign * values[i] for sign, values in vectors if values), _ZERO)
        for i in range(proof.grid.width)
    ]
    fits = {_near(proof, group, value) for value in off}
    return fits <= ({Fit.EXACT} if exact else {Fit.EXACT, Fit.ROUNDED})


def _fit(proof: Proof, group: Group, index: int) -> Fit:
    total = _ZERO
    for sign, row in group.terms:
        cell = proof.table.rows[row].cells[index]
        if cell is None or cell.reason == "printed as a dash":
            continue
        if cell.value is None:
            return Fit.BROKEN
        total += sign * cell.value
    return _near(proof, group, total)


def _near(proof: Proof, group: Group, off: Decimal) -> Fit:
    if not off:
        return Fit.EXACT
    trusted = proof.sheet.method is Method.TEXT
    allowed = proof.grid.step * len(group.terms) / 2
    return Fit.ROUNDED if trusted and abs(off) <= allowed else Fit.BROKEN
