"""Letters made up for the outbox, and their way through it."""

from dataclasses import replace
from datetime import datetime

from dexter.domain.alert import Priority
from dexter.domain.delivery import Delivery, Key, Message, Notice, Posting
from dexter.domain.moment import IST
from dexter.store.outbox import Outbox
from tests.ml.making_alerts import alert

NOW = datetime(2025, 5, 15, 18, 30, tzinfo=IST)


def letter(  # noqa: PLR0913 - a letter has many parts
    symbol: str = "HCL",
    version: int = 1,
    *,
    channel: str = "telegram",
    recipient: str = "me",
    priority: Priority = Priority.HIGH,
    due_at: datetime = NOW,
    amends: tuple[str, ...] = (),
) -> Posting:
    """An alert of a company, for a recipient."""
    told = replace(alert(symbol), priority=priority)
    message = Message(f"{told.id}-{version}", told, version=version, amends=amends)
    return Posting(told.id, message, channel, recipient, priority, due_at)


def notice(
    key: str = "day/2025-05-15",
    *,
    channel: str = "telegram",
    recipient: str = "me",
    priority: Priority = Priority.MEDIUM,
    due_at: datetime = NOW,
) -> Posting:
    """A notice, for a recipient."""
    said = Notice(key, priority, "the day was empty", ("nobody reported",))
    message = Message(key, notice=said)
    return Posting(key, message, channel, recipient, priority, due_at)


def put(outbox: Outbox, *postings: Posting) -> tuple[Delivery, ...]:
    outbox.post(postings, NOW)
    found = [
        outbox.find(Key(one.item, one.message.version, one.channel, one.recipient))
        for one in postings
    ]
    return tuple(row for row in found if row is not None)


def begun(outbox: Outbox, row: Delivery, at: datetime = NOW) -> Delivery:
    found = outbox.begin(row, at)
    assert found is not None
    return found


def now(outbox: Outbox, row: Delivery) -> Delivery:
    found = outbox.find(row.key)
    assert found is not None
    return found
