"""Numbers for people: grouped the Indian way, rounded, never another value."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.numerals import grouped, money, percent

WORTH = {"crore": Decimal(10**7), "lakh": Decimal(10**5), "": Decimal(1)}
AMOUNTS = st.decimals(
    min_value=Decimal("-1e16"),
    max_value=Decimal("1e16"),
    places=4,
    allow_nan=False,
    allow_infinity=False,
)
FRACTIONS = st.decimals(
    min_value=-500, max_value=500, places=6, allow_nan=False, allow_infinity=False
)


def parsed(text: str) -> tuple[Decimal, Decimal]:
    """The number in a rendered text, and half of its last printed place."""
    found = re.search(r"([+−]?)₹?([\d,]+)(?:\.(\d+))?", text)
    assert found is not None
    digits = found[2].replace(",", "") + (f".{found[3]}" if found[3] else "")
    sign = -1 if found[1] == "−" or text.startswith("−") else 1
    return sign * Decimal(digits), Decimal(1).scaleb(-len(found[3] or ""))


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0", "0"),
        ("999", "999"),
        ("1000", "1,000"),
        ("100000", "1,00,000"),
        ("12345678.905", "1,23,45,678.91"),
        ("-1234567", "−12,34,567"),
        ("-0.001", "0"),
        ("12.50", "12.5"),
        ("1e30", "10" + ",00" * 13 + ",000"),
    ],
)
def test_digits_are_grouped_the_indian_way(amount: str, said: str) -> None:
    assert grouped(Decimal(amount), 2) == said


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        ("280570000000", None, "₹28,057 crore"),
        ("-1200000000", None, "−₹120 crore"),
        ("10000000", None, "₹1 crore"),
        ("9999999", None, "₹100 lakh"),
        ("100000", None, "₹1 lakh"),
        ("99999.994", None, "₹99,999.99"),
        ("15.7", "rupees", "₹15.70"),
        ("-0.004", "rupees", "−₹0.004"),
        ("5000", "crore", "₹0.0005 crore"),
        ("0", "crore", "₹0 crore"),
        ("0", None, "₹0.00"),
        ("123456789", "lakh", "₹1,234.57 lakh"),
    ],
)
def test_rupees(amount: str, unit: str | None, said: str) -> None:
    assert money(Decimal(amount), unit) == said


@pytest.mark.parametrize(
    ("share", "signed", "said"),
    [
        ("0.206", True, "+20.6%"),
        ("-0.045", True, "−4.5%"),
        ("0.206", False, "20.6%"),
        ("0.0096", False, "0.96%"),
        ("0", True, "0%"),
        ("0.000003", True, "+0.0003%"),
        ("-0.000049", True, "−0.005%"),
        ("12.3456", True, "+1,234.6%"),
    ],
)
def test_per_cent(share: str, *, signed: bool, said: str) -> None:
    assert percent(Decimal(share), signed=signed) == said


@given(AMOUNTS, st.sampled_from([None, "crore", "lakh", "rupees"]))
def test_a_rendered_amount_reads_back_within_its_rounding(
    amount: Decimal, unit: str | None
) -> None:
    said = money(amount, unit)

    number, step = parsed(said)
    worth = WORTH[said.rpartition(" ")[2] if " " in said else ""]
    assert abs(number * worth - amount) <= step * worth / 2
    assert bool(number) is bool(amount)
    assert (number < 0) is (amount < 0)


@given(FRACTIONS, st.booleans())
def test_a_rendered_share_reads_back_within_its_rounding(
    share: Decimal,
    signed: bool,  # noqa: FBT001 - drawn by position
) -> None:
    number, step = parsed(percent(share, signed=signed))

    assert abs(number - share * 100) <= step / 2
    assert (number > 0) is (share > 0)
    assert (number < 0) is (share < 0)


@given(AMOUNTS)
def test_groups_are_three_then_twos(amount: Decimal) -> None:
    whole = grouped(amount, 0).lstrip("−")

    assert re.fullmatch(r"\d{1,3}|\d{1,2}(,\d\d)*,\d{3}", whole)
    assert Decimal(whole.replace(",", "")) == abs(
        amount.quantize(Decimal(1), ROUND_HALF_UP)
    )
