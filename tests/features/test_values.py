"""Feature values that can be worked out on paper."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.features.bars import day_zero, visible_bars, visible_closes
from dexter.features.event import EventInputs, build
from tests.features.making import at, index_of, prices_of, quarter_of, weekdays

N = 300
DAYS = weekdays(N)
LAST = DAYS[-1]
QUARTER = Quarter.ended_before(LAST)


def event(**changes: object) -> EventInputs:
    given = EventInputs(
        symbol="MADEUP",
        published_at=at(LAST),
        quarter=QUARTER,
        basis=Basis.STANDALONE,
        prices=prices_of([100.0 + i for i in range(N)]),
        market=index_of(N),
        vix=index_of(N, "INDIA_VIX"),
        figures=[],
    )
    return dataclasses.replace(given, **changes)  # type: ignore[arg-type]  # by name


def of(given: EventInputs, name: str) -> float | None:
    return build(given).features[name].value


def reason(given: EventInputs, name: str) -> str:
    return build(given).features[name].reason or ""


def with_prices(given: EventInputs, **columns: object) -> EventInputs:
    assert given.prices is not None
    prices = dataclasses.replace(given.prices, **columns)  # type: ignore[arg-type]  # by name
    return dataclasses.replace(given, prices=prices)


def test_returns_and_means() -> None:
    given = event()
    assert of(given, "return_20") == pytest.approx(399 / 379 - 1)
    assert of(given, "sma_50") == pytest.approx(sum(range(350, 400)) / 50)
    assert of(given, "close_to_sma_50") == pytest.approx(399 / 374.5 - 1)


def test_the_market_is_read_to_the_last_file_out() -> None:
    # 18:00 is before the index file of the day (20:00): the close before counts.
    assert of(event(), "market_return_20") == pytest.approx(1298 / 1278 - 1)
    late = event(published_at=at(LAST, 21))
    assert of(late, "market_return_20") == pytest.approx(1299 / 1279 - 1)
    assert of(late, "vix") == 1299.0


def test_upper_band_closes_are_counted_within_their_windows() -> None:
    band = [0] * N
    for back in (1, 10, 60, 61, 200):
        band[-back] = 5
    given = with_prices(event(), band=tuple(band))
    assert of(given, "upper_band_closes_60") == 3
    assert of(given, "upper_band_closes_250") == 5


def test_a_band_close_of_a_penny_share_is_not_believed() -> None:
    cheap = tuple(1 + i / N for i in range(N))
    given = with_prices(event(), band=(5,) * N, close=cheap)
    assert of(given, "upper_band_closes_60") == 0


def test_the_largest_move_is_against_the_base_price() -> None:
    given = event()
    assert given.prices is not None
    base = list(given.prices.base)
    base[-30] = given.prices.close[-30] / 1.2
    assert of(with_prices(given, base=tuple(base)), "largest_move_60") == (
        pytest.approx(0.2)
    )


def test_liquidity_is_the_median_day_in_rupees() -> None:
    turnover = (1e9,) * (N - 20) + (1e6,) * 11 + (1e9,) * 9
    given = with_prices(event(), turnover=turnover)
    assert of(given, "log_turnover_20") == pytest.approx(6.0)
    silent = with_prices(event(), turnover=(0.0,) * N)
    assert reason(silent, "log_turnover_20") == "nothing was traded"


def test_drying_volume() -> None:
    volume = (100.0,) * (N - 10) + (50.0,) * 10
    given = with_prices(event(), volume=volume)
    assert of(given, "volume_dry_up") == pytest.approx(50 / 90)


def test_price_to_earnings_adds_four_quarters() -> None:
    figures = [quarter_of(QUARTER.shift(-b), "100", eps="4.75") for b in range(4)]
    figures[0] = dataclasses.replace(figures[0], known_at=at(LAST))
    given = event(figures=figures)
    assert of(given, "pe_ttm") == pytest.approx(399 / 19)
    assert of(given, "earnings_yield_ttm") == pytest.approx(19 / 399)
    three = event(figures=figures[:3])
    assert str(QUARTER.shift(-3)) in reason(three, "pe_ttm")


def test_a_loss_has_no_price_to_earnings() -> None:
    figures = [
        dataclasses.replace(
            quarter_of(QUARTER.shift(-b), "-100", eps="-2"), known_at=at(DAYS[-30])
        )
        for b in range(4)
    ]
    assert "no profit" in reason(event(figures=figures), "pe_ttm")
    assert (of(event(figures=figures), "earnings_yield_ttm") or 0) < 0


def test_eps_before_a_bonus_counts_on_the_new_share_count() -> None:
    # A 1:1 bonus between the year-ago results and these: EPS 10 was 5 of today's.
    split_at = N - 20
    factor = (0.5,) * split_at + (1.0,) * 20
    then = quarter_of(QUARTER.year_ago, "100", eps="10", known_at=at(DAYS[5]))
    now = quarter_of(QUARTER, "120", eps="6", known_at=at(LAST))
    given = with_prices(event(figures=[then, now]), factor=factor)
    assert of(given, "eps_change_to_price") == pytest.approx((6 - 5) / 399)


def test_losses_still_have_a_profit_change() -> None:
    then = quarter_of(QUARTER.year_ago, "-50", "1000", known_at=at(DAYS[5]))
    now = quarter_of(QUARTER, "20", "1100", known_at=at(LAST))
    given = event(figures=[then, now])
    assert of(given, "profit_change_to_revenue") == pytest.approx(0.07)
    assert "turnaround" in reason(given, "profit_yoy")


def test_seasonality() -> None:
    given = event(published_at=at(LAST, 11))
    assert of(given, "published_in_session") == 1.0
    assert of(event(), "published_in_session") == 0.0
    assert of(event(), "days_since_quarter_end") == (LAST - QUARTER.end).days
    assert of(event(), "fiscal_quarter") == QUARTER.number


@pytest.mark.parametrize(
    ("hour", "minute", "seen"),
    [(8, 59, 3), (9, 15, 3), (15, 29, 3), (15, 30, 3), (15, 31, 4), (23, 59, 4)],
)
def test_which_bars_were_known(hour: int, minute: int, seen: int) -> None:
    moment = at(date(2020, 1, 6), hour, minute)  # sessions[3]
    assert day_zero(moment, DAYS) == seen
    bars = visible_bars(prices_of([1.0] * N), moment)
    assert not isinstance(bars, str)
    assert len(bars) == seen


def test_a_weekend_sees_friday() -> None:
    assert day_zero(at(date(2020, 1, 5), 12), DAYS) == 3


def test_an_index_known_only_later_is_not_there() -> None:
    assert visible_closes(index_of(5), at(DAYS[0], 19)) is None
    assert visible_closes(None, at(DAYS[0], 19)) is None


def test_bars_are_adjusted_to_the_last_one_seen() -> None:
    factor = (0.25,) * 2 + (0.5,) * 8
    prices = prices_of([100.0] * 2 + [50.0] * 8, factor=factor)
    bars = visible_bars(prices, at(DAYS[9]))
    assert not isinstance(bars, str)
    assert np.array_equal(bars.close, [50.0] * 10)
    assert np.array_equal(bars.volume[:2], np.array(prices.volume[:2]) * 2)
