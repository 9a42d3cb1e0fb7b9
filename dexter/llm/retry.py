"""The one retry policy: SDK retries are switched off, so nothing stacks.

Retried: 408, 409, 429, 5xx (529 too), no connection, a stream that was cut. Never:
400, 401, 402, 403, 404, 413, 422, an exhausted quota. ``retry-after`` is obeyed up to a
cap; above it the policy gives up at once and says so.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    wait_exponential_jitter,
)

from dexter.llm.faults import Fault, Provider

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often, how long and how patiently a provider is asked. Seconds throughout.

    Attributes:
        tries: Calls in all, the first included.
        total_seconds: No wait is begun that would end later than this after the start.
        longest_wait: The longest ``retry-after`` obeyed.
        first_wait: The base of the exponential wait, jittered by up to a second.
        highest_wait: Where the exponential wait stops growing.
        try_seconds: One try, from request to last byte.
        quiet_seconds: The longest silence inside a try.
        sleep: How waiting is done; tests put a recorder here.
    """

    tries: int = 4
    total_seconds: float = 180.0
    longest_wait: float = 60.0
    first_wait: float = 0.5
    highest_wait: float = 16.0
    try_seconds: float = 300.0
    quiet_seconds: float = 60.0
    sleep: Sleep = asyncio.sleep

    async def run(self, attempt: Callable[[], Awaitable[T]], provider: Provider) -> T:
        """Try until it works or the policy is spent.

        Args:
            attempt: One try; raises ``Fault`` when it fails. Anything else it raises
                (a ``BudgetError``, a cancellation) passes straight through.
            provider: Whose failure the error will name.

        Raises:
            ModelError: Of the last fault, without the SDK's exception behind it.
        """
        retrying = AsyncRetrying(
            sleep=self.sleep,
            stop=self._spent,
            wait=self._wait,
            retry=retry_if_exception(self._again),
            reraise=True,
        )
        try:
            return await retrying(attempt)
        except Fault as last:
            tries = int(retrying.statistics["attempt_number"])
            error = last.error(provider, tries, self.longest_wait)
        # Outside the handler, so that no traceback shows what lies behind a fault.
        raise error

    def _again(self, exception: BaseException) -> bool:
        if not isinstance(exception, Fault) or not exception.passing:
            return False
        asked = exception.retry_after
        return asked is None or asked <= self.longest_wait

    def _wait(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        if isinstance(fault, Fault) and fault.retry_after is not None:
            return fault.retry_after
        grow = wait_exponential_jitter(
            multiplier=self.first_wait, max=self.highest_wait
        )
        return grow(state)

    def _spent(self, state: RetryCallState) -> bool:
        # An injected sleep takes no real time, so waiting is counted as well as lived.
        lived = max(state.idle_for, state.seconds_since_start or 0.0)
        late = lived + state.upcoming_sleep > self.total_seconds
        return state.attempt_number >= self.tries or late
