"""The synthesis agent: verified evidence into sentences that hold references."""

from pydantic import Field

from dexter.agents import shown
from dexter.agents.spec import AgentSpec, Reply, ask, parsed, request_for
from dexter.domain.briefs import SynthesisBrief
from dexter.domain.conversation import ModelReply
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
    draft = await ask(model, request, read)
    return tuple(sentence.text for sentence in draft.sentences)


def _values(brief: SynthesisBrief) -> dict[str, str]:
    refused = ""
    if brief.refused:
        refused = (
            "These sentences of your last answer were refused. Write the whole answer "
            "again without their faults:\n" + "\n".join(brief.refused)
        )
    return {
        "question": brief.question,
        "understood_as": brief.understood_as,
        "as_of": brief.as_of.isoformat(),
        "evidence": shown.evidence_lines(brief.evidence),
        "absences": shown.absence_lines(brief.absences),
        "conflicts": shown.conflict_lines(brief.conflicts),
        "notes": shown.lines(f"{name} | {text}" for name, text in brief.notes),
        "warnings": shown.lines(brief.warnings),
        "refused": refused,
    }
