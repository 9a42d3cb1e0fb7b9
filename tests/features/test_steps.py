"""Which moves of a session are none, for its base is another day's or share's."""

from datetime import date

import numpy as np
import pytest

from dexter.features.moments import day_number
from dexter.features.steps import moves


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
