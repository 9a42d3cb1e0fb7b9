"""Which moves of a session are none, and which prices stand at a limit."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.circuits import STANDARD_BANDS, is_telling, tick_size
from dexter.features.moments import day_number
from dexter.features.steps import Bases, moves

DAYS = (date(2023, 1, 2), date(2024, 7, 1), date(2025, 5, 2))


def move_of(
    base: float, low: float, high: float, close: float, *, futures: bool = False
) -> float:
    raw = {
        name: np.array([price])
        for name, price in (
            ("base", base),
            ("low", low),
            ("high", high),
            ("close", close),
        )
    }
    day = np.array([day_number(date(2023, 1, 2))])
    return float(moves(raw, np.array([float(futures)]), day)[0])


def test_a_move_is_close_over_base() -> None:
    assert move_of(100, 99, 108, 105) == pytest.approx(0.05)
    assert move_of(100, 120, 120, 120) == pytest.approx(0.20)
    assert move_of(100, 80, 80, 80) == pytest.approx(-0.20)


@pytest.mark.parametrize("base", [0.0, -1.0, np.nan])
def test_without_a_base_there_is_none(base: float) -> None:
    assert np.isnan(move_of(base, 99, 108, 105))


@pytest.mark.parametrize("price", [12.2, 79.9, 120.1, 450.0])
def test_a_session_wholly_beyond_every_band_has_another_base(price: float) -> None:
    assert np.isnan(move_of(100, price, price, price))
    # One price within reach shows that the base is its own, whatever the others are.
    assert np.isfinite(move_of(100, min(price, 100), max(price, 100), price))


def test_without_a_band_every_move_is_one() -> None:
    assert move_of(100, 40, 60, 50, futures=True) == pytest.approx(-0.5)


def test_one_step_is_within_every_band() -> None:
    assert move_of(0.10, 0.15, 0.15, 0.15) == pytest.approx(0.5)
    assert np.isnan(move_of(0.10, 0.20, 0.20, 0.20))


@given(
    st.integers(1, 5_000_000),
    st.sampled_from(STANDARD_BANDS),
    st.sampled_from((1, -1)),
    st.integers(-3, 3),
    st.sampled_from(DAYS),
)
def test_a_price_at_a_limit_is_told_as_by_exact_arithmetic(
    paise: int, band: Decimal, side: int, beside: int, day: date
) -> None:
    base = Decimal(paise) / 100
    tick = tick_size(base, day)
    limit = base * (1 + side * band / 100)
    price = (limit / tick).to_integral_value() * tick + beside * tick
    inside = side * (limit - price)
    exact = 0 <= inside <= tick and is_telling(base, band, tick)
    bases = Bases.of(np.array([float(base)]), np.array([day_number(day)]))
    signed = float(side * band)
    assert bases.reached(np.array([float(price)]), signed)[0] == exact
    assert bases.telling(signed)[0] == is_telling(base, band, tick)


def test_a_band_of_which_a_step_is_too_much_is_none() -> None:
    days = np.full(3, day_number(DAYS[0]))
    bases = Bases.of(np.array([100.0, 3.0, 100.0]), days)
    assert bases.told(np.array([10.0, 10.0, 0.0])).tolist() == [10.0, 0.0, 0.0]
