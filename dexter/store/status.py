"""Freshness and gaps of what is kept: the shape of ``data status --json``."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.filing import Review
from dexter.store import conflicts
from dexter.store import tables as t
from dexter.store.collected import State
from dexter.store.database import DATABASE_FILE, Database
from dexter.store.wanted import Want, wanted_counts

_MOST_GAPS = 50
_STANDING = (State.DONE.value, State.EMPTY.value, State.NOT_YET_PUBLISHED.value)
_OVERDUE = timedelta(days=5)
OURS = "dexter"
"""The source of what is put together here, such as a session's bars."""


def status(home: Path) -> dict[str, object]:
    """What a home holds, from when to when, and what is missing.

    Unknown values are null. ``sources`` are the kinds of data that came in, ``gaps``
    sentences for a person.

    Raises:
        StoreCorruptError: the database does not read.
    """
    if not (home / DATABASE_FILE).is_file():
        return _empty()
    database = Database.open(home)
    try:
        with database.read() as connection:
            return _status(connection)
    finally:
        database.close()


def _status(connection: Connection) -> dict[str, object]:
    prices, missing = _prices(connection)
    filings, undated = _filings(connection)
    results = _results(connection)
    gaps = [f"no bars for the session of {day}" for day in missing[:_MOST_GAPS]]
    gaps += [*_unanswered(connection), *_unread(connection)]
    if undated:
        gaps.append(f"{undated} documents have no known publication time")
    if not prices["rows"]:
        gaps.append("no prices")
    if not results["total"]:
        gaps.append("no results")
    return {
        "sources": {**_sources(connection), **_collected(connection)},
        "prices": prices,
        "filings": filings,
        "statements": _statements(connection),
        "documents": {
            state.value: count for state, count in wanted_counts(connection).items()
        },
        "results": results,
        "conflicts": conflicts.counts(connection),
        "gaps": gaps,
    }


def _sources(connection: Connection) -> dict[str, object]:
    table = t.imports
    query = sa.select(
        table.c.kind, sa.func.max(table.c.imported_at), sa.func.count()
    ).group_by(table.c.kind)
    found: dict[str, object] = {}
    for kind, last, files in connection.execute(query):
        extent = _EXTENTS.get(kind)
        first, until = None, None
        if extent is not None:
            first, until = connection.execute(extent).one()
        found[kind] = {
            "state": "imported",
            "last_success": _text(last),
            "from": _text(first),
            "to": _text(until),
            "files": files,
        }
    return found


def _collected(connection: Connection) -> dict[str, object]:
    """What was asked of sources, by dataset: how it stands and what is missing."""
    c = t.collections.c
    answered = sa.case((c.succeeded_at.is_not(None), c.day))
    query = (
        sa.select(
            c.dataset,
            sa.func.count().label("pieces"),
            sa.func.count(sa.case((c.state.in_(_STANDING), 1))).label("answered"),
            sa.func.max(c.succeeded_at).label("last"),
            sa.func.min(answered).label("first_day"),
            sa.func.max(answered).label("last_day"),
        )
        .where(c.source != OURS)
        .group_by(c.dataset)
    )
    return {
        row.dataset: {
            "state": _state_of(connection, row.dataset),
            "last_success": _text(row.last),
            "from": _text(row.first_day),
            "to": _text(row.last_day),
            "pieces": row.pieces,
            "missing": row.pieces - row.answered,
        }
        for row in connection.execute(query)
    }


def _state_of(connection: Connection, dataset: str) -> str | None:
    """How the latest piece that failed ended; where none did, whether rows came."""
    c = t.collections.c
    tried = sa.select(c.state).where(c.dataset == dataset, c.tried_at.is_not(None))
    failed = tried.where(c.state.not_in(_STANDING)).order_by(c.tried_at.desc(), c.unit)
    state: str | None = connection.scalar(failed.limit(1))
    return state or connection.scalar(tried.order_by(c.rows.desc()).limit(1))


def _unanswered(connection: Connection) -> list[str]:
    """What sources did not give, a sentence a dataset and reason."""
    c = t.collections.c
    query = (
        sa.select(c.dataset, c.state, sa.func.count(), sa.func.min(c.unit))
        .where(c.state.not_in(_STANDING), c.source != OURS)
        .group_by(c.dataset, c.state)
        .order_by(c.dataset, c.state)
    )
    gaps = [
        f"{_pieces(count)} of {dataset} missing ({state.replace('_', ' ')}), "
        f"such as {unit}"
        for dataset, state, count, unit in connection.execute(query)
    ]
    absent = sa.select(c.dataset, c.day, c.tried_at).where(
        c.state == State.NOT_YET_PUBLISHED.value, c.day.is_not(None)
    )
    overdue: dict[str, list[date]] = {}
    for dataset, day, tried_at in connection.execute(absent):
        if tried_at.date() - day >= _OVERDUE:
            overdue.setdefault(dataset, []).append(day)
    return gaps + [
        f"{_pieces(len(days))} of {dataset} never published, such as {min(days)}"
        for dataset, days in sorted(overdue.items())
    ]


