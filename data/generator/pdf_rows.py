"""The rows of the Regulation 33 formats: serial, label, item."""

from dataclasses import dataclass
from datetime import date

from statements import Statement


@dataclass(frozen=True)
class Row:
    """One printed row; ``item`` names the money, None is a heading.

    ``item`` may also be ``eps_basic``, ``eps_diluted``, ``paid_up`` or a ratio.
    """

    serial: str
    label: str
    item: str | None = None
    strong: bool = False


GENERAL_TOP = (
    Row("1", "Income"),
    Row("", "(a) Revenue from operations", "revenue"),
    Row("", "(b) Other income", "other_income"),
    Row("", "Total income", "income", strong=True),
    Row("2", "Expenses"),
    Row("", "(a) Cost of materials consumed", "materials"),
    Row("", "(b) Purchases of stock-in-trade", "purchases"),
    Row(
        "",
        "(c) Changes in inventories of finished goods, work-in-progress and "
        "stock-in-trade",
        "inventory",
    ),
    Row("", "(d) Employee benefits expense", "employees"),
    Row("", "(e) Finance costs", "finance"),
    Row("", "(f) Depreciation and amortisation expense", "depreciation"),
    Row("", "(g) Other expenses", "other_expenses"),
    Row("", "Total expenses", "expenses", strong=True),
)
NBFC_TOP = (
    Row("1", "Revenue from operations"),
    Row("", "(a) Interest income", "interest_income"),
    Row("", "(b) Fees and commission income", "fees_income"),
    Row("", "(c) Net gain on fair value changes", "fair_value"),
    Row("", "(d) Other operating income", "other_revenue"),
    Row("", "Total revenue from operations", "revenue", strong=True),
    Row("2", "Other income", "other_income"),
    Row("3", "Total income (1+2)", "income", strong=True),
    Row("4", "Expenses"),
    Row("", "(a) Finance costs", "finance"),
    Row("", "(b) Fees and commission expense", "fees_paid"),
    Row("", "(c) Impairment on financial instruments", "impairment"),
    Row("", "(d) Employee benefits expense", "employees"),
    Row("", "(e) Depreciation and amortisation expense", "depreciation"),
    Row("", "(f) Other expenses", "other_expenses"),
    Row("", "Total expenses", "expenses", strong=True),
)
BANK_TOP = (
    Row("1", "Interest earned (a)+(b)+(c)+(d)", "revenue", strong=True),
    Row("", "(a) Interest/discount on advances/bills", "advances"),
    Row("", "(b) Income on investments", "investments"),
    Row(
        "",
        "(c) Interest on balances with Reserve Bank of India and other "
        "inter-bank funds",
        "balances",
    ),
    Row("", "(d) Others", "other_interest"),
    Row("2", "Other income", "other_income"),
    Row("3", "Total income (1+2)", "income", strong=True),
    Row("4", "Interest expended", "interest_expended"),
    Row("5", "Operating expenses (i)+(ii)", "operating_expenses", strong=True),
    Row("", "(i) Employees cost", "employees"),
    Row("", "(ii) Other operating expenses", "other_operating"),
    Row(
        "6",
        "Total expenditure (4+5) excluding provisions and contingencies",
        "expenses",
        strong=True,
    ),
    Row(
        "7",
        "Operating profit before provisions and contingencies (3-6)",
        "operating_profit",
        strong=True,
    ),
    Row("8", "Provisions (other than tax) and contingencies", "provisions"),
    Row("9", "Exceptional items", "exceptional"),
    Row("10", "Profit from ordinary activities before tax (7-8-9)", "pbt", strong=True),
    Row("11", "Tax expense", "tax"),
    Row(
        "12",
        "Net profit from ordinary activities after tax (10-11)",
        "after_tax",
        strong=True,
    ),
    Row("13", "Extraordinary items (net of tax expense)", "nil"),
    Row("14", "Net profit for the period (12-13)", "after_tax", strong=True),
)


