"""Books of companies of all four families that balance, by XBRL concept.

No real insurer was at hand when this was written: its concepts are those that public
readers of such files name.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.statement import Item

LAKH = Decimal(100_000)
Amount = Callable[[int, int], Decimal]
_COSTS = (
    (Item.COST_OF_MATERIALS, "CostOfMaterialsConsumed"),
    (Item.PURCHASES, "PurchasesOfStockInTrade"),
    (
        Item.INVENTORY_CHANGES,
        "ChangesInInventoriesOfFinishedGoodsWorkInProgressAndStockInTrade",
    ),
    (Item.EMPLOYEE_COST, "EmployeeBenefitExpense"),
    (Item.FINANCE_COSTS, "FinanceCosts"),
    (Item.DEPRECIATION, "DepreciationDepletionAndAmortisationExpense"),
    (Item.OTHER_EXPENSES, "OtherExpenses"),
)
_LENDER_COSTS = (
    (Item.FEES_EXPENSE, "FeesAndCommissionExpense"),
    (Item.FAIR_VALUE_LOSSES, "NetLossOnFairValueChanges"),
    (
        Item.DERECOGNITION_LOSSES,
        "NetLossOnDerecognitionOfFinancialInstrumentsUnderAmortisedCostCategory",
    ),
    (Item.IMPAIRMENT, "ImpairmentOnFinancialInstruments"),
)
_LENDER_INCOME = (
    (Item.INTEREST_INCOME, "InterestEarned"),
    (Item.DIVIDEND_INCOME, "DividendIncome"),
    (Item.RENTAL_INCOME, "RentalIncome"),
    (Item.FEES_INCOME, "FeesAndCommissionIncome"),
    (Item.FAIR_VALUE_GAINS, "NetGainOnFairValueChanges"),
    (
        Item.DERECOGNITION_GAINS,
        "NetGainOnDerecognitionOfFinancialInstrumentsUnderAmortisedCostCategory",
    ),
    (Item.SALE_OF_PRODUCTS, "RevenueFromSaleOfProduct"),
    (Item.SALE_OF_SERVICES, "RevenueFromSaleOfServices"),
    (Item.OTHER_OPERATING_REVENUE, "OtherRevenueFromOperations"),
)
_BANK_INTEREST = (
    (Item.INTEREST_ON_ADVANCES, "InterestOrDiscountOnAdvancesOrBills"),
    (Item.INCOME_ON_INVESTMENTS, "RevenueOnInvestments"),
    (
        Item.INTEREST_ON_RBI_BALANCES,
        "InterestOnBalancesWithReserveBankOfIndiaAndOtherInterBankFunds",
    ),
    (Item.OTHER_INTEREST, "OtherInterest"),
)
_BOTH = "EarningsLossPerShareFromContinuingAndDiscontinuedOperations"
_INSURER_EPS = (
    "BasicAndDilutedEPSAfterExtraordinaryItemsNetOfTaxExpenseForThePeriod"
    "NotToBeAnnualized"
)


@dataclass
class Book:
    """One period's facts by concept, and what must be read from them, in rupees."""

    facts: dict[str, Decimal] = field(default_factory=dict)
    truth: dict[Item, Decimal] = field(default_factory=dict)
    balances: dict[str, Decimal] = field(default_factory=dict)
    rates: dict[str, Decimal] = field(default_factory=dict)
    per_share: dict[str, Decimal] = field(default_factory=dict)

    def say(self, item: Item, concept: str, value: Decimal) -> Decimal:
        """Note a line and its concept."""
        self.facts[concept] = value
        self.truth[item] = value
        return value


def book(family: Family, seed: int) -> Book:
    """Books that balance to the rupee, in whole lakhs; every fifth is a loss."""
    chance = random.Random(f"{family}-{seed}")  # noqa: S311 - books, not secrets
    one = Book()

    def amount(low: int, high: int) -> Decimal:
        return chance.randint(low, high) * LAKH

    profit = {
        Family.GENERAL: _general,
        Family.NBFC: _general,
        Family.BANK: _bank,
        Family.INSURER: _insurer,
    }[family](one, amount, family, loss=seed % 5 == 4)
    _shares(one, family, profit, chance)
    return one


