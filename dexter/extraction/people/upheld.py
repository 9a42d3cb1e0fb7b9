"""Whether a statement a person settled holds: a word does not beat arithmetic."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.filing import Grade, Review
from dexter.domain.moment import IST
from dexter.domain.statement import (
    Cell,
    Check,
    Column,
    ColumnRole,
    Hand,
    Item,
    Method,
    Statement,
)
from dexter.extraction.people.implied import EPS, eps_problems
from dexter.extraction.people.rounding import step_of
from dexter.extraction.proof.identities import Outcome, earnings_per_share, outcomes

_ZERO = Decimal(0)
_FILLED = (
    Item.REVENUE,
    Item.OTHER_INCOME,
    Item.TOTAL_EXPENSES,
    Item.PROFIT_BEFORE_TAX,
    Item.TAX,
    Item.NET_PROFIT,
)
_FLOWS = (Item.REVENUE, Item.TOTAL_INCOME, Item.TOTAL_EXPENSES, Item.PROFIT_BEFORE_TAX)
_NEEDED = {
    Family.INSURER: (Item.PROFIT_BEFORE_TAX, Item.NET_PROFIT),
    Family.BANK: (
        Item.TOTAL_INCOME,
        Item.TOTAL_EXPENSES,
        Item.PROFIT_BEFORE_TAX,
        Item.NET_PROFIT,
    ),
}
_NEEDED_OF_MOST = (Item.TOTAL_EXPENSES, Item.PROFIT_BEFORE_TAX, Item.NET_PROFIT)
_NIL = ("printed as a dash", "filed as 0")
# One of the two is misprinted; to say what is printed does not tell which.
_LASTING = "the quarter and the year to date carry the same figures"
Values = dict[Item, Decimal | None]


@dataclass(frozen=True, slots=True)
class Proof:
    """What arithmetic says of a statement, whoever read it.

    ``doubts`` names the cells that take part in something that does not hold.
    """

    checks: tuple[Check, ...]
    problems: tuple[str, ...]
    doubts: Mapping[tuple[Item, ColumnRole], tuple[str, ...]]


def prove(statement: Statement, reading: Statement | None = None) -> Proof:
    """Apply every rule a settled statement must satisfy, to every column it keeps.

    Args:
        statement: as corrected.
        reading: as the reader left it; a doubt that no look at the page can answer
            stays until the figures it is about are others.
    """
    problems = [*_unknown(statement), *_lasting(statement, reading)]
    checks: list[Check] = []
    doubts: dict[tuple[Item, ColumnRole], list[str]] = defaultdict(list)
    for role, column in statement.columns.items():
        for outcome, involved in _outcomes(statement, column):
            checks.append(outcome.check(role))
            if not outcome.ok:
                problems.append(f"{role}: {_failing(outcome)}")
                for item in involved:
                    doubts[item, role].append(_failing(outcome))
        for item in _lacking(statement.family, column):
            problems.append(f"{role}: {item} has no value")
            doubts[item, role].append("no value")
    for role, item, why in eps_problems(statement):
        problems.append(f"{role}: {item}: {why}")
        checks.append(Check(f"{role}: {item}", ok=False, detail=why))
        doubts[item, role].append(why)
    problems += _repeats(statement)
    held = {place: tuple(dict.fromkeys(why)) for place, why in doubts.items()}
    return Proof(tuple(checks), tuple(dict.fromkeys(problems)), held)


def inexact(statement: Statement, touched: Iterable[ColumnRole]) -> tuple[str, ...]:
    """Sums that hold only within rounding, in columns where a person typed.

    A typed last digit hides within rounding: it wants a second look at the page.
    """
    return tuple(
        f"{role}: {one.name} holds only within rounding ({one.detail}): "
        "look again, then --confirm"
        for role in dict.fromkeys(touched)
        if role in statement.columns
        for one, involved in _outcomes(statement, statement.columns[role])
        if one.ok and not one.exact and involved != EPS
    )


def settled(
    statement: Statement, proof: Proof, hand: Hand, against: Sequence[str] = ()
) -> Statement:
    """The statement as it stands after a person's word.

    Accepted, at grade B, only if nothing in the proof fails; every value is then the
    person's. Otherwise it stays in review with the first problem.

    Args:
        statement: with the person's corrections.
        proof: what :func:`prove` found of it.
        hand: who settles it, and when.
        against: what else stands against it.
    """
    problems = [*proof.problems, *against]
    if problems:
        return replace(
            statement,
            checks=proof.checks,
            grade=Grade.C,
            status=Review.REVIEW,
            reason="; ".join(problems[:2]),
        )
    name = f"settled by {hand.by} on {hand.at.astimezone(IST):%d %b %Y}"
    said = Check(name, ok=True, detail="values held against the page by a person")
    columns = {
        role: replace(column, items=_stood_for(column, hand))
        for role, column in statement.columns.items()
    }
    return replace(
        statement,
        columns=columns,
        checks=(*proof.checks, said),
        grade=Grade.B,
        status=Review.ACCEPTED,
        reason=None,
    )


def _stood_for(column: Column, hand: Hand) -> dict[Item, Cell]:
    return {
        item: cell
        if cell.hand or cell.value is None
        else replace(cell, method=Method.PERSON, hand=hand, confidence=1.0)
        for item, cell in column.items.items()
    }


def _unknown(statement: Statement) -> Iterator[str]:
    if statement.unit is None:
        yield "the unit is not known"
    if statement.basis is None:
        yield "the basis is not known"
    if statement.period_end is None:
        yield "the period is not known"
    if ColumnRole.CURRENT not in statement.columns:
        yield "the current period has no values"


def _lasting(statement: Statement, reading: Statement | None) -> Iterator[str]:
    """The reader's doubt that stays while the figures it is about are the same."""
    why = (reading.reason if reading else None) or ""
    if reading is not None and why.startswith(_LASTING):
        current = ColumnRole.CURRENT
        if _flows(statement, current) == _flows(reading, current):
            yield f"{why}: one of them is misprinted"


