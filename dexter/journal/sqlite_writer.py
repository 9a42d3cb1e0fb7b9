"""Group commit: one thread writes whatever has gathered, in one transaction.

A run's side gathers the events of one turn of its event loop and hands them over
together: tasks woken together write together, and the two threads do not fight over
the interpreter. While a commit is on its way to the disk, new events gather; the next
commit takes them all. Nobody waits for a timer; the busier, the cheaper an event.
"""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event as Signal
from threading import Lock, Thread
from typing import NamedTuple

from dexter.errors import (
    DexterError,
    DiskFullError,
    IntegrityError,
    JournalError,
    RunBusyError,
    StoreError,
)
from dexter.journal.events import Event
from dexter.journal.lease import Lease

_LARGEST_GROUP = 1024
_CLOSE_SECONDS = 10.0
_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    # Our statements are right, so it is the schema that is not.
    sqlite3.SQLITE_ERROR,
}
_NO_ROOM = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}

_ADD = "INSERT INTO events (run_id, seq, body, hash) VALUES "
# Many rows a statement: the interpreter is let go and fought for once, not per row.
_ADD_MANY = {n: _ADD + ", ".join(["(?, ?, ?, ?)"] * n) for n in (64, 16, 4, 1)}
_ADD_BLOB = "INSERT OR IGNORE INTO blobs (sha256, content) VALUES (?, ?)"

_Waiter = asyncio.Future[None]


def foreign(error: sqlite3.Error, path: Path) -> DexterError:
    """SQLite's error as ours: damage, no room, or a store that cannot be used."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    why = str(error)
    if code in _NO_ROOM or "disk is full" in why or "disk I/O error" in why:
        return DiskFullError(path, why)
    if code in _DAMAGED or "decode" in why or type(error) is sqlite3.DatabaseError:
        return IntegrityError(
            f"The journal {path} is damaged: {why}.",
            "Put a backup back with `dexter restore FILE --force`.",
        )
    return StoreError(f"The journal {path} cannot be used: {why}.")


class _Item(NamedTuple):
    """An event on its way to the disk, and who waits for it."""

    hand: "RunHand"
    event: Event
    blobs: Mapping[str, str]
    waiter: _Waiter | None


class GroupWriter:
    """The thread that writes, and the queue before it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self._queue: SimpleQueue[list[_Item] | Signal | None] = SimpleQueue()
        self._guard = Lock()
        self._hands = 1
        self.failure: DexterError | None = None
        self._thread = Thread(target=self._work, name="dexter-journal", daemon=True)
        self._thread.start()

    def enter(self) -> bool:
        """Serve one more run; false when it is too late for that."""
        with self._guard:
            open_ = self._hands > 0 and self.failure is None
            self._hands += open_
            return open_

    def leave(self) -> None:
        """Serve one run less; the thread ends with the last, and so does the file."""
        with self._guard:
            self._hands -= 1
            if self._hands:
                return
        self._queue.put(None)
        self._thread.join(_CLOSE_SECONDS)

    def put(self, item: list[_Item] | Signal) -> None:
        """Queue events, or a signal set once everything before it is written."""
        self._queue.put(item)

    def _work(self) -> None:
        while True:
            group, signals, more = self._gather()
            if group:
                self._write(group)
            for signal in signals:
                signal.set()
            if not more:
                break
        try:
            self._connection.close()
        except sqlite3.Error as error:  # Nothing waits for this any more.
            self.failure = self.failure or foreign(error, self._path)

    def _gather(self) -> tuple[list[_Item], list[Signal], bool]:
        """Wait for something; take it and all that is there besides."""
        group: list[_Item] = []
        signals: list[Signal] = []
        item = self._queue.get()
        try:
            while item is not None:
                if isinstance(item, Signal):
                    signals.append(item)
                else:
                    group.extend(item)
                if len(group) >= _LARGEST_GROUP:
                    break
                item = self._queue.get_nowait()
        except Empty:
            return group, signals, True
        return group, signals, item is not None

    def _write(self, group: Sequence[_Item]) -> None:
        # A run that was refused a number must not write the next one either.
        if any(item.hand.failure for item in group):
            self._write_apart(group)
            return
        if self.failure is None:
            try:
                self._commit(group)
            except sqlite3.IntegrityError:
                self._write_apart(group)
                return
            except Exception as error:  # noqa: BLE001 - see _fail
                self._fail(error)
        _resolve(group, self.failure)

    def _write_apart(self, group: Sequence[_Item]) -> None:
        """One run of the group has a second writer; its neighbours do not suffer."""
        by_hand: dict[RunHand, list[_Item]] = defaultdict(list)
        for item in group:
            by_hand[item.hand].append(item)
        for hand, items in by_hand.items():
            try:
                if hand.failure is None and self.failure is None:
                    self._commit(items)
            except sqlite3.IntegrityError:
                hand.failure = RunBusyError(hand.run_id)
            except Exception as error:  # noqa: BLE001 - see _fail
                self._fail(error)
            _resolve(items, self.failure or hand.failure)

    def _commit(self, group: Sequence[_Item]) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            blobs = [
                pair for item in group if item.blobs for pair in item.blobs.items()
            ]
            if blobs:
                connection.executemany(_ADD_BLOB, blobs)
            _insert(connection, group)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _fail(self, error: Exception) -> None:
        """Stop for good, whatever it was: a dead thread would leave all waiting."""
        if isinstance(error, sqlite3.Error):
            self.failure = foreign(error, self._path)
        else:
            self.failure = StoreError(f"The journal {self._path} stopped: {error}.")


