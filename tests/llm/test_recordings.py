"""Recordings other rooms stand on: same question, same answer, or a failure."""

from pathlib import Path

import pytest

from dexter.domain.conversation import (
    ModelReply,
    ModelRequest,
    StopReason,
    TokenUsage,
    ToolCall,
    ToolReply,
    Turn,
)
from tests.llm.line import ANSWER_SCHEMA, PRICES_TOOL, ask
from tests.llm.recordings import MissingRecordingError, RecordedModel, RecordingModel

REPLY = ModelReply(
    text="{}",
    stop=StopReason.TOOL_USE,
    model="m",
    calls=(ToolCall("c", "t", {"a": 1}, "{}"), ToolCall("d", "t", None, "{")),
    data={"sentence": "Yes."},
    usage=TokenUsage(5, 3, 1, 1),
    usd=None,
    usd_reason="no price",
    tries=2,
)


class Fixed:
    name = "fixed"

    async def complete(self, request: ModelRequest) -> ModelReply:
        assert request.agent
        return REPLY


async def test_what_was_recorded_comes_back_whole(tmp_path: Path) -> None:
    await RecordingModel(Fixed(), tmp_path).complete(ask())
    assert await RecordedModel(tmp_path).complete(ask()) == REPLY


@pytest.mark.parametrize(
    "other",
    [
        ask("Another question?"),
        ask(system="You plan."),
        ask(agent="planner"),
        ask(tools=(PRICES_TOOL,)),
        ask(output_schema=ANSWER_SCHEMA),
        ask(history=(Turn("Hm.", reply_to_model="Again."),)),
        ask(history=(Turn("", (ToolCall("c", "t", {}),), (ToolReply("c", "no"),)),)),
    ],
)
async def test_anything_asked_otherwise_fails_loudly(
    tmp_path: Path, other: ModelRequest
) -> None:
    await RecordingModel(Fixed(), tmp_path).complete(ask())
    with pytest.raises(MissingRecordingError, match="Record it again"):
        await RecordedModel(tmp_path).complete(other)
