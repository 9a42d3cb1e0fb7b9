"""Days that were missed or did not end well: which of them are worth running."""

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from dexter.domain.daily import DayFiling, DayRecord, DayState, FilingState
from dexter.domain.moment import IST
from dexter.errors import DexterError
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.days import DayBook
from pipelines.daily import notices
from pipelines.daily.collecting import collect
from pipelines.daily.keeping import Keeper
from pipelines.daily.means import Means, tell
from pipelines.daily.report import FINE
from pipelines.daily.units import units_of

MADE_UP = 30
"""Calendar days that are made up for at most."""


async def made_up(today: date, means: Means) -> list[date]:
    """The days to run on one that makes up for others; what was missed is told.

    Days that had neither a session nor a filing are left out, and so are those of which
    nothing is open but filings that were given up.

    Raises:
        DexterError: what was missed cannot be collected; the operator is told of it.
    """
    most = means.operating.daily.most_attempts
    before = _not_done(means.database, today, most)
    if not before:
        return [today]
    if means.world.sources is not None and not means.dry:
        # Sessions and filings of days nobody looked at are known only afterwards.
        try:
            await collect(means.database, means.world, before[0], today, whole=True)
        except DexterError as error:
            await tell(notices.of_crash(today, error.sentence), means, error)
            raise
    lost = [
        day
        for day in before
        if DayBook(means.database).record(day) is None
        and is_session(means.database, day)
    ]
    told = notices.of_missed(lost, today)
    if told is not None and not means.dry:
        Keeper(means.database, means.operating).post(told, means.now())
    worth = [
        day
        for day in before
        if is_session(means.database, day) or units_of(means.database, day, day)
    ]
    return [*worth, today]


def _not_done(database: Database, today: date, most: int) -> list[date]:
    """Days before today that were not ended well, from the first that ever ran on."""
    book = DayBook(database)
    records = {one.day: one for one in book.records()}
    if not records:
        return []
    first = max(min(records), today - timedelta(days=MADE_UP))
    span = (first + timedelta(days=n) for n in range((today - first).days))
    return [
        day
        for day in span
        if day not in records or _open(records[day], book.filings(day), most)
    ]


def _open(record: DayRecord, filings: Sequence[DayFiling], most: int) -> bool:
    """Whether running a day again may change how it ended."""
    if record.state is not DayState.PARTIAL:
        return record.state is not DayState.DONE
    failed = [one for one in filings if one.state is FilingState.FAILED]
    ended = record.ended_at
    over = ended is not None and ended.astimezone(IST).date() > record.day
    fine = all(state == FINE for state in (record.sources or {}).values())
    return not (failed and over and fine) or any(one.attempts < most for one in failed)


def is_session(database: Database, day: date) -> bool:
    """Whether the exchanges were open, as far as is known."""
    query = sa.select(t.sessions.c.day).where(t.sessions.c.day == day)
    with database.read() as connection:
        return connection.scalar(query) is not None
