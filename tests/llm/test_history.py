"""What a conversation looks like when it goes back, on each of the three wires."""

from dexter.domain.conversation import ToolCall, ToolReply, Turn
from tests.llm.line import PRICES_TOOL, Dial, ask
from tests.llm.wires import Call, Json, Reply

HISTORY = (
    Turn(
        text="Let me look.",
        calls=(
            ToolCall("c1", "price_history", {"symbol": "TCS"}, '{"symbol":"TCS"}'),
            ToolCall("c2", "price_history", None, '{"symbol":'),
            ToolCall("c3", "price_history", {"symbol": "INFY"}, ""),
        ),
        replies=(
            ToolReply("c2", "Arguments are not JSON.", is_error=True),
            ToolReply("c1", "close: {{e1}}"),
        ),
    ),
    Turn(text="Done.", reply_to_model="Say it as JSON."),
)


async def test_a_tool_loop_goes_back_as_the_wire_wants_it(dial: Dial, api: str) -> None:
    line = dial()
    await line.complete(ask(tools=(PRICES_TOOL,), history=HISTORY))
    body = line.server.asked[0].body
    messages = body["input"] if api == "responses" else body["messages"]
    assert messages == EXPECTED[api]


async def test_reasoning_goes_back_word_for_word_in_its_place(
    dial: Dial, api: str
) -> None:
    calls = (Call("price_history", {"symbol": "TCS"}),)
    line = dial(lambda _: Reply("Let me look.", calls, thought="Prices come first."))
    first = await line.complete(ask(tools=(PRICES_TOOL,)))
    replies = (ToolReply(first.calls[0].id, "close: {{e1}}"),)
    turn = Turn(first.text, first.calls, replies, echo=first.echo)
    await line.complete(ask(tools=(PRICES_TOOL,), history=(turn,)))
    body = line.server.asked[1].body
    if api == "anthropic":
        said = body["messages"][1]["content"]  # type: ignore[index]  # a list of turns
        seal = {"thinking": "Prices come first.", "signature": "signed-001"}
        assert said == [
            {"type": "thinking", **seal},
            {"type": "text", "text": "Let me look."},
            _use("toolu_001_0", {"symbol": "TCS"}),
        ]
    elif api == "responses":
        seal = {"summary": [], "encrypted_content": "sealed-001"}  # type: ignore[dict-item]  # mixed
        assert body["input"][1:4] == [  # type: ignore[index]  # a list of items
            {"type": "reasoning", "id": "rs_001", **seal},
            {"role": "assistant", "content": "Let me look."},
            _item("call_001_0", '{"symbol": "TCS"}'),
        ]
    else:
        assert first.echo == ""


async def test_an_echo_of_another_provider_is_not_sent(dial: Dial) -> None:
    echo = '{"wire":"elsewhere","said":[{"type":"thinking","thinking":"private"}]}'
    turns = (Turn("Done.", reply_to_model="Again.", echo=echo),)
    line = dial()
    await line.complete(ask(history=turns))
    assert "private" not in str(line.server.asked[0].body)
    assert "Done." in str(line.server.asked[0].body)


async def test_the_system_text_and_tools_go_where_the_wire_wants_them(
    dial: Dial, api: str
) -> None:
    line = dial()
    await line.complete(ask(tools=(PRICES_TOOL,)))
    body = line.server.asked[0].body
    assert body["stream"] is True
    tool = body["tools"][0]  # type: ignore[index]  # a list, checked by the next line
    if api == "anthropic":
        mark = {"type": "ephemeral"}
        block = {"type": "text", "text": "You write words.", "cache_control": mark}
        assert body["system"] == [block]
        assert (tool["name"], body["max_tokens"]) == ("price_history", 200)
    elif api == "responses":
        assert (body["instructions"], body["store"]) == ("You write words.", False)
        assert (tool["name"], tool["strict"]) == ("price_history", True)
        assert tool["parameters"]["required"] == ["symbol", "sessions"]
        assert body["max_output_tokens"] == 200
    else:
        assert tool["function"]["name"] == "price_history"
        assert body["stream_options"] == {"include_usage": True}
        assert body["max_tokens"] == 200


def _openai_call(identity: str, arguments: str) -> Json:
    function = {"name": "price_history", "arguments": arguments}
    return {"id": identity, "type": "function", "function": function}


def _item(identity: str, arguments: str) -> Json:
    head: Json = {"type": "function_call", "call_id": identity}
    return {**head, "name": "price_history", "arguments": arguments}


def _use(identity: str, given: Json) -> Json:
    head: Json = {"type": "tool_use", "id": identity, "name": "price_history"}
    return {**head, "input": given}


def _result(identity: str, content: str, *, is_error: bool) -> Json:
    head: Json = {"type": "tool_result", "tool_use_id": identity}
    return {**head, "content": content, "is_error": is_error}


def _output(identity: str, output: str) -> Json:
    return {"type": "function_call_output", "call_id": identity, "output": output}


def _tool(identity: str, content: str) -> Json:
    return {"role": "tool", "tool_call_id": identity, "content": content}


QUESTION: Json = {"role": "user", "content": "How was the quarter?"}
EXPECTED: dict[str, list[Json]] = {
    "anthropic": [
        QUESTION,
        {
            "role": "assistant",
            "content": [
                {"type": "text", "text": "Let me look."},
                _use("c1", {"symbol": "TCS"}),
                _use("c2", {}),
                _use("c3", {"symbol": "INFY"}),
            ],
        },
        {
            "role": "user",
            "content": [
                _result("c1", "close: {{e1}}", is_error=False),
                _result("c2", "Arguments are not JSON.", is_error=True),
                _result("c3", "The tool gave no answer.", is_error=True),
            ],
        },
        {"role": "assistant", "content": [{"type": "text", "text": "Done."}]},
        {"role": "user", "content": [{"type": "text", "text": "Say it as JSON."}]},
    ],
    "responses": [
        QUESTION,
        {"role": "assistant", "content": "Let me look."},
        _item("c1", '{"symbol":"TCS"}'),
        _item("c2", '{"symbol":'),
        _item("c3", '{"symbol":"INFY"}'),
        _output("c1", "close: {{e1}}"),
        _output("c2", "Error: Arguments are not JSON."),
        _output("c3", "Error: The tool gave no answer."),
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": "Say it as JSON."},
    ],
    "chat": [
        {"role": "system", "content": "You write words."},
        QUESTION,
        {
            "role": "assistant",
            "content": "Let me look.",
            "tool_calls": [
                _openai_call("c1", '{"symbol":"TCS"}'),
                _openai_call("c2", "{}"),
                _openai_call("c3", '{"symbol":"INFY"}'),
            ],
        },
        _tool("c1", "close: {{e1}}"),
        _tool("c2", "Error: Arguments are not JSON."),
        _tool("c3", "Error: The tool gave no answer."),
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": "Say it as JSON."},
    ],
}
