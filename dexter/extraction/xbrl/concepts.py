"""Which XBRL concept says which line, per family of statement formats.

Local names as seen in `in-bse-fin` (2017 to 2025) and `in-capmkt` (2025 onwards)
filings; the first concept that carries a value wins.
"""

from collections.abc import Mapping

from dexter.domain.company import Family
from dexter.domain.statement import Item
from dexter.extraction.xbrl.tags import (
    BANK_LINES,
    GENERAL_LINES,
    INSURER_LINES,
    NBFC_LINES,
    Names,
)

_BOTH = "EarningsLossPerShareFromContinuingAndDiscontinuedOperations"
_CONTINUING = "EarningsLossPerShareFromContinuingOperations"
_INSURER_EPS = (
    "BasicAndDilutedEPSAfterExtraordinaryItemsNetOfTaxExpenseForThePeriodNotToBeAnnualized",
    "BasicAndDilutedEPSBeforeExtraordinaryItemsNetOfTaxExpenseForThePeriodNotToBeAnnualized",
)

_GENERAL: Names = {
    Item.REVENUE: ("RevenueFromOperations", "TotalRevenueFromOperations"),
    Item.OTHER_INCOME: ("OtherIncome",),
    Item.TOTAL_INCOME: ("Income", "TotalIncome", "Revenue"),
    Item.TOTAL_EXPENSES: ("Expenses", "TotalExpenses"),
    Item.FINANCE_COSTS: ("FinanceCosts",),
    Item.DEPRECIATION: (
        "DepreciationDepletionAndAmortisationExpense",
        "DepreciationAndAmortisationExpense",
    ),
    Item.EMPLOYEE_COST: ("EmployeeBenefitExpense",),
    Item.EXCEPTIONAL: ("ExceptionalItemsBeforeTax", "ExceptionalItems"),
    Item.SHARE_OF_ASSOCIATES: (
        "ShareOfProfitLossOfAssociatesAndJointVenturesAccountedForUsingEquityMethod",
        "ShareOfProfitLossOfAssociates",
    ),
    Item.PROFIT_BEFORE_EXCEPTIONAL: (
        "ProfitBeforeExceptionalItemsAndTax",
        "ProfitBeforeExceptionalAndExtraordinaryItemsAndTax",
    ),
    Item.PROFIT_BEFORE_TAX: ("ProfitBeforeTax",),
    Item.CURRENT_TAX: ("CurrentTax",),
    Item.DEFERRED_TAX: ("DeferredTax",),
    Item.TAX: ("TaxExpense",),
    Item.DISCONTINUED: (
        "ProfitLossFromDiscontinuedOperationsAfterTax",
        "ProfitLossFromDiscontinuingOperationAfterTax",
    ),
    Item.REGULATORY_DEFERRAL: (
        (
            "NetMovementInRegulatoryDeferralAccountBalancesRelatedToProfitOrLoss"
            "AndTheRelatedDeferredTaxMovement"
        ),
    ),
    Item.NET_PROFIT: (
        "ProfitLossForPeriod",
        "ProfitLossForPeriodBeforeMinorityInterest",
        "ProfitLossForThePeriod",
    ),
    Item.NET_PROFIT_OWNERS: ("ProfitOrLossAttributableToOwnersOfParent",),
    Item.NET_PROFIT_MINORITY: (
        "ProfitOrLossAttributableToNonControllingInterests",
        "ProfitLossOfMinorityInterest",
    ),
    Item.EPS_BASIC: ("Basic" + _BOTH, "Basic" + _CONTINUING),
    Item.EPS_DILUTED: ("Diluted" + _BOTH, "Diluted" + _CONTINUING),
}
_BANK: Names = {
    Item.REVENUE: ("InterestEarned",),
    Item.INTEREST_EARNED: ("InterestEarned",),
    Item.OTHER_INCOME: ("OtherIncome",),
    Item.TOTAL_INCOME: ("Income", "TotalIncome"),
    Item.INTEREST_EXPENDED: ("InterestExpended",),
    Item.EMPLOYEE_COST: ("EmployeesCost",),
    Item.OPERATING_EXPENSES: ("OperatingExpenses",),
    Item.TOTAL_EXPENSES: ("ExpenditureExcludingProvisionsAndContingencies",),
    Item.OPERATING_PROFIT: ("OperatingProfitBeforeProvisionAndContingencies",),
    Item.PROVISIONS: ("ProvisionsOtherThanTaxAndContingencies",),
    Item.EXCEPTIONAL: ("ExceptionalItems",),
    Item.PROFIT_BEFORE_TAX: ("ProfitLossFromOrdinaryActivitiesBeforeTax",),
    Item.TAX: ("TaxExpense",),
    Item.NET_PROFIT: (
        "ProfitLossForThePeriod",
        "ProfitLossFromOrdinaryActivitiesAfterTax",
    ),
    Item.SHARE_OF_ASSOCIATES: ("ShareOfProfitLossOfAssociates",),
    Item.NET_PROFIT_MINORITY: ("ProfitLossOfMinorityInterest",),
    Item.NET_PROFIT_OWNERS: (
        "ProfitLossAfterTaxesMinorityInterestAndShareOfProfitLossOfAssociates",
    ),
    Item.EPS_BASIC: (
        "BasicEarningsPerShareAfterExtraordinaryItems",
        "BasicEarningsPerShareBeforeExtraordinaryItems",
    ),
    Item.EPS_DILUTED: (
        "DilutedEarningsPerShareAfterExtraordinaryItems",
        "DilutedEarningsPerShareBeforeExtraordinaryItems",
    ),
    Item.GROSS_NPA_RATIO: ("PercentageOfGrossNpa",),
    Item.NET_NPA_RATIO: ("PercentageOfNpa",),
}
_INSURER: Names = {
    Item.REVENUE: (
        "NetPremiumIncome",
        "PremiumEarned",
        "PremiumEarnedNet",
        "NetPremiumWritten",
        "GrossPremiumIncome",
        "GrossPremiumsWritten",
    ),
    Item.OTHER_INCOME: ("OtherIncome",),
    Item.TOTAL_INCOME: ("Income", "TotalIncome"),
    Item.TOTAL_EXPENSES: ("Expenses", "TotalExpenses"),
    Item.PROFIT_BEFORE_TAX: ("ProfitLossBeforeTax", "ProfitOrLossBeforeTax"),
    # A life insurer's `ProvisionForTax` is the policyholders' tax: last.
    Item.TAX: (
        "ProvisionsForTaxes",
        "ProvisionsForTax",
        "TaxExpense",
        "ProvisionForTax",
    ),
    Item.NET_PROFIT: (
        "ProfitLossAfterTaxAndExtraordinaryItems",
        "ProfitLossAfterTax",
        "ProfitLossAfterTaxBeforeExtraordinaryItems",
    ),
    Item.EPS_BASIC: _INSURER_EPS,
    Item.EPS_DILUTED: _INSURER_EPS,
}

