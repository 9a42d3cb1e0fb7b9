"""Moments and days as whole numbers, so that a column of them can be compared.

A moment is microseconds since 1970 in UTC, a day is days since 1970 of the Indian
calendar, a quarter is ``4 × fiscal year + number - 1``.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

import numpy as np

from dexter.domain.moment import IST, bar_known_at, close_of
from dexter.domain.period import Quarter
from dexter.features.columns import Whole

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
IST_AHEAD = 330 * MINUTE
NEVER = np.iinfo(np.int64).max
"""Known at no moment."""

ALWAYS = np.iinfo(np.int64).min
"""Known at every moment."""

_MONTHS_AFTER = 6 - 12 * 1971
"""From three times a quarter's number to the months from January 1970 to its end: the
first quarter of the fiscal year 1971 ended with June 1970."""

_EPOCH = datetime(1970, 1, 1, 5, 30, tzinfo=IST)
_FIRST = date(1970, 1, 1)
_STEP = timedelta(microseconds=1)


def moment_number(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // _STEP


def moment_of(number: int) -> datetime:
    """The moment of a number of microseconds, in Indian time."""
    return _EPOCH + int(number) * _STEP


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - _FIRST).days


def day_of(number: int) -> date:
    """The calendar day of a day number."""
    return _FIRST + timedelta(days=int(number))


def quarter_number(quarter: Quarter) -> int:
    """``4 × fiscal year + number - 1``."""
    return quarter.fiscal_year * 4 + quarter.number - 1


def quarter_of(number: int) -> Quarter:
    """The quarter of a quarter number."""
    return Quarter(int(number) // 4, int(number) % 4 + 1)


def ist_days(moments: Whole) -> Whole:
    """Indian calendar day of each moment."""
    return (moments + IST_AHEAD) // DAY


def ist_minutes(moments: Whole) -> Whole:
    """Minutes since Indian midnight of each moment."""
    return (moments + IST_AHEAD) % DAY // MINUTE


def at_minute(days: Whole, minute: int) -> Whole:
    """The moment of a minute (Indian time) on each day."""
    return days * DAY - IST_AHEAD + minute * MINUTE


def bars_known_at(days: Whole) -> Whole:
    """From when the daily bar of each session is known (``hours.bar_known_at``)."""
    return _for_each_day(days, bar_known_at)


def closes_at(days: Whole) -> Whole:
    """When continuous trading ends on each session (``hours.close_of``)."""
    return _for_each_day(days, close_of)


def _for_each_day(days: Whole, rule: Callable[[date], datetime]) -> Whole:
    unique, place = np.unique(days, return_inverse=True)
    moments = [moment_number(rule(day_of(day))) for day in unique]
    return np.array(moments, dtype=np.int64)[place]


def quarter_end_days(quarters: Whole) -> Whole:
    """Last day of each quarter."""
    months = (3 * quarters + _MONTHS_AFTER).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64) - 1


def whole(numbers: Iterable[int]) -> Whole:
    """A column of whole numbers."""
    return np.array(list(numbers), dtype=np.int64)
