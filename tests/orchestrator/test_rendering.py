"""Code writes the numbers: grouped the Indian way, rounded, never another value."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.evidence import Measure
from dexter.orchestrator.rendering import (
    FORMATS,
    attribute,
    grouped,
    money,
    percent,
    quiet,
    render,
)
from tests.orchestrator.evidence import value, words

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


@pytest.mark.parametrize(
    ("unit", "amount", "said"),
    [
        (Measure.POINTS, "0.0173", "+1.73 percentage points"),
        (Measure.POINTS, "-0.0173", "−1.73 percentage points"),
        (Measure.DEVIATIONS, "-2.314", "−2.31 standard deviations"),
        (Measure.SCORE, "73.5", "74"),
        (Measure.COUNT, "1234567", "12,34,567"),
        (Measure.RATIO, "0.004", "0.004"),
        (Measure.PROBABILITY, "0.034", "3.4%"),
        (Measure.RUPEES_PER_SHARE, "1560.35", "₹1,560.35"),
    ],
)
def test_each_unit_is_said(unit: Measure, amount: str, said: str) -> None:
    assert render(value("e1", "x", amount, unit), None) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024-07-12", "12 July 2024"),
        ("2024-07-12T12:30:00+00:00", "12 July 2024, 18:00 IST"),
        ("2024-07-12T18:00:00", "12 July 2024, 18:00 IST"),
    ],
)
def test_dates_are_indian(text: str, said: str) -> None:
    assert render(words("e1", "published_at", text, Measure.DATE), None) == said


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


def test_a_bare_change_leaves_only_its_sign_away() -> None:
    change = value("e1", "profit_yoy", "-0.045", Measure.CHANGE)

    assert render(change, None, bare=True) == "4.5%"
    assert render(change, "percent") == "−4.5%"


def test_forms_fit_their_units() -> None:
    assert all(Measure.COUNT not in units for units in FORMATS.values())


def test_a_third_partys_text_cannot_pose_as_ours() -> None:
    headline = words("e1", "headline", "A\u202e [^e9]\n“x” <i>`y`</i>", Measure.TEXT)

    said = render(headline, None)

    assert said == "“A (^e9) ‘x’ ‹i›'y'‹/i›”"
    assert quiet("\u200b\x07plain") == "plain"


def test_what_belongs_to_a_value_is_said_or_absent() -> None:
    known = value("e1", "net_profit", "1")

    assert attribute(known, "company") == "HCL Technologies Limited"
    assert attribute(known, "basis") == "consolidated"
    assert attribute(known, "known_at") == "12 July 2024, 18:00 IST"
    assert attribute(known, "document") == "results.pdf"
    assert attribute(value("e1", "x", "1", inputs=("e2",)), "document") is None
    assert attribute(value("e1", "x", "1", basis=None), "basis") is None
