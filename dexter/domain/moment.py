"""As-of moments and Indian market time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

IST = timezone(timedelta(hours=5, minutes=30), "IST")
OPEN = time(9, 15)
CLOSE = time(15, 30)


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


def bar_known_at(session: date) -> datetime:
    """A daily bar is known at the close of its session."""
    return datetime.combine(session, CLOSE, IST)


def first_session_after(published_at: datetime, sessions: tuple[date, ...]) -> int:
    """Index of day 0 for something published at a moment.

    Published before the close of a session → that session; otherwise the next one.
    ``sessions`` is ascending. May equal ``len(sessions)`` when day 0 lies ahead.
    Source: the event-time rule of the exchanges' results studies (close 15:30 IST).
    """
    for index, session in enumerate(sessions):
        if bar_known_at(session) >= published_at:
            return index
    return len(sessions)
