"""Where the indices stand: returns, volatility and draw-down of the market."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.bars import STALE_DAYS, Series
from dexter.features.columns import Array, Column, Mask, Whole, difference
from dexter.features.known import Known
from dexter.features.spec import Category, FeatureSpec

MARKET_INDEX = "NIFTY_SMALLCAP_100"
"""The market that the shares in question move with."""

LARGE_INDEX = "NIFTY_50"
VOLATILITY_INDEX = "INDIA_VIX"
STALE = f"the last index close is over {STALE_DAYS} days old"
NOT_KEPT = "no closes of the index are kept"

_OLD = f"fewer closes than it needs, or the last one over {STALE_DAYS} days old"


def _spec(
    name: str, unit: Measure, about: str, formula: str, index: str, back: str
) -> FeatureSpec:
    return FeatureSpec(
        name=name,
        unit=unit,
        category=Category.REGIME,
        about=about,
        formula=formula,
        inputs=(index,),
        look_back=back,
        absent=f"no closes of the index, {_OLD}",
    )


def _return(name: str, index: str, about: str, sessions: int) -> FeatureSpec:
    formula = f"close / close {sessions} closes before − 1; last close told by 20:00"
    back = f"{sessions + 1} closes"
    return _spec(name, Measure.CHANGE, about, formula, index, back)


SPECS: tuple[FeatureSpec, ...] = (
    _return("market_return_5", MARKET_INDEX, "Small caps over 5 sessions", 5),
    _return("market_return_20", MARKET_INDEX, "Small caps over 20 sessions", 20),
    _return("market_return_60", MARKET_INDEX, "Small caps over 60 sessions", 60),
    _spec(
        "market_volatility_20",
        Measure.FRACTION,
        "How much small caps swing from day to day",
        "sample deviation of the last 20 log(close / close before)",
        MARKET_INDEX,
        "21 closes",
    ),
    _spec(
        "market_drawdown_250",
        Measure.CHANGE,
        "Small caps below their highest close of a year",
        "close / highest of the last 250 closes − 1",
        MARKET_INDEX,
        "250 closes",
    ),
    _return("nifty_return_20", LARGE_INDEX, "Large caps over 20 sessions", 20),
    FeatureSpec(
        name="smallcap_minus_nifty_60",
        unit=Measure.CHANGE,
        category=Category.REGIME,
        about="Small caps against large caps",
        formula="return of NIFTY_SMALLCAP_100 − return of NIFTY_50, 60 closes each",
        inputs=(MARKET_INDEX, LARGE_INDEX),
        look_back="61 closes",
        absent=f"no closes of either index, {_OLD}",
    ),
    _spec(
        "vix",
        Measure.SCORE,
        "Volatility that options of the NIFTY 50 are priced at",
        "close of India VIX",
        VOLATILITY_INDEX,
        "1 close",
    ),
    _return("vix_change_20", VOLATILITY_INDEX, "Change of India VIX, 20 sessions", 20),
)


def compute(known: Known) -> dict[str, Column]:
    """Every feature of the indices alone."""
    small, large = (_change(known, name, 60) for name in (MARKET_INDEX, LARGE_INDEX))
    return {
        "market_return_5": _change(known, MARKET_INDEX, 5),
        "market_return_20": _change(known, MARKET_INDEX, 20),
        "market_return_60": small,
        "market_volatility_20": _taken(known, MARKET_INDEX, 21, _swings),
        "market_drawdown_250": _taken(known, MARKET_INDEX, 250, _drawn),
        "nifty_return_20": _change(known, LARGE_INDEX, 20),
        "smallcap_minus_nifty_60": difference(small, large),
        "vix": _taken(known, VOLATILITY_INDEX, 1, _last),
        "vix_change_20": _change(known, VOLATILITY_INDEX, 20),
    }


def _change(known: Known, name: str, back: int) -> Column:
    return _taken(known, name, back + 1, _risen)


def _taken(
    known: Known, name: str, closes: int, what: Callable[[Array], Array]
) -> Column:
    """A quantity of an index's last closes, as of each moment.

    Args:
        known: The events.
        name: Of the index.
        closes: How many closes it needs.
        what: From windows of shape ``(m, closes)`` to their quantity, ``(m,)``.
    """
    series = known.sources.indices.get(name)
    if series is None or not len(series.day):
        return Column.nothing(len(known), NOT_KEPT)
    ends, old = known.once(series, lambda: _seen(series, known))
    return Column.of(
        _of_closes(series, closes, what)[ends],
        (old, STALE),
        (ends < closes, "fewer index closes than due"),
    )


@lru_cache(maxsize=32)
def _of_closes(series: Series, closes: int, what: Callable[[Array], Array]) -> Array:
    """The quantity after so many closes, 0 to all of them: no event changes it."""
    found = np.full(len(series.day) + 1, np.nan)
    if len(series.day) >= closes:
        windows = np.lib.stride_tricks.sliding_window_view(series.close, closes)
        found[closes:] = what(windows)
    return found


def _seen(series: Series, known: Known) -> tuple[Whole, Mask]:
    """How many closes each event saw, and where the last is too old for the present."""
    ends = series.ends(known.asked.moment)
    last = series.day[np.maximum(ends - 1, 0)]
    return ends, (ends > 0) & (known.day - last > STALE_DAYS)


def _risen(windows: Array) -> Array:
    risen: Array = windows[:, -1] / windows[:, 0] - 1
    return risen


def _swings(windows: Array) -> Array:
    swings: Array = np.diff(np.log(windows), axis=1).std(axis=1, ddof=1)
    return swings


def _drawn(windows: Array) -> Array:
    drawn: Array = windows[:, -1] / windows.max(axis=1) - 1
    return drawn


def _last(windows: Array) -> Array:
    last: Array = windows[:, -1]
    return last
