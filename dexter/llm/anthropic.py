"""Anthropic's Messages API as a ``LanguageModel``.

Raw stream events are read instead of the SDK's message helper: the helper completes
half-sent tool arguments by itself, raises on malformed ones, and hands out a cut stream
as if it were whole.
"""

from typing import Any

from anthropic import APIConnectionError, APIStatusError, AsyncAnthropic, Timeout

from dexter.domain.conversation import (
    ModelReply,
    ModelRequest,
    StopReason,
    TokenUsage,
    Turn,
)
from dexter.llm.adapter import Caller, Line, in_words
from dexter.llm.border import broken_fault, status_fault
from dexter.llm.faults import Fault, FaultKind, Provider, Scrubber
from dexter.llm.heard import Heard, OnText
from dexter.llm.retry import RetryPolicy
from dexter.llm.schema import strict_schema
from dexter.llm.throttle import Throttle
from dexter.llm.toll import Toll, free_passage
from dexter.llm.wire import (
    Json,
    answers,
    count,
    dumped,
    inside,
    packed,
    parse_object,
    plain,
    text,
    unpacked,
)

ANTHROPIC = Provider("Anthropic", "ANTHROPIC_API_KEY")
DEFAULT_BASE_URL = "https://api.anthropic.com"
_CONNECT_SECONDS = 10.0
_WIRE = "anthropic"
_THINKING = ("thinking", "redacted_thinking")
_STOPS = {
    "end_turn": StopReason.END,
    "stop_sequence": StopReason.END,
    "tool_use": StopReason.TOOL_USE,
    "max_tokens": StopReason.MAX_TOKENS,
    "model_context_window_exceeded": StopReason.MAX_TOKENS,
    "refusal": StopReason.REFUSAL,
}


class AnthropicModel:
    """A model behind the Messages API, streamed.

    Args:
        model_name: The provider's name of the model.
        api_key: Never shown, logged or put into an error.
        base_url: Where the API is; none means Anthropic's own.
        policy: Tries, waits and time limits.
        throttle: Shared by everybody who calls this model.
        on_text: Called with the agent's name and each piece of text as it arrives.
    """

    def __init__(
        self,
        model_name: str,
        api_key: str,
        base_url: str | None,
        policy: RetryPolicy,
        throttle: Throttle,
        on_text: OnText | None = None,
    ) -> None:
        self._model = model_name
        self._scrub = Scrubber(api_key)
        self._client = AsyncAnthropic(
            api_key=api_key,
            base_url=base_url or DEFAULT_BASE_URL,
            max_retries=0,
            timeout=Timeout(policy.quiet_seconds, connect=_CONNECT_SECONDS),
        )
        line = Line(ANTHROPIC, model_name, self._listen, self._fault)
        self._caller = Caller(line, policy, throttle, on_text)

    def __repr__(self) -> str:
        return f"AnthropicModel({self._model!r})"

    @property
    def name(self) -> str:
        """As given to ``--model``."""
        return f"anthropic:{self._model}"

    async def complete(
        self, request: ModelRequest, toll: Toll = free_passage
    ) -> ModelReply:
        """One reply. See ``dexter.llm.adapter.Caller.complete``."""
        return await self._caller.complete(request, toll)

    async def aclose(self) -> None:
        """Give the connections back."""
        await self._client.close()

    async def _listen(self, request: ModelRequest, heard: Heard) -> None:
        stream = await self._client.messages.create(**_body(self._model, request))
        async with stream:
            async for event in stream:
                _hear(plain(event), heard)

    def _fault(self, error: Exception) -> Fault | None:
        if isinstance(error, APIStatusError):
            names = tuple(filter(None, (error.type, error.error_code)))
            return status_fault(error, names, self._scrub(error.api_message or ""))
        broken = broken_fault(error, self._scrub)
        if broken is None and isinstance(error, APIConnectionError):
            said = self._scrub(error.message)
            return Fault(FaultKind.UNREACHABLE, said, owes=True)
        return broken


def _body(model: str, request: ModelRequest) -> dict[str, Any]:
    schema = request.output_schema
    strict = strict_schema(schema) if schema is not None else None
    prompt = request.prompt if strict or schema is None else in_words(request)
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": request.max_output_tokens,
        "messages": _messages(_asked(prompt, request), request.history),
        "stream": True,
    }
    if request.system:
        # The mark caches everything up to here: the tools and the system text.
        mark = {"type": "ephemeral"}
        body["system"] = [
            {"type": "text", "text": request.system, "cache_control": mark}
        ]
    if request.tools:
        body["tools"] = [
            {
                "name": tool.name,
                "description": tool.description,
                "input_schema": dict(tool.schema),
            }
            for tool in request.tools
        ]
    if strict:
        body["output_config"] = {"format": {"type": "json_schema", "schema": strict}}
    return body


