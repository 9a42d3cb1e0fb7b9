"""Code writes the numbers: each by its unit, never another value."""

import pytest

from dexter.domain.evidence import Measure
from dexter.orchestrator.rendering import FORMATS, attribute, quiet, render
from tests.orchestrator.evidence import value, words


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
