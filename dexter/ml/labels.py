"""The outcome of a results event: an upper-circuit close within three sessions.

Sessions 0, 1 and 2, where day 0 is the session of publication when it came by 15:30
IST, else the next one. The circuit is *inferred* from the close standing at the band
(``PriceHistory.band``); where no band is fixed there is no label, not a 0.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime

from dexter.domain.market import PriceHistory
from dexter.domain.moment import IST, OPEN, bar_known_at
from dexter.features.bars import TELLING_PRICE, day_zero

LABEL = "upper_circuit_3d"
HORIZON = 3
COST = 0.005
"""Round trip: brokerage, taxes, impact; 0.25 % a side."""

BANDS = (0.02, 0.05, 0.10, 0.20)
_TICK = 0.05
_FLOAT = 1e-9


@dataclass(frozen=True, slots=True)
class Outcome:
    """What followed one event.

    ``value`` is null with a reason when the window is unknown or no band is fixed;
    ``known_at`` is the close of the last session of the window, null while that lies
    ahead. ``net_return`` is after cost from the first tradable open to the close of
    the third session, null when nobody could have bought.
    """

    value: bool | None
    reason: str | None
    known_at: datetime | None
    net_return: float | None = None


def outcome(
    prices: PriceHistory, published_at: datetime, calendar: tuple[date, ...]
) -> Outcome:
    """Label one event.

    Args:
        prices: The company's bars, ascending.
        published_at: First publication of the results.
        calendar: The market's sessions, ascending. A company without a bar on each of
            the three sessions has no label: it was suspended or moved to another
            series, which is not the absence of a circuit.
    """
    start = day_zero(published_at, calendar)
    if not start:
        return Outcome(None, "published before the first session at hand", None)
    window = calendar[start : start + HORIZON]
    if len(window) < HORIZON:
        return Outcome(None, "the window is not over", None)
    known_at = bar_known_at(window[-1])
    first = bisect_left(prices.sessions, window[0])
    if prices.sessions[first : first + HORIZON] != window:
        return Outcome(None, "no bar on each session of the window", known_at)
    rows = range(first, first + HORIZON)
    earned = net_return(prices, first, published_at)
    if any(prices.no_band[row] for row in rows):
        return Outcome(None, "no fixed price band (futures trade)", known_at, earned)
    hit = any(
        prices.band[row] > 0 and prices.close[row] >= TELLING_PRICE for row in rows
    )
    return Outcome(hit, None, known_at, earned)


def net_return(
    prices: PriceHistory, first: int, published_at: datetime
) -> float | None:
    """Return per one, after cost, from the first tradable open to the third close.

    Args:
        prices: The company's bars.
        first: Index of day 0.
        published_at: Published during a session, the first open to trade at is the
            next session's; otherwise day 0's.

    Returns:
        Null when every open from then on was locked at the upper limit: no fill.
    """
    during = published_at.astimezone(IST)
    session = prices.sessions[first]
    entry = first + (during.date() == session and during.time() >= OPEN)
    last = first + HORIZON - 1
    while entry <= last and opens_locked(prices, entry):
        entry += 1
    if entry > last or not prices.open[entry] > 0:
        return None
    paid = prices.open[entry] * prices.factor[entry]
    return prices.close[last] * prices.factor[last] / paid - 1 - COST


def opens_locked(prices: PriceHistory, row: int) -> bool:
    """Whether a session opened at its upper limit, by inference.

    The open is the session's high and stands within one tick below a band's limit.
    """
    base, price = prices.base[row], prices.open[row]
    if prices.no_band[row] or not base > 0 or price < prices.high[row] - _FLOAT:
        return False
    tick = min(_TICK, 0.01 * price)
    return any(-tick - _FLOAT <= price - base * (1 + band) <= _FLOAT for band in BANDS)
