"""Outcomes: which three sessions, what counts, what is unknown, and who was filled."""

import dataclasses
from datetime import date

import pytest

from dexter.domain.market import PriceHistory
from dexter.ml.labels import COST, Outcome, opens_locked, outcome
from tests.features.making import at, prices_of, weekdays

# Monday 6 January 2020 is sessions[3].
DAYS = weekdays(20)
MONDAY, FRIDAY = date(2020, 1, 6), date(2020, 1, 10)


def history(band: dict[date, int] | None = None, **changes: object) -> PriceHistory:
    marks = [(band or {}).get(day, 0) for day in DAYS]
    prices = prices_of([100.0 + i for i in range(20)], band=marks)
    return dataclasses.replace(prices, **changes)  # type: ignore[arg-type]  # by name


def of(prices: PriceHistory, day: date, hour: int, minute: int = 0) -> Outcome:
    return outcome(prices, at(day, hour, minute), DAYS)


@pytest.mark.parametrize(
    ("hour", "minute", "first", "last"),
    [
        (8, 0, date(2020, 1, 6), date(2020, 1, 8)),
        (9, 15, date(2020, 1, 6), date(2020, 1, 8)),
        (15, 30, date(2020, 1, 6), date(2020, 1, 8)),
        (15, 31, date(2020, 1, 7), date(2020, 1, 9)),
        (23, 59, date(2020, 1, 7), date(2020, 1, 9)),
    ],
)
def test_the_window_is_three_sessions_from_day_zero(
    hour: int, minute: int, first: date, last: date
) -> None:
    inside = of(history({last: 5}), MONDAY, hour, minute)
    assert inside.value is True
    assert inside.known_at == at(last, 15, 30)
    assert of(history({first: 20}), MONDAY, hour, minute).value is True
    around = {day: 5 for day in DAYS if not first <= day <= last}
    assert of(history(around), MONDAY, hour, minute).value is False


def test_a_weekend_publication_starts_on_monday() -> None:
    found = of(history({date(2020, 1, 15): 10}), date(2020, 1, 11), 12)
    assert found.value is True
    assert found.known_at == at(date(2020, 1, 15), 15, 30)


def test_a_window_that_is_not_over_has_no_label() -> None:
    found = of(history(), DAYS[-2], 10)
    assert (found.value, found.known_at) == (None, None)
    assert found.reason == "the window is not over"


def test_before_the_first_session_there_is_no_label() -> None:
    assert of(history(), date(2019, 6, 1), 10).value is None


def test_a_share_that_did_not_trade_each_session_has_no_label() -> None:
    prices = history()
    gone = {
        field.name: getattr(prices, field.name)[:4] + getattr(prices, field.name)[5:]
        for field in dataclasses.fields(prices)
        if field.name not in {"symbol", "source"}
    }
    found = of(dataclasses.replace(prices, **gone), MONDAY, 10)
    assert found.value is None
    assert found.reason == "no bar on each session of the window"


def test_with_futures_there_is_no_circuit_and_no_label() -> None:
    found = of(history({MONDAY: 10}, no_band=(True,) * 20), MONDAY, 10)
    assert found.value is None
    assert "no fixed price band" in (found.reason or "")
    assert found.net_return is not None


def test_a_penny_share_at_its_band_is_not_believed() -> None:
    cheap = tuple(price / 100 for price in history().close)
    assert of(history({MONDAY: 5}, close=cheap), MONDAY, 10).value is False


def test_the_return_starts_at_the_first_open_one_could_take() -> None:
    prices = history()
    # Opens are the closes before: day 0 opens at 102, its window closes at 105.
    assert of(prices, MONDAY, 8).net_return == pytest.approx(105 / 102 - 1 - COST)
    # Published during Monday: Tuesday's open, the same last close.
    assert of(prices, MONDAY, 11).net_return == pytest.approx(105 / 103 - 1 - COST)
    assert of(prices, MONDAY, 16).net_return == pytest.approx(106 / 103 - 1 - COST)


def locked(days: dict[date, float]) -> PriceHistory:
    prices = history()
    opens, highs = list(prices.open), list(prices.high)
    for day, band in days.items():
        row = DAYS.index(day)
        opens[row] = highs[row] = prices.base[row] * (1 + band)
    return dataclasses.replace(prices, open=tuple(opens), high=tuple(highs))


def test_nobody_is_filled_at_a_locked_open() -> None:
    found = of(locked({MONDAY: 0.05}), MONDAY, 8)
    assert found.net_return == pytest.approx(105 / 103 - 1 - COST)
    everywhere = locked({DAYS[i]: 0.10 for i in (3, 4, 5)})
    assert of(everywhere, MONDAY, 8).net_return is None


def test_an_open_between_bands_or_off_the_high_is_not_locked() -> None:
    row = DAYS.index(MONDAY)
    assert opens_locked(locked({MONDAY: 0.20}), row)
    assert not opens_locked(locked({MONDAY: 0.07}), row)
    high = dataclasses.replace(locked({MONDAY: 0.05}), high=(999.0,) * 20)
    assert not opens_locked(high, row)


def test_a_split_inside_the_window_is_no_loss() -> None:
    prices = history()
    row = DAYS.index(date(2020, 1, 8))
    halved = {
        name: tuple(
            v / 2 if i >= row else v for i, v in enumerate(getattr(prices, name))
        )
        for name in ("open", "high", "low", "close")
    }
    factor = tuple(0.5 if i < row else 1.0 for i in range(20))
    split = dataclasses.replace(
        prices,
        factor=factor,
        **halved,  # type: ignore[arg-type]  # columns only
    )
    assert of(split, MONDAY, 8).net_return == of(prices, MONDAY, 8).net_return
