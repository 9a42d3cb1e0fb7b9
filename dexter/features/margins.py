"""Margins, costs and the make-up of a quarter's profit."""

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features.columns import Array, Column, difference, ratio
from dexter.features.known import Known
from dexter.features.quarters import YEAR, Absence, Book
from dexter.features.spec import Category, FeatureSpec

_OPERATING = (
    "(profit_before_tax - exceptional - other_income + finance_costs + depreciation) / "
    "revenue"
)
_PARTS = (
    "profit_before_tax",
    "other_income",
    "finance_costs",
    "depreciation",
    "revenue",
)
_ROUNDING = 0.1
"""Share of an exceptional item by which its sums may miss for rounding."""


def _spec(
    name: str,
    about: str,
    formula: str,
    inputs: tuple[str, ...],
    *,
    unit: Measure = Measure.FRACTION,
    absent: str = "revenue not positive; an input unknown",
) -> FeatureSpec:
    look_back = "5 quarters" if name.endswith("_change") else "1 quarter"
    return FeatureSpec(
        name, unit, Category.FINANCIAL, about, formula, inputs, look_back, absent
    )


_OF_PROFIT = "profit before tax not positive; an input unknown"
SPECS: tuple[FeatureSpec, ...] = (
    _spec(
        "net_margin",
        "net profit over revenue",
        "net_profit / revenue",
        ("net_profit", "revenue"),
    ),
    _spec(
        "net_margin_change",
        "net margin minus that of a year before",
        "net_margin - net_margin of the same quarter a year before",
        ("net_profit", "revenue"),
        unit=Measure.POINTS,
    ),
    _spec(
        "operating_margin",
        "profit of operations before depreciation over revenue",
        f"{_OPERATING}; profit_before_exceptional for the first two where told",
        (*_PARTS, "exceptional", "profit_before_exceptional"),
    ),
    _spec(
        "operating_margin_change",
        "operating margin minus that of a year before",
        "operating_margin - operating_margin of the same quarter a year before",
        (*_PARTS, "exceptional", "profit_before_exceptional"),
        unit=Measure.POINTS,
    ),
    _spec(
        "quality",
        "share of profit before tax that is not of operations; higher is worse",
        "(other_income + exceptional) / profit_before_tax, exceptional with the sign "
        "by which profit_before_exceptional leads to profit_before_tax",
        ("other_income", "exceptional", "profit_before_tax"),
        absent=_OF_PROFIT,
    ),
    _spec(
        "other_income_share",
        "other income's share of profit before tax",
        "other_income / profit_before_tax",
        ("other_income", "profit_before_tax"),
        absent=_OF_PROFIT,
    ),
    _spec(
        "exceptional_share",
        "exceptional items' share of profit before tax, gains positive",
        "exceptional / profit_before_tax, signed as in quality",
        ("exceptional", "profit_before_tax", "profit_before_exceptional"),
        absent=_OF_PROFIT,
    ),
    _spec(
        "tax_rate",
        "tax over profit before tax",
        "tax / profit_before_tax",
        ("tax", "profit_before_tax"),
        absent=_OF_PROFIT,
    ),
    _spec(
        "tax_rate_change",
        "tax rate minus that of a year before",
        "tax_rate - tax_rate of the same quarter a year before",
        ("tax", "profit_before_tax"),
        unit=Measure.POINTS,
        absent=_OF_PROFIT,
    ),
    _spec(
        "interest_cover",
        "profit before tax and finance costs over finance costs",
        "(profit_before_tax + finance_costs) / finance_costs",
        ("profit_before_tax", "finance_costs"),
        unit=Measure.RATIO,
        absent="no finance costs; an input unknown",
    ),
    _spec(
        "depreciation_to_revenue",
        "depreciation over revenue",
        "depreciation / revenue",
        ("depreciation", "revenue"),
    ),
    _spec(
        "employee_cost_to_revenue",
        "cost of employees over revenue",
        "employee_cost / revenue",
        ("employee_cost", "revenue"),
    ),
)