def _lacking(family: Family, column: Column) -> Iterator[Item]:
    """Lines that must be there, be it as a dash."""
    needed = _NEEDED.get(family, _NEEDED_OF_MOST)
    yield from (item for item in needed if item not in column.items)
    income = (Item.REVENUE, Item.TOTAL_INCOME)
    if family is not Family.INSURER and not any(i in column.items for i in income):
        yield Item.REVENUE


def _failing(one: Outcome) -> str:
    if one.off is None:
        return f"{one.name} {one.detail}"
    if one.name.startswith(("EPS", "diluted")):
        return f"{one.name} does not hold ({one.detail})"
    return f"{one.name} is off by {abs(one.off):f} ({one.detail})"


def _outcomes(
    statement: Statement, column: Column
) -> Iterator[tuple[Outcome, tuple[Item, ...]]]:
    """Each identity on one column, with the lines that take part in it."""
    values = _values(column)
    step = step_of(statement)
    results = _best(statement.family, values, step)
    for one in results:
        yield one, _involved(statement.family, values, step, one)
    if not any(values.get(item) for item in (Item.TOTAL_INCOME, Item.TOTAL_EXPENSES)):
        name = "something is earned or spent"
        yield Outcome(name, None, _ZERO, "is not shown: every figure is nil"), ()
    if any(values.get(item) is not None for item in EPS):
        rupees = statement.unit.rupees if statement.unit else Decimal(1)
        for one in earnings_per_share(values, rupees):
            yield one, EPS


def _best(family: Family, values: Values, step: Decimal) -> list[Outcome]:
    """Finance cost may be printed inside the total expenses or below them."""
    inside = [one for one in outcomes(family, values, step) if one.needed]
    finance, total = values.get(Item.FINANCE_COSTS), values.get(Item.TOTAL_EXPENSES)
    if all(one.ok for one in inside) or not finance or total is None:
        return inside
    moved = {**values, Item.TOTAL_EXPENSES: total + finance}
    below = [one for one in outcomes(family, moved, step) if one.needed]
    return min(inside, below, key=lambda some: sum(not one.ok for one in some))


def _values(column: Column) -> Values:
    """Values for the identities: a dash is nothing, what is withheld is unknown."""
    values: Values = {
        item: _ZERO if is_nil(cell) else cell.value
        for item, cell in column.items.items()
    }
    values |= {item: _ZERO for item in _FILLED if item not in column.items}
    income = (values[Item.REVENUE], values[Item.OTHER_INCOME])
    if Item.TOTAL_INCOME not in column.items and None not in income:
        values[Item.TOTAL_INCOME] = sum((v for v in income if v), _ZERO)
    return values


def is_nil(cell: Cell) -> bool:
    """Whether the page prints that there is nothing."""
    return cell.value is None and (cell.reason or "").startswith(_NIL)


def _involved(
    family: Family, values: Values, step: Decimal, one: Outcome
) -> tuple[Item, ...]:
    """The lines whose change would change an identity's remainder."""
    odd = Decimal("7919.371")
    found = []
    for item, value in values.items():
        moved = {**values, item: (value or _ZERO) + odd}
        again = {o.name: o.off for o in outcomes(family, moved, step)}
        if again.get(one.name) != one.off:
            found.append(item)
    return tuple(found)


def _repeats(statement: Statement) -> Iterator[str]:
    """Two columns with the same figures: one of them is misread or misprinted."""
    seen: dict[tuple[Decimal | None, ...], ColumnRole] = {}
    for role in statement.columns:
        values = _flows(statement, role)
        if not any(values):
            continue
        if values in seen and not _one_period(statement, seen[values], role):
            yield f"{seen[values]} and {role} carry the same figures: withhold one"
        seen.setdefault(values, role)


def _flows(statement: Statement, role: ColumnRole) -> tuple[Decimal | None, ...]:
    cells = [statement.cell(item, role) for item in _FLOWS]
    return tuple(cell.value if cell else None for cell in cells)


def _one_period(statement: Statement, one: ColumnRole, other: ColumnRole) -> bool:
    first, second = statement.columns[one], statement.columns[other]
    return (first.period_end, first.months) == (second.period_end, second.months)
