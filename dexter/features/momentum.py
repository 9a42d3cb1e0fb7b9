"""Recursive indicators folded bar by bar: RSI, MACD, ATR, directional movement.

Sources: J. Welles Wilder, *New Concepts in Technical Trading Systems* (1978), for RSI,
ATR and ADX; Gerald Appel for MACD. Every average is seeded with the plain mean of its
first values; the signal of MACD with the mean of the first nine lines. RSI is 50 where
nothing moved at all, the directional index 0 where neither side did.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dexter.features.bars import Bars
from dexter.features.columns import Array, Mask, Whole
from dexter.features.compiled import kernel, to_fixed_tuple

STATE = 13
"""Numbers a company's state has."""

State = tuple[float, ...]
"""Bars so far; last close, high and low; then the averages, each a sum until seeded:
gains, losses, the two of MACD, its signal, ranges, both movements, their index."""

_TIE = 1e-9
"""Of the price: moves nearer to each other are equal, whatever rounding made of them,
and count for neither side."""

_WILDER, _QUICK, _SLOWER, _NINE = 14, 12, 26, 9


class Momentum(NamedTuple):
    """Indicators of ``n`` rows, shape ``(n,)`` each, NaN until they are defined.

    RSI, ADX and the directional indicators are 0–100; the line and signal of MACD and
    the ATR are rupees as adjusted at the row's last bar.
    """

    rsi: Array
    line: Array
    signal: Array
    atr: Array
    adx: Array
    plus_di: Array
    minus_di: Array


@dataclass(frozen=True, slots=True)
class Held:
    """Where an earlier fold left each company, so that it need not begin anew.

    ``row`` is the first bar after those folded, ``states`` what they came to, shape
    ``(companies, STATE)``.
    """

    row: Whole
    states: Array

    def momentum(
        self, bars: Bars, company: Whole, end: Whole
    ) -> tuple[Momentum, Array]:
        """As ``fold``, each company going on from where it was left.

        Raises:
            ValueError: a row ends before that.
        """
        first = self.row[company]
        if (end < first).any():
            msg = "a moment before the one that features were kept for"
            raise ValueError(msg)
        return fold(bars, first, end, self.states[company])


def fold(
    bars: Bars, first: Whole, end: Whole, resume: Array | None = None
) -> tuple[Momentum, Array]:
    """Indicators after the bars ``first`` to ``end - 1`` of each row.

    Rows of one company in order of time cost one walk over its bars. A row resumed
    from the state of an earlier one is the same to the last bit as one folded from the
    start: a further session costs one step.

    Args:
        bars: All bars.
        first: First bar of each row, shape ``(n,)``.
        end: The bar after the last, shape ``(n,)``.
        resume: States of an earlier fold that ended at ``first``, shape
            ``(n, STATE)``; without them each row starts anew at ``first``.

    Returns:
        The indicators, and the states after the last bar, shape ``(n, STATE)``. Prices
        in a state are times ``bars.factor``, so a later split leaves it valid.
    """
    states = np.empty((len(first), STATE))
    return _folded(bars, first, end, resume, states), states


def momentum(bars: Bars, first: Whole, end: Whole) -> Momentum:
    """As ``fold`` from the start, without the states."""
    return _folded(bars, first, end, None, np.empty((0, STATE)))


def _folded(
    bars: Bars, first: Whole, end: Whole, resume: Array | None, states: Array
) -> Momentum:
    values = np.empty((len(Momentum._fields), len(first)))
    anew = np.ones(len(first), dtype=np.bool_)
    anew[1:] = (first[1:] != first[:-1]) | (end[1:] < end[:-1])
    if resume is None:
        resume = np.zeros((1, STATE))
    else:
        anew[1:] |= (resume[1:] != resume[:-1]).any(axis=1)
    prices = (bars.high, bars.low, bars.close, bars.factor)
    _fold(*prices, first, end, anew, resume, values, states)
    return Momentum(*values)


@kernel
def _average(
    before: float, value: float, count: float, period: int, weight: float
) -> float:
    """The average after its ``count``-th value; a sum until there are ``period``."""
    if count < period:
        return before + value
    if count == period:
        return (before + value) / period
    return before + (value - before) * weight


@kernel
def _wilder(before: float, value: float, count: float) -> float:
    return _average(before, value, count, _WILDER, 1 / _WILDER)


@kernel
def _step(state: State, high: float, low: float, close: float) -> State:
    """The state after one more bar; a tuple stays in the processor's registers."""
    bars, last, top, bottom, up, down, fast, slow, signal, reach, plus, minus, index = (
        state
    )
    if bars > 0:
        change, rise, fall = close - last, high - top, bottom - low
        tie = _TIE * high
        up = _wilder(up, max(change, 0.0), bars)
        down = _wilder(down, max(-change, 0.0), bars)
        reach = _wilder(reach, max(high, last) - min(low, last), bars)
        plus = _wilder(plus, rise if rise > fall + tie and rise > 0 else 0.0, bars)
        minus = _wilder(minus, fall if fall > rise + tie and fall > 0 else 0.0, bars)
    if bars >= _WILDER:
        # The true range cancels in |+DI - -DI| / (+DI + -DI).
        total = plus + minus
        gap = abs(plus - minus) / total if total > 0 else 0.0
        index = _wilder(index, gap, bars - _WILDER + 1)
    bars += 1
    fast = _average(fast, close, bars, _QUICK, 2 / (_QUICK + 1))
    slow = _average(slow, close, bars, _SLOWER, 2 / (_SLOWER + 1))
    if bars >= _SLOWER:
        count = bars - _SLOWER + 1
        signal = _average(signal, fast - slow, count, _NINE, 2 / (_NINE + 1))
    return (
        *(bars, close, high, low, up, down),
        *(fast, slow, signal, reach, plus, minus, index),
    )


@kernel
def _fold(  # noqa: PLR0913, PLR0917 - loops over bars take their columns apart
    high: Array,
    low: Array,
    close: Array,
    factor: Array,
    first: Whole,
    end: Whole,
    anew: Mask,
    resume: Array,
    values: Array,
    states: Array,
) -> None:
    state = to_fixed_tuple(resume[0], STATE)
    at = 0
    for row in range(len(first)):
        if anew[row]:
            at = first[row]
            state = to_fixed_tuple(resume[min(row, len(resume) - 1)], STATE)
        while at < end[row]:
            state = _step(state, high[at], low[at], close[at])
            at += 1
        _read(state, factor[at - 1] if at else 1.0, values, row)
        if len(states):
            for place in range(STATE):
                states[row, place] = state[place]


@kernel
def _read(state: State, factor: float, values: Array, row: int) -> None:
    bars, _, _, _, up, down, fast, slow, signal, reach, plus, minus, index = state
    for place in range(len(values)):
        values[place, row] = np.nan
    if bars > _WILDER:
        total = up + down
        values[0, row] = 100.0 * up / total if total > 0 else 50.0
        values[3, row] = reach / factor
        if reach > 0:
            values[5, row] = 100.0 * plus / reach
            values[6, row] = 100.0 * minus / reach
    if bars >= _SLOWER:
        values[1, row] = (fast - slow) / factor
    if bars >= _SLOWER + _NINE - 1:
        values[2, row] = signal / factor
    if bars >= 2 * _WILDER:
        values[4, row] = 100.0 * index
