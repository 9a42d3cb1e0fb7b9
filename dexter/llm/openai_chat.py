"""Chat Completions: the body sent and the chunks heard."""

from typing import Any

from dexter.domain.conversation import ModelRequest, StopReason, TokenUsage, Turn
from dexter.llm.heard import Heard
from dexter.llm.schema import strict_schema
from dexter.llm.wire import (
    Json,
    answers,
    count,
    data_url,
    dumped,
    inside,
    items,
    text,
)

_STOPS = {
    "stop": StopReason.END,
    "tool_calls": StopReason.TOOL_USE,
    "function_call": StopReason.TOOL_USE,
    "length": StopReason.MAX_TOKENS,
    "content_filter": StopReason.REFUSAL,
}


def body(model: str, request: ModelRequest, limit_name: str) -> dict[str, Any]:
    """The JSON body of a streamed request.

    Args:
        model: The server's name of the model.
        request: What to ask.
        limit_name: ``max_completion_tokens`` at OpenAI; ``max_tokens``, which every
            compatible server knows, elsewhere.
    """
    sent: dict[str, Any] = {
        "model": model,
        "messages": _messages(request),
        limit_name: request.max_output_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.tools:
        sent["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": dict(tool.schema),
                },
            }
            for tool in request.tools
        ]
    if request.output_schema is not None:
        strict = strict_schema(request.output_schema)
        sent["response_format"] = {
            "type": "json_schema",
            "json_schema": {
                "name": request.output_name,
                "schema": strict or dict(request.output_schema),
                "strict": strict is not None,
            },
        }
    return sent


def _messages(request: ModelRequest) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = []
    if request.system:
        messages.append({"role": "system", "content": request.system})
    messages.append({"role": "user", "content": _asked(request)})
    for turn in request.history:
        messages.extend(_turn(turn))
    return messages


def _asked(request: ModelRequest) -> str | list[dict[str, object]]:
    if not request.images:
        return request.prompt
    asked: list[dict[str, object]] = [
        {"type": "image_url", "image_url": {"url": data_url(image), "detail": "high"}}
        for image in request.images
    ]
    return [*asked, {"type": "text", "text": request.prompt}]


def _turn(turn: Turn) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = []
    if turn.calls:
        messages.append(_called(turn))
    elif turn.text.strip():
        messages.append({"role": "assistant", "content": turn.text})
    messages.extend(
        {
            "role": "tool",
            "tool_call_id": reply.call_id,
            "content": f"Error: {reply.content}" if reply.is_error else reply.content,
        }
        for reply in answers(turn)
    )
    if turn.reply_to_model:
        messages.append({"role": "user", "content": turn.reply_to_model})
    return messages


def _called(turn: Turn) -> dict[str, object]:
    calls = [
        {
            "id": call.id,
            "type": "function",
            "function": {
                "name": call.name,
                # Local servers parse this again and fail on malformed JSON; the
                # tool's answer quotes what was wrong.
                "arguments": dumped(dict(call.arguments or {})),
            },
        }
        for call in turn.calls
    ]
    return {"role": "assistant", "content": turn.text or None, "tool_calls": calls}


def hear(chunk: Json, heard: Heard) -> None:
    """Take one chunk of the stream; usage comes last, in a chunk without choices."""
    heard.model = text(chunk, "model") or heard.model
    heard.usage = _usage(inside(chunk, "usage")) or heard.usage
    for choice in items(chunk, "choices")[:1]:
        delta = inside(choice, "delta")
        heard.say(text(delta, "content"))
        heard.refusal += text(delta, "refusal")
        for number, piece in enumerate(items(delta, "tool_calls")):
            _piece(piece, number, heard)
        _stop(text(choice, "finish_reason"), heard)


def _piece(piece: Json, number: int, heard: Heard) -> None:
    index = count(piece, "index")
    call = heard.call_at(number if index is None else index)
    function = inside(piece, "function")
    call.id = text(piece, "id") or call.id
    call.name = text(function, "name") or call.name
    call.raw += text(function, "arguments")


def _stop(reason: str, heard: Heard) -> None:
    if not reason:
        return
    heard.ended = True
    heard.stop = _STOPS.get(reason)
    heard.odd_stop = "" if heard.stop else reason


def _usage(said: Json) -> TokenUsage | None:
    sent, out = count(said, "prompt_tokens"), count(said, "completion_tokens")
    if sent is None or out is None:
        return None
    details = inside(said, "prompt_tokens_details")
    return TokenUsage(
        input_tokens=sent,
        output_tokens=out,
        cached_input_tokens=count(details, "cached_tokens") or 0,
        cache_write_tokens=count(details, "cache_write_tokens") or 0,
    )