class RunHand:
    """One run's side of the writer; holds its lease."""

    def __init__(self, writer: GroupWriter, run_id: str, lease: Lease) -> None:
        self.run_id = run_id
        self.failure: DexterError | None = None
        self._writer = writer
        self._lease = lease
        self._closed = False
        self._pending: list[_Item] = []

    def put(self, event: Event, blobs: Mapping[str, str]) -> None:
        """Queue an event without waiting."""
        self._queue(event, blobs, None)

    def commit(self, event: Event, blobs: Mapping[str, str]) -> _Waiter:
        """Queue an event at once; awaiting returns when it is durable."""
        waiter: _Waiter = asyncio.get_running_loop().create_future()
        self._queue(event, blobs, waiter)
        return waiter

    def flush(self, seconds: float) -> bool:
        """Wait until what is queued is durable, or failed."""
        if self._closed:
            return self._failure() is None
        self._hand_over()
        signal = Signal()
        self._writer.put(signal)
        done = signal.wait(seconds)
        return done and self._failure() is None

    def close(self) -> None:
        """Flush and give the lease back; again does nothing."""
        if self._closed:
            return
        self.flush(_CLOSE_SECONDS)
        self._closed = True
        self._writer.leave()
        self._lease.release()

    def _queue(
        self, event: Event, blobs: Mapping[str, str], waiter: _Waiter | None
    ) -> None:
        failure = self._failure()
        if failure is not None:
            raise failure
        if self._closed:
            msg = f"Run {self.run_id} is closed; nothing more can be recorded in it."
            raise JournalError(msg)
        pending = self._pending
        pending.append(_Item(self, event, blobs, waiter))
        if len(pending) == 1:
            try:
                asyncio.get_running_loop().call_soon(self._hand_over)
            except RuntimeError:  # No loop turns here: at once.
                self._hand_over()

    def _hand_over(self) -> None:
        if self._pending:
            self._writer.put(self._pending)
            self._pending = []

    def _failure(self) -> DexterError | None:
        return self._writer.failure or self.failure


def _insert(connection: sqlite3.Connection, group: Sequence[_Item]) -> None:
    done = 0
    for size, statement in _ADD_MANY.items():
        while len(group) - done >= size:
            values: list[object] = []
            for item in group[done : done + size]:
                values += (item.hand.run_id, *item.event)
            connection.execute(statement, values)
            done += size


def _resolve(group: Iterable[_Item], failure: DexterError | None) -> None:
    """Wake everybody of a group with one call per event loop."""
    waiting: dict[asyncio.AbstractEventLoop, list[_Waiter]] = {}
    for item in group:
        if item.waiter is not None:
            waiting.setdefault(item.waiter.get_loop(), []).append(item.waiter)
    for loop, waiters in waiting.items():
        try:
            loop.call_soon_threadsafe(_wake, waiters, failure)
        except RuntimeError:  # The loop is closed: nobody waits any more.
            continue


def _wake(waiters: Iterable[_Waiter], failure: DexterError | None) -> None:
    for waiter in waiters:
        if waiter.done():  # Cancelled; its event is durable all the same.
            continue
        if failure is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(failure)
