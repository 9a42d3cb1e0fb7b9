"""What was decided of a filing, kept in one commit with the letters it causes."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.alerts.routing import Routed, postings, route
from dexter.domain.daily import DayFiling
from dexter.domain.delivery import DeliveryState, ItemKind, Message, Notice
from dexter.domain.moment import midnight
from dexter.operating import Operating
from dexter.store import tables as t
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database, note
from dexter.store.days import forget_absences, keep_filings
from dexter.store.outbox import Outbox
from dexter.store.tables import read_moment
from pipelines.backup.restoring import RESTORED_AT
from pipelines.daily.deciding import Decided, Spoken
from pipelines.daily.unit import Unit

FRESH = timedelta(days=5)
"""Of results that were public for longer nobody is told: they are kept and scored."""


class Posted(NamedTuple):
    """How many letters of a notice are new in the outbox, of how many it is meant."""

    new: int
    meant: int


class Keeper:
    """Writes decisions: filing, alert and letters together, or nothing of them."""

    def __init__(self, database: Database, operating: Operating) -> None:
        self._database = database
        self._operating = operating

    def __call__(self, decided: Decided, unit: Unit) -> Decided:
        """Keep what became of a filing; the absence it was noted under is forgotten.

        Returns:
            It as kept: the reason also says why nobody hears of an alert.

        Raises:
            StoreError: the home cannot be written; nothing of it is kept then.
        """
        filing, spoken = decided.filing, decided.spoken
        routed: tuple[Routed, ...] = ()
        if spoken is not None and _fresh(filing):
            routed = self._routed(spoken, filing.decided_at)
            filing = _unheard(filing, routed)
        elif spoken is not None:
            stale = f"nobody hears of it (public for over {FRESH.days} days)"
            filing = replace(filing, reason=f"{filing.reason}; {stale}")
        with self._database.write() as connection:
            forget_absences(connection, unit.stands_for)
            keep_filings(connection, [filing])
            if spoken is not None and filing.run_id is not None:
                AlertLedger.record_in(
                    connection,
                    spoken.alert,
                    run_id=filing.run_id,
                    made_at=filing.decided_at,
                    version=spoken.version,
                )
                message = _message(spoken, filing.run_id)
                letters = postings(spoken.alert.id, message, routed)
                Outbox.put(connection, letters, filing.decided_at)
                if _before_restore(connection, filing.published_at):
                    _doubt(connection, spoken.alert.id, spoken.version)
        return replace(decided, filing=filing)

    def post(self, notice: Notice, at: datetime, about: date | None = None) -> Posted:
        """Let the operator hear something; what was said under its key stands."""
        routed = route(notice.priority, ItemKind.NOTICE, self._operating, at)
        message = Message(notice=notice)
        letters = postings(notice.key, message, routed)
        with self._database.write() as connection:
            put = Outbox.put(connection, letters, at)
            if about is not None and _before_restore(connection, midnight(about)):
                _doubt(connection, notice.key, message.version)
            return Posted(put, len(letters))

    def _routed(self, spoken: Spoken, at: datetime) -> tuple[Routed, ...]:
        """Who hears of an alert; of an amendment whoever heard what it amends."""
        priority, operating = spoken.alert.priority, self._operating
        # Caps are held against what went out when a letter's time comes.
        plain = route(priority, ItemKind.ALERT, operating, at)
        heard = self._heard(spoken.alert.id) if spoken.version > 1 else ()
        if not heard:
            return plain
        every = route(priority, ItemKind.ALERT, operating, at, regardless=True)
        return tuple(
            loud if _key(one) in heard else one
            for one, loud in zip(plain, every, strict=True)
        )

    def _heard(self, item: str) -> frozenset[tuple[str, str]]:
        """Channels and recipients letters of an alert were written to."""
        c = t.outbox.c
        query = sa.select(c.channel, c.recipient).where(c.item == item)
        with self._database.read() as connection:
            return frozenset((row[0], row[1]) for row in connection.execute(query))


def _key(one: Routed) -> tuple[str, str]:
    return one.recipient.channel.value, one.recipient.name


def _fresh(filing: DayFiling) -> bool:
    told = filing.published_at
    return told is None or filing.decided_at - told <= FRESH


def _before_restore(connection: Connection, since: datetime | None) -> bool:
    """Whether there was news since before the home was restored from a backup.

    It may have been told in between, by a home nobody has any more.
    """
    restored = note(connection, RESTORED_AT)
    return restored is not None and since is not None and since <= read_moment(restored)


def _doubt(connection: Connection, item: str, version: int) -> None:
    """Mark letters as ones that may have arrived before."""
    mine = (
        t.outbox.c.item == item,
        t.outbox.c.version == version,
        t.outbox.c.state == DeliveryState.PENDING.value,
    )
    change = {"state": DeliveryState.UNKNOWN.value, "unsure": True}
    connection.execute(sa.update(t.outbox).where(*mine).values(change))


def _message(spoken: Spoken, run_id: str) -> Message:
    return Message(
        alert=spoken.alert,
        version=spoken.version,
        amends=spoken.amends,
        chart=spoken.chart,
        run_id=run_id,
    )


def _unheard(filing: DayFiling, routed: tuple[Routed, ...]) -> DayFiling:
    """An alert nobody hears of says so beside the rule that made it."""
    if not routed or any(one.due_at is not None for one in routed):
        return filing
    why = "; ".join(f"{one.recipient.name}: {one.reason}" for one in routed)
    return replace(filing, reason=f"{filing.reason}; nobody hears of it ({why})")
