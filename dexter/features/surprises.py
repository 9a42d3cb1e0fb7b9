"""How far a quarter departs from what the company's own history led to expect.

The expectation is the same quarter of the year before (a seasonal random walk), the
yardstick the sample standard deviation of the eight changes on the year before it. The
current change is left out of its own yardstick.
"""

from collections.abc import Sequence

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.columns import Array, Column, Mask, difference, ratio
from dexter.features.growth import profit_growth, revenue_growth
from dexter.features.known import Known
from dexter.features.places import last_of, share_factors
from dexter.features.quarters import YEAR, Book, counted, row_sum
from dexter.features.spec import Category, FeatureSpec
from dexter.features.worth import MARKET_CAP, PRICED, Capital, market_cap

YARDSTICK_QUARTERS = 8
YARDSTICK_MINIMUM = 6
AVERAGED = 4
AVERAGED_MINIMUM = 3
_EQUAL = 1e-12
"""Share of the largest change by which equal ones may differ for rounding."""

_LAST = f"of the last {YARDSTICK_QUARTERS} year-on-year changes are known"
_SHORT = tuple(
    f"only {short} {_LAST}, {YARDSTICK_MINIMUM} are needed"
    for short in range(YARDSTICK_MINIMUM)
)
_ALIKE = "past year-on-year changes are all equal"
_FOSTER = "Foster, Olsen, Shevlin 1984; Jegadeesh, Livnat 2006"
_FEW = "fewer than 6 of the 8 changes known; all equal; the change itself unknown"


def _spec(  # noqa: PLR0913, PLR0917 - a declaration has its parts
    name: str,
    unit: Measure,
    about: str,
    formula: str,
    inputs: tuple[str, ...],
    look_back: str,
    absent: str,
    source: str = "",
) -> FeatureSpec:
    return FeatureSpec(
        name,
        unit,
        Category.EARNINGS,
        about,
        formula,
        inputs,
        look_back,
        absent,
        source,
    )


SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "sue",
        Measure.DEVIATIONS,
        "surprise in profit",
        "(net_profit - net_profit 4 quarters before) / sample standard deviation "
        "(n - 1) of the 8 such changes before it",
        ("net_profit",),
        "13 quarters",
        _FEW,
        _FOSTER,
    ),
    _spec(
        "sur",
        Measure.DEVIATIONS,
        "surprise in revenue",
        "as sue, of revenue",
        ("revenue",),
        "13 quarters",
        _FEW,
        _FOSTER,
    ),
    _spec(
        "sue_before",
        Measure.DEVIATIONS,
        "surprise in profit of the quarter before",
        "sue of the quarter before, by the figures visible now",
        ("net_profit",),
        "14 quarters",
        _FEW,
        _FOSTER,
    ),
    _spec(
        "sue_mean_4",
        Measure.DEVIATIONS,
        "mean surprise of the last four quarters",
        "mean of sue of this quarter and the 3 before, of those known",
        ("net_profit",),
        "16 quarters",
        "fewer than 3 of the 4 known",
    ),
    _spec(
        "profit_change_to_revenue",
        Measure.RATIO,
        "change of profit on the year over revenue; defined for losses too",
        "(net_profit - net_profit a year before) / |revenue a year before|",
        ("net_profit", "revenue"),
        "5 quarters",
        "an input unknown; revenue 0",
    ),
    _spec(
        "profit_change_to_market_cap",
        Measure.RATIO,
        "change of profit on the year over market value",
        "(net_profit - net_profit a year before) / market cap; market cap = "
        + MARKET_CAP,
        PRICED,
        "5 quarters",
        "an input unknown; no market cap",
    ),
    _spec(
        "eps_change_to_price",
        Measure.RATIO,
        "change of EPS on the year over the close, on one share count",
        "(eps - eps a year before) / close, each EPS times the splits since its "
        "publication",
        ("eps", "close", "factor"),
        "5 quarters",
        "no bars; an EPS unknown",
    ),
    _spec(
        "profit_acceleration",
        Measure.POINTS,
        "growth of profit minus that of the quarter before",
        "profit_yoy - profit_yoy of the quarter before",
        ("net_profit", "revenue"),
        "6 quarters",
        "either growth is absent",
    ),
    _spec(
        "revenue_acceleration",
        Measure.POINTS,
        "growth of revenue minus that of the quarter before",
        "revenue_yoy - revenue_yoy of the quarter before",
        ("revenue",),
        "6 quarters",
        "either growth is absent",
    ),
)


