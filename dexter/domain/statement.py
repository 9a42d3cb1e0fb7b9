"""A results statement: cells that each know where they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from dexter.domain.company import Family
from dexter.domain.filing import Basis, Grade, Review


class Unit(StrEnum):
    """What one printed amount is worth; inside, amounts are rupees."""

    RUPEE = "rupee"
    THOUSAND = "thousand"
    LAKH = "lakh"
    MILLION = "million"
    CRORE = "crore"

    @property
    def rupees(self) -> Decimal:
        """Rupees in one unit."""
        return _RUPEES[self]


_RUPEES = {
    Unit.RUPEE: Decimal(1),
    Unit.THOUSAND: Decimal(1_000),
    Unit.LAKH: Decimal(100_000),
    Unit.MILLION: Decimal(1_000_000),
    Unit.CRORE: Decimal(10_000_000),
}


class Item(StrEnum):
    """The line items dexter reads; amounts except the ``eps_`` and ratio lines."""

    REVENUE = "revenue_from_operations"
    OTHER_INCOME = "other_income"
    TOTAL_INCOME = "total_income"
    TOTAL_EXPENSES = "total_expenses"
    FINANCE_COSTS = "finance_costs"
    DEPRECIATION = "depreciation"
    EMPLOYEE_COST = "employee_cost"
    EXCEPTIONAL = "exceptional_items"
    SHARE_OF_ASSOCIATES = "share_of_associates"
    PROFIT_BEFORE_EXCEPTIONAL = "profit_before_exceptional_items"
    PROFIT_BEFORE_TAX = "profit_before_tax"
    CURRENT_TAX = "current_tax"
    DEFERRED_TAX = "deferred_tax"
    TAX = "tax"
    DISCONTINUED = "discontinued_operations"
    REGULATORY_DEFERRAL = "regulatory_deferral"
    NET_PROFIT = "net_profit"
    NET_PROFIT_OWNERS = "net_profit_owners"
    NET_PROFIT_MINORITY = "net_profit_minority"
    EPS_BASIC = "eps_basic"
    EPS_DILUTED = "eps_diluted"
    PAID_UP_CAPITAL = "paid_up_capital"
    FACE_VALUE = "face_value"
    RESERVES = "reserves"
    INTEREST_EARNED = "interest_earned"
    INTEREST_EXPENDED = "interest_expended"
    OPERATING_EXPENSES = "operating_expenses"
    OPERATING_PROFIT = "operating_profit_before_provisions"
    PROVISIONS = "provisions"
    GROSS_NPA_RATIO = "gross_npa_ratio"
    NET_NPA_RATIO = "net_npa_ratio"
    COST_OF_MATERIALS = "cost_of_materials"
    PURCHASES = "purchases_of_stock_in_trade"
    INVENTORY_CHANGES = "changes_in_inventories"
    POWER_AND_FUEL = "power_and_fuel"
    OTHER_EXPENSES = "other_expenses"
    EARLIER_TAX = "earlier_years_tax"
    OTHER_COMPREHENSIVE = "other_comprehensive_income"
    TOTAL_COMPREHENSIVE = "total_comprehensive_income"
    COMPREHENSIVE_OWNERS = "total_comprehensive_income_owners"
    COMPREHENSIVE_MINORITY = "total_comprehensive_income_minority"
    INTEREST_INCOME = "interest_income"
    DIVIDEND_INCOME = "dividend_income"
    RENTAL_INCOME = "rental_income"
    FEES_INCOME = "fees_and_commission_income"
    FAIR_VALUE_GAINS = "net_gain_on_fair_value_changes"
    DERECOGNITION_GAINS = "net_gain_on_derecognition"
    SALE_OF_PRODUCTS = "sale_of_products"
    SALE_OF_SERVICES = "sale_of_services"
    OTHER_OPERATING_REVENUE = "other_operating_revenue"
    FEES_EXPENSE = "fees_and_commission_expense"
    FAIR_VALUE_LOSSES = "net_loss_on_fair_value_changes"
    DERECOGNITION_LOSSES = "net_loss_on_derecognition"
    IMPAIRMENT = "impairment_on_financial_instruments"
    INTEREST_ON_ADVANCES = "interest_on_advances"
    INCOME_ON_INVESTMENTS = "income_on_investments"
    INTEREST_ON_RBI_BALANCES = "interest_on_rbi_balances"
    OTHER_INTEREST = "other_interest"
    OTHER_OPERATING_EXPENSES = "other_operating_expenses"
    GROSS_NPA = "gross_npa"
    NET_NPA = "net_npa"
    RETURN_ON_ASSETS = "return_on_assets"
    CET1_RATIO = "cet1_ratio"
    ADDITIONAL_TIER1_RATIO = "additional_tier1_ratio"
    GROSS_PREMIUM = "gross_premium"
    FIRST_YEAR_PREMIUM = "first_year_premium"
    RENEWAL_PREMIUM = "renewal_premium"
    SINGLE_PREMIUM = "single_premium"
    NET_PREMIUM = "net_premium"
    SOLVENCY_RATIO = "solvency_ratio"
    SHARE_CAPITAL = "equity_share_capital"
    MINORITY_EQUITY = "minority_equity"
    TOTAL_EQUITY = "total_equity"
    DEPOSITS = "deposits"
    BORROWINGS = "borrowings"
    OTHER_LIABILITIES = "other_liabilities"
    TOTAL_ASSETS = "total_assets"

    @property
    def per_share(self) -> bool:
        """Per-share lines are rupees whatever the statement's unit."""
        return self in _PER_SHARE

    @property
    def ratio(self) -> bool:
        """Ratios are fractions, without a money unit."""
        return self in _RATIO


