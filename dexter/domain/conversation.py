"""What is said to a language model and what it says back, whatever the provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dexter.domain.briefs import Brief, PageBrief, PageImage


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as offered to a model: ``schema`` is the JSON Schema of its arguments."""

    name: str
    description: str
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model asking for a tool. ``arguments`` is null when they were not JSON."""

    id: str
    name: str
    arguments: Mapping[str, object] | None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class ToolReply:
    """What the tool answered, as text; an error is data for the model to mend."""

    call_id: str
    content: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """One round: what the model said and called, and what came back.

    ``reply_to_model`` is a plain user message after the model's turn (a correction),
    used when no tools were called. ``echo`` is the reply's own, passed on unread.
    """

    text: str
    calls: tuple[ToolCall, ...] = ()
    replies: tuple[ToolReply, ...] = ()
    reply_to_model: str | None = None
    echo: str = ""


class StopReason(StrEnum):
    """Why a reply ended."""

    END = "end"
    TOOL_USE = "tool_use"
    MAX_TOKENS = "max_tokens"
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens as the provider counted them; input includes the cached ones."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_input_tokens: int = 0
    cache_write_tokens: int = 0


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A rendered prompt beside the typed brief it was rendered from.

    Providers send ``system``, ``prompt``, ``images``, ``history`` and ``tools``; the
    offline model reads only ``brief`` and ``history``. ``output_schema`` asks for one
    JSON document.
    """

    agent: str
    system: str
    prompt: str
    brief: Brief
    prompt_sha256: str
    tools: tuple[ToolSpec, ...] = ()
    history: tuple[Turn, ...] = ()
    output_schema: Mapping[str, object] | None = None
    output_name: str = "answer"
    max_output_tokens: int = 4096

    @property
    def images(self) -> tuple[PageImage, ...]:
        """The pictures sent before the prompt: those of the brief, if it has any.

        No field of its own: a request without pictures keeps the shape, and so the
        hash, that earlier journals recorded.
        """
        return self.brief.images if isinstance(self.brief, PageBrief) else ()


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What came back. ``data`` is the parsed JSON document when one was asked for.

    ``usd`` covers every try. It is null, with ``usd_reason``, when the model's price is
    not known; with a reason beside a figure, the reason says what was assumed.
    ``echo`` is what the provider wants back word for word with the next request of the
    same conversation (its signed reasoning); empty when it wants nothing.
    """

    text: str
    stop: StopReason
    model: str
    calls: tuple[ToolCall, ...] = ()
    data: Mapping[str, object] | None = None
    usage: TokenUsage = field(default_factory=TokenUsage)
    usd: str | None = "0"
    tries: int = 1
    usd_reason: str | None = None
    echo: str = ""
