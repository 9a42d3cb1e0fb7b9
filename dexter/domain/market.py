"""Prices as the exchange printed them, and the adjustments between them."""

from dataclasses import dataclass
from datetime import date
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
    traded price, the ``price_band`` in force (per cent) and the ``tick`` (rupees) are
    null where nobody told them, and empty in records of before they were kept.
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
