"""A model that keeps to a budget: every single try is reserved, then settled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal

from dexter.domain.conversation import ModelReply, ModelRequest
from dexter.errors import SettingError
from dexter.llm.ledger import Ledger
from dexter.llm.pricing import Price, Prices
from dexter.llm.toll import Bill, TolledModel, free_passage

_ASSUMED = "a try whose tokens were not reported is counted at its worst cost"


class BudgetedModel:
    """A ``LanguageModel`` whose calls fit the ledger.

    Args:
        model: The provider's adapter.
        ledger: The run's budget; one for all models of a run.
        prices: Where the model's price is looked up.
        allow_unpriced: Whether a model without a price may be used although a ceiling
            is set (a local server): its cost is then unknown and no ceiling holds it.

    Raises:
        SettingError: A ceiling is set, no price is known, and that was not allowed.
    """

    def __init__(
        self,
        model: TolledModel,
        ledger: Ledger,
        prices: Prices,
        *,
        allow_unpriced: bool = False,
    ) -> None:
        self._model = model
        self._ledger = ledger
        self._price = prices.of(model.name)
        if self._price is None and ledger.bounded and not allow_unpriced:
            raise _unpriced(model.name)

    @property
    def name(self) -> str:
        """As given to ``--model``."""
        return self._model.name

    @property
    def price(self) -> Price | None:
        """The model's price, or none when nobody wrote one."""
        return self._price

    async def aclose(self) -> None:
        """Let the adapter's connections go."""
        await self._model.aclose()

    async def complete(self, request: ModelRequest) -> ModelReply:
        """One reply with what all its tries cost.

        Raises:
            BudgetError: The next try, the first or a retry, could pass a ceiling.
            ModelError: As the adapter raises it; what its tries cost is settled.
        """
        if self._price is None:
            reply = await self._model.complete(request, free_passage)
            reason = f"no price is known for {self.name}"
            return replace(reply, usd=None, usd_reason=reason)
        tab = _Tab(self._ledger, self._price)
        reply = await self._model.complete(request, tab.toll)
        assumed = _ASSUMED if tab.assumed else None
        return replace(reply, usd=f"{tab.total:f}", usd_reason=assumed)


@dataclass(slots=True)
class _Tab:
    """What one reply has cost so far."""

    ledger: Ledger
    price: Price
    total: Decimal = field(default_factory=Decimal)
    assumed: bool = False

    @asynccontextmanager
    async def toll(self, request: ModelRequest) -> AsyncIterator[Bill]:
        worst = self.price.worst(request)
        await self.ledger.reserve(worst)
        bill = Bill()
        try:
            yield bill
        finally:
            cost = self._cost(bill, request, worst)
            self.total += cost
            await self.ledger.settle(worst, cost)

    def _cost(self, bill: Bill, request: ModelRequest, worst: Decimal) -> Decimal:
        """What a try came to, as far as the provider said; the rest at its worst."""
        if bill.refused:
            return Decimal(0)
        if bill.usage is None:
            self.assumed = True
            return worst
        if bill.settled:
            return self.price.cost(bill.usage)
        # A stream cut short has counted its input, but not yet what it generated.
        self.assumed = True
        most = max(bill.usage.output_tokens, request.max_output_tokens)
        return self.price.cost(replace(bill.usage, output_tokens=most))


def _unpriced(name: str) -> SettingError:
    return SettingError(
        f"No price is known for {name}, so no budget can hold it.",
        "Add its price to the price table, or run without a budget.",
    )
