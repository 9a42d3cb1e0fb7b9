"""The days of research and what became of each of their filings."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.daily import DayFiling, DayRecord, DayState, FilingState
from dexter.domain.filing import Basis
from dexter.store.database import Database
from dexter.store.keeping import keep
from dexter.store.tables import day_filings, days


class DayBook:
    """Days and filings; a filing is decided once, whatever is run again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def filings(self, day: date, last: date | None = None) -> tuple[DayFiling, ...]:
        """What became of a day's filings, by publication, unknown moments last.

        Args:
            day: The day.
            last: With it, of all days up to this one.
        """
        c = day_filings.c
        query = (
            sa.select(day_filings)
            .where(c.day.between(day, last or day))
            .order_by(c.published_at.is_(None), c.published_at, c.symbol, c.id)
        )
        with self._database.read() as connection:
            return tuple(_filing(r) for r in connection.execute(query).mappings())

    def failed(self, first: date, last: date) -> tuple[DayFiling, ...]:
        """Filings that failed, of the days from one to another."""
        c = day_filings.c
        query = (
            sa.select(day_filings)
            .where(c.day.between(first, last), c.state == FilingState.FAILED.value)
            .order_by(c.day, c.id)
        )
        with self._database.read() as connection:
            return tuple(_filing(r) for r in connection.execute(query).mappings())

    def find(self, identifiers: Iterable[str]) -> Mapping[str, DayFiling]:
        """What became of these filings, by id; those never decided are left out."""
        wanted = list(identifiers)
        found: dict[str, DayFiling] = {}
        with self._database.read() as connection:
            for start in range(0, len(wanted), _CHUNK):
                some = wanted[start : start + _CHUNK]
                query = sa.select(day_filings).where(day_filings.c.id.in_(some))
                for row in connection.execute(query).mappings():
                    found[row["id"]] = _filing(row)
        return found

    def records(self, most: int | None = None) -> tuple[DayRecord, ...]:
        """Days, newest first."""
        query = sa.select(days).order_by(days.c.day.desc()).limit(most)
        with self._database.read() as connection:
            return tuple(_record(r) for r in connection.execute(query).mappings())

    def record(self, day: date) -> DayRecord | None:
        """A day, or none that was never begun."""
        query = sa.select(days).where(days.c.day == day)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        return _record(row) if row else None

    def begin(self, day: date, run_id: str, at: datetime) -> None:
        """Note that a day is being worked on; how it ended before stays until then."""
        row = {
            "day": day,
            "state": DayState.OPEN.value,
            "run_id": run_id,
            "started_at": at,
        }
        with self._database.write() as connection:
            known = connection.scalar(sa.select(days.c.day).where(days.c.day == day))
            if known is None:
                connection.execute(sa.insert(days), row)

    def end(self, record: DayRecord) -> None:
        """Note how a day ended; the latest word counts."""
        row = {
            "day": record.day,
            "state": record.state.value,
            "run_id": record.run_id,
            "started_at": record.started_at,
            "ended_at": record.ended_at,
            "reason": record.reason,
            "sources": None if record.sources is None else json.dumps(record.sources),
            "body": record.body,
        }
        with self._database.write() as connection:
            keep(connection, days, [row])


def keep_filings(connection: Connection, filings: Iterable[DayFiling]) -> None:
    """Write what became of filings, in the caller's transaction; one row an id."""
    for one in filings:
        connection.execute(sa.delete(day_filings).where(day_filings.c.id == one.id))
        connection.execute(sa.insert(day_filings), _row(one))


def forget_absences(connection: Connection, identifiers: Iterable[str]) -> None:
    """Forget that documents had not come, or could not be read: one is there now.

    What was scored in their absence stands.
    """
    scored = (FilingState.ALERTED.value, FilingState.NO_ALERT.value)
    which = day_filings.c.id.in_(list(identifiers))
    absent = day_filings.c.state.not_in(scored)
    connection.execute(sa.delete(day_filings).where(which, absent))


_CHUNK = 500


def _row(one: DayFiling) -> dict[str, Any]:
    return {
        "id": one.id,
        "version": one.version,
        "day": one.day,
        "symbol": one.symbol,
        "basis": one.basis and one.basis.value,
        "state": one.state.value,
        "reason": one.reason,
        "published_at": one.published_at,
        "run_id": one.run_id,
        "rule": one.rule,
        "alert_id": one.alert_id,
        "alert_version": one.alert_version,
        "decided_at": one.decided_at,
        "attempts": one.attempts,
    }


def _filing(row: sa.RowMapping) -> DayFiling:
    told: dict[str, Any] = dict(row)
    basis = told["basis"]
    return DayFiling(
        **{
            **told,
            "basis": None if basis is None else Basis(basis),
            "state": FilingState(told["state"]),
        }
    )


def _record(row: sa.RowMapping) -> DayRecord:
    told: dict[str, Any] = dict(row)
    sources = told["sources"]
    return DayRecord(
        **{
            **told,
            "state": DayState(told["state"]),
            "sources": None if sources is None else json.loads(sources),
        }
    )
