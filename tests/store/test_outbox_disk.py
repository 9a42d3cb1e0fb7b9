"""The outbox on a disk: each step is on it before the next, or nothing is."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dexter.domain.delivery import (
    DeliveryState,
    Receipt,
)
from dexter.errors import DiskFullError, StoreError
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from dexter.store.tables import outbox as table
from tests.store.making_outbox import NOW, begun, letter, now, put

PENDING = DeliveryState.PENDING


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(tmp_path)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


def test_every_step_is_on_the_disk_before_the_next(
    database: Database, outbox: Outbox
) -> None:
    asked: list[str] = []
    (row,) = put(outbox, letter())
    with database.read() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.set_trace_callback(asked.append)
    outbox.sent(begun(outbox, row), Receipt(), NOW)
    raw.set_trace_callback(None)
    written = [one for one in asked if one.startswith(("PRAGMA", "UPDATE", "COMMIT"))]
    kinds = [one.split()[0] for one in written]
    assert kinds == [
        "PRAGMA",
        "UPDATE",
        "COMMIT",
        "PRAGMA",
        "UPDATE",
        "UPDATE",
        "COMMIT",
    ]
    assert raw.execute("PRAGMA synchronous").fetchone() == (2,)


class _Sick(sqlite3.Connection):
    """A connection whose disk can be taken away."""

    fails: Callable[[], None] | None = None

    def commit(self) -> None:
        if _Sick.fails is not None:
            _Sick.fails()
        super().commit()


def _sickly(code: int, text: str) -> Callable[[], None]:
    def fails() -> None:
        error = sqlite3.OperationalError(text)
        error.sqlite_errorcode = code
        raise error

    return fails


@pytest.fixture
def sick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    connect = sqlite3.connect
    monkeypatch.setattr(
        "sqlite3.dbapi2.connect",
        lambda *args, **named: connect(*args, **named, factory=_Sick),
    )
    monkeypatch.setattr(_Sick, "fails", None)
    return Outbox(Database.open(tmp_path))


def test_after_an_io_error_nothing_is_written_any_more(
    sick: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = put(sick, letter(), letter(recipient="desk"))
    monkeypatch.setattr(_Sick, "fails", _sickly(10 | 4 << 8, "disk I/O error"))
    with pytest.raises(DiskFullError, match="disk I/O error"):
        sick.begin(first, NOW)
    # The disk is well again, as far as it says.
    monkeypatch.setattr(_Sick, "fails", None)
    with pytest.raises(DiskFullError, match="disk I/O error"):
        sick.begin(second, NOW)
    assert [row.state for row in sick.all()] == [PENDING, PENDING]


def test_a_full_disk_keeps_no_intent_and_may_be_mended(
    sick: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = put(sick, letter())
    monkeypatch.setattr(_Sick, "fails", _sickly(13, "database or disk is full"))
    with pytest.raises(DiskFullError):
        sick.begin(row, NOW)
    assert now(sick, row) == row
    monkeypatch.setattr(_Sick, "fails", None)
    assert begun(sick, row).attempts == 1


def test_a_receipt_waits_for_another_writer(
    sick: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = put(sick, letter())
    sending = begun(sick, row)
    locked, times = _sickly(5, "database is locked"), 0

    def held() -> None:
        nonlocal times
        times += 1
        if times < 3:
            locked()

    monkeypatch.setattr(_Sick, "fails", held)
    sick.sent(sending, Receipt("7"), NOW)
    assert now(sick, row).receipt == "7"
    times = -9
    with pytest.raises(StoreError, match="another process"):
        sick.begin(put(sick, letter("TCS"))[0], NOW)


def test_a_body_of_another_dexter_is_said_to_be_unreadable(
    database: Database, outbox: Outbox
) -> None:
    (row,) = put(outbox, letter())
    with database.write() as connection:
        connection.execute(sa.update(table).values(body='{"what": 1}'))
    with pytest.raises(ValueError, match="Message"):
        outbox.message(row.key)
