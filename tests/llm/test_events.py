"""Events as odd servers send them: SDKs check nothing, so the readers must cope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.conversation import StopReason, TokenUsage
from dexter.errors import ModelRefusalError, ModelReplyError
from dexter.llm import anthropic, openai_chat, openai_responses
from dexter.llm.faults import Fault, FaultKind, Scrubber
from dexter.llm.heard import Heard
from tests.llm.line import ask
from tests.llm.wires import Json

SCRUB = Scrubber("sk-test")
KINDS = (
    "message_start",
    "content_block_start",
    "content_block_delta",
    "message_delta",
    "message_stop",
    "response.output_text.delta",
    "response.output_item.done",
    "response.completed",
    "response.incomplete",
    "response.failed",
    "error",
    "text",
    "tool_use",
    "thinking",
    "function_call",
    "reasoning",
    "message",
    "text_delta",
    "input_json_delta",
)
KEYS = (
    *("message", "usage", "model", "delta", "content_block", "index", "text"),
    *("stop_reason", "partial_json", "response", "output", "item", "content"),
    *("choices", "tool_calls", "function", "arguments", "name", "id", "status"),
    *("finish_reason", "input_tokens", "output_tokens", "prompt_tokens"),
)
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
values = st.recursive(
    leaves | st.sampled_from(KINDS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("type", *KEYS)), inner, max_size=5)
    ),
    max_leaves=12,
)
events = st.lists(
    st.builds(
        lambda kind, rest: {**rest, "type": kind},
        st.sampled_from(KINDS),
        st.dictionaries(st.sampled_from(KEYS), values, max_size=5),
    ),
    max_size=6,
)


@given(events)
def test_no_event_however_odd_breaks_a_reader(told: list[Json]) -> None:
    for wire in ("anthropic", "responses", "chat"):
        heard = Heard("a")
        try:
            for event in told:
                _hear(wire, event, heard)
            heard.reply(ask(), "Somebody", fallback_model="m")
        except (Fault, ModelReplyError, ModelRefusalError):
            continue


def _hear(wire: str, event: Json, heard: Heard) -> None:
    if wire == "anthropic":
        anthropic._hear(event, heard)
    elif wire == "responses":
        openai_responses.hear(event, heard, SCRUB)
    else:
        openai_chat.hear(event, heard)


def _completed(output: list[Json], **more: object) -> Json:
    response = {"status": "completed", "output": output, **more}
    return {"type": "response.completed", "response": response}


def test_a_server_that_sends_only_the_end_is_heard_whole() -> None:
    heard = Heard("a")
    part = {"type": "output_text", "text": "Hello."}
    call: Json = {"type": "function_call", "call_id": "c", "arguments": "{}"}
    call["name"] = "t"
    output: list[Json] = [{"type": "message", "content": [part]}, call]
    openai_responses.hear(_completed(output), heard, SCRUB)
    reply = heard.reply(ask(), "OpenAI", fallback_model="m")
    assert (reply.text, reply.stop) == ("Hello.", StopReason.TOOL_USE)
    assert [one.name for one in reply.calls] == ["t"]


def test_pieces_heard_before_are_not_heard_again_at_the_end() -> None:
    heard = Heard("a")
    delta: Json = {"type": "response.output_text.delta", "delta": "Hello."}
    openai_responses.hear(delta, heard, SCRUB)
    part = {"type": "output_text", "text": "Hello."}
    whole = _completed([{"type": "message", "content": [part]}])
    openai_responses.hear(whole, heard, SCRUB)
    assert heard.reply(ask(), "OpenAI", fallback_model="m").text == "Hello."


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("rate_limit_exceeded", FaultKind.BUSY),
        ("server_error", FaultKind.UNREACHABLE),
        ("insufficient_quota", FaultKind.QUOTA),
        ("invalid_prompt", FaultKind.REQUEST),
        ("", FaultKind.UNREACHABLE),
    ],
)
def test_a_failed_response_is_a_fault_of_its_kind(code: str, kind: FaultKind) -> None:
    error = {"code": code, "message": "sk-test said no"}
    event: Json = {
        "type": "response.failed",
        "response": {"status": "failed", "error": error},
    }
    with pytest.raises(Fault) as caught:
        openai_responses.hear(event, Heard("a"), SCRUB)
    assert caught.value.kind is kind
    assert "sk-test" not in caught.value.detail


def test_a_response_filtered_away_is_a_refusal() -> None:
    heard = Heard("a")
    details = {"reason": "content_filter"}
    response = {"status": "incomplete", "incomplete_details": details}
    openai_responses.hear(
        {"type": "response.incomplete", "response": response}, heard, SCRUB
    )
    with pytest.raises(ModelRefusalError):
        heard.reply(ask(), "OpenAI", fallback_model="m")


def test_a_local_server_may_leave_out_ids_and_indexes() -> None:
    heard = Heard("a")
    first = {"function": {"name": "t", "arguments": '{"a":'}}
    rest = {"function": {"arguments": "1}"}}
    for piece in (first, rest):
        choice: Json = {"delta": {"tool_calls": [piece]}}
        openai_chat.hear({"choices": [choice]}, heard)
    stop: Json = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    openai_chat.hear(stop, heard)
    reply = heard.reply(ask(), "OpenAI", fallback_model="m")
    assert reply.stop is StopReason.TOOL_USE
    assert [(one.id, one.arguments) for one in reply.calls] == [("call_0", {"a": 1})]


def test_counts_are_cumulative_and_the_start_survives_what_the_end_leaves_out() -> None:
    heard = Heard("a")
    start = {
        "input_tokens": 10,
        "cache_read_input_tokens": 100,
        "cache_creation_input_tokens": 5,
        "output_tokens": 1,
    }
    message: Json = {"model": "m", "usage": start}
    anthropic._hear({"type": "message_start", "message": message}, heard)
    assert heard.usage == TokenUsage(115, 1, 100, 5)
    anthropic._hear({"type": "message_delta", "usage": {"output_tokens": 42}}, heard)
    assert heard.usage == TokenUsage(115, 42, 100, 5)
    whole = {"input_tokens": 20, "output_tokens": 43}
    anthropic._hear({"type": "message_delta", "usage": whole}, heard)
    assert heard.usage == TokenUsage(125, 43, 100, 5)


@pytest.mark.parametrize(
    ("delta", "said"),
    [({"stop_reason": "pause_turn"}, "pause_turn"), ({}, "without a reason")],
)
def test_a_stop_nobody_knows_is_an_error(delta: Json, said: str) -> None:
    heard = Heard("a")
    heard.say("Hm.")
    anthropic._hear({"type": "message_delta", "delta": delta}, heard)
    with pytest.raises(ModelReplyError, match=said):
        heard.reply(ask(), "Anthropic", fallback_model="m")


@pytest.mark.parametrize("count", [None, -1, True, 1.5, "7"])
def test_a_count_that_is_no_count_is_not_reported(count: object) -> None:
    usage = {"prompt_tokens": count, "completion_tokens": 3}
    heard = Heard("a")
    openai_chat.hear({"choices": [], "usage": usage}, heard)
    assert heard.usage is None
