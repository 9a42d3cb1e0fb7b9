import asyncio

import pytest

from dexter.llm.throttle import Throttle, Throttles


async def test_turns_are_taken_in_the_order_asked_for() -> None:
    # A window so short that every call but the first two has to wait for it.
    throttle = Throttle(calls=2, seconds=0.03, concurrency=2)
    order: list[int] = []

    async def one(number: int) -> None:
        async with throttle.turn():
            order.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(8):
            group.create_task(one(number))
    assert order == list(range(8))


async def test_a_window_lets_no_more_start_than_it_holds() -> None:
    throttle = Throttle(calls=3, seconds=3600, concurrency=10)
    started: list[int] = []

    async def one(number: int) -> None:
        async with throttle.turn():
            started.append(number)

    tasks = [asyncio.create_task(one(number)) for number in range(10)]
    await asyncio.wait(tasks, timeout=0.1)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    assert started == [0, 1, 2]


async def test_a_turn_is_given_back_after_a_failure() -> None:
    throttle = Throttle(concurrency=1)
    for _ in range(3):
        with pytest.raises(LookupError):
            async with throttle.turn():
                raise LookupError


@pytest.mark.parametrize(("calls", "width"), [(0, 1), (1, 0), (-1, 1)])
def test_a_bound_below_one_is_refused(calls: int, width: int) -> None:
    with pytest.raises(ValueError, match="cannot throttle"):
        Throttle(calls=calls, concurrency=width)


def test_a_model_has_one_throttle() -> None:
    throttles = Throttles()
    assert throttles.of("openai:a") is throttles.of("openai:a")
    assert throttles.of("openai:a") is not throttles.of("openai:b")
