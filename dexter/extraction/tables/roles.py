"""Which column plays which role, seen from the first one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dexter.domain.period import Quarter
from dexter.domain.statement import ColumnRole

_QUARTER = 3
QUARTERS = (
    ColumnRole.CURRENT,
    ColumnRole.PREVIOUS_QUARTER,
    ColumnRole.SAME_QUARTER_LAST_YEAR,
)
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Period:
    """A column's period; ``months`` is ``None`` when the header does not say."""

    end: date
    months: int | None


def roles(periods: Sequence[Period | None]) -> dict[ColumnRole, tuple[int, Period]]:
    """Which column plays which role, seen from the first column.

    A role that two columns claim is nobody's; without a current quarter, empty: such
    tables need a reader who sees more.
    """
    first = periods[0] if periods else None
    if first is None:
        return {}
    now = first.end
    plain = _plain_pattern(periods)
    found: dict[ColumnRole, tuple[int, Period]] = {}
    twice: set[ColumnRole] = set()
    for index, period in enumerate(periods):
        if period is None:
            continue
        months = _QUARTER if period.months is None and index in plain else period.months
        role = _role(now, period.end, months)
        if role is None:
            continue
        if role in found or role in twice:
            twice.add(role)
            found.pop(role, None)
            continue
        told = since_april(period.end) if months == 0 else months
        found[role] = (index, Period(period.end, told))
    return found if ColumnRole.CURRENT in found else {}


def doubt(
    periods: Sequence[Period | None], found: Mapping[ColumnRole, tuple[int, Period]]
) -> str | None:
    """Why a header is not to be believed, or ``None``.

    The quarter stands first and its comparatives are there; unless the three are the
    first three columns, every other column must have a period that can be.
    """
    places = {found[role][0] for role in QUARTERS if role in found}
    if len(places) < len(QUARTERS):
        return "the header does not say which column is which"
    if found[ColumnRole.CURRENT][0] != 0:
        return "the first column is not the quarter the header speaks of"
    impossible = any(period is None or not _can_be(period) for period in periods)
    if impossible and places != {0, 1, 2}:
        return "the header gives a column a period that cannot be"
    return None


def _can_be(period: Period) -> bool:
    """A quarter, the year so far, or a whole fiscal year."""
    return period.months in {None, 0, _QUARTER, since_april(period.end)}


def as_usual(ends: Sequence[date]) -> bool:
    """Whether three dates are a quarter, the one before and the year-ago one."""
    if not ends:
        return False
    quarter = Quarter.containing(ends[0])
    return list(ends) == [ends[0], quarter.previous.end, quarter.year_ago.end]


def _plain_pattern(periods: Sequence[Period | None]) -> set[int]:
    """Columns 1, 2, 3 dated D, D − 3 months, D − 12 months are quarters by custom."""
    ends = [period.end for period in periods[:3] if period]
    return {0, 1, 2} if as_usual(ends) else set()


def since_april(end: date) -> int:
    """Months of the fiscal year that have passed at a quarter end."""
    return Quarter.containing(end).number * _QUARTER


def _role(now: date, end: date, months: int | None) -> ColumnRole | None:
    behind = (now.year - end.year) * _YEAR + now.month - end.month
    if months == _QUARTER:
        return {
            0: ColumnRole.CURRENT,
            _QUARTER: ColumnRole.PREVIOUS_QUARTER,
            _YEAR: ColumnRole.SAME_QUARTER_LAST_YEAR,
        }.get(behind)
    if months is None or months not in {0, since_april(end)}:
        return None
    if months == _YEAR and 0 < behind <= _YEAR:
        return ColumnRole.PREVIOUS_YEAR
    return {
        0: ColumnRole.YEAR_TO_DATE,
        _YEAR: ColumnRole.PREVIOUS_YEAR_TO_DATE,
    }.get(behind)
