"""What has been heard of one reply, piece by piece, and the reply made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dexter.domain.conversation import (
    ModelReply,
    ModelRequest,
    StopReason,
    TokenUsage,
    ToolCall,
)
from dexter.errors import (
    ModelRefusalError,
    ModelReplyError,
    ModelTruncatedError,
)
from dexter.llm.schema import drop_nulls
from dexter.llm.wire import parse_object

OnText = Callable[[str, str], None]
_FENCE = "```"


@dataclass(slots=True)
class PartialCall:
    """A tool call while its arguments are still arriving."""

    id: str = ""
    name: str = ""
    raw: str = ""

    def call(self, number: int, schema: Mapping[str, object]) -> ToolCall:
        """The call as the agent sees it; malformed arguments stay readable in raw."""
        arguments = parse_object(self.raw or "{}")
        if arguments is not None:
            mended = drop_nulls(arguments, schema)
            arguments = mended if isinstance(mended, dict) else arguments
        return ToolCall(self.id or f"call_{number}", self.name, arguments, self.raw)


@dataclass(slots=True)
class Heard:
    """One try's reply as it arrives.

    Attributes:
        agent: Who asked; passed to ``on_text`` with every piece.
        on_text: Called with each piece of text in order. A retried try starts its text
            again from the beginning.
        ended: Whether the provider said the reply was complete.
        stop: Why it ended, when that is known.
        odd_stop: A stop reason nobody here knows.
        usage: Tokens as last reported, or none.
        refusal: What the model said when it declined.
        blocks: The parts of the reply as the wire numbers them.
        echo: What the wire wants back with the next request.
    """

    agent: str
    on_text: OnText | None = None
    ended: bool = False
    stop: StopReason | None = None
    odd_stop: str = ""
    usage: TokenUsage | None = None
    refusal: str = ""
    model: str = ""
    echo: str = ""
    blocks: dict[int, dict[str, object]] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    calls: dict[int, PartialCall] = field(default_factory=dict)

    def say(self, piece: str) -> None:
        """Take the next piece of text. A listener that fails is not called again."""
        if not piece:
            return
        self.pieces.append(piece)
        if self.on_text is None:
            return
        try:
            self.on_text(self.agent, piece)
        except Exception:  # noqa: BLE001  # watching never changes a run
            self.on_text = None

    def call_at(self, index: int) -> PartialCall:
        """The call being assembled at a position."""
        return self.calls.setdefault(index, PartialCall())

    def reply(
        self, request: ModelRequest, provider: str, *, fallback_model: str
    ) -> ModelReply:
        """The finished reply.

        Text that is not the JSON document asked for leaves ``data`` null: the agent
        can send the text back to be mended, and what it cost stays known.

        Raises:
            ModelRefusalError: The model declined.
            ModelTruncatedError: A JSON document was asked for and cut short.
            ModelReplyError: No stop reason, or nothing said.
        """
        stop = self._known_stop(provider)
        said = "".join(self.pieces)
        calls = self._finished_calls(request)
        if not said and not calls and stop is not StopReason.MAX_TOKENS:
            raise _unusable(provider, "sent an empty reply")
        reply = ModelReply(
            text=said,
            stop=StopReason.TOOL_USE if calls and stop is StopReason.END else stop,
            model=self.model or fallback_model,
            calls=calls,
            data=_document(request, said, stop, provider) if not calls else None,
            usage=self.usage or TokenUsage(),
            echo=self.echo,
        )
        if reply.stop is StopReason.TOOL_USE and not calls:
            raise _unusable(provider, "stopped for a tool it did not name")
        return reply

    def _known_stop(self, provider: str) -> StopReason:
        if self.refusal or self.stop is StopReason.REFUSAL:
            raise _declined(provider, self.refusal)
        if self.stop is None:
            odd = f"for {self.odd_stop!r}" if self.odd_stop else "without a reason"
            raise _unusable(provider, "stopped", odd)
        return self.stop

    def _finished_calls(self, request: ModelRequest) -> tuple[ToolCall, ...]:
        schemas = {tool.name: tool.schema for tool in request.tools}
        return tuple(
            partial.call(index, schemas.get(partial.name, {}))
            for index, partial in sorted(self.calls.items())
        )


def _document(
    request: ModelRequest, said: str, stop: StopReason, provider: str
) -> Mapping[str, object] | None:
    if request.output_schema is None:
        return None
    if stop is StopReason.MAX_TOKENS:
        raise _cut_short(request, provider)
    document = parse_object(_unfenced(said))
    if document is None:
        return None
    mended = drop_nulls(document, request.output_schema)
    return mended if isinstance(mended, dict) else document


def _unusable(provider: str, *words: str) -> ModelReplyError:
    return ModelReplyError(
        f"The model at {provider} {' '.join(words)}.",
        "Ask again, or use another model.",
    )


def _declined(provider: str, refusal: str) -> ModelRefusalError:
    why = f": {refusal.rstrip('.')}" if refusal else ""
    return ModelRefusalError(
        f"The {provider} model declined to answer{why}.",
        "Rephrase the question, or use another model.",
    )


def _cut_short(request: ModelRequest, provider: str) -> ModelTruncatedError:
    return ModelTruncatedError(
        f"The {request.output_name} from {provider} was cut at "
        f"{request.max_output_tokens} tokens.",
        "Ask a narrower question.",
    )


def _unfenced(said: str) -> str:
    # Where no schema could be enforced, models like to wrap JSON in a code fence.
    body = said.strip()
    if body.startswith(_FENCE) and body.endswith(_FENCE):
        body = body[len(_FENCE) : -len(_FENCE)].removeprefix("json")
    return body
