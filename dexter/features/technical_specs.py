"""Declarations of the category ``technical``."""

from functools import partial

from dexter.domain.evidence import Measure
from dexter.features.priced import priced
from dexter.features.spec import Category

RETURNS = (1, 3, 5, 10, 20, 60, 120, 250)
VOLATILITIES = (20, 60, 250)

_of = partial(priced, Category.TECHNICAL)
_shown = partial(_of, model_input=False)

_PRICE, _CHANGE, _RATIO = Measure.RUPEES_PER_SHARE, Measure.CHANGE, Measure.RATIO
_RANGE = ("high", "low", "close")
_WILDER = "Wilder, New Concepts in Technical Trading Systems, 1978"
_APPEL = "Gerald Appel; seeded with plain means"
_BOLLINGER = "John Bollinger; population deviation"
_STILL = "the price stood still"
_TRUE_RANGE = "max(high, close[-1]) - min(low, close[-1])"
_EMA = "EMA weights 2 / (n + 1), seeded by the mean of its first n values"
_AVERAGE = "W14 of x: mean of its first 14 values, then W + (x - W) / 14"

MOMENTUM = (
    _of(
        "rsi_14",
        Measure.SCORE,
        "Relative strength index, 14 sessions",
        f"100 U / (U + D), U and D the W14 of rises and falls of the close; {_AVERAGE};"
        " 50 where U + D = 0",
        15,
        source=_WILDER,
    ),
    _shown(
        "macd_line",
        _PRICE,
        "EMA 12 minus EMA 26 of the close",
        f"EMA12(close) - EMA26(close); {_EMA}",
        26,
        source=_APPEL,
    ),
    _shown(
        "macd_signal",
        _PRICE,
        "EMA 9 of the MACD line",
        f"EMA9(macd_line); {_EMA}",
        34,
        source=_APPEL,
    ),
    _shown(
        "macd_histogram",
        _PRICE,
        "MACD line minus its signal",
        "macd_line - macd_signal",
        34,
        source=_APPEL,
    ),
    _of(
        "macd_to_close",
        _RATIO,
        "MACD histogram over the close",
        "macd_histogram / close[t]",
        34,
        source=_APPEL,
    ),
    _shown(
        "atr_14",
        _PRICE,
        "Average true range, 14 sessions",
        f"W14 of {_TRUE_RANGE}; {_AVERAGE}",
        15,
        _RANGE,
        source=_WILDER,
    ),
    _of(
        "atr_to_close",
        _RATIO,
        "Average true range over the close",
        "atr_14 / close[t]",
        15,
        _RANGE,
        source=_WILDER,
    ),
    _of(
        "adx_14",
        Measure.SCORE,
        "Average directional index, 14 sessions",
        "100 W14 of |P - M| / (P + M) (0 where P + M = 0), P and M the W14 of the"
        " larger positive one of high - high[-1] and low[-1] - low (0 for both where"
        f" they are equal to 1e-9 of the price); {_AVERAGE}",
        28,
        _RANGE,
        source=_WILDER,
    ),
    *(
        _of(
            f"{side}_di_14",
            Measure.SCORE,
            f"Directional indicator {sign}DI, 14 sessions",
            f"100 × W14 of the {way} directional movement (see adx_14) / atr_14",
            15,
            _RANGE,
            absent=_STILL,
            source=_WILDER,
        )
        for side, sign, way in (("plus", "+", "upward"), ("minus", "−", "downward"))
    ),
)

AVERAGES = (
    *(
        _shown(
            f"bollinger_{name}",
            _PRICE,
            f"20-session mean {words}",
            f"mean(close, 20) {sign}".rstrip(),
            20,
            source=_BOLLINGER,
        )
        for name, words, sign in (
            ("upper", "plus 2 deviations", "+ 2 sd(close, 20)"),
            ("middle", "of the close", ""),
            ("lower", "minus 2 deviations", "- 2 sd(close, 20)"),
        )
    ),
    _of(
        "bollinger_position",
        _RATIO,
        "Close between the bands: 0 lower, 1 upper",
        "(close[t] - lower) / (upper - lower)",
        20,
        absent=_STILL,
        source=_BOLLINGER,
    ),
    _of(
        "bollinger_width",
        _RATIO,
        "Distance of the bands over the mean",
        "4 sd(close, 20) / mean(close, 20)",
        20,
        source=_BOLLINGER,
    ),
    *(
        _shown(
            f"sma_{n}",
            _PRICE,
            f"{n}-session mean of the close",
            f"mean(close, {n})",
            n,
        )
        for n in (50, 200)
    ),
    *(
        _of(
            f"close_to_sma_{n}",
            _CHANGE,
            f"Close over its {n}-session mean minus 1",
            f"close[t] / mean(close, {n}) - 1",
            n,
        )
        for n in (20, 50, 150, 200)
    ),
    _of(
        "sma_50_to_200",
        _CHANGE,
        "50-session mean over the 200-session mean minus 1",
        "mean(close, 50) / mean(close, 200) - 1",
        200,
    ),
    _of(
        "sma_200_slope_22",
        _CHANGE,
        "Rise of the 200-session mean in 22 sessions",
        "mean(close, 200) / the same 22 sessions before - 1",
        222,
    ),
)

PATH = (
    *(
        _of(
            f"return_{n}",
            _CHANGE,
            f"Return of the last {n} sessions"
            if n > 1
            else "Return of the last session",
            f"close[t] / close[t-{n}] - 1",
            n + 1,
        )
        for n in RETURNS
    ),
    _of(
        "momentum_12_1",
        _CHANGE,
        "Return of twelve months, the last one left out",
        "close[t-21] / close[t-252] - 1",
        253,
        source="Jegadeesh, Titman, 1993",
    ),
    _of(
        "gap_last",
        _CHANGE,
        "Last open over the close before it minus 1",
        "open[t] / close[t-1] - 1",
        2,
        ("open", "close"),
    ),
    _of(
        "largest_gap_20",
        _CHANGE,
        "Largest opening gap upwards of 20 sessions",
        "max(open / close[-1] - 1, 20)",
        21,
        ("open", "close"),
    ),
    _of(
        "drawdown_60",
        _CHANGE,
        "Deepest fall from an earlier close within 60 sessions",
        "min over the last 60 of close / highest close of the 60 so far - 1",
        60,
    ),
    *(
        _of(
            f"volatility_{n}",
            Measure.FRACTION,
            f"Deviation of {n} daily log returns",
            f"population sd of ln(close / close[-1]), {n} sessions",
            n + 1,
        )
        for n in VOLATILITIES
    ),
    _of(
        "volatility_ratio_20_60",
        _RATIO,
        "Volatility of 20 sessions over that of 60",
        "volatility_20 / volatility_60",
        61,
        absent=_STILL,
    ),
    _of(
        "skew_60",
        _RATIO,
        "Skewness of 60 daily log returns",
        "mean((r - mean r)^3) / volatility_60^3, r = ln(close / close[-1])",
        61,
        absent=_STILL,
    ),
    _of(
        "downside_share_60",
        Measure.FRACTION,
        "Share of the last 60 sessions that closed lower",
        "mean(close < close[-1], 60)",
        61,
    ),
    _of(
        "stochastic_14",
        Measure.SCORE,
        "Close within the range of 14 sessions: 0 low, 100 high",
        "100 (close[t] - min(low, 14)) / (max(high, 14) - min(low, 14))",
        14,
        _RANGE,
        absent=_STILL,
        source="George Lane, fast %K",
    ),
)

FEATURES = (*MOMENTUM, *AVERAGES, *PATH)
