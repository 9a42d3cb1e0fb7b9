"""Where a quarter's results stand among those of every company in the weeks before."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features import sequence, surprises, worth
from dexter.features.bars import STALE_DAYS
from dexter.features.columns import Column
from dexter.features.known import Known
from dexter.features.market_days import MarketDays, percentile
from dexter.features.quarters import Book
from dexter.features.spec import Category, FeatureSpec

DAYS = 90
FEWEST = 30
"""Results of ``DAYS`` days with the measure known that a rank among them needs."""

NOT_KEPT = "no ranks of the results before are kept"
_FEW = f"fewer than {FEWEST} results in {DAYS} days"
_STALE = f"the last ranked results are over {STALE_DAYS} days old"


def _spec(name: str, measure: str, look_back: str) -> FeatureSpec:
    return FeatureSpec(
        name,
        Measure.FRACTION,
        Category.EARNINGS,
        f"{measure} among that of all results of {DAYS} days",
        f"share below of {measure} of all companies' results, standalone, each as of "
        f"its first publication, of the {DAYS} calendar days up to and with the last "
        "day of results before publication's own; linear between their 5 %, 10 %, … "
        "95 % quantiles",
        (*worth.PRICED, "results"),
        look_back=f"{DAYS} days, {look_back}",
        absent=f"{measure} absent; {_FEW}; {_STALE}",
    )


SPECS: tuple[FeatureSpec, ...] = (
    _spec("profit_qoq_rank_90", "profit_qoq_to_market_cap", "4 quarters"),
    _spec("profit_change_rank_90", "profit_change_to_market_cap", "5 quarters"),
    _spec("profit_yield_rank_90", "profit_to_market_cap", "4 quarters"),
)


def measures(known: Known) -> dict[str, Column]:
    """What is ranked, by the name its quantiles go by."""
    book = Book(known.quarters)
    cap = worth.market_cap(known)
    return {
        "profit_qoq": sequence.profit_qoq(book, cap),
        "profit_change": surprises.profit_change(book, cap),
        "profit_yield": worth.profit_to_market_cap(book, cap),
    }


def compute(known: Known) -> dict[str, Column]:
    """Every rank of the results."""
    market = known.sources.market
    if market is None or not len(market.ranked_day):
        return {spec.name: Column.nothing(len(known), NOT_KEPT) for spec in SPECS}
    return {
        f"{name}_rank_{DAYS}": _rank(known, market, name, own)
        for name, own in measures(known).items()
    }


def _rank(known: Known, market: MarketDays, name: str, own: Column) -> Column:
    # The day of publication itself is not over yet.
    before = np.searchsorted(market.ranked_day, known.day, side="left")
    row = np.maximum(before - 1, 0)
    quantiles = getattr(market, name)[row]
    return Column.of(
        percentile(quantiles, own.values) / 100,
        *own.absences(),
        (before == 0, NOT_KEPT),
        (known.day - market.ranked_day[row] > STALE_DAYS, _STALE),
        (np.isnan(quantiles[:, 0]), _FEW),
    )
