"""Models on lines to a loopback server, with waits recorded instead of waited."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dexter.domain.briefs import ValidationBrief
from dexter.domain.conversation import ModelReply, ModelRequest, ToolSpec
from dexter.llm.anthropic import AnthropicModel
from dexter.llm.heard import OnText
from dexter.llm.openai import OpenAIApi, OpenAIModel
from dexter.llm.retry import RetryPolicy
from dexter.llm.throttle import Throttle
from tests.llm.loopback import Loopback
from tests.llm.wires import Reply

KEY = "sk-test-5f1e9c2b7a"
APIS = ("anthropic", "responses", "chat")


@dataclass
class Waits:
    """A sleep that takes no time and remembers what was asked of it."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def ask(prompt: str = "How was the quarter?", **changes: object) -> ModelRequest:
    """A request; every field may be changed by name."""
    brief = ValidationBrief("q", (), (), (), (), (), 0)
    plain = ModelRequest(
        agent="synthesis",
        system="You write words.",
        prompt=prompt,
        brief=brief,
        prompt_sha256="0" * 64,
        max_output_tokens=200,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # names its own fields


PRICES_TOOL = ToolSpec(
    name="price_history",
    description="Closes around an event.",
    schema={
        "type": "object",
        "properties": {
            "symbol": {"type": "string"},
            "sessions": {"type": "integer", "default": 20, "minimum": 1},
        },
        "required": ["symbol"],
        "additionalProperties": False,
    },
)
ANSWER_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"sentence": {"type": "string"}},
    "required": ["sentence"],
}


def mumble(_: object) -> Reply:
    """A mind that always says the same two sentences."""
    return Reply("Revenue rose on the year. Margins held.", cached=7)


@dataclass
class Called:
    """A model on a line to its server."""

    server: Loopback
    model: AnthropicModel | OpenAIModel
    waits: Waits

    async def complete(self, request: ModelRequest | None = None) -> ModelReply:
        return await self.model.complete(request or ask())

    @property
    def calls(self) -> int:
        return len(self.server.asked)


Dial = Callable[..., Called]


def make(
    api: str,
    url: str,
    policy: RetryPolicy,
    throttle: Throttle,
    on_text: OnText | None = None,
) -> AnthropicModel | OpenAIModel:
    if api == "anthropic":
        return AnthropicModel("claude-test", KEY, url, policy, throttle, on_text)
    kind = OpenAIApi(api)
    return OpenAIModel("gpt-t", KEY, f"{url}/v1", policy, throttle, on_text, api=kind)
