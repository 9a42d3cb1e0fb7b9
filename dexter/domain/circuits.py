"""Price bands: ticks, limit prices, and what a day's prices say about a circuit.

Everything is exact decimal arithmetic in rupees: one tick decides. Source of the rules:
handbook §5, the exchange's list of band hits of 17 December 2025, and, for inference,
the labels that came with the price history.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from dexter.domain.market import Circuit

NO_BAND: Final = "no band"
Band = Decimal | Literal["no band"] | None
"""Per cent of the base price either way; ``no band``; none when nobody knows."""

STANDARD_BANDS = (Decimal(2), Decimal(5), Decimal(10), Decimal(20))

_FINE_SINCE = date(2024, 6, 10)
_STEPS_SINCE = date(2025, 4, 15)
_PAISA, _FIVE_PAISE = Decimal("0.01"), Decimal("0.05")
_FINE_BELOW = Decimal(250)
_STEPS = (
    (Decimal(1_000), _FIVE_PAISE),
    (Decimal(5_000), Decimal("0.10")),
    (Decimal(10_000), Decimal("0.50")),
    (Decimal(20_000), Decimal(1)),
)
_WIDEST = Decimal(5)
_SME = frozenset({"SM", "ST"})

_LEAST, _MOST = Decimal("0.0001"), Decimal(1_000_000_000)
_HUNDRED = Decimal(100)
_TELLING = Decimal("0.01")
_TELLING_NARROW = Decimal("0.002")
_NARROW = Decimal(2)


class Side(StrEnum):
    """Which limit: the one buyers run into, or the one sellers do."""

    UPPER = "upper"
    LOWER = "lower"


class Limits(NamedTuple):
    """The lowest and the highest price a share may trade at on a day, in rupees."""

    lower: Decimal
    upper: Decimal


@dataclass(frozen=True, slots=True)
class DayPrices:
    """A day's prices of one share in rupees, unadjusted.

    ``base`` is the exchange's base price: the previous close, adjusted for that day's
    corporate action. ``last`` is the last trade, none where no file says.
    """

    base: Decimal
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    last: Decimal | None = None


def tick_size(
    price: Decimal, on: date, *, explicit: Decimal | None = None, series: str = "EQ"
) -> Decimal:
    """The price step of a share on NSE, in rupees.

    The exchange sets steps for a month, from the last close of the month before, so a
    share near a threshold may have its neighbour's: pass the security file's step as
    ``explicit`` where it is at hand, and it is returned. SME series keep five paise
    at any price.

    Raises:
        ValueError: a price, or an explicit step, that nothing can have.
    """
    if explicit is not None:
        return _checked(explicit, "step")
    _checked(price, "price")
    if on < _FINE_SINCE or series in _SME:
        return _FIVE_PAISE
    if price < _FINE_BELOW:
        return _PAISA
    if on < _STEPS_SINCE:
        return _FIVE_PAISE
    return next((tick for most, tick in _STEPS if price <= most), _WIDEST)


def limit_prices(base: Decimal, band: Decimal, tick: Decimal) -> Limits:
    """The limits of a band: inwards to the step, but at least one step from the base.

    ``upper = floor(base × (1 + band) / tick) × tick``, ``lower`` with ceil. The least
    step is what the exchange's list of hits shows: at a base of 0.40 and 2 % a share
    hits its limit at 0.41, and 0.40 is none. No limit lies below one step.

    Args:
        base: The exchange's base price, in rupees.
        band: Per cent either way.
        tick: The price step, in rupees.

    Raises:
        ValueError: a base, band or step that nothing can have: zero, negative, NaN.
    """
    _checked(base, "base price")
    _checked(tick, "step")
    if not (band.is_finite() and 0 < band < _HUNDRED):
        msg = f"a price band is between 0 and 100 per cent, not {band}"
        raise ValueError(msg)
    part = band / _HUNDRED
    steps_up = (base * (1 + part) / tick).to_integral_value(ROUND_FLOOR)
    steps_down = (base * (1 - part) / tick).to_integral_value(ROUND_CEILING)
    above = (base / tick).to_integral_value(ROUND_FLOOR) + 1
    below = (base / tick).to_integral_value(ROUND_CEILING) - 1
    lower = max(min(steps_down, below), Decimal(1))
    return Limits(lower * tick, max(steps_up, above) * tick)


def classify(
    prices: DayPrices, band: Band, tick: Decimal, *, side: Side = Side.UPPER
) -> Circuit:
    """What a day's prices say about one of its two limits.

    Without a known band the upper circuit may still be inferred; else the answer is
    ``UNKNOWN``, never ``NONE``. A price beyond the limit by a step or more says that
    the band, or the base, was another one: ``UNKNOWN`` too. So does a missing price.

    Args:
        prices: Unadjusted, of that day.
        band: In force that day.
        tick: Of that share on that day.
        side: Which limit.
    """
    if band == NO_BAND:
        return Circuit.NO_BAND
    if not all(_usable(price) for price in _five(prices)):
        return Circuit.UNKNOWN
    if band is None:
        return _inferred(prices, tick, side)
    lower, upper = limit_prices(prices.base, Decimal(band), tick)
    if side is Side.UPPER:
        return _at_limit(prices, prices.high - upper, upper, tick)
    return _at_limit(prices, lower - prices.low, lower, tick)


def _at_limit(
    prices: DayPrices, past: Decimal, limit: Decimal, tick: Decimal
) -> Circuit:
    """``past``: how far the day's furthest price lies beyond the limit."""
    if past >= tick:
        return Circuit.UNKNOWN
    if past < 0:
        return Circuit.NONE
    if prices.open == prices.high == prices.low == prices.close == limit:
        return Circuit.LOCKED_ALL_DAY
    # A close is an average of the last trades: it is the limit only if they all were.
    last = prices.close if prices.last is None else prices.last
    return Circuit.LOCKED_AT_END if past == 0 and last == limit else Circuit.TOUCHED