_PER_SHARE = {Item.EPS_BASIC, Item.EPS_DILUTED, Item.FACE_VALUE}
_RATIO = {
    Item.GROSS_NPA_RATIO,
    Item.NET_NPA_RATIO,
    Item.RETURN_ON_ASSETS,
    Item.CET1_RATIO,
    Item.ADDITIONAL_TIER1_RATIO,
    Item.SOLVENCY_RATIO,
}


class Method(StrEnum):
    """How a cell was read."""

    TEXT = "text"
    OCR = "ocr"
    XBRL = "xbrl"
    DERIVED = "derived"
    VISION = "vision"
    PERSON = "person"


class ColumnRole(StrEnum):
    """Which period a column speaks of, seen from the statement's own period."""

    CURRENT = "current"
    PREVIOUS_QUARTER = "previous_quarter"
    SAME_QUARTER_LAST_YEAR = "same_quarter_last_year"
    YEAR_TO_DATE = "year_to_date"
    PREVIOUS_YEAR_TO_DATE = "previous_year_to_date"
    PREVIOUS_YEAR = "previous_year"


@dataclass(frozen=True, slots=True)
class Hand:
    """The person who stands for a cell, since when, and what the reader had there.

    ``was`` is the value before it was corrected; ``None`` where it was confirmed.
    """

    by: str
    at: datetime
    was: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed value, in the statement's own unit, and where it is printed.

    ``bbox`` is ``(x0, top, x1, bottom)`` in PDF points from the top left; XBRL facts
    carry ``context`` and ``concept`` instead. A dash is ``None`` with its ``reason``.
    ``confidence`` is the reader's own, and at most 0.9 where no sum covers the value.
    """

    value: Decimal | None
    printed: str | None
    method: Method
    page: int | None = None
    bbox: tuple[float, float, float, float] | None = None
    row: str | None = None
    column: str | None = None
    context: str | None = None
    concept: str | None = None
    confidence: float = 1.0
    reason: str | None = None
    hand: Hand | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A reportable segment of one period; its result is before tax and finance cost."""

    name: str
    revenue: Cell | None = None
    result: Cell | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The items of one period, and its segments where their sums are proven."""

    period_end: date
    months: int
    items: Mapping[Item, Cell]
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A rule that was applied, and what it found."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A results statement of one basis, as one filing says it."""

    basis: Basis | None
    family: Family
    audited: bool | None
    unit: Unit | None
    period_end: date | None
    months: int | None
    page: int | None
    grade: Grade
    status: Review
    reason: str | None
    columns: Mapping[ColumnRole, Column]
    checks: tuple[Check, ...] = ()
    symbol: str | None = None
    company: str | None = None
    isin: str | None = None
    notes: str | None = field(default=None, repr=False)

    def cell(self, item: Item, role: ColumnRole = ColumnRole.CURRENT) -> Cell | None:
        """The cell of an item in a column, if there is one."""
        column = self.columns.get(role)
        return column.items.get(item) if column else None

    def rupees(
        self, item: Item, role: ColumnRole = ColumnRole.CURRENT
    ) -> Decimal | None:
        """The value of an item in rupees (ratios and per-share lines unscaled)."""
        cell = self.cell(item, role)
        if cell is None or cell.value is None or self.unit is None:
            return None
        if item.per_share or item.ratio:
            return cell.value
        return cell.value * self.unit.rupees
