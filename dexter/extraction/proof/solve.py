"""The joint search: which rows are which lines, so that the identities hold.

A label alone never decides. Rows are assigned together, and an assignment counts only
if every identity holds in every core column (the quarter, the one before and the
year-ago one).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import product

from dexter.domain.statement import Item
from dexter.extraction.proof.labels import candidates
from dexter.extraction.proof.sources import (
    Grid,
    Source,
    Vector,
    revenue_parts,
    row_source,
    tax_parts,
    total,
)

_BEAM = 40
_CLOSE = 4.0
_PLAINLY = 90.0
_ABSENT_COST = 12.0
_ADJUSTMENT_COST = 3.0
_ROUNDED_COST = 25.0


@dataclass(frozen=True, slots=True)
class Equation:
    """``left`` = Σ required terms + Σ optional ones, each zero, added or taken away."""

    left: Item
    terms: tuple[tuple[int, Item], ...]
    optional: tuple[tuple[tuple[int, ...], Item], ...] = ()


GENERAL = (
    Equation(Item.TOTAL_INCOME, ((1, Item.REVENUE), (1, Item.OTHER_INCOME))),
    Equation(
        Item.PROFIT_BEFORE_TAX,
        ((1, Item.TOTAL_INCOME), (-1, Item.TOTAL_EXPENSES)),
        (
            ((1, -1), Item.EXCEPTIONAL),
            ((1,), Item.SHARE_OF_ASSOCIATES),
            ((-1,), Item.FINANCE_COSTS),
        ),
    ),
    Equation(
        Item.NET_PROFIT,
        ((1, Item.PROFIT_BEFORE_TAX), (-1, Item.TAX)),
        (((1,), Item.SHARE_OF_ASSOCIATES), ((1,), Item.DISCONTINUED)),
    ),
)
BANK = (
    Equation(Item.TOTAL_INCOME, ((1, Item.REVENUE), (1, Item.OTHER_INCOME))),
    Equation(
        Item.TOTAL_EXPENSES,
        ((1, Item.INTEREST_EXPENDED), (1, Item.OPERATING_EXPENSES)),
    ),
    Equation(
        Item.OPERATING_PROFIT,
        ((1, Item.TOTAL_INCOME), (-1, Item.TOTAL_EXPENSES)),
    ),
    Equation(
        Item.PROFIT_BEFORE_TAX,
        ((1, Item.OPERATING_PROFIT), (-1, Item.PROVISIONS)),
        (((1, -1), Item.EXCEPTIONAL),),
    ),
    Equation(Item.NET_PROFIT, ((1, Item.PROFIT_BEFORE_TAX), (-1, Item.TAX))),
)
# Lines a statement may leave out; their absence is zero only if the sums agree.
_MAY_BE_ABSENT = {Item.OTHER_INCOME, Item.TAX, Item.TOTAL_INCOME}


@dataclass(frozen=True, slots=True)
class Solution:
    """An assignment under which every identity holds."""

    sources: Mapping[Item, Source]
    score: float
    worst: Decimal
    signs: Mapping[Item, int] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether every identity holds to the last digit."""
        return self.worst == 0


def solve(table: Grid, equations: Sequence[Equation]) -> list[Solution]:
    """Assignments that satisfy every equation, best first."""
    if all(values is None for values in table.values):
        return []
    options = _options(table, equations)
    beam = [Solution({}, 0.0, Decimal(0))]
    for equation in equations:
        grown = [
            longer
            for partial in beam
            for longer in _extend(table, equation, options, partial)
        ]
        grown.sort(key=lambda one: -one.score)
        beam = grown[:_BEAM]
    return [one for one in beam if _ordered(one)]


def _options(table: Grid, equations: Sequence[Equation]) -> dict[Item, list[Source]]:
    items = {e.left for e in equations}
    items |= {i for e in equations for _, i in (*e.terms, *e.optional)}
    options = {
        item: [s for c in candidates(item, table.rows) if (s := row_source(table, c))]
        for item in items
    }
    options[Item.TAX] += tax_parts(table)
    options[Item.REVENUE] += revenue_parts(table, options.get(Item.OTHER_INCOME, []))
    return options


def _extend(
    table: Grid,
    equation: Equation,
    options: Mapping[Item, list[Source]],
    partial: Solution,
) -> Iterator[Solution]:
    items = [equation.left, *(item for _, item in equation.terms)]
    choices = [_choices(table, item, options, partial) for item in items]
    for picked in product(*choices):
        named = dict(zip(items, picked, strict=True))
        absent = [item for item in items if not named[item].rows]
        if len(absent) > 1 or _clash(partial, named):
            continue
        if equation.left in absent:
            whole = _sum(equation, named)
            named[equation.left] = replace(named[equation.left], values=whole)
        yield from _close_equation(table, equation, options, (partial, named))


