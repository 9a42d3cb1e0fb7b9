"""A session's bars, put together from the files the exchanges publish of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from dexter.domain.circuits import (
    NO_BAND,
    inferred_band,
    is_telling,
    limit_prices,
    tick_size,
)
from dexter.sources.bars import Bar

SERIES = ("EQ", "BE", "BZ", "SM", "ST")
"""Shares, in the order they stand for a company that trades in several."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of a session besides its bars.

    ``deliveries`` are shares by (symbol, series), ``bands`` per cent or ``NO_BAND``,
    ``ticks`` rupees; a file that did not come leaves its mapping empty. ``factors`` are
    the splits and bonuses that trade ex on this day, ``unbanded`` the companies last
    known to trade without a fixed band; both by latest ticker.
    """

    day: date
    deliveries: Mapping[Key, int | None] = field(default_factory=dict)
    bands: Mapping[Key, Decimal | str | None] = field(default_factory=dict)
    ticks: Mapping[Key, Decimal] = field(default_factory=dict)
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    unbanded: frozenset[str] = frozenset()


def rows_of(
    bars: Iterable[Bar], known: Day, canon: Mapping[str, str]
) -> list[dict[str, object]]:
    """One row of the bar store a company, by its latest ticker.

    A company that trades in several series (a block in ``BE`` beside ``EQ``) stands by
    the first of ``SERIES``; anything else (funds, bonds, rights) is left out, and so is
    a bar without a close before it: the first of a listing has no base price.
    """
    chosen: dict[str, Bar] = {}
    for bar in sorted(bars, key=_rank):
        whole = bar.previous_close and bar.turnover is not None
        if bar.series in SERIES and whole and not _is_fund(bar):
            chosen.setdefault(canon.get(bar.symbol, bar.symbol), bar)
    return [_row(name, chosen[name], known) for name in sorted(chosen)]


def only_on_bse(
    bars: Iterable[Bar], on_nse: Iterable[str], codes: Mapping[str, str]
) -> Iterator[Bar]:
    """BSE's bars of shares that NSE does not trade, under the key of the company.

    Args:
        bars: BSE's bars; a scrip code stands in ``symbol``.
        on_nse: ISINs that NSE trades.
        codes: Scrip code to ticker, where one is known.
    """
    elsewhere = set(on_nse)
    for bar in bars:
        if bar.isin and bar.isin.startswith("INE") and bar.isin not in elsewhere:
            key = codes.get(bar.symbol, f"BSE:{bar.symbol}")
            yield replace(bar, symbol=key, series=SERIES[0])


def _is_fund(bar: Bar) -> bool:
    """Units of funds trade in ``EQ`` beside shares; their ISINs begin otherwise."""
    return bool(bar.isin and bar.isin.startswith("INF"))


def _rank(bar: Bar) -> int:
    return SERIES.index(bar.series) if bar.series in SERIES else len(SERIES)


def _row(name: str, bar: Bar, known: Day) -> dict[str, object]:
    key = (bar.symbol, bar.series)
    band, tick = known.bands.get(key), known.ticks.get(key)
    step = tick_size(
        Decimal(str(bar.close)), known.day, explicit=tick, series=bar.series
    )
    base = _base(bar, known.factors.get(name), step)
    no_band = band == NO_BAND if band is not None else name in known.unbanded
    fixed = band if isinstance(band, Decimal) else None
    return {
        "canon": name,
        "date": known.day,
        "open": bar.open,
        "high": bar.high,
        "low": bar.low,
        "close": bar.close,
        "base": float(base),
        "volume": float(bar.volume),
        "turnover": bar.turnover,
        "fno": no_band,
        "band": 0 if no_band else _closed_at(bar, base, fixed, step),
        "last": bar.last,
        "trades": bar.trades,
        "delivered": known.deliveries.get(key),
        "price_band": None if fixed is None else float(fixed),
        "tick": None if tick is None else float(tick),
        "series": bar.series,
        "isin": bar.isin,
    }


def _base(bar: Bar, factor: Decimal | None, step: Decimal) -> Decimal:
    """The exchange's base price: the close before, adjusted for what trades ex today.

    Bhavcopies print the close before as it was; the adjusted one is a whole number of
    price steps.
    """
    before = Decimal(str(bar.previous_close))
    if factor is None:
        return before
    steps = (before * factor / step).to_integral_value(ROUND_HALF_EVEN)
    return max(steps, Decimal(1)) * step


def _closed_at(bar: Bar, base: Decimal, band: Decimal | None, step: Decimal) -> int:
    """The band, per cent, at whose upper limit the session closed; 0 for none.

    By the exchange's band where it is known, else inferred from the prices.
    """
    if bar.close != bar.high:
        return 0
    close, high = Decimal(str(bar.close)), Decimal(str(bar.high))
    if band is not None:
        upper = limit_prices(base, band, step).upper
        # Beyond the limit the band, or the base, was another one: then nobody knows.
        return int(band) if upper <= close < upper + step else 0
    found = inferred_band(base, high, close, step)
    return int(found) if found and is_telling(base, found, step) else 0
