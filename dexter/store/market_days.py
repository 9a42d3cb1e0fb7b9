"""The market session by session: kept by day, and read as of a moment."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.market import MarketHistory
from dexter.domain.moment import AsOf
from dexter.store.keeping import Row, keep
from dexter.store.tables import events, market_days, meta, news, ranked_days

RESULTS_BEFORE = timedelta(days=600)
"""Results are counted from so long before the first session of a history: a season and
the one of the year before, whichever session it is asked of."""

SESSIONS_A_RANK = 6
"""Quantiles of results are read of one day for so many sessions asked for: a question
of sixty needs those of the last days alone, and they are long."""

SOCIAL_NOTE = "social_from"
"""Notes since when stories of social feeds are kept; whoever keeps them sets it."""

SOURCE = "prices/market days"
_COUNTED = (
    "shares",
    "advancing",
    "above_50",
    "above_200",
    "highs_252",
    "lows_252",
    "upper_closes",
    "lower_closes",
    "banded",
    "median_turnover",
    "equal_weight",
    "resolved",
    "resolved_hits",
)
_RANKED = ("profit_qoq", "profit_change", "profit_yield")


def read_market(
    connection: Connection, as_of: AsOf, last: date, sessions: int
) -> MarketHistory | None:
    """The last sessions up to a day, or none where none are kept.

    Args:
        connection: Of the home.
        as_of: Results and headlines are of before this moment; results of its own day
            are left out, and so are quantiles with them.
        last: The last day whose bars were known then.
        sessions: How many at most.
    """
    query = (
        sa.select(market_days)
        .where(market_days.c.day <= last)
        .order_by(market_days.c.day.desc())
        .limit(sessions)
    )
    rows = connection.execute(query).mappings().all()[::-1]
    if not rows:
        return None
    days = tuple(row["day"] for row in rows)
    results = _results(connection, days[0] - RESULTS_BEFORE, as_of.day)
    ranked = _ranked(connection, as_of.day, sessions // SESSIONS_A_RANK)
    seen = sa.select(
        sa.func.min(news.c.published_at, type_=news.c.published_at.type)
    ).where(news.c.published_at < as_of.moment)
    latest = sa.select(
        sa.func.max(news.c.published_at, type_=news.c.published_at.type)
    ).where(news.c.published_at < as_of.moment)
    return MarketHistory(
        sessions=days,
        **{name: tuple(row[name] for row in rows) for name in _COUNTED},
        strength=_lists(rows, "strength"),
        result_days=tuple(day for day, _ in results),
        results=tuple(count for _, count in results),
        ranked_days=tuple(row["day"] for row in ranked),
        profit_qoq=_lists(ranked, "profit_qoq"),
        profit_change=_lists(ranked, "profit_change"),
        profit_yield=_lists(ranked, "profit_yield"),
        stories_from=connection.scalar(seen),
        stories_until=connection.scalar(latest),
        social_from=_social_from(connection, as_of),
        source=SOURCE,
    )


def keep_days(connection: Connection, rows: Sequence[Row], since: date) -> int:
    """Keep measured sessions in place of all from a day on; how many changed.

    ``strength`` of a row is a sequence of numbers; the other columns are as kept.
    """
    fresh = [{**row, "strength": json.dumps(row["strength"])} for row in rows]
    return _replace(connection, market_days, fresh, since)


def keep_ranked(connection: Connection, rows: Sequence[Row], since: date) -> int:
    """Keep quantiles of results in place of all from a day on; how many changed.

    Each column of a row but ``day`` is a sequence of numbers.
    """
    fresh = [
        {"day": row["day"], **{name: json.dumps(row[name]) for name in _RANKED}}
        for row in rows
    ]
    return _replace(connection, ranked_days, fresh, since)


def _replace(
    connection: Connection, table: sa.Table, fresh: Sequence[Row], since: date
) -> int:
    query = sa.select(table).where(table.c.day >= since)
    kept = {row["day"]: dict(row) for row in connection.execute(query).mappings()}
    changed = [row for row in fresh if kept.get(row["day"]) != row]
    gone = kept.keys() - {row["day"] for row in fresh}
    for day in gone:
        connection.execute(sa.delete(table).where(table.c.day == day))
    keep(connection, table, changed)
    return len(changed) + len(gone)


def _lists(rows: Sequence[sa.RowMapping], name: str) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(json.loads(row[name])) for row in rows)


def _ranked(connection: Connection, before: date, most: int) -> Sequence[sa.RowMapping]:
    query = (
        sa.select(ranked_days)
        .where(ranked_days.c.day < before)
        .order_by(ranked_days.c.day.desc())
        .limit(most)
    )
    return connection.execute(query).mappings().all()[::-1]


def _social_from(connection: Connection, as_of: AsOf) -> datetime | None:
    query = sa.select(meta.c.value).where(meta.c.name == SOCIAL_NOTE)
    told = connection.scalar(query)
    since = None if told is None else datetime.fromisoformat(told)
    return since if since is not None and since <= as_of.moment else None


def _results(
    connection: Connection, first: date, before: date
) -> list[tuple[date, int]]:
    """How many results were first published on each day of some."""
    day = sa.func.substr(sa.type_coerce(events.c.published_at, sa.String), 1, 10)
    query = (
        sa.select(day.label("day"), sa.func.count())
        .where(day >= first.isoformat(), day < before.isoformat())
        .group_by(day)
        .order_by(day)
    )
    rows = connection.execute(query)
    return [(date.fromisoformat(text), count) for text, count in rows]
