"""The Responses API: the body sent and the events heard."""

from collections.abc import Callable
from typing import Any

from dexter.domain.conversation import (
    ModelRequest,
    StopReason,
    TokenUsage,
    ToolSpec,
    Turn,
)
from dexter.llm.border import spoken_fault
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
    packed,
    text,
    unpacked,
)

_ENDINGS = frozenset(
    {"response.completed", "response.incomplete", "response.failed"},
)
_WIRE = "responses"
_REASONING = "reasoning.encrypted_content"
# Families that do not reason and refuse a request for their reasoning.
_PLAIN_MODELS = ("gpt-4", "gpt-3", "chatgpt-4")
_INCOMPLETE = {
    "max_output_tokens": StopReason.MAX_TOKENS,
    "content_filter": StopReason.REFUSAL,
}


def body(model: str, request: ModelRequest) -> dict[str, Any]:
    """The JSON body of a streamed request; nothing is stored at the provider."""
    sent: dict[str, Any] = {
        "model": model,
        "input": _input(request),
        "max_output_tokens": request.max_output_tokens,
        "store": False,
        "stream": True,
    }
    if not model.startswith(_PLAIN_MODELS):
        sent["include"] = [_REASONING]
    if request.system:
        sent["instructions"] = request.system
    if request.tools:
        sent["tools"] = [_tool(tool) for tool in request.tools]
    if request.output_schema is not None:
        strict = strict_schema(request.output_schema)
        sent["text"] = {
            "format": {
                "type": "json_schema",
                "name": request.output_name,
                "schema": strict or dict(request.output_schema),
                "strict": strict is not None,
            }
        }
    return sent


def _tool(tool: ToolSpec) -> dict[str, object]:
    strict = strict_schema(tool.schema)
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": strict or dict(tool.schema),
        "strict": strict is not None,
    }


def _input(request: ModelRequest) -> list[dict[str, object]]:
    sent: list[dict[str, object]] = [{"role": "user", "content": _asked(request)}]
    for turn in request.history:
        sent.extend(_turn(turn))
    return sent


def _asked(request: ModelRequest) -> str | list[dict[str, object]]:
    if not request.images:
        return request.prompt
    asked: list[dict[str, object]] = [
        {"type": "input_image", "image_url": data_url(image), "detail": "high"}
        for image in request.images
    ]
    return [*asked, {"type": "input_text", "text": request.prompt}]


def _turn(turn: Turn) -> list[dict[str, object]]:
    sent = unpacked(turn, _WIRE) or _said(turn)
    sent.extend(
        {
            "type": "function_call_output",
            "call_id": reply.call_id,
            "output": f"Error: {reply.content}" if reply.is_error else reply.content,
        }
        for reply in answers(turn)
    )
    if turn.reply_to_model:
        sent.append({"role": "user", "content": turn.reply_to_model})
    return sent


def _said(turn: Turn) -> list[dict[str, object]]:
    said: list[dict[str, object]] = []
    if turn.text.strip():
        said.append({"role": "assistant", "content": turn.text})
    said.extend(
        _call(call.id, call.name, call.raw or dumped(dict(call.arguments or {})))
        for call in turn.calls
    )
    return said


def _call(identity: str, name: str, arguments: str) -> dict[str, object]:
    # Without its item id: by that the API would look for a stored item, and nothing
    # is stored.
    said: dict[str, object] = {"type": "function_call", "call_id": identity}
    return {**said, "name": name, "arguments": arguments}


def hear(event: Json, heard: Heard, scrub: Callable[[str], str]) -> None:
    """Take one event of the stream.

    Raises:
        Fault: The provider said, inside the stream, that it failed.
    """
    kind = text(event, "type")
    if kind == "response.output_text.delta":
        heard.say(text(event, "delta"))
    elif kind == "response.refusal.delta":
        heard.refusal += text(event, "delta")
    elif kind == "response.output_item.done":
        _item(inside(event, "item"), count(event, "output_index") or 0, heard)
    elif kind == "error":
        name = text(event, "code") or "error"
        raise spoken_fault(name, scrub(text(event, "message")))
    elif kind in _ENDINGS:
        _end(inside(event, "response"), heard, scrub)


def _item(item: Json, index: int, heard: Heard) -> None:
    heard.blocks[index] = dict(item)
    if item.get("type") != "function_call":
        return
    call = heard.call_at(index)
    call.id, call.name = text(item, "call_id"), text(item, "name")
    call.raw = text(item, "arguments")


def _end(response: Json, heard: Heard, scrub: Callable[[str], str]) -> None:
    heard.model = text(response, "model")
    heard.usage = _usage(inside(response, "usage"))
    status = text(response, "status")
    if status == "failed":
        error = inside(response, "error")
        raise spoken_fault(
            text(error, "code") or "failed", scrub(text(error, "message"))
        )
    _whole(response, heard)
    heard.echo = _echo(heard)
    heard.ended = True
    if status == "completed":
        heard.stop = StopReason.TOOL_USE if heard.calls else StopReason.END
        return
    reason = text(inside(response, "incomplete_details"), "reason")
    heard.stop = _INCOMPLETE.get(reason)
    heard.odd_stop = "" if heard.stop else reason or status


def _whole(response: Json, heard: Heard) -> None:
    """Read the finished output, where a server sent no pieces of it before."""
    for index, item in enumerate(items(response, "output")):
        if index not in heard.blocks:
            _item(item, index, heard)
        for part in items(item, "content"):
            if part.get("type") == "output_text" and not heard.pieces:
                heard.say(text(part, "text"))
            if part.get("type") == "refusal" and not heard.refusal:
                heard.refusal = text(part, "refusal")


def _echo(heard: Heard) -> str:
    """The whole turn, where the model reasoned in it and sealed what it thought."""
    said: list[dict[str, object]] = []
    sealed = False
    for _, item in sorted(heard.blocks.items()):
        if item.get("type") == "function_call":
            name, raw = text(item, "name"), text(item, "arguments")
            said.append(_call(text(item, "call_id"), name, raw))
        elif item.get("type") == "message":
            parts = [text(part, "text") for part in items(item, "content")]
            said.append({"role": "assistant", "content": "".join(parts)})
        elif item.get("type") == "reasoning" and text(item, "encrypted_content"):
            sealed = True
            kept = ("type", "id", "summary", "encrypted_content")
            said.append({key: item[key] for key in kept if key in item})
    return packed(_WIRE, said) if sealed else ""


def _usage(said: Json) -> TokenUsage | None:
    sent, out = count(said, "input_tokens"), count(said, "output_tokens")
    if sent is None or out is None:
        return None
    details = inside(said, "input_tokens_details")
    return TokenUsage(
        input_tokens=sent,
        output_tokens=out,
        cached_input_tokens=count(details, "cached_tokens") or 0,
        cache_write_tokens=count(details, "cache_write_tokens") or 0,
    )
