"""The days of the invented market: real Indian sessions, as its customers know them."""

import warnings
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import exchange_calendars as xcals

_KNOWN_TO = date(2026, 12, 31)
_SATURDAY = 5


@lru_cache(maxsize=8)
def _sessions(first: date, last: date) -> tuple[date, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses what pandas 4 will change
        known = xcals.get_calendar("XBOM", start=first, end=min(last, _KNOWN_TO))
    return tuple(stamp.date() for stamp in known.sessions)


@dataclass(frozen=True, slots=True)
class Days:
    """Consecutive days, and the sessions around them (a month on both sides)."""

    days: tuple[date, ...]
    known: tuple[date, ...]

    @classmethod
    def of(cls, first: date, count: int) -> "Days":
        """``count`` calendar days from the first one."""
        days = tuple(first + timedelta(days=i) for i in range(count))
        around = _sessions(first - timedelta(days=40), days[-1] + timedelta(days=40))
        return cls(days, around)

    @property
    def sessions(self) -> tuple[date, ...]:
        """The sessions among the days."""
        low = bisect_left(self.known, self.days[0])
        return self.known[low : bisect_right(self.known, self.days[-1])]

    def before(self, day: date) -> date:
        """The last session before a day."""
        return self.known[bisect_left(self.known, day) - 1]

    def after(self, day: date) -> date:
        """The first session after a day; a weekday where the calendar ends."""
        place = bisect_right(self.known, day)
        if place < len(self.known):
            return self.known[place]
        later = day + timedelta(days=1)
        while later.weekday() >= _SATURDAY:
            later += timedelta(days=1)
        return later

    def holidays(self) -> tuple[date, ...]:
        """Weekdays of these calendar years without a session."""
        first = date(self.days[0].year, 1, 1)
        last = min(date(self.days[-1].year, 12, 31), _KNOWN_TO)
        open_days = set(_sessions(first, last))
        span = (first + timedelta(days=i) for i in range((last - first).days + 1))
        return tuple(d for d in span if d.weekday() < _SATURDAY and d not in open_days)
