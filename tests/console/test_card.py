"""The alert card: scores beside their record, absences with their reason."""

from dataclasses import replace
from decimal import Decimal

from dexter.console.card import bar, card
from dexter.domain.alert import (
    Alert,
    Blockbuster,
    Component,
    Priority,
    VolatilityContraction,
)
from tests.console.snapshots import matches, screen
from tests.tools.fakes import PUBLISHED
from tests.tools.making import STANDALONE, predicted


def alert() -> Alert:
    parts = {
        "surprise": Component(Decimal("2.3"), Decimal(91), ("e1",)),
        "quality": Component(None, None, (), "none of its peers have reported it"),
    }
    return Alert(
        id="HCL-2024-06-30-standalone",
        symbol="HCL",
        company="Hcl [Limited]",
        period="Q1 FY25",
        basis=STANDALONE,
        published_at=PUBLISHED,
        priority=Priority.HIGH,
        blockbuster=Blockbuster(Decimal(91), Decimal("0.5"), parts),
        prediction=predicted(illustrative=True),
        prediction_reason=None,
        data_grade="A",
        vcp=VolatilityContraction(
            passed=False,
            contractions=2,
            depths=(Decimal("0.203"), Decimal("0.116")),
            template_passed=5,
            template_total=8,
            volume_dry_up=None,
            pivot=None,
            evidence=(),
        ),
        vcp_reason=None,
        reasons=(),
        evidence=("e1",),
    )


def drawn(one: Alert) -> str:
    console, out = screen()
    console.print(card(one))
    return out.getvalue()


def test_a_probability_in_sample_says_so() -> None:
    learned = replace(alert(), prediction=predicted(in_sample=True))
    words = " ".join(drawn(learned).replace("│", " ").split())
    assert "in sample: its model was trained on results of that time" in words
    assert "in sample" not in drawn(alert())


def test_a_full_card() -> None:
    assert matches("card_full", drawn(alert()))


def test_one_contraction_is_one() -> None:
    found = alert().vcp
    assert found is not None
    one = replace(alert(), vcp=replace(found, contractions=1))
    assert "1 contraction (" in drawn(one)


def test_a_card_without_scores_says_why() -> None:
    empty = replace(
        alert(),
        blockbuster=Blockbuster(None, Decimal(0), {}, "too few peers"),
        prediction=None,
        prediction_reason="no champion is registered",
        vcp=None,
        vcp_reason="no bars are kept here",
        published_at=None,
        priority=Priority.LOW,
    )

    assert matches("card_empty", drawn(empty))


def test_no_card_gives_advice() -> None:
    said = drawn(alert()).lower()

    assert "not investment advice" in said
    assert not any(f" {word} " in said for word in ("buy", "sell", "hold"))


def test_bars_are_as_long_as_their_value() -> None:
    assert bar(Decimal(0)).count("█") == 0
    assert bar(Decimal(50)).count("█") == bar(Decimal(50)).count("░")
    assert bar(Decimal(100)).count("░") == 0
