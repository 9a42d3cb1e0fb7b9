"""Sends spaced out as Telegram asks: per chat, per group in a minute, and overall."""

import asyncio
import math
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable

_CHAT_SECONDS = 1.0
_GROUP, _GROUP_SECONDS = 20, 60.0
_ALL, _ALL_SECONDS = 30, 1.0

Sleep = Callable[[float], Awaitable[None]]


class Pace:
    """Whose turn it is; waits are bounded by a minute.

    Args:
        factor: What every wait is multiplied by; 0 for none.
        clock: Seconds that only grow; the running loop's by default.
        sleep: How to wait.
    """

    def __init__(
        self,
        factor: float = 1.0,
        clock: Callable[[], float] | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._factor = factor
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._sleep = sleep
        self._last: dict[str, float] = {}
        self._groups: dict[str, deque[float]] = defaultdict(
            lambda: deque(maxlen=_GROUP)
        )
        self._all: deque[float] = deque(maxlen=_ALL)

    async def turn(self, chat: str) -> None:
        """Wait until a message may go to a chat, and count it.

        Args:
            chat: A chat id, or ``@channel``; groups and channels begin with - or @.
        """
        if not self._factor:
            return
        await self._until(self._in_chat(chat))
        await self._until(self._in_all())

    def _in_chat(self, chat: str) -> float:
        due = max(
            self._clock(), self._last.get(chat, -math.inf) + self._long(_CHAT_SECONDS)
        )
        if chat.startswith(("-", "@")):
            recent = self._groups[chat]
            if len(recent) == _GROUP:
                due = max(due, recent[0] + self._long(_GROUP_SECONDS))
            recent.append(due)
        self._last[chat] = due
        return due

    def _in_all(self) -> float:
        due = self._clock()
        if len(self._all) == _ALL:
            due = max(due, self._all[0] + self._long(_ALL_SECONDS))
        self._all.append(due)
        return due

    def _long(self, seconds: float) -> float:
        return seconds * self._factor

    async def _until(self, due: float) -> None:
        wait = due - self._clock()
        if wait > 0:
            await self._sleep(wait)
