"""Which version of a quarter's figures an event sees."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.filing import Basis, Grade
from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.figures import ITEMS, LAGS, figures_of, gather
from dexter.features.moments import NEVER, moment_number, quarter_number, whole
from dexter.store.figures import best
from tests.features.making import at, quarter_of

Q = Quarter(2025, 2)
DAY = timedelta(days=1)
START = at(date(2024, 1, 30))


@st.composite
def versions(draw: st.DrawFn) -> list[QuarterFigures]:
    """Versions of a few quarters; every profit differs, so none repeats another."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        quarter = Q.shift(-draw(st.integers(0, 3)))
        known = START + draw(st.integers(0, 9)) * DAY
        one = quarter_of(quarter, str(number + 1), known_at=known)
        basis = draw(st.sampled_from([Basis.STANDALONE, Basis.CONSOLIDATED]))
        grade = draw(st.sampled_from([Grade.IMPORTED, Grade.A, Grade.B]))
        untold = draw(st.integers(0, 9)) == 0
        made.append(
            replace(one, basis=basis, grade=grade, known_at=None if untold else known)
        )
    return made


@given(versions(), st.integers(-1, 10))
def test_an_event_sees_what_the_store_holds_best(
    made: list[QuarterFigures], days: int
) -> None:
    moment = START + days * DAY
    figures = figures_of([made], Basis.STANDALONE)
    seen = gather(
        figures,
        whole([0]),
        whole([quarter_number(Q)]),
        whole([moment_number(moment)]),
    )
    held = {
        one.quarter: one
        for one in best(made, AsOf(moment, explicit=True))
        if one.basis is Basis.STANDALONE
    }
    for back in range(LAGS):
        one = held.get(Q.shift(-back))
        assert seen.there[0, back] == (one is not None)
        profit = seen.at("net_profit", back)[0]
        assert np.isnan(profit) if one is None else profit == one.net_profit
        told = NEVER if one is None else moment_number(one.known_at or START)
        assert seen.known_at()[0, back] == told


def test_companies_and_quarters_are_kept_apart() -> None:
    series = [
        [quarter_of(Q, str(10 * company + 1)), quarter_of(Q.previous, "5")]
        for company in range(3)
    ]
    later = moment_number(START + 400 * DAY)
    seen = gather(
        figures_of(series, Basis.STANDALONE),
        whole([2, 0, 1, 1]),
        whole([quarter_number(q) for q in (Q, Q, Q, Q.shift(1))]),
        whole([later] * 4),
    )
    assert seen.item("net_profit")[:, 0].tolist()[:3] == [21, 1, 11]
    assert not seen.there[3, 0]
    assert seen.at("net_profit", 1).tolist() == [5, 5, 5, 11]


def test_what_is_no_number_is_not_known() -> None:
    made = [
        replace(quarter_of(Q, "1"), eps=Decimal("NaN"), revenue=Decimal("Infinity"))
    ]
    figures = figures_of([made], Basis.STANDALONE)
    assert all(
        np.isnan(figures.items[name][0]) for name in ITEMS if name != "net_profit"
    )


def test_without_figures_there_are_no_quarters() -> None:
    seen = gather(figures_of([], Basis.STANDALONE), whole([]), whole([]), whole([]))
    assert seen.item("eps").shape == (0, LAGS)
    seen = gather(
        figures_of([()], Basis.STANDALONE), whole([0]), whole([9]), whole([9])
    )
    assert not seen.there.any()
    assert np.isnan(seen.at("eps", 3)).all()


def twice(apart: timedelta, **about: object) -> list[bool]:
    """Which of a quarter and last year's with the same numbers are kept."""
    now = quarter_of(Q, "7", "90", "1.5", known_at=START)
    again = replace(now, period_end=Q.year_ago.end, known_at=START + apart)
    again = replace(again, **about)  # type: ignore[arg-type]  # a test's own fields
    keys = figures_of([[again, now]], Basis.STANDALONE).key.tolist()
    return [quarter_number(q) in keys for q in (Q, Q.year_ago)]


def test_numbers_told_again_under_last_years_date_are_left_out() -> None:
    assert twice(timedelta(0)) == [True, False]
    assert twice(timedelta(seconds=1)) == [True, False]
    # Told first, they were all there was; told late, they may be a true coincidence.
    assert twice(timedelta(seconds=-1)) == [True, True]
    assert twice(timedelta(days=2)) == [True, True]
    assert twice(timedelta(0), eps=Decimal("1.6")) == [True, True]
    assert twice(timedelta(0), net_profit=Decimal(0)) == [True, True]
