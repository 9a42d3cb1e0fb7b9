"""Delivering: whom one recipient's queue holds up, and what goes before what."""

import asyncio
from datetime import timedelta
from pathlib import Path

from dexter.domain.alert import Priority
from dexter.domain.delivered import Outcome
from dexter.domain.delivery import DeliveryState, Message, Receipt
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    ReplyLostError,
)
from pipelines.daily import sending, settling
from tests.pipelines.daily.outbox_scenes import (
    Scene,
    Scripted,
    operating,
    person,
)
from tests.store.making_outbox import letter

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
DOWN, LOST = ChannelDownError("no connection"), ReplyLostError("cut off")
DAY = timedelta(days=1)


async def test_one_recipients_trouble_holds_no_other(tmp_path: Path) -> None:
    stuck = asyncio.Event()

    class Stuck(Scripted):
        async def send(self, message: Message, recipient: str) -> Receipt:
            if recipient == "me":
                await stuck.wait()
            elif self.got == []:
                asyncio.get_running_loop().call_soon(stuck.set)
            return await super().send(message, recipient)

    telegram = Stuck("telegram")
    email = Scripted("email", post=[ChannelRefusedError("no such mailbox")])
    scene = Scene(tmp_path, telegram, email)
    scene.put(letter(), letter(recipient="desk"), letter("TCS", recipient="desk"))
    scene.put(letter(channel="email", recipient="post"))
    await scene.deliver()
    order = [who for who, _ in telegram.got]
    assert order.index("desk") < order.index("me")
    assert scene.states()["HCL1 post"] is DEAD
    assert [scene.states()[f"{one}1 desk"] for one in ("HCL", "TCS")] == [SENT, SENT]


async def test_a_channel_has_few_sends_under_way_and_a_recipient_one(
    tmp_path: Path,
) -> None:
    names, crowd = [f"r{n}" for n in range(12)], asyncio.Event()

    class Slow(Scripted):
        async def send(self, message: Message, recipient: str) -> Receipt:
            del message, recipient
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            if self.at_once == settling.AT_ONCE:
                crowd.set()
            await crowd.wait()
            self.at_once -= 1
            return Receipt()

    telegram = Slow("telegram")
    scene = Scene(tmp_path, telegram)
    scene.operating = operating(*(person(name) for name in names))
    scene.put(*(letter(s, recipient=n) for n in names for s in ("HCL", "TCS")))
    summary = await scene.deliver()
    assert summary.count(Outcome.SENT) == 24
    assert telegram.most_at_once == settling.AT_ONCE
    scene.put(*(letter(f"X{n}", recipient="r1") for n in range(9)))
    telegram.most_at_once = 0
    await scene.deliver()
    assert telegram.most_at_once == 1


async def test_the_loudest_goes_first_and_then_the_oldest(tmp_path: Path) -> None:
    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram)
    for symbol, priority in (
        ("OLD", Priority.MEDIUM),
        ("NEW", Priority.MEDIUM),
        ("LOW", Priority.LOW),
        ("BIG", Priority.HIGH),
    ):
        scene.put(letter(symbol, priority=priority))
        scene.clock.at += timedelta(seconds=1)
    await scene.deliver()
    symbols = [message.alert.symbol for _, message in telegram.got if message.alert]
    assert symbols == ["BIG", "OLD", "NEW", "LOW"]


async def test_a_busy_side_is_left_in_peace_and_a_failing_one_soon(
    tmp_path: Path,
) -> None:
    telegram = Scripted(
        "telegram", me=[ChannelBusyError("telegram", 30)], desk=[DOWN] * 99
    )
    scene = Scene(tmp_path, telegram)
    for symbol in ("A", "B", "C", "D", "E"):
        scene.put(letter(symbol), letter(symbol, recipient="desk"))
    await scene.deliver()
    asked = [who for who, _ in telegram.got]
    assert (asked.count("me"), asked.count("desk")) == (1, sending.STRIKES)
    scene.clock.at += timedelta(seconds=31)
    await scene.deliver()
    assert [scene.states()[f"{one}1 me"] for one in "ABCDE"] == [SENT] * 5


async def test_one_message_that_always_breaks_keeps_none_behind_it(
    tmp_path: Path,
) -> None:
    def breaks(message: object) -> Receipt:
        if "BAD" in repr(message):
            raise KeyError(message)
        return Receipt()

    telegram = Scripted("telegram", me=[breaks] * 99)
    scene = Scene(tmp_path, telegram)
    scene.put(letter("BAD"), *(letter(f"OK{n}") for n in range(5)))
    await scene.deliver()
    states = scene.states()
    assert states.pop("BAD1 me") is UNKNOWN
    assert set(states.values()) == {SENT}
