"""Measures by hand, and every reason for having none."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features import earnings, financial
from tests.features.making import quarter_of, series_of
from tests.features.making_figures import differing, known_of, measured
from tests.features.reference_figures import Event, reference

Q = Quarter(2025, 2)


def one(figures: list[QuarterFigures], name: str) -> float:
    return float(measured(known_of(figures, Q))[name].values[0])


def why(figures: list[QuarterFigures], name: str) -> str:
    return measured(known_of(figures, Q))[name].reason(0) or "known"


CALM = [100, 100, 100, 100, 101, 102, 103, 104, 106, 108, 110, 112]


def test_every_feature_is_declared_and_every_declared_one_made() -> None:
    known = known_of([quarter_of(Q, "1")], Q)
    for category in (financial, earnings):
        names = [spec.name for spec in category.SPECS]
        assert names == list(dict.fromkeys(names))
        assert set(category.compute(known)) == set(names)
    assert set(earnings.MEASURES) <= set(measured(known))


def test_sue_by_hand() -> None:
    # Year-on-year changes before the current one: 1, 2, 3, 4, 5, 6, 7, 8.
    # Mean 4.5, squared deviations sum to 42, so sd = sqrt(42 / 7) = sqrt(6).
    profits = [str(p) for p in [*CALM, 106 + 12]]
    assert one(series_of(Q, profits), "sue") == pytest.approx(12 / 6**0.5, rel=1e-12)


def test_sue_leaves_the_current_change_out_of_its_yardstick() -> None:
    small = one(series_of(Q, [str(p) for p in [*CALM, 107]]), "sue")
    large = one(series_of(Q, [str(p) for p in [*CALM, 206]]), "sue")
    # Changes of 1 and 100 over one and the same deviation.
    assert large == pytest.approx(100 * small, rel=1e-12)


def test_sur_is_sue_of_revenue() -> None:
    series = [
        quarter_of(Q.shift(i - 12), "5", str(r)) for i, r in enumerate([*CALM, 118])
    ]
    assert one(series, "sur") == pytest.approx(12 / 6**0.5, rel=1e-12)
    assert "equal" in why(series, "sue")


@pytest.mark.parametrize(("missing", "known"), [(2, True), (3, False)])
def test_sue_needs_six_of_eight_changes(missing: int, *, known: bool) -> None:
    profits: list[str | None] = [str(100 + i * i) for i in range(13)]
    for place in range(missing):
        profits[place] = None
    reason = why(series_of(Q, profits), "sue")
    assert (reason == "known") is known
    if not known:
        assert "only 5 of the last 8" in reason


def test_growth_against_the_year_ago_quarter_and_not_the_previous_one() -> None:
    series = [
        quarter_of(Q.year_ago, "100", "1000", "1"),
        quarter_of(Q.previous, "400", "4000", "4"),
        quarter_of(Q, "150", "1200", "1.5"),
    ]
    assert one(series, "profit_yoy") == 0.5
    assert one(series, "revenue_yoy") == pytest.approx(0.2)
    assert one(series, "eps_yoy") == 0.5
    assert one(series, "profit_qoq") == -0.625
    assert one(series, "revenue_qoq") == pytest.approx(-0.7)
    assert one(series, "net_margin") == 0.125
    assert one(series, "net_margin_change") == pytest.approx(0.025)


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
    series = [quarter_of(Q, now), quarter_of(Q.year_ago, then)]
    assert reason in why(series, "profit_yoy")


def test_slipping_into_loss_is_growth_below_minus_one() -> None:
    series = [quarter_of(Q, "-50"), quarter_of(Q.year_ago, "100")]
    assert one(series, "profit_yoy") == -1.5
    assert one(series, "loss") == 1
    assert one(series, "turnaround") == 0


def test_eps_across_a_bonus_is_not_compared() -> None:
    # Profit grew by a tenth, but EPS halved: twice the shares.
    series = [
        quarter_of(Q, "110", eps="5.5"),
        quarter_of(Q.year_ago, "100", eps="10"),
    ]
    assert one(series, "profit_yoy") == pytest.approx(0.1)
    reason = why(series, "eps_yoy")
    assert reason is not None
    # Nobody can tell from four figures whether shares were issued or an EPS is wrong.
    assert "split, bonus or issue, or an EPS that does not fit" in reason


def test_bases_are_never_mixed() -> None:
    other = quarter_of(Q.year_ago, "900", basis=Basis.CONSOLIDATED)
    reason = why([other, quarter_of(Q, "100")], "profit_yoy")
    assert reason == "no figures of the same quarter a year before"


def test_quality_is_the_share_of_profit_not_from_operations() -> None:
    figures = [quarter_of(Q, "100", extra=("30", "-10", "200"))]
    assert one(figures, "quality") == pytest.approx(0.1)


@pytest.mark.parametrize("before_tax", ["0", "-5"])
def test_quality_of_a_loss_is_null(before_tax: str) -> None:
    figures = [quarter_of(Q, "100", extra=("30", "0", before_tax))]
    assert "not positive" in why(figures, "quality")


def test_an_unprinted_exceptional_item_is_not_taken_for_zero() -> None:
    assert "not known" in why([quarter_of(Q, "100")], "quality")


def test_figures_repeated_under_last_years_date_are_not_last_years() -> None:
    now = quarter_of(Q, "100", eps="2")
    again = quarter_of(Q.year_ago, "100", eps="2", known_at=now.known_at)
    assert why([now, again], "profit_yoy") == (
        "no figures of the same quarter a year before"
    )
    # As told a year before they are an honest coincidence.
    assert one([now, quarter_of(Q.year_ago, "100", eps="2")], "profit_yoy") == 0


@pytest.mark.parametrize(
    ("profits", "streak"),
    [
        ([1, 1, 1, 1, 2, 2, 2, 2], 4),
        ([1, 1, 1, 1, 2, 0, 2, 2], 2),
        ([9, 8, 7, 6, 1], 0),
    ],
)
def test_a_streak_ends_at_the_first_quarter_without_growth(
    profits: list[int], streak: int
) -> None:
    series = series_of(Q, [str(p) for p in profits])
    assert one(series, "growth_streak") == streak


def test_one_quarter_alone() -> None:
    """What needs a past is absent with a reason, what does not is there."""
    columns = measured(known_of([quarter_of(Q, "100", eps="0.00")], Q))
    there = {name for name, column in columns.items() if not column.why[0]}
    assert there == {"net_margin", "loss", "years_of_history", "late_figures"}
    assert all(c.reason(0) for name, c in columns.items() if name not in there)
    assert not any("inputs at hand" in (c.reason(0) or "") for c in columns.values())


def test_no_figures_at_all() -> None:
    columns = measured(known_of([], Q))
    there = {name for name, column in columns.items() if not column.why[0]}
    assert there == {"years_of_history"}
    assert columns["years_of_history"].values[0] == 0


def test_revenue_of_zero_divides_nothing() -> None:
    series = [quarter_of(Q.shift(-b), "5", "0") for b in range(8)]
    for name in (
        "net_margin",
        "revenue_yoy",
        "revenue_qoq",
        "profit_change_to_revenue",
    ):
        assert why(series, name) not in {"known", "the inputs at hand do not define it"}


AMOUNT = st.none() | st.integers(-(10**12), 10**12)
SMALL = st.none() | st.integers(-500, 500)


@st.composite
def histories(draw: st.DrawFn) -> list[QuarterFigures]:
    """Up to eighteen quarters, some missing, of figures large, small and absent."""
    series = []
    for back in range(draw(st.integers(0, 17)), -1, -1):
        if draw(st.integers(0, 9)) == 0:
            continue
        amount = draw(st.sampled_from([AMOUNT, SMALL]))
        texts = [draw(amount) for _ in range(5)]
        profit, revenue, other, odd, tax = [
            None if t is None else str(t) for t in texts
        ]
        eps = draw(st.none() | st.integers(-300, 3000))
        figures = quarter_of(
            Q.shift(-back),
            profit,
            revenue,
            None if eps is None else f"{eps / 100:.2f}",
            extra=(other, odd, tax),  # type: ignore[arg-type]  # a null is fine
        )
        series.append(figures)
    return series


@settings(max_examples=300, deadline=None)
@given(histories())
def test_it_is_the_plain_reference(series: list[QuarterFigures]) -> None:
    known = known_of(series, Q)
    moment = max(f.known_at for f in [*series, quarter_of(Q, "1")] if f.known_at)
    event = Event(series, Q, Basis.STANDALONE, moment, None)
    columns = measured(known)
    assert differing(columns, [reference(event)]) == {}
    assert not any(c.reason(0) is None and c.why[0] for c in columns.values())


def test_decimal_is_what_the_reference_counts_in() -> None:
    event = Event(
        series_of(Q, [str(p) for p in [*CALM, 118]]),
        Q,
        Basis.STANDALONE,
        quarter_of(Q, "1").known_at,  # type: ignore[arg-type]  # made up with a moment
        None,
    )
    assert reference(event)["sue"] == Decimal(12) / Decimal(6).sqrt()
