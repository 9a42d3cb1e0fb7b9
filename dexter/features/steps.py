"""Steps of price in columns: the rules of ``domain.circuits`` for many bars at once."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from dexter.features.columns import Array, Mask, Whole
from dexter.features.moments import day_number

_FINE_SINCE = day_number(date(2024, 6, 10))
_STEPS_SINCE = day_number(date(2025, 4, 15))
_OF_PRICE = np.array([1_000.0, 5_000.0, 10_000.0, 20_000.0])
_STEPS = np.array([0.05, 0.10, 0.50, 1.0, 5.0])
_FINE_BELOW = 250.0
_TELLING, _TELLING_NARROW, _NARROW = 0.01, 0.002, 2.0
_FLOAT = 1e-9

CHEAP = "the price is too low to tell a circuit"

OWN_BASE = "sessions wholly over 20 % and a step from their base left out"
_WIDEST = 0.20


def step_of_price(price: Array, day: Whole) -> Array:
    """The price step of a share on NSE, in rupees (``circuits.tick_size``)."""
    above = np.where(
        day < _STEPS_SINCE, 0.05, _STEPS[np.searchsorted(_OF_PRICE, price, side="left")]
    )
    fine: Array = np.where(price < _FINE_BELOW, 0.01, above)
    return np.where(day < _FINE_SINCE, 0.05, fine)


def telling(base: Array, band: Array, day: Whole) -> Mask:
    """Whether a close at a band means something there (``circuits.is_telling``)."""
    share = np.where(band <= _NARROW, _TELLING_NARROW, _TELLING)
    found: Mask = step_of_price(base, day) <= base * share * (1 + _FLOAT)
    return found


def moves(raw: Mapping[str, Array], no_band: Array, day: Whole) -> Array:
    """Close over base minus 1; NaN where the base is not the session's own.

    Without futures no band lets a whole session lie beyond 20 % of its base, but for
    one step: such a base is a close from before a pause in the share's trading, or
    from before a corporate action that nobody told.
    """
    base = np.where(raw["base"] > 0, raw["base"], np.nan)
    step = step_of_price(base, day) * (1 + _FLOAT)
    above = raw["low"] > base * (1 + _WIDEST) + step
    below = raw["high"] < base * (1 - _WIDEST) - step
    foreign = (above | below) & ~(no_band > 0)
    return np.where(foreign, np.nan, raw["close"] / base - 1)
