"""A person's corrections on a statement: typed as printed, kept beside who and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from dexter.domain.decision import Change
from dexter.domain.filing import Basis
from dexter.domain.statement import (
    Cell,
    Column,
    ColumnRole,
    Hand,
    Method,
    Statement,
    Unit,
)
from dexter.extraction.people.typed import DecisionError, Place, month_end, named, typed

_QUARTER = 3
_YEAR = 12
_MARCH = 3
_BACK = {
    ColumnRole.CURRENT: 0,
    ColumnRole.PREVIOUS_QUARTER: _QUARTER,
    ColumnRole.SAME_QUARTER_LAST_YEAR: _YEAR,
    ColumnRole.YEAR_TO_DATE: 0,
    ColumnRole.PREVIOUS_YEAR_TO_DATE: _YEAR,
}


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person changes; values as typed, in the statement's own unit."""

    values: Mapping[Place, str] = field(default_factory=dict)
    withheld: tuple[Place, ...] = ()
    dropped: tuple[ColumnRole, ...] = ()
    unit: Unit | None = None
    basis: Basis | None = None
    period_end: date | None = None
    page: int | None = None
    symbol: str | None = None

    @property
    def any(self) -> bool:
        """Whether anything is changed at all."""
        return self != Corrections()


def corrected(
    statement: Statement, wishes: Corrections, hand: Hand
) -> tuple[Statement, tuple[Change, ...]]:
    """The statement with a person's corrections, and what they changed.

    Raises:
        DecisionError: a value for a column whose period nobody knows.
    """
    told = _described(statement, wishes)
    changes = [
        Change(name, _text(getattr(statement, name)), _text(getattr(told, name)))
        for name in ("unit", "basis", "period_end", "page", "symbol")
        if getattr(statement, name) != getattr(told, name)
    ]
    columns = dict(told.columns)
    gone = [role for role in wishes.dropped if columns.pop(role, None)]
    changes += [Change(role.value, "column", "withheld") for role in gone]
    for where, text in wishes.values.items():
        new = typed(where, text)
        changes += _put(columns, told, where, replace(new, hand=hand))
    for where in wishes.withheld:
        reason = f"withheld by {hand.by}"
        none = Cell(None, None, Method.PERSON, reason=reason, hand=hand)
        changes += _put(columns, told, where, none)
    if told.columns and ColumnRole.CURRENT in columns:
        told = replace(told, months=columns[ColumnRole.CURRENT].months)
    elif ColumnRole.CURRENT in columns:
        told = replace(told, months=_QUARTER)
    return replace(told, columns=columns), tuple(changes)


def _described(statement: Statement, wishes: Corrections) -> Statement:
    """With unit, basis, period, page and symbol as the person says."""
    told = replace(
        statement,
        unit=wishes.unit or statement.unit,
        basis=wishes.basis or statement.basis,
        page=wishes.page or statement.page,
        symbol=wishes.symbol or statement.symbol,
    )
    end = wishes.period_end
    if end is None or end == statement.period_end:
        return told
    columns = {
        role: replace(column, period_end=_end_of(role, end))
        for role, column in statement.columns.items()
    }
    return replace(told, period_end=end, columns=columns)


def _put(
    columns: dict[ColumnRole, Column], told: Statement, where: Place, new: Cell
) -> list[Change]:
    """Lay a cell over the one there; its address stays, as the page is the same."""
    item, role = where
    column = columns.get(role) or _empty(role, told.period_end)
    old = column.items.get(item)
    was = _shown(old)
    if old is not None:
        # What stood there first is remembered through later corrections.
        first = old.hand.was if old.hand and old.hand.was else was
        hand = replace(new.hand, was=first) if new.hand else None
        new = replace(
            old,
            value=new.value,
            printed=new.printed,
            method=new.method,
            confidence=1.0,
            reason=new.reason,
            hand=hand,
        )
    else:
        row, head = item.value.replace("_", " "), role.value.replace("_", " ")
        new = replace(new, page=told.page, row=row, column=head)
    columns[role] = replace(column, items={**column.items, item: new})
    return [Change(named(where), was, _shown(new))]


def _empty(role: ColumnRole, end: date | None) -> Column:
    if end is None:
        raise DecisionError.no_period()
    return Column(_end_of(role, end), _months_of(role, end), {})


def _shown(cell: Cell | None) -> str | None:
    if cell is None:
        return None
    return f"{cell.value:f}" if cell.value is not None else cell.printed


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _end_of(role: ColumnRole, end: date) -> date:
    """Where the period of a column ends, for fiscal years from April to March."""
    if role is ColumnRole.PREVIOUS_YEAR:
        return date(end.year - (end.month <= _MARCH), _MARCH, 31)
    return month_end(end, _BACK[role])


def _months_of(role: ColumnRole, end: date) -> int:
    if role is ColumnRole.PREVIOUS_YEAR:
        return _YEAR
    if role in {ColumnRole.YEAR_TO_DATE, ColumnRole.PREVIOUS_YEAR_TO_DATE}:
        return (end.month - _MARCH - 1) % _YEAR + 1
    return _QUARTER
