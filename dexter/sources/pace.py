"""A place in the queue of one host, in the order of arrival.

There is a gap between starts, a bound on the starts in any minute, and one on the
requests in flight.

asyncio-throttle counts starts in a sliding window, but lets a whole window start at
once, caps nothing in flight, and every waiter polls. So a semaphore bounds what is in
flight, and a lock lets one waiter at a time keep the gap and poll the window.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from asyncio_throttle.throttler import Throttler

from dexter.sources.config import HostConfig

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

_MINUTE = 60.0
_POLL_SECONDS = 0.05


class Pace:
    """Bounds the requests to one host; belongs to one event loop.

    Args:
        config: The gap, the starts in any minute and the width; its ``pace`` makes gaps
            longer and starts fewer, and 0 leaves only the width.
        clock: Monotonic seconds.
        sleep: How waiting for the gap is done.
    """

    def __init__(
        self,
        config: HostConfig,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._gap = config.min_gap_seconds * config.pace
        self._window = _window(config)
        self._seats = asyncio.Semaphore(config.concurrency)
        self._front = asyncio.Lock()
        self._clock = clock
        self._sleep = sleep
        self._last: float | None = None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a seat, the gap and a start; the seat is given back at the end."""
        async with self._seats:
            async with self._front:
                await self._keep_gap()
                if self._window is not None:
                    # The package has no annotations.
                    await self._window.acquire()  # type: ignore[no-untyped-call]
                self._last = self._clock()
            yield

    async def _keep_gap(self) -> None:
        if self._last is None:
            return
        wait = self._last + self._gap - self._clock()
        if wait > 0:
            await self._sleep(wait)


def _window(config: HostConfig) -> Throttler | None:
    if config.pace == 0:
        return None
    starts = max(1, int(config.per_minute / config.pace))
    return Throttler(starts, _MINUTE, retry_interval=_POLL_SECONDS)
