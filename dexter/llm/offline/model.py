"""The offline model: what a language model would be asked, answered by rules."""

import json
from collections.abc import Mapping

from dexter.domain.briefs import (
    ActionBrief,
    PageBrief,
    PlanningBrief,
    SynthesisBrief,
    ToneBrief,
    ValidationBrief,
)
from dexter.domain.conversation import (
    ModelReply,
    ModelRequest,
    StopReason,
    ToolCall,
)
from dexter.errors import BlindModelError, TonelessModelError
from dexter.llm.offline.planning import plan
from dexter.llm.offline.steps import retry_arguments, validate
from dexter.llm.offline.synthesis import synthesise

NAME = "offline"


class OfflineModel:
    """Rules over the typed brief, in the place of a language model.

    It reads only ``brief`` and ``history``, needs no key and no network, costs nothing,
    and gives the same reply to the same request.
    """

    @property
    def name(self) -> str:
        """As given to ``--model``."""
        return NAME

    async def complete(self, request: ModelRequest) -> ModelReply:
        """Answer a request by the type of its brief.

        Raises:
            BlindModelError: it is a page to look at.
            TonelessModelError: it is headlines to read.
        """
        match request.brief:
            case PlanningBrief() as brief:
                return _document(plan(brief))
            case ActionBrief() as brief:
                return _act(brief, request)
            case ValidationBrief() as brief:
                return _document(validate(brief))
            case SynthesisBrief() as brief:
                return _document(synthesise(brief))
            case PageBrief():
                raise BlindModelError(NAME)
            case ToneBrief():
                raise TonelessModelError(NAME)


def _act(brief: ActionBrief, request: ModelRequest) -> ModelReply:
    """At most one further call: the same tool on the other basis."""
    arguments = None if request.history else retry_arguments(brief)
    if arguments is None or brief.task.tool is None:
        return _document({"done": True, "notes": []})
    call = ToolCall(
        id=f"{brief.task.id}-other-basis",
        name=brief.task.tool,
        arguments=arguments,
        raw=json.dumps(dict(arguments), sort_keys=True),
    )
    return ModelReply(text="", stop=StopReason.TOOL_USE, model=NAME, calls=(call,))


def _document(data: Mapping[str, object]) -> ModelReply:
    return ModelReply(
        text=json.dumps(data, ensure_ascii=False),
        stop=StopReason.END,
        model=NAME,
        data=data,
    )
