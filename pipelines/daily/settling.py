"""What the queues of one delivering share, and what an answer is made into.

What the database does to us is trouble: nothing new is begun, what is under way is
waited for, and its outcome kept where that can be done. A receipt that cannot be kept
leaves a row in ``sending``, whose send is taken for lost next time.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

from dexter.alerts import backoff
from dexter.domain.delivered import Outcome
from dexter.domain.delivery import Delivery, Receipt
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    DeliveryError,
)
from dexter.operating import Operating, Recipient
from dexter.ports import Channel, Clock
from dexter.store.outbox import Outbox

AT_ONCE = 4
"""Sends under way on one channel."""
_LONGEST_REASON = 500
_ARRIVED = (Outcome.SENT, Outcome.REPEATED, Outcome.UNKNOWN)
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Round:
    """One delivering.

    ``did`` counts outcomes by channel, ``recent`` is when something went to each
    channel and recipient, ``trouble`` what made the round stop.

    Args:
        outbox: Where every step is noted.
        channels: The ways out, by name.
        operating: Recipients, quiet hours and caps.
        clock: The only source of the present.
    """

    def __init__(
        self,
        outbox: Outbox,
        channels: Mapping[str, Channel],
        operating: Operating,
        clock: Clock,
    ) -> None:
        self.outbox = outbox
        self.channels = channels
        self.operating = operating
        self.clock = clock
        self.did: Counter[tuple[str, Outcome]] = Counter()
        self.recent: dict[tuple[str, str], list[datetime]] = {}
        self.trouble: Exception | None = None
        self.limits = {name: asyncio.Semaphore(AT_ONCE) for name in channels}
        self._recipients = {
            (one.channel.value, one.name): one for one in operating.recipients
        }
        self._writing = asyncio.Lock()

    def recipient(self, row: Delivery) -> Recipient | None:
        """Whom a delivery is for, as ``dexter.toml`` has them now; null if no more."""
        return self._recipients.get((row.channel, row.recipient))

    async def write(
        self, do: Callable[_P, _T], *args: _P.args, **named: _P.kwargs
    ) -> _T:
        """A write beside the loop, one at a time, and never left half way.

        Another process that holds the database keeps no send from its answer.
        """
        async with self._writing:
            done = asyncio.ensure_future(asyncio.to_thread(do, *args, **named))
            try:
                return await asyncio.shield(done)
            except asyncio.CancelledError:
                await asyncio.wait([done])
                raise

    async def begin(self, row: Delivery, now: datetime) -> Delivery | None:
        """Note the intent to send; null where the row, or the round, is no more.

        What waited for its turn to write while trouble came begins nothing either.
        """

        def begin() -> Delivery | None:
            return None if self.trouble else self.outbox.begin(row, now)

        return await self.write(begin)

    async def settle(self, row: Delivery, said: Receipt | DeliveryError) -> Outcome:
        """Note what a send came to.

        Args:
            row: As it was begun.
            said: The channel's answer, or what is known in its place.
        """
        now = await self.clock.now()
        outcome = await self._settled(row, said, now)
        if outcome in _ARRIVED:
            self.recent.setdefault((row.channel, row.recipient), []).append(now)
        return self.count(row.channel, outcome)

    async def bury(self, row: Delivery, reason: str) -> Outcome:
        """Give a delivery up without a try."""
        outcome = await self._dead(row, await self.clock.now(), reason)
        return self.count(row.channel, outcome)

    def count(self, channel: str, outcome: Outcome, times: int = 1) -> Outcome:
        """Count an outcome."""
        self.did[channel, outcome] += times
        return outcome

    async def _settled(
        self, row: Delivery, said: Receipt | DeliveryError, now: datetime
    ) -> Outcome:
        reason = str(said)[:_LONGEST_REASON]
        match said:
            case Receipt():
                await self.write(self.outbox.sent, row, said, now)
                return Outcome.REPEATED if row.unsure else Outcome.SENT
            case ChannelRefusedError():
                return await self._dead(row, now, reason)
            case ChannelBusyError(seconds=seconds):
                return await self._put_off(row, now, reason, backoff.asked(seconds))
            case ChannelDownError():
                return await self._put_off(row, now, reason)
            case _:
                return await self._lost(row, now, reason)

    async def _put_off(
        self, row: Delivery, now: datetime, reason: str, asked: timedelta | None = None
    ) -> Outcome:
        if backoff.given_up(row, now):
            return await self._dead(row, now, f"{row.attempts} tries failed. {reason}")
        due_at = now + (asked or backoff.wait(row))
        await self.write(self.outbox.again, row, due_at, reason)
        return Outcome.BUSY if asked else Outcome.PUT_OFF

    async def _lost(self, row: Delivery, now: datetime, reason: str) -> Outcome:
        if backoff.repeated_enough(row):
            why = f"{row.repeats + 1} sends came without an answer. {reason}"
            await self.write(self.outbox.dead, row, now, why, unsure=True)
            return Outcome.DEAD
        await self.write(self.outbox.lost, row, now + backoff.wait(row), reason)
        return Outcome.UNKNOWN

    async def _dead(self, row: Delivery, now: datetime, reason: str) -> Outcome:
        if row.unsure:
            reason = f"{reason} An earlier try may have arrived."
        await self.write(self.outbox.dead, row, now, reason)
        return Outcome.DEAD