def _choices(
    table: Grid, item: Item, options: Mapping[Item, list[Source]], partial: Solution
) -> list[Source]:
    if item in partial.sources:
        return [partial.sources[item]]
    found = list(options.get(item, []))
    # A line that is plainly printed cannot be called absent to make sums agree.
    printed = any(source.score >= _PLAINLY and any(source.values) for source in found)
    if item in _MAY_BE_ABSENT and not printed:
        found.append(Source((), (Decimal(0),) * table.width, -_ABSENT_COST))
    return found


def _clash(partial: Solution, named: Mapping[Item, Source]) -> bool:
    """One row may not serve as two lines."""
    taken = [s.rows for i, s in partial.sources.items() if i not in named]
    taken += [s.rows for s in named.values()]
    rows = [row for one in taken for row in one]
    return len(rows) != len(set(rows))


def _sum(equation: Equation, named: Mapping[Item, Source]) -> Vector:
    signed = [
        tuple(sign * value for value in named[item].values)
        for sign, item in equation.terms
    ]
    return total(signed)


def _close_equation(
    table: Grid,
    equation: Equation,
    options: Mapping[Item, list[Source]],
    state: tuple[Solution, dict[Item, Source]],
) -> Iterator[Solution]:
    partial, named = state
    base = _sum(equation, named)
    left = named[equation.left].values
    off = tuple(a - b for a, b in zip(left, base, strict=True))
    allowed = table.step * (len(equation.terms) + 1) / 2
    holds = all(abs(value) <= allowed for value in off)
    plain: list[list[tuple[int, Item, Source]]] = [[]]
    # Every adjustment is nonzero, so a sum that holds already needs none.
    extra = plain if holds else _adjustments(equation, options, partial, named)
    for extras in extra:
        shift = [
            tuple(sign * value for value in source.values) for sign, _, source in extras
        ]
        rest = total([off, *(tuple(-v for v in s) for s in shift)])
        worst = max(abs(value) for value in rest)
        if worst > table.step * (len(equation.terms) + 1 + len(extras)) / 2:
            continue
        sources = {**partial.sources, **named, **{i: s for _, i, s in extras}}
        cost = _ADJUSTMENT_COST * len(extras) + (_ROUNDED_COST if worst else 0)
        fresh = sum(s.score for i, s in named.items() if i not in partial.sources)
        yield Solution(
            sources,
            partial.score + fresh - cost,
            max(partial.worst, worst),
            {**partial.signs, **{i: sign for sign, i, _ in extras}},
        )


def _adjustments(
    equation: Equation,
    options: Mapping[Item, list[Source]],
    partial: Solution,
    named: Mapping[Item, Source],
) -> Iterator[list[tuple[int, Item, Source]]]:
    taken = {r for s in (*partial.sources.values(), *named.values()) for r in s.rows}
    choices: list[list[tuple[int, Item, Source] | None]] = []
    for signs, item in equation.optional:
        free = [
            source
            for source in options.get(item, [])[:3]
            if item not in partial.sources
            and not taken & set(source.rows)
            and any(source.values)
        ]
        choices.append([None, *((s, item, one) for one in free for s in signs)])
    for picked in product(*choices):
        extras = [one for one in picked if one is not None]
        rows = [row for _, _, source in extras for row in source.rows]
        if len(rows) == len(set(rows)):
            yield extras


def _ordered(one: Solution) -> bool:
    """Revenue, then expenses, then profit before tax, then net profit."""
    order = (
        Item.REVENUE,
        Item.TOTAL_EXPENSES,
        Item.PROFIT_BEFORE_TAX,
        Item.NET_PROFIT,
    )
    rows = [one.sources[i].rows[-1] for i in order if one.sources[i].rows]
    return len(rows) == len(order) and rows == sorted(rows)


def rivals(solutions: Sequence[Solution], items: Sequence[Item]) -> bool:
    """Whether a nearly as good assignment gives some line other values."""
    best = solutions[0]
    for other in solutions[1:]:
        if best.score - other.score > _CLOSE:
            return False
        for item in items:
            a, b = best.sources.get(item), other.sources.get(item)
            if (a.values if a else None) != (b.values if b else None):
                return True
    return False
