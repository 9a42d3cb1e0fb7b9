"""Filings, statements and results events, as visible at a moment."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.domain.filing import (
    Basis,
    DocumentKind,
    ExpectedResults,
    Filing,
    ResultsEvent,
    Review,
)
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter, Window
from dexter.domain.results import QuarterFigures, SeasonPeer
from dexter.domain.run import StatementRecord
from dexter.store import tables as t
from dexter.store.codec import read_statement
from dexter.store.conflicts import beside, differences_of
from dexter.store.database import Database
from dexter.store.figures import (
    best,
    first_published,
    of_row,
    of_statement,
    told_of,
)
from dexter.store.identity import canon

SEASON_DAYS = 100
_EVERYTHING = AsOf(datetime.max.replace(tzinfo=IST), explicit=False)


class StoreFilings:
    """Implements ``ports.FilingSource`` over the database of a home."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def filings(self, symbol: str, as_of: AsOf, limit: int) -> tuple[Filing, ...]:
        """Documents of a company, newest publication first, unknown dates last."""
        with self._database.read() as connection:
            query = (
                sa.select(t.filings)
                .where(t.filings.c.symbol == canon(connection, symbol))
                .where(_visible(t.filings.c.known_at, as_of))
                .order_by(
                    t.filings.c.known_at.is_(None),
                    t.filings.c.known_at.desc(),
                    t.filings.c.name,
                )
                .limit(limit)
            )
            rows = connection.execute(query).mappings().all()
        return tuple(as_filing(row) for row in rows)

    async def statements(
        self, symbol: str, quarter: Quarter, as_of: AsOf
    ) -> tuple[StatementRecord, ...]:
        """Every visible version of every basis for a quarter, oldest first.

        ``version`` counts publications of one basis from 1.
        """
        with self._database.read() as connection:
            key = canon(connection, symbol)
            within = sa.and_(
                t.filings.c.symbol == key,
                t.statements.c.period_end.between(quarter.start, quarter.end),
            )
            found = _records(connection, as_of, within)
            differences = differences_of(connection, key, as_of, quarter)
        return tuple(beside(record, differences) for record in found)

    async def figures(self, symbol: str, as_of: AsOf) -> tuple[QuarterFigures, ...]:
        """Headline figures of all quarters and bases, oldest quarter first.

        Per quarter and basis the best visible source: an accepted statement before an
        imported row, then the latest visible version.
        """
        with self._database.read() as connection:
            key = canon(connection, symbol)
            return tuple(best(candidates(connection, key, as_of), as_of))

    async def reporters(self, window: Window, as_of: AsOf) -> tuple[ResultsEvent, ...]:
        """Companies whose results first became public in the window, by time."""
        opens, closes = _moments(window.start, window.end)
        query = (
            sa.select(t.events, t.companies.c.name)
            .outerjoin(t.companies, t.companies.c.symbol == t.events.c.symbol)
            .where(t.events.c.published_at >= opens, t.events.c.published_at < closes)
            .where(t.events.c.published_at <= as_of.moment)
            .order_by(t.events.c.published_at, t.events.c.symbol, t.events.c.period_end)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(
            ResultsEvent(
                symbol=row["symbol"],
                company=row["name"] or row["symbol"],
                period_end=row["period_end"],
                published_at=row["published_at"],
                basis=Basis(row["basis"]),
                source=row["source"],
            )
            for row in rows
        )

    async def expected(
        self, window: Window, as_of: AsOf
    ) -> tuple[ExpectedResults, ...]:
        """Board meetings for results falling in the window, by date.

        A meeting announced more than once is returned once, as first announced.
        """
        table = t.board_meetings
        query = (
            sa.select(table, t.companies.c.name)
            .outerjoin(t.companies, t.companies.c.symbol == table.c.symbol)
            .where(table.c.meeting_date.between(window.start, window.end))
            .where(table.c.known_at <= as_of.moment)
            .order_by(table.c.meeting_date, table.c.symbol, table.c.known_at)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        first: dict[tuple[str, date], ExpectedResults] = {}
        for row in rows:
            meeting = ExpectedResults(
                symbol=row["symbol"],
                company=row["name"] or row["symbol"],
                meeting_date=row["meeting_date"],
                purpose=row["purpose"],
                known_at=row["known_at"],
                source=row["source"],
            )
            first.setdefault((meeting.symbol, meeting.meeting_date), meeting)
        return tuple(first.values())

    async def season(self, quarter: Quarter, as_of: AsOf) -> tuple[SeasonPeer, ...]:
        """The standalone cross-section of a season, as visible at the moment."""
        table = t.season_peers
        query = (
            sa.select(*(table.c[field.name] for field in fields(SeasonPeer)))
            .where(table.c.period_end.between(quarter.start, quarter.end))
            .where(table.c.published_at <= as_of.moment)
            .order_by(table.c.published_at, table.c.symbol)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(SeasonPeer(**row) for row in rows)

    async def latest_quarter(self, as_of: AsOf) -> Quarter | None:
        """The quarter with the most reporters in the 100 days before the moment.

        Of two equally reported quarters the later one.
        """
        since = as_of.moment - timedelta(days=SEASON_DAYS)
        query = sa.select(t.events.c.period_end).where(
            t.events.c.published_at > since, t.events.c.published_at <= as_of.moment
        )
        with self._database.read() as connection:
            ends = connection.scalars(query).all()
        counts = Counter(Quarter.containing(end) for end in ends)
        if not counts:
            return None
        return max(counts, key=lambda quarter: (counts[quarter], quarter))


def candidates(
    connection: Connection, symbol: str, as_of: AsOf
) -> list[QuarterFigures]:
    """Every visible version of a company's quarter figures, from either source."""
    return every_candidate(connection, as_of, symbol).get(symbol, [])


def every_candidate(
    connection: Connection,
    as_of: AsOf,
    symbol: str | None = None,
    since: date | None = None,
) -> dict[str, list[QuarterFigures]]:
    """As ``candidates``, for every company (or one) in one reading.

    Quarters that ended before ``since`` are left out.
    """

    def mine(table: sa.Table) -> sa.ColumnElement[bool]:
        return sa.true() if symbol is None else table.c.symbol == symbol

    def late(table: sa.Table) -> sa.ColumnElement[bool]:
        return sa.true() if since is None else table.c.period_end >= since

    rows = sa.select(t.figures).where(
        mine(t.figures),
        late(t.figures),
        _visible(t.figures.c.known_at, as_of),
    )
    imported = [of_row(row) for row in connection.execute(rows).mappings()]
    accepted = t.statements.c.status == Review.ACCEPTED.value
    which = sa.and_(mine(t.filings), late(t.statements), accepted)
    records = _records(connection, as_of, which)
    events = connection.execute(
        sa.select(t.events).where(
            mine(t.events), t.events.c.published_at <= as_of.moment
        )
    )
    first = first_published(imported, records, events.mappings())
    found: dict[str, list[QuarterFigures]] = {}
    for figures in imported:
        found.setdefault(figures.symbol, []).append(figures)
    for record in records:
        told = of_statement(record, first.get(told_of(record)))
        if told is not None:
            found.setdefault(told.symbol, []).append(told)
    return found


def accepted(connection: Connection, symbol: str) -> Sequence[StatementRecord]:
    """Every accepted statement of a company, whenever it was public."""
    which = t.statements.c.status == Review.ACCEPTED.value
    mine = t.filings.c.symbol == symbol
    return _records(connection, _EVERYTHING, sa.and_(mine, which))


def _records(
    connection: Connection, as_of: AsOf, which: sa.ColumnElement[bool]
) -> Sequence[StatementRecord]:
    query = (
        sa.select(t.filings, t.statements.c.body)
        .join(t.statements, t.statements.c.sha256 == t.filings.c.sha256)
        .where(t.filings.c.symbol.is_not(None), which)
        .where(_visible(t.filings.c.known_at, as_of))
        .order_by(
            t.filings.c.known_at.is_(None),
            t.filings.c.known_at,
            t.filings.c.sha256,
            t.statements.c.ordinal,
        )
    )
    versions: Counter[tuple[object, object, object]] = Counter()
    records: list[StatementRecord] = []
    for row in connection.execute(query).mappings():
        statement = read_statement(row["body"])
        key = (row["symbol"], statement.period_end, statement.basis)
        versions[key] += 1
        records.append(StatementRecord(as_filing(row), statement, versions[key]))
    return records


def _visible(column: sa.ColumnElement[datetime], as_of: AsOf) -> sa.ColumnElement[bool]:
    """The rows ``AsOf.sees``: published by the moment, or unknown and not asked."""
    seen = column <= as_of.moment
    return seen if as_of.explicit else sa.or_(seen, column.is_(None))


def _moments(start: date, end: date) -> tuple[datetime, datetime]:
    following = end + timedelta(days=1)
    return (
        datetime.combine(start, time.min, IST),
        datetime.combine(following, time.min, IST),
    )


def as_filing(row: RowMapping) -> Filing:
    """A document, as a row of ``filings`` keeps it."""
    return Filing(
        sha256=row["sha256"],
        name=row["name"],
        kind=DocumentKind(row["kind"]),
        symbol=row["symbol"],
        known_at=row["known_at"],
        known_at_reason=row["known_at_reason"],
        url=row["url"],
        status=Review(row["status"]),
        reason=row["reason"],
        subject=row["subject"],
        flags=tuple((row["flags"] or "").splitlines()),
    )
