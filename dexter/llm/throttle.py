"""A place in the queue: so many calls a minute, so many at once, in order of arrival.

asyncio-throttle counts starts in a sliding window but has no cap on calls in flight,
and every waiter polls. So a semaphore bounds what is in flight, and a lock lets one
waiter at a time poll the window: a run over 150 companies costs one timer, not 150, and
order is kept. A throttle belongs to one event loop and one model; share it between
adapters.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from asyncio_throttle.throttler import Throttler

_POLL_SECONDS = 0.02


class Throttle:
    """Bounds the calls to one model.

    Args:
        calls: Starts allowed in any ``seconds``; the window may be used in one burst.
        seconds: Length of the window.
        concurrency: Calls in flight at once.

    Raises:
        ValueError: When a bound is below one; asyncio-throttle would wait for ever.
    """

    def __init__(
        self, calls: int = 60, seconds: float = 60.0, concurrency: int = 4
    ) -> None:
        if calls < 1 or concurrency < 1 or seconds <= 0:
            message = f"cannot throttle to {calls} per {seconds} s, {concurrency} wide"
            raise ValueError(message)
        self._window = Throttler(calls, seconds, retry_interval=_POLL_SECONDS)
        self._seats = asyncio.Semaphore(concurrency)
        self._front = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a seat and a start; the seat is given back at the end."""
        async with self._seats:
            async with self._front:
                # The package has no annotations.
                await self._window.acquire()  # type: ignore[no-untyped-call]
            yield


class Throttles:
    """One throttle per model name, made on first use."""

    def __init__(
        self, calls: int = 60, seconds: float = 60.0, concurrency: int = 4
    ) -> None:
        self._bounds = (calls, seconds, concurrency)
        self._made: dict[str, Throttle] = {}

    def of(self, name: str) -> Throttle:
        """The throttle of a model, such as ``anthropic:NAME``."""
        if name not in self._made:
            self._made[name] = Throttle(*self._bounds)
        return self._made[name]
