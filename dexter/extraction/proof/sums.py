"""Which lines of a statement are the sum of which, per family."""

from collections.abc import Mapping
from dataclasses import dataclass

from dexter.domain.company import Family
from dexter.domain.statement import Item


@dataclass(frozen=True, slots=True)
class Sum:
    """``whole`` = Σ ``parts`` + Σ ``spare`` parts that a filing may leave out.

    Parts in ``signed`` may be filed with either sign.
    """

    name: str
    whole: Item
    parts: tuple[Item, ...]
    spare: tuple[Item, ...] = ()
    signed: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """Every line of the sum, the whole first."""
        return (self.whole, *self.parts, *self.spare)


_COSTS = (
    Item.COST_OF_MATERIALS,
    Item.PURCHASES,
    Item.INVENTORY_CHANGES,
    Item.EMPLOYEE_COST,
    Item.FINANCE_COSTS,
    Item.DEPRECIATION,
    Item.OTHER_EXPENSES,
)
_EXPENSES = "total expenses = the sum of their lines"
_COMMON = (
    Sum(
        "tax = current + deferred tax",
        Item.TAX,
        (Item.CURRENT_TAX, Item.DEFERRED_TAX),
        (Item.EARLIER_TAX,),
    ),
    Sum(
        "profit before tax = profit before exceptional items ± exceptional items",
        Item.PROFIT_BEFORE_TAX,
        (Item.PROFIT_BEFORE_EXCEPTIONAL, Item.EXCEPTIONAL),
        signed=(Item.EXCEPTIONAL,),
    ),
    Sum(
        "total comprehensive income = net profit + other comprehensive income",
        Item.TOTAL_COMPREHENSIVE,
        (Item.NET_PROFIT, Item.OTHER_COMPREHENSIVE),
    ),
    Sum(
        "total comprehensive income = owners + minority",
        Item.TOTAL_COMPREHENSIVE,
        (Item.COMPREHENSIVE_OWNERS, Item.COMPREHENSIVE_MINORITY),
    ),
    Sum(
        "equity = share capital + reserves + minority",
        Item.TOTAL_EQUITY,
        (Item.SHARE_CAPITAL, Item.RESERVES),
        (Item.MINORITY_EQUITY,),
    ),
)
SUMS: Mapping[Family, tuple[Sum, ...]] = {
    Family.GENERAL: (Sum(_EXPENSES, Item.TOTAL_EXPENSES, _COSTS), *_COMMON),
    Family.NBFC: (
        Sum(
            _EXPENSES,
            Item.TOTAL_EXPENSES,
            (
                *_COSTS,
                Item.FEES_EXPENSE,
                Item.FAIR_VALUE_LOSSES,
                Item.DERECOGNITION_LOSSES,
                Item.IMPAIRMENT,
            ),
        ),
        Sum(
            "revenue = the sum of its lines",
            Item.REVENUE,
            (
                Item.INTEREST_INCOME,
                Item.DIVIDEND_INCOME,
                Item.RENTAL_INCOME,
                Item.FEES_INCOME,
                Item.FAIR_VALUE_GAINS,
                Item.DERECOGNITION_GAINS,
                Item.SALE_OF_PRODUCTS,
                Item.SALE_OF_SERVICES,
            ),
            (Item.OTHER_OPERATING_REVENUE,),
        ),
        *_COMMON,
    ),
    Family.BANK: (
        Sum(
            "interest earned = the sum of its lines",
            Item.INTEREST_EARNED,
            (
                Item.INTEREST_ON_ADVANCES,
                Item.INCOME_ON_INVESTMENTS,
                Item.INTEREST_ON_RBI_BALANCES,
                Item.OTHER_INTEREST,
            ),
        ),
        Sum(
            "operating expenses = employees + other",
            Item.OPERATING_EXPENSES,
            (Item.EMPLOYEE_COST, Item.OTHER_OPERATING_EXPENSES),
        ),
        Sum(
            "total assets = capital + reserves + deposits + borrowings + other",
            Item.TOTAL_ASSETS,
            (
                Item.SHARE_CAPITAL,
                Item.RESERVES,
                Item.DEPOSITS,
                Item.BORROWINGS,
                Item.OTHER_LIABILITIES,
            ),
            (Item.MINORITY_EQUITY,),
        ),
    ),
    Family.INSURER: (
        Sum(
            "gross premium = first year + renewal + single",
            Item.GROSS_PREMIUM,
            (Item.FIRST_YEAR_PREMIUM, Item.RENEWAL_PREMIUM, Item.SINGLE_PREMIUM),
        ),
    ),
}
