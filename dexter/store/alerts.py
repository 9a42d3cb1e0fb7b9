"""The ledger of alerts: rows are only ever added, and outcomes written beside them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.engine import Connection

from dexter.domain.alert import Alert, Priority
from dexter.domain.filing import Basis
from dexter.domain.ledger import AlertOutcome, AlertRecord, KeptAlert, OutcomeState
from dexter.domain.period import Quarter
from dexter.store.database import Database
from dexter.store.keeping import keep, keep_new
from dexter.store.tables import alert_outcomes, alerts


class AlertLedger:
    """What was said, once and for all, and what became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(
        self, alert: Alert, *, run_id: str, made_at: datetime, version: int = 1
    ) -> bool:
        """Add an alert; what was recorded first under its id and version stands.

        Args:
            alert: As it is meant to go out.
            run_id: The run that made it.
            made_at: When, by the run's clock.
            version: Counts what was said of one event, for a filing that was revised.

        Returns:
            Whether it is new.
        """
        with self._database.write() as connection:
            return self.record_in(
                connection, alert, run_id=run_id, made_at=made_at, version=version
            )

    @staticmethod
    def record_in(
        connection: Connection,
        alert: Alert,
        *,
        run_id: str,
        made_at: datetime,
        version: int = 1,
    ) -> bool:
        """As :meth:`record`, as a part of the caller's transaction."""
        same = alerts.c.id == alert.id, alerts.c.version == version
        before = connection.scalar(_count(*same))
        keep_new(connection, alerts, [_row(alert, run_id, made_at, version)])
        return not before

    @staticmethod
    def as_kept(
        alert: Alert, *, run_id: str, made_at: datetime, version: int
    ) -> KeptAlert:
        """As :meth:`record` would add an alert and :meth:`find` give it back."""
        row = _row(alert, run_id, made_at, version)
        return KeptAlert(_record(row), alert, row["body"])

    @staticmethod
    def mark_sent_in(
        connection: Connection, identifier: str, version: int, sent_at: datetime
    ) -> None:
        """Note that a version went out; when it first did stands.

        Args:
            connection: The transaction in which the receipt is kept.
            identifier: The alert's.
            version: Which was sent.
            sent_at: When the other side took it.
        """
        columns = alerts.c
        connection.execute(
            sa.update(alerts)
            .where(columns.id == identifier, columns.version == version)
            .where(columns.sent_at.is_(None))
            .values(sent_at=sent_at)
        )

    def records(self) -> tuple[AlertRecord, ...]:
        """Every alert, newest first."""
        query = sa.select(*_SHORT).order_by(
            alerts.c.made_at.desc(), alerts.c.id, alerts.c.version.desc()
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(_record(row) for row in rows)

    def find(self, identifier: str, version: int | None = None) -> KeptAlert | None:
        """An alert, its latest version by default; null when there is none."""
        query = sa.select(alerts).where(alerts.c.id == identifier)
        if version is not None:
            query = query.where(alerts.c.version == version)
        latest = query.order_by(alerts.c.version.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(latest).mappings().first()
        if row is None:
            return None
        body = row["body"]
        return KeptAlert(_record(row), _adapter().validate_json(body), body)

    def keep_outcomes(self, found: Iterable[AlertOutcome]) -> None:
        """Write what became of alerts; what is known now takes the place of less.

        It can be worked out again, so in a home that may not be written it is not kept.
        """
        rows = [
            {
                "alert_id": one.alert_id,
                "version": one.version,
                "horizon": one.horizon,
                "state": one.state.value,
                "entry_day": one.entry_day,
                "net_return": one.net_return,
                "abnormal": one.abnormal,
                "hit": one.hit,
                "known_at": one.known_at,
            }
            for one in found
        ]
        if rows and self._database.writable:
            with self._database.write() as connection:
                keep(connection, alert_outcomes, rows)

    def outcomes(self, identifier: str | None = None) -> tuple[AlertOutcome, ...]:
        """What became of alerts, or of one, by alert, version and horizon."""
        columns = alert_outcomes.c
        query = sa.select(alert_outcomes).order_by(
            columns.alert_id, columns.version, columns.horizon
        )
        if identifier is not None:
            query = query.where(columns.alert_id == identifier)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(
            AlertOutcome(**{**row, "state": OutcomeState(row["state"])}) for row in rows
        )


_SHORT = tuple(column for column in alerts.c if column.name != "body")


def _row(alert: Alert, run_id: str, made_at: datetime, version: int) -> dict[str, Any]:
    prediction = alert.prediction
    return {
        "id": alert.id,
        "version": version,
        "symbol": alert.symbol,
        "period_end": Quarter.parse(alert.period).end,
        "basis": alert.basis and alert.basis.value,
        "published_at": alert.published_at,
        "priority": alert.priority.value,
        "probability": prediction and prediction.probability,
        "blockbuster": alert.blockbuster.score,
        "model_version": prediction and prediction.model_version,
        "body": _adapter().dump_json(alert).decode(),
        "run_id": run_id,
        "made_at": made_at,
        "sent_at": None,
    }


def _count(*which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(alerts).where(*which)


def _record(row: Mapping[str, Any] | sa.RowMapping) -> AlertRecord:
    told: dict[str, Any] = {column.name: row[column.name] for column in _SHORT}
    return AlertRecord(
        **{
            **told,
            "basis": None if told["basis"] is None else Basis(told["basis"]),
            "priority": Priority(told["priority"]),
        }
    )


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Alert]:
    return TypeAdapter(Alert)
