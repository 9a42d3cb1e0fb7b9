"""The outbox: what is to go out, and every step of its way, each one transaction.

::

    put ─▶ PENDING ─ begin ─▶ SENDING ─ sent ─▶ SENT
              ▲ ◀─────── again ──┤ ├─ lost ─▶ UNKNOWN ─ begin ─▶ SENDING, as a repeat
              └─ take_up ─ DEAD ◀┘ dead

``begin`` is the intent and ``sent`` the receipt: each is on the disk before the next
thing happens, so a process that dies between them leaves a row in SENDING, which nobody
takes for one that was not sent. A row one of whose tries may have arrived goes back to
UNKNOWN, never to PENDING. What a row is, is read; nothing is kept in memory.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.delivery import Delivery, DeliveryState, ItemKind, Posting, Receipt
from dexter.errors import StoreError
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from dexter.store.keeping import insert_into
from dexter.store.outbox_view import (
    SHORT,
    WAITING,
    C,
    OutboxView,
    dead_letter,
    delivery,
    in_state,
    later_version,
    messages,
    same,
)
from dexter.store.tables import outbox

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
_RECEIPT_TRIES = 5
"""A receipt is worth waiting for another process that holds the database."""
_BACK = sa.case((C.unsure, UNKNOWN.value), else_=PENDING.value)


class Outbox(OutboxView):
    """Deliveries of one home. A change answers null where the row stood otherwise.

    After an I/O error the file may not hold what it says it holds: this object writes
    no more, and raises the same error again.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._broken: StoreError | None = None

    @staticmethod
    def put(
        connection: Connection, postings: Iterable[Posting], made_at: datetime
    ) -> int:
        """Add what is to go out, in the caller's transaction; what is there stands.

        Returns:
            How many are new.
        """
        new = insert_into(connection, outbox).on_conflict_do_nothing()
        rows = [_row(posting, made_at) for posting in postings]
        return sum(connection.execute(new, row).rowcount for row in rows)

    def post(self, postings: Iterable[Posting], made_at: datetime) -> int:
        """As :meth:`put`, in a transaction of its own."""
        with self._durably() as connection:
            return self.put(connection, postings, made_at)

    def begin(self, row: Delivery, now: datetime) -> Delivery | None:
        """Note the intent to send; it is on the disk when this returns.

        Returns:
            The row as it stands now; what the outcome is told of.
        """
        # A clock that was ahead must not put off the end for ever.
        since = sa.case(
            (C.failing_since <= now, C.failing_since),
            else_=sa.literal(now, C.failing_since.type),
        )
        change = {
            "state": SENDING.value,
            "attempts": C.attempts + 1,
            "repeats": C.repeats + sa.case((C.unsure, 1), else_=0),
            "tried_at": now,
            "failing_since": since,
            "reason": None,
        }
        return self._change(row, WAITING, change)

    def sent(self, row: Delivery, receipt: Receipt, now: datetime) -> Delivery | None:
        """Keep the receipt of a try, and the alert's first time out with it.

        It counts as well where the row was taken for lost, and not begun anew since.
        """
        change = {
            "state": SENT.value,
            "sent_at": now,
            "receipt": receipt.id,
            "reason": receipt.note,
            "unsure": False,
        }
        for left in reversed(range(_RECEIPT_TRIES)):
            try:
                return self._change(row, (SENDING, UNKNOWN), change, went_at=now)
            except StoreError as error:
                if not left or _code(error) != sqlite3.SQLITE_BUSY:
                    raise
        return None

    def again(self, row: Delivery, due_at: datetime, reason: str) -> Delivery | None:
        """Put off a try that was certainly not taken."""
        change = {"state": _BACK, "due_at": due_at, "reason": reason}
        return self._change(row, (SENDING,), change)

    def lost(self, row: Delivery, due_at: datetime, reason: str) -> Delivery | None:
        """Note that a try may have arrived; the next one is marked as a repeat."""
        change = {
            "state": UNKNOWN.value,
            "due_at": due_at,
            "reason": reason,
            "unsure": True,
        }
        return self._change(row, (SENDING,), change)

    def dead(
        self, row: Delivery, now: datetime, reason: str, *, unsure: bool = False
    ) -> Delivery | None:
        """Give a delivery up.

        Args:
            row: As it was read.
            now: When; kept as its ``due_at``.
            reason: Why.
            unsure: Whether this try may have arrived.
        """
        change: dict[str, object] = {"state": DEAD.value, "due_at": now}
        if unsure:
            change["unsure"] = True
        return self._change(row, (*WAITING, SENDING), {**change, "reason": reason})

    def hold(self, held: Iterable[Delivery], until: datetime, reason: str) -> None:
        """Let rows wait without a try, for quiet hours or a cap."""
        change = {"due_at": until, "reason": reason}
        with self._durably() as connection:
            for row in held:
                which = (*same(row.key), in_state(*WAITING))
                connection.execute(sa.update(outbox).where(*which).values(change))

    def supersede(self, now: datetime) -> int:
        """Close versions that still wait where a later one came; how many.

        One that may have arrived is not sent again either: the later one says all
        there is to say, and what became of those before it.
        """
        later = later_version(*_ALIVE)
        which = in_state(*WAITING) & later.is_not(None)
        said = sa.case((C.unsure, "; it may have arrived"), else_=" before it went out")
        number = sa.cast(later, sa.Text)
        reason = sa.literal("superseded by version ", sa.Text) + number + said
        change = {"state": DEAD.value, "due_at": now, "reason": reason}
        with self._durably() as connection:
            closed = connection.execute(sa.update(outbox).where(which).values(change))
            return closed.rowcount

    def take_up(self, item: str, now: datetime) -> int:
        """Make the dead letters of an item due again; how many.

        Only the latest version to each recipient: what a later one took the place of
        stays closed. One that may have arrived will be marked as a repeat.
        """
        change = {
            "state": _BACK,
            "due_at": now,
            "failing_since": None,
            "reason": "taken up again",
        }
        which = (C.item == item, *dead_letter())
        with self._durably() as connection:
            found = connection.execute(sa.update(outbox).where(*which).values(change))
            return found.rowcount

    def _change(
        self,
        row: Delivery,
        stood: Iterable[DeliveryState],
        change: Mapping[str, object],
        went_at: datetime | None = None,
    ) -> Delivery | None:
        """One row's step, if it stands as it was read: same try, one of some states."""
        which = (*same(row.key), C.attempts == row.attempts, in_state(*stood))
        update = sa.update(outbox).where(*which).values(change).returning(*SHORT)
        with self._durably() as connection:
            found = connection.execute(update).mappings().first()
            if found is None:
                return None
            if went_at is not None and row.kind is ItemKind.ALERT:
                AlertLedger.mark_sent_in(connection, row.item, row.version, went_at)
            return delivery(found)

    @contextmanager
    def _durably(self) -> Iterator[Connection]:
        """A transaction that is on the disk, not only with the system, when it ends.

        The database is opened for a system that does not lose power between two
        commits; its connection keeps the stricter way, which costs time alone.
        """
        if self._broken is not None:
            raise self._broken
        try:
            with self._database.write() as connection:
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("PRAGMA synchronous=FULL")
                yield connection
        except StoreError as error:
            if _code(error) == sqlite3.SQLITE_IOERR:
                self._broken = error
            raise


_ALIVE = (PENDING, SENDING, SENT, UNKNOWN)


def _row(posting: Posting, made_at: datetime) -> dict[str, object]:
    message = posting.message
    kind = ItemKind.ALERT if message.alert else ItemKind.NOTICE
    return {
        "item": posting.item,
        "version": message.version,
        "channel": posting.channel,
        "recipient": posting.recipient,
        "kind": kind.value,
        "priority": posting.priority.value,
        "state": PENDING.value,
        "attempts": 0,
        "repeats": 0,
        "made_at": made_at,
        "due_at": posting.due_at,
        "reason": posting.reason,
        "unsure": False,
        "body": messages().dump_json(message).decode(),
    }


def _code(error: StoreError) -> int | None:
    """SQLite's own word for what happened, where it is SQLite's."""
    told = getattr(error.__cause__, "orig", None)
    code: int | None = getattr(told, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
