"""The synthesis agent: verified evidence into sentences that hold references."""

import json
from dataclasses import replace

from pydantic import Field

from dexter.agents import shown
from dexter.agents.spec import AgentSpec, Reply, ask, parsed, request_for
from dexter.domain.briefs import SynthesisBrief
from dexter.domain.conversation import ModelReply, Turn
from dexter.ports import LanguageModel

SPEC = AgentSpec(
    name="synthesis",
    prompt="synthesis",
    output_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["sentences"],
        "properties": {
            "sentences": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["text"],
                    "properties": {"text": {"type": "string"}},
                },
            }
        },
    },
    max_output_tokens=3000,
)


class SentenceDraft(Reply):
    """One sentence as a model wrote it, references and all."""

    text: str = Field(min_length=1, max_length=1200)


class AnswerDraft(Reply):
    """An answer as a model wrote it."""

    sentences: tuple[SentenceDraft, ...] = ()


async def write(brief: SynthesisBrief, model: LanguageModel) -> tuple[str, ...]:
    """Sentences with references, unchecked.

    Raises:
        ModelReplyError: two answers in a row were not of the shape asked for.
    """

    def read(reply: ModelReply) -> AnswerDraft:
        return parsed(reply, AnswerDraft)

    request = request_for(SPEC, brief, _values(brief))
    if brief.refused:
        request = replace(request, history=(_sent_back(brief),))
    draft = await ask(model, request, read)
    return tuple(sentence.text for sentence in draft.sentences)


def _sent_back(brief: SynthesisBrief) -> Turn:
    """The first answer as the model gave it, and what was refused of it."""
    first = {"sentences": [{"text": text} for text in brief.draft]}
    said = (
        "These sentences were refused; the others are fine:",
        *brief.refused,
        "Give the whole answer again: keep what was fine, mend or leave out the rest.",
    )
    return Turn(
        text=json.dumps(first, ensure_ascii=False), reply_to_model="\n".join(said)
    )


def _values(brief: SynthesisBrief) -> dict[str, str]:
    return {
        "question": brief.question,
        "understood_as": brief.understood_as,
        "as_of": brief.as_of.isoformat(),
        "evidence": shown.evidence_lines(brief.evidence),
        "absences": shown.absence_lines(brief.absences),
        "conflicts": shown.conflict_lines(brief.conflicts),
        "notes": shown.lines(f"{name} | {text}" for name, text in brief.notes),
        "warnings": shown.lines(brief.warnings),
    }
