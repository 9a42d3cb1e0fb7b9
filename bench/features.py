"""Features: five indicators, the whole catalogue, one event, one more session.

The market is made up (random walks). Everyone computes RSI, MACD, Bollinger bands, ATR
and ADX of every session: pandas in a loop over symbols, TA-Lib symbol by symbol, ours
over all at once, in the same run, turn by turn. The whole catalogue is held against
pandas computing the same number of rolling columns.
"""

import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
import talib

from bench import told
from bench.tables import Part, Target, table
from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.features.bars import Bars, Series, adjusted
from dexter.features.columns import Array, Whole
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Sources, see
from dexter.features.matrix import EVERY, blocks, of_known
from dexter.features.moments import day_number, quarter_number, whole
from dexter.features.momentum import fold, momentum
from dexter.features.stories import stories_of
from dexter.features.windows import View

SYMBOLS, SESSIONS = 2_000, 1_000
UPDATED = 2_500
LOOPED = 200
"""Symbols the pandas loop is timed on; its rate does not depend on their number."""

PANDAS, TALIB, OURS = "pandas", "TA-Lib", "dexter"
ROUNDS = 5
FRIDAY = 4
EVENTS = 400
BLOCK = 8_192
WALKED = 64_000
"""Rows of the five indicators at once: they stay in the processor's cache."""
_LAST = date(2025, 6, 30)


def measure(_: Path) -> Part:
    """Compute in turns; then the catalogue, one event and one more session."""
    bars = market(SYMBOLS, SESSIONS)
    everywhere(bars)  # compiled before it is timed
    taken: dict[str, list[float]] = {}
    for _turn in range(ROUNDS):
        _timed(taken, PANDAS, lambda: looped(bars, LOOPED))
        _timed(taken, TALIB, lambda: by_symbol(bars))
        _timed(taken, OURS, lambda: everywhere(bars))
        _timed(taken, f"{OURS}, 2 threads", lambda: threaded(bars))
    rate = {
        who: (LOOPED if who == PANDAS else SYMBOLS) / median(seconds)
        for who, seconds in taken.items()
    }
    whole_rows, whole_seconds, peak = catalogue(bars)
    one, alone = single()
    update, recompute, again = one_more(market(UPDATED, SESSIONS))
    rows = [
        (who, f"{rate[who]:,.0f}", f"{rate[who] / rate[PANDAS]:.0f} ×") for who in rate
    ]
    figures = table(("five indicators", "symbols/s", "of pandas"), rows) + "\n\n"
    figures += table(
        ("", "measured"),
        (
            (
                f"all {len(EVERY)} features of {whole_rows:,} rows",
                f"{whole_seconds:.1f} s, {whole_rows / whole_seconds:,.0f} rows/s",
            ),
            ("peak memory of the process", f"{peak:.0f} MB"),
            ("one event, every feature, warm (p50)", f"{one * 1e3:.2f} ms"),
            ("the same with prices alone", f"{alone * 1e3:.2f} ms"),
            (f"one more session of {UPDATED:,} symbols", f"{update * 1e3:.1f} ms"),
            ("the same by folding anew", f"{recompute * 1e3:.0f} ms"),
            ("the same by TA-Lib from the start", f"{again * 1e3:.0f} ms"),
        ),
    )
    targets = (
        Target(
            "five indicators / pandas loop",
            100,
            rate["dexter"] / rate["pandas"],
            at_least=True,
        ),
        Target(
            "one more session / TA-Lib recompute", 15, again / update, at_least=True
        ),
        Target("one event, every feature", 2, one * 1e3, "ms"),
    )
    return Part("features", figures, targets)


def market(symbols: int, sessions: int) -> Bars:
    """Random walks of so many symbols over the same sessions."""
    rng = np.random.default_rng(11)
    back = (_LAST - timedelta(days=days) for days in range(2 * sessions))
    days = whole(day_number(day) for day in back if day.weekday() <= FRIDAY)
    days = np.sort(days)[-sessions:]
    step = rng.normal(0, 0.02, (symbols, sessions))
    close = 100 * np.exp(step.cumsum(axis=1))
    base = np.concatenate([close[:, :1], close[:, :-1]], axis=1)
    high = np.maximum(close, base) * (1 + np.abs(rng.normal(0, 0.005, close.shape)))
    low = np.minimum(close, base) * (1 - np.abs(rng.normal(0, 0.005, close.shape)))
    volume = rng.integers(1_000, 1_000_000, close.shape).astype(float)
    raw = {"open": base, "high": high, "low": low, "close": close, "base": base}
    raw |= {"volume": volume, "turnover": volume * close}
    nothing = np.zeros(close.size)
    said = {"band": nothing, "no_band": nothing, "trades": nothing + np.nan}
    said |= {"delivered": nothing + np.nan, "price_band": nothing + 20.0}
    return adjusted(
        starts=np.arange(0, close.size + 1, sessions, dtype=np.int64),
        day=np.tile(days, symbols),
        raw={name: values.ravel() for name, values in raw.items()},
        told=said,
        factor=np.ones(close.size),
    )


def rows_of(bars: Bars) -> tuple[Whole, Whole]:
    """Every session of every company as a row: its first bar, and the one after it."""
    lengths = np.diff(bars.starts)
    return np.repeat(bars.starts[:-1], lengths), np.arange(1, len(bars) + 1)


def everywhere(bars: Bars) -> None:
    """Ours: one walk over all bars, and the bands in windows, in blocks."""
    first, end = rows_of(bars)
    _in_blocks(bars, first, end)


