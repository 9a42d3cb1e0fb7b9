"""How a share moves with the indices: beta, and the sector it moves with most.

Which sector a company belongs to is only known as of today, so none is looked up: its
sector here is the sector index its daily returns correlated with most.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.bars import INDEX_FILES_AT, STALE_DAYS, Series
from dexter.features.columns import Array, Column, Mask, Whole
from dexter.features.compiled import kernel
from dexter.features.index_levels import MARKET_INDEX, NOT_KEPT, STALE
from dexter.features.known import Known
from dexter.features.moments import at_minute
from dexter.features.spec import Category, FeatureSpec

SECTORS: tuple[str, ...] = (
    "NIFTY_AUTO",
    "NIFTY_BANK",
    "NIFTY_ENERGY",
    "NIFTY_FINANCIAL_SERVICES",
    "NIFTY_FMCG",
    "NIFTY_INFRASTRUCTURE",
    "NIFTY_IT",
    "NIFTY_MEDIA",
    "NIFTY_METAL",
    "NIFTY_PHARMA",
    "NIFTY_PSU_BANK",
    "NIFTY_REALTY",
)
RETURNS = 120
STRENGTH_SESSIONS = 60

INDEX_SESSIONS = 400
"""Closes of each index that features read; bars further back are not compared."""

_SPARE = 10
"""Closes an index may lack among those."""

_HOLE_DAYS = 7
"""A close of an index stands for days without one, so long."""

_FLAT = 1e-12
"""Sum of squares below which nothing moved."""

_LAG = 2
"""Bars of sessions whose index closes are not told yet: one on any evening."""

_UNCOVERED = "the index closes that are read do not cover the share's sessions"
_SHARE = "last 120 daily log returns up to the last session with index closes"
_PAIRED = "the index's over the same days"
_MEANT = (
    f"fewer than {RETURNS + 1} sessions of prices, no closes of the index over them, "
    f"or the last one over {STALE_DAYS} days old"
)


def _spec(
    name: str, unit: Measure, about: str, formula: str, inputs: tuple[str, ...]
) -> FeatureSpec:
    return FeatureSpec(
        name=name,
        unit=unit,
        category=Category.REGIME,
        about=about,
        formula=formula,
        inputs=inputs,
        look_back=f"{RETURNS + 1} sessions",
        absent=_MEANT,
    )


_BOTH = ("close", MARKET_INDEX)
_ALL = ("close", *SECTORS)
_BEST = "the sector index whose daily returns correlated most with the share's"

SPECS: tuple[FeatureSpec, ...] = (
    FeatureSpec(
        name="relative_strength_60",
        unit=Measure.CHANGE,
        category=Category.REGIME,
        about="The share against small caps, 60 sessions",
        formula="the share's return over 60 sessions up to the last session with "
        "index closes − the return of NIFTY_SMALLCAP_100 over the same days",
        inputs=_BOTH,
        look_back=f"{STRENGTH_SESSIONS + 1} sessions",
        absent=f"fewer sessions of prices or index closes, or the last index close "
        f"over {STALE_DAYS} days old",
    ),
    _spec(
        "beta_120",
        Measure.RATIO,
        "How much the share moves when small caps move 1 %",
        f"Σ(x − x̄)(y − ȳ) / Σ(y − ȳ)²; x: {_SHARE}, y: {_PAIRED}",
        _BOTH,
    ),
    _spec(
        "correlation_120",
        Measure.RATIO,
        "How closely the share follows small caps",
        f"Pearson correlation of x and y; x: {_SHARE}, y: {_PAIRED}",
        _BOTH,
    ),
    _spec(
        "sector_correlation",
        Measure.RATIO,
        "How closely the share follows the sector index nearest to it",
        f"highest Pearson correlation of x and y; x: {_SHARE}, y: {_PAIRED}",
        _ALL,
    ),
    _spec(
        "sector_return_20",
        Measure.CHANGE,
        "Return of the sector the share moves with, 20 sessions",
        f"{_BEST}: close / close 20 sessions before − 1",
        _ALL,
    ),
    _spec(
        "sector_return_60",
        Measure.CHANGE,
        "Return of the sector the share moves with, 60 sessions",
        f"{_BEST}: close / close 60 sessions before − 1",
        _ALL,
    ),
    _spec(
        "sector_rank_60",
        Measure.FRACTION,
        "How strong that sector is among the sectors: 1 the strongest, 0 the weakest",
        f"{_BEST}: sector indices with a lower 60-session return / the others",
        _ALL,
    ),
)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Log closes of indices on their common days.

    ``logs`` has shape ``(days, 1 + sectors)``, the market first; a hole is filled for
    ``_HOLE_DAYS``. ``place[d - day[0]]`` is the row of the last day up to ``d``.
    """

    day: Whole
    known_at: Whole
    logs: Array
    place: Whole

    @property
    def span(self) -> int:
        """The last place."""
        return len(self.place) - 1


