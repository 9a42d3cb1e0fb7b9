"""NSE's sessions: the calendar of exchange-calendars, and what it does not know.

Weekdays come from the library's XBOM, closures and special sessions from
``special_sessions.toml``; the exchange's own list of holidays refreshes both.
"""

import warnings
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dexter.domain.hours import special_sessions
from dexter.domain.sessions import OutsideCalendarError, Session, SessionCalendar
from dexter.errors import SourceShapeError
from dexter.sources.moments import day_of
from dexter.sources.payload import Record
from dexter.sources.text import shown

_SATURDAY = 5
_NSE = "NSE"
_SHARES = "CM"


@dataclass(frozen=True, slots=True)
class Overrides:
    """What is known beyond the library, from ``since`` on."""

    since: date
    closures: frozenset[date]
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class _Library:
    """The library's sessions, and the last day it knows."""

    last: date
    days: frozenset[date]


def trading_calendar(
    first: date,
    last: date,
    *,
    holidays: Collection[date] = (),
    extra: Collection[Session] = (),
) -> SessionCalendar:
    """Every session of NSE's capital market from one day to another, both included.

    Args:
        first: Not before ``special_sessions.toml`` begins.
        last: In a year the library knows, or one with ``holidays`` given.
        holidays: Further closures; see ``holidays_of``. The exchange lists Diwali as
            one although an hour is traded; sessions of ``special_sessions.toml`` stand.
        extra: Further sessions; they stand above everything else.

    Raises:
        OutsideCalendarError: days of which too little is known to say.
        ValueError: ``last`` before ``first``.
    """
    known, library = overrides(), _library()
    years = {day.year for day in holidays}
    if last < first:
        msg = f"{last} is before {first}"
        raise ValueError(msg)
    if first < known.since:
        raise OutsideCalendarError(str(first), known.since, library.last)
    for year in range(library.last.year + 1, last.year + 1):
        if year not in years:
            raise OutsideCalendarError(str(year), known.since, library.last)
    closed = known.closures | set(holidays)
    found = {
        day: Session(day)
        for day in _days(first, last)
        if day not in closed and _ordinary(day, library)
    }
    for session in (*known.sessions, *extra):
        if first <= session.day <= last:
            found[session.day] = session
    ordered = sorted(found.values(), key=lambda session: session.day)
    return SessionCalendar(first, last, tuple(ordered))


def holidays_of(records: Iterable[Record]) -> frozenset[date]:
    """Closures of the capital market among the rows of NSE's holiday list.

    Args:
        records: Rows with ``tradingDate``, such as ``26-Jan-2023``, and ``segment``;
            one without a segment is taken for the capital market's (``CM``).

    Raises:
        SourceShapeError: a row of that market without a day.
    """
    rows = (row for row in records if row.get("segment", _SHARES) == _SHARES)
    return frozenset(_holiday(row) for row in rows)


def _holiday(row: Record) -> date:
    day = day_of(row.get("tradingDate"))
    if day is None:
        why = f"a row has the tradingDate {shown(row.get('tradingDate'))}"
        raise SourceShapeError(_NSE, "holidays", why)
    return day


@cache
def overrides() -> Overrides:
    """What ``special_sessions.toml`` says."""
    said = special_sessions()
    return Overrides(
        since=said["since"],
        closures=frozenset(said["closures"]),
        sessions=tuple(Session(**row) for row in said["session"]),
    )


def _ordinary(day: date, library: _Library) -> bool:
    if day > library.last:
        return day.weekday() < _SATURDAY
    return day in library.days


@cache
def _library() -> _Library:
    """The library's whole calendar; importing it takes pandas a second."""
    from exchange_calendars.exchange_calendar_xbom import (  # noqa: PLC0415 - slow
        XBOMExchangeCalendar,
    )

    first, last = XBOMExchangeCalendar.bound_min(), XBOMExchangeCalendar.bound_max()
    with warnings.catch_warnings():
        # It uses what pandas 4 will drop. That concerns its makers, not the reader.
        warnings.simplefilter("ignore", DeprecationWarning)
        calendar = XBOMExchangeCalendar(start=first, end=last)
    days = frozenset(moment.date() for moment in calendar.sessions)
    return _Library(last.date(), days)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days) for days in range((last - first).days + 1))
