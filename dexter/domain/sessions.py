"""Market sessions, and the session an announcement belongs to.

Times are Indian. A session is half-open: what is published at the very second of its
end came after its last trade.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter

from dexter.domain.hours import (
    AUCTION_BEGINS,
    AUCTION_ENDS,
    AUCTION_SINCE,
    CLOSE,
    IST,
    OPEN,
)

_DAY = attrgetter("day")
_DAY_LONG = timedelta(days=1)


class OutsideCalendarError(ValueError):
    """A calendar was asked something that takes days it does not know."""

    def __init__(self, asked: object, first: date, last: date) -> None:
        super().__init__(f"sessions are known {first} to {last}: {asked} is beyond")


@dataclass(frozen=True, slots=True)
class Session:
    """One day's trading.

    ``note`` says why the day is not an ordinary one; empty when it is.

    Raises:
        ValueError: it would close before it opens.
    """

    day: date
    opens: time = OPEN
    closes: time = CLOSE
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse hours that run backwards."""
        if self.opens >= self.closes:
            msg = f"a session on {self.day} cannot close at {self.closes}"
            raise ValueError(msg)

    @property
    def opens_at(self) -> datetime:
        """When trading opens."""
        return datetime.combine(self.day, self.opens, IST)

    def trades_until(self, *, auction: bool = False) -> datetime:
        """When continuous trading ends: the first moment too late for it.

        Args:
            auction: The share closes by auction (it has futures). That shortens
                ordinary sessions from 3 August 2026 on, and no Muhurat evening.
        """
        ends = AUCTION_BEGINS if auction and self._has_auction else self.closes
        return datetime.combine(self.day, ends, IST)

    def close_known_at(self, *, auction: bool = False) -> datetime:
        """From when the closing price can be known; ``auction`` as above."""
        ends = AUCTION_ENDS if auction and self._has_auction else self.closes
        return datetime.combine(self.day, ends, IST)

    @property
    def _has_auction(self) -> bool:
        return self.day >= AUCTION_SINCE and self.closes == CLOSE


@dataclass(frozen=True, slots=True)
class SessionCalendar:
    """Every session from ``first`` to ``last``; about other days it says nothing.

    Raises:
        ValueError: sessions out of order, twice on a day, or outside the range.
    """

    first: date
    last: date
    sessions: tuple[Session, ...]

    def __post_init__(self) -> None:
        """Refuse what bisection would read wrongly."""
        days = [session.day for session in self.sessions]
        if any(a >= b for a, b in pairwise(days)):
            msg = "sessions must ascend, one a day"
            raise ValueError(msg)
        if days and not self.first <= days[0] <= days[-1] <= self.last:
            msg = f"sessions lie outside {self.first} to {self.last}"
            raise ValueError(msg)

    def __len__(self) -> int:
        """Number of sessions."""
        return len(self.sessions)

    def on(self, day: date) -> Session | None:
        """The session of a day, or none on a day without one.

        Raises:
            OutsideCalendarError: the day lies outside the range.
        """
        self._knows(day)
        place = bisect_left(self.sessions, day, key=_DAY)
        if place < len(self.sessions) and self.sessions[place].day == day:
            return self.sessions[place]
        return None

    def next_after(self, day: date) -> Session:
        """The first session later than a day.

        Raises:
            OutsideCalendarError: the day, or that session, lies outside the range.
        """
        self._knows(day)
        place = bisect_right(self.sessions, day, key=_DAY)
        if place == len(self.sessions):
            raise OutsideCalendarError(day + _DAY_LONG, self.first, self.last)
        return self.sessions[place]

    def before(self, day: date) -> Session:
        """The last session earlier than a day.

        Raises:
            OutsideCalendarError: the day, or that session, lies outside the range.
        """
        self._knows(day)
        place = bisect_left(self.sessions, day, key=_DAY)
        if place == 0:
            raise OutsideCalendarError(day - _DAY_LONG, self.first, self.last)
        return self.sessions[place - 1]

    def between(self, first: date, last: date) -> tuple[Session, ...]:
        """Sessions from one day to another, both included.

        Raises:
            OutsideCalendarError: either day lies outside the range.
        """
        self._knows(first)
        self._knows(last)
        start = bisect_left(self.sessions, first, key=_DAY)
        return self.sessions[start : bisect_right(self.sessions, last, key=_DAY)]

    def _knows(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise OutsideCalendarError(day, self.first, self.last)


class Timing(StrEnum):
    """When something became public, beside the market's hours of that day."""

    PRE_OPEN = "pre_open"
    INTRADAY = "intraday"
    AFTER_CLOSE = "after_close"
    NO_SESSION = "no_session"


@dataclass(frozen=True, slots=True)
class EventSession:
    """The sessions around a publication.

    Attributes:
        day0: The first session that trades on the news.
        timing: Where in the day the news came.
        entry: The session at whose open daily bars first allow a trade on it.
        base: The session of the last close made strictly before the news.
    """

    day0: Session
    timing: Timing
    entry: Session
    base: Session


def event_session(
    published_at: datetime, calendar: SessionCalendar, *, auction: bool = False
) -> EventSession:
    """Place a publication among the sessions.

    Before a session's open, day 0 is that session. While it trades continuously, too,
    but daily bars let one in only at the next open. From the end of continuous trading
    on, and on days without a session, day 0 is the next session. Source: handbook §4.

    Args:
        published_at: First publication, with any offset.
        calendar: Must reach one session to either side.
        auction: The share closes by auction (it has futures). What comes while the
            auction runs can move its price, so that close is no base.

    Raises:
        ValueError: ``published_at`` has no offset.
        OutsideCalendarError: a session that is needed lies outside the calendar.
    """
    if published_at.utcoffset() is None:
        msg = f"{published_at} has no offset, so it names no moment"
        raise ValueError(msg)
    moment = published_at.astimezone(IST)
    day = moment.date()
    session = calendar.on(day)
    if session is None:
        later = calendar.next_after(day)
        return EventSession(later, Timing.NO_SESSION, later, calendar.before(day))
    if moment < session.opens_at:
        return EventSession(session, Timing.PRE_OPEN, session, calendar.before(day))
    later = calendar.next_after(day)
    if moment < session.trades_until(auction=auction):
        return EventSession(session, Timing.INTRADAY, later, calendar.before(day))
    closed = moment >= session.close_known_at(auction=auction)
    base = session if closed else calendar.before(day)
    return EventSession(later, Timing.AFTER_CLOSE, later, base)
