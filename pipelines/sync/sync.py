"""``dexter data sync``: ask, keep, put together, fetch, read, settle. Resumable.

Each piece is one transaction with the note that it came, so a sync cut anywhere loses
at most the request in flight, and the next one asks only for what is missing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.moment import IST
from dexter.domain.sessions import OutsideCalendarError, SessionCalendar
from dexter.errors import SyncRangeError, UnknownCompanyError
from dexter.ports import Compute
from dexter.sources.calendar import holidays_of, overrides, trading_calendar
from dexter.sources.opened import Sources
from dexter.sources.reading import read as read_payload
from dexter.store import tables as t
from dexter.store.collected import ask, collected
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.documents import Documents
from dexter.store.identity import canon
from dexter.store.keeping import keep_new, load_renames
from dexter.store.payloads import kept_payloads
from dexter.store.wanted import still_wanted
from pipelines.ingest.documents import import_documents
from pipelines.ingest.finish import finish
from pipelines.ingest.intake import BSE, Intake
from pipelines.ingest.payload_rows import bse_key
from pipelines.ingest.reading import Read
from pipelines.ingest.report import OnProgress, silent
from pipelines.sync.assembly import assemble
from pipelines.sync.crosscheck import cross_check
from pipelines.sync.datasets import (
    CROSS_CHECK,
    DATASETS,
    DOCUMENTS,
    NEWS,
    REFERENCE,
    Dataset,
)
from pipelines.sync.documents import Fetcher, note_unread, to_read
from pipelines.sync.lanes import Collector, Piece, Present, piece_of
from pipelines.sync.report import SyncReport, SyncTally
from pipelines.sync.stories import keep_stories
from pipelines.sync.units import Scope

_LONGEST_PAUSE = timedelta(days=12)
"""No two sessions of a calendar lie further apart."""
_NEAREST = 3
_REMEMBERED = timedelta(days=60)
_SURELY_CLOSED = (1, 26)
"""Republic Day: the one closure every year has, whatever the exchange's list says."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked ``data sync`` for.

    ``only`` are words of ``datasets.GROUPS`` or names of datasets, empty for all;
    ``read_documents`` is whether fetched documents are read at once.
    """

    first: date
    last: date
    companies: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()
    read_documents: bool = True


@dataclass(frozen=True, slots=True)
class Means:
    """What a sync works with: the reader of documents, where it runs, the clock."""

    read: Read
    compute: Compute
    present: Present
    on_progress: OnProgress = silent


async def sync(
    database: Database, sources: Sources, wishes: Wishes, means: Means
) -> SyncReport:
    """Collect what is asked for and not settled yet.

    Raises:
        StoreError: the home cannot be written.
        SyncRangeError: days of which no calendar knows the sessions.
    """
    began = perf_counter()
    intake = Intake(database, means.on_progress, means.present())
    tally = SyncTally()
    collector = Collector(sources, intake, means.present, tally)
    chosen = _chosen(wishes.only)
    scope = _scope(database, wishes, means.present())
    reference = [one for one in chosen if one.name in REFERENCE]
    await collector.collect(_planned(database, reference, scope))
    # The lists of holidays and companies tell of further sessions and scrip codes.
    await _known(database, wishes.companies)
    scope = _scope(database, wishes, means.present())
    collector.sessions = frozenset(scope.sessions)
    others = [one for one in chosen if one.name not in REFERENCE]
    await collector.collect(_planned(database, others, scope))
    sessions = assemble(intake, means.present, tally)
    left = 0
    if not wishes.only or DOCUMENTS in wishes.only:
        left = await _documents(intake, sources, means, tally, _keys(scope))
        if wishes.read_documents:
            _read(intake, means)
    changed = tally.rows.total() + intake.tally.files["imported"]
    finish(intake, changed=bool(changed))
    if not wishes.only or NEWS in wishes.only:
        await keep_stories(sources, intake, means.present, tally)
    compared = 0
    if CROSS_CHECK in wishes.only:
        compared = await cross_check(sources, database, scope, tally)
    return SyncReport(
        first=wishes.first,
        last=wishes.last,
        units=dict(tally.units),
        rows=dict(tally.rows),
        documents=dict(tally.documents),
        sessions=sessions,
        compared=compared,
        troubles=tuple(tally.troubles),
        stopped={lane: count for lane, count in tally.stopped.items() if count},
        overdue=tally.overdue,
        remarks=tuple(tally.remarks),
        faults=tuple(intake.tally.faults),
        complete=not (tally.troubles or tally.stopped.total() or tally.overdue or left),
        seconds=round(perf_counter() - began, 3),
    )


async def _known(database: Database, companies: Sequence[str]) -> None:
    """Refuse a ticker nobody has, as far as anybody's is known.

    Raises:
        UnknownCompanyError: with the nearest that there are.
    """
    n = t.names.c
    with database.read() as connection:
        tickers = set(connection.scalars(sa.select(n.symbol).distinct()))
        tickers |= set(load_renames(connection))
    directory = StoreDirectory(database)
    for symbol in companies:
        if tickers and symbol not in tickers and not symbol.startswith(BSE):
            near = await directory.find(symbol, _NEAREST)
            raise UnknownCompanyError(symbol, [one.company.symbol for one in near])


async def _documents(
    intake: Intake,
    sources: Sources,
    means: Means,
    tally: SyncTally,
    only: frozenset[str],
) -> int:
    """Fetch what the lists named; how many documents are still to come."""
    await Fetcher(sources, intake, means.present, tally).fetch(only)
    with intake.database.read() as connection:
        waiting = still_wanted(connection)
    return sum(not only or one.symbol in only for one in waiting)


def _read(intake: Intake, means: Means) -> None:
    files = to_read(intake)
    if files:
        import_documents(intake, files, means.read, means.compute)
        note_unread(intake, files)


def resume_day(database: Database, now: datetime) -> date | None:
    """The day a sync without a first day goes on from; none when nothing was asked.

    The first day with a piece of the whole market still to ask for; and no later than
    the last day of any dataset that was collected in the two months before.
    """
    ends = list[date]()
    for dataset in DATASETS:
        with database.read() as connection:
            asked = collected(connection, dataset=dataset.name)
        days = [one.unit.day for one in asked if one.unit.day]
        if not days:
            continue
        span = Scope(min(days), max(days), now, tuple(sorted(set(days))))
        before = {one.unit.unit: one for one in asked}
        known = [unit for unit in dataset.plan(span) if unit.key in before]
        single = [unit for unit in known if unit.first == unit.last]
        ends += [unit.first for unit in single[-1:]]
        ends += [
            min(unit.first, now.date())
            for unit in known
            if unit.wanted(before[unit.key], now)
            and (unit in single or before[unit.key].succeeded_at is None)
        ]
    recent = [day for day in ends if day > max(ends) - _REMEMBERED]
    return min(recent, default=None)


def _planned(
    database: Database, datasets: Iterable[Dataset], scope: Scope
) -> list[Piece]:
    """The pieces to ask for, noted before the first is: a cut leaves none unknown."""
    found = pieces(database, datasets, scope)
    with database.write() as connection:
        ask(connection, [piece_of(dataset, unit) for dataset, unit in found])
    return found


def pieces(
    database: Database, datasets: Iterable[Dataset], scope: Scope
) -> list[Piece]:
    """What is to be asked for: everything in the scope that is not settled."""
    found: list[Piece] = []
    for dataset in datasets:
        with database.read() as connection:
            before = {
                one.unit.unit: one
                for one in collected(connection, dataset=dataset.name)
            }
        found += [
            (dataset, unit)
            for unit in dataset.plan(scope)
            if unit.wanted(before.get(unit.key), scope.now)
        ]
    return found


def _chosen(only: Collection[str]) -> list[Dataset]:
    if not only:
        return list(DATASETS)
    return [one for one in DATASETS if {one.name, one.group} & set(only)]


def _scope(database: Database, wishes: Wishes, now: datetime) -> Scope:
    """The range asked for, its sessions, and the companies under all their keys."""
    today = now.astimezone(IST).date()
    last = min(wishes.last, today)
    since = overrides().since
    if wishes.first < since:
        why = f"{wishes.first} lies before {since}, where the calendar begins"
        raise SyncRangeError(why)
    earlier = max(wishes.first - _LONGEST_PAUSE, since)
    calendar = _calendar(database, earlier, max(last, wishes.first))
    known = [session.day for session in calendar.sessions if session.day <= last]
    days = tuple(day for day in known if day >= wishes.first)
    before = max((day for day in known if day < wishes.first), default=None)
    s = t.sessions.c.day
    with database.write() as connection:
        # A list of holidays that came later closes days that were taken for sessions.
        wrong = sa.and_(s.between(earlier, last), s.not_in(known))
        connection.execute(sa.delete(t.sessions).where(wrong))
        keep_new(connection, t.sessions, [{"day": day} for day in known])
        companies = tuple(canon(connection, one) for one in wishes.companies)
        renames = load_renames(connection)
        scrips = tuple(_scrip_codes(connection, companies))
    former = tuple(old for old, new in sorted(renames.items()) if new in companies)
    return Scope(wishes.first, last, now, days, before, companies, scrips, former)


def _calendar(database: Database, first: date, last: date) -> SessionCalendar:
    with database.read() as connection:
        lists = kept_payloads(connection, dataset="nse holidays")
    holidays: frozenset[date] = frozenset()
    for one in lists:
        content = Documents(database.home).read(one.sha256)
        if content is not None and one.rows:
            payload = read_payload(one.dataset, one.unit, one.url, content)
            holidays |= holidays_of(payload.records)
    # Of a year without a list every weekday may be a session; a file says which was.
    told = {day.year for day in holidays}
    years = range(first.year, last.year + 1)
    holidays |= {date(year, *_SURELY_CLOSED) for year in years if year not in told}
    try:
        return trading_calendar(first, last, holidays=holidays)
    except OutsideCalendarError as error:
        raise SyncRangeError(str(error)) from error


def _scrip_codes(connection: Connection, symbols: Sequence[str]) -> Iterator[str]:
    """Codes at BSE of tickers, by ISIN; a ``BSE:`` key names its own."""
    n = t.names.c
    for symbol in symbols:
        if symbol.startswith(BSE):
            yield symbol.removeprefix(BSE)
            continue
        isins = sa.select(n.isin).where(n.symbol == symbol, n.isin != "")
        codes = sa.select(n.bse_code).where(n.isin.in_(isins), n.bse_code.is_not(None))
        yield from sorted(set(connection.scalars(codes)))


def _keys(scope: Scope) -> frozenset[str]:
    """The keys documents of the companies asked for may be wanted under."""
    codes = [bse_key(code) for code in scope.scrips]
    return frozenset({*scope.tickers, *codes})