def compute(known: Known) -> dict[str, Column]:
    """Every feature of a share beside the indices."""
    indices = known.sources.indices
    shelf = _shelf(*(indices.get(name) for name in (MARKET_INDEX, *SECTORS)))
    if shelf is None:
        return {s.name: Column.nothing(len(known), NOT_KEPT) for s in SPECS}
    told = np.searchsorted(shelf.known_at, known.asked.moment, side="left") - 1
    last_day = shelf.day[np.maximum(told, 0)]
    last = _last_told(known, last_day)
    absent = (
        (told < 0, NOT_KEPT),
        (known.day - last_day > STALE_DAYS, STALE),
        *known.no_bars,
        (last < 0, "no bar up to the last index close"),
    )
    few = _fewer(known, last, RETURNS)
    found = _moved(known, shelf, last)
    against = _against(known, shelf, last)
    unknown: Mask = np.isnan(found[:, 0])
    uncovered = (unknown, _UNCOVERED)
    own = {
        "relative_strength_60": Column.of(
            against,
            *absent,
            _fewer(known, last, STRENGTH_SESSIONS),
            (np.isnan(against), _UNCOVERED),
        ),
        "beta_120": Column.of(found[:, 0], *absent, few, uncovered),
        "correlation_120": Column.of(found[:, 1], *absent, few, uncovered),
    }
    likeness = np.where(np.isfinite(found[:, 2:]), found[:, 2:], -np.inf)
    best = likeness.argmax(axis=1)
    lone = (np.isinf(likeness.max(axis=1)), _UNCOVERED)
    sector = _sector(shelf, np.maximum(told, 0), best)
    sector["sector_correlation"] = likeness.max(axis=1)
    return own | {
        name: Column.of(values, *absent, few, lone) for name, values in sector.items()
    }


@lru_cache(maxsize=2)
def _shelf(*kept: Series | None) -> _Shelf | None:
    days = [one.day for one in kept if one is not None and len(one.day)]
    if not days:
        return None
    day = np.unique(np.concatenate(days))
    logs = np.full((len(day), len(kept)), np.nan)
    for column, one in enumerate(kept):
        if one is None or not len(one.day):
            continue
        at = np.searchsorted(one.day, day, side="right") - 1
        fresh = (at >= 0) & (day - one.day[np.maximum(at, 0)] <= _HOLE_DAYS)
        logs[fresh, column] = np.log(one.close[at[fresh]])
    every = np.arange(day[0], day[-1] + 1)
    place = (np.searchsorted(day, every, side="right") - 1).astype(np.int64)
    return _Shelf(day, at_minute(day, INDEX_FILES_AT), logs, place)


def _last_told(known: Known, last_day: Whole) -> Whole:
    """Row of each share's last bar on or before the last index close; -1: none."""
    last = known.end - 1
    for _ in range(_LAG):
        seen = known.bars.day[np.maximum(last, 0)] if len(known.bars) else last_day
        last = np.where((last >= known.first) & (seen > last_day), last - 1, last)
    there = last >= known.first
    if len(known.bars):
        there &= known.bars.day[np.maximum(last, 0)] <= last_day
    return np.where(there, last, -1)


def _fewer(known: Known, last: Whole, back: int) -> tuple[Mask, str]:
    few = last - known.first < back
    return few, f"fewer than {back + 1} sessions up to the last index close"


