"""Deliver what is due: intent, send, receipt; whatever a channel does.

A send whose reply was lost, or whose process died, is sent again and marked. All that
is known stands in the store, so any number of processes may end at any point of it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from dexter.domain.delivered import DeliverySummary, Outcome
from dexter.domain.delivery import Delivery
from dexter.errors import ReplyLostError
from dexter.operating import Operating
from dexter.ports import Channel, Clock
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from dexter.store.outbox_view import OutboxView, is_due
from pipelines.daily.dead_letters import REACH, news
from pipelines.daily.sending import send_due
from pipelines.daily.settling import Round
from pipelines.daily.sole import sole

EVERYWHERE = "all"
_NO_PATIENCE = timedelta(0)
_LEFT = timedelta(seconds=30)
"""Before a queue that failed too often is looked at again."""
_SOON = timedelta(seconds=1)


async def deliver(
    database: Database,
    channels: Mapping[str, Channel],
    operating: Operating,
    clock: Clock,
    *,
    patience: timedelta = _NO_PATIENCE,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> DeliverySummary:
    """Send what is due, each recipient's in order, the recipients beside each other.

    Args:
        database: Of the home whose outbox it is.
        channels: The ways out, every one by its name.
        operating: Recipients, quiet hours and caps.
        clock: The only source of the present.
        patience: How long, taken together, to wait here for what is not due yet: for
            another side that asks to wait, or a try that failed.
        sleep: Waits so many seconds.

    Returns:
        What was done; nothing where another process is at it.

    Raises:
        StoreError: the database cannot be written. Nothing was sent whose intent is
            not kept; a send whose receipt could not be kept is taken for lost.
    """
    outbox = Outbox(database)
    with sole(database.home) as ours:
        if not ours:
            return _summary(outbox, None, await clock.now())
        going = Round(outbox, channels, operating, clock)
        for row in outbox.orphans():
            lost = ReplyLostError("The process ended before an answer came.")
            await going.settle(row, lost)
        left = patience
        while True:
            await _until_told(going)
            pause = _pause(outbox, await clock.now())
            if pause is None or pause > left:
                return _summary(outbox, going, await clock.now())
            left -= pause
            await sleep(pause.total_seconds())


async def _until_told(going: Round) -> None:
    """A pass, and another when there is news of dead letters to tell."""
    more = True
    while more:
        await _pass(going)
        now = await going.clock.now()
        dead = going.outbox.dead_letters(now - REACH)
        told = news(dead, going.operating, now)
        more = bool(told) and await going.write(going.outbox.post, told, now) > 0


async def _pass(going: Round) -> None:
    now = await going.clock.now()
    closed = await going.write(going.outbox.supersede, now)
    going.count(EVERYWHERE, Outcome.SUPERSEDED, closed)
    going.recent = going.outbox.recent(now)
    queues: defaultdict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for row in going.outbox.waiting():
        queues[row.channel, row.recipient].append(row)
    async with asyncio.TaskGroup() as group:
        for waiting in queues.values():
            group.create_task(send_due(going, waiting))
    if going.trouble is not None:
        raise going.trouble


def _pause(outbox: OutboxView, now: datetime) -> timedelta | None:
    """Until something may be tried; null when nothing waits."""
    pauses = (
        _LEFT if is_due(row, now) else max(row.due_at - now, _SOON)
        for row in outbox.waiting()
    )
    return min(pauses, default=None)


def _summary(outbox: OutboxView, going: Round | None, now: datetime) -> DeliverySummary:
    did: defaultdict[str, dict[Outcome, int]] = defaultdict(dict)
    for (channel, outcome), times in sorted(going.did.items() if going else ()):
        if times:
            did[channel][outcome] = times
    pause = _pause(outbox, now)
    return DeliverySummary(
        did=dict(did),
        states=outbox.counts(),
        dead_letters=len(outbox.dead_letters()),
        next_due=None if pause is None else now + pause,
        elsewhere=going is None,
    )
