"""Whose turn it is at Telegram, by a clock that the waits themselves move on."""

import asyncio
import bisect
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.alerts.pace import Pace

SLACK = 1e-6


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []

    def read(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


async def _sent(chats: list[str], factor: float = 1.0) -> list[tuple[float, str]]:
    clock = Clock()
    pace = Pace(factor, clock.read, clock.sleep)
    sent = []
    for chat in chats:
        await pace.turn(chat)
        sent.append((clock.now, chat))
    return sent


def _within(moments: list[float], seconds: float) -> int:
    """The most moments in any window of so many seconds."""
    return max(
        (
            bisect.bisect_left(moments, moment + seconds - SLACK) - index
            for index, moment in enumerate(moments)
        ),
        default=0,
    )


async def test_the_first_goes_at_once() -> None:
    assert await _sent(["42", "43"]) == [(1000.0, "42"), (1000.0, "43")]


async def test_a_chat_gets_one_a_second() -> None:
    moments = [at for at, _ in await _sent(["42"] * 40)]

    assert all(b - a == pytest.approx(1) for a, b in pairwise(moments))


@pytest.mark.parametrize("chat", ["-100123", "@channel"])
async def test_a_group_gets_twenty_a_minute(chat: str) -> None:
    moments = [at for at, _ in await _sent([chat] * 45)]

    assert _within(moments, 60) == 20
    assert moments[20] - moments[0] == pytest.approx(60)


async def test_all_together_get_thirty_a_second() -> None:
    moments = [at for at, _ in await _sent([str(chat) for chat in range(95)])]

    assert _within(moments, 1) == 30
    assert moments[-1] - moments[0] == pytest.approx(3)


async def test_nobody_waits_where_no_wait_is_wanted() -> None:
    moments = {at for at, _ in await _sent(["-1"] * 100, factor=0)}

    assert moments == {1000.0}


async def test_waits_are_as_long_as_the_factor_says() -> None:
    moments = [at for at, _ in await _sent(["42"] * 3, factor=0.1)]

    assert moments[-1] - moments[0] == pytest.approx(0.2)


@given(st.lists(st.sampled_from(["1", "2", "-3", "@four"]), max_size=120))
def test_no_limit_is_ever_passed(chats: list[str]) -> None:
    sent = asyncio.run(_sent(chats))

    moments = [at for at, _ in sent]
    assert _within(moments, 1) <= 30
    for chat in set(chats):
        mine = [at for at, to in sent if to == chat]
        assert _within(mine, 1) <= 1
        assert _within(mine, 60) <= (60 if chat.isdigit() else 20)


async def test_those_who_ask_together_are_spaced_out_too() -> None:
    pace = Pace(0.02)
    loop = asyncio.get_running_loop()
    began = loop.time()

    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(pace.turn("42"))

    assert loop.time() - began >= 0.08 - SLACK