def _inferred(prices: DayPrices, tick: Decimal, side: Side) -> Circuit:
    if side is Side.LOWER:
        return Circuit.UNKNOWN
    band = inferred_band(prices.base, prices.high, prices.close, tick)
    if band is None or not is_telling(prices.base, band, tick):
        return Circuit.UNKNOWN
    return Circuit.INFERRED


def inferred_band(
    base: Decimal, high: Decimal, close: Decimal, tick: Decimal
) -> Decimal | None:
    """The band at whose upper limit a session seems to have closed, by its prices.

    The close is the session's high, above the base, and lies no more than one step
    below ``base × (1 + band)`` of a standard band, and not above it; the widest such
    band. None when there is none, or when a price is missing. This is ``uc_band`` of
    the price history; whether it means anything is for ``is_telling``.
    """
    if not all(_usable(price) for price in (base, high, close, tick)):
        return None
    if close != high or close <= base:
        return None
    for band in reversed(STANDARD_BANDS):
        limit = base * (1 + band / _HUNDRED)
        if limit - tick <= close <= limit:
            return band
    return None


def is_telling(base: Decimal, band: Decimal, tick: Decimal) -> bool:
    """Whether one step is small enough for an inferred band to mean something.

    At most 1 % of the base; 0.2 % for a band of 2 %, which small moves reach anyway.
    """
    narrow = band <= _NARROW
    return tick <= base * (_TELLING_NARROW if narrow else _TELLING)


def _five(prices: DayPrices) -> tuple[Decimal, ...]:
    return prices.base, prices.open, prices.high, prices.low, prices.close


def _usable(price: Decimal) -> bool:
    return price.is_finite() and _LEAST <= price <= _MOST


def _checked(price: Decimal, what: str) -> Decimal:
    if not _usable(price):
        msg = f"a {what} of {price} rupees is none"
        raise ValueError(msg)
    return price
