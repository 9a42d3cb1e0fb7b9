"""The tone reader: a model that sees headlines, holds no tools, and gives numbers.

It is quarantined: a headline can at worst spoil a tone, which is a number between -1
and 1 that a feature averages. No word of its answer goes anywhere.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from functools import partial
from typing import Annotated

from pydantic import Field, StringConstraints

from dexter.agents.spec import AgentSpec, Reply, ask, parsed, request_for
from dexter.domain.briefs import ToneBrief
from dexter.domain.conversation import ModelReply
from dexter.errors import ModelReplyError
from dexter.ports import LanguageModel

_MOST_PROBLEMS = 8
_LONGEST_ID = 20

SPEC = AgentSpec(
    name="tone_reader",
    prompt="tone_reader",
    output_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["tones"],
        "properties": {
            "tones": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "tone"],
                    "properties": {
                        "id": {"type": "string"},
                        "tone": {"type": "number"},
                    },
                },
            }
        },
    },
    # Fifty tones are under a thousand; the rest is for models that think first.
    max_output_tokens=6000,
)


class GivenTone(Reply):
    """The tone of one headline."""

    id: Annotated[str, StringConstraints(max_length=_LONGEST_ID)]
    tone: float = Field(strict=True, ge=-1, le=1, allow_inf_nan=False)


class GivenTones(Reply):
    """The tones of a request's headlines."""

    tones: tuple[GivenTone, ...]


async def read_tones(model: LanguageModel, brief: ToneBrief) -> Mapping[str, float]:
    """The tone of every headline by its id; what does not fit goes back once.

    Raises:
        ModelError: no usable answer.
        BudgetError: asking could pass a ceiling.
    """
    lines = [
        json.dumps({"id": name, "text": text}, ensure_ascii=False)
        for name, text in brief.headlines
    ]
    values = {"count": str(len(lines)), "headlines": "\n".join(lines)}
    asked = [name for name, _ in brief.headlines]
    return await ask(
        model, request_for(SPEC, brief, values), partial(_checked, asked=asked)
    )


def _checked(reply: ModelReply, asked: Collection[str]) -> Mapping[str, float]:
    given = parsed(reply, GivenTones).tones
    counts = Counter(one.id for one in given)
    problems = [
        *(f"{name!r} is no id that was given" for name in counts if name not in asked),
        *(f"{name} has {count} tones" for name, count in counts.items() if count > 1),
        *(f"{name} has no tone" for name in asked if name not in counts),
    ]
    if problems:
        raise ModelReplyError.misshapen(problems[:_MOST_PROBLEMS])
    return {one.id: one.tone for one in given}
