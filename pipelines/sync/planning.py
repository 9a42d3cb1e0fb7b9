"""What a sync is to ask for: days, companies, and the pieces not settled yet."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.moment import IST
from dexter.domain.sessions import OutsideCalendarError, SessionCalendar
from dexter.errors import SyncRangeError
from dexter.sources.calendar import holidays_of, overrides, trading_calendar
from dexter.sources.reading import read as read_payload
from dexter.store import tables as t
from dexter.store.collected import ask, collected
from dexter.store.database import Database
from dexter.store.documents import Documents
from dexter.store.identity import canon
from dexter.store.keeping import keep_new, load_renames
from dexter.store.payloads import kept_payloads
from pipelines.ingest.intake import BSE
from pipelines.ingest.payload_rows import bse_key
from pipelines.sync.datasets import DATASETS, Dataset
from pipelines.sync.lanes import Piece, piece_of
from pipelines.sync.units import Scope

_LONGEST_PAUSE = timedelta(days=12)
"""No two sessions of a calendar lie further apart."""
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


def planned(
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


def chosen_of(only: Collection[str]) -> list[Dataset]:
    """The datasets of groups or names; all of them where none is named."""
    if not only:
        return list(DATASETS)
    return [one for one in DATASETS if {one.name, one.group} & set(only)]


def scope_of(database: Database, wishes: Wishes, now: datetime) -> Scope:
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


def keys_of(scope: Scope) -> frozenset[str]:
    """The keys documents of the companies asked for may be wanted under."""
    codes = [bse_key(code) for code in scope.scrips]
    return frozenset({*scope.tickers, *codes})
