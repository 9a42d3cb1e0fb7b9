"""XBRL concepts of the lines beyond the headline ones, per family.

Local names as filed; where several are given the first that carries a value wins.
"""

from collections.abc import Mapping
from typing import TypeAlias

from dexter.domain.statement import Item

Names: TypeAlias = Mapping[Item, tuple[str, ...]]

# Stated at the end of the period, so their context may be the instant one.
BALANCES: Names = {
    Item.PAID_UP_CAPITAL: (
        "PaidUpValueOfEquityShareCapital",
        "PaidUpEquityShareCapital",
        "PaidUpEquityCapital",
    ),
    Item.FACE_VALUE: ("FaceValueOfEquityShareCapital",),
    Item.SHARE_CAPITAL: ("EquityShareCapital", "Capital"),
    Item.RESERVES: (
        "ReserveExcludingRevaluationReserves",
        "ReservesExcludingRevaluationReserve",
        "OtherEquity",
        "ReservesAndSurplus",
    ),
    Item.MINORITY_EQUITY: ("NonControllingInterest", "MinorityInterest"),
    Item.TOTAL_EQUITY: ("Equity",),
    Item.TOTAL_ASSETS: ("Assets",),
}
_COSTS: Names = {
    Item.COST_OF_MATERIALS: ("CostOfMaterialsConsumed",),
    Item.PURCHASES: ("PurchasesOfStockInTrade",),
    Item.INVENTORY_CHANGES: (
        "ChangesInInventoriesOfFinishedGoodsWorkInProgressAndStockInTrade",
    ),
    Item.OTHER_EXPENSES: ("OtherExpenses",),
    Item.OTHER_COMPREHENSIVE: (
        "OtherComprehensiveIncomeNetOfTaxes",
        "OtherComprehensiveIncome",
    ),
    Item.TOTAL_COMPREHENSIVE: ("ComprehensiveIncomeForThePeriod",),
    Item.COMPREHENSIVE_OWNERS: (
        "ComprehensiveIncomeForThePeriodAttributableToOwnersOfParent",
    ),
    Item.COMPREHENSIVE_MINORITY: (
        (
            "ComprehensiveIncomeForThePeriodAttributableToOwnersOfParent"
            "NonControllingInterests"
        ),
    ),
    **BALANCES,
}
_LENDING: Names = {
    Item.INTEREST_INCOME: ("InterestEarned",),
    Item.DIVIDEND_INCOME: ("DividendIncome",),
    Item.RENTAL_INCOME: ("RentalIncome",),
    Item.FEES_INCOME: ("FeesAndCommissionIncome",),
    Item.FAIR_VALUE_GAINS: ("NetGainOnFairValueChanges",),
    Item.DERECOGNITION_GAINS: (
        "NetGainOnDerecognitionOfFinancialInstrumentsUnderAmortisedCostCategory",
    ),
    Item.SALE_OF_PRODUCTS: ("RevenueFromSaleOfProduct",),
    Item.SALE_OF_SERVICES: ("RevenueFromSaleOfServices",),
    Item.OTHER_OPERATING_REVENUE: ("OtherRevenueFromOperations",),
    Item.FEES_EXPENSE: ("FeesAndCommissionExpense",),
    Item.FAIR_VALUE_LOSSES: ("NetLossOnFairValueChanges",),
    Item.DERECOGNITION_LOSSES: (
        "NetLossOnDerecognitionOfFinancialInstrumentsUnderAmortisedCostCategory",
    ),
    Item.IMPAIRMENT: ("ImpairmentOnFinancialInstruments",),
}

GENERAL_LINES: Names = _COSTS
NBFC_LINES: Names = {**_COSTS, **_LENDING}
BANK_LINES: Names = {
    Item.INTEREST_ON_ADVANCES: ("InterestOrDiscountOnAdvancesOrBills",),
    Item.INCOME_ON_INVESTMENTS: ("RevenueOnInvestments",),
    Item.INTEREST_ON_RBI_BALANCES: (
        "InterestOnBalancesWithReserveBankOfIndiaAndOtherInterBankFunds",
    ),
    Item.OTHER_INTEREST: ("OtherInterest",),
    Item.OTHER_OPERATING_EXPENSES: ("OtherOperatingExpenses",),
    Item.GROSS_NPA: ("GrossNonPerformingAssets",),
    Item.NET_NPA: ("NonPerformingAssets",),
    Item.RETURN_ON_ASSETS: ("ReturnOnAssets",),
    Item.CET1_RATIO: ("CET1Ratio",),
    Item.ADDITIONAL_TIER1_RATIO: ("AdditionalTier1Ratio",),
    **BALANCES,
    Item.TOTAL_ASSETS: ("CapitalAndLiabilities", "Assets"),
    Item.DEPOSITS: ("Deposits",),
    Item.BORROWINGS: ("Borrowings",),
    Item.OTHER_LIABILITIES: ("OtherLiabilitiesAndProvisions",),
}
INSURER_LINES: Names = {
    Item.GROSS_PREMIUM: ("GrossPremiumIncome", "GrossPremiumsWritten"),
    Item.FIRST_YEAR_PREMIUM: ("IncomeFirstYearPremium",),
    Item.RENEWAL_PREMIUM: ("IncomeRenewalPremium",),
    Item.SINGLE_PREMIUM: ("IncomeSinglePremium",),
    Item.NET_PREMIUM: ("NetPremiumIncome", "NetPremiumWritten"),
    Item.SOLVENCY_RATIO: ("SolvencyRatio",),
    **BALANCES,
    Item.SHARE_CAPITAL: ("EquityShareCapital", "ShareCapital", "Capital"),
}
# Points in time: a column of the quarter takes them from the instant context.
INSTANT: frozenset[Item] = frozenset(
    (*BALANCES, Item.DEPOSITS, Item.BORROWINGS, Item.OTHER_LIABILITIES)
)
