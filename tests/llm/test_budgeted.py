"""The budget sees every single try, and settles for what each came to."""

import asyncio
from decimal import Decimal

import pytest

from dexter.errors import (
    BudgetError,
    ModelBusyError,
    ModelTruncatedError,
    ModelUnreachableError,
    SettingError,
)
from dexter.llm.budgeted import BudgetedModel
from dexter.llm.ledger import Ledger
from dexter.llm.pricing import Price, Prices, Rates, load_prices
from dexter.llm.retry import RetryPolicy
from tests.llm.line import ANSWER_SCHEMA, Called, Dial, ask
from tests.llm.loopback import OVERLOADED, Broken, busy
from tests.llm.wires import Reply

RATES = Rates(Decimal(3), Decimal(15), Decimal("0.30"), Decimal("3.75"))
PRICE = Price(RATES)
WORST = PRICE.worst(ask())


def _budgeted(line: Called, ledger: Ledger) -> BudgetedModel:
    rows = {line.model.name.partition(":")[2]: PRICE}
    return BudgetedModel(line.model, ledger, Prices(rows, load_prices().written))


async def test_a_reply_costs_what_its_tokens_cost(dial: Dial) -> None:
    ledger = Ledger(Decimal(1))
    reply = await _budgeted(dial(), ledger).complete(ask())
    assert reply.usd == f"{PRICE.cost(reply.usage):f}"
    assert reply.usd_reason is None
    assert ledger.spent == Decimal(reply.usd)
    assert ledger.reserved == 0
    assert 0 < ledger.spent < WORST


async def test_a_refused_try_costs_nothing_but_needs_its_room(dial: Dial) -> None:
    line = dial(faults=[busy(), OVERLOADED])
    ledger = Ledger(WORST)  # room for one try at a time, so each was let go again
    reply = await _budgeted(line, ledger).complete(ask())
    assert (reply.tries, line.calls) == (3, 3)
    assert ledger.spent == PRICE.cost(reply.usage)


async def test_a_retry_the_budget_cannot_hold_is_not_made(dial: Dial) -> None:
    # The cut try may have been billed in full, so the next one no longer fits.
    line = dial(faults=[Broken("cut", after=2)] * 3)
    ledger = Ledger(WORST * Decimal("1.5"))
    with pytest.raises(BudgetError, match="run budget"):
        await _budgeted(line, ledger).complete(ask())
    assert line.calls == 1
    assert ledger.reserved == 0
    assert 0 < ledger.spent <= WORST


async def test_a_call_over_the_ceiling_never_leaves(dial: Dial) -> None:
    line = dial()
    with pytest.raises(BudgetError):
        await _budgeted(line, Ledger(WORST * Decimal("0.9"))).complete(ask())
    assert line.calls == 0


async def test_cut_tries_are_counted_and_the_reply_says_how(
    dial: Dial, api: str
) -> None:
    line = dial(faults=[Broken("cut", after=2)] * 2)
    ledger = Ledger(Decimal(1))
    reply = await _budgeted(line, ledger).complete(ask())
    assert reply.usd is not None
    assert reply.usd_reason is not None
    assert "worst" in reply.usd_reason
    assert Decimal(reply.usd) == ledger.spent
    if api == "anthropic":
        # The input was reported at the start: only the output is assumed.
        assert PRICE.cost(reply.usage) < ledger.spent < 3 * WORST
    else:
        assert ledger.spent == 2 * WORST + PRICE.cost(reply.usage)


async def test_usage_nobody_reported_counts_at_its_worst(dial: Dial) -> None:
    line = dial(lambda _: Reply("Yes.", usage=False))
    ledger = Ledger(Decimal(1))
    reply = await _budgeted(line, ledger).complete(ask())
    assert ledger.spent == WORST
    assert reply.usd_reason is not None


async def test_a_reply_nobody_can_use_is_paid_for_all_the_same(dial: Dial) -> None:
    line = dial(lambda _: Reply('{"sentence": "Pro', stop="max_tokens"))
    ledger = Ledger(Decimal(1))
    with pytest.raises(ModelTruncatedError):
        await _budgeted(line, ledger).complete(ask(output_schema=ANSWER_SCHEMA))
    assert 0 < ledger.spent < WORST
    assert ledger.reserved == 0


async def test_a_provider_that_only_refuses_costs_nothing(dial: Dial) -> None:
    line = dial(faults=[OVERLOADED] * 9)
    ledger = Ledger(Decimal(1))
    with pytest.raises(ModelBusyError):
        await _budgeted(line, ledger).complete(ask())
    assert ledger.spent == 0
    assert ledger.reserved == 0


async def test_a_time_out_and_a_cancelled_call_count_at_their_worst(dial: Dial) -> None:
    patience = RetryPolicy(tries=1, try_seconds=0.1)
    slow = dial(faults=[Broken("slow", after=0)], policy=patience)
    ledger = Ledger(Decimal(1))
    with pytest.raises(ModelUnreachableError):
        await _budgeted(slow, ledger).complete(ask())
    assert ledger.spent == WORST
    assert ledger.reserved == 0
    hung = dial(faults=[Broken("slow", after=0)])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await _budgeted(hung, ledger).complete(ask())
    assert ledger.spent == 2 * WORST
    assert ledger.reserved == 0


async def test_nobody_there_costs_nothing(dial: Dial) -> None:
    line = dial(policy=RetryPolicy(tries=2))
    line.server.stop()
    ledger = Ledger(Decimal(1))
    with pytest.raises(ModelUnreachableError):
        await _budgeted(line, ledger).complete(ask())
    assert ledger.spent == 0
    assert ledger.reserved == 0


async def test_parallel_calls_never_pass_the_ceiling_together(dial: Dial) -> None:
    line = dial()
    ledger = Ledger(WORST * 2)
    model = _budgeted(line, ledger)
    refused = 0

    async def one() -> None:
        nonlocal refused
        try:
            await model.complete(ask())
        except BudgetError:
            refused += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(4):
            group.create_task(one())
    assert line.calls + refused == 4
    assert refused >= 2
    assert ledger.spent + ledger.reserved <= WORST * 2


async def test_without_a_price_the_cost_is_unknown_and_says_so(dial: Dial) -> None:
    line = dial()
    model = BudgetedModel(line.model, Ledger(None), load_prices())
    reply = await model.complete(ask())
    assert reply.usd is None
    assert reply.usd_reason == f"no price is known for {line.model.name}"


async def test_without_a_price_no_ceiling_can_hold(dial: Dial) -> None:
    line = dial()
    with pytest.raises(SettingError, match="No price is known"):
        BudgetedModel(line.model, Ledger(Decimal(1)), load_prices())
    allowed = BudgetedModel(
        line.model, Ledger(Decimal(1)), load_prices(), allow_unpriced=True
    )
    assert (await allowed.complete(ask())).usd is None
