"""What stands before each single try at a provider: the gate a budget is kept at."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from dexter.domain.conversation import ModelReply, ModelRequest, TokenUsage


@dataclass(slots=True)
class Bill:
    """What one try came to; the adapter fills it in while the try runs.

    Attributes:
        usage: Tokens as far as the provider reported them, or none.
        settled: Whether that report is the final one.
        refused: Whether nothing can have been billed: the provider answered with an
            error, or was never reached.
    """

    usage: TokenUsage | None = None
    settled: bool = False
    refused: bool = False


Toll = Callable[[ModelRequest], AbstractAsyncContextManager[Bill]]


@asynccontextmanager
async def free_passage(_request: ModelRequest) -> AsyncIterator[Bill]:
    """No budget: every try may pass."""
    yield Bill()


class TolledModel(Protocol):
    """A ``LanguageModel`` that pays at a gate before each of its tries."""

    @property
    def name(self) -> str:
        """As given to ``--model``."""
        ...

    async def complete(
        self, request: ModelRequest, toll: Toll = free_passage
    ) -> ModelReply:
        """One reply; ``toll`` is entered once for every try, retries included."""
        ...

    async def aclose(self) -> None:
        """Let its connections go."""
        ...
