"""A company's record of quarters: losses, streaks, steadiness, lateness."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.columns import Array, Column, Mask, ratio
from dexter.features.known import Known
from dexter.features.moments import MINUTE, NEVER
from dexter.features.quarters import YEAR, Book, counted, flag
from dexter.features.spec import Category, FeatureSpec
from dexter.features.surprises import known_of, spread

QUARTERS = 8
MINIMUM = 6
HISTORY = 14
_HOUR = 60.0 * MINUTE


def _spec(  # noqa: PLR0913, PLR0917 - a declaration has its parts
    name: str,
    unit: Measure,
    about: str,
    formula: str,
    inputs: tuple[str, ...],
    look_back: str,
    absent: str,
) -> FeatureSpec:
    return FeatureSpec(
        name, unit, Category.EARNINGS, about, formula, inputs, look_back, absent
    )


_SIX = "fewer than 6 of the 8 known"
SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "turnaround",
        Measure.COUNT,
        "a profit now, none a year before",
        "1 if net_profit > 0 and net_profit a year before <= 0, else 0",
        ("net_profit",),
        "5 quarters",
        "either profit unknown",
    ),
    _spec(
        "loss",
        Measure.COUNT,
        "a loss now",
        "1 if net_profit < 0, else 0",
        ("net_profit",),
        "1 quarter",
        "profit unknown",
    ),
    _spec(
        "loss_before",
        Measure.COUNT,
        "a loss in the quarter before",
        "1 if net_profit of the quarter before < 0, else 0",
        ("net_profit",),
        "2 quarters",
        "that profit unknown",
    ),
    _spec(
        "growth_streak",
        Measure.COUNT,
        "quarters in a row with more profit than a year before",
        "quarters from this one back, at most 8, until one whose net_profit is unknown "
        "or not above that of a year before",
        ("net_profit",),
        "12 quarters",
        "either profit of this quarter unknown",
    ),
    _spec(
        "beat_share_8",
        Measure.FRACTION,
        "how often profit rose on the year before this quarter",
        "share of the known changes of net_profit on the year, of the 8 quarters "
        "before, that were positive",
        ("net_profit",),
        "13 quarters",
        _SIX,
    ),
    _spec(
        "revenue_volatility",
        Measure.FRACTION,
        "unsteadiness of revenue's growth",
        "sample standard deviation (n - 1) of revenue / revenue a year before - 1, of "
        "the last 8 quarters with a positive base",
        ("revenue",),
        "12 quarters",
        _SIX,
    ),
    _spec(
        "profit_stability",
        Measure.RATIO,
        "level of profit over its own spread",
        "mean / sample standard deviation (n - 1) of net_profit of the last 8 quarters",
        ("net_profit",),
        "8 quarters",
        _SIX + "; all equal",
    ),
    _spec(
        "years_of_history",
        Measure.RATIO,
        "years of figures at hand",
        "quarters of the last 14 with a known net_profit, / 4",
        ("net_profit",),
        "14 quarters",
        "never",
    ),
    _spec(
        "late_figures",
        Measure.RATIO,
        "hours from first publication to these figures",
        "(known_at - published_at) / 1 hour",
        ("known_at", "published_at"),
        "1 quarter",
        "no figures of the quarter; first publication unknown",
    ),
)


def compute(known: Known) -> dict[str, Column]:
    """Flags, streaks and steadiness."""
    book = Book(known.quarters)
    profit, before = book.at("net_profit"), book.at("net_profit", YEAR)
    told = book.absent("net_profit", 0, YEAR)
    changes = book.changes("net_profit")
    past = known_of(known.quarters.item("net_profit")[:, :HISTORY])
    return {
        "turnaround": flag((profit > 0) & (before <= 0), *told),
        "loss": flag(profit < 0, *book.absent("net_profit", 0)),
        "loss_before": flag(
            book.at("net_profit", 1) < 0, *book.absent("net_profit", 1)
        ),
        "growth_streak": Column.of(_streak(changes[:, :QUARTERS] > 0), *told),
        "beat_share_8": _share(changes[:, 1 : QUARTERS + 1]),
        "revenue_volatility": _volatility(book),
        "profit_stability": _stability(book),
        "years_of_history": Column.of(counted(past) / float(YEAR)),
        "late_figures": _late(known),
    }


def _streak(rising: Mask) -> Array:
    unbroken: Mask = np.logical_and.accumulate(rising, axis=1)
    return counted(unbroken)


def _few(count: Array) -> tuple[Mask, str]:
    return count < MINIMUM, f"fewer than {MINIMUM} of {QUARTERS} quarters are known"


def _share(changes: Array) -> Column:
    count, risen = counted(known_of(changes)), counted(changes > 0)
    return Column.of(ratio(risen, count), _few(count))


def _volatility(book: Book) -> Column:
    revenue = book.quarters.item("revenue")
    now, base = revenue[:, :QUARTERS], revenue[:, YEAR : YEAR + QUARTERS]
    grown = ratio(now - base, np.where(base > 0, base, np.nan))
    count, _, deviation, _ = spread(grown)
    return Column.of(deviation, _few(count))


def _stability(book: Book) -> Column:
    profit = book.quarters.item("net_profit")[:, :QUARTERS]
    count, mean, deviation, equal = spread(profit)
    same = (equal, "profits are all equal")
    return Column.of(ratio(mean, deviation), _few(count), same)


def _late(known: Known) -> Column:
    told, first = known.quarters.known_at()[:, 0], known.quarters.published_at()[:, 0]
    untold = first == NEVER
    hours = (told - np.where(untold, told, first)) / _HOUR
    return Column.of(
        np.maximum(hours, 0.0),
        (known.quarters.missing[:, 0], "no figures of this quarter"),
        (untold, "first publication is not known"),
    )
