"""Days that were missed or did not end well: which of them are worth running."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from dexter.domain.daily import DayRecord, DayState
from dexter.domain.moment import span_of
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.days import DayBook
from pipelines.daily import notices
from pipelines.daily.keeping import Keeper
from pipelines.daily.means import Means
from pipelines.daily.tries import MORNINGS, Occasion, is_due
from pipelines.daily.units import units_of

MADE_UP = timedelta(days=30)
"""How far back days are made up for."""


def not_done(today: date, means: Means) -> list[date]:
    """Days before today that did not end well, since the first that ever ran.

    A day before that one is among them where a filing of it failed that came late.
    """
    book, oldest = DayBook(means.database), today - MADE_UP
    records = {one.day: one for one in book.records()}
    first = max(min(records, default=today), oldest)
    span = (first + timedelta(days=n) for n in range((today - first).days))
    found = {day for day in span if day not in records or _open(records[day], today)}
    most, now = means.operating.daily.most_attempts, means.now()
    found |= {
        one.day
        for one in book.failed(oldest, today - timedelta(days=1))
        if is_due(one, Occasion.MADE_UP, most, now)
    }
    return sorted(found)


def _open(record: DayRecord, today: date) -> bool:
    """Whether running a day again may change how it ended.

    What a source did not give, or no model scored, is asked for a few mornings more.
    """
    _, over = span_of(record.day, record.day)
    ended = record.ended_at is not None and record.ended_at >= over
    if record.state is DayState.PARTIAL and ended:
        return today - record.day <= timedelta(days=MORNINGS)
    return record.state is not DayState.DONE


def worth_running(days: Sequence[date], today: date, means: Means) -> list[date]:
    """Those of some days that had a session or a filing; which were missed is told.

    Sessions and filings of days nobody looked at are known once the sources were asked
    about them.
    """
    book, database = DayBook(means.database), means.database
    sessions = [day for day in days if is_session(database, day)]
    first = min((one.day for one in book.records()), default=today)
    lost = [day for day in sessions if day > first and book.record(day) is None]
    told = notices.of_missed(lost, today)
    if told is not None and not means.dry:
        Keeper(database, means.operating).post(told, means.now(), lost[-1])
    return [day for day in days if day in sessions or units_of(database, day, day)]


def is_session(database: Database, day: date) -> bool:
    """Whether the exchanges were open, as far as is known."""
    query = sa.select(t.sessions.c.day).where(t.sessions.c.day == day)
    with database.read() as connection:
        return connection.scalar(query) is not None
