"""The headline figures of quarters, as a series of one basis."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dexter.domain.evidence import Source
from dexter.domain.filing import Basis, Grade
from dexter.domain.period import Quarter
from dexter.domain.statement import Item

FIGURE_ITEMS: Mapping[str, Item] = {
    "revenue": Item.REVENUE,
    "net_profit": Item.NET_PROFIT,
    "eps": Item.EPS_BASIC,
    "other_income": Item.OTHER_INCOME,
    "profit_before_tax": Item.PROFIT_BEFORE_TAX,
    "exceptional": Item.EXCEPTIONAL,
    "profit_before_exceptional": Item.PROFIT_BEFORE_EXCEPTIONAL,
    "tax": Item.TAX,
    "finance_costs": Item.FINANCE_COSTS,
    "depreciation": Item.DEPRECIATION,
    "total_income": Item.TOTAL_INCOME,
    "total_expenses": Item.TOTAL_EXPENSES,
    "employee_cost": Item.EMPLOYEE_COST,
    "provisions": Item.PROVISIONS,
    "interest_earned": Item.INTEREST_EARNED,
    "interest_expended": Item.INTEREST_EXPENDED,
    "operating_profit": Item.OPERATING_PROFIT,
    "net_profit_owners": Item.NET_PROFIT_OWNERS,
    "gross_npa_ratio": Item.GROSS_NPA_RATIO,
    "net_npa_ratio": Item.NET_NPA_RATIO,
    "cet1_ratio": Item.CET1_RATIO,
    "return_on_assets": Item.RETURN_ON_ASSETS,
    "equity": Item.TOTAL_EQUITY,
    "minority_equity": Item.MINORITY_EQUITY,
    "share_capital": Item.SHARE_CAPITAL,
    "reserves": Item.RESERVES,
    "borrowings": Item.BORROWINGS,
    "total_assets": Item.TOTAL_ASSETS,
    "face_value": Item.FACE_VALUE,
    "paid_up_capital": Item.PAID_UP_CAPITAL,
}
"""The line each figure of a quarter is read from; a bank's revenue is its income."""


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """One company-quarter on one basis; amounts in rupees, EPS in rupees per share.

    ``known_at`` is when the document these numbers come from was public,
    ``published_at`` when the first document of that quarter on this basis was: results
    on the other basis may have come before, but not these.
    ``known_at`` is null when unknown (then ``AsOf.sees`` decides). ``sources`` gives
    the address of each figure by name (``revenue``, ``net_profit``, ``eps``).

    What only statements tell is null in imported rows. ``exceptional`` has the sign it
    was filed with. ``operating_profit`` is a bank's, before provisions. ``equity`` is
    total equity with that of minorities, ``share_capital`` and ``reserves`` the two
    lines of a balance sheet that make up the owners' part; ratios are fractions.
    """

    symbol: str
    period_end: date
    basis: Basis
    revenue: Decimal | None
    net_profit: Decimal | None
    eps: Decimal | None
    known_at: datetime | None
    published_at: datetime | None
    grade: Grade
    sources: dict[str, Source]
    other_income: Decimal | None = None
    profit_before_tax: Decimal | None = None
    exceptional: Decimal | None = None
    profit_before_exceptional: Decimal | None = None
    tax: Decimal | None = None
    finance_costs: Decimal | None = None
    depreciation: Decimal | None = None
    total_income: Decimal | None = None
    total_expenses: Decimal | None = None
    employee_cost: Decimal | None = None
    provisions: Decimal | None = None
    interest_earned: Decimal | None = None
    interest_expended: Decimal | None = None
    operating_profit: Decimal | None = None
    net_profit_owners: Decimal | None = None
    gross_npa_ratio: Decimal | None = None
    net_npa_ratio: Decimal | None = None
    cet1_ratio: Decimal | None = None
    return_on_assets: Decimal | None = None
    equity: Decimal | None = None
    minority_equity: Decimal | None = None
    share_capital: Decimal | None = None
    reserves: Decimal | None = None
    borrowings: Decimal | None = None
    total_assets: Decimal | None = None
    face_value: Decimal | None = None
    paid_up_capital: Decimal | None = None

    @property
    def quarter(self) -> Quarter:
        """The fiscal quarter these figures close."""
        return Quarter.containing(self.period_end)


@dataclass(frozen=True, slots=True)
class SeasonPeer:
    """What one company's results measured when they came out; fractions or null.

    The cross-section that percentiles are taken within. ``published_at`` is first
    publication, so a peer is visible only after it reported.
    """

    symbol: str
    family: str
    published_at: datetime
    sue: float | None
    revenue_growth: float | None
    profit_growth: float | None
    margin_change: float | None
    quality: float | None = None
