"""Work side by side, whose first error of ours is told as it is, not as one of many."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

from dexter.errors import DexterError


async def together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all of it; the first failure stops the rest.

    Raises:
        DexterError: The first one of ours, out of its group.
        ExceptionGroup: Only faults that are not ours.
    """
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except* DexterError as failed:
        raise _first(failed) from None


def _first(group: BaseExceptionGroup[DexterError]) -> DexterError:
    for one in group.exceptions:
        return _first(one) if isinstance(one, BaseExceptionGroup) else one
    raise AssertionError
