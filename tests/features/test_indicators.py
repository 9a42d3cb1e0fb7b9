"""Indicators against plain loops written from their definitions."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.features import indicators
from dexter.features.bars import Array
from tests.features.making import prices_of, walk

N = 300


def bars(seed: int = 3) -> tuple[Array, Array, Array]:
    prices = prices_of(walk(N, seed))
    return np.array(prices.high), np.array(prices.low), np.array(prices.close)


def slow_average(values: list[float], period: int, alpha: float) -> list[float]:
    out = [float("nan")] * (period - 1)
    now = sum(values[:period]) / period
    out.append(now)
    for value in values[period:]:
        now = now * (1 - alpha) + value * alpha
        out.append(now)
    return out


def slow_rsi(close: list[float]) -> float:
    moves = [b - a for a, b in pairwise(close)]
    up = slow_average([max(m, 0.0) for m in moves], 14, 1 / 14)[-1]
    down = slow_average([max(-m, 0.0) for m in moves], 14, 1 / 14)[-1]
    return 100 - 100 / (1 + up / down)


def slow_adx(high: list[float], low: list[float], close: list[float]) -> float:
    plus, minus, ranges = [], [], []
    for i in range(1, len(close)):
        up, down = high[i] - high[i - 1], low[i - 1] - low[i]
        plus.append(up if up > down and up > 0 else 0.0)
        minus.append(down if down > up and down > 0 else 0.0)
        ranges.append(
            max(
                high[i] - low[i],
                abs(high[i] - close[i - 1]),
                abs(low[i] - close[i - 1]),
            )
        )
    smooth = [slow_average(v, 14, 1 / 14)[13:] for v in (plus, minus, ranges)]
    index = []
    for p, m, r in zip(*smooth, strict=True):
        plus_di, minus_di = 100 * p / r, 100 * m / r
        index.append(100 * abs(plus_di - minus_di) / (plus_di + minus_di))
    return slow_average(index, 14, 1 / 14)[-1]


def test_rsi() -> None:
    _, _, close = bars()
    found = indicators.rsi(close)
    assert found[-1] == pytest.approx(slow_rsi(close.tolist()), rel=1e-10)
    assert np.isnan(found[:14]).all()
    assert np.isfinite(found[14:]).all()


def test_macd() -> None:
    _, _, close = bars()
    fast = slow_average(close.tolist(), 12, 2 / 13)
    slow = slow_average(close.tolist(), 26, 2 / 27)
    line = [f - s for f, s in zip(fast, slow, strict=True)]
    signal = slow_average(line[25:], 9, 2 / 10)[-1]
    found = [part[-1] for part in indicators.macd(close)]
    assert found == pytest.approx([line[-1], signal, line[-1] - signal], rel=1e-9)


def test_bollinger_uses_the_population_deviation() -> None:
    close = np.array([1.0, 3.0] * 10)
    assert indicators.bollinger(close) == pytest.approx((4.0, 2.0, 0.0))


def test_atr_of_gaps_counts_from_the_close_before() -> None:
    high, low, close = bars()
    ranges = [
        max(high[i] - low[i], abs(high[i] - close[i - 1]), abs(low[i] - close[i - 1]))
        for i in range(1, N)
    ]
    expected = slow_average([float(r) for r in ranges], 14, 1 / 14)[-1]
    assert indicators.atr(high, low, close)[-1] == pytest.approx(expected, rel=1e-10)


def test_adx() -> None:
    high, low, close = bars()
    found = indicators.adx(high, low, close)
    expected = slow_adx(high.tolist(), low.tolist(), close.tolist())
    assert found[-1] == pytest.approx(expected, rel=1e-10)
    assert np.flatnonzero(np.isfinite(found))[0] == 27


def test_a_straight_rise_reads_as_one() -> None:
    close = np.arange(1.0, 101.0)
    assert indicators.rsi(close)[-1] == 100.0
    assert indicators.adx(close + 0.5, close - 0.5, close)[-1] == pytest.approx(100.0)


def test_a_still_price_reads_neutral_without_a_warning() -> None:
    close = np.full(60, 10.0)
    assert indicators.rsi(close)[-1] == 50.0
    assert indicators.adx(close, close, close)[-1] == 0.0


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.floats(0.01, 1000))
def test_scale_free_indicators_ignore_the_price_level(seed: int, scale: float) -> None:
    high, low, close = bars(seed)
    assert indicators.rsi(scale * close)[-1] == pytest.approx(
        indicators.rsi(close)[-1], rel=1e-9
    )
    assert indicators.adx(scale * high, scale * low, scale * close)[
        -1
    ] == pytest.approx(indicators.adx(high, low, close)[-1], rel=1e-9)
