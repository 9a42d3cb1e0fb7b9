"""What the price pays for profit and sales, and the balance sheet behind it."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.columns import Array, Column, Mask, ratio
from dexter.features.growth import SMALLEST_TELLING_EPS
from dexter.features.known import Known, once
from dexter.features.places import last_of, share_factors
from dexter.features.quarters import YEAR, Absence, Book, row_sum
from dexter.features.spec import Category, FeatureSpec

Capital = tuple[Array, tuple[Absence, ...]]
"""Market cap in rupees, and why it is not known."""

MOST_APART = 5.0
"""Two quarters that imply numbers of shares further apart than this: one is wrong."""

_NO_RUPEES = 1e-9
"""Rupees a share under which a sum of EPS is nothing but rounding."""

_NO_SHARES = "no EPS of the last four quarters tells the number of shares"
_JUMP = "two quarters imply numbers of shares over five times apart"
_NO_SHEET = "no balance sheet among the last four quarters' figures"


def _spec(  # noqa: PLR0913 - a declaration has its parts
    name: str,
    about: str,
    formula: str,
    inputs: tuple[str, ...],
    absent: str,
    *,
    unit: Measure = Measure.RATIO,
    model_input: bool = True,
) -> FeatureSpec:
    return FeatureSpec(
        name,
        unit,
        Category.FINANCIAL,
        about,
        formula,
        inputs,
        look_back="4 quarters",
        absent=absent,
        model_input=model_input,
    )


MARKET_CAP = (
    "close x net_profit / EPS of the newest of four quarters with an EPS of at least "
    "0.10, EPS times the splits since its publication"
)
PRICED = ("close", "factor", "net_profit", "net_profit_owners", "eps")
_SHEET = ("equity", "minority_equity", "share_capital", "reserves")
_NO_CAP = "no bars; no EPS of four quarters tells the shares"
SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "pe_ttm",
        "close over four quarters' EPS",
        "close / sum of 4 quarters' EPS, each times the splits since its publication",
        ("close", "factor", "eps"),
        "no bars; an EPS unknown; the sum no profit",
        model_input=False,
    ),
    _spec(
        "earnings_yield_ttm",
        "four quarters' EPS over the close",
        "sum of 4 quarters' EPS, each times the splits since its publication, / close",
        ("close", "factor", "eps"),
        "no bars; an EPS unknown",
    ),
    _spec(
        "log_revenue_ttm",
        "size by revenue",
        "ln of the sum of 4 quarters' revenue in rupees",
        ("revenue",),
        "a revenue unknown; the sum not positive",
    ),
    _spec(
        "log_market_cap",
        "size by market value",
        f"ln of market cap in rupees; market cap = {MARKET_CAP}",
        PRICED,
        _NO_CAP,
    ),
    _spec(
        "price_to_sales_ttm",
        "market cap over four quarters' revenue",
        "market cap / sum of 4 quarters' revenue",
        (*PRICED, "revenue"),
        _NO_CAP + "; a revenue unknown",
    ),
    _spec(
        "profit_to_market_cap",
        "the quarter's profit over market cap",
        "net_profit / market cap",
        PRICED,
        _NO_CAP,
    ),
    _spec(
        "pb",
        "market cap over the owners' equity",
        "market cap / (equity - minority_equity, else share_capital + reserves), the "
        "newest told of 4 quarters",
        (*PRICED, *_SHEET),
        _NO_CAP + "; no balance sheet; equity not positive",
        model_input=False,
    ),
    _spec(
        "roe_ttm",
        "four quarters' profit over the owners' equity",
        "sum of 4 quarters' owners' profit / equity as in pb",
        ("net_profit", "net_profit_owners", *_SHEET),
        "no balance sheet; equity not positive; a profit unknown",
        unit=Measure.FRACTION,
        model_input=False,
    ),
    _spec(
        "roa",
        "four quarters' profit over total assets",
        "sum of 4 quarters' net_profit / total_assets, the newest told of 4 quarters",
        ("net_profit", "total_assets"),
        "no balance sheet; a profit unknown",
        unit=Measure.FRACTION,
    ),
    _spec(
        "debt_to_equity",
        "borrowings over equity",
        "borrowings / equity of the newest of 4 quarters that tells both",
        ("borrowings", *_SHEET),
        "borrowings or equity not told; equity not positive",
        model_input=False,
    ),
    _spec(
        "equity_to_assets",
        "equity over total assets",
        "equity / total_assets of the newest of 4 quarters that tells both",
        ("total_assets", *_SHEET),
        "equity or assets not told",
        unit=Measure.FRACTION,
    ),
)


def compute(known: Known) -> dict[str, Column]:
    """Valuation, size and the balance sheet's ratios."""
    book = Book(known.quarters)
    return _of_eps(known, book) | _of_value(known, book) | _of_balance(book)


