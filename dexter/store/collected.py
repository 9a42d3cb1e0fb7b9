"""What was asked of which source, and how it went: the collection status.

A unit is the smallest thing that is fetched and kept as one (a day of announcements, a
bhavcopy). Its row says how the last attempt ended; ``succeeded_at`` stays when a later
one fails.
"""

from collections.abc import Collection as Some
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store.keeping import keep, keep_new
from dexter.store.tables import collections


class State(StrEnum):
    """How the last attempt at a unit ended."""

    PENDING = "pending"
    DONE = "done"
    EMPTY = "empty"
    BLOCKED = "blocked"
    CHANGED_SHAPE = "changed_shape"
    UNAVAILABLE = "unavailable"
    NOT_YET_PUBLISHED = "not_yet_published"


APART = timedelta(hours=6)
SUCCEEDED = frozenset({State.DONE, State.EMPTY})


@dataclass(frozen=True, slots=True)
class Unit:
    """Something to ask: of which source, which dataset, which piece, of which day."""

    source: str
    dataset: str
    unit: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """How a unit stands. ``rows`` is null until it was read; times are IST.

    ``attempts`` is how often in a row it ended like this, at least ``APART`` apart.
    """

    unit: Unit
    state: State
    rows: int | None
    reason: str | None
    attempts: int
    tried_at: datetime | None
    succeeded_at: datetime | None


def ask(connection: Connection, units: Sequence[Unit]) -> None:
    """Note units as pending; those that are known stay as they are."""
    rows = [
        {
            "source": one.source,
            "dataset": one.dataset,
            "unit": one.unit,
            "day": one.day,
            "state": State.PENDING.value,
            "rows": None,
            "reason": None,
            "attempts": 0,
            "tried_at": None,
            "succeeded_at": None,
        }
        for one in units
    ]
    keep_new(connection, collections, rows)


def tried(
    connection: Connection,
    unit: Unit,
    state: State,
    at: datetime,
    *,
    rows: int | None = None,
    reason: str | None = None,
) -> None:
    """Note how an attempt at a unit ended; in the transaction that keeps its rows.

    A failed attempt leaves the rows and the time of the last success as they were.
    """
    before = of_unit(connection, unit)
    good = state in SUCCEEDED
    again = before is not None and before.state is state
    if before is not None and before.tried_at is not None and again:
        # Tries of one hour are one try: they met the same trouble.
        attempts = before.attempts + (at - before.tried_at >= APART)
    else:
        attempts = 1
    row = {
        "source": unit.source,
        "dataset": unit.dataset,
        "unit": unit.unit,
        "day": unit.day or (before.unit.day if before else None),
        "state": state.value,
        "rows": rows if good or before is None else before.rows,
        "reason": reason,
        "attempts": attempts,
        "tried_at": at,
        "succeeded_at": at if good else (before.succeeded_at if before else None),
    }
    keep(connection, collections, [row])


def of_unit(connection: Connection, unit: Unit) -> Collected | None:
    """How a unit stands, or none when nobody asked for it."""
    c = collections.c
    which = sa.and_(
        c.source == unit.source, c.dataset == unit.dataset, c.unit == unit.unit
    )
    return next(iter(_read(connection, which)), None)


def collected(
    connection: Connection,
    *,
    source: str | None = None,
    dataset: str | None = None,
    states: Some[State] | None = None,
) -> tuple[Collected, ...]:
    """Units by source, dataset, day and name; all of them, or those asked for."""
    c = collections.c
    which: list[sa.ColumnElement[bool]] = [sa.true()]
    if source is not None:
        which.append(c.source == source)
    if dataset is not None:
        which.append(c.dataset == dataset)
    if states is not None:
        which.append(c.state.in_([state.value for state in states]))
    return _read(connection, sa.and_(*which))


def _read(
    connection: Connection, which: sa.ColumnElement[bool]
) -> tuple[Collected, ...]:
    c = collections.c
    query = (
        sa.select(collections).where(which).order_by(c.source, c.dataset, c.day, c.unit)
    )
    return tuple(
        Collected(
            unit=Unit(row.source, row.dataset, row.unit, row.day),
            state=State(row.state),
            rows=row.rows,
            reason=row.reason,
            attempts=row.attempts,
            tried_at=row.tried_at,
            succeeded_at=row.succeeded_at,
        )
        for row in connection.execute(query)
    )