def rows(statement: Statement, filed: date, *, year: bool) -> list[Row]:
    """The rows one statement page prints."""
    family, group = statement.company.family, statement.basis == "consolidated"
    if family == "bank":
        return [*BANK_TOP, *_bank_tail(statement, filed, group=group)]
    top, last = (GENERAL_TOP, 2) if family == "general" else (NBFC_TOP, 4)
    return [*top, *_below(last, statement, filed, group=group, year=year)]


def _below(
    last: int, statement: Statement, filed: date, *, group: bool, year: bool
) -> list[Row]:
    income = 1 if last == 2 else 3
    n = last + 1
    found = [
        Row(
            str(n),
            f"Profit / (loss) before exceptional items and tax ({income}-{last})",
            "before_exceptional",
            strong=True,
        ),
        Row(str(n + 1), "Exceptional items", "exceptional"),
        Row(
            str(n + 2), f"Profit / (loss) before tax ({n}+{n + 1})", "pbt", strong=True
        ),
        Row(str(n + 3), "Tax expense"),
        Row("", "(a) Current tax", "current_tax"),
        Row("", "(b) Deferred tax", "deferred_tax"),
        Row("", "Total tax expense", "tax", strong=True),
    ]
    n += 4
    label = f"Net profit / (loss) for the period ({n - 2}-{n - 1})"
    if group:
        found += [
            Row(
                str(n),
                f"Profit / (loss) after tax ({n - 2}-{n - 1})",
                "after_tax",
                strong=True,
            ),
            Row(str(n + 1), "Share of profit / (loss) of associates", "associates"),
        ]
        n += 2
        label = f"Net profit / (loss) for the period ({n - 2}+{n - 1})"
    found += [Row(str(n), label, "profit", strong=True), *_comprehensive(n)]
    n += 3
    if group:
        found += [
            Row(str(n), "Net profit / (loss) attributable to"),
            Row("", "Owners of the Company", "owners"),
            Row("", "Non-controlling interests", "minority"),
        ]
        n += 1
    return found + _shares(n, statement, filed, year=year)


def _comprehensive(n: int) -> list[Row]:
    """The rows between the net profit, numbered ``n``, and total income."""
    return [
        Row(str(n + 1), "Other comprehensive income (net of tax)"),
        Row(
            "", "(a) Items that will not be reclassified to profit or loss", "oci_kept"
        ),
        Row(
            "", "(b) Items that will be reclassified to profit or loss", "oci_recycled"
        ),
        Row(
            str(n + 2),
            f"Total comprehensive income ({n}+{n + 1})",
            "comprehensive",
            strong=True,
        ),
    ]


def _shares(n: int, statement: Statement, filed: date, *, year: bool) -> list[Row]:
    face = statement.face_value(filed)
    found = [
        Row(
            str(n),
            f"Paid-up equity share capital (face value of Rs. {face}/- each)",
            "paid_up",
        ),
    ]
    if year:
        n += 1
        found.append(Row(str(n), "Other equity", "other_equity"))
    return [
        *found,
        Row(str(n + 1), "Earnings per equity share (in Rs.) (quarters not annualised)"),
        Row("", "(a) Basic", "eps_basic"),
        Row("", "(b) Diluted", "eps_diluted"),
    ]


def _bank_tail(statement: Statement, filed: date, *, group: bool) -> list[Row]:
    found: list[Row] = []
    n = 15
    if group:
        found = [
            Row("15", "Share of profit of associates", "associates"),
            Row("16", "Share of minority interest", "minority"),
            Row(
                "17",
                "Net profit after minority interest and share of associates (14+15-16)",
                "owners",
                strong=True,
            ),
        ]
        n = 18
    face = statement.face_value(filed)
    return [
        *found,
        Row(
            str(n),
            f"Paid-up equity share capital (face value Rs. {face}/- each)",
            "paid_up",
        ),
        Row(str(n + 1), "Earnings per share (in Rs.) (not annualised)"),
        Row("", "- Basic", "eps_basic"),
        Row("", "- Diluted", "eps_diluted"),
        Row(str(n + 2), "NPA ratios"),
        Row("", "(a) Gross NPA", "gross_npa"),
        Row("", "(b) Net NPA", "net_npa"),
        Row("", "(c) % of gross NPA", "gross_ratio"),
        Row("", "(d) % of net NPA", "net_ratio"),
    ]