def compute(known: Known) -> dict[str, Column]:
    """Surprises, accelerations and changes over price."""
    book = Book(known.quarters)
    profits = [("net_profit", back) for back in range(AVERAGED)]
    *sues, sur = _surprises(book, [*profits, ("revenue", 0)])
    return {
        "sue": sues[0],
        "sur": sur,
        "sue_before": sues[1],
        "sue_mean_4": _mean(sues),
        **_scaled(known, book),
        "profit_acceleration": difference(
            profit_growth(book, 0, YEAR), profit_growth(book, 1, YEAR)
        ),
        "revenue_acceleration": difference(
            revenue_growth(book, 0, YEAR), revenue_growth(book, 1, YEAR)
        ),
    }


def _surprises(book: Book, asked: Sequence[tuple[str, int]]) -> list[Column]:
    """Changes on the year in deviations of the eight changes before each.

    Of amounts and quarters back; one below the other, their spreads are found at once.
    """
    changes = [book.changes(name)[:, back:] for name, back in asked]
    before = [table[:, 1 : 1 + YARDSTICK_QUARTERS] for table in changes]
    count, _, deviation, equal = spread(np.concatenate(before))
    size = ratio(np.concatenate([table[:, 0] for table in changes]), deviation)
    few = count[:, None] == np.arange(YARDSTICK_MINIMUM)
    found: list[Column] = []
    for place, (name, back) in enumerate(asked):
        mine = slice(place * len(changes[0]), (place + 1) * len(changes[0]))
        told = book.absent(name, back, back + YEAR) if back < 2 else ()  # noqa: PLR2004 - quarters that reasons name
        short = zip(few[mine].T, _SHORT, strict=True)
        found.append(Column.of(size[mine], *told, *short, (equal[mine], _ALIKE)))
    return found


def quarters_read(known: Known) -> tuple[int, ...]:
    """Quarters back that the first event's ``sue`` reads, the quarter itself first."""
    changes = Book(known.quarters).changes("net_profit")[0]
    backs = [b for b in range(YARDSTICK_QUARTERS + 1) if not np.isnan(changes[b])]
    return tuple(sorted({b + apart for b in backs for apart in (0, YEAR)}))


def known_of(changes: Array) -> Mask:
    """Which changes are known."""
    there: Mask = ~np.isnan(changes)
    return there


def spread(values: Array) -> tuple[Array, Array, Array, Mask]:
    """What is known of each row as a sample.

    Returns:
        Count, mean, standard deviation (n - 1; NaN under two), and whether all are
        equal but for rounding.
    """
    there = known_of(values)
    count = counted(there)
    least = np.where(there, values, np.inf).min(axis=1)
    most = np.where(there, values, -np.inf).max(axis=1)
    # Counted from the least, so that close large values keep their digits.
    base = np.where(count > 0, least, 0.0)
    apart = np.where(there, values - base[:, None], 0.0)
    middle = ratio(row_sum(apart), count)
    squares = row_sum(np.where(there, (apart - middle[:, None]) ** 2, 0.0))
    mean = ratio(row_sum(np.where(there, values, 0.0)), count)
    deviation = np.sqrt(ratio(squares, np.maximum(count - 1, 0)))
    largest = np.maximum(np.abs(least), np.abs(most))
    equal = (count > 0) & (most - base <= _EQUAL * largest)
    return count, mean, np.where(equal & (count > 1), 0.0, deviation), equal


def _mean(parts: list[Column]) -> Column:
    table = np.column_stack([part.values for part in parts])
    count, mean, *_ = spread(table)
    few = f"fewer than {AVERAGED_MINIMUM} of the last {AVERAGED} surprises are known"
    return Column.of(mean, (count < AVERAGED_MINIMUM, few))


def profit_change(book: Book, cap: Capital) -> Column:
    """Change of profit on the year over market cap."""
    value, no_value = cap
    change = book.at("net_profit") - book.at("net_profit", YEAR)
    told = book.absent("net_profit", 0, YEAR)
    return Column.of(ratio(change, value), *told, *no_value)


def _scaled(known: Known, book: Book) -> dict[str, Column]:
    change = book.at("net_profit") - book.at("net_profit", YEAR)
    sold = book.at("revenue", YEAR)
    told = book.absent("net_profit", 0, YEAR)
    factors = share_factors(known)
    eps = book.at("eps") * factors[:, 0] - book.at("eps", YEAR) * factors[:, YEAR]
    close = last_of(known, known.bars.raw_close)
    return {
        "profit_change_to_revenue": Column.of(
            ratio(change, np.abs(sold)),
            *told,
            *book.absent("revenue", YEAR),
            (sold == 0, "revenue a year before was 0"),
        ),
        "profit_change_to_market_cap": profit_change(book, market_cap(known)),
        "eps_change_to_price": Column.of(
            ratio(eps, close), *known.no_bars, *book.absent("eps", 0, YEAR)
        ),
    }
