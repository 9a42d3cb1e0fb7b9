"""Days one after the other: begun, looked at, delivered, ended; whatever happens."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

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
from pipelines.daily.means import PATIENCE, Means, send, sentence_of, tell
from pipelines.daily.missed import MADE_UP, is_session, not_done, worth_running
from pipelines.daily.report import DayReport, as_text, report_of
from pipelines.daily.tries import Occasion
from pipelines.daily.weekly import lines_of
from pipelines.runtime import Desk

__all__ = ["Means", "run_days", "today_of"]

KIND = "daily"
_FRIDAY = 4


@dataclass(slots=True)
class _Course:
    """How a day is worked through, and what became of those made up for on it.

    Args:
        occasion: Why it is.
        late: Whether what came late of the days before is decided, too.
        watch: Whether it is looked at again and again until it is over.
        missed: Days before it that did not end well.
    """

    occasion: Occasion
    late: bool = False
    watch: bool = False
    missed: Sequence[date] = ()
    made_up: list[DayReport] = field(default_factory=list)
    broken: list[Exception] = field(default_factory=list)


async def run_days(
    days: Sequence[date], means: Means, *, watch: bool, catch_up: bool = False
) -> list[DayReport]:
    """Work through days in their order.

    Args:
        days: On the last one what came late of the days before is decided, too.
        means: What they are worked through with.
        watch: Whether the last one is watched until it is over.
        catch_up: Whether days that did not end well are made up for on the last one,
            once what is public of it is decided.

    Returns:
        Their reports; those of days made up for come before that of the last one.

    Raises:
        DexterError: of a day that could not be ended; the operator is told of it. That
            of one made up for is raised when the last one is over.
    """
    *others, last = days
    done = [await _run_day(on, means, _Course(_occasion(on, means))) for on in others]
    missed = not_done(last, means) if catch_up else []
    # Days tried one after the other leave nothing: the last would try all again.
    late = not (means.dry and (others or missed))
    course = _Course(_occasion(last, means), late, watch, missed)
    ended = await _run_day(last, means, course)
    if course.broken:
        raise course.broken[0]
    return [*done, *course.made_up, ended]


def _occasion(on: date, means: Means) -> Occasion:
    return Occasion.ASKED if on < today_of(means.desk) else Occasion.TODAY


def today_of(desk: Desk) -> date:
    """Today, or of a market that stands still its last day."""
    return (desk.market.latest or desk.clock.present()).astimezone(IST).date()


async def _run_day(on: date, means: Means, course: _Course) -> DayReport:
    journal = _begin(on, means)
    started = means.now()
    recent = on >= today_of(means.desk) - timedelta(days=1)
    day = Day(
        day=on,
        desk=means.desk,
        database=means.database,
        operating=means.operating,
        world=means.world,
        journal=journal,
        model=means.model,
        dry=means.dry,
        late=LATE_DAYS if course.late and recent else 0,
        occasion=course.occasion,
    )
    if not means.dry:
        DayBook(means.database).begin(on, journal.run_id, started)
    try:
        await _worked_through(day, means, course)
        done = await _end(day, means, started)
    except BaseException as error:
        await _broken(day, means, started, error)
        raise
    if not means.dry:
        means.saved(done)
    return done


async def _worked_through(day: Day, means: Means, course: _Course) -> None:
    pause = timedelta(minutes=means.operating.daily.poll_minutes)
    since = min(course.missed, default=None)
    patience = pause if course.watch else None
    await day.look(lambda: send(means), whole=True, patience=patience, since=since)
    if course.missed:
        await _make_up(day, means, course, patience)
    if course.watch:
        await _watch(day, means, pause)


async def _make_up(
    today: Day, means: Means, course: _Course, patience: timedelta | None
) -> None:
    """Run days that were missed, once today's documents are read.

    Where today is watched it is looked at after each of them; and what breaks one of
    them never keeps today from being worked through.
    """
    while today.behind:
        await today.look(lambda: send(means), whole=False, patience=patience)
    for on in worth_running(course.missed, today.day, means):
        try:
            done = await _run_day(on, means, _Course(Occasion.MADE_UP))
        except Exception as error:  # noqa: BLE001 - raised again when today is over
            course.broken.append(error)
        else:
            course.made_up.append(done)
        if course.watch:
            await today.look(lambda: send(means), whole=False, patience=patience)


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
    while (left := day.over - means.now()) > timedelta(0):
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
    # Of a day of long ago that somebody asks for nobody else needs to hear.
    if timedelta(0) <= now - day.over <= MADE_UP:
        keeper = Keeper(means.database, means.operating)
        open_then = is_session(means.database, day.day)
        for notice in notices.of_day(done, session=open_then):
            keeper.post(notice, now, day.day)
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
        keeper.post(notices.of_week(on, lines), now, on)


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
    told = sentence_of(error)
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
    except Exception as second:  # noqa: BLE001 - the first error is the one to raise
        error.add_note(f"and it could not be noted: {sentence_of(second)}")
    await tell(notices.of_crash(day.day, told, run_id), day.day, means, error)