def _general(one: Book, amount: Amount, family: Family, *, loss: bool) -> Decimal:
    lines: tuple[tuple[Item, str], ...] = _COSTS
    if family is Family.NBFC:
        revenue = sum(
            (one.say(i, c, amount(0, 90_000)) for i, c in _LENDER_INCOME), Decimal(0)
        )
        lines = (*_COSTS, *_LENDER_COSTS)
    else:
        revenue = amount(200_000, 900_000)
    one.say(Item.REVENUE, "RevenueFromOperations", revenue)
    income = revenue + one.say(Item.OTHER_INCOME, "OtherIncome", amount(1, 9_000))
    one.say(Item.TOTAL_INCOME, "Income", income)
    share = revenue * (Decimal("1.3") if loss else Decimal("0.8")) / len(lines)
    costs = Decimal(0)
    for item, concept in lines:
        value = (share // LAKH) * LAKH + amount(-90, 90)
        # Stocks that grew are a negative cost.
        value = -value if item is Item.INVENTORY_CHANGES else value
        costs += one.say(item, concept, value)
    one.say(Item.TOTAL_EXPENSES, "Expenses", costs)
    before = one.say(
        Item.PROFIT_BEFORE_EXCEPTIONAL,
        "ProfitBeforeExceptionalItemsAndTax",
        income - costs,
    )
    special = one.say(Item.EXCEPTIONAL, "ExceptionalItemsBeforeTax", amount(-500, 500))
    before += special
    one.say(Item.PROFIT_BEFORE_TAX, "ProfitBeforeTax", before)
    current = one.say(Item.CURRENT_TAX, "CurrentTax", amount(10, 900))
    deferred = one.say(Item.DEFERRED_TAX, "DeferredTax", amount(-90, -1))
    tax = one.say(Item.TAX, "TaxExpense", current + deferred)
    net = one.say(Item.NET_PROFIT, "ProfitLossForPeriod", before - tax)
    other = one.say(
        Item.OTHER_COMPREHENSIVE, "OtherComprehensiveIncomeNetOfTaxes", amount(-99, 99)
    )
    one.say(Item.TOTAL_COMPREHENSIVE, "ComprehensiveIncomeForThePeriod", net + other)
    return net


def _bank(one: Book, amount: Amount, _family: Family, *, loss: bool) -> Decimal:
    earned = sum(
        (one.say(i, c, amount(5_000, 90_000)) for i, c in _BANK_INTEREST), Decimal(0)
    )
    one.say(Item.INTEREST_EARNED, "InterestEarned", earned)
    one.truth[Item.REVENUE] = earned
    income = earned + one.say(Item.OTHER_INCOME, "OtherIncome", amount(100, 9_000))
    one.say(Item.TOTAL_INCOME, "Income", income)
    spent = one.say(Item.INTEREST_EXPENDED, "InterestExpended", amount(5_000, 9_000))
    staff = one.say(Item.EMPLOYEE_COST, "EmployeesCost", amount(1_000, 3_000))
    rest = one.say(
        Item.OTHER_OPERATING_EXPENSES, "OtherOperatingExpenses", amount(1_000, 3_000)
    )
    one.say(Item.OPERATING_EXPENSES, "OperatingExpenses", staff + rest)
    cost = one.say(
        Item.TOTAL_EXPENSES,
        "ExpenditureExcludingProvisionsAndContingencies",
        spent + staff + rest,
    )
    operating = one.say(
        Item.OPERATING_PROFIT,
        "OperatingProfitBeforeProvisionAndContingencies",
        income - cost,
    )
    set_aside = one.say(
        Item.PROVISIONS,
        "ProvisionsOtherThanTaxAndContingencies",
        operating + amount(900, 9_000) if loss else amount(10, 900),
    )
    before = one.say(
        Item.PROFIT_BEFORE_TAX,
        "ProfitLossFromOrdinaryActivitiesBeforeTax",
        operating - set_aside,
    )
    tax = one.say(Item.TAX, "TaxExpense", amount(1, 90))
    loans, gross, net = 250_000_000 * LAKH / 100, amount(300, 900), amount(10, 200)
    one.say(Item.GROSS_NPA, "GrossNonPerformingAssets", gross * 100)
    one.say(Item.NET_NPA, "NonPerformingAssets", net * 100)
    for item, concept, bad in (
        (Item.GROSS_NPA_RATIO, "PercentageOfGrossNpa", gross * 100),
        (Item.NET_NPA_RATIO, "PercentageOfNpa", net * 100),
    ):
        ratio = (bad / (loans + bad)).quantize(Decimal("0.0001"))
        one.rates[concept] = one.truth[item] = ratio
    return one.say(Item.NET_PROFIT, "ProfitLossForThePeriod", before - tax)


def _insurer(one: Book, amount: Amount, _family: Family, *, loss: bool) -> Decimal:
    parts = (
        (Item.FIRST_YEAR_PREMIUM, "IncomeFirstYearPremium"),
        (Item.RENEWAL_PREMIUM, "IncomeRenewalPremium"),
        (Item.SINGLE_PREMIUM, "IncomeSinglePremium"),
    )
    gross = sum((one.say(i, c, amount(1, 90_000)) for i, c in parts), Decimal(0))
    one.say(Item.GROSS_PREMIUM, "GrossPremiumIncome", gross)
    net = one.say(Item.NET_PREMIUM, "NetPremiumIncome", gross - amount(0, 1))
    one.truth[Item.REVENUE] = net
    one.say(Item.TOTAL_INCOME, "Income", net + amount(1, 900))
    one.facts["ProvisionForTax"] = amount(1, 90)  # the policyholders' own tax
    before = -amount(100, 900) if loss else amount(100, 90_000)
    one.say(Item.PROFIT_BEFORE_TAX, "ProfitLossBeforeTax", before)
    tax = one.say(Item.TAX, "ProvisionsForTaxes", amount(1, 50))
    one.rates["SolvencyRatio"] = one.truth[Item.SOLVENCY_RATIO] = Decimal("1.85")
    name = "ProfitLossAfterTaxAndExtraordinaryItems"
    return one.say(Item.NET_PROFIT, name, before - tax)


def _shares(one: Book, family: Family, profit: Decimal, chance: random.Random) -> None:
    face = Decimal(chance.choice((1, 2, 5, 10)))
    shares = chance.randint(5, 90) * 1_000_000
    eps = (profit / shares).quantize(Decimal("0.01"))
    names = {
        Family.BANK: tuple(
            f"{kind}EarningsPerShareAfterExtraordinaryItems"
            for kind in ("Basic", "Diluted")
        ),
        Family.INSURER: (_INSURER_EPS,),
    }.get(family, tuple(f"{kind}{_BOTH}" for kind in ("Basic", "Diluted")))
    one.per_share = dict.fromkeys(names, eps)
    one.per_share["FaceValueOfEquityShareCapital"] = face
    one.truth |= {Item.EPS_BASIC: eps, Item.EPS_DILUTED: eps, Item.FACE_VALUE: face}
    one.say(Item.PAID_UP_CAPITAL, "PaidUpValueOfEquityShareCapital", shares * face)
    if family is Family.BANK:
        _liabilities(one, shares * face, chance)
        return
    if family is Family.INSURER:
        return
    reserves = chance.randint(-900, 900) * LAKH * 100 or LAKH
    one.balances |= {
        "EquityShareCapital": shares * face,
        "OtherEquity": reserves,
        "Equity": shares * face + reserves,
    }
    one.truth |= {
        Item.SHARE_CAPITAL: shares * face,
        Item.RESERVES: reserves,
        Item.TOTAL_EQUITY: shares * face + reserves,
    }


def _liabilities(one: Book, capital: Decimal, chance: random.Random) -> None:
    lines = (
        (Item.RESERVES, "ReservesAndSurplus"),
        (Item.DEPOSITS, "Deposits"),
        (Item.BORROWINGS, "Borrowings"),
        (Item.OTHER_LIABILITIES, "OtherLiabilitiesAndProvisions"),
    )
    one.balances["Capital"] = one.truth[Item.SHARE_CAPITAL] = capital
    for item, concept in lines:
        value = chance.randint(1_000, 90_000) * LAKH * 100
        one.balances[concept] = one.truth[item] = value
    whole = sum(one.balances.values(), Decimal(0))
    one.balances["CapitalAndLiabilities"] = one.truth[Item.TOTAL_ASSETS] = whole
