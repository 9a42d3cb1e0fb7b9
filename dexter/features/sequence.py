"""The quarter against those just before it: changes, ranks, and what the price says."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.columns import Array, Column, Mask, ratio
from dexter.features.known import Known
from dexter.features.places import last_of, share_factors
from dexter.features.quarters import Book, counted, row_sum
from dexter.features.spec import Category, FeatureSpec
from dexter.features.surprises import known_of
from dexter.features.worth import MARKET_CAP, PRICED, Capital, market_cap

QUARTERS = 12
MINIMUM = 3
_FEW = f"fewer than {MINIMUM} of the {QUARTERS} quarters before are known"
_STILL = "the quarters before were all alike"


def _spec(  # noqa: PLR0913, PLR0917 - a declaration has its parts
    name: str,
    unit: Measure,
    about: str,
    formula: str,
    inputs: tuple[str, ...],
    look_back: str,
    absent: str,
    lags: tuple[int, ...] = (),
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
        lags=lags,
    )


SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "profit_qoq_to_market_cap",
        Measure.RATIO,
        "change of profit on the quarter before over market cap",
        f"(net_profit - that of the quarter before) / market cap; market cap = "
        f"{MARKET_CAP}",
        PRICED,
        "4 quarters",
        "either profit unknown; no market cap",
        (0, 1, 2, 3),
    ),
    _spec(
        "net_margin_qoq",
        Measure.POINTS,
        "net margin minus that of the quarter before",
        "net_profit / revenue - the same of the quarter before",
        ("net_profit", "revenue"),
        "2 quarters",
        "an amount unknown; a revenue not positive",
        (0, 1),
    ),
    _spec(
        "eps_to_price",
        Measure.RATIO,
        "the quarter's EPS over the close",
        "eps / close, eps times the splits since its publication",
        ("eps", "close", "factor"),
        "1 quarter",
        "EPS unknown; no bars",
        (0,),
    ),
    _spec(
        "profit_z_12",
        Measure.DEVIATIONS,
        "profit against the mean of the quarters before",
        f"(net_profit - mean) / standard deviation of net_profit of the {QUARTERS} "
        "quarters before, of those known",
        ("net_profit",),
        f"{QUARTERS + 1} quarters",
        _FEW + "; all alike",
    ),
    *(
        _spec(
            f"{short}_rank_12",
            Measure.FRACTION,
            f"share of the quarters before with less {short}",
            f"share of the {QUARTERS} quarters before, of those known, whose {name} "
            "was below this quarter's",
            (name,),
            f"{QUARTERS + 1} quarters",
            _FEW,
        )
        for short, name in (("profit", "net_profit"), ("revenue", "revenue"))
    ),
)


def compute(known: Known) -> dict[str, Column]:
    """Every feature of the sequence of quarters."""
    book = Book(known.quarters)
    eps = book.at("eps") * share_factors(known)[:, 0]
    close = last_of(known, known.bars.raw_close)
    return {
        "profit_qoq_to_market_cap": profit_qoq(book, market_cap(known)),
        "net_margin_qoq": _margins(book),
        "eps_to_price": Column.of(
            ratio(eps, close), *book.absent("eps", 0), *known.no_bars
        ),
        "profit_z_12": _z(book),
        "profit_rank_12": _rank(book, "net_profit"),
        "revenue_rank_12": _rank(book, "revenue"),
    }


def profit_qoq(book: Book, cap: Capital) -> Column:
    """Change of profit on the quarter before over market cap."""
    value, no_value = cap
    change = book.at("net_profit") - book.at("net_profit", 1)
    told = book.absent("net_profit", 0, 1)
    return Column.of(ratio(change, value), *told, *no_value)


def _margins(book: Book) -> Column:
    revenue = [book.at("revenue", back) for back in (0, 1)]
    margin = [ratio(book.at("net_profit", b), revenue[b]) for b in (0, 1)]
    return Column.of(
        margin[0] - margin[1],
        *book.absent("net_profit", 0, 1),
        *book.absent("revenue", 0, 1),
        (revenue[0] <= 0, "revenue was not positive"),
        (revenue[1] <= 0, "revenue of the quarter before was not positive"),
    )


def _before(book: Book, name: str) -> tuple[Array, Mask]:
    """An amount of the quarters before, 0 where not known, and which are."""
    item = book.quarters.item(name)[:, 1 : QUARTERS + 1]
    there = known_of(item)
    return np.where(there, item, 0.0), there


def _z(book: Book) -> Column:
    item, there = _before(book, "net_profit")
    count = counted(there)
    mean = ratio(row_sum(item), count)
    spread = np.where(there, item - mean[:, None], 0.0)
    deviation = np.sqrt(ratio(row_sum(spread * spread), count))
    alike = deviation <= np.abs(mean) * 1e-9
    return Column.of(
        ratio(book.at("net_profit") - mean, deviation),
        *book.absent("net_profit", 0),
        (count < MINIMUM, _FEW),
        (alike, _STILL),
    )


def _rank(book: Book, name: str) -> Column:
    item, there = _before(book, name)
    below = (item < book.at(name)[:, None]) & there
    count = counted(there)
    return Column.of(
        ratio(counted(below), count),
        *book.absent(name, 0),
        (count < MINIMUM, _FEW),
    )
