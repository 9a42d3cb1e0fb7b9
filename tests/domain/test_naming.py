"""Which values a question calls by name."""

import pytest

from dexter.domain.naming import Kind, named_in, served, spelled
from dexter.domain.statement import Item
from dexter.features.catalogue import BY_NAME


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("diluted EPS", ["eps_diluted"]),
        ("basic and diluted EPS", ["eps_basic", "eps_diluted"]),
        ("diluted and basic EPS", ["eps_diluted", "eps_basic"]),
        ("earnings per share", ["eps_basic"]),
        ("employee benefit expenses", ["employee_cost"]),
        ("staff costs and costs", ["employee_cost", "total_expenses"]),
        ("interest cost", ["finance_costs", "interest_expended"]),
        ("operating margin", ["operating_margin"]),
        ("profit margin", ["net_margin"]),
        ("net profit after tax", ["net_profit"]),
        ("profit before exceptional items", ["profit_before_exceptional_items"]),
        ("tax rate, and tax", ["tax_rate", "tax"]),
        ("gross NPAs", ["gross_npa_ratio"]),
        ("P/E", ["pe_ttm"]),
        ("PE ratio", ["pe_ttm"]),
        ("price to earnings", ["pe_ttm"]),
        ("return on equity", ["roe_ttm"]),
        ("debt-to-equity", ["debt_to_equity"]),
        ("200 day moving average", ["sma_200"]),
        ("revenue and RSI", ["revenue_from_operations", "rsi_14"]),
        ("a set of open questions", []),
    ],
)
def test_a_word_serves_the_longest_phrase(words: str, names: list[str]) -> None:
    assert [name for one in named_in(words) for name in one.names] == names


def test_every_name_is_one_that_exists() -> None:
    words = (
        "pe, earnings yield, pb, p/s, roe, roa, d/e, rsi, macd signal, macd histogram, "
        "macd, atr, adx, bollinger, sma 50, sma 200, sma, stochastic, beta, "
        "volatility, drawdown, momentum, rs rating, operating margin, tax rate, "
        "interest cover, cost to income, cet1, delivery share, 52 week high, "
        "52 week low"
    )
    found = named_in(words)
    assert {one.kind for one in found} == {Kind.FEATURE}
    assert {name for one in found for name in one.names} <= set(BY_NAME)
    lines = named_in("staff cost, finance cost, provisions, exceptional items, ppop")
    assert {n for one in lines for n in one.names} <= {i.value for i in Item}


def test_a_bank_s_income_serves_for_its_revenue() -> None:
    (revenue,) = named_in("revenue")
    assert served(revenue, ["total_income"])
    assert not served(revenue, ["net_profit"])


def test_a_value_may_be_spelled_by_its_own_name() -> None:
    assert spelled("hours_since_last_story", "hours since its last story")
    assert not spelled("return_20", "on equity")
