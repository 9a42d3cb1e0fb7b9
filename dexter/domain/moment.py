"""As-of moments and Indian market time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dexter.domain.hours import CLOSE, IST, OPEN, bar_known_at, close_of

__all__ = [
    "CLOSE",
    "IST",
    "OPEN",
    "AsOf",
    "bar_known_at",
    "close_of",
    "first_session_after",
    "in_india",
    "midnight",
    "span_of",
]


@dataclass(frozen=True, slots=True)
class AsOf:
    """The moment research may not look past.

    ``explicit`` is true when the person named the moment: then documents whose
    publication time is unknown stay invisible. Otherwise they are shown, flagged.
    """

    moment: datetime
    explicit: bool

    def sees(self, known_at: datetime | None) -> bool:
        """Whether something public since ``known_at`` is visible."""
        if known_at is None:
            return not self.explicit
        return known_at <= self.moment

    @property
    def day(self) -> date:
        """The Indian calendar day of the moment."""
        return self.moment.astimezone(IST).date()


def midnight(day: date) -> datetime:
    """When an Indian calendar day begins."""
    return datetime.combine(day, time.min, IST)


def span_of(first: date, last: date) -> tuple[datetime, datetime]:
    """When Indian days begin, and when they are over; both days are included."""
    return midnight(first), midnight(last + timedelta(days=1))


def in_india(moment: datetime | None) -> str | None:
    """A moment as documents write it: ISO 8601, Indian time; null stays null."""
    return None if moment is None else moment.astimezone(IST).isoformat()


def first_session_after(published_at: datetime, sessions: tuple[date, ...]) -> int:
    """Index of day 0 for something published at a moment.

    Published before the close of a session → that session; otherwise the next one.
    ``sessions`` is ascending. May equal ``len(sessions)`` when day 0 lies ahead.
    Source: the event-time rule of the exchanges' results studies (close 15:30 IST, or
    that of a special session).
    """
    for index, session in enumerate(sessions):
        if close_of(session) >= published_at:
            return index
    return len(sessions)
