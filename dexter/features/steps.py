"""Steps of price in columns: the rules of ``domain.circuits`` for many bars at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self

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


@dataclass(frozen=True, slots=True)
class Bases:
    """Base prices of sessions and their steps of price, rupees, in one shape.

    The one place that infers from a price that it stood at a limit.
    """

    price: Array
    step: Array

    @classmethod
    def of(cls, price: Array, day: Whole) -> Self:
        """With the steps that were in force on the days."""
        return cls(price, step_of_price(price, day))

    def telling(self, band: float) -> Mask:
        """Whether a price at a band means something (``circuits.is_telling``).

        Args:
            band: In per cent, of either sign.
        """
        share = _TELLING_NARROW if abs(band) <= _NARROW else _TELLING
        found: Mask = self.step <= self.price * share * (1 + _FLOAT)
        return found

    def told(self, band: Array) -> Array:
        """The bands that mean something; 0 for the others."""
        narrow, wide = self.telling(_NARROW), self.telling(2 * _NARROW)
        return np.where(np.where(band <= _NARROW, narrow, wide), band, 0.0)

    def reached(self, price: Array, band: float) -> Mask:
        """Whether prices stand within one step inside a band's limit that would tell.

        Args:
            price: Rupees as traded, in the shape of the bases.
            band: In per cent; below 0 the lower limit is meant.
        """
        limit = self.price * (1 + band / 100)
        inside = limit - price if band > 0 else price - limit
        near = (inside >= -_FLOAT * price) & (inside <= self.step * (1 + _FLOAT))
        found: Mask = near & self.telling(band)
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
