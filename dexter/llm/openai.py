"""OpenAI, and servers that speak like it, as a ``LanguageModel``.

The Responses API at OpenAI itself; Chat Completions for any other base URL, because
that is what compatible local servers offer. Either can be asked for by name.
"""

from enum import StrEnum

from openai import APIConnectionError, APIError, APIStatusError, AsyncOpenAI, Timeout

from dexter.domain.conversation import ModelReply, ModelRequest
from dexter.llm import openai_chat, openai_responses
from dexter.llm.adapter import Caller, Line
from dexter.llm.border import broken_fault, spoken_fault, status_fault
from dexter.llm.faults import Fault, FaultKind, Provider, Scrubber
from dexter.llm.heard import Heard, OnText
from dexter.llm.retry import RetryPolicy
from dexter.llm.throttle import Throttle
from dexter.llm.toll import Toll, free_passage
from dexter.llm.wire import plain

OPENAI = Provider("OpenAI", "OPENAI_API_KEY")
DEFAULT_BASE_URL = "https://api.openai.com/v1"
_CONNECT_SECONDS = 10.0


class OpenAIApi(StrEnum):
    """The two ways to ask."""

    RESPONSES = "responses"
    CHAT = "chat"


class OpenAIModel:
    """A model behind an OpenAI-style API, streamed.

    Args:
        model_name: The provider's name of the model.
        api_key: Never shown, logged or put into an error.
        base_url: Where the API is, with its ``/v1``; none means OpenAI's own.
        policy: Tries, waits and time limits.
        throttle: Shared by everybody who calls this model.
        on_text: Called with the agent's name and each piece of text as it arrives.
        api: Which of the two APIs; none means the rule above.
    """

    def __init__(  # noqa: PLR0913  # what a connection is made of
        self,
        model_name: str,
        api_key: str,
        base_url: str | None,
        policy: RetryPolicy,
        throttle: Throttle,
        on_text: OnText | None = None,
        *,
        api: OpenAIApi | None = None,
    ) -> None:
        self._model = model_name
        self._scrub = Scrubber(api_key)
        self._url = base_url or DEFAULT_BASE_URL
        own = self._url.rstrip("/") == DEFAULT_BASE_URL
        self.api = api or (OpenAIApi.RESPONSES if own else OpenAIApi.CHAT)
        self._limit_name = "max_completion_tokens" if own else "max_tokens"
        self._client = AsyncOpenAI(
            api_key=api_key,
            base_url=self._url,
            max_retries=0,
            timeout=Timeout(policy.quiet_seconds, connect=_CONNECT_SECONDS),
        )
        line = Line(OPENAI, model_name, self._listen, self._fault)
        self._caller = Caller(line, policy, throttle, on_text)

    def __repr__(self) -> str:
        return f"OpenAIModel({self._model!r}, api={self.api.value!r})"

    @property
    def name(self) -> str:
        """As given to ``--model``."""
        return f"openai:{self._model}"

    async def complete(
        self, request: ModelRequest, toll: Toll = free_passage
    ) -> ModelReply:
        """One reply. See ``dexter.llm.adapter.Caller.complete``."""
        return await self._caller.complete(request, toll)

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def _listen(self, request: ModelRequest, heard: Heard) -> None:
        if self.api is OpenAIApi.RESPONSES:
            await self._listen_responses(request, heard)
        else:
            await self._listen_chat(request, heard)

    async def _listen_responses(self, request: ModelRequest, heard: Heard) -> None:
        body = openai_responses.body(self._model, request)
        stream = await self._client.responses.create(**body)
        async with stream:
            async for event in stream:
                openai_responses.hear(plain(event), heard, self._scrub)

    async def _listen_chat(self, request: ModelRequest, heard: Heard) -> None:
        body = openai_chat.body(self._model, request, self._limit_name)
        stream = await self._client.chat.completions.create(**body)
        async with stream:
            async for chunk in stream:
                openai_chat.hear(plain(chunk), heard)

    def _fault(self, error: Exception) -> Fault | None:
        if isinstance(error, APIStatusError):
            names = tuple(filter(None, (error.code, error.type)))
            return status_fault(error, names, self._scrub(_message(error)))
        broken = broken_fault(error, self._scrub)
        if broken is not None:
            return broken
        if isinstance(error, APIConnectionError):
            said = self._scrub(error.message)
            return Fault(FaultKind.UNREACHABLE, said, owes=True)
        if isinstance(error, APIError):
            name = error.code or error.type or "error"
            return spoken_fault(name, self._scrub(error.message))
        return None


def _message(error: APIStatusError) -> str:
    # The SDK's own message repeats the whole body; the provider's sentence is enough.
    body = error.body
    said = body.get("message") if isinstance(body, dict) else None
    return said if isinstance(said, str) else ""
