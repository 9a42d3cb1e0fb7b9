"""What comes back from a provider that works, over all three wires."""

import asyncio
import threading

import pytest

from dexter.domain.conversation import StopReason
from dexter.errors import ModelRefusalError, ModelReplyError, ModelTruncatedError
from dexter.llm.throttle import Throttle
from tests.llm.line import ANSWER_SCHEMA, PRICES_TOOL, Dial, ask, mumble
from tests.llm.loopback import Instead
from tests.llm.wires import Call, Json, Reply


async def test_text_usage_and_model_come_back(dial: Dial) -> None:
    line = dial()
    reply = await line.complete()
    assert reply.text == "Revenue rose on the year. Margins held."
    assert reply.stop is StopReason.END
    assert reply.model in {"claude-test", "gpt-t"}
    assert (reply.tries, line.calls) == (1, 1)
    assert reply.usage.cached_input_tokens == 7
    assert reply.usage.output_tokens > 0
    assert reply.usage.input_tokens > 7


async def test_anthropic_input_counts_cached_and_written_tokens(
    dial: Dial, api: str
) -> None:
    line = dial(lambda _: Reply("Yes.", cached=100, written=30))
    usage = (await line.complete()).usage
    assert usage.cached_input_tokens == 100
    if api == "anthropic":
        assert usage.input_tokens > 130
    if api != "chat":
        assert usage.cache_write_tokens == 30


async def test_text_arrives_in_order_with_the_agents_name(dial: Dial) -> None:
    heard: list[tuple[str, str]] = []
    line = dial(on_text=lambda agent, piece: heard.append((agent, piece)))
    reply = await line.complete()
    assert len(heard) > 2
    assert {agent for agent, _ in heard} == {"synthesis"}
    assert "".join(piece for _, piece in heard) == reply.text


@pytest.mark.parametrize("error", [BrokenPipeError, ValueError])
async def test_a_listener_that_fails_changes_nothing(
    dial: Dial, error: type[Exception]
) -> None:
    heard: list[str] = []

    def listen(_: str, piece: str) -> None:
        heard.append(piece)
        raise error

    line = dial(on_text=listen)
    assert (await line.complete()).text == "Revenue rose on the year. Margins held."
    assert (line.calls, len(heard)) == (1, 1)


async def test_a_json_document_is_parsed(dial: Dial) -> None:
    line = dial(lambda _: Reply('{"sentence": "Profit fell."}'))
    reply = await line.complete(ask(output_schema=ANSWER_SCHEMA))
    assert reply.data == {"sentence": "Profit fell."}


async def test_the_schema_sent_is_closed_and_complete(dial: Dial) -> None:
    seen: list[Json] = []

    def mind(request: Json) -> Reply:
        seen.append(request)
        return Reply('{"sentence": "Yes.", "note": null}')

    schema = {
        **ANSWER_SCHEMA,
        "properties": {**_properties(), "note": {"type": "string"}},
    }
    reply = await dial(mind).complete(ask(output_schema=schema))
    sent = seen[0]["output_schema"]
    assert isinstance(sent, dict)
    assert sent["additionalProperties"] is False
    assert sent["required"] == ["sentence", "note"]
    assert reply.data == {"sentence": "Yes."}


def _properties() -> dict[str, object]:
    properties = ANSWER_SCHEMA["properties"]
    assert isinstance(properties, dict)
    return properties


async def test_an_open_schema_is_asked_for_without_strictness(
    dial: Dial, api: str
) -> None:
    open_schema = {"type": "object", "properties": {"arguments": {"type": "object"}}}
    line = dial(lambda _: Reply('```json\n{"arguments": {"symbol": "TCS"}}\n```'))
    reply = await line.complete(ask(output_schema=open_schema))
    assert reply.data == {"arguments": {"symbol": "TCS"}}
    body = line.server.asked[0].body
    if api == "anthropic":
        assert "output_config" not in body
        assert "JSON Schema" in str(body["messages"])
    else:
        assert "'strict': False" in str(body)


@pytest.mark.parametrize("text", ["Profit fell.", '{"sentence": "Prof', "[1]", "NaN"])
async def test_what_is_no_json_document_is_left_for_the_agent_to_mend(
    dial: Dial, text: str
) -> None:
    line = dial(lambda _: Reply(text))
    reply = await line.complete(ask(output_schema=ANSWER_SCHEMA))
    assert (reply.data, reply.text, reply.stop) == (None, text, StopReason.END)
    assert reply.usage.output_tokens > 0
    assert line.calls == 1


async def test_a_document_cut_at_max_tokens_is_an_error(dial: Dial) -> None:
    cut = Instead(Reply('{"sentence": "Pro', stop="max_tokens"))
    with pytest.raises(ModelTruncatedError, match="cut at 200 tokens"):
        await dial(faults=[cut]).complete(ask(output_schema=ANSWER_SCHEMA))


async def test_prose_cut_at_max_tokens_is_a_reply_that_says_so(dial: Dial) -> None:
    reply = await dial(lambda _: Reply("Revenue ro", stop="max_tokens")).complete()
    assert (reply.text, reply.stop) == ("Revenue ro", StopReason.MAX_TOKENS)


async def test_a_refusal_is_an_error(dial: Dial) -> None:
    line = dial(faults=[Instead(Reply("I cannot help.", stop="refusal"))])
    with pytest.raises(ModelRefusalError, match="declined"):
        await line.complete()
    assert line.calls == 1


async def test_an_empty_reply_is_an_error(dial: Dial) -> None:
    with pytest.raises(ModelReplyError, match="empty"):
        await dial(lambda _: Reply("")).complete()


async def test_tool_calls_come_back_typed(dial: Dial) -> None:
    calls = (Call("price_history", {"symbol": "TCS", "sessions": None}), Call("odd"))
    line = dial(lambda _: Reply("Let me look.", calls))
    reply = await line.complete(ask(tools=(PRICES_TOOL,)))
    assert reply.stop is StopReason.TOOL_USE
    assert reply.text == "Let me look."
    # The null was only the strict schema's way to leave an optional argument out.
    assert [(one.name, one.arguments) for one in reply.calls] == [
        ("price_history", {"symbol": "TCS"}),
        ("odd", {}),
    ]
    assert len({one.id for one in reply.calls}) == 2


@pytest.mark.parametrize("raw", ['{"symbol": "TC', "symbol=TCS", '["TCS"]', "{} x"])
async def test_malformed_arguments_are_kept_for_the_agent_to_mend(
    dial: Dial, raw: str
) -> None:
    line = dial(lambda _: Reply(calls=(Call("price_history", raw),)))
    reply = await line.complete(ask(tools=(PRICES_TOOL,)))
    assert (reply.calls[0].arguments, reply.calls[0].raw) == (None, raw)
    assert line.calls == 1


async def test_no_more_calls_are_in_flight_than_the_throttle_allows(
    dial: Dial,
) -> None:
    together = threading.Barrier(2)
    lock = threading.Lock()
    now = most = 0

    def mind(request: Json) -> Reply:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait(timeout=10)  # two at a time get in, or this breaks
        with lock:
            now -= 1
        return mumble(request)

    line = dial(mind, throttle=Throttle(calls=1000, concurrency=2))
    async with asyncio.TaskGroup() as group:
        for _ in range(6):
            group.create_task(line.complete())
    assert (most, line.calls) == (2, 6)
