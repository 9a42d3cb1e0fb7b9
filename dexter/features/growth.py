"""Growth against earlier quarters, and when a rate of growth would mislead.

Growth is (x - y) / y, only from a positive y and, for profit and EPS, where profit was
above 1 % of that quarter's revenue. Otherwise the reason names what happened.
"""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.columns import Array, Column, Mask, ratio
from dexter.features.known import Known
from dexter.features.quarters import YEAR, Absence, Book
from dexter.features.spec import Category, FeatureSpec

FLOOR = 100
"""A profit under a hundredth of its revenue is no base to grow from."""

SHARE_COUNT_TOLERANCE = 1.3
"""Beyond this the implied number of shares changed: a split, bonus or large issue."""

SMALLEST_TELLING_EPS = 0.10
"""Below this EPS, rounding to the paisa hides the implied share count."""

_AGO = {1: "the quarter before", YEAR: "a year before"}
OTHER_SHARES = (
    "EPS and profit imply another share count than before (split, bonus or issue, or "
    "an EPS that does not fit): EPS is not comparable"
)
_RULE = "no positive base; for profit and EPS a base under 1 % of revenue; unknown"


def _spec(name: str, figure: str, against: str, look_back: str) -> FeatureSpec:
    inputs = {"eps": ("eps", "net_profit", "revenue"), "revenue": ("revenue",)}
    return FeatureSpec(
        name,
        Measure.CHANGE,
        Category.FINANCIAL,
        about=f"{figure} against {against}",
        formula=f"({figure} - y) / y, y the {figure} of {against}",
        inputs=inputs.get(figure, (figure, "revenue")),
        look_back=look_back,
        absent=_RULE + ("; the share count moved over 30 %" * (figure == "eps")),
    )


_A_YEAR = "the same quarter a year before"
SPECS: tuple[FeatureSpec, ...] = (
    _spec("revenue_yoy", "revenue", _A_YEAR, "5 quarters"),
    _spec("profit_yoy", "net_profit", _A_YEAR, "5 quarters"),
    _spec("eps_yoy", "eps", _A_YEAR, "5 quarters"),
    _spec("revenue_qoq", "revenue", "the quarter before", "2 quarters"),
    _spec("profit_qoq", "net_profit", "the quarter before", "2 quarters"),
)


def compute(known: Known) -> dict[str, Column]:
    """Growth of revenue, profit and EPS."""
    book = Book(known.quarters)
    return {
        "revenue_yoy": revenue_growth(book, 0, YEAR),
        "profit_yoy": profit_growth(book, 0, YEAR),
        "eps_yoy": _eps_growth(book),
        "revenue_qoq": revenue_growth(book, 0, 1),
        "profit_qoq": profit_growth(book, 0, 1),
    }


def revenue_growth(book: Book, back: int, apart: int) -> Column:
    """Growth of revenue of the quarter ``back`` over ``apart`` quarters."""
    now, before = book.at("revenue", back), book.at("revenue", back + apart)
    no_base = (before <= 0, f"revenue of {_AGO[apart]} was not positive")
    told = book.absent("revenue", back, back + apart)
    return Column.of(ratio(now - before, before), *told, no_base)


def profit_growth(book: Book, back: int, apart: int) -> Column:
    """Growth of net profit of the quarter ``back`` over ``apart`` quarters."""
    now, before = book.at("net_profit", back), book.at("net_profit", back + apart)
    return Column.of(
        ratio(now - before, before),
        *book.absent("net_profit", back, back + apart),
        *_no_base(book, back, apart),
    )


def _eps_growth(book: Book) -> Column:
    now, before = book.at("eps"), book.at("eps", YEAR)
    profit, earlier = book.at("net_profit"), book.at("net_profit", YEAR)
    return Column.of(
        ratio(now - before, before),
        *book.absent("eps", 0, YEAR),
        *(
            (mask, f"{reason}, so the EPS base cannot be judged")
            for mask, reason in book.absent("net_profit", 0, YEAR)
        ),
        *_no_base(book, 0, YEAR),
        *_signs(now, before, YEAR),
        (_shares_changed((now, before), (profit, earlier)), OTHER_SHARES),
    )


def _no_base(book: Book, back: int, apart: int) -> tuple[Absence, ...]:
    now, before = book.at("net_profit", back), book.at("net_profit", back + apart)
    revenue = book.at("revenue", back + apart)
    tiny = f"tiny base: profit {_AGO[apart]} was under 1 % of revenue"
    return (
        *_signs(now, before, apart),
        *(
            (mask, f"{reason}, so the base cannot be judged")
            for mask, reason in book.absent("revenue", back + apart)
        ),
        (FLOOR * before <= revenue, tiny),
    )


def _signs(now: Array, before: Array, apart: int) -> tuple[Absence, ...]:
    ago, none = _AGO[apart], before <= 0
    return (
        (none & (now > 0), f"turnaround: profit now, none {ago}"),
        (none & (now < before), f"loss widening: a loss now, a smaller one {ago}"),
        (none, f"loss narrowing: a loss now, no smaller one {ago}"),
    )


def shares_changed(eps: tuple[float, float], profit: tuple[float, float]) -> bool:
    """Whether profit / EPS, the implied number of shares, moved by more than 30 %.

    Args:
        eps: Now and before, rupees per share.
        profit: Now and before, rupees.
    """
    shares = [(np.array([one]), np.array([other])) for one, other in (eps, profit)]
    return bool(_shares_changed(*shares)[0])


def _shares_changed(eps: tuple[Array, Array], profit: tuple[Array, Array]) -> Mask:
    telling = np.minimum(np.abs(eps[0]), np.abs(eps[1])) >= SMALLEST_TELLING_EPS
    moved = ratio(ratio(profit[0], eps[0]), ratio(profit[1], eps[1]))
    far = (moved < 1 / SHARE_COUNT_TOLERANCE) | (moved > SHARE_COUNT_TOLERANCE)
    changed: Mask = telling & (profit[0] != 0) & far
    return changed