CONCEPTS: Mapping[Family, Names] = {
    Family.GENERAL: {**_GENERAL, **GENERAL_LINES},
    Family.NBFC: {**_GENERAL, **NBFC_LINES},
    Family.BANK: {**_BANK, **BANK_LINES},
    Family.INSURER: {**_INSURER, **INSURER_LINES},
}

_MARKS: tuple[tuple[Family, frozenset[str]], ...] = (
    (
        Family.INSURER,
        frozenset(
            {
                "NetPremiumIncome",
                "GrossPremiumIncome",
                "GrossPremiumsWritten",
                "NetPremiumWritten",
                "PremiumEarned",
                "PremiumEarnedNet",
            }
        ),
    ),
    (
        Family.BANK,
        frozenset(
            {
                "InterestExpended",
                "OperatingProfitBeforeProvisionAndContingencies",
                "ProvisionsOtherThanTaxAndContingencies",
            }
        ),
    ),
    (
        Family.NBFC,
        frozenset(
            {
                "FeesAndCommissionIncome",
                "FeesAndCommissionExpense",
                "ImpairmentOnFinancialInstruments",
            }
        ),
    ),
)


def family_of(concepts: frozenset[str]) -> Family:
    """The statement format, from the concepts a file uses.

    File names are no guide: lenders file under the general prefix too.
    """
    for family, marks in _MARKS:
        if marks & concepts:
            return family
    return Family.GENERAL
