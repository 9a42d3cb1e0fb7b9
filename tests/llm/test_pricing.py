from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.conversation import TokenUsage
from dexter.errors import SettingError
from dexter.llm.pricing import Price, Rates, load_prices, request_bytes
from tests.llm.line import ANSWER_SCHEMA, PRICES_TOOL, ask

RATES = Rates(Decimal(3), Decimal(15), Decimal("0.30"), Decimal("3.75"))


def test_each_kind_of_token_has_its_own_rate() -> None:
    usage = TokenUsage(
        input_tokens=1_000_000,
        output_tokens=100_000,
        cached_input_tokens=600_000,
        cache_write_tokens=100_000,
    )
    # 300k fresh, 600k read, 100k written, 100k out
    assert RATES.cost(usage) == Decimal("0.9") + Decimal("0.18") + Decimal(
        "0.375"
    ) + Decimal("1.5")


def test_a_long_prompt_pays_the_long_rates_for_all_of_it() -> None:
    dear = Rates(
        *(rate * 5 for rate in (Decimal(3), Decimal(15), Decimal(1), Decimal(4)))
    )
    price = Price(RATES, dear, long_above=1000)
    assert price.cost(TokenUsage(1000, 10)) == RATES.cost(TokenUsage(1000, 10))
    assert price.cost(TokenUsage(1001, 10)) == dear.cost(TokenUsage(1001, 10))


@given(
    text=st.text(max_size=400),
    fresh=st.integers(0, 100),
    cached=st.integers(0, 100),
    written=st.integers(0, 100),
    output=st.integers(0, 200),
)
def test_the_worst_cost_covers_every_usage_it_allows(
    text: str, fresh: int, cached: int, written: int, output: int
) -> None:
    request = ask(text + "a" * 700)
    usage = TokenUsage(fresh + cached + written, output, cached, written)
    price = Price(RATES)
    assert price.cost(usage) <= price.worst(request)


def test_everything_sent_counts_towards_the_estimate() -> None:
    bare = request_bytes(ask())
    assert request_bytes(ask("₹" * 10)) - request_bytes(ask("")) == 30
    assert request_bytes(ask(tools=(PRICES_TOOL,))) > bare + 100
    assert request_bytes(ask(output_schema=ANSWER_SCHEMA)) > bare + 50


def test_the_shipped_table_is_dated_and_admits_what_nobody_checked() -> None:
    prices = load_prices()
    assert prices.written.year >= 2026
    price = prices.of("anthropic:claude-opus-5-5")
    assert price is not None
    assert price.checked is None
    assert price.rates.output > price.rates.input > price.rates.cache_read


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("claude-sonnet-5-5", True),
        ("anthropic:claude-sonnet-5-5-20260901", True),
        ("gpt-5.4-2026-03-05", True),
        ("gpt-5.4-mini", True),
        ("gpt-5.4-pro", False),
        ("gpt-5.4-mini-high", False),
        ("claude-sonnet-5-6", False),
        ("openai:llama-9", False),
        ("", False),
    ],
)
def test_a_row_covers_its_dated_names_and_nothing_else(name: str, known: bool) -> None:  # noqa: FBT001  # a table
    assert (load_prices().of(name) is not None) is known


def test_an_operators_row_wins() -> None:
    prices = load_prices().with_rows({"llama-9": Price(RATES)})
    assert prices.of("openai:llama-9") == Price(RATES)
    assert prices.of("claude-opus-5-5") is not None


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"written": "2026-01-01"}',
        '{"written": "2026-01-01", "models": {"m": {"input": "1"}}}',
        '{"written": "2026-01-01", "models": {"m": {"input": "x", "output": "1"}}}',
        '{"written": "2026-01-01", "models": {}, "prices": {}}',
    ],
)
def test_a_table_of_another_form_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prices.json"
    path.write_text(text)
    with pytest.raises(SettingError, match=r"prices\.json"):
        load_prices(path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"none\.json"):
        load_prices(tmp_path / "none.json")
