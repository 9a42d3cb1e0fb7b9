"""Measures by hand, and every reason for having none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.earnings import MEASURES, EarningsMeasures, measure
from tests.features.making import quarter_of, series_of

Q = Quarter(2025, 2)


def measured(series: list[QuarterFigures]) -> EarningsMeasures:
    return measure(series, Q, Basis.STANDALONE)


def pair(now: QuarterFigures, then: QuarterFigures) -> EarningsMeasures:
    return measured([then, now])


def test_sue_by_hand() -> None:
    # Year-on-year changes before the current one: 1, 2, 3, 4, 5, 6, 7, 8.
    # Mean 4.5, squared deviations sum to 42, so sd = sqrt(42 / 7) = sqrt(6).
    profits = [100, 100, 100, 100, 101, 102, 103, 104, 106, 108, 110, 112]
    profits.append(106 + 12)  # the current quarter: 12 above its year-ago 106
    found = measured(series_of(Q, [str(p) for p in profits]))
    assert found.sue is not None
    assert found.sue == Decimal(12) / Decimal(6).sqrt()
    assert found.inputs["sue"] == tuple(Q.shift(-b) for b in range(13))


def test_sue_leaves_the_current_change_out_of_its_yardstick() -> None:
    calm = [100, 100, 100, 100, 101, 102, 103, 104, 106, 108, 110, 112]
    small = measured(series_of(Q, [str(p) for p in [*calm, 107]])).sue
    large = measured(series_of(Q, [str(p) for p in [*calm, 206]])).sue
    assert small is not None
    assert large is not None
    # Changes of 1 and 100 over one and the same deviation.
    assert large == 100 * small


@pytest.mark.parametrize(("missing", "known"), [(2, True), (3, False)])
def test_sue_needs_six_of_eight_changes(missing: int, *, known: bool) -> None:
    profits: list[str | None] = [str(100 + i * i) for i in range(13)]
    for place in range(missing):
        profits[place] = None
    found = measured(series_of(Q, profits))
    assert (found.sue is not None) is known
    if not known:
        assert "5 of the last 8" in found.reasons["sue"]


def test_sue_of_a_history_without_variation_is_null() -> None:
    found = measured(series_of(Q, ["100"] * 13))
    assert found.sue is None
    assert "equal" in found.reasons["sue"]


def test_growth_against_the_year_ago_quarter_and_not_the_previous_one() -> None:
    series = [
        quarter_of(Q.year_ago, "100", "1000", "1"),
        quarter_of(Q.previous, "400", "4000", "4"),
        quarter_of(Q, "150", "1200", "1.5"),
    ]
    found = measured(series)
    assert found.profit_yoy == Decimal("0.5")
    assert found.revenue_yoy == Decimal("0.2")
    assert found.eps_yoy == Decimal("0.5")
    assert found.net_margin == Decimal("0.125")
    assert found.net_margin_change == Decimal("0.025")
    assert found.inputs["profit_yoy"] == (Q, Q.year_ago)


@pytest.mark.parametrize(
    ("now", "then", "reason"),
    [
        ("50", "-10", "turnaround"),
        ("-50", "-10", "loss widening"),
        ("-5", "-10", "loss narrowing"),
        ("50", "9", "tiny base"),
        ("50", "10", "tiny base"),  # exactly 1 % of revenue is not above it
        ("50", None, "not known"),
        (None, "50", "not known"),
    ],
)
def test_growth_from_a_misleading_base_is_null_and_named(
    now: str | None, then: str | None, reason: str
) -> None:
    found = pair(quarter_of(Q, now), quarter_of(Q.year_ago, then))
    assert found.profit_yoy is None
    assert reason in found.reasons["profit_yoy"]
    assert found.inputs["profit_yoy"] == ()


def test_slipping_into_loss_is_growth_below_minus_one() -> None:
    found = pair(quarter_of(Q, "-50"), quarter_of(Q.year_ago, "100"))
    assert found.profit_yoy == Decimal("-1.5")


def test_eps_across_a_bonus_is_not_compared() -> None:
    # Profit grew by a tenth, but EPS halved: twice the shares.
    found = pair(
        quarter_of(Q, "110", eps="5.5"), quarter_of(Q.year_ago, "100", eps="10")
    )
    assert found.profit_yoy == Decimal("0.1")
    assert found.eps_yoy is None
    assert "share count" in found.reasons["eps_yoy"]


def test_bases_are_never_mixed() -> None:
    other = quarter_of(Q.year_ago, "900", basis=Basis.CONSOLIDATED)
    found = measured([other, quarter_of(Q, "100")])
    assert found.profit_yoy is None
    assert str(Q.year_ago) in found.reasons["profit_yoy"]


def test_quality_is_the_share_of_profit_not_from_operations() -> None:
    found = measured([quarter_of(Q, "100", extra=("30", "-10", "200"))])
    assert found.quality == Decimal("0.1")


@pytest.mark.parametrize("before_tax", ["0", "-5"])
def test_quality_of_a_loss_is_null(before_tax: str) -> None:
    found = measured([quarter_of(Q, "100", extra=("30", "0", before_tax))])
    assert found.quality is None
    assert "not positive" in found.reasons["quality"]


def test_an_unprinted_exceptional_item_is_not_taken_for_zero() -> None:
    figures = quarter_of(Q, "100")
    assert measured([figures]).quality is None


@given(
    st.lists(st.none() | st.decimals("-1e9", "1e9", places=2), min_size=1, max_size=16)
)
def test_every_measure_is_a_value_with_inputs_or_a_reason(
    profits: list[Decimal | None],
) -> None:
    series = series_of(Q, [None if p is None else str(p) for p in profits])
    found = measured(series)
    for name in MEASURES:
        if getattr(found, name) is None:
            assert found.reasons[name]
            assert found.inputs[name] == ()
        else:
            assert name not in found.reasons
            assert found.inputs[name][0] == Q
