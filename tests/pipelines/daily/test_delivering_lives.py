"""Delivering: what other processes did, and what cannot be delivered."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa

from dexter.alerts import backoff
from dexter.domain.delivered import Outcome
from dexter.domain.delivery import DeliveryState, Message, Receipt
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
)
from dexter.store.tables import outbox as table
from pipelines.daily import sending
from pipelines.daily.sole import sole
from tests.pipelines.daily.outbox_scenes import (
    HOUR,
    Scene,
    Scripted,
    label,
)
from tests.store.making_outbox import NOW, letter

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
DOWN = ChannelDownError("no connection")


async def test_what_a_dead_process_left_comes_again_and_says_so(tmp_path: Path) -> None:
    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram)
    scene.put(letter(), letter("TCS"))
    scene.outbox.begin(scene.row("HCL1 me"), NOW)
    summary = await scene.deliver()
    assert summary.did == {"telegram": {Outcome.UNKNOWN: 1, Outcome.SENT: 1}}
    await scene.deliver(HOUR)
    last = telegram.got[-1][1]
    assert ("HCL" in last.key, last.repeat) == (True, True)
    assert [message.repeat for _, message in telegram.got] == [False, True]


async def test_a_message_that_kills_its_process_is_given_up(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Scripted("telegram"))
    scene.put(letter())
    for _ in range(backoff.MOST_REPEATS + 1):
        scene.outbox.begin(scene.row("HCL1 me"), scene.clock.at)
        await scene.deliver()
        scene.clock.at += HOUR
    row = scene.row("HCL1 me")
    assert row.state is DEAD
    assert "11 sends came without an answer" in str(row.reason)


async def test_a_second_deliverer_says_so_and_leaves(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Scripted("telegram"))
    scene.put(letter())
    with sole(scene.database.home) as ours:
        assert ours
        summary = await scene.deliver()
    assert (summary.elsewhere, summary.did) == (True, {})
    assert scene.states() == {"HCL1 me": PENDING}
    assert (await scene.deliver()).count(Outcome.SENT) == 1


async def test_two_at_once_send_everything_once(tmp_path: Path) -> None:
    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram)
    scene.put(*(letter(f"S{n}") for n in range(10)))
    async with asyncio.TaskGroup() as group:
        both = [group.create_task(scene.deliver()) for _ in range(2)]
    assert sorted(one.result().elsewhere for one in both) == [False, True]
    assert len(telegram.got) == 10


async def test_who_is_no_longer_named_is_a_dead_letter(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Scripted("telegram"))
    scene.put(letter(recipient="gone"), letter(channel="email", recipient="me"))
    await scene.deliver()
    reasons = {label(row): row.reason for row in scene.outbox.dead_letters()}
    assert reasons == {
        "HCL1 gone": "dexter.toml no longer names gone by telegram.",
        "HCL1 me": "dexter.toml no longer names me by email.",
    }


async def test_a_body_nobody_can_read_is_a_dead_letter(tmp_path: Path) -> None:
    scene = Scene(tmp_path, Scripted("telegram"))
    scene.put(letter(), letter("TCS"))
    with scene.database.write() as connection:
        bad = sa.update(table).where(table.c.item.startswith("HCL")).values(body="{}")
        connection.execute(bad)
    await scene.deliver()
    states = scene.states()
    assert (states["HCL1 me"], states["TCS1 me"]) == (DEAD, SENT)


async def test_patience_waits_for_what_is_put_off_and_no_longer(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[ChannelBusyError("telegram", 7), DOWN])
    scene = Scene(tmp_path, telegram)
    scene.put(letter(), letter("TCS", recipient="desk", due_at=NOW + 9 * HOUR))
    summary = await scene.deliver(HOUR)
    assert scene.clock.slept[0] == 7
    assert sum(scene.clock.slept) < HOUR.total_seconds()
    assert scene.states() == {"HCL1 me": SENT, "TCS1 desk": PENDING}
    assert summary.next_due == NOW + 9 * HOUR


async def test_when_stopped_a_send_under_way_is_taken_for_lost(tmp_path: Path) -> None:
    begun = asyncio.Event()

    class Endless(Scripted):
        async def send(self, message: Message, recipient: str) -> Receipt:
            del message, recipient
            begun.set()
            await asyncio.Event().wait()
            raise AssertionError

    scene = Scene(tmp_path, Endless("telegram"))
    scene.put(letter(), letter("TCS"))
    delivering = asyncio.create_task(scene.deliver())
    await begun.wait()
    delivering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    assert sorted(scene.states().values()) == [PENDING, SENDING]
    telegram = Scripted("telegram")
    scene.channels = {"telegram": telegram}
    await scene.deliver(HOUR)
    assert set(scene.states().values()) == {SENT}
    assert sorted(message.repeat for _, message in telegram.got) == [False, True]


async def test_a_channel_without_an_end_is_given_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Endless(Scripted):
        async def send(self, message: Message, recipient: str) -> Receipt:
            del message, recipient
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr(sending, "MOST_SECONDS", 0.01)
    scene = Scene(tmp_path, Endless("telegram"))
    scene.put(letter())
    await scene.deliver()
    row = scene.row("HCL1 me")
    assert (row.state, row.reason) == (UNKNOWN, "No answer came within 0.01 s.")