def _of_eps(known: Known, book: Book) -> dict[str, Column]:
    total = row_sum(book.last_four("eps") * share_factors(known)[:, :YEAR])
    unknown = (np.isnan(total), "EPS of one of the last four quarters is not known")
    close = last_of(known, known.bars.raw_close)
    no_profit = (total <= _NO_RUPEES, "four quarters' EPS is no profit")
    return {
        "pe_ttm": Column.of(ratio(close, total), unknown, *known.no_bars, no_profit),
        "earnings_yield_ttm": Column.of(ratio(total, close), unknown, *known.no_bars),
    }


@once
def market_cap(known: Known) -> Capital:
    """Rupees the company was worth at the last close, and why that is not known."""
    book = Book(known.quarters)
    eps = book.last_four("eps")
    shares = ratio(book.owners(), eps * share_factors(known)[:, :YEAR])
    telling = (np.abs(eps) >= SMALLEST_TELLING_EPS) & (shares > 0)
    table = np.where(telling, shares, np.nan)
    newest = _newest(table)
    other = _newest(np.where(np.cumsum(~np.isnan(table), axis=1) == 1, np.nan, table))
    apart = np.maximum(ratio(newest, other), ratio(other, newest)) > MOST_APART
    value = last_of(known, known.bars.raw_close) * newest
    return value, (
        *known.no_bars,
        (np.isnan(newest), _NO_SHARES),
        (apart, _JUMP),
    )


def profit_to_market_cap(book: Book, cap: Capital) -> Column:
    """The quarter's profit over market cap."""
    value, no_value = cap
    profit = ratio(book.at("net_profit"), value)
    return Column.of(profit, *book.unknown("net_profit"), *no_value)


def _of_value(known: Known, book: Book) -> dict[str, Column]:
    value, no_value = market_cap(known)
    sales, no_sales = book.trailing("revenue")
    none_sold = (sales <= 0, "four quarters' revenue was not positive")
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(sales), np.log(value)
    equity = _newest(_equity(book)[0])
    return {
        "log_revenue_ttm": Column.of(logs[0], no_sales, none_sold),
        "log_market_cap": Column.of(logs[1], *no_value),
        "price_to_sales_ttm": Column.of(
            ratio(value, sales), *no_value, no_sales, none_sold
        ),
        "profit_to_market_cap": profit_to_market_cap(book, (value, no_value)),
        "pb": Column.of(ratio(value, equity), *_no_equity(equity), *no_value),
    }


def _of_balance(book: Book) -> dict[str, Column]:
    (mine, whole), assets = _equity(book), book.last_four("total_assets")
    profit, no_profit = book.profit_trailing()
    everyone, no_everyone = book.trailing("net_profit")
    sheet, latest = _newest(assets), _newest(mine)
    debt = book.last_four("borrowings")
    owed, against = _both(debt, whole)
    equity, over = _both(whole, assets)
    return {
        "roe_ttm": Column.of(ratio(profit, latest), *_no_equity(latest), no_profit),
        "roa": Column.of(
            ratio(everyone, sheet), (np.isnan(sheet), _NO_SHEET), no_everyone
        ),
        "debt_to_equity": Column.of(
            ratio(owed, against),
            (np.isnan(owed), "no borrowings beside equity in the last four quarters"),
            (against <= 0, "equity is not positive"),
        ),
        "equity_to_assets": Column.of(
            ratio(equity, over), (np.isnan(equity), _NO_SHEET)
        ),
    }


def _no_equity(equity: Array) -> tuple[Absence, ...]:
    return (np.isnan(equity), _NO_SHEET), (equity <= 0, "equity is not positive")


def _equity(book: Book) -> tuple[Array, Array]:
    """Equity of the owners, and with the minority's, ``(n, 4)``, NaN where untold."""
    told, capital = book.last_four("equity"), book.last_four("share_capital")
    minority = book.last_four("minority_equity")
    minority = np.where(np.isnan(minority), 0.0, minority)
    untold = np.isnan(told)
    own = np.where(untold, capital + book.last_four("reserves"), told - minority)
    return own, np.where(untold, own + minority, told)


def _newest(table: Array) -> Array:
    """The first known value of each row."""
    first = np.isnan(table).argmin(axis=1)
    found: Array = table[np.arange(len(table)), first]
    return found


def _both(one: Array, other: Array) -> tuple[Array, Array]:
    """Two amounts of the newest quarter that tells both."""
    told: Mask = ~np.isnan(one) & ~np.isnan(other)
    return _newest(np.where(told, one, np.nan)), _newest(np.where(told, other, np.nan))
