"""XBRL element names, in the order filings use them, by family.

Each entry pairs an element with one of our items. ``0`` stands for an element
filers send as zero.
"""

GENERAL = (
    ("RevenueFromOperations", "revenue"),
    ("OtherIncome", "other_income"),
    ("Income", "income"),
    ("CostOfMaterialsConsumed", "materials"),
    ("PurchasesOfStockInTrade", "purchases"),
    ("ChangesInInventoriesOfFinishedGoodsWorkInProgressAndStockInTrade", "inventory"),
    ("EmployeeBenefitExpense", "employees"),
    ("FinanceCosts", "finance"),
    ("DepreciationDepletionAndAmortisationExpense", "depreciation"),
    ("OtherExpenses", "other_expenses"),
    ("Expenses", "expenses"),
)
NBFC = (
    ("InterestEarned", "interest_income"),
    ("DividendIncome", "0"),
    ("RentalIncome", "0"),
    ("FeesAndCommissionIncome", "fees_income"),
    ("NetGainOnFairValueChanges", "fair_value"),
    ("OtherRevenueFromOperations", "other_revenue"),
    ("RevenueFromOperations", "revenue"),
    ("OtherIncome", "other_income"),
    ("Income", "income"),
    ("EmployeeBenefitExpense", "employees"),
    ("FinanceCosts", "finance"),
    ("DepreciationDepletionAndAmortisationExpense", "depreciation"),
    ("FeesAndCommissionExpense", "fees_paid"),
    ("NetLossOnFairValueChanges", "0"),
    ("ImpairmentOnFinancialInstruments", "impairment"),
    ("OtherExpenses", "other_expenses"),
    ("Expenses", "expenses"),
)
BELOW = (
    ("ProfitBeforeExceptionalItemsAndTax", "before_exceptional"),
    ("ExceptionalItemsBeforeTax", "exceptional"),
    ("ProfitBeforeTax", "pbt"),
    ("CurrentTax", "current_tax"),
    ("DeferredTax", "deferred_tax"),
    ("TaxExpense", "tax"),
    ("ProfitLossForPeriodFromContinuingOperations", "after_tax"),
    ("ProfitLossFromDiscontinuedOperationsBeforeTax", "0"),
    ("TaxExpenseOfDiscontinuedOperations", "0"),
    ("ProfitLossFromDiscontinuedOperationsAfterTax", "0"),
    (
        "ShareOfProfitLossOfAssociatesAndJointVenturesAccountedForUsingEquityMethod",
        "associates",
    ),
    ("ProfitLossForPeriod", "profit"),
    ("OtherComprehensiveIncomeNetOfTaxes", "oci"),
    ("ComprehensiveIncomeForThePeriod", "comprehensive"),
)
OWNERS = (
    ("ProfitOrLossAttributableToOwnersOfParent", "owners"),
    ("ProfitOrLossAttributableToNonControllingInterests", "minority"),
)
BANK = (
    ("InterestOrDiscountOnAdvancesOrBills", "advances"),
    ("RevenueOnInvestments", "investments"),
    ("InterestOnBalancesWithReserveBankOfIndiaAndOtherInterBankFunds", "balances"),
    ("OtherInterest", "other_interest"),
    ("InterestEarned", "revenue"),
    ("OtherIncome", "other_income"),
    ("Income", "income"),
    ("InterestExpended", "interest_expended"),
    ("EmployeesCost", "employees"),
    ("OtherOperatingExpenses", "other_operating"),
    ("OperatingExpenses", "operating_expenses"),
    ("ExpenditureExcludingProvisionsAndContingencies", "expenses"),
    ("OperatingProfitBeforeProvisionAndContingencies", "operating_profit"),
    ("ProvisionsOtherThanTaxAndContingencies", "provisions"),
    ("ExceptionalItems", "exceptional"),
    ("ProfitLossFromOrdinaryActivitiesBeforeTax", "pbt"),
    ("TaxExpense", "tax"),
    ("ProfitLossFromOrdinaryActivitiesAfterTax", "after_tax"),
    ("ExtraordinaryItems", "0"),
    ("ProfitLossForThePeriod", "after_tax"),
)
BANK_GROUP = (
    ("ShareOfProfitLossOfAssociates", "associates"),
    ("ProfitLossOfMinorityInterest", "minority"),
    ("ProfitLossAfterTaxesMinorityInterestAndShareOfProfitLossOfAssociates", "owners"),
)
BANK_EPS = (
    "BasicEarningsPerShareBeforeExtraordinaryItems",
    "DilutedEarningsPerShareBeforeExtraordinaryItems",
    "BasicEarningsPerShareAfterExtraordinaryItems",
    "DilutedEarningsPerShareAfterExtraordinaryItems",
)
EPS = (
    "BasicEarningsLossPerShareFromContinuingOperations",
    "DilutedEarningsLossPerShareFromContinuingOperations",
    "BasicEarningsLossPerShareFromDiscontinuedOperations",
    "DilutedEarningsLossPerShareFromDiscontinuedOperations",
    "BasicEarningsLossPerShareFromContinuingAndDiscontinuedOperations",
    "DilutedEarningsLossPerShareFromContinuingAndDiscontinuedOperations",
)
NOTES = "DisclosureOfNotesOnFinancialResultsExplanatoryTextBlock"
INTIMATED = (
    "DateOnWhichPriorIntimationOfTheMeetingForConsideringFinancialResults"
    "WasInformedToTheExchange"
)


def amounts(family: str, basis: str) -> tuple[tuple[str, str], ...]:
    """The money elements of a statement, in order."""
    group = basis == "consolidated"
    if family == "bank":
        return BANK + (BANK_GROUP if group else ())
    return (
        (GENERAL if family == "general" else NBFC) + BELOW + (OWNERS if group else ())
    )
