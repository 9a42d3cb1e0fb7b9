"""Year-end balance sheet and cash flow of a fourth-quarter filing."""

from filings import Filing
from statements import Items


def balance_facts(filing: Filing) -> list[tuple[str, str, int]]:
    """(element, context, ticks): balances in OneI, cash flows in FourD."""
    year = filing.to_date or filing.statement
    capital = year.paid_up // filing.company.unit.tick
    if filing.company.family == "bank":
        sheet = _bank_sheet(year.items, capital)
    else:
        sheet = _sheet(year.items, capital, group=filing.basis == "consolidated")
    reserves = (
        "ReservesAndSurplus"
        if filing.company.family == "bank"
        else "ReserveExcludingRevaluationReserves"
    )
    return [
        (reserves, "FourD", year.items["other_equity"]),
        *((name, "OneI", ticks) for name, ticks in sheet),
        *((name, "FourD", ticks) for name, ticks in _cash(year.items)),
    ]


def _sheet(items: Items, capital: int, *, group: bool) -> list[tuple[str, int]]:
    equity = capital + items["other_equity"]
    minority = items["minority"] * 9 if group else 0
    long_debt = items["borrowings"] * 7 // 10
    short_debt = items["borrowings"] - long_debt
    payables, provisions = items["expenses"] // 9, items["expenses"] // 60
    noncurrent = long_debt + provisions
    current = short_debt + payables
    assets = equity + minority + noncurrent + current
    plant, stock = assets * 46 // 100, assets * 15 // 100
    owed, cash = assets * 17 // 100, assets * 5 // 100
    other_long = assets * 6 // 100
    other_short = assets - plant - other_long - stock - owed - cash
    return [
        ("PropertyPlantAndEquipment", plant),
        ("OtherNoncurrentAssets", other_long),
        ("NoncurrentAssets", plant + other_long),
        ("Inventories", stock),
        ("TradeReceivablesCurrent", owed),
        ("CashAndCashEquivalents", cash),
        ("OtherCurrentAssets", other_short),
        ("CurrentAssets", stock + owed + cash + other_short),
        ("Assets", assets),
        ("EquityShareCapital", capital),
        ("OtherEquity", items["other_equity"]),
        ("EquityAttributableToOwnersOfParent", equity),
        *((("NonControllingInterest", minority),) if group else ()),
        ("Equity", equity + minority),
        ("BorrowingsNoncurrent", long_debt),
        ("ProvisionsNoncurrent", provisions),
        ("NoncurrentLiabilities", noncurrent),
        ("BorrowingsCurrent", short_debt),
        ("TradePayablesCurrent", payables),
        ("CurrentLiabilities", current),
        ("Liabilities", noncurrent + current),
        ("EquityAndLiabilities", assets),
    ]


def _bank_sheet(items: Items, capital: int) -> list[tuple[str, int]]:
    assets, reserves = items["assets"], items["other_equity"]
    other = assets // 40
    deposits = assets - capital - reserves - items["borrowings"] - other
    cash, fixed = assets * 6 // 100, assets // 100
    invested = assets * 21 // 100
    rest = assets - cash - fixed - invested - items["loans"]
    return [
        ("Capital", capital),
        ("ReservesAndSurplus", reserves),
        ("Deposits", deposits),
        ("Borrowings", items["borrowings"]),
        ("OtherLiabilitiesAndProvisions", other),
        ("CapitalAndLiabilities", assets),
        ("CashAndBalancesWithReserveBankOfIndia", cash),
        ("Investments", invested),
        ("Advances", items["loans"]),
        ("FixedAssets", fixed),
        ("OtherAssets", rest),
        ("Assets", assets),
    ]


def _cash(items: Items) -> list[tuple[str, int]]:
    wear = items.get("depreciation", items["expenses"] // 80)
    operating = items["profit"] + wear - items["income"] // 90
    investing = -(wear * 13 // 10)
    financing = -(operating + investing) * 8 // 10
    change = operating + investing + financing
    opening = items["income"] // 40
    return [
        ("CashFlowsFromUsedInOperatingActivities", operating),
        ("CashFlowsFromUsedInInvestingActivities", investing),
        ("CashFlowsFromUsedInFinancingActivities", financing),
        ("IncreaseDecreaseInCashAndCashEquivalents", change),
        ("CashAndCashEquivalentsCashFlowStatement", opening + change),
    ]
