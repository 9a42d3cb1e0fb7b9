"""The one retry policy of the sources.

Retried: whatever is unavailable: no connection, a time-out, a cut or empty answer, 408,
429, 5xx. Never: a refusal, a changed shape, an absent file, a cancellation.
``Retry-After`` is obeyed up to a cap; above it the policy gives up at once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    wait_exponential_jitter,
)

from dexter.errors import SourceUnavailableError
from dexter.sources.config import HostConfig
from dexter.sources.wire import Answer

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]

LONGEST_RETRY_AFTER = 60.0
_FIRST_WAIT = 1.0
_HIGHEST_WAIT = 30.0


@dataclass(slots=True)
class Effort:
    """What the tries of one fetch have cost so far, and what the last one was told.

    Attributes:
        worked: Seconds spent on requests, waiting in the queue not counted.
        retry_after: Seconds the last answer asked to wait, if it did.
    """

    worked: float = 0.0
    retry_after: float | None = None

    @property
    def asks_too_long(self) -> bool:
        """Whether the server asks for a longer wait than is obeyed."""
        return (self.retry_after or 0.0) > LONGEST_RETRY_AFTER


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long one host is tried.

    Attributes:
        config: Whose tries, total seconds and pace.
        sleep: How waiting is done.
    """

    config: HostConfig
    sleep: Sleep = asyncio.sleep

    async def run(self, attempt: Callable[[Effort], Awaitable[T]]) -> T:
        """Try until it works or the policy is spent.

        Raises:
            SourceError: Of the last try.
        """
        effort = Effort()

        def again(error: BaseException) -> bool:
            return (
                isinstance(error, SourceUnavailableError) and not effort.asks_too_long
            )

        def spent(state: RetryCallState) -> bool:
            # An injected sleep takes no real time, so waiting is counted, not lived.
            late = effort.worked + state.idle_for + state.upcoming_sleep
            tries = state.attempt_number
            return tries >= self.config.tries or late > self.config.total_seconds

        async def once() -> T:
            effort.retry_after = None
            return await attempt(effort)

        retrying = AsyncRetrying(
            sleep=self.sleep,
            stop=spent,
            wait=lambda state: self.config.pace * _wait(effort, state),
            retry=retry_if_exception(again),
            reraise=True,
        )
        return await retrying(once)


def _wait(effort: Effort, state: RetryCallState) -> float:
    if effort.retry_after is not None:
        return effort.retry_after
    return wait_exponential_jitter(multiplier=_FIRST_WAIT, max=_HIGHEST_WAIT)(state)


def retry_after(answer: Answer) -> float | None:
    """Seconds an answer asks to wait: a number, or a date against its own ``Date``."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until, now = _moment(text), _moment(answer.headers.get("date", ""))
    if until is None or now is None:
        return None
    return max(0.0, (until - now).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
