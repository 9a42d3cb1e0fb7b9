"""What every provider's adapter does the same way: queue, pay, try, retry, read."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from dexter.domain.conversation import ModelReply, ModelRequest, TokenUsage
from dexter.llm.faults import Fault, FaultKind, Provider
from dexter.llm.heard import Heard, OnText
from dexter.llm.retry import RetryPolicy
from dexter.llm.throttle import Throttle
from dexter.llm.toll import Bill, Toll, free_passage
from dexter.llm.wire import dumped


def in_words(request: ModelRequest) -> str:
    """The prompt with its output schema in words, where none can be enforced."""
    if request.output_schema is None:
        return request.prompt
    return (
        f"{request.prompt}\n\nAnswer with one JSON document and nothing else. "
        f"It must fit this JSON Schema:\n{dumped(request.output_schema)}"
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An open line to one provider: how it is named, heard and translated.

    Attributes:
        provider: For the sentences of errors.
        model: The provider's own name of the model.
        listen: Sends a request once and fills ``Heard`` as the reply streams in.
        fault: The fault behind a foreign exception, or none for what is not foreign.
    """

    provider: Provider
    model: str
    listen: Callable[[ModelRequest, Heard], Awaitable[None]]
    fault: Callable[[Exception], Fault | None]


class Caller:
    """Calls one model: throttled, tolled and retried."""

    def __init__(
        self,
        line: Line,
        policy: RetryPolicy,
        throttle: Throttle,
        on_text: OnText | None = None,
    ) -> None:
        self._line = line
        self._policy = policy
        self._throttle = throttle
        self._on_text = on_text

    async def complete(
        self, request: ModelRequest, toll: Toll = free_passage
    ) -> ModelReply:
        """One reply; usage is the sum of what was reported for all its tries.

        Raises:
            ModelError: After the last try, or at once when trying again is no use.
            BudgetError: From the toll, before a try is made.
        """
        tries: list[Heard] = []

        async def once() -> Heard:
            async with self._throttle.turn(), toll(request) as bill:
                heard = Heard(request.agent, self._on_text)
                tries.append(heard)
                fault = await self._try(request, heard, bill)
            if fault is not None:
                raise fault
            return heard

        heard = await self._policy.run(once, self._line.provider)
        reply = heard.reply(
            request, self._line.provider.name, fallback_model=self._line.model
        )
        return replace(reply, usage=_summed(tries), tries=len(tries))

    async def _try(
        self, request: ModelRequest, heard: Heard, bill: Bill
    ) -> Fault | None:
        try:
            fault = await self._listened(request, heard)
        finally:
            bill.usage = heard.usage
        bill.settled = fault is None and heard.usage is not None
        bill.refused = fault is not None and not fault.owes
        return fault

    async def _listened(self, request: ModelRequest, heard: Heard) -> Fault | None:
        limit = self._policy.try_seconds
        try:
            async with asyncio.timeout(limit):
                await self._line.listen(request, heard)
        except TimeoutError:
            said = f"no full answer within {limit:g} seconds"
            return Fault(FaultKind.UNREACHABLE, said, owes=True)
        except Fault as fault:
            return fault
        except Exception as foreign:
            fault_or_none = self._line.fault(foreign)
            if fault_or_none is None:
                raise
            return fault_or_none
        if not heard.ended:
            said = "the stream ended before the answer did"
            return Fault(FaultKind.UNREACHABLE, said, owes=True)
        return None


def _summed(tries: list[Heard]) -> TokenUsage:
    known = [heard.usage for heard in tries if heard.usage is not None]
    return TokenUsage(
        input_tokens=sum(one.input_tokens for one in known),
        output_tokens=sum(one.output_tokens for one in known),
        cached_input_tokens=sum(one.cached_input_tokens for one in known),
        cache_write_tokens=sum(one.cache_write_tokens for one in known),
    )
