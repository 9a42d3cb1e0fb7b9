"""What a person types about a statement: places, printed values, dates."""

import calendar
import difflib
import re
from collections.abc import Iterable
from datetime import date

from dexter.domain.filing import Basis
from dexter.domain.statement import Cell, ColumnRole, Item, Method, Unit
from dexter.errors import UsageError
from dexter.extraction.pages.figures import figure

_NIL = re.compile(r"[-–—−]{1,4}|nil", re.IGNORECASE)
_YEAR = 12
_FEW = 8
_ITEM, _COLUMN, _UNIT, _BASIS = "line item", "column", "unit", "basis"
Place = tuple[Item, ColumnRole]


class DecisionError(UsageError):
    """A decision that cannot be taken as it was typed."""

    @classmethod
    def nobody(cls) -> "DecisionError":
        """Nobody stands for it."""
        return cls(
            "A decision needs the name of whoever takes it.",
            "Add --by NAME; it stays beside every value you settle.",
        )

    @classmethod
    def unknown(cls, text: str, what: str, known: Iterable[str]) -> "DecisionError":
        """A name that is no item, column, unit or basis."""
        names = list(known)
        near = difflib.get_close_matches(text.lower(), names, 3, 0.5)
        hint = f"Did you mean {' or '.join(near)}?" if near else ""
        if not near or len(names) <= _FEW:
            hint = f"{hint} There are {', '.join(names)}.".strip()
        return cls(f"{text!r} is no {what}.", hint)

    @classmethod
    def unreadable(cls, place: str, text: str) -> "DecisionError":
        """A value that is no printed figure."""
        return cls(
            f"{text!r} is not a figure for {place}.",
            "Type it as printed: 1,234.50, (12.30) for a negative, - for a dash.",
        )

    @classmethod
    def unassigned(cls, text: str) -> "DecisionError":
        """A --set without a value."""
        return cls(f"--set {text!r} gives no value.", "Write ITEM[:COLUMN]=VALUE.")

    @classmethod
    def no_period(cls) -> "DecisionError":
        """Values for a statement of which nobody knows the period."""
        return cls(
            "The period of this statement is not known, so no value can be placed.",
            "Add --period-end YYYY-MM-DD, the last day of its current quarter.",
        )

    @classmethod
    def no_date(cls, text: str) -> "DecisionError":
        """A period end that is no day."""
        return cls(
            f"{text!r} is not the last day of a month.",
            "Write --period-end like 2025-06-30.",
        )

    @classmethod
    def nothing_named(cls) -> "DecisionError":
        """A decision about no statement."""
        return cls(
            "A decision needs the statement it is about.",
            "Give its id, as `dexter extract review` lists it.",
        )

    @classmethod
    def both(cls) -> "DecisionError":
        """Rejected and settled at once."""
        return cls(
            "A statement is rejected or settled, not both.",
            "Leave out --reject, or everything else but --by and --because.",
        )

    @classmethod
    def accepted(cls, name: str) -> "DecisionError":
        """A confirmation of what is accepted already."""
        return cls(
            f"{name} is accepted already; there is nothing to confirm.",
            "Correct it with --set, or reject it with --reject --because TEXT.",
        )

    @classmethod
    def no_reason(cls) -> "DecisionError":
        """A rejection without a reason."""
        return cls(
            "A rejection needs its reason.", "Add --because “a forecast, not results”."
        )


def place(text: str) -> Place:
    """``ITEM`` or ``ITEM:COLUMN``; without a column the current one.

    Raises:
        DecisionError: no such item or column.
    """
    name, _, role = text.strip().partition(":")
    return _item(name), column_role(role) if role else ColumnRole.CURRENT


def assigned(text: str) -> tuple[Place, str]:
    """``ITEM[:COLUMN]=VALUE`` as a place and the value as typed.

    Raises:
        DecisionError: no such item or column, or no value.
    """
    name, equals, value = text.partition("=")
    if not equals or not value.strip():
        raise DecisionError.unassigned(text)
    where = place(name)
    typed(where, value)
    return where, value.strip()


def _item(text: str) -> Item:
    name = text.strip().lower()
    if name not in list(Item):
        raise DecisionError.unknown(text.strip(), _ITEM, list(Item))
    return Item(name)


def column_role(text: str) -> ColumnRole:
    """A column by its name.

    Raises:
        DecisionError: there is no such column.
    """
    name = text.strip().lower()
    if name not in list(ColumnRole):
        raise DecisionError.unknown(text.strip(), _COLUMN, list(ColumnRole))
    return ColumnRole(name)


def last_day(text: str) -> date:
    """The last day of a month, in ISO form.

    Raises:
        DecisionError: it is something else.
    """
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise DecisionError.no_date(text) from error
    if day != month_end(day, 0):
        raise DecisionError.no_date(text)
    return day


def typed(where: Place, text: str) -> Cell:
    """A cell of a value as typed; a dash is nothing, with its reason.

    Raises:
        DecisionError: the text is no figure.
    """
    plain = "".join(text.split()).removeprefix("₹")
    if _NIL.fullmatch(plain):
        reason = "printed as a dash"
        return Cell(None, text.strip(), Method.PERSON, reason=reason)
    value = figure(plain)
    if value is None:
        raise DecisionError.unreadable(named(where), text.strip())
    return Cell(value, text.strip(), Method.PERSON)


def named(where: Place) -> str:
    """A place as it is typed: ``net_profit:current``."""
    return f"{where[0].value}:{where[1].value}"


def month_end(day: date, back: int) -> date:
    """The last day of the month some months before a day's."""
    months = day.year * _YEAR + day.month - 1 - back
    year, month = divmod(months, _YEAR)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def unit(text: str) -> Unit:
    """A unit by its name.

    Raises:
        DecisionError: there is no such unit.
    """
    name = text.strip().lower()
    if name not in list(Unit):
        raise DecisionError.unknown(text.strip(), _UNIT, list(Unit))
    return Unit(name)


def basis(text: str) -> Basis:
    """A basis by its name.

    Raises:
        DecisionError: there is no such basis.
    """
    name = text.strip().lower()
    if name not in list(Basis):
        raise DecisionError.unknown(text.strip(), _BASIS, list(Basis))
    return Basis(name)
