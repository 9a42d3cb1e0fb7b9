"""What goes out, to whom, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from dexter.domain.alert import Alert, Priority


class ItemKind(StrEnum):
    """What an item of the outbox says."""

    ALERT = "alert"
    NOTICE = "notice"


class DeliveryState(StrEnum):
    """Where a delivery stands.

    ``PENDING``: not tried, or refused for now. ``SENDING``: the intent is noted and a
    send may be under way. ``UNKNOWN``: a send whose reply was lost; it is sent again,
    marked as a possible repeat. ``SENT`` and ``DEAD`` are ends.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the operator must hear: a day missed, empty or failed; a summary.

    ``key`` is the same for the same news, so that it goes out once.
    """

    key: str
    priority: Priority
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel is given to send: an alert in one of its versions, or a notice.

    Args:
        key: The same for every try of the same message to someone; empty until it
            goes out. E-mail makes its Message-ID of it, a webhook its idempotency key.
        alert: The alert, or null for a notice.
        notice: The notice, or null for an alert.
        version: Of the alert; above 1 it amends what was said before.
        amends: What changed since the version before, in words; empty for the first.
        repeat: Whether an earlier try may have arrived.
        chart: A PNG to go with it, as a path below the home; null without one.
        run_id: The run that made it, to be opened; null where there is none.
    """

    key: str = ""
    alert: Alert | None = None
    notice: Notice | None = None
    version: int = 1
    amends: tuple[str, ...] = ()
    repeat: bool = False
    chart: str | None = None
    run_id: str | None = None

    @property
    def priority(self) -> Priority:
        """How loudly it is meant."""
        told = self.alert or self.notice
        return told.priority if told else Priority.LOW


@dataclass(frozen=True, slots=True)
class Posting:
    """A message on its way into the outbox, for one recipient.

    Args:
        item: The alert's id, or the notice's key.
        message: What is said; its version is the row's.
        channel: By which channel.
        recipient: The recipient's name in ``dexter.toml``.
        priority: How loudly; decides who goes first and what quiet hours hold back.
        due_at: Not before then.
        reason: Why it waits until then; null where it does not.
    """

    item: str
    message: Message
    channel: str
    recipient: str
    priority: Priority
    due_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel answered: its own id of the message, where it gives one.

    ``note`` is what did not go along with it, such as a chart.
    """

    id: str | None = None
    note: str | None = None


class Key(NamedTuple):
    """What an outbox row is known by; ``recipient`` is a name of ``dexter.toml``."""

    item: str
    version: int
    channel: str
    recipient: str

    def __str__(self) -> str:
        return "/".join(map(str, self))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one recipient by one channel; the key of an outbox row is these.

    ``due_at`` is when it may be tried next, or when it died; ``reason`` why it waits,
    is unknown or dead, or what did not go along. ``repeats`` counts tries after one
    whose reply was lost, ``unsure`` whether a try may have arrived; ``failing_since``
    is its first try, or the first since it was taken up again.
    """

    item: str
    version: int
    kind: ItemKind
    channel: str
    recipient: str
    priority: Priority
    state: DeliveryState
    attempts: int
    repeats: int
    made_at: datetime
    due_at: datetime
    tried_at: datetime | None = None
    sent_at: datetime | None = None
    receipt: str | None = None
    reason: str | None = None
    failing_since: datetime | None = None
    unsure: bool = False

    @property
    def key(self) -> Key:
        """What its row is known by."""
        return Key(self.item, self.version, self.channel, self.recipient)
