"""Every symbol of the real market, against TA-Lib and plain transcriptions.

TA-Lib seeds RSI, ATR and EMA as we do. Its sums of directional movement begin with 13
values instead of 14, which is forgotten after some hundred bars (to 1e-9: 600); it
breaks ties between moves up and down by rounding, so it is given whole paise, of
companies without a split. Its MACD begins both averages at one bar, so that is put
together from its EMAs.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from dexter.features import liquidity, pattern, technical
from dexter.features.bars import Bars
from dexter.features.columns import Array
from dexter.features.swings import BEFORE, bases
from tests.features.making_prices import last_rows, real_bars, rows_of
from tests.features.reference_prices import bands, limits, momentum, path, trading
from tests.features.reference_vcp import base as plain_base

pytestmark = pytest.mark.real
talib = pytest.importorskip("talib")
FORGOTTEN = 600
BY_LOOPS = 20
"""Every so many companies are walked by plain loops too; the others by TA-Lib."""


@cache
def market(shared: Path) -> Bars:
    return real_bars(shared)[1]


def adjusted(bars: Bars, company: int) -> dict[str, Array]:
    """One company's columns, prices as adjusted at its last bar."""
    one = rows_of(bars, company)
    last = one["factor"][-1]
    prices = {name: one[name] / last for name in ("open", "high", "low", "close")}
    return one | prices


def by_talib(one: Mapping[str, Array]) -> dict[str, float]:
    high, low, close = (one[name] for name in ("high", "low", "close"))
    n = len(close)
    found = {
        "rsi_14": talib.RSI(close, 14),
        "atr_14": talib.ATR(high, low, close, 14),
        "sma_50": talib.SMA(close, 50),
        "sma_200": talib.SMA(close, 200),
        "stochastic_14": talib.STOCHF(high, low, close, 14, 1)[0],
        "return_60": talib.ROCP(close, 60),
    }
    bands = talib.BBANDS(close, 20, 2, 2)
    for name, band in zip(("upper", "middle", "lower"), bands, strict=True):
        found[f"bollinger_{name}"] = band
    if n >= 26:
        line = talib.EMA(close, 12) - talib.EMA(close, 26)
        found["macd_line"] = line
        found["macd_signal"] = talib.EMA(line[25:], 9)
    if n >= FORGOTTEN and np.ptp(one["factor"]) == 0:
        # In whole paise, so that equal moves up and down are equal to TA-Lib too.
        paise = [np.rint(100 * values) for values in (high, low, close)]
        found["adx_14"] = talib.ADX(*paise, 14)
        found["plus_di_14"] = talib.PLUS_DI(*paise, 14)
        found["minus_di_14"] = talib.MINUS_DI(*paise, 14)
    return {name: float(values[-1]) for name, values in found.items()}


def test_every_symbol_reads_as_talib_does(shared: Path) -> None:
    bars = market(shared)
    found = technical.compute(last_rows(bars))
    compared = 0
    for company in range(bars.companies):
        one = adjusted(bars, company)
        for name, value in by_talib(one).items():
            mine = float(found[name].values[company])
            if name == "stochastic_14" and found[name].reason(company):
                continue  # TA-Lib says 0 where nothing moved
            # Differences of averages are held against the price they are of.
            scale = one["close"][-1] if name.startswith(("macd", "boll")) else value
            assert np.isnan(mine) == np.isnan(value), (company, name)
            if not np.isnan(value):
                assert abs(mine - value) <= 1e-9 * abs(scale) + 1e-12, (company, name)
                compared += 1
    assert bars.companies > 2_000
    assert compared > 10 * bars.companies


def test_every_symbol_is_its_definition(shared: Path) -> None:
    """Windows of all symbols in plain slices; the recursive ones of every twentieth."""
    bars = market(shared)
    known = last_rows(bars)
    found = technical.compute(known) | liquidity.compute(known) | pattern.compute(known)
    for company in range(bars.companies):
        one = adjusted(bars, company)
        wanted = path(one | {"factor": np.ones(1)}) | bands(one)
        wanted |= trading(one, hidden=False) | limits(one)
        if company % BY_LOOPS == 0:
            wanted |= momentum(one["high"], one["low"], one["close"])
        names = list(wanted)
        mine = [float(found[name].values[company]) for name in names]
        theirs = list(wanted.values())
        scale = np.where(
            [name.startswith(("macd_", "skew")) for name in names], 1e-9, 1e-12
        )
        off = ~np.isclose(mine, theirs, rtol=1e-9, atol=0, equal_nan=True)
        off &= ~(np.abs(np.subtract(mine, theirs)) <= scale)
        assert not off.any(), (company, [names[at] for at in np.flatnonzero(off)])


def test_bases_of_real_companies_are_those_of_plain_loops(shared: Path) -> None:
    bars = market(shared)
    some = np.flatnonzero(np.diff(bars.starts) >= 300)[::12]
    end = bars.starts[some + 1]
    first, deepest = end - 300, np.full(len(some), 0.5)
    found = bases(bars.high, bars.low, bars.close, first, end, deepest)
    lengths = set()
    for row, start, stop in zip(found, first, end, strict=True):
        part = slice(int(start), int(stop))
        falls = plain_base(bars.high[part], bars.low[part], bars.close[part], 0.5)
        assert row[0] == len(falls)
        for one, fall in enumerate(falls):
            at = (row[BEFORE + 4 * one :][:4] - start).tolist()
            turns = (fall.high, fall.low)
            assert at == [n for turn in turns for n in (turn.at, turn.known)]
        lengths.add(len(falls))
    assert {1, 2, 3} <= lengths
