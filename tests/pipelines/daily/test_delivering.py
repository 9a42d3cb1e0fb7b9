"""Delivering: what a channel answers, and what becomes of it."""

from datetime import timedelta
from pathlib import Path

import pytest

from dexter.alerts import backoff
from dexter.domain.delivered import Outcome
from dexter.domain.delivery import DeliveryState
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    ChannelUnsetError,
    DeliveryError,
    ReplyLostError,
)
from dexter.store.alerts import AlertLedger
from tests.ml.making_alerts import alert
from tests.pipelines.daily.outbox_scenes import (
    HOUR,
    Scene,
    Scripted,
)
from tests.store.making_outbox import NOW, letter, notice

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
DOWN, LOST = ChannelDownError("no connection"), ReplyLostError("cut off")
DAY = timedelta(days=1)


async def test_what_is_due_goes_out_once_with_its_receipt(tmp_path: Path) -> None:
    telegram, email = Scripted("telegram"), Scripted("email")
    scene = Scene(tmp_path, telegram, email)
    AlertLedger(scene.database).record(alert(), run_id="run", made_at=NOW)
    scene.put(letter(), letter(channel="email", recipient="post"), notice())
    scene.put(letter("TCS", due_at=NOW + HOUR))
    summary = await scene.deliver()
    assert summary.did == {
        "email": {Outcome.SENT: 1},
        "telegram": {Outcome.SENT: 2},
    }
    assert summary.states["telegram"] == {PENDING: 1, SENT: 2}
    assert (summary.dead_letters, summary.next_due) == (0, NOW + HOUR)
    assert scene.row("HCL1 me").receipt == "1"
    (record,) = AlertLedger(scene.database).records()
    assert record.sent_at == NOW
    for _ in range(3):
        assert not (await scene.deliver()).did
    assert len(telegram.got) == 2
    assert len(email.got) == 1


async def test_every_try_of_a_message_has_its_key_and_each_recipient_another(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[DOWN])
    scene = Scene(tmp_path, telegram)
    scene.put(letter(), letter(recipient="desk"))
    await scene.deliver(HOUR)
    keys = sorted((who, message.key) for who, message in telegram.got)
    item = alert().id
    assert keys == [
        ("desk", f"{item}/1/telegram/desk"),
        ("me", f"{item}/1/telegram/me"),
        ("me", f"{item}/1/telegram/me"),
    ]


@pytest.mark.parametrize(
    ("said", "state", "outcome", "marked"),
    [
        (DOWN, PENDING, Outcome.PUT_OFF, False),
        (ChannelBusyError("telegram", 5), PENDING, Outcome.BUSY, False),
        (ChannelUnsetError("telegram", "token", ""), PENDING, Outcome.PUT_OFF, False),
        (LOST, UNKNOWN, Outcome.UNKNOWN, True),
        (DeliveryError("who knows"), UNKNOWN, Outcome.UNKNOWN, True),
        (TimeoutError(), UNKNOWN, Outcome.UNKNOWN, True),
        (ZeroDivisionError("bot123:secret"), UNKNOWN, Outcome.UNKNOWN, True),
        (lambda _: None, SENT, Outcome.SENT, False),
    ],
)
async def test_an_answer_becomes_a_state_and_the_next_try_knows(
    tmp_path: Path, said: Exception, state: DeliveryState, outcome: str, *, marked: bool
) -> None:
    telegram = Scripted("telegram", me=[said])
    scene = Scene(tmp_path, telegram)
    scene.put(letter())
    summary = await scene.deliver()
    row = scene.row("HCL1 me")
    assert row.state is state
    assert summary.did == {"telegram": {outcome: 1}}
    assert "secret" not in str(row.reason)
    await scene.deliver(2 * HOUR)
    assert scene.row("HCL1 me").state is SENT
    repeats = [message.repeat for _, message in telegram.got]
    assert repeats == ([False] if state is SENT else [False, marked])
    assert scene.row("HCL1 me").repeats == int(marked)


async def test_a_repeat_that_was_not_taken_stays_a_repeat(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[DOWN, LOST, DOWN, ChannelBusyError("x", 3)])
    scene = Scene(tmp_path, telegram)
    scene.put(letter())
    summary = await scene.deliver(9 * HOUR)
    assert [m.repeat for _, m in telegram.got] == [False, False, True, True, True]
    assert summary.count(Outcome.REPEATED) == 1
    assert scene.row("HCL1 me").repeats == 3


async def test_a_refusal_is_a_dead_letter_until_it_is_taken_up(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[ChannelRefusedError("chat not found")])
    scene = Scene(tmp_path, telegram)
    scene.put(letter())
    summary = await scene.deliver(DAY)
    row = scene.row("HCL1 me")
    assert (row.state, row.reason, row.attempts) == (DEAD, "chat not found", 1)
    assert summary.dead_letters == 1
    scene.outbox.take_up(row.item, scene.clock.at)
    assert (await scene.deliver()).dead_letters == 0
    assert scene.row("HCL1 me").attempts == 2


async def test_a_channel_that_is_down_is_tried_for_three_days(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[DOWN] * 500)
    scene = Scene(tmp_path, telegram, Scripted("email"))
    scene.put(letter())
    await scene.deliver(30 * DAY)
    row = scene.row("HCL1 me")
    assert row.state is DEAD
    assert 72 <= row.attempts <= 200
    assert timedelta(days=3) <= row.due_at - NOW <= timedelta(days=3) + HOUR
    assert row.reason == f"{row.attempts} tries failed. no connection"


async def test_a_side_that_always_asks_to_wait_cannot_bring_the_end_forward(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[ChannelBusyError("telegram", 1800)] * 999)
    scene = Scene(tmp_path, telegram, Scripted("email"))
    scene.put(letter())
    await scene.deliver(30 * DAY)
    row = scene.row("HCL1 me")
    assert row.due_at - NOW == timedelta(days=3)
    assert row.attempts == 3 * 24 * 2 + 1


async def test_nobody_gets_a_message_for_ever_that_is_never_answered(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[LOST] * 99)
    scene = Scene(tmp_path, telegram, Scripted("email"))
    scene.put(letter())
    await scene.deliver(30 * DAY)
    row = scene.row("HCL1 me")
    assert (row.state, row.unsure) == (DEAD, True)
    assert row.reason == "11 sends came without an answer. cut off"
    assert len(telegram.got) == backoff.MOST_REPEATS + 1
    scene.outbox.take_up(row.item, scene.clock.at)
    telegram.answers["me"] = []
    await scene.deliver()
    assert telegram.got[-1][1].repeat
