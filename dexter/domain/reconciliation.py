"""Two filings that give one figure differently; each stays what its filing says."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from dexter.domain.filing import Basis
from dexter.domain.statement import Cell, ColumnRole, Item, Unit


class DifferenceKind(StrEnum):
    """Why two filings differ.

    ``restated``: a later period's filing re-presents an earlier period; ``revised``: a
    later version of the same filing; ``disagrees``: two documents of one period;
    ``year_to_date``: a quarter is not its year to date less the one before (the second
    side, derived from both).
    """

    RESTATED = "restated"
    REVISED = "revised"
    DISAGREES = "disagrees"
    YEAR_TO_DATE = "year_to_date"


@dataclass(frozen=True, slots=True)
class Side:
    """What one filing gives: the cell as printed, in rupees, and where it stands.

    ``speaks_of`` is the period the filing is for, ``role`` the column the cell is in.
    """

    sha256: str
    document: str
    xbrl: bool
    url: str | None
    known_at: datetime | None
    speaks_of: date
    role: ColumnRole
    unit: Unit
    cell: Cell
    value: Decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure two filings give differently, beyond what rounding explains.

    ``parts`` are the printed sides a derived second side was computed from.
    """

    kind: DifferenceKind
    basis: Basis
    period_end: date
    months: int
    item: Item
    first: Side
    second: Side
    parts: tuple[Side, ...] = ()
