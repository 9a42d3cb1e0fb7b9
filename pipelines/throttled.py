"""A port whose calls start no faster than its source allows."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from asyncio_throttle.throttler import Throttler

T = TypeVar("T")
_POLL_SECONDS = 0.002


def throttled(port: T, protocol: type, per_second: int) -> T:
    """Wrap a port: its ``async`` methods start at most ``per_second`` times a second.

    One throttle for all methods of the port, shared by every agent of a run.
    """
    throttler = Throttler(per_second, period=1.0, retry_interval=_POLL_SECONDS)
    wrapped: Any = _Throttled(port)
    for name, _ in inspect.getmembers(protocol, inspect.iscoroutinefunction):
        if not name.startswith("_"):
            setattr(wrapped, name, _slowed(getattr(port, name), throttler))
    result: T = wrapped
    return result


class _Throttled:
    """What is not a throttled method is read through."""

    def __init__(self, port: object) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the port has
        return getattr(self._port, name)


def _slowed(
    method: Callable[..., Coroutine[Any, Any, Any]], throttler: Throttler
) -> Callable[..., Coroutine[Any, Any, Any]]:
    async def call(*args: object, **kwargs: object) -> object:
        async with throttler:
            return await method(*args, **kwargs)

    return call
