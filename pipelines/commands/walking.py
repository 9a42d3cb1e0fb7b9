"""A statement walked through value by value, the crop's path beside each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from dexter.domain.decision import Case
from dexter.domain.filing import Basis
from dexter.domain.statement import Cell, ColumnRole, Item, Unit
from dexter.errors import UsageError
from dexter.extraction.people import typed
from dexter.extraction.people.person import Corrections
from dexter.extraction.people.typed import DecisionError, Place

Ask = Callable[[str], str]
Tell = Callable[[str], None]
T = TypeVar("T")

_KEYS = "Enter = as shown, or a figure as printed; - a dash, w withhold, q stop"
_FRESH = "Enter = the page has no such line; else as printed; - a dash, q stop"
# What is asked of a statement in which the reader placed nothing.
_USUAL = (
    Item.REVENUE,
    Item.OTHER_INCOME,
    Item.TOTAL_INCOME,
    Item.TOTAL_EXPENSES,
    Item.FINANCE_COSTS,
    Item.EXCEPTIONAL,
    Item.PROFIT_BEFORE_TAX,
    Item.TAX,
    Item.NET_PROFIT,
    Item.EPS_BASIC,
    Item.EPS_DILUTED,
)


class WalkStoppedError(UsageError):
    """The walk was left before its end."""

    def __init__(self) -> None:
        super().__init__(
            "The walk was stopped, so nothing was kept.",
            "Begin again with --walk, or settle single values with --set.",
        )


@dataclass(slots=True)
class Walk:
    """A walk under way: how it asks, and what was answered."""

    ask: Ask
    tell: Tell
    crops: Mapping[Place, Path]
    values: dict[Place, str] = field(default_factory=dict)
    withheld: list[Place] = field(default_factory=list)


def walk(
    case: Case, wishes: Corrections, crops: Mapping[Place, Path], ask: Ask, tell: Tell
) -> Corrections:
    """What a person answers to every value of a statement.

    Args:
        case: the statement.
        wishes: what was said on the command line already.
        crops: pictures of cells.
        ask: puts a question and returns the line typed.
        tell: shows a line.

    Raises:
        WalkStoppedError: it was left before its end.
    """
    now = Walk(ask, tell, crops, dict(wishes.values), list(wishes.withheld))
    try:
        told = _described(case, wishes, now)
        tell(_KEYS if case.statement.columns else _FRESH)
        for where, cell in _places(case, wishes):
            if where not in now.values and where not in now.withheld:
                _value(where, cell, now)
        if ask("Do these stand, as the page prints them? [y/N] ").lower() != "y":
            raise WalkStoppedError
    except EOFError as error:
        raise WalkStoppedError from error
    return replace(told, values=now.values, withheld=tuple(now.withheld))


def _described(case: Case, wishes: Corrections, now: Walk) -> Corrections:
    """Unit, basis and period, where neither the reader nor the person has said."""
    one, told = case.statement, wishes
    if one.unit is None and told.unit is None:
        names = "/".join(Unit)
        told = replace(told, unit=_until(f"unit ({names}): ", typed.unit, now))
    if one.basis is None and told.basis is None:
        names = "/".join(Basis)
        told = replace(told, basis=_until(f"basis ({names}): ", typed.basis, now))
    if one.period_end is None and told.period_end is None:
        asked = "last day of the current quarter (YYYY-MM-DD): "
        told = replace(told, period_end=_until(asked, typed.last_day, now))
    return told


def _places(case: Case, wishes: Corrections) -> Iterator[tuple[Place, Cell | None]]:
    columns = case.statement.columns
    if not columns:
        yield from (((item, ColumnRole.CURRENT), None) for item in _USUAL)
        return
    for role, column in columns.items():
        if role not in wishes.dropped:
            known = [item for item in Item if item in column.items]
            yield from (((item, role), column.items[item]) for item in known)


def _value(where: Place, cell: Cell | None, now: Walk) -> None:
    crop = f"  {now.crops[where]}" if where in now.crops else ""
    shown = "nothing"
    if cell is not None:
        shown = f"withheld (printed {cell.printed})" if cell.printed else "withheld"
        if cell.value is not None:
            shown = f"{cell.value:f}"
    question = f"{typed.named(where)}  {shown}{crop}\n  > "

    def read(answer: str) -> str:
        if answer not in {"", "w"}:
            typed.typed(where, answer)
        return answer

    answer = _until(question, read, now)
    if answer == "w":
        now.withheld.append(where)
    elif answer:
        now.values[where] = answer


def _until(question: str, read: Callable[[str], T], now: Walk) -> T:
    """Ask until the answer can be read."""
    while True:
        answer = now.ask(question).strip()
        if answer == "q":
            raise WalkStoppedError
        try:
            return read(answer)
        except DecisionError as error:
            now.tell(f"{error.sentence} {error.hint}")