def _against(known: Known, shelf: _Shelf, last: Whole) -> Array:
    """Return of the share less that of the market over the same days."""
    found = np.full(len(known), np.nan)
    enough = last - known.first >= STRENGTH_SESSIONS
    end = last[enough]
    start = end - STRENGTH_SESSIONS
    bars = known.bars
    spot, before = (_row_of(shelf, bars.day[rows]) for rows in (end, start))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = bars.close[end] / bars.close[start]
        market = np.exp(shelf.logs[spot, 0] - shelf.logs[before, 0])
    near = _near(shelf, bars.day, start, end)
    found[enough] = np.where(near, share - market, np.nan)
    return found


def _row_of(shelf: _Shelf, day: Whole) -> Whole:
    rows: Whole = np.searchsorted(shelf.day, day, side="right").astype(np.int64) - 1
    return rows


def _moved(known: Known, shelf: _Shelf, last: Whole) -> Array:
    """Beta with the market, then the correlation with it and every sector."""
    begun = np.maximum(known.first, last - RETURNS)
    bars, enough = known.bars, (last >= 0) & (last - known.first >= RETURNS)
    enough[enough] = _near(shelf, bars.day, begun[enough], last[enough])
    first = int(begun[enough].min(initial=len(bars)))
    rows = slice(first, int(last[enough].max(initial=0)) + 1)
    windows = np.where(enough[:, None], np.column_stack([begun, last]) - first, -1)
    places = shelf.place[np.clip(bars.day[rows] - shelf.day[0], 0, shelf.span)]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(bars.close[rows])
    found: Array = _likenesses(windows, logs, places, shelf.logs)
    return found


def _near(shelf: _Shelf, day: Whole, first: Whole, last: Whole) -> Mask:
    """Whether windows of bars lie within the index sessions that are read."""
    before, here = (_row_of(shelf, day[rows]) for rows in (first, last))
    near: Mask = (before >= 0) & (here - before <= INDEX_SESSIONS - _SPARE)
    return near


def _sector(shelf: _Shelf, told: Whole, best: Whole) -> dict[str, Array]:
    now = shelf.logs[told, 1:]
    returns = {}
    for back in (20, 60):
        before = shelf.logs[np.maximum(told - back, 0), 1:]
        risen = np.where(told[:, None] >= back, np.expm1(now - before), np.nan)
        returns[back] = risen
    of_best = {b: r[np.arange(len(best)), best] for b, r in returns.items()}
    lower = (returns[60] < of_best[60][:, None]).sum(axis=1)
    others = np.isfinite(returns[60]).sum(axis=1) - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        rank = np.where(np.isfinite(of_best[60]), lower / others, np.nan)
    return {
        "sector_return_20": of_best[20],
        "sector_return_60": of_best[60],
        "sector_rank_60": rank,
    }


@kernel
def _summed(window: Whole, own: Array, places: Whole, logs: Array, sums: Array) -> None:
    """Fill ``(3, 1 + k)`` sums of x and each y: of them, their squares, x·y."""
    sums[:] = 0.0
    for bar in range(window[0] + 1, window[1] + 1):
        here, before = places[bar], places[bar - 1]
        x = own[bar] - own[bar - 1]
        sums[0, 0] += x
        sums[1, 0] += x * x
        for column in range(logs.shape[1]):
            y = logs[here, column] - logs[before, column]
            sums[0, column + 1] += y
            sums[1, column + 1] += y * y
            sums[2, column + 1] += x * y


@kernel
def _likenesses(windows: Whole, own: Array, places: Whole, logs: Array) -> Array:
    """Beta with the first index and correlation with each; shape ``(n, 1 + k)``."""
    width = logs.shape[1]
    found = np.full((len(windows), 1 + width), np.nan)
    sums = np.zeros((3, 1 + width))
    for row in range(len(windows)):
        if windows[row, 0] < 0:
            continue
        _summed(windows[row], own, places, logs, sums)
        steps = windows[row, 1] - windows[row, 0]
        spread = sums[1, 0] - sums[0, 0] * sums[0, 0] / steps
        for column in range(1, 1 + width):
            swing = sums[1, column] - sums[0, column] * sums[0, column] / steps
            shared = sums[2, column] - sums[0, 0] * sums[0, column] / steps
            if swing > _FLAT and column == 1:
                found[row, 0] = shared / swing
            if swing > _FLAT and spread > _FLAT:
                found[row, column] = shared / np.sqrt(swing * spread)
    return found
