"""Daily bars as arrays, cut to what was known before a publication."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
import numpy.typing as npt

from dexter.domain.market import IndexHistory, PriceHistory
from dexter.domain.moment import IST, close_of

Array = npt.NDArray[np.float64]

WINDOW = 400
"""Sessions looked back on. Wilder's and exponential averages forget their seed over
this many bars (below 1e-11 relative), so a longer history changes nothing."""

STALE_DAYS = 15
"""A last bar older than this means the share stopped trading in this series."""

INDEX_FILES_AT = time(20, 0)

TELLING_PRICE = 5.0
"""Below ₹5 a tick of 5 paise is over 1 % of the price: a close "at the band" is then
chance, and no inference of a circuit is drawn from it."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars up to a publication, ascending, one array per column, equal lengths.

    Prices are rupees adjusted for splits and bonus as known at the last bar; volume is
    adjusted the other way; ``turnover`` is rupees; ``move`` is close over the
    exchange's base price minus one; ``band`` and ``no_band`` as in ``PriceHistory``.
    """

    sessions: tuple[date, ...]
    open: Array
    high: Array
    low: Array
    close: Array
    volume: Array
    turnover: Array
    move: Array
    band: Array
    no_band: bool
    factor: Array

    def __len__(self) -> int:
        """Number of sessions."""
        return len(self.sessions)


@dataclass(frozen=True, slots=True)
class Closes:
    """Index closes up to a publication, ascending."""

    sessions: tuple[date, ...]
    close: Array


def day_zero(published_at: datetime, sessions: tuple[date, ...]) -> int:
    """Index of day 0, as ``moment.first_session_after`` but by bisection.

    Bars before it were known strictly before ``published_at``.
    """
    local = published_at.astimezone(IST)
    day = local.date()
    cut = bisect_left if local <= close_of(day) else bisect_right
    return cut(sessions, day)


def visible_bars(prices: PriceHistory, published_at: datetime) -> Bars | str:
    """The last bars known strictly before a publication, or why there are none.

    Raises:
        ValueError: columns of unequal length.
    """
    end = day_zero(published_at, prices.sessions)
    if end == 0:
        return "no bar before publication"
    last = prices.sessions[end - 1]
    age = (published_at.astimezone(IST).date() - last).days
    if age > STALE_DAYS:
        return f"the last bar, {last}, is {age} days before publication"
    return _bars(prices, slice(max(0, end - WINDOW), end))


def _bars(prices: PriceHistory, part: slice) -> Bars:
    factor = np.array(prices.factor[part])
    factor = factor / factor[-1]
    close = np.array(prices.close[part])
    return Bars(
        sessions=prices.sessions[part],
        open=np.array(prices.open[part]) * factor,
        high=np.array(prices.high[part]) * factor,
        low=np.array(prices.low[part]) * factor,
        close=close * factor,
        volume=np.array(prices.volume[part]) / factor,
        turnover=np.array(prices.turnover[part]),
        move=close / np.array(prices.base[part]) - 1,
        band=np.where(
            close >= TELLING_PRICE, np.array(prices.band[part], dtype=np.float64), 0.0
        ),
        no_band=prices.no_band[part][-1],
        factor=factor,
    )


def visible_closes(index: IndexHistory | None, published_at: datetime) -> Closes | None:
    """Index closes whose file was out before publication (20:00 IST of the day)."""
    if index is None:
        return None
    local = published_at.astimezone(IST)
    cut = bisect_left if local.time() <= INDEX_FILES_AT else bisect_right
    end = cut(index.sessions, local.date())
    if end == 0:
        return None
    part = slice(max(0, end - WINDOW), end)
    return Closes(index.sessions[part], np.array(index.close[part]))
