"""Category ``technical``: indicators and returns on adjusted prices."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features import indicators
from dexter.features.bars import Array, Bars
from dexter.features.spec import FeatureSpec, Known, Values

_PRICE = Measure.RUPEES_PER_SHARE


def _shown(name: str, unit: Measure, about: str) -> FeatureSpec:
    return FeatureSpec(name, unit, "technical", about, model_input=False)


def _fed(name: str, unit: Measure, about: str) -> FeatureSpec:
    return FeatureSpec(name, unit, "technical", about)


SPECS = (
    _fed("rsi_14", Measure.SCORE, "Relative strength index, Wilder, 14 sessions"),
    _shown("macd_line", _PRICE, "EMA 12 minus EMA 26 of the close"),
    _shown("macd_signal", _PRICE, "EMA 9 of the MACD line"),
    _shown("macd_histogram", _PRICE, "MACD line minus its signal"),
    _fed("macd_to_close", Measure.RATIO, "MACD histogram over the close"),
    _shown("bollinger_upper", _PRICE, "20-session mean plus 2 deviations"),
    _shown("bollinger_middle", _PRICE, "20-session mean of the close"),
    _shown("bollinger_lower", _PRICE, "20-session mean minus 2 deviations"),
    _fed("bollinger_position", Measure.RATIO, "Close between the bands: 0 lower, 1 up"),
    _fed("bollinger_width", Measure.RATIO, "Distance of the bands over the mean"),
    _shown("atr_14", _PRICE, "Average true range, Wilder, 14 sessions"),
    _fed("atr_to_close", Measure.RATIO, "Average true range over the close"),
    _fed("adx_14", Measure.SCORE, "Average directional index, Wilder, 14 sessions"),
    _shown("sma_50", _PRICE, "50-session mean of the close"),
    _shown("sma_200", _PRICE, "200-session mean of the close"),
    _fed("close_to_sma_50", Measure.CHANGE, "Close over its 50-session mean minus 1"),
    _fed("close_to_sma_200", Measure.CHANGE, "Close over its 200-session mean minus 1"),
    _fed("return_5", Measure.CHANGE, "Return of the last 5 sessions"),
    _fed("return_20", Measure.CHANGE, "Return of the last 20 sessions"),
    _fed("return_60", Measure.CHANGE, "Return of the last 60 sessions"),
    _fed("volatility_60", Measure.FRACTION, "Deviation of 60 daily log returns"),
)

_NEEDS = {
    "rsi_14": 15,
    "macd_line": 26,
    "macd_signal": 34,
    "macd_histogram": 34,
    "macd_to_close": 34,
    "atr_14": 15,
    "atr_to_close": 15,
    "adx_14": 28,
    "sma_50": 50,
    "close_to_sma_50": 50,
    "sma_200": 200,
    "close_to_sma_200": 200,
    "return_5": 6,
    "return_20": 21,
    "return_60": 61,
    "volatility_60": 61,
}


def compute(known: Known) -> Values:
    """Every technical feature, or why it is null."""
    bars = known.bars
    if bars is None:
        return {spec.name: known.bars_reason for spec in SPECS}
    values: Values = {**_momentum(bars), **_averages(bars), **_returns(bars.close)}
    return {name: _or_short(name, value, bars) for name, value in values.items()}


def _or_short(name: str, value: float | str, bars: Bars) -> float | str:
    needed = _NEEDS.get(name, indicators.BOLLINGER_PERIOD)
    if len(bars) < needed:
        return f"needs {needed} sessions, {len(bars)} are known"
    return value


def _momentum(bars: Bars) -> Values:
    close = float(bars.close[-1])
    line, signal, histogram = indicators.macd(bars.close)
    atr = float(indicators.atr(bars.high, bars.low, bars.close)[-1])
    return {
        "rsi_14": float(indicators.rsi(bars.close)[-1]),
        "macd_line": float(line[-1]),
        "macd_signal": float(signal[-1]),
        "macd_histogram": float(histogram[-1]),
        "macd_to_close": float(histogram[-1]) / close,
        "atr_14": atr,
        "atr_to_close": atr / close,
        "adx_14": float(indicators.adx(bars.high, bars.low, bars.close)[-1]),
    }


def _averages(bars: Bars) -> Values:
    close = float(bars.close[-1])
    upper, middle, lower = indicators.bollinger(bars.close)
    sma_50, sma_200 = indicators.sma(bars.close, 50), indicators.sma(bars.close, 200)
    span = upper - lower
    return {
        "bollinger_upper": upper,
        "bollinger_middle": middle,
        "bollinger_lower": lower,
        "bollinger_position": (close - lower) / span
        if span
        else "the close stood still",
        "bollinger_width": span / middle,
        "sma_50": sma_50,
        "sma_200": sma_200,
        "close_to_sma_50": close / sma_50 - 1,
        "close_to_sma_200": close / sma_200 - 1,
    }


def _returns(close: Array) -> Values:
    values: Values = {
        f"return_{back}": float(close[-1] / close[-min(back + 1, len(close))] - 1)
        for back in (5, 20, 60)
    }
    moves = np.diff(np.log(close[-61:]))
    values["volatility_60"] = float(moves.std()) if len(moves) else float("nan")
    return values
