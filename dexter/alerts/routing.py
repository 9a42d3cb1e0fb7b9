"""Who hears of something, and when: least priorities, quiet hours, caps.

Quiet hours hold back what is less loud than they let pass. Caps hold for every alert,
the loudest too: they are there for the day something floods, and a flood is loud. Under
a cap the loudest goes first. Notices count towards the caps and are not held by them:
each goes out once, and silence would be taken for a good day.

All of it is in Indian time, whatever the offset of the moments that come in. What goes
into the outbox is held against quiet hours alone; each time the outbox is looked at,
what waits is held against quiet hours and caps as ``dexter.toml`` then has them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dexter.domain.alert import Priority
from dexter.domain.delivery import ItemKind, Message, Posting
from dexter.domain.moment import IST
from dexter.operating import Alerting, Operating, QuietHours, Recipient

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why something waits, and until when."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Routed:
    """What is meant for a recipient.

    ``due_at`` is null when they are not to hear of it; then ``reason`` says why, else
    it says why it waits, and is null when it goes at once.
    """

    recipient: Recipient
    due_at: datetime | None
    reason: str | None = None


def route(
    priority: Priority,
    kind: ItemKind,
    operating: Operating,
    now: datetime,
    *,
    regardless: bool = False,
) -> tuple[Routed, ...]:
    """Who of the operator's recipients hears of something, and when.

    Args:
        priority: How loud it is.
        kind: An alert, held against each one's ``least``; or a notice, which goes to
            all who want notices.
        operating: The recipients and quiet hours.
        now: The present.
        regardless: Send it to those for whom it is not loud enough too: an amendment
            of something they were told.
    """
    hold = held(priority, kind, operating.alerts, now, ())
    due_at, reason = (hold.until, hold.reason) if hold else (now, None)
    return tuple(
        Routed(recipient, due_at, reason)
        if (why := _spared(recipient, priority, kind)) is None or regardless
        else Routed(recipient, None, why)
        for recipient in operating.recipients
    )


def postings(
    item: str, message: Message, routed: Iterable[Routed]
) -> tuple[Posting, ...]:
    """What goes into the outbox for those who are to hear of something.

    Args:
        item: The alert's id, or the notice's key.
        message: What is said, in its version; its priority is the postings'.
        routed: As :func:`route` gives it.
    """
    return tuple(
        Posting(
            item=item,
            message=message,
            channel=one.recipient.channel.value,
            recipient=one.recipient.name,
            priority=message.priority,
            due_at=one.due_at,
            reason=one.reason,
        )
        for one in routed
        if one.due_at is not None
    )


def held(
    priority: Priority,
    kind: ItemKind,
    alerting: Alerting,
    now: datetime,
    moments: Iterable[datetime],
) -> Hold | None:
    """Until when something must wait; null when it may go now.

    Args:
        priority: How loud it is.
        kind: A notice is held by quiet hours alone.
        alerting: Quiet hours and caps.
        now: The present.
        moments: When something went to the same recipient lately.
    """
    quiet = None if _passes(priority, alerting.quiet) else alerting.quiet
    capped = kind is ItemKind.ALERT
    went = sorted(moment for moment in moments if moment <= now) if capped else []
    at, reason = now, ""
    while hold := _quiet(at, quiet) or _capped(at, went, alerting):
        at, reason = hold.until, reason or hold.reason
    return Hold(at.astimezone(IST), f"{reason}; until {_told(at)}") if reason else None


def _spared(recipient: Recipient, priority: Priority, kind: ItemKind) -> str | None:
    if kind is ItemKind.NOTICE:
        return None if recipient.notices else "wants no notices"
    if priority.rank <= recipient.least.rank:
        return None
    return f"{priority.value} is below their least, {recipient.least.value}"


def _passes(priority: Priority, quiet: QuietHours | None) -> bool:
    return quiet is None or priority.rank <= quiet.passes.rank


def _quiet(at: datetime, quiet: QuietHours | None) -> Hold | None:
    """Quiet hours run up to, and without, the minute they end in."""
    if quiet is None:
        return None
    local = at.astimezone(IST)
    begins, ends, clock = quiet.from_, quiet.to, local.time()
    if begins < ends:
        inside = begins <= clock < ends
    else:
        inside = clock >= begins or clock < ends
    if not inside:
        return None
    until = datetime.combine(local.date(), ends, IST)
    until += _DAY if until <= local else timedelta(0)
    return Hold(until, f"quiet hours from {begins:%H:%M} to {ends:%H:%M} IST")


def _capped(at: datetime, went: Sequence[datetime], alerting: Alerting) -> Hold | None:
    """A day is that of the Indian calendar; an hour any sixty minutes."""
    local = at.astimezone(IST)
    midnight = datetime.combine(local.date(), time(), IST)
    most = alerting.per_day
    if most and sum(midnight <= moment for moment in went) >= most:
        return Hold(midnight + _DAY, f"{most} a day are the most")
    hour = [moment for moment in went if moment > at - _HOUR]
    most = alerting.per_hour
    if most and len(hour) >= most:
        return Hold(hour[-most] + _HOUR, f"{most} an hour are the most")
    return None


def _told(at: datetime) -> str:
    return f"{at.astimezone(IST):%d %b %H:%M} IST"
