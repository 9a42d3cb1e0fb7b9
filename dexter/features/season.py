"""How busy the results season is: counts of results on the calendar days before."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.bars import STALE_DAYS
from dexter.features.columns import Column, Mask, ratio
from dexter.features.known import Known
from dexter.features.market_days import MarketDays
from dexter.features.moments import quarter_end_days
from dexter.features.spec import Category, FeatureSpec

LATEST_DAYS = 200
"""Published longer after the quarter's end, results are of no season any more."""

NOT_KEPT = "no results of the days before are kept"
_STALE = f"the market's last measured session is over {STALE_DAYS} days old"
_NO_YEAR = "no results of the season a year before are kept"
_LATE = f"published over {LATEST_DAYS} days after the quarter's end"
_YEAR = 4
_WEEK = 7


def _spec(
    name: str, unit: Measure, about: str, formula: str, look_back: str, absent: str
) -> FeatureSpec:
    return FeatureSpec(
        name=name,
        unit=unit,
        category=Category.SEASONALITY,
        about=about,
        formula=formula,
        inputs=("events", "published_at"),
        look_back=look_back,
        absent=absent,
    )


SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "results_7_days",
        Measure.COUNT,
        "How many companies reported in the week before",
        "results first published on the 7 calendar days before publication's own",
        "7 days",
        f"{NOT_KEPT}; {_STALE}",
    ),
    _spec(
        "results_day_before",
        Measure.COUNT,
        "How many companies reported on the day before",
        "results first published on the calendar day before publication's own",
        "1 day",
        f"{NOT_KEPT}; {_STALE}",
    ),
    _spec(
        "season_progress",
        Measure.FRACTION,
        "How far the season is, measured by that of the year before",
        "results first published from the quarter's end to the day before publication "
        "/ results of the three months after the same quarter's end a year before",
        "500 days",
        f"{_NO_YEAR}; {_LATE}; {_STALE}",
    ),
)


def compute(known: Known) -> dict[str, Column]:
    """Every feature of the season."""
    market = known.sources.market
    if market is None or not len(market.result_day):
        return {spec.name: Column.nothing(len(known), NOT_KEPT) for spec in SPECS}
    day = known.day
    stale = (_stale(known, market), _STALE)
    found = {}
    for name, back in (("results_7_days", _WEEK), ("results_day_before", 1)):
        counted = market.published(day - back, day).astype(np.float64)
        early = (market.result_day[0] > day - back, NOT_KEPT)
        found[name] = Column.of(counted, early, stale)
    return found | {"season_progress": _progress(known, market, stale)}


def _stale(known: Known, market: MarketDays) -> Mask:
    ends = market.ends(known.asked.moment)
    if not len(market):
        return np.ones(len(known), dtype=np.bool_)
    last = market.day[np.maximum(ends - 1, 0)]
    old: Mask = (ends == 0) | (known.day - last > STALE_DAYS)
    return old


def _progress(known: Known, market: MarketDays, stale: tuple[Mask, str]) -> Column:
    quarter = known.asked.quarter
    end, over = quarter_end_days(quarter), quarter_end_days(quarter + 1)
    so_far = market.published(end + 1, np.minimum(known.day, over + 1))
    before = quarter_end_days(quarter - _YEAR)
    total = market.published(before + 1, quarter_end_days(quarter - _YEAR + 1) + 1)
    early = (market.result_day[0] > before) | (total == 0)
    late = known.day - end > LATEST_DAYS
    share = ratio(so_far.astype(np.float64), total.astype(np.float64))
    return Column.of(share, (late, _LATE), (early, _NO_YEAR), stale)