def compute(known: Known) -> dict[str, Column]:
    """Margins and shares of profit."""
    book = Book(known.quarters)
    exceptional, unsigned = _exceptional(book)
    margin, before = _net_margin(book, 0), _net_margin(book, YEAR)
    operating = _operating_margin(book, 0)
    tax = _of_profit(book, "tax", 0)
    cost = book.at("finance_costs")
    pre_tax = book.unknown("profit_before_tax")
    return {
        "net_margin": margin,
        "net_margin_change": difference(margin, before),
        "operating_margin": operating,
        "operating_margin_change": difference(operating, _operating_margin(book, YEAR)),
        "quality": _share(
            book,
            book.at("other_income") + exceptional,
            *book.unknown("other_income", "exceptional"),
            unsigned,
        ),
        "other_income_share": _of_profit(book, "other_income", 0),
        "exceptional_share": _share(
            book, exceptional, *book.unknown("exceptional"), unsigned
        ),
        "tax_rate": tax,
        "tax_rate_change": difference(tax, _of_profit(book, "tax", YEAR)),
        "interest_cover": Column.of(
            ratio(book.at("profit_before_tax") + cost, cost),
            *book.unknown("finance_costs"),
            *pre_tax,
            (cost <= 0, "there were no finance costs"),
        ),
        "depreciation_to_revenue": _to_revenue(
            book, book.at("depreciation"), 0, *book.unknown("depreciation")
        ),
        "employee_cost_to_revenue": _to_revenue(
            book, book.at("employee_cost"), 0, *book.unknown("employee_cost")
        ),
    }


def _to_revenue(book: Book, amount: Array, back: int, *absent: Absence) -> Column:
    revenue = book.at("revenue", back)
    when = "a year before " if back else ""
    return Column.of(
        ratio(amount, revenue),
        *absent,
        *book.absent("revenue", back),
        (revenue <= 0, f"revenue {when}was not positive"),
    )


def _net_margin(book: Book, back: int) -> Column:
    profit = book.at("net_profit", back)
    return _to_revenue(book, profit, back, *book.absent("net_profit", back))


def _operating_margin(book: Book, back: int) -> Column:
    before = book.at("profit_before_exceptional", back)
    unknown = np.isnan(before)
    exceptional = book.at("exceptional", back)
    core = np.where(unknown, book.at("profit_before_tax", back) - exceptional, before)
    parts = ("other_income", "finance_costs", "depreciation")
    other, finance, depreciation = (book.at(name, back) for name in parts)
    derived = (
        *book.absent("profit_before_tax", back),
        *book.absent("exceptional", back),
    )
    return _to_revenue(
        book,
        core - other + finance + depreciation,
        back,
        *((mask & unknown, reason) for mask, reason in derived),
        *(absence for name in parts for absence in book.absent(name, back)),
    )


def _share(book: Book, amount: Array, *absent: Absence, back: int = 0) -> Column:
    whole = book.at("profit_before_tax", back)
    when = " a year before" if back else ""
    return Column.of(
        ratio(amount, whole),
        *absent,
        *book.absent("profit_before_tax", back),
        (whole <= 0, f"profit before tax{when} was not positive"),
    )


def _of_profit(book: Book, name: str, back: int) -> Column:
    return _share(book, book.at(name, back), *book.absent(name, back), back=back)


def _exceptional(book: Book) -> tuple[Array, Absence]:
    """Exceptional items as a gain, and where filings leave their sign open.

    They are filed with either sign; the step from profit before exceptional items to
    profit before tax tells which. Where that line is not told, the sign is believed.
    """
    filed = book.at("exceptional")
    step = book.at("profit_before_tax") - book.at("profit_before_exceptional")
    missed, turned = np.abs(step - filed), np.abs(step + filed)
    signed = np.where(turned < missed, -filed, filed)
    open_ = np.minimum(missed, turned) > _ROUNDING * np.abs(filed)
    return signed, (open_ & (filed != 0), "the sign of the exceptional items is open")
