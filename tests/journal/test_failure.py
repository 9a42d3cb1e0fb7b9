"""No room, no disk, no folder: everybody stops at once, nothing durable is lost."""

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from dexter.errors import (
    DexterError,
    DiskFullError,
    HomeUnwritableError,
    IntegrityError,
    StoreError,
)
from dexter.journal import Journal, SqliteJournalStore, verify
from dexter.journal import sqlite_writer as writing
from tests.journal.scenes import HEADER


async def _give(value: str) -> str:
    return value


async def _never() -> str:
    pytest.fail("a recorded step was performed again")


class _FailingConnection:
    """A connection whose commits fail from some moment on."""

    def __init__(self, real: sqlite3.Connection, error: sqlite3.Error) -> None:
        self._real, self._error = real, error
        self.failing = False
        self.tries = 0

    def execute(self, statement: str, *rest: object) -> object:
        if self.failing and statement == "COMMIT":
            self.tries += 1
            raise self._error
        return self._real.execute(statement, *rest)  # type: ignore[arg-type]  # passed on

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (sqlite3.OperationalError("database or disk is full"), DiskFullError),
        (sqlite3.OperationalError("disk I/O error"), DiskFullError),
        (sqlite3.OperationalError("database is locked"), StoreError),
        (sqlite3.DatabaseError("database disk image is malformed"), IntegrityError),
    ],
)
async def test_the_first_failure_stops_everybody_and_loses_nothing_durable(
    store: SqliteJournalStore,
    monkeypatch: pytest.MonkeyPatch,
    error: sqlite3.Error,
    raised: type[DexterError],
) -> None:
    broken: list[_FailingConnection] = []

    def connect(self: SqliteJournalStore) -> object:
        broken.append(_FailingConnection(_connect(self), error))
        return broken[0]

    _connect = SqliteJournalStore._connect
    monkeypatch.setattr(SqliteJournalStore, "_connect", connect)
    journal = Journal.begin(store, "run-1", HEADER)
    neighbour = Journal.begin(store, "run-2", HEADER)
    await journal.step("a", {"n": 0}, lambda: _give("durable"), str)
    broken[0].failing = True
    waiting = [
        asyncio.create_task(journal.step("a", {"n": n}, lambda: _give("x"), str))
        for n in range(1, 5)
    ]
    await asyncio.wait(waiting)
    assert {type(task.exception()) for task in waiting} == {raised}
    assert broken[0].tries == 1
    for later in (
        journal.note("b", {}),
        neighbour.note("b", {}),
        journal.finish("", {}),
    ):
        with pytest.raises(raised):
            await later
    assert not journal.interrupt("too late")
    assert broken[0].tries == 1
    journal.close()
    neighbour.close()
    monkeypatch.undo()

    resumed = Journal.resume(store, "run-1")
    assert await resumed.step("a", {"n": 0}, _never, str) == "durable"
    assert await resumed.step("a", {"n": 1}, lambda: _give("now"), str) == "now"
    await resumed.finish("finished", {})
    assert verify(store, "run-1", resumed.head).ok


async def test_a_full_disk_says_so(
    store: SqliteJournalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    _connect = SqliteJournalStore._connect

    def connect(self: SqliteJournalStore) -> sqlite3.Connection:
        connection = _connect(self)
        connection.execute("PRAGMA max_page_count=24")
        return connection

    monkeypatch.setattr(SqliteJournalStore, "_connect", connect)
    journal = Journal.begin(store, "run-1", HEADER)
    kept: list[str] = []

    async def fill() -> None:
        for number in range(100):
            give = partial(_give, str(number) * 5000)
            kept.append(await journal.step("a", {"n": number}, give, str))

    with pytest.raises(DiskFullError, match=r"journal\.db failed: .*full"):
        await fill()
    journal.close()
    monkeypatch.undo()
    resumed = Journal.resume(store, "run-1")
    for number, text in enumerate(kept):
        assert await resumed.step("a", {"n": number}, _never, str) == text
    resumed.close()
    assert kept


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = SqliteJournalStore(tmp_path / "file" / "journal.db")
    with pytest.raises(HomeUnwritableError, match="cannot be written"):
        Journal.begin(store, "run-1", HEADER)


def test_sqlites_errors_become_ours() -> None:
    path = Path("journal.db")
    locked = writing.foreign(sqlite3.OperationalError("database is locked"), path)
    assert type(locked) is StoreError
    assert "database is locked" in locked.sentence
