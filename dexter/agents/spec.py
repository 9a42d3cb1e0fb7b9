"""What makes an agent, and the loop that asks once and sends back once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from dexter.domain.briefs import Brief
from dexter.domain.conversation import ModelReply, ModelRequest, StopReason, Turn
from dexter.errors import ModelReplyError, ModelTruncatedError
from dexter.ports import LanguageModel
from dexter.prompts import template

T = TypeVar("T")
M = TypeVar("M", bound="Reply")
_MOST_PROBLEMS = 8


class Reply(BaseModel):
    """What a model answers with; models add fields, so extra ones are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """An agent: its prompt, the tools it may call, its answer's schema, its limits."""

    name: str
    prompt: str
    output_schema: Mapping[str, object] | None
    tools: tuple[str, ...] = ()
    max_turns: int = 1
    max_output_tokens: int = 4096


def request_for(
    spec: AgentSpec, brief: Brief, values: Mapping[str, str]
) -> ModelRequest:
    """The first request of an agent: its prompt rendered from the brief."""
    text = template(spec.prompt)
    return ModelRequest(
        agent=spec.name,
        system=text.system,
        prompt=text.render(values),
        brief=brief,
        prompt_sha256=text.sha256,
        output_schema=spec.output_schema,
        output_name=spec.name,
        max_output_tokens=spec.max_output_tokens,
    )


async def ask(
    model: LanguageModel, request: ModelRequest, read: Callable[[ModelReply], T]
) -> T:
    """Ask for a structured answer; send an unusable one back once, with the problems.

    Raises:
        ModelReplyError: the second answer is unusable too.
    """
    try:
        reply = await model.complete(request)
    except ModelReplyError:
        # It said nothing at all: there is nothing to send back.
        return read(await model.complete(request))
    try:
        return read(reply)
    except ModelReplyError as error:
        correction = f"{error.sentence} Answer again, whole and mended."
    turn = Turn(
        text=reply.text or "(nothing)", reply_to_model=correction, echo=reply.echo
    )
    again = replace(request, history=(*request.history, turn))
    return read(await model.complete(again))


def parsed(reply: ModelReply, shape: type[M]) -> M:
    """The reply's JSON document as a checked object.

    Raises:
        ModelTruncatedError: it was cut at the token limit.
        ModelReplyError: it is no such document, with each problem in words.
    """
    if reply.stop is StopReason.MAX_TOKENS:
        raise ModelTruncatedError.cut(shape.__name__)
    if reply.data is None:
        raise ModelReplyError.not_json()
    try:
        return shape.model_validate(dict(reply.data))
    except ValidationError as error:
        problems = [
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}"
            for e in error.errors(include_url=False)[:_MOST_PROBLEMS]
        ]
        raise ModelReplyError.misshapen(problems) from error


def object_from_text(value: object) -> object:
    """Arguments written as JSON text, as a strict schema asks; objects pass."""
    if isinstance(value, str):
        try:
            return json.loads(value or "{}")
        except json.JSONDecodeError as error:
            msg = f"is not a JSON object: {error}"
            raise ValueError(msg) from error
    return value
