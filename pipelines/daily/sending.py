"""One recipient's queue: what is due, one after the other, each tried once.

Everything a channel may do to us ends as an outcome of that one delivery. What it does
that nobody foresaw may have been a send, so it is taken for one whose reply was lost.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dexter.alerts.routing import LOUDEST_FIRST, Hold, held
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
_UNSET_WAIT = timedelta(hours=1)
_FAILED = (Outcome.UNKNOWN, Outcome.PUT_OFF)
_ENDED = (Outcome.SENT, Outcome.REPEATED, Outcome.DEAD)


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
        loud = LOUDEST_FIRST.index(row.priority), row.made_at
        first[row.item] = min(loud, first.get(row.item, loud))
    return sorted(found, key=lambda row: (*first[row.item], row.item, row.version))


async def _send_due(going: Round, waiting: Sequence[Delivery]) -> None:
    now = await going.clock.now()
    still_open: defaultdict[str, set[int]] = defaultdict(set)
    for row in waiting:
        still_open[row.item].add(row.version)
    holds: defaultdict[Hold, list[Delivery]] = defaultdict(list)
    strikes = 0
    for row in in_order(row for row in waiting if is_due(row, now)):
        if min(still_open[row.item]) < row.version:
            continue
        came = await _one(going, row)
        if isinstance(came, Hold):
            holds[came].append(row)
        elif came in _ENDED:
            still_open[row.item].discard(row.version)
        strikes = strikes + 1 if came in _FAILED else 0
        if going.trouble or came is Outcome.BUSY or strikes == STRIKES:
            break
    for hold, rows in holds.items():
        await going.write(going.outbox.hold, rows, hold.until, hold.reason)
        going.count(rows[0].channel, Outcome.HELD, len(rows))


async def _one(going: Round, row: Delivery) -> Outcome | Hold | None:
    """One delivery's try; why it is not tried; or null when another took it."""
    recipient, channel = going.recipient(row), going.channels.get(row.channel)
    if recipient is None:
        who = f"{row.recipient} by {row.channel}"
        return await going.bury(row, f"dexter.toml no longer names {who}.")
    if channel is None:
        until = await going.clock.now() + _UNSET_WAIT
        return Hold(until, f"the channel {row.channel} is not set up")
    try:
        message = _worded(going, row)
    except ValueError:
        return await going.bury(row, "its message was kept by another dexter.")
    async with going.limits[row.channel]:
        return await _tried(going, row, message, channel, recipient)


async def _tried(
    going: Round,
    row: Delivery,
    message: Message,
    channel: Channel,
    recipient: Recipient,
) -> Outcome | Hold | None:
    now = await going.clock.now()
    went = going.recent.get((row.channel, row.recipient), ())
    hold = held(row.priority, row.kind, going.operating.alerts, now, went)
    if hold is not None:
        return hold
    begun = await going.begin(row, now)
    if begun is None:
        return None
    return await going.settle(begun, await _send(channel, message, recipient))


def _worded(going: Round, row: Delivery) -> Message:
    """What is said this time: the same message, and what is to be known of its way."""
    message = going.outbox.message(row.key)
    before = going.outbox.before(row.key) if row.version > 1 else None
    amends = message.amends
    if before is not None and before.state is DeliveryState.DEAD:
        reached = "may not have reached you" if before.unsure else "did not reach you"
        amends = (f"version {before.version} {reached}", *amends)
    return replace(message, key=str(row.key), repeat=row.unsure, amends=amends)


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
