"""What a run's models said they cost, summed from their (recorded) replies."""

from dataclasses import dataclass, field
from decimal import Decimal

from dexter.domain.conversation import ModelReply, ModelRequest
from dexter.domain.research import Usage
from dexter.ports import LanguageModel


@dataclass(slots=True)
class Spending:
    """Adds up replies as they pass; on replay the recorded ones give the same sum."""

    replies: list[ModelReply] = field(default_factory=list)

    def total(self) -> Usage:
        """Calls, tokens and USD so far; money is unknown where one price is."""
        unknown = [r for r in self.replies if r.usd is None]
        # Beside a known sum a reason says what was assumed of a price.
        told = unknown or self.replies
        known = sum((Decimal(r.usd) for r in self.replies if r.usd), Decimal(0))
        return Usage(
            model_calls=sum(r.tries for r in self.replies if r.model != "offline"),
            input_tokens=sum(r.usage.input_tokens for r in self.replies),
            output_tokens=sum(r.usage.output_tokens for r in self.replies),
            usd=None if unknown else known,
            usd_reason=next((r.usd_reason for r in told if r.usd_reason), None),
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """A language model whose replies are counted."""

    model: LanguageModel
    spending: Spending

    @property
    def name(self) -> str:
        """As the model within calls itself."""
        return self.model.name

    async def complete(self, request: ModelRequest) -> ModelReply:
        """One reply of the model within."""
        reply = await self.model.complete(request)
        self.spending.replies.append(reply)
        return reply