def _asked(prompt: str, request: ModelRequest) -> str | list[dict[str, object]]:
    if not request.images:
        return prompt
    asked: list[dict[str, object]] = [
        {
            "type": "image",
            "source": {
                "type": "base64",
                "media_type": image.media_type,
                "data": image.data,
            },
        }
        for image in request.images
    ]
    return [*asked, {"type": "text", "text": prompt}]


def _messages(
    asked: str | list[dict[str, object]], history: tuple[Turn, ...]
) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = [{"role": "user", "content": asked}]
    for turn in history:
        said = _said(turn)
        if said:
            messages.append({"role": "assistant", "content": said})
        back = _back(turn)
        if back:
            messages.append({"role": "user", "content": back})
    return messages


def _said(turn: Turn) -> list[dict[str, object]]:
    said = unpacked(turn, _WIRE)
    if said:
        return said
    if turn.text.strip():
        said.append({"type": "text", "text": turn.text})
    said.extend(
        {
            "type": "tool_use",
            "id": call.id,
            "name": call.name,
            # The wire takes only an object; the tool's answer quotes what was wrong.
            "input": dict(call.arguments or {}),
        }
        for call in turn.calls
    )
    return said


def _back(turn: Turn) -> list[dict[str, object]]:
    back: list[dict[str, object]] = [
        {
            "type": "tool_result",
            "tool_use_id": reply.call_id,
            "content": reply.content,
            "is_error": reply.is_error,
        }
        for reply in answers(turn)
    ]
    if turn.reply_to_model:
        back.append({"type": "text", "text": turn.reply_to_model})
    return back


def _hear(event: Json, heard: Heard) -> None:
    kind = text(event, "type")
    if kind == "message_start":
        message = inside(event, "message")
        heard.model = text(message, "model")
        heard.usage = _usage(inside(message, "usage"), heard.usage)
    elif kind == "content_block_start":
        _block(event, heard)
    elif kind == "content_block_delta":
        _delta(event, heard)
    elif kind == "message_delta":
        _stop(inside(event, "delta"), heard)
        heard.usage = _usage(inside(event, "usage"), heard.usage)
    elif kind == "message_stop":
        heard.ended = True
        heard.echo = _echo(heard)


def _block(event: Json, heard: Heard) -> None:
    block, index = inside(event, "content_block"), count(event, "index") or 0
    heard.blocks[index] = dict(block)
    if block.get("type") == "text":
        heard.say(text(block, "text"))
    if block.get("type") == "tool_use":
        call = heard.call_at(index)
        call.id, call.name = text(block, "id"), text(block, "name")
        given = inside(block, "input")
        call.raw = dumped(given) if given else ""


def _delta(event: Json, heard: Heard) -> None:
    delta, index = inside(event, "delta"), count(event, "index") or 0
    if delta.get("type") == "text_delta":
        heard.say(text(delta, "text"))
    if delta.get("type") == "input_json_delta":
        heard.call_at(index).raw += text(delta, "partial_json")
    block = heard.blocks.setdefault(index, {})
    for key in ("text", "thinking", "signature"):
        if text(delta, key):
            block[key] = text(block, key) + text(delta, key)


def _echo(heard: Heard) -> str:
    """The whole turn as it came, where the model thought in it.

    The API wants thinking back unchanged with the tools' results, in its place among
    the other blocks.
    """
    said: list[dict[str, object]] = []
    for index, block in sorted(heard.blocks.items()):
        if block.get("type") == "tool_use":
            given = parse_object(heard.call_at(index).raw or "{}")
            said.append({**block, "input": given or {}})
        elif block.get("type") != "text" or text(block, "text").strip():
            said.append(block)
    thought = any(block.get("type") in _THINKING for block in said)
    return packed(_WIRE, said) if thought else ""


def _stop(delta: Json, heard: Heard) -> None:
    reason = text(delta, "stop_reason")
    heard.stop = _STOPS.get(reason)
    heard.odd_stop = "" if heard.stop else reason
    if heard.stop is StopReason.REFUSAL:
        heard.refusal = text(inside(delta, "stop_details"), "explanation")


def _usage(said: Json, before: TokenUsage | None) -> TokenUsage | None:
    """Cumulative counts; what a later event leaves out, the earlier one still says."""
    fresh, out = count(said, "input_tokens"), count(said, "output_tokens")
    if fresh is None and out is None:
        return before
    was = before or TokenUsage()
    read = count(said, "cache_read_input_tokens")
    written = count(said, "cache_creation_input_tokens")
    read = was.cached_input_tokens if read is None else read
    written = was.cache_write_tokens if written is None else written
    if fresh is None:
        fresh = was.input_tokens - was.cached_input_tokens - was.cache_write_tokens
    return TokenUsage(
        input_tokens=fresh + read + written,
        output_tokens=was.output_tokens if out is None else out,
        cached_input_tokens=read,
        cache_write_tokens=written,
    )
