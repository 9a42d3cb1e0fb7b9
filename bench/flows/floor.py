"""The floor: a plain TaskGroup, and nothing recorded.

A no-op tool lets the loop turn once, as any tool that waits for something does.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import perf_counter


def open_flow(_name: str, _folder: Path) -> Callable[[int], float]:
    """The story in nothing but asyncio."""
    return lambda tasks: asyncio.run(_story(tasks))


async def _story(tasks: int) -> float:
    began = perf_counter()
    plan = await _plan(tasks)
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(_act(number)) for number in plan]
    verdict = await _validate([task.result() for task in running])
    await _synthesise(verdict)
    return perf_counter() - began


async def _plan(tasks: int) -> list[int]:
    return list(range(tasks))


async def _act(number: int) -> int:
    await asyncio.sleep(0)
    return number


async def _validate(findings: list[int]) -> int:
    return len(findings)


async def _synthesise(verdict: int) -> str:
    return f"{verdict} findings"
