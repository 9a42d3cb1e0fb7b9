"""One recipient's queue: what is due, one after the other, each tried once.

Everything a channel may do to us ends as an outcome of that one delivery. What it does
that nobody foresaw may have been a send, so it is taken for one whose reply was lost.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dexter.alerts import backoff
from dexter.alerts.routing import Hold, held
from dexter.domain.delivered import Outcome
from dexter.domain.delivery import Delivery, DeliveryState, Message, Receipt
from dexter.errors import (
    ChannelDownError,
    ChannelUnsetError,
    DeliveryError,
    ReplyLostError,
)
from dexter.operating import Recipient
from dexter.ports import Channel
from dexter.store.outbox_view import is_due
from pipelines.daily.settling import Round

STRIKES = 3
"""Failures in a row after which the rest of a queue is left for the next pass."""
MOST_SECONDS = 180
"""Channels have time-outs of their own; this is for one that forgets them."""
_PUT_OFF = backoff.LONGEST + timedelta(seconds=MOST_SECONDS)
"""No try is put off for longer than this from its beginning."""
_FAILED = (Outcome.UNKNOWN, Outcome.PUT_OFF)


async def send_due(going: Round, waiting: Sequence[Delivery]) -> None:
    """Send what is due of all that waits for one recipient.

    Trouble is left with the round, so that the queues of others come to their end.
    """
    try:
        await _send_due(going, waiting)
    except Exception as error:  # noqa: BLE001 - raised again by who began the round
        going.trouble = going.trouble or error


def in_order(rows: Iterable[Delivery]) -> list[Delivery]:
    """The loudest first, then the oldest; versions of one item by their numbers."""
    found = tuple(rows)
    first: dict[str, tuple[int, datetime]] = {}
    for row in found:
        loud = row.priority.rank, row.made_at
        first[row.item] = min(loud, first.get(row.item, loud))
    return sorted(found, key=lambda row: (*first[row.item], row.item, row.version))


async def _send_due(going: Round, waiting: Sequence[Delivery]) -> None:
    now = await going.clock.now()
    holds: defaultdict[Hold, list[Delivery]] = defaultdict(list)
    strikes = 0
    for row in in_order(row for row in waiting if _may_go(going, row, now)):
        came = await _one(going, row)
        if isinstance(came, Hold):
            holds[came].append(row)
        strikes = strikes + 1 if came in _FAILED else 0
        if going.trouble or came is Outcome.BUSY or strikes == STRIKES:
            break
    for hold, rows in holds.items():
        await going.write(going.outbox.hold, rows, hold.until, hold.reason)
        going.count(rows[0].channel, Outcome.HELD, len(rows))


def _may_go(going: Round, row: Delivery, now: datetime) -> bool:
    """Whether its time has come, or what it was held by does not hold it any more."""
    was_held = row.reason is not None and (
        row.tried_at is None or row.due_at - row.tried_at > _PUT_OFF
    )
    return is_due(row, now) or (was_held and _hold(going, row, now) is None)


def _hold(going: Round, row: Delivery, now: datetime) -> Hold | None:
    """What quiet hours and caps, as they are now, hold a row by."""
    went = going.recent.get((row.channel, row.recipient), ())
    return held(row.priority, row.kind, going.operating.alerts, now, went)


async def _one(going: Round, row: Delivery) -> Outcome | Hold | None:
    """One delivery's try; why it is not tried; or null when another took it."""
    recipient = going.recipient(row)
    if recipient is None:
        who = f"{row.recipient} by {row.channel}"
        return await going.bury(row, f"dexter.toml no longer names {who}.")
    try:
        message = _worded(going, row)
    except ValueError:
        return await going.bury(row, "its message was kept by another dexter.")
    async with going.limits[row.channel]:
        return await _tried(going, row, message, recipient)


async def _tried(
    going: Round, row: Delivery, message: Message, recipient: Recipient
) -> Outcome | Hold | None:
    now = await going.clock.now()
    hold = _hold(going, row, now)
    if hold is not None:
        return hold
    begun = await going.begin(row, now)
    if begun is None:
        return None
    channel = going.channels[row.channel]
    return await going.settle(begun, await _send(channel, message, recipient))


def _worded(going: Round, row: Delivery) -> Message:
    """What is said this time: the same message, and what is to be known of its way."""
    message = going.outbox.message(row.key)
    amends = (*_missed(going, row), *message.amends)
    return replace(message, key=str(row.key), repeat=row.unsure, amends=amends)


def _missed(going: Round, row: Delivery) -> Iterator[str]:
    """The versions since the last that certainly arrived, latest first."""
    for version in range(row.version - 1, 0, -1):
        before = going.outbox.find(row.key._replace(version=version))
        if before is not None and before.state is DeliveryState.SENT:
            return
        unsure = before is not None and before.unsure
        reached = "may not have reached you" if unsure else "did not reach you"
        yield f"version {version} {reached}"


async def _send(
    channel: Channel, message: Message, recipient: Recipient
) -> Receipt | DeliveryError:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            got = await channel.send(message, recipient.name)
    except DeliveryError as error:
        return error
    except ChannelUnsetError as error:
        return ChannelDownError(error.sentence)
    except TimeoutError:
        return ReplyLostError(f"No answer came within {MOST_SECONDS} s.")
    except Exception as error:  # noqa: BLE001 - of a channel: nobody knows what it did
        # Its words are not repeated: they may hold an address with a token in it.
        return ReplyLostError(f"{channel.name} broke with {type(error).__name__}.")
    told = getattr(got, "id", None)
    return Receipt(None if told is None else str(told), getattr(got, "note", None))
