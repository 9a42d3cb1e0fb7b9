"""Replies in the three wire forms providers speak, whole and as streams of events."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

Json = dict[str, object]
Event = tuple[str | None, Json | str]
PIECE = 12


@dataclass(frozen=True)
class Call:
    """A tool call; arguments given as text go over the wire exactly as they are."""

    name: str
    arguments: Mapping[str, object] | str = field(default_factory=dict)

    @property
    def raw(self) -> str:
        if isinstance(self.arguments, str):
            return self.arguments
        return json.dumps(self.arguments)


@dataclass(frozen=True)
class Reply:
    """What a mind answers; ``stop`` is ``end``, ``max_tokens`` or ``refusal``."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    stop: str = "end"
    usage: bool = True
    cached: int = 0
    written: int = 0
    thought: str = ""


def tokens(value: object) -> int:
    return max(1, len(json.dumps(value, ensure_ascii=False)) // 4)


def pieces(text: str) -> list[str]:
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def anthropic(number: str, asked: Json, reply: Reply) -> tuple[Json, list[Event]]:
    stop = {"end": "tool_use" if reply.calls else "end_turn"}.get(
        reply.stop, reply.stop
    )
    content: list[Json] = [{"type": "text", "text": reply.text}] if reply.text else []
    if reply.thought:
        seal = {"thinking": reply.thought, "signature": f"signed-{number}"}
        content.insert(0, {"type": "thinking", **seal})
    for index, call in enumerate(reply.calls):
        given = call.arguments if isinstance(call.arguments, Mapping) else {}
        block = {"id": f"toolu_{number}_{index}", "name": call.name, "input": given}
        content.append({"type": "tool_use", **block})
    usage = {
        "input_tokens": tokens(asked),
        "output_tokens": tokens(content),
        "cache_creation_input_tokens": reply.written,
        "cache_read_input_tokens": reply.cached,
    }
    message: Json = {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": asked.get("model"),
        "content": content,
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": usage,
    }
    if not reply.usage:
        del message["usage"]
    return message, _anthropic_events(message, reply)


def _anthropic_events(message: Json, reply: Reply) -> list[Event]:
    start: Json = {**message, "content": [], "stop_reason": None}
    usage = message.get("usage")
    if isinstance(usage, dict):
        start["usage"] = {**usage, "output_tokens": 1}
    datas: list[Json] = [{"type": "message_start", "message": start}]
    first = 1 if reply.thought else 0
    if reply.thought:
        datas += _thinking_block(message)
    if reply.text:
        deltas: list[Json] = [
            {"type": "text_delta", "text": part} for part in pieces(reply.text)
        ]
        datas += _anthropic_block(first, {"type": "text", "text": ""}, deltas)
    content = message["content"]
    assert isinstance(content, list)
    shift = first + (1 if reply.text else 0)
    for index, call in enumerate(reply.calls):
        block = {**content[index + shift], "input": {}}
        parts: list[Json] = [
            {"type": "input_json_delta", "partial_json": part}
            for part in pieces(call.raw)
        ]
        datas += _anthropic_block(index + shift, block, parts)
    datas.append({"type": "ping"})
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    last: Json = {"type": "message_delta", "delta": delta}
    if isinstance(usage, dict):
        last["usage"] = {"output_tokens": usage["output_tokens"]}
    datas += [last, {"type": "message_stop"}]
    return [(str(data["type"]), data) for data in datas]


def _thinking_block(message: Json) -> list[Json]:
    content = message["content"]
    assert isinstance(content, list)
    block = content[0]
    deltas: list[Json] = [
        {"type": "thinking_delta", "thinking": part}
        for part in pieces(block["thinking"])
    ]
    deltas.append({"type": "signature_delta", "signature": block["signature"]})
    return _anthropic_block(0, {**block, "thinking": "", "signature": ""}, deltas)


def _anthropic_block(index: int, block: Json, deltas: list[Json]) -> list[Json]:
    return [
        {"type": "content_block_start", "index": index, "content_block": block},
        *(
            {"type": "content_block_delta", "index": index, "delta": delta}
            for delta in deltas
        ),
        {"type": "content_block_stop", "index": index},
    ]


def chat(number: str, asked: Json, reply: Reply) -> tuple[Json, list[Event]]:
    calls: list[Json] = [
        {
            "id": f"call_{number}_{index}",
            "type": "function",
            "function": {"name": call.name, "arguments": call.raw},
        }
        for index, call in enumerate(reply.calls)
    ]
    finish = {
        "end": "tool_calls" if calls else "stop",
        "max_tokens": "length",
        "refusal": "content_filter",
    }[reply.stop]
    sent, out = tokens(asked), tokens([reply.text, calls])
    usage: Json = {
        "prompt_tokens": sent,
        "completion_tokens": out,
        "total_tokens": sent + out,
        "prompt_tokens_details": {"cached_tokens": reply.cached},
    }
    head: Json = {"id": f"chatcmpl_{number}", "created": 1, "model": asked.get("model")}
    said: Json = {"role": "assistant", "content": reply.text or None}
    if calls:
        said["tool_calls"] = calls
    choice = {"index": 0, "message": said, "finish_reason": finish, "logprobs": None}
    whole: Json = {**head, "object": "chat.completion", "choices": [choice]}
    if reply.usage:
        whole["usage"] = usage
    deltas: list[Json] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": part} for part in pieces(reply.text)]
    deltas += [delta for index, one in enumerate(calls) for delta in _parts(index, one)]
    head["object"] = "chat.completion.chunk"
    chunks: list[Json] = [
        {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        for delta in deltas
    ]
    chunks.append(
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}
    )
    options = asked.get("stream_options")
    if reply.usage and isinstance(options, dict) and options.get("include_usage"):
        chunks.append({**head, "choices": [], "usage": usage})
    return whole, [*((None, chunk) for chunk in chunks), (None, "[DONE]")]


def _parts(index: int, call: Json) -> list[Json]:
    function = call["function"]
    assert isinstance(function, dict)
    raw = str(function["arguments"])
    first = {**call, "index": index, "function": {**function, "arguments": ""}}
    rest = [{"index": index, "function": {"arguments": part}} for part in pieces(raw)]
    return [{"tool_calls": [one]} for one in (first, *rest)]


def responses(number: str, asked: Json, reply: Reply) -> tuple[Json, list[Event]]:
    output = _output(number, reply)
    sent, out = tokens(asked), tokens(output)
    usage: Json = {
        "input_tokens": sent,
        "input_tokens_details": {
            "cached_tokens": reply.cached,
            "cache_write_tokens": reply.written,
        },
        "output_tokens": out,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": sent + out,
    }
    cut = reply.stop == "max_tokens"
    whole: Json = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 1,
        "status": "incomplete" if cut else "completed",
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
        "model": asked.get("model"),
        "output": output,
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": asked.get("tools") or [],
        "usage": usage if reply.usage else None,
    }
    return whole, _responses_events(whole, output)


