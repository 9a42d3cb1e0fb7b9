"""Which bars and closes were known at a moment: strictly before it, never later."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.moment import IST, bar_known_at
from dexter.domain.period import Quarter
from dexter.features.bars import STALE_DAYS, bars_of, series_of
from dexter.features.known import Known
from dexter.features.moments import (
    at_minute,
    day_number,
    day_of,
    ist_days,
    ist_minutes,
    moment_number,
    quarter_end_days,
    quarter_number,
    quarter_of,
    whole,
)
from tests.features.making import at, index_of, prices_of, weekdays
from tests.features.making_market import known_at

N = 300
DAYS = weekdays(N)
MONDAY = date(2020, 1, 6)  # the fourth session


def seen(*moments: datetime) -> Known:
    return known_at(*moments, prices=prices_of([1.0] * N))


@pytest.mark.parametrize(
    ("hour", "minute", "bars"),
    [(8, 59, 3), (9, 15, 3), (15, 29, 3), (15, 30, 3), (15, 31, 4), (23, 59, 4)],
)
def test_which_bars_were_known(hour: int, minute: int, bars: int) -> None:
    known = seen(at(MONDAY, hour, minute))
    assert known.sessions.tolist() == [bars]
    assert (known.day[0], known.minute[0]) == (day_number(MONDAY), hour * 60 + minute)


def test_a_bar_is_known_a_microsecond_after_the_close() -> None:
    close = bar_known_at(MONDAY)
    step = timedelta(microseconds=1)
    assert seen(close - step, close, close + step).sessions.tolist() == [3, 3, 4]


def test_a_weekend_sees_friday() -> None:
    assert seen(at(date(2020, 1, 5), 12)).sessions.tolist() == [3]


def test_before_the_first_bar_there_is_none_and_it_is_said() -> None:
    known = seen(at(DAYS[0], 12))
    assert known.sessions.tolist() == [0]
    assert [why for mask, why in known.no_bars if mask[0]] == [
        "no bar before publication"
    ]


def test_a_last_bar_of_long_ago_is_no_bar() -> None:
    late = timedelta(days=STALE_DAYS)
    known = seen(at(DAYS[-1] + late), at(DAYS[-1] + late + timedelta(days=1)))
    assert known.sessions.tolist() == [N, 0]
    assert [why for mask, why in known.no_bars if mask[1]] == [
        f"the last bar is over {STALE_DAYS} days old"
    ]


def test_what_features_share_is_found_once_and_anew_for_other_rows() -> None:
    known = seen(at(MONDAY))
    assert known.once("asked", lambda: 1) == known.once("asked", lambda: 2) == 1
    other = replace(known, end=known.end - 1)
    assert other.once("asked", lambda: 2) == 2
    assert (known.sessions[0], other.sessions[0]) == (4, 3)


def test_companies_keep_to_their_own_bars() -> None:
    bars = bars_of([prices_of([1.0] * 5), None, prices_of([2.0] * 7)])
    assert bars.starts.tolist() == [0, 5, 5, 12]
    more = bars.with_companies(5)
    assert more.starts.tolist() == [0, 5, 5, 12, 12, 12]
    assert (more.companies, len(more)) == (5, 12)


def test_prices_are_adjusted_by_splits_up_to_each_bar_and_no_later_one() -> None:
    # As a history tells it: the last factor is 1, earlier ones hold what came later.
    factor = (0.25,) * 2 + (0.5,) * 8
    history = prices_of([100.0] * 2 + [50.0] * 8, factor=factor)
    bars = bars_of([history])
    last = bars.factor[-1]
    assert np.array_equal(bars.close / last, [50.0] * 10)
    assert np.array_equal(bars.volume[:2] * last, np.array(history.volume[:2]) * 2)
    assert np.array_equal(bars.raw_close, history.close)


def test_an_index_close_is_known_after_eight_in_the_evening() -> None:
    series = series_of(index_of(5))
    moments = whole(
        moment_number(at(DAYS[0], hour, minute))
        for hour, minute in ((19, 0), (20, 0), (20, 1))
    )
    assert series.ends(moments).tolist() == [0, 0, 1]


@given(
    st.datetimes(datetime(1995, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001 - the zone follows
)
def test_moments_and_back(clock: datetime) -> None:
    moment = clock.replace(tzinfo=IST)
    number = whole([moment_number(moment)])
    assert day_of(int(ist_days(number)[0])) == moment.date()
    assert ist_minutes(number)[0] == moment.hour * 60 + moment.minute
    midnight = at_minute(ist_days(number), 0)
    assert midnight[0] == moment_number(at(moment.date(), 0))


@given(st.integers(1995, 2060), st.integers(1, 4))
def test_quarters_and_back(year: int, number: int) -> None:
    quarter = Quarter(year, number)
    told = quarter_number(quarter)
    assert quarter_of(told) == quarter
    assert quarter_number(quarter.next) == told + 1
    assert day_of(int(quarter_end_days(whole([told]))[0])) == quarter.end
