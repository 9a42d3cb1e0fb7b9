"""Days one after the other: begun, looked at, delivered, ended; whatever happens."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from dexter.domain.daily import DayRecord, DayState
from dexter.domain.moment import IST, AsOf
from dexter.errors import DexterError
from dexter.journal import Journal
from dexter.store.alerts import AlertLedger
from dexter.store.days import DayBook
from pipelines import research
from pipelines.daily import notices
from pipelines.daily.day import LATE_DAYS, Day
from pipelines.daily.keeping import Keeper
from pipelines.daily.means import PATIENCE, Means, send, tell
from pipelines.daily.missed import is_session, made_up
from pipelines.daily.report import DayReport, as_text, report_of
from pipelines.daily.weekly import lines_of

__all__ = ["Means", "made_up", "run_days"]

KIND = "daily"
_FRIDAY = 4


async def run_days(
    days: Sequence[date], means: Means, *, watch: bool
) -> list[DayReport]:
    """Work through days in their order; the last one is watched, if wished for.

    Raises:
        DexterError: of a day that could not be ended; the operator is told of it.
    """
    done = []
    for place, day in enumerate(days, 1):
        last = place == len(days)
        # Days tried one after the other leave nothing: the last would try all again.
        late = last and not (means.dry and len(days) > 1)
        done.append(await _run_day(day, means, watch=watch and last, late=late))
    return done


async def _run_day(on: date, means: Means, *, watch: bool, late: bool) -> DayReport:
    journal = _begin(on, means)
    started = means.now()
    present = (means.desk.market.latest or started).astimezone(IST).date()
    recent = on >= present - timedelta(days=1)
    day = Day(
        day=on,
        desk=means.desk,
        database=means.database,
        operating=means.operating,
        world=means.world,
        journal=journal,
        model=means.model,
        dry=means.dry,
        late=LATE_DAYS if late and recent else 0,
    )
    if not means.dry:
        DayBook(means.database).begin(on, journal.run_id, started)
    try:
        pause = timedelta(minutes=means.operating.daily.poll_minutes)
        patience = pause if watch else None
        await day.look(lambda: send(means), whole=True, patience=patience)
        if watch:
            await _watch(day, means, pause)
        done = await _end(day, means, started)
    except BaseException as error:
        await _broken(day, means, started, error)
        raise
    if not means.dry:
        means.saved(done)
    return done


def _begin(on: date, means: Means) -> Journal:
    desk = means.desk
    header = desk.header(f"daily {on}", None, means.model or desk.settings.model) | {
        "kind": KIND,
        "day": on.isoformat(),
        "dry": means.dry,
    }
    return Journal.begin(desk.journals, research.fresh_id(desk), header)


async def _watch(day: Day, means: Means, pause: timedelta) -> None:
    """Look again and again until midnight IST, and once more for what the day left."""
    over = datetime.combine(day.day + timedelta(days=1), time.min, IST)
    while (left := over - means.now()) > timedelta(0):
        await means.sleep(min(pause, left).total_seconds())
        await day.look(lambda: send(means), whole=False, patience=pause)
    await day.look(lambda: send(means), whole=True)


async def _end(day: Day, means: Means, started: datetime) -> DayReport:
    """Say how the day ended: to the record, to the operator, to the files."""
    now = means.now()
    done = await report_of(day, now)
    if means.dry:
        await day.journal.note("day", {"document": as_text(done.document)})
        await day.journal.finish("finished", {"state": done.state})
        return done
    over = now.astimezone(IST).date() > day.day
    if over:
        keeper = Keeper(means.database, means.operating)
        open_then = is_session(means.database, day.day)
        for notice in notices.of_day(done, session=open_then):
            keeper.post(notice, now)
        await _follow(day.day, means, keeper, now)
    await send(means, PATIENCE)
    done = await report_of(day, means.now())
    await _keep(day, means, started, done)
    return done


async def _follow(on: date, means: Means, keeper: Keeper, now: datetime) -> None:
    """What became of every alert so far; once a week it is told."""
    if not AlertLedger(means.database).records():
        return
    as_of = AsOf(now, explicit=True)
    lines = await asyncio.to_thread(lines_of, means.database, as_of)
    if on.weekday() >= _FRIDAY:
        keeper.post(notices.of_week(on, lines), now)


async def _keep(day: Day, means: Means, started: datetime, done: DayReport) -> None:
    text = as_text(done.document)
    await day.journal.note("day", {"document": text})
    await day.journal.finish("finished", {"state": done.state})
    digest = hashlib.sha256(text.encode()).hexdigest()
    means.desk.keep_head(day.journal.run_id, day.journal.head, digest)
    DayBook(means.database).end(
        DayRecord(
            day=day.day,
            state=done.state,
            run_id=day.journal.run_id,
            started_at=started,
            ended_at=means.now(),
            reason=done.reason,
            sources=dict(day.sources),
            body=text,
        )
    )


async def _broken(
    day: Day, means: Means, started: datetime, error: BaseException
) -> None:
    """A day that ended with an error says so, as far as anything can still be said."""
    run_id = day.journal.run_id
    if isinstance(error, DexterError):
        error.run_id = run_id
    day.journal.interrupt(type(error).__name__)
    if means.dry or not isinstance(error, Exception):
        return
    told = error.sentence if isinstance(error, DexterError) else type(error).__name__
    book = DayBook(means.database)
    try:
        before = book.record(day.day)
        record = DayRecord(
            day=day.day,
            state=DayState.FAILED,
            run_id=run_id,
            started_at=started,
            ended_at=means.now(),
            reason=told,
            sources=dict(day.sources),
            body=before.body if before else None,
        )
        book.end(record)
    except DexterError as second:
        error.add_note(f"and it could not be noted: {second.sentence}")
    await tell(notices.of_crash(day.day, told, run_id), means, error)
