"""What a sync asks for, piece by piece; a settled piece is not asked for again."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dexter.domain.moment import IST
from dexter.store.collected import Collected, State

AHEAD = timedelta(days=45)
_DAY_SETTLES = timedelta(minutes=30)
_FILES_SETTLE = timedelta(days=5)
_MISSES = 3
_EVENING = time(16)
_LIST_HOURS = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Scope:
    """What was asked for.

    ``sessions`` are the market's days within ``first`` and ``last``, ``before`` is the
    one ahead of them. ``companies`` are
    the tickers it is narrowed to, ``former`` those they had before and ``scrips`` their
    codes at BSE; without companies it is the whole market.
    """

    first: date
    last: date
    now: datetime
    sessions: tuple[date, ...]
    before: date | None = None
    companies: tuple[str, ...] = ()
    scrips: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    @property
    def tickers(self) -> tuple[str, ...]:
        """The companies' latest tickers, and those they had."""
        return (*self.companies, *self.former)

    @property
    def days(self) -> Iterator[date]:
        """Every calendar day: announcements come on holidays too."""
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of one dataset, asked for and settled as a whole.

    ``settled_at`` is the moment from which an answer is the last word on it. An answer
    of before is asked for again, though not within ``fresh_for`` of it. ``gone_at`` is
    when a file that still is not there will never come. ``company`` narrows it to a
    ticker, or to a scrip code at BSE.
    """

    dataset: str
    key: str
    day: date | None
    first: date
    last: date
    settled_at: datetime
    fresh_for: timedelta = timedelta(0)
    gone_at: datetime | None = None
    company: str | None = None

    def wanted(self, before: Collected | None, now: datetime) -> bool:
        """Whether to ask, given how it stands."""
        if before is None or before.tried_at is None:
            return True
        if before.succeeded_at is None:
            return not self.given_up(before)
        succeeded_at = before.succeeded_at
        if succeeded_at > now:
            return True  # a clock was ahead
        return succeeded_at < self.settled_at and now - succeeded_at >= self.fresh_for

    def overdue(self, now: datetime) -> bool:
        """Whether a file that is not there should long have been."""
        return self.gone_at is not None and now >= self.gone_at

    def given_up(self, before: Collected) -> bool:
        """Whether it was missing often enough, late enough, never to come.

        A page in place of a file may be a passing answer, so one miss proves nothing.
        """
        missing = before.state is State.NOT_YET_PUBLISHED
        late = before.tried_at is not None and self.overdue(before.tried_at)
        return missing and late and before.attempts >= _MISSES


Plan = Callable[[Scope], Iterable[Unit]]


def by_day(dataset: str) -> Plan:
    """One unit a calendar day, settled soon after its midnight."""

    def plan(scope: Scope) -> Iterator[Unit]:
        for day in scope.days:
            yield Unit(dataset, day.isoformat(), day, day, day, _over(day))

    return plan


def by_day_or_scrip(dataset: str) -> Plan:
    """As ``by_day``; for companies named, one unit a day and scrip code."""
    whole = by_day(dataset)

    def plan(scope: Scope) -> Iterator[Unit]:
        if not scope.companies:
            yield from whole(scope)
            return
        for code in scope.scrips:
            for day in scope.days:
                key = f"{day.isoformat()} {code}"
                yield Unit(dataset, key, day, day, day, _over(day), company=code)

    return plan


def by_day_or_company(dataset: str) -> Plan:
    """As ``by_day``; for companies named, one unit a month and ticker."""
    whole = by_day(dataset)

    def plan(scope: Scope) -> Iterator[Unit]:
        if not scope.companies:
            yield from whole(scope)
            return
        for symbol in scope.tickers:
            for first, last in _months(scope.first, scope.last):
                key = f"{first:%Y-%m} {symbol}"
                yield Unit(dataset, key, None, first, last, _over(last), company=symbol)

    return plan


def by_session(dataset: str, since: date = date.min) -> Plan:
    """One unit a session; a file that came is the last word."""

    def plan(scope: Scope) -> Iterator[Unit]:
        for day in scope.sessions:
            if day >= since:
                opens = datetime.combine(day, time.min, IST)
                gone = opens + _FILES_SETTLE
                key = day.isoformat()
                yield Unit(dataset, key, day, day, day, opens, gone_at=gone)

    return plan


def by_session_and_before(dataset: str) -> Plan:
    """As ``by_session``, and the session ahead: its list is in force on the first."""
    plain = by_session(dataset)

    def plan(scope: Scope) -> Iterable[Unit]:
        earlier = (scope.before,) if scope.before else ()
        return plain(replace(scope, sessions=(*earlier, *scope.sessions)))

    return plan


def by_month(dataset: str) -> Plan:
    """One unit a calendar month, to that of what may be announced ahead."""

    def plan(scope: Scope) -> Iterator[Unit]:
        for first, last in _months(scope.first, scope.last + AHEAD):
            key = f"{first:%Y-%m}"
            yield Unit(dataset, key, first, first, last, _over(last))

    return plan


def after_close(dataset: str) -> Plan:
    """What only the evening of a session tells: today's, once the market is closed."""

    def plan(scope: Scope) -> Iterator[Unit]:
        now = scope.now.astimezone(IST)
        today = now.date()
        if today in scope.sessions and now.time() >= _EVENING:
            opens = datetime.combine(today, time.min, IST)
            yield Unit(dataset, today.isoformat(), today, today, today, opens)

    return plan


def as_of_now(dataset: str) -> Plan:
    """A list that is only ever given as it stands: at most once in twenty hours."""

    def plan(scope: Scope) -> Iterator[Unit]:
        today = scope.now.astimezone(IST).date()
        yield Unit(dataset, "latest", None, today, today, _over(date.max), _LIST_HOURS)

    return plan


def by_company(dataset: str, until: date = date.max) -> Plan:
    """One unit a company asked for by its ticker, once in twenty hours."""

    def plan(scope: Scope) -> Iterator[Unit]:
        if scope.first <= until:
            yield from _of(dataset, scope, scope.companies)

    return plan


def by_scrip(dataset: str) -> Plan:
    """One unit a company asked for whose scrip code is known."""

    def plan(scope: Scope) -> Iterator[Unit]:
        yield from _of(dataset, scope, scope.scrips)

    return plan


def _of(dataset: str, scope: Scope, keys: Iterable[str]) -> Iterator[Unit]:
    never = _over(date.max)
    for key in keys:
        yield Unit(dataset, key, None, scope.first, scope.last, never, _LIST_HOURS)


def _over(day: date) -> datetime:
    if day == date.max:
        return datetime.max.replace(tzinfo=IST)
    return datetime.combine(day + timedelta(days=1), time.min, IST) + _DAY_SETTLES


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last days of the calendar months that two days lie in or between."""
    start = first.replace(day=1)
    while start <= last:
        end = _month_end(start)
        yield start, end
        start = end + timedelta(days=1)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
