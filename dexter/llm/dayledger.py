"""What the day and the key have cost, in one small SQLite file shared by all runs.

A hold is added to the total before the call and corrected after it. A process that dies
in between leaves its hold in place: the ceiling errs towards having spent.
"""

import asyncio
import sqlite3
from contextlib import closing
from datetime import date
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

from dexter.errors import DiskFullError, StoreCorruptError

_ZERO = Decimal(0)
_NANO = Decimal(10) ** 9
_BUSY_SECONDS = 10.0
_EVER = "ever"
_TABLE = """
CREATE TABLE IF NOT EXISTS spending (
    period TEXT NOT NULL, account TEXT NOT NULL, nano_usd INTEGER NOT NULL,
    PRIMARY KEY (period, account)
)
"""
_ADD = """
INSERT INTO spending VALUES (?, ?, ?)
ON CONFLICT (period, account) DO UPDATE SET nano_usd = nano_usd + excluded.nano_usd
"""
_READ = "SELECT nano_usd FROM spending WHERE period = ? AND account = ?"


class FileDayLedger:
    """A ``DayLedger`` in a file; every change is one transaction under SQLite's lock.

    Args:
        path: The file; made with its folder on first use.
        day: The day the total is of; none for a total that never starts anew.
        account: Whose total: ``all``, or a key's fingerprint, never a key.
    """

    def __init__(self, path: Path, day: date | None, account: str = "all") -> None:
        self._path = path
        self._row = (day.isoformat() if day else _EVER, account)

    async def total(self) -> Decimal:
        """What has been spent or is held, in USD."""
        return await asyncio.to_thread(self._change, _ZERO, None)

    async def hold(self, amount: Decimal, ceiling: Decimal | None) -> Decimal | None:
        """See ``dexter.llm.ledger.DayLedger.hold``."""
        before = await asyncio.to_thread(self._change, amount, ceiling)
        over = ceiling is not None and before + amount > ceiling
        return before if over else None

    async def settle(self, held: Decimal, actual: Decimal) -> None:
        """See ``dexter.llm.ledger.DayLedger.settle``."""
        await asyncio.to_thread(self._change, actual - held, None)

    def _change(self, amount: Decimal, ceiling: Decimal | None) -> Decimal:
        """Add an amount unless the sum would pass the ceiling; the total before."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._open()) as db:
                return self._add(db, amount, ceiling)
        except sqlite3.DatabaseError as wrong:
            if isinstance(wrong, sqlite3.OperationalError):
                raise DiskFullError(self._path, str(wrong)) from wrong
            raise StoreCorruptError(self._path, str(wrong)) from wrong
        except OSError as wrong:
            raise DiskFullError(self._path, str(wrong)) from wrong

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        db.execute("PRAGMA synchronous=FULL")
        return db

    def _add(
        self, db: sqlite3.Connection, amount: Decimal, ceiling: Decimal | None
    ) -> Decimal:
        db.execute("BEGIN IMMEDIATE")
        db.execute(_TABLE)
        found = db.execute(_READ, self._row).fetchone()
        before = Decimal(found[0]) / _NANO if found else _ZERO
        if ceiling is None or before + amount <= ceiling:
            nano = (amount * _NANO).to_integral_value(ROUND_CEILING)
            db.execute(_ADD, (*self._row, int(nano)))
        db.execute("COMMIT")
        return before
