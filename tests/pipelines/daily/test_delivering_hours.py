"""Delivering by the clock: quiet hours, caps, and clocks that are wrong."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from dexter.domain.alert import Priority
from dexter.domain.delivered import Outcome
from dexter.domain.delivery import DeliveryState
from dexter.domain.moment import IST
from dexter.errors import ChannelDownError, ReplyLostError
from tests.pipelines.daily.outbox_scenes import HOUR, Scene, Scripted, operating
from tests.store.making_outbox import NOW, letter, notice

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
DAY = timedelta(days=1)
QUIET = {"from": "22:30", "to": "07:00"}
DOWN, LOST = ChannelDownError("no connection"), ReplyLostError("cut off")


def symbols(telegram: Scripted) -> list[str]:
    return [message.alert.symbol for _, message in telegram.got if message.alert]


async def test_what_comes_in_quiet_hours_waits_unless_it_is_loud(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram, quiet=QUIET)
    scene.clock.at = datetime(2025, 5, 15, 23, 50, tzinfo=IST)
    due = scene.clock.at
    scene.put(
        letter("LOUD", due_at=due),
        letter("SOFT", priority=Priority.MEDIUM, due_at=due),
        notice(due_at=due),
    )
    summary = await scene.deliver(2 * HOUR)
    assert summary.did["telegram"] == {Outcome.HELD: 2, Outcome.SENT: 1}
    assert symbols(telegram) == ["LOUD"]
    row = scene.row("SOFT1 me")
    assert (row.attempts, row.state) == (0, PENDING)
    assert row.reason == "quiet hours from 22:30 to 07:00 IST; until 16 May 07:00 IST"
    scene.clock.at = datetime(2025, 5, 16, 1, 29, tzinfo=UTC)  # 06:59 IST
    await scene.deliver()
    assert len(telegram.got) == 1
    scene.clock.at += timedelta(minutes=1)
    await scene.deliver()
    assert len(telegram.got) == 3


async def test_what_failed_before_quiet_hours_does_not_wake_anybody(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[DOWN, LOST])
    scene = Scene(tmp_path, telegram, quiet=QUIET)
    scene.clock.at = datetime(2025, 5, 15, 22, 29, 50, tzinfo=IST)
    scene.put(
        letter("A", priority=Priority.LOW),
        letter("B", priority=Priority.LOW),
    )
    await scene.deliver(7 * HOUR)
    assert len(telegram.got) == 2
    assert scene.row("B1 me").state is UNKNOWN
    scene.clock.at = datetime(2025, 5, 16, 7, tzinfo=IST)
    await scene.deliver()
    assert [message.repeat for _, message in telegram.got[2:]] == [False, True]


async def test_quiet_hours_that_are_gone_hold_nothing_on(tmp_path: Path) -> None:
    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram, quiet=QUIET)
    scene.clock.at = datetime(2025, 5, 15, 23, tzinfo=IST)
    scene.put(letter(priority=Priority.LOW))
    await scene.deliver()
    scene.operating = operating()
    scene.clock.at = datetime(2025, 5, 16, 7, tzinfo=IST)
    await scene.deliver()
    assert len(telegram.got) == 1


async def test_what_was_held_goes_as_soon_as_nothing_holds_it(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[DOWN, DOWN])
    scene = Scene(tmp_path, telegram, quiet=QUIET, per_hour=2)
    scene.clock.at = datetime(2025, 5, 15, 22, 29, 50, tzinfo=IST)
    scene.put(letter("TRIED", priority=Priority.LOW))
    await scene.deliver()
    scene.clock.at = datetime(2025, 5, 15, 23, tzinfo=IST)
    scene.put(letter("FAILS", due_at=scene.clock.at))
    scene.put(letter("FRESH", priority=Priority.LOW))
    await scene.deliver()
    assert symbols(telegram) == ["TRIED", "FAILS"]
    scene.clock.at += timedelta(seconds=10)
    scene.operating = operating(per_hour=1)
    await scene.deliver()
    # The cap takes the place of the quiet hours; a try that failed waits on by itself.
    assert symbols(telegram)[2:] == ["TRIED"]
    assert scene.row("FRESH1 me").due_at == scene.clock.at + HOUR
    scene.operating = operating()
    await scene.deliver()
    assert symbols(telegram)[3:] == ["FRESH"]
    assert scene.row("FAILS1 me").attempts == 1


async def test_a_cap_spreads_a_flood_the_loudest_first(tmp_path: Path) -> None:
    telegram, began = Scripted("telegram"), NOW
    scene = Scene(tmp_path, telegram, per_hour=3)
    scene.put(*(letter(f"M{n}", priority=Priority.MEDIUM) for n in range(5)))
    scene.put(letter("M5", recipient="desk", priority=Priority.MEDIUM))
    summary = await scene.deliver()
    assert summary.count(Outcome.SENT) == 4
    assert summary.next_due == NOW + HOUR
    scene.clock.at += timedelta(minutes=30)
    scene.put(letter("BIG", due_at=scene.clock.at), notice(due_at=scene.clock.at))
    await scene.deliver()
    # Not even what is loud passes; a notice does.
    assert len(telegram.got) == 5
    assert "BIG" not in symbols(telegram)
    scene.clock.at = began + HOUR
    await scene.deliver()
    mine = [m.alert.symbol for who, m in telegram.got if who == "me" and m.alert]
    # The notice of half an hour ago takes one of the three places.
    assert mine == ["M0", "M1", "M2", "BIG", "M3"]
    await scene.deliver(HOUR)
    assert symbols(telegram)[-1] == "M4"
    assert set(scene.states().values()) == {SENT}


async def test_a_days_cap_goes_on_the_next_indian_day(tmp_path: Path) -> None:
    telegram = Scripted("telegram")
    scene = Scene(tmp_path, telegram, per_day=2, quiet=QUIET)
    scene.put(*(letter(f"S{n}", priority=Priority.MEDIUM) for n in range(5)))
    sent_at: list[datetime] = []
    for _ in range(72):
        before = len(telegram.got)
        await scene.deliver()
        sent_at += [scene.clock.at] * (len(telegram.got) - before)
        scene.clock.at += HOUR
    assert [f"{at:%d %H:%M}" for at in sent_at] == [
        *["15 18:30"] * 2,
        *["16 07:30"] * 2,
        "17 07:30",
    ]


async def test_unanswered_sends_count_towards_the_cap(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[LOST])
    scene = Scene(tmp_path, telegram, per_hour=1)
    scene.put(letter("A"), letter("B"))
    await scene.deliver(timedelta(minutes=50))
    assert len(telegram.got) == 1
    await scene.deliver(2 * HOUR)
    assert set(scene.states().values()) == {SENT}


@pytest.mark.parametrize("back", [timedelta(minutes=90), timedelta(days=400)])
async def test_a_clock_set_back_sends_nothing_twice_and_blocks_nothing(
    tmp_path: Path, back: timedelta
) -> None:
    telegram = Scripted("telegram", me=[DOWN])
    scene = Scene(tmp_path, telegram, per_hour=2, quiet=QUIET)
    scene.clock.at = NOW + back
    scene.put(letter("FAILS", due_at=scene.clock.at))
    await scene.deliver()
    scene.put(letter("GOES", due_at=scene.clock.at))
    scene.put(letter("LATER", due_at=scene.clock.at + timedelta(hours=2)))
    await scene.deliver()
    assert scene.states() == {
        "FAILS1 me": PENDING,
        "GOES1 me": SENT,
        "LATER1 me": PENDING,
    }
    scene.clock.at = NOW
    await scene.deliver()
    await scene.deliver(4 * HOUR)
    assert set(scene.states().values()) == {SENT}
    assert sorted(symbols(telegram)) == ["FAILS", "FAILS", "GOES", "LATER"]
    assert not any(message.repeat for _, message in telegram.got)


async def test_a_clock_that_jumps_between_sends_loses_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    telegram = Scripted("telegram", me=[DOWN, DOWN, DOWN])
    scene = Scene(tmp_path, telegram, quiet=QUIET)
    jumps = (3, -700, 20, -1, 0.1, 9000, -9000, 30, -3, 1)
    for number, hours in enumerate(jumps):
        scene.put(letter(f"S{number}", due_at=scene.clock.at))
        await scene.deliver()
        scene.clock.at += timedelta(hours=hours)
        zone = timezone(timedelta(hours=number - 5))
        scene.clock.at = scene.clock.at.astimezone(zone)
    await scene.deliver(2 * DAY)
    assert set(scene.states().values()) == {SENT}
    got = symbols(telegram)
    assert set(got) == {f"S{n}" for n in range(len(jumps))}
    assert len(got) == len(jumps) + 3
    assert not any(message.repeat for _, message in telegram.got)


async def test_a_clock_ahead_does_not_bury_at_the_first_failure(tmp_path: Path) -> None:
    telegram = Scripted("telegram", me=[DOWN, DOWN])
    scene = Scene(tmp_path, telegram)
    scene.put(letter())
    await scene.deliver()
    scene.clock.at += timedelta(days=900)
    await scene.deliver()
    assert scene.row("HCL1 me").state is PENDING