def _pieces(count: int) -> str:
    return "1 piece is" if count == 1 else f"{count} pieces are"


def _unread(connection: Connection) -> list[str]:
    """Documents that were fetched and not read yet, or not fetched at all."""
    w, i = t.wanted.c, t.imports.c
    kept = sa.select(w.sha256).where(w.state == Want.KEPT.value).distinct()
    unread = kept.where(w.sha256.not_in(sa.select(i.sha256)))
    waiting = connection.scalar(
        sa.select(sa.func.count()).select_from(unread.subquery())
    )
    counts = wanted_counts(connection)
    found = [f"{waiting} fetched documents are not read"] if waiting else []
    if counts[Want.WANTED]:
        found.append(f"{counts[Want.WANTED]} documents are still to be fetched")
    return found


def _prices(connection: Connection) -> tuple[dict[str, object], list[str]]:
    notes: Mapping[str, str] = dict(
        connection.execute(
            sa.select(t.meta.c.name, t.meta.c.value).where(t.meta.c.name.like("bars%"))
        ).all()
    )
    first, last = notes.get("bars_from"), notes.get("bars_to")
    missing: list[str] = []
    if first and last:
        day = t.sessions.c.day
        query = (
            sa.select(day)
            .where(day.between(date.fromisoformat(first), date.fromisoformat(last)))
            .where(day.not_in(sa.select(t.traded_days.c.day)))
        )
        missing = [d.isoformat() for d in connection.scalars(query.order_by(day))]
    found: dict[str, object] = {
        "rows": int(notes.get("bars_rows", 0)),
        "symbols": int(notes.get("bars_symbols", 0)),
        "from": first,
        "to": last,
        "missing_sessions": missing,
    }
    return found, missing


def _filings(connection: Connection) -> tuple[dict[str, object], int]:
    query = sa.select(t.filings.c.status, sa.func.count()).group_by(t.filings.c.status)
    by_state: dict[str, int] = dict(connection.execute(query).all())
    undated = sa.select(sa.func.count()).where(t.filings.c.known_at.is_(None))
    total = sum(by_state.values())
    found: dict[str, object] = {"total": total, "by_state": by_state}
    return found, connection.scalar(undated.select_from(t.filings)) or 0


def _statements(connection: Connection) -> dict[str, int]:
    column = t.statements.c.status
    query = sa.select(column, sa.func.count()).group_by(column)
    counts: dict[str, int] = dict(connection.execute(query).all())
    return {
        state.value: counts.get(state.value, 0)
        for state in (Review.ACCEPTED, Review.REVIEW)
    }


def _results(connection: Connection) -> dict[str, object]:
    query = sa.select(
        sa.func.count(),
        sa.func.min(t.events.c.published_at),
        sa.func.max(t.events.c.published_at),
    )
    total, first, last = connection.execute(query).one()
    return {"total": total, "from": _text(first), "to": _text(last)}


def _text(value: datetime | date | str | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _extent(column: sa.Column[Any]) -> sa.Select[Any, Any]:
    return sa.select(sa.func.min(column), sa.func.max(column))


_EXTENTS = {
    "prices": _extent(t.traded_days.c.day),
    "trading calendar": _extent(t.sessions.c.day),
    "index closes": _extent(t.index_closes.c.session),
    "announcements": _extent(t.news.c.published_at),
    "earnings events": _extent(t.figures.c.published_at),
    "quarterly results": _extent(t.figures.c.published_at),
    "filings list": _extent(t.publications.c.published_at),
}


def _empty() -> dict[str, object]:
    nothing: dict[str, object] = {"total": 0, "from": None, "to": None}
    return {
        "sources": {},
        "prices": {
            "rows": 0,
            "symbols": 0,
            "from": None,
            "to": None,
            "missing_sessions": [],
        },
        "filings": {"total": 0, "by_state": {}},
        "statements": {"accepted": 0, "review": 0},
        "documents": {},
        "results": nothing,
        "conflicts": conflicts.no_counts(),
        "gaps": ["no data yet; import a folder or use the sample market"],
    }
