"""A host is asked in turn: gaps, windows and widths, on a clock of our own."""

import asyncio
from dataclasses import replace

import pytest

from dexter.sources.pace import Pace
from tests.sources.transport.conftest import CONFIG, Hours


async def _starts(pace: Pace, hours: Hours, count: int) -> list[tuple[int, float]]:
    starts: list[tuple[int, float]] = []

    async def one(number: int) -> None:
        async with pace.turn():
            starts.append((number, hours.now - 1000))

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(one(number))
    return starts


async def test_starts_keep_their_gap_and_their_order(hours: Hours) -> None:
    pace = Pace(replace(CONFIG, min_gap_seconds=0.5), hours, hours.sleep)
    assert await _starts(pace, hours, 4) == [(0, 0.0), (1, 0.5), (2, 1.0), (3, 1.5)]


async def test_a_gap_that_has_passed_is_not_waited_for(hours: Hours) -> None:
    pace = Pace(replace(CONFIG, min_gap_seconds=0.5), hours, hours.sleep)
    await _starts(pace, hours, 1)
    hours.now += 0.4
    await _starts(pace, hours, 1)
    hours.now += 7
    await _starts(pace, hours, 1)
    assert hours.slept == [pytest.approx(0.1)]


@pytest.mark.parametrize(("factor", "gap"), [(2.0, 1.0), (0.5, 0.25), (0.0, 0.0)])
async def test_a_pace_stretches_the_gap(
    hours: Hours, factor: float, gap: float
) -> None:
    config = replace(CONFIG, min_gap_seconds=0.5, pace=factor)
    starts = await _starts(Pace(config, hours, hours.sleep), hours, 3)
    assert [at for _, at in starts] == [0.0, gap, 2 * gap]


@pytest.mark.parametrize(("factor", "most"), [(1.0, 4), (2.0, 2), (99.0, 1)])
async def test_a_minute_holds_no_more_than_its_bound(
    hours: Hours, factor: float, most: int
) -> None:
    config = replace(CONFIG, per_minute=4, pace=factor, concurrency=10)
    pace = Pace(config, hours, hours.sleep)
    started: list[int] = []

    async def one(number: int) -> None:
        async with pace.turn():
            started.append(number)

    tasks = [asyncio.create_task(one(number)) for number in range(8)]
    await asyncio.wait(tasks, timeout=0.15)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert started == list(range(most))


async def test_no_more_are_in_flight_than_may_be(hours: Hours) -> None:
    pace = Pace(replace(CONFIG, concurrency=2), hours, hours.sleep)
    inside, most = 0, 0

    async def one() -> None:
        nonlocal inside, most
        async with pace.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    async with asyncio.TaskGroup() as group:
        for _ in range(7):
            group.create_task(one())
    assert most == 2


async def test_a_turn_is_given_back_after_a_failure(hours: Hours) -> None:
    pace = Pace(replace(CONFIG, concurrency=1), hours, hours.sleep)
    for _ in range(3):
        with pytest.raises(LookupError):
            async with pace.turn():
                raise LookupError


async def test_a_waiter_that_gives_up_holds_nobody_up(hours: Hours) -> None:
    pace = Pace(replace(CONFIG, concurrency=1), hours, hours.sleep)
    async with pace.turn():
        waiter = asyncio.create_task(_starts(pace, hours, 1))
        await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter
    assert len(await _starts(pace, hours, 1)) == 1
