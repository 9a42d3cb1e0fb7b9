"""The outbox as it stands; nothing is changed here."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from dexter.domain.alert import Priority
from dexter.domain.delivery import Delivery, DeliveryState, ItemKind, Key, Message
from dexter.store.database import Database
from dexter.store.tables import outbox

C = outbox.c
WAITING = (DeliveryState.PENDING, DeliveryState.UNKNOWN)
SHORT = tuple(column for column in C if column.name != "body")
_LONGEST = timedelta(hours=48)
"""No hold reaches further: a day's cap ends at midnight, quiet hours within a day."""
_DAY = timedelta(days=1)
_ENUMS = {"kind": ItemKind, "priority": Priority, "state": DeliveryState}


class OutboxView:
    """Deliveries of one home, read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> tuple[Delivery, ...]:
        """Everything that is still to go out, due or not."""
        return self._rows(in_state(*WAITING))

    def orphans(self) -> tuple[Delivery, ...]:
        """Rows in SENDING. To whoever holds the lock: a dead process left them."""
        return self._rows(in_state(DeliveryState.SENDING))

    def all(self) -> tuple[Delivery, ...]:
        """Every delivery, oldest first."""
        return self._rows()

    def dead_letters(self, since: datetime | None = None) -> tuple[Delivery, ...]:
        """What nobody took and no later version took the place of.

        Args:
            since: Only those that died since then.
        """
        recent = () if since is None else (C.due_at >= since,)
        return self._rows(*dead_letter(), *recent)

    def find(self, key: Key) -> Delivery | None:
        """One row, or null."""
        return next(iter(self._rows(*same(key))), None)

    def message(self, key: Key) -> Message:
        """What is to be said.

        Raises:
            ValueError: it was written by another dexter and cannot be read.
        """
        with self._database.read() as connection:
            body = connection.scalar(sa.select(C.body).where(*same(key)))
        found = messages().validate_json(body or "")
        if found.alert is None and found.notice is None:
            msg = "a Message that says nothing"
            raise ValueError(msg)
        return found

    def recent(self, now: datetime) -> dict[tuple[str, str], list[datetime]]:
        """When each channel and recipient was sent to within a day, as far as known.

        What may have arrived counts by when it was tried. Moments ahead of ``now``,
        of a clock that was set back, do not count.
        """
        moment = sa.func.coalesce(C.sent_at, C.tried_at, type_=C.tried_at.type)
        went = sa.or_(in_state(DeliveryState.SENT, DeliveryState.SENDING), C.unsure)
        query = sa.select(C.channel, C.recipient, moment.label("at")).where(
            went, moment > now - _DAY, moment <= now
        )
        found: defaultdict[tuple[str, str], list[datetime]] = defaultdict(list)
        with self._database.read() as connection:
            for row in connection.execute(query):
                found[row.channel, row.recipient].append(row.at)
        return found

    def counts(self) -> Mapping[str, Mapping[DeliveryState, int]]:
        """How many deliveries stand where, by channel."""
        query = sa.select(C.channel, C.state, sa.func.count().label("n")).group_by(
            C.channel, C.state
        )
        found: defaultdict[str, dict[DeliveryState, int]] = defaultdict(dict)
        with self._database.read() as connection:
            for row in connection.execute(query.order_by(C.channel, C.state)):
                found[row.channel][DeliveryState(row.state)] = row.n
        return dict(found)

    def _rows(self, *which: sa.ColumnElement[bool]) -> tuple[Delivery, ...]:
        query = sa.select(*SHORT).where(*which).order_by(C.made_at, *outbox.primary_key)
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(delivery(row) for row in rows)


def is_due(row: Delivery, now: datetime) -> bool:
    """Whether a waiting row may be tried: its time has come, or its clock was wrong.

    A row noted by a clock since set back would else wait until that clock's time.
    """
    noted = row.tried_at or row.made_at
    return row.due_at <= now or noted > now or row.due_at - now > _LONGEST


def delivery(row: sa.RowMapping) -> Delivery:
    """A row as it was kept."""
    told: dict[str, Any] = {
        column.name: _ENUMS.get(column.name, _as_is)(row[column.name])
        for column in SHORT
    }
    return Delivery(**told)


def in_state(*states: DeliveryState) -> sa.ColumnElement[bool]:
    """Rows that stand in one of some states."""
    return C.state.in_([state.value for state in states])


def same(key: Key) -> tuple[sa.ColumnElement[bool], ...]:
    """The row of a key."""
    return tuple(C[name] == value for name, value in key._asdict().items())


def dead_letter() -> tuple[sa.ColumnElement[bool], ...]:
    """Dead rows of the latest version there is for their recipient."""
    return in_state(DeliveryState.DEAD), later_version().is_(None)


def later_version(*states: DeliveryState) -> sa.ScalarSelect[int | None]:
    """The latest later version of a row for the same recipient; of given states."""
    later = outbox.alias()
    which = (
        later.c.item == C.item,
        later.c.channel == C.channel,
        later.c.recipient == C.recipient,
        later.c.version > C.version,
    )
    stands = [state.value for state in states or DeliveryState]
    return (
        sa.select(sa.func.max(later.c.version))
        .where(*which, later.c.state.in_(stands))
        .correlate(outbox)
        .scalar_subquery()
    )


@lru_cache(maxsize=1)
def messages() -> TypeAdapter[Message]:
    """Messages to and from the JSON they are kept as."""
    return TypeAdapter(Message)


def _as_is(value: object) -> object:
    return value
