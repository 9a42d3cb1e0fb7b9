"""The journal in one SQLite file: reading, listing, and opening runs for writing."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from threading import Lock

from dexter.domain.run import RunSummary
from dexter.errors import HomeUnwritableError
from dexter.journal import lease
from dexter.journal.events import Event
from dexter.journal.looking import address, refused
from dexter.journal.sqlite_writer import GroupWriter, RunHand, foreign
from dexter.journal.store import RunWriter, newest_first, summarise

_SCHEMA = """
CREATE TABLE IF NOT EXISTS events (
    run_id TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
);
CREATE TABLE IF NOT EXISTS blobs (
    sha256 TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL
);
"""

# As bytes: an edited text may no longer be UTF-8, and that is for verify to tell.
_READ = """
SELECT seq, CAST(body AS BLOB), CAST(hash AS BLOB) FROM events
WHERE run_id = ? ORDER BY seq
"""
_BLOBS = """
SELECT sha256, CAST(content AS BLOB) FROM blobs
WHERE sha256 IN (SELECT value FROM json_each(?))
"""

_TABLES = "SELECT COUNT(*) FROM sqlite_master"

# Steps from id to id through the key; never reads all events.
_RUNS = """
WITH RECURSIVE ids(id) AS (
    SELECT MIN(run_id) FROM events
    UNION ALL SELECT (SELECT MIN(run_id) FROM events WHERE run_id > id)
    FROM ids WHERE id IS NOT NULL)
SELECT CAST(id AS BLOB),
    (SELECT MIN(seq) FROM events WHERE run_id = id),
    (SELECT MAX(seq) FROM events WHERE run_id = id)
FROM ids WHERE id IS NOT NULL
"""
_ONE = """
SELECT seq, CAST(body AS BLOB), CAST(hash AS BLOB) FROM events
WHERE run_id = ? AND seq = ?
"""


class SqliteJournalStore:
    """Runs in a SQLite file (WAL, every commit synchronised) with a folder of leases.

    One thread writes for all runs open in this process; it starts with the first and
    ends with the last.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.locks = path.parent / "locks"
        self._writer: GroupWriter | None = None
        self._guard = Lock()

    def open(self, run_id: str) -> RunWriter:
        """Take the lease of a run for writing.

        Raises:
            RunBusyError: somebody living is writing it.
            HomeUnwritableError: the folder cannot be written.
            IntegrityError: the file is damaged.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            held = lease.take(self.locks, run_id)
        except OSError as error:
            why = error.strerror or str(error)
            raise HomeUnwritableError(self.path.parent, why) from error
        try:
            with self._guard:
                if self._writer is None or not self._writer.enter():
                    self._writer = GroupWriter(self.path, self._connect())
                return RunHand(self._writer, run_id, held)
        except BaseException:
            held.release()
            raise

    def read(self, run_id: str) -> Sequence[Event]:
        """The events of a run as they stand, by number.

        Raises:
            IntegrityError: the file is damaged.
        """
        return [_event(*row) for row in self._rows(_READ, run_id)]

    def blobs(self, addresses: Collection[str]) -> Mapping[str, str]:
        """The texts kept under some addresses, unverified.

        Raises:
            IntegrityError: the file is damaged.
        """
        rows = self._rows(_BLOBS, json.dumps(sorted(addresses)))
        return {str(sha256): _text(content) for sha256, content in rows}

    def runs(self) -> tuple[RunSummary, ...]:
        """Every run, newest first; one whose process died is interrupted."""
        found = []
        for raw, first, last in self._rows(_RUNS):
            run_id = _text(raw)
            ends = [
                _event(*row)
                for seq in (first, last)
                for row in self._rows(_ONE, run_id, seq)
            ]
            if ends:
                held = lease.held(self.locks, run_id)
                pair = (ends[0], ends[-1])
                found.append(summarise(self, run_id, pair, held=held))
        return newest_first(found)

    def _rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        if not self.path.exists():
            return []
        try:
            return _found(sqlite3.connect(self.path), query, values)
        except sqlite3.Error as error:
            if not refused(str(error)):
                raise foreign(error, self.path) from error
        try:
            looked_at = sqlite3.connect(address(self.path), uri=True)
            return _found(looked_at, query, values)
        except sqlite3.Error as error:
            raise foreign(error, self.path) from error

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self.path, isolation_level=None, timeout=30, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA wal_autocheckpoint=2000")
            connection.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise foreign(error, self.path) from error
        return connection


def _found(
    connection: sqlite3.Connection, query: str, values: Sequence[object]
) -> list[tuple[object, ...]]:
    with closing(connection):
        # A file just made has no tables yet; a damaged one lacks only some.
        new = not connection.execute(_TABLES).fetchone()[0]
        return [] if new else connection.execute(query, values).fetchall()


def _event(seq: object, body: object, sealed: object) -> Event:
    # A number that is none any more sorts nowhere: place 0 is no event's.
    number = seq if isinstance(seq, int) else 0
    return Event(number, _text(body), _text(sealed))


def _text(value: object) -> str:
    raw = value if isinstance(value, bytes) else str(value).encode()
    return raw.decode("utf-8", "surrogateescape")
