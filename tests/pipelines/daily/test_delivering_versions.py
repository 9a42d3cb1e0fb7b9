"""Delivering: a later version, and what became of those before it."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dexter.domain.alert import Priority
from dexter.domain.delivered import Outcome
from dexter.domain.delivery import DeliveryState, Receipt
from dexter.domain.moment import IST
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    ReplyLostError,
)
from tests.pipelines.daily.outbox_scenes import HOUR, Says, Scene, Scripted
from tests.store.making_outbox import letter

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
DOWN, LOST = ChannelDownError("no connection"), ReplyLostError("cut off")
REFUSED, BUSY = ChannelRefusedError("too long"), ChannelBusyError("telegram", 5)
ANSWERS = (DOWN, LOST, LOST, BUSY, REFUSED, Receipt("1"))
DAY = timedelta(days=1)
QUIET = {"from": "22:30", "to": "07:00"}
CHANGE = "profit 12, was 10"


def night(hour: int, minute: int, day: int = 15) -> datetime:
    return datetime(2025, 5, day, hour, minute, tzinfo=IST)


async def test_the_next_version_takes_the_place_of_one_that_never_went(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[DOWN])
    scene = Scene(tmp_path, telegram)
    scene.put(letter())
    await scene.deliver()
    scene.put(letter(version=2, amends=(CHANGE,)))
    summary = await scene.deliver()
    assert summary.did["all"] == {Outcome.SUPERSEDED: 1}
    assert summary.dead_letters == 0
    assert scene.states() == {"HCL1 me": DEAD, "HCL2 me": SENT}
    first, second = (message for _, message in telegram.got)
    assert (first.version, second.version) == (1, 2)
    assert second.amends == ("version 1 did not reach you", CHANGE)
    assert (await scene.deliver(DAY)).did == {}


async def test_the_next_version_does_not_wait_for_one_that_may_have_arrived(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[LOST])
    scene = Scene(tmp_path, telegram)
    scene.put(letter())
    await scene.deliver()
    scene.put(letter(version=2, amends=(CHANGE,)))
    summary = await scene.deliver()
    assert (summary.dead_letters, summary.next_due) == (0, None)
    assert scene.states() == {"HCL1 me": DEAD, "HCL2 me": SENT}
    second = telegram.got[-1][1]
    assert (second.version, second.repeat) == (2, False)
    assert second.amends == ("version 1 may not have reached you", CHANGE)
    assert (await scene.deliver(DAY)).did == {}


async def test_a_loud_amendment_passes_the_quiet_hours_that_hold_what_it_amends(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[LOST])
    scene = Scene(tmp_path, telegram, quiet=QUIET)
    scene.clock.at = night(22, 29)
    scene.put(letter(priority=Priority.MEDIUM))
    await scene.deliver()
    scene.clock.at = night(22, 40)
    await scene.deliver()
    assert scene.row("HCL1 me").due_at == night(7, 0, 16)
    scene.put(letter(version=2, due_at=scene.clock.at))
    await scene.deliver()
    assert scene.states() == {"HCL1 me": DEAD, "HCL2 me": SENT}
    scene.clock.at = night(7, 0, 16)
    await scene.deliver()
    assert [message.version for _, message in telegram.got] == [1, 2]


async def test_after_a_version_nobody_took_the_next_says_so(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[REFUSED], desk=[LOST, REFUSED])
    scene = Scene(tmp_path, telegram)
    scene.put(letter(), letter(recipient="desk"))
    await scene.deliver(2 * HOUR)
    scene.put(letter(version=2), letter(version=2, recipient="desk"))
    summary = await scene.deliver()
    said = {who: message.amends for who, message in telegram.got if message.version > 1}
    assert said == {
        "me": ("version 1 did not reach you",),
        "desk": ("version 1 may not have reached you",),
    }
    assert summary.dead_letters == 0


async def test_who_was_never_written_to_hears_that_they_missed_it(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[Receipt("1"), LOST])
    scene = Scene(tmp_path, telegram)
    scene.put(letter())
    await scene.deliver()
    scene.put(letter(version=2))
    await scene.deliver()
    for version in (3, 4):
        scene.put(*(letter(version=version, recipient=one) for one in ("me", "desk")))
    await scene.deliver()
    said = {who: message.amends for who, message in telegram.got if message.version > 2}
    missed = [f"version {number} did not reach you" for number in (3, 2, 1)]
    assert said == {
        "me": (missed[0], "version 2 may not have reached you"),
        "desk": tuple(missed),
    }


@pytest.mark.parametrize("seed", range(24))
async def test_by_chance_nothing_old_follows_what_is_new(
    tmp_path: Path, seed: int
) -> None:
    """Whatever a channel answers: in order, each repeat marked, the latest arrives."""
    chance = random.Random(seed)  # noqa: S311 - seeded
    answers: list[Says] = [chance.choice(ANSWERS) for _ in range(20)]
    telegram = Scripted("telegram", me=[*answers])
    scene = Scene(tmp_path, telegram, quiet=QUIET)
    scene.clock.at = night(22, 0)
    for version in range(1, 6):
        priority = Priority.HIGH if version > 2 else Priority.MEDIUM
        scene.put(letter(version=version, priority=priority, due_at=scene.clock.at))
        for _ in range(chance.randint(0, 3)):
            await scene.deliver()
            scene.clock.at += timedelta(minutes=chance.choice((1, 20, 90)))
    telegram.answers["me"] = []
    await scene.deliver(9 * DAY)
    came = [*answers, *[Receipt()] * len(telegram.got)]
    versions = [message.version for _, message in telegram.got]
    assert versions == sorted(versions)
    in_doubt: set[int] = set()
    for (_, message), said in zip(telegram.got, came, strict=False):
        assert message.repeat == (message.version in in_doubt)
        if said is LOST:
            in_doubt.add(message.version)
    assert scene.outbox.waiting() == scene.outbox.orphans() == ()
    last = scene.row("HCL5 me")
    assert last.state is SENT or last.reason == str(REFUSED)
