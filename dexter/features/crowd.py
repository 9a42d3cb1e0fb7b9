"""What the rest of the market does: breadth, circuits, and a share's rank among all."""

from functools import lru_cache

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.bars import STALE_DAYS
from dexter.features.breadth import LONGEST, SPREAD, WITHIN_DAYS
from dexter.features.columns import Array, Column, Mask, Whole, ratio
from dexter.features.known import Known
from dexter.features.market_days import MarketDays
from dexter.features.spec import Category, FeatureSpec
from dexter.features.strength import strength

FEWEST_RESOLVED = 30
"""Results with a known outcome that a rate of circuits after results needs."""

NO_MARKET = "the market has not been measured session by session"
_STALE = f"the last measured session is over {STALE_DAYS} days old"
_FEW = "fewer measured sessions than due"
_FEW_RESOLVED = f"fewer than {FEWEST_RESOLVED} results resolved"
_NOT_TOLD = "too few shares with the history for it on that session"
_MEANT = f"no measured session, fewer than due, or the last over {STALE_DAYS} days old"


def _spec(
    name: str,
    about: str,
    formula: str,
    inputs: tuple[str, ...],
    sessions: int,
    absent: str = _MEANT,
) -> FeatureSpec:
    return FeatureSpec(
        name=name,
        unit=Measure.FRACTION,
        category=Category.REGIME,
        about=about,
        formula=formula,
        inputs=inputs,
        look_back=_plural(sessions),
        absent=absent,
    )


def _circuits(sessions: int) -> FeatureSpec:
    return _spec(
        f"circuit_rate_{sessions}",
        f"How often shares closed at the upper limit, {_plural(sessions)}",
        f"Σ upper closes / Σ shares with a fixed band, {_plural(sessions)}",
        ("band", "no_band"),
        sessions,
    )


def _lower(sessions: int) -> FeatureSpec:
    return _spec(
        f"lower_rate_{sessions}",
        f"How often shares closed at the lower limit, {_plural(sessions)}",
        f"Σ lower closes, inferred / Σ shares with a fixed band, {_plural(sessions)}; "
        "inferred: close = low, below base and within one step above base × (1 − b), "
        "b of 2, 5, 10, 20 %",
        ("low", "close", "base", "band", "no_band"),
        sessions,
    )


def _plural(sessions: int) -> str:
    return f"{sessions} session" + "s" * (sessions > 1)


def _after_results(sessions: int) -> FeatureSpec:
    return _spec(
        f"season_circuit_rate_{sessions}",
        f"How often results led to an upper circuit, {sessions} sessions",
        "results without futures whose three-session window closed in the last "
        f"{sessions} sessions: those with an upper-circuit close / all of them",
        ("band", "no_band", "events"),
        sessions,
        f"{_MEANT}; {_FEW_RESOLVED}",
    )


SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "breadth_50",
        "Share of the market above its 50-session average",
        "shares with close > mean of their last 50 closes / shares with 50",
        ("close",),
        50,
    ),
    _spec(
        "breadth_200",
        "Share of the market above its 200-session average",
        "shares with close > mean of their last 200 closes / shares with 200",
        ("close",),
        200,
    ),
    _spec(
        "advancing_5",
        "Share of the market that rose, a week's mean",
        "mean over 5 sessions of: shares with close > base price / shares",
        ("close", "base"),
        5,
    ),
    _spec(
        "highs_minus_lows_20",
        "New highs against new lows, a month's mean",
        "mean over 20 sessions of: share of shares above every close of the 252 "
        "sessions before − share below every one",
        ("close",),
        272,
    ),
    _circuits(1),
    _circuits(5),
    _circuits(20),
    _circuits(60),
    _lower(1),
    _lower(5),
    _after_results(20),
    _after_results(60),
    FeatureSpec(
        name="rs_rating",
        unit=Measure.PERCENTILE,
        category=Category.REGIME,
        about="The share's relative strength among all of some turnover",
        formula="percentile of 0.4·R63 + 0.2·R126 + 0.2·R189 + 0.2·R252 (returns over "
        "so many sessions) among companies with a median turnover of ₹25 lakh or more "
        "on that session, linear between its 5 %, 10 %, … 95 % quantiles",
        inputs=("close", "turnover"),
        look_back=f"{LONGEST + 1} sessions",
        absent=f"fewer sessions of prices within {WITHIN_DAYS} days; {_MEANT}",
        source="Minervini 2013, trend template",
    ),
)


def compute(known: Known) -> dict[str, Column]:
    """Every feature of the market's sessions."""
    market = known.sources.market
    if market is None or not len(market):
        return {s.name: Column.nothing(len(known), NO_MARKET) for s in SPECS}
    ends = market.ends(known.asked.moment)
    last = market.day[np.maximum(ends - 1, 0)]
    old = (ends > 0) & (known.day - last > STALE_DAYS)
    found = {
        name: Column(column.values[ends], column.why[ends], column.reasons)
        for name, column in _of_sessions(market).items()
    }
    found["rs_rating"] = _rating(known, ends)
    return {name: column.also((old, _STALE)) for name, column in found.items()}


@lru_cache(maxsize=2)
def _of_sessions(market: MarketDays) -> dict[str, Column]:
    """Each feature after so many sessions, 0 to all of them: no event changes it."""
    spread = market.highs_252 - market.lows_252
    found = {
        "breadth_50": _told(market.above_50, 1),
        "breadth_200": _told(market.above_200, 1),
        "advancing_5": _told(_sums(market.advancing, 5) / 5, 5),
        "highs_minus_lows_20": _told(_sums(spread, 20) / 20, 20),
    }
    for name, closes, backs in (
        ("circuit_rate", market.upper_closes, (1, 5, 20, 60)),
        ("lower_rate", market.lower_closes, (1, 5)),
    ):
        for back in backs:
            share = ratio(_sums(closes, back), _sums(market.banded, back))
            found[f"{name}_{back}"] = _told(share, back)
    for back in (20, 60):
        hits = _sums(market.resolved_hits, back)
        resolved = _sums(market.resolved, back)
        few = np.append(False, resolved < FEWEST_RESOLVED)
        rate = _told(ratio(hits, resolved), back, (few, _FEW_RESOLVED))
        found[f"season_circuit_rate_{back}"] = rate
    return found


def _told(values: Array, sessions: int, *absent: tuple[Mask, str]) -> Column:
    """A quantity of each session, with none before the first in front."""
    seen = np.arange(len(values) + 1)
    return Column.of(
        np.append(np.nan, values),
        (seen == 0, NO_MARKET),
        (seen < sessions, _FEW),
        *absent,
        (np.append(False, np.isnan(values)), _NOT_TOLD),
    )


def _sums(values: Array, sessions: int) -> Array:
    """Sum of the last sessions up to each one; NaN where there are fewer."""
    found = np.full(len(values), np.nan)
    if len(values) >= sessions:
        windows = np.lib.stride_tricks.sliding_window_view(values, sessions)
        found[sessions - 1 :] = windows.sum(axis=1)
    return found


def _rating(known: Known, ends: Whole) -> Column:
    raw, rated = strength(known)
    enough = known.sessions > LONGEST
    return Column.of(
        rated,
        (ends == 0, NO_MARKET),
        *known.fewer_than(LONGEST + 1),
        (enough & np.isnan(raw), SPREAD),
        (np.isfinite(raw) & np.isnan(rated), "too few companies to be ranked among"),
    )