def _output(number: str, reply: Reply) -> list[Json]:
    output: list[Json] = []
    if reply.thought:
        seal = {"summary": [], "encrypted_content": f"sealed-{number}"}
        output.append({"type": "reasoning", "id": f"rs_{number}", **seal})
    if reply.text:
        part: Json = {"type": "output_text", "text": reply.text, "annotations": []}
        if reply.stop == "refusal":
            part = {"type": "refusal", "refusal": reply.text}
        head = {"type": "message", "id": f"msg_{number}", "role": "assistant"}
        output.append({**head, "status": "completed", "content": [part]})
    for index, call in enumerate(reply.calls):
        ids = {"id": f"fc_{number}_{index}", "call_id": f"call_{number}_{index}"}
        said = {"name": call.name, "arguments": call.raw, "status": "completed"}
        output.append({"type": "function_call", **ids, **said})
    return output


def _responses_events(whole: Json, output: list[Json]) -> list[Event]:
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    datas: list[Json] = [{"type": "response.created", "response": begun}]
    for index, item in enumerate(output):
        at = {"output_index": index}
        datas.append({"type": "response.output_item.added", **at, "item": {**item}})
        datas += [{**data, **at, "item_id": item["id"]} for data in _item_events(item)]
        datas.append({"type": "response.output_item.done", **at, "item": item})
    ending = f"response.{whole['status']}"
    datas.append({"type": ending, "response": whole})
    for number, data in enumerate(datas):
        data["sequence_number"] = number
    return [(str(data["type"]), data) for data in datas]


def _item_events(item: Json) -> list[Json]:
    if item["type"] == "function_call":
        raw = str(item["arguments"])
        kind = "response.function_call_arguments"
        deltas: list[Json] = [
            {"type": f"{kind}.delta", "delta": part} for part in pieces(raw)
        ]
        done: Json = {"type": f"{kind}.done", "name": item["name"], "arguments": raw}
        return [*deltas, done]
    if item["type"] == "reasoning":
        return []
    content = item["content"]
    assert isinstance(content, list)
    part = content[0]
    key = "refusal" if part["type"] == "refusal" else "text"
    kind = "response.refusal" if key == "refusal" else "response.output_text"
    empty = {**part, key: ""}
    at = {"content_index": 0}
    return [
        {"type": "response.content_part.added", **at, "part": empty},
        *({"type": f"{kind}.delta", **at, "delta": one} for one in pieces(part[key])),
        {"type": f"{kind}.done", **at, key: part[key]},
    ]


PROTOCOLS = {
    "/messages": ("anthropic", anthropic),
    "/responses": ("responses", responses),
    "/chat/completions": ("chat", chat),
}
