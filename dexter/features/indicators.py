"""Technical indicators over arrays of bars, oldest first; NaN until they are defined.

Sources: J. Welles Wilder, *New Concepts in Technical Trading Systems* (1978), for RSI,
ATR and ADX; Gerald Appel for MACD; John Bollinger for the bands (population deviation).
"""

import numpy as np

from dexter.features.bars import Array

MACD_FAST, MACD_SLOW, MACD_SIGNAL = 12, 26, 9
BOLLINGER_PERIOD, BOLLINGER_WIDTH = 20, 2.0


def _smoothed(values: Array, period: int, alpha: float) -> Array:
    """Recursive average seeded with the mean of the first ``period`` values.

    ``s_t = s_{t-1} + alpha (x_t - s_{t-1})`` written as one convolution, which is
    exact and, at a few hundred bars, far quicker than a Python loop.
    """
    out = np.full(len(values), np.nan)
    if len(values) < period:
        return out
    steps = values[period - 1 :] * alpha
    steps[0] = values[:period].mean()
    kernel = (1.0 - alpha) ** np.arange(len(steps))
    out[period - 1 :] = np.convolve(steps, kernel)[: len(steps)]
    return out


def wilder(values: Array, period: int) -> Array:
    """Wilder's average: alpha is 1 / period."""
    return _smoothed(values, period, 1.0 / period)


def ema(values: Array, span: int) -> Array:
    """Exponential average: alpha is 2 / (span + 1)."""
    return _smoothed(values, span, 2.0 / (span + 1))


def sma(values: Array, period: int) -> float:
    """Mean of the last ``period`` values; NaN when there are fewer."""
    return float(values[-period:].mean()) if len(values) >= period else float("nan")


def rsi(close: Array, period: int = 14) -> Array:
    """Relative strength index, 0–100; 50 when nothing moved."""
    change = np.diff(close)
    up = wilder(np.maximum(change, 0.0), period)
    down = wilder(np.maximum(-change, 0.0), period)
    total = up + down
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(total == 0.0, 50.0, 100.0 * up / total)
    return np.concatenate(([np.nan], value))


def macd(close: Array) -> tuple[Array, Array, Array]:
    """Line, signal and histogram of MACD (12, 26, 9), in price units."""
    line = ema(close, MACD_FAST) - ema(close, MACD_SLOW)
    signal = np.full(len(close), np.nan)
    signal[MACD_SLOW - 1 :] = ema(line[MACD_SLOW - 1 :], MACD_SIGNAL)
    return line, signal, line - signal


def bollinger(close: Array) -> tuple[float, float, float]:
    """Upper, middle and lower band (20, 2) at the last bar."""
    if len(close) < BOLLINGER_PERIOD:
        return float("nan"), float("nan"), float("nan")
    last = close[-BOLLINGER_PERIOD:]
    middle, reach = float(last.mean()), BOLLINGER_WIDTH * float(last.std())
    return middle + reach, middle, middle - reach


def true_range(high: Array, low: Array, close: Array) -> Array:
    """True range from the second bar on (the first has no close before it)."""
    before = close[:-1]
    return np.maximum(high[1:], before) - np.minimum(low[1:], before)


def atr(high: Array, low: Array, close: Array, period: int = 14) -> Array:
    """Average true range in price units."""
    ranges = wilder(true_range(high, low, close), period)
    return np.concatenate(([np.nan], ranges))


def adx(high: Array, low: Array, close: Array, period: int = 14) -> Array:
    """Average directional index, 0–100, defined from bar ``2 × period`` on."""
    out = np.full(len(close), np.nan)
    up, down = np.diff(high), -np.diff(low)
    plus = wilder(np.where((up > down) & (up > 0), up, 0.0), period)
    minus = wilder(np.where((down > up) & (down > 0), down, 0.0), period)
    total = (plus + minus)[period - 1 :]
    gap = np.abs(plus - minus)[period - 1 :]
    # The true range cancels in |+DI - -DI| / (+DI + -DI).
    index = np.divide(gap, total, out=np.zeros_like(gap), where=total > 0)
    out[period:] = 100.0 * wilder(index, period)
    return out
