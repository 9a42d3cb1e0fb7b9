"""Categories ``seasonality``, ``liquidity`` and ``regime``: when, how deep, in what."""

import math

import numpy as np

from dexter.domain.evidence import Measure
from dexter.domain.moment import CLOSE, IST, OPEN
from dexter.features.bars import Closes
from dexter.features.spec import FeatureSpec, Known, Values

SPECS = (
    FeatureSpec("fiscal_quarter", Measure.COUNT, "seasonality", "Fiscal quarter, 1–4"),
    FeatureSpec(
        "days_since_quarter_end",
        Measure.COUNT,
        "seasonality",
        "Calendar days from the quarter's end to publication",
    ),
    FeatureSpec(
        "published_in_session",
        Measure.COUNT,
        "seasonality",
        "1 when published between 09:15 and 15:30 IST, else 0",
    ),
    FeatureSpec(
        "log_turnover_20",
        Measure.RATIO,
        "liquidity",
        "log10 of the median daily turnover in rupees, 20 sessions",
    ),
    FeatureSpec(
        "turnover_surge",
        Measure.RATIO,
        "liquidity",
        "Mean turnover of the last 5 sessions over that of the last 60",
    ),
    FeatureSpec(
        "market_return_20", Measure.CHANGE, "regime", "NIFTY Smallcap 100, 20 sessions"
    ),
    FeatureSpec(
        "market_return_60", Measure.CHANGE, "regime", "NIFTY Smallcap 100, 60 sessions"
    ),
    FeatureSpec("vix", Measure.SCORE, "regime", "India VIX"),
)

_MEDIAN_SESSIONS = 20
_SURGE_SHORT, _SURGE_LONG = 5, 60


def compute(known: Known) -> Values:
    """Every feature of the three categories, or why it is null."""
    local = known.published_at.astimezone(IST)
    values: Values = {
        "fiscal_quarter": float(known.quarter.number),
        "days_since_quarter_end": float((local.date() - known.quarter.end).days),
        "published_in_session": float(OPEN <= local.time() <= CLOSE),
        "market_return_20": _market(known.market, 20),
        "market_return_60": _market(known.market, 60),
    }
    vix = known.vix
    values["vix"] = "no India VIX at hand" if vix is None else float(vix.close[-1])
    return values | _liquidity(known)


def _market(market: Closes | None, back: int) -> float | str:
    if market is None:
        return "no market index at hand"
    if len(market.close) <= back:
        return f"needs {back + 1} index closes, {len(market.close)} are known"
    return float(market.close[-1] / market.close[-1 - back] - 1)


def _liquidity(known: Known) -> Values:
    bars = known.bars
    if bars is None:
        return dict.fromkeys(("log_turnover_20", "turnover_surge"), known.bars_reason)
    median = float(np.median(bars.turnover[-_MEDIAN_SESSIONS:]))
    long = float(bars.turnover[-_SURGE_LONG:].mean())
    short = float(bars.turnover[-_SURGE_SHORT:].mean())
    few = f"needs {_MEDIAN_SESSIONS} sessions, {len(bars)} are known"
    quiet = "nothing was traded"
    if len(bars) < _MEDIAN_SESSIONS:
        return {"log_turnover_20": few, "turnover_surge": few}
    return {
        "log_turnover_20": math.log10(median) if median > 0 else quiet,
        "turnover_surge": short / long if long > 0 else quiet,
    }
