"""Category ``technical``: indicators, returns and their spread on adjusted prices."""

import numpy as np

from dexter.features.columns import Array, Column, ratio
from dexter.features.known import Known
from dexter.features.momentum import momentum
from dexter.features.priced import Absences, columns
from dexter.features.technical_specs import FEATURES, RETURNS, VOLATILITIES
from dexter.features.windows import View, before

SPECS = tuple(one.spec for one in FEATURES)

_ROUNDING = 1e-12
"""Of the price: a spread below it is rounding, and the price stood still."""


def compute(known: Known) -> dict[str, Column]:
    """Every technical feature of every row, or why it is absent."""
    view = View.of(known)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {
            **_momentum(known, view),
            **_averages(view),
            **_returns(view),
            **_spread(view),
        }
    return columns(known, FEATURES, values, _absent(values))


def _absent(values: dict[str, Array]) -> dict[str, Absences]:
    middle = values["bollinger_middle"]
    span = values["bollinger_upper"] - values["bollinger_lower"]
    with np.errstate(invalid="ignore"):
        flat = span <= _ROUNDING * middle
        quiet = values["atr_14"] == 0
        still = values["volatility_60"] == 0
    return {
        "bollinger_position": ((flat, "the close stood still for 20 sessions"),),
        "plus_di_14": ((quiet, "nothing moved in 14 sessions"),),
        "minus_di_14": ((quiet, "nothing moved in 14 sessions"),),
        "skew_60": ((still, "the close stood still for 60 sessions"),),
        "volatility_ratio_20_60": ((still, "the close stood still for 60 sessions"),),
        "stochastic_14": (
            (np.isnan(values["stochastic_14"]), "nothing moved in 14 sessions"),
        ),
    }


def _momentum(known: Known, view: View) -> dict[str, Array]:
    held = known.sources.held
    if held is None:
        found = momentum(view.bars, view.first, view.end)
    else:
        found, _ = held.momentum(known.bars, known.asked.company, known.end)
    close = view.back(view.bars.close / view.bars.factor)
    histogram = found.line - found.signal
    return {
        "rsi_14": found.rsi,
        "macd_line": found.line,
        "macd_signal": found.signal,
        "macd_histogram": histogram,
        "macd_to_close": histogram / close,
        "atr_14": found.atr,
        "atr_to_close": found.atr / close,
        "adx_14": found.adx,
        "plus_di_14": found.plus_di,
        "minus_di_14": found.minus_di,
    }


def _averages(view: View) -> dict[str, Array]:
    close, factor = view.bars.close, view.back(view.bars.factor)
    last = view.back(close)
    mean = {n: view.mean(close, n) for n in (20, 50, 150, 200)}
    reach = 2 * view.deviation(close, 20)
    upper, lower = mean[20] + reach, mean[20] - reach
    return {
        "bollinger_upper": upper / factor,
        "bollinger_middle": mean[20] / factor,
        "bollinger_lower": lower / factor,
        "bollinger_position": ratio(last - lower, upper - lower),
        "bollinger_width": 2 * reach / mean[20],
        "sma_50": mean[50] / factor,
        "sma_200": mean[200] / factor,
        **{f"close_to_sma_{n}": last / mean[n] - 1 for n in mean},
        "sma_50_to_200": mean[50] / mean[200] - 1,
        "sma_200_slope_22": mean[200] / view.mean(close, 200, skip=22) - 1,
    }


def _returns(view: View) -> dict[str, Array]:
    close = view.bars.close
    last = view.back(close)
    gaps = view.bars.open / before(close) - 1
    return {
        **{f"return_{n}": last / view.back(close, n) - 1 for n in RETURNS},
        "momentum_12_1": view.back(close, 21) / view.back(close, 252) - 1,
        "gap_last": view.back(gaps),
        "largest_gap_20": view.highest(gaps, 20),
        "drawdown_60": view.drawdown(close, 60),
    }


def _spread(view: View) -> dict[str, Array]:
    bars = view.bars
    steps = view.steps
    volatility = {f"volatility_{n}": view.deviation(steps, n) for n in VOLATILITIES}
    high, low = view.highest(bars.high, 14), view.lowest(bars.low, 14)
    return {
        **volatility,
        "volatility_ratio_20_60": ratio(
            volatility["volatility_20"], volatility["volatility_60"]
        ),
        "skew_60": view.skew(steps, 60),
        "downside_share_60": view.mean((steps < 0).astype(np.float64), 60),
        "stochastic_14": 100 * ratio(view.back(bars.close) - low, high - low),
    }