def _in_blocks(bars: Bars, first: Whole, end: Whole) -> None:
    for start in range(0, len(first), WALKED):
        _five(bars, first[start : start + WALKED], end[start : start + WALKED])


def _five(bars: Bars, first: Whole, end: Whole) -> tuple[object, ...]:
    view = View(bars, first, end)
    middle, spread = view.spread(bars.close, 20)
    reach = 2 * spread
    return momentum(bars, first, end), middle, middle + reach, middle - reach


def threaded(bars: Bars) -> None:
    """Ours in two halves: the kernels let go of the interpreter."""
    first, end = rows_of(bars)
    half = int(bars.starts[bars.companies // 2])
    parts = ((first[:half], end[:half]), (first[half:], end[half:]))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda part: _in_blocks(bars, *part), parts))


def by_symbol(bars: Bars) -> None:
    """TA-Lib, one symbol after another."""
    for rows in _companies(bars, bars.companies):
        high, low, close = bars.high[rows], bars.low[rows], bars.close[rows]
        talib.RSI(close, 14)
        talib.MACD(close, 12, 26, 9)
        talib.BBANDS(close, 20, 2, 2)
        talib.ATR(high, low, close, 14)
        talib.ADX(high, low, close, 14)


def looped(bars: Bars, symbols: int) -> None:
    """Pandas, as it is usually written."""
    for rows in _companies(bars, symbols):
        high, low, close = (
            pd.Series(column[rows]) for column in (bars.high, bars.low, bars.close)
        )
        change, before = close.diff(), close.shift()
        up, down = _wilder(change.clip(lower=0)), _wilder(-change.clip(upper=0))
        _ = 100 - 100 / (1 + up / down)
        line = _ema(close, 12) - _ema(close, 26)
        _ = line - _ema(line, 9)
        middle, spread = close.rolling(20).mean(), close.rolling(20).std(ddof=0)
        _ = (middle + 2 * spread, middle - 2 * spread)
        reach = pd.concat(
            [high - low, (high - before).abs(), (low - before).abs()], axis=1
        )
        atr = _wilder(reach.max(axis=1))
        rise, fall = high.diff(), -low.diff()
        plus = _wilder(rise.where((rise > fall) & (rise > 0), 0.0)) / atr
        minus = _wilder(fall.where((fall > rise) & (fall > 0), 0.0)) / atr
        _ = _wilder((plus - minus).abs() / (plus + minus))


def _wilder(values: pd.Series) -> pd.Series:
    return values.ewm(alpha=1 / 14, adjust=False).mean()


def _ema(values: pd.Series, span: int) -> pd.Series:
    return values.ewm(span=span, adjust=False).mean()


def _companies(bars: Bars, symbols: int) -> list[slice]:
    return [slice(int(bars.starts[c]), int(bars.starts[c + 1])) for c in range(symbols)]


def catalogue(bars: Bars) -> tuple[int, float, float]:
    """Every feature of every session, in blocks: rows, seconds, peak MB."""
    sources = world(bars)
    first, end = rows_of(bars)
    asked = Asked(
        company=np.repeat(np.arange(bars.companies), np.diff(bars.starts)),
        moment=bars.known_at[end - 1] + 1,
        quarter=np.full(len(bars), quarter_number(Quarter.containing(_LAST))),
    )
    del first
    of_known(see(sources, next(blocks(asked, 64))))
    began = perf_counter()
    for part in blocks(asked, BLOCK):
        of_known(see(sources, part))
    seconds = perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return len(asked), seconds, peak


def world(bars: Bars) -> Sources:
    """Sources with prices alone: what is not there is absent, not skipped."""
    nothing: list[list[object]] = [[] for _ in range(bars.companies)]
    indices: dict[str, Series] = {}
    return Sources(
        bars=bars,
        indices=indices,
        market=None,
        figures=figures_of(nothing, Basis.STANDALONE),  # type: ignore[arg-type]
        stories=stories_of(nothing),  # type: ignore[arg-type]
    )


def single() -> tuple[float, float]:
    """The median seconds of one event's whole row, warm: all told, or prices alone."""
    bars = market(1, 400)
    everything, asked = told.event(bars)
    taken: dict[str, list[float]] = {}
    for _ in range(EVENTS):
        _timed(taken, "all", lambda: of_known(see(everything, asked)))
        _timed(taken, "alone", lambda: of_known(see(world(bars), asked)))
    return median(taken["all"]), median(taken["alone"])


def one_more(bars: Bars) -> tuple[float, float, float]:
    """One more session by resuming, by folding anew, and by TA-Lib; checked alike."""
    first, last = bars.starts[:-1], bars.starts[1:]
    before, states = fold(bars, first, last - 1)
    del before
    view = View(bars, first, last)

    def update() -> Array:
        found, _ = fold(bars, last - 1, last, states)
        view.spread(bars.close, 20)
        return np.column_stack(found)

    def anew() -> Array:
        found = momentum(bars, first, last)
        view.spread(bars.close, 20)
        return np.column_stack(found)

    if not np.array_equal(update(), anew(), equal_nan=True):
        msg = "an updated session differs from a recomputed one"
        raise ArithmeticError(msg)
    return (
        _best(update),
        _best(anew),
        _best(lambda: by_symbol(bars)),
    )


def _best(work: Callable[[], object]) -> float:
    taken: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        _timed(taken, "", work)
    return median(taken[""])


def _timed(taken: dict[str, list[float]], who: str, work: Callable[[], object]) -> None:
    began = perf_counter()
    work()
    taken.setdefault(who, []).append(perf_counter() - began)
