"""Prices as the exchange printed them, and the adjustments between them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Circuit(StrEnum):
    """What is known of a circuit on a session, an upper one unless said otherwise."""

    NONE = "none"
    TOUCHED = "touched"
    LOCKED_AT_END = "locked_at_end"
    LOCKED_ALL_DAY = "locked_all_day"
    INFERRED = "inferred"
    NO_BAND = "no_band"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CorporateAction:
    """A split or bonus: prices before ``ex_date`` are multiplied by ``factor``."""

    symbol: str
    ex_date: date
    factor: Decimal
    kind: str


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """Daily bars of one symbol, ascending, as columns of equal length.

    Prices are raw rupees as traded; ``factor`` is the split/bonus back-adjustment
    known at the end of this history, so ``close[i] * factor[i]`` is comparable across
    days and the last factor is 1. ``volume`` is shares, ``turnover`` rupees.
    ``band`` is the price band in per cent at whose upper limit the session closed (0:
    it did not). ``no_band`` marks sessions with futures (no fixed band). The ``last``
    traded price, the ``price_band`` in force (per cent), the ``tick`` (rupees), the
    number of ``trades`` and the shares ``delivered`` (told in the evening) are null
    where nobody told them, and empty in records of before they were kept.
    """

    symbol: str
    sessions: tuple[date, ...]
    open: tuple[float, ...]
    high: tuple[float, ...]
    low: tuple[float, ...]
    close: tuple[float, ...]
    base: tuple[float, ...]
    factor: tuple[float, ...]
    volume: tuple[float, ...]
    turnover: tuple[float, ...]
    band: tuple[int, ...]
    no_band: tuple[bool, ...]
    source: str
    last: tuple[float | None, ...] = ()
    price_band: tuple[float | None, ...] = ()
    tick: tuple[float | None, ...] = ()
    trades: tuple[int | None, ...] = ()
    delivered: tuple[int | None, ...] = ()

    def __len__(self) -> int:
        """Number of sessions."""
        return len(self.sessions)


@dataclass(frozen=True, slots=True)
class SessionBars:
    """The bars of one session, ascending by symbol, as columns of equal length.

    Units as in ``PriceHistory``, and per cell null where nobody said: ``last`` traded
    price (rupees), ``trades``, ``delivered`` (shares, told in the evening),
    ``price_band`` in force (per cent) and ``tick`` (rupees).
    """

    day: date
    symbol: tuple[str, ...]
    open: tuple[float, ...]
    high: tuple[float, ...]
    low: tuple[float, ...]
    close: tuple[float, ...]
    base: tuple[float, ...]
    volume: tuple[float, ...]
    turnover: tuple[float, ...]
    band: tuple[int, ...]
    no_band: tuple[bool, ...]
    last: tuple[float | None, ...]
    trades: tuple[int | None, ...]
    delivered: tuple[int | None, ...]
    price_band: tuple[float | None, ...]
    tick: tuple[float | None, ...]
    series: tuple[str | None, ...]
    isin: tuple[str | None, ...]
    source: str

    def __len__(self) -> int:
        """Number of symbols."""
        return len(self.symbol)


@dataclass(frozen=True, slots=True)
class IndexHistory:
    """Daily closes of an index, ascending."""

    name: str
    sessions: tuple[date, ...]
    close: tuple[float, ...]
    source: str


@dataclass(frozen=True, slots=True)
class MarketHistory:
    """Sessions of the whole market, ascending, as columns of equal length.

    Everything is counted over the shares with a bar on the session. Shares are per one
    and null where too few companies have the history for it: ``advancing`` closed above
    the exchange's base price, ``above_50`` and ``above_200`` above their average close
    of so many sessions, ``highs_252`` and ``lows_252`` above, or below, every close of
    so many before. ``upper_closes`` closed at the upper limit, ``lower_closes`` (as far
    as can be inferred) at the lower, out of ``banded`` with a fixed band.
    ``median_turnover`` is rupees, ``equal_weight`` the mean return per one.
    ``resolved`` results events without futures saw the third session of their window
    close on this one, ``resolved_hits`` of them with a close at the upper limit.
    ``strength`` are the 5 %, 10 %, … 95 % quantiles of raw relative strength over
    companies of some turnover; empty where too few have the history.

    ``results`` were first published on the calendar days ``result_days``, ascending,
    the days without any left out. ``profit_qoq``, ``profit_change`` and
    ``profit_yield`` are such quantiles of the change of profit on the quarter before,
    that on the year, and profit itself, each over market cap, of the results first
    published in the 90 days up to and with each of ``ranked_days``, ascending; empty
    where too few are known. ``stories_from`` and ``stories_until`` are when the
    first and last headline of any company came out that is kept and visible,
    ``social_from`` since when stories of social feeds are.
    """

    sessions: tuple[date, ...]
    shares: tuple[int, ...]
    advancing: tuple[float | None, ...]
    above_50: tuple[float | None, ...]
    above_200: tuple[float | None, ...]
    highs_252: tuple[float | None, ...]
    lows_252: tuple[float | None, ...]
    upper_closes: tuple[int, ...]
    lower_closes: tuple[int, ...]
    banded: tuple[int, ...]
    median_turnover: tuple[float | None, ...]
    equal_weight: tuple[float | None, ...]
    resolved: tuple[int, ...]
    resolved_hits: tuple[int, ...]
    strength: tuple[tuple[float, ...], ...]
    result_days: tuple[date, ...]
    results: tuple[int, ...]
    ranked_days: tuple[date, ...]
    profit_qoq: tuple[tuple[float, ...], ...]
    profit_change: tuple[tuple[float, ...], ...]
    profit_yield: tuple[tuple[float, ...], ...]
    stories_from: datetime | None
    stories_until: datetime | None
    social_from: datetime | None
    source: str

    def __len__(self) -> int:
        """Number of sessions."""
        return len(self.sessions)
