"""What replies say they cost adds up; one unknown price makes the sum unknown."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.conversation import ModelReply, StopReason, TokenUsage
from dexter.orchestrator.spending import Spending

CENTS = st.decimals(min_value=0, max_value=5, places=6)


def reply(usd: str | None, **about: object) -> ModelReply:
    tries = about.get("tries", 1)
    return ModelReply(
        text="",
        stop=StopReason.END,
        model=str(about.get("model", "anthropic:x")),
        usage=TokenUsage(input_tokens=100, output_tokens=10),
        usd=usd,
        usd_reason="no price is known for x" if usd is None else None,
        tries=tries if isinstance(tries, int) else 1,
    )


@given(st.lists(CENTS, max_size=8))
def test_sums_are_exact(costs: list[Decimal]) -> None:
    total = Spending([reply(str(cost)) for cost in costs]).total()

    assert total.usd == sum(costs, Decimal(0))
    assert total.input_tokens == 100 * len(costs)
    assert (total.model_calls, total.usd_reason) == (len(costs), None)


@pytest.mark.parametrize("at", [0, 1])
def test_an_unknown_price_is_not_zero(at: int) -> None:
    replies = [reply("0.25")]
    replies.insert(at, reply(None))

    total = Spending(replies).total()

    assert total.usd is None
    assert total.usd_reason == "no price is known for x"
    assert total.output_tokens == 20


def test_every_try_counts_and_rules_are_no_call() -> None:
    total = Spending([reply("0.1", tries=3), reply("0", model="offline")]).total()

    assert total.model_calls == 3


def test_what_was_assumed_of_a_price_is_kept() -> None:
    assumed = replace(reply("0.1"), usd_reason="the price of the newest is assumed")

    total = Spending([reply("0.2"), assumed]).total()

    assert total.usd == Decimal("0.3")
    assert total.usd_reason == "the price of the newest is assumed"
