"""When results come: the clock, the company's own habit, the season."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.features import seasonality
from dexter.features.columns import Column
from tests.features.making import at, quarter_of
from tests.features.making_market import QUARTER, known_at, market_of, value

END = QUARTER.end  # 30 June 2024
DAY = END + timedelta(days=40)  # a Friday


def on(moment: datetime, **told: object) -> dict[str, Column]:
    return seasonality.compute(known_at(moment, **told))  # type: ignore[arg-type]


def test_it_computes_what_it_declares() -> None:
    found = on(at(DAY))
    assert set(found) == {spec.name for spec in seasonality.SPECS}


@pytest.mark.parametrize(
    ("clock", "during", "before"),
    [
        ((9, 14, 59), 0, 1),
        ((9, 15, 0), 1, 0),
        ((15, 30, 0), 1, 0),
        ((15, 30, 1), 0, 0),
        ((0, 0, 0), 0, 1),
    ],
)
def test_the_clock(clock: tuple[int, int, int], during: int, before: int) -> None:
    found = on(datetime(2024, 8, 9, *clock, tzinfo=IST))
    assert value(found, "published_in_session") == during
    assert value(found, "published_before_open") == before
    assert value(found, "publication_hour") == clock[0] + clock[1] / 60


def test_a_weekend_has_no_session() -> None:
    found = on(datetime(2024, 8, 10, 11, tzinfo=IST))
    assert value(found, "published_in_session") == 0
    assert value(found, "published_before_open") == 0
    assert value(found, "day_of_week") == 5


def test_the_calendar() -> None:
    found = on(at(DAY))
    assert value(found, "fiscal_quarter") == 1
    assert value(found, "annual_results") == 0
    assert value(found, "days_since_quarter_end") == 40
    assert value(found, "day_of_week") == 4
    assert value(found, "days_to_month_end") == 22
    assert value(on(at(date(2024, 2, 29))), "days_to_month_end") == 0


@pytest.mark.parametrize(
    ("number", "days", "late"), [(1, 45, 0), (1, 46, 1), (4, 60, 0), (4, 61, 1)]
)
def test_results_are_due_within_45_days_and_60_of_the_year(
    number: int, days: int, late: int
) -> None:
    quarter = Quarter(2024, number)
    found = on(at(quarter.end + timedelta(days=days)), quarter=quarter)
    assert value(found, "late") == late


def test_the_companys_own_habit() -> None:
    lags = [30, 31, 33, 38, 35, 37]  # of the quarters before, the latest first
    figures = [
        quarter_of(q, "1", known_at=at(q.end + timedelta(days=lag)))
        for back, lag in enumerate(lags, 1)
        for q in [QUARTER.shift(-back)]
    ]
    found = on(at(DAY), figures=figures)
    assert value(found, "lag_against_own") == 40 - np.median(lags)
    assert value(found, "lag_against_last_year") == 40 - lags[3]
    few = on(at(DAY), figures=figures[:3])
    assert "fewer than 4 earlier quarters" in str(value(few, "lag_against_own"))
    assert "a year before" in str(value(few, "lag_against_last_year"))


def season(**results: int) -> dict[str, object]:
    """Results by day, as ``d2024_08_01=3``."""
    counted = {
        date(*map(int, name[1:].split("_"))): count for name, count in results.items()
    }
    days = sorted(counted)
    market = market_of(
        [DAY - timedelta(days=1)],
        result_days=tuple(days),
        results=tuple(counted[day] for day in days),
    )
    return {"market": market}


def test_how_busy_the_season_is() -> None:
    told = season(
        d2023_06_30=9,  # the last day of the quarter a year before: another season
        d2023_07_01=4,
        d2023_09_30=16,
        d2023_10_01=9,
        d2024_07_20=2,
        d2024_08_02=3,
        d2024_08_08=5,
        d2024_08_09=7,  # the day itself
    )
    found = on(at(DAY), **told)
    assert value(found, "results_7_days") == 8
    assert value(found, "results_day_before") == 5
    assert value(found, "season_progress") == 10 / 20


def test_seasons_that_are_not_kept_say_so() -> None:
    unkept = "no results of the days before are kept"
    assert value(on(at(DAY)), "results_7_days") == unkept
    found = on(at(DAY), **season(d2024_08_07=3))
    assert value(found, "results_7_days") == unkept
    assert value(found, "results_day_before") == 0
    progress = "no results of the season a year before are kept"
    assert value(found, "season_progress") == progress
    much_later = at(DAY + timedelta(days=20))
    old = on(much_later, **season(d2024_08_07=3))
    assert "over 15 days old" in str(value(old, "results_day_before"))


def test_the_day_itself_and_later_days_change_nothing() -> None:
    before = {"d2023_06_30": 1, "d2023_07_01": 4, "d2024_08_08": 5}
    told = on(at(DAY), **season(**before))
    later = on(at(DAY), **season(**before, d2024_08_09=50, d2024_08_10=70))
    assert {n: value(told, n) for n in told} == {n: value(later, n) for n in later}
