"""How filings word their rows: several wordings of each line."""

from collections.abc import Mapping, Sequence

from dexter.domain.statement import Item

WORDS: Mapping[str, Sequence[str]] = {
    "revenue": (
        "Revenue from operations",
        "Revenue from Operations (net)",
        "Income from operations",
        "Total revenue from operations",
    ),
    "sales": (
        "Net sales / income from operations (net of excise duty)",
        "Net Sales/Income from Operations",
    ),
    "operating_income": ("Other operating income",),
    "older_revenue": (
        "Total income from operations (net)",
        "Total Income from Operations (Net)",
    ),
    "other_income": ("Other income", "Other Income", "Other income (net)"),
    "total_income": (
        "Total income",
        "Total Income (I+II)",
        "Total Revenue",
        "Total income (1+2)",
    ),
    "materials": (
        "Cost of materials consumed",
        "Cost of raw materials and components consumed",
        "Consumption of raw materials",
    ),
    "purchases": ("Purchases of stock-in-trade", "Purchase of traded goods"),
    "inventories": (
        "Changes in inventories of finished goods, work-in-progress and stock-in-trade",
        "Changes in inventories",
        "(Increase)/decrease in inventories of finished goods and work-in-progress",
    ),
    "employee": (
        "Employee benefits expense",
        "Employee benefit expenses",
        "Employees cost",
    ),
    "finance": ("Finance costs", "Finance cost", "Finance Costs"),
    "depreciation": (
        "Depreciation and amortisation expense",
        "Depreciation and amortization expenses",
        "Depreciation, amortisation and impairment expense",
    ),
    "impairment": (
        "Impairment on financial instruments",
        "Impairment of financial instruments (expected credit loss)",
    ),
    "other": (
        "Other expenses",
        "Other Expenses",
        "Other expenses (any item exceeding 10% of the total expenses shown apart)",
    ),
    "total_expenses": ("Total expenses", "Total Expenses", "Total expenditure"),
    "before_exceptional": (
        "Profit before exceptional items and tax",
        "Profit/(loss) before exceptional items and tax",
        "Profit / (Loss) before Exceptional Items and Tax",
    ),
    "before_associates": (
        "Profit before share of profit of associates, exceptional items and tax",
        "Profit/(loss) before share of associates, exceptional items and tax",
    ),
    "exceptional": ("Exceptional items", "Exceptional Items", "Exceptional item (net)"),
    "associates": (
        "Share of profit/(loss) of associates and joint ventures",
        "Share of profit of associates",
        "Share in profit/(loss) after tax of joint ventures/associates (net)",
    ),
    "profit_before_tax": (
        "Profit before tax",
        "Profit/(Loss) before tax",
        "Profit / (loss) before tax",
    ),
    "older_before_tax": (
        "Profit / (Loss) from ordinary activities before tax",
        "Profit/(loss) from ordinary activities before tax",
    ),
    "current_tax": ("Current tax", "Current Tax", "Current tax expense"),
    "deferred_tax": ("Deferred tax", "Deferred tax charge/(credit)", "Deferred Tax"),
    "earlier_tax": (
        "Tax adjustment of earlier years",
        "Short/(excess) provision of tax of earlier years",
    ),
    "tax": ("Total tax expense", "Total tax expenses", "Tax expense"),
    "after_tax": ("Profit after tax", "Net profit after tax"),
    "continuing": (
        "Profit/(loss) for the period from continuing operations",
        "Net profit from continuing operations after tax",
    ),
    "discontinued_before": ("Profit/(loss) from discontinued operations before tax",),
    "discontinued_tax": ("Tax expense of discontinued operations",),
    "discontinued": ("Profit/(loss) from discontinued operations after tax",),
    "net_profit": (
        "Net profit for the period",
        "Profit for the period",
        "Profit/(Loss) for the period",
        "Profit for the period/year",
        "Net Profit / (Loss) for the period",
    ),
    "net_after_associates": (
        "Net profit after tax and share of profit of associates",
        "Net profit after tax and share in profit/(loss) of joint ventures/associates",
    ),
    "older_after_tax": (
        "Net Profit / (Loss) from ordinary activities after tax",
        "Net profit/(loss) from ordinary activities after tax",
    ),
    "owners": ("Owners of the Company", "Owners of the parent"),
    "minority": ("Non-controlling interests", "Non-controlling interest"),
    "oci_stays": (
        "Items that will not be reclassified to profit or loss",
        "Remeasurement of defined benefit plans",
    ),
    "oci_stays_tax": (
        "Income tax relating to items that will not be reclassified to profit or loss",
    ),
    "oci": ("Total other comprehensive income", "Other comprehensive income, net"),
    "comprehensive": (
        "Total comprehensive income for the period",
        "Total Comprehensive Income",
    ),
    "capital": (
        "Paid-up equity share capital (face value of Rs. {face} each)",
        "Paid up equity share capital (Face value Rs. {face}/- per share)",
        "Paid-up Equity Share Capital (Rs. {face} each)",
    ),
    "reserves": (
        "Other equity excluding revaluation reserves",
        "Reserves excluding revaluation reserves as per the last balance sheet",
    ),
    "eps_basic": ("Basic", "Basic (Rs.)", "Basic EPS (Rs.)"),
    "eps_diluted": ("Diluted", "Diluted (Rs.)", "Diluted EPS (Rs.)"),
    "before_other_income": (
        (
            "Profit / (Loss) from operations before other income, finance costs and "
            "exceptional items"
        ),
    ),
    "before_finance": (
        (
            "Profit / (Loss) from ordinary activities before finance costs and "
            "exceptional items"
        ),
    ),
    "after_finance": (
        (
            "Profit / (Loss) from ordinary activities after finance costs but before "
            "exceptional items"
        ),
    ),
    "extraordinary": ("Extraordinary items (net of tax expense)",),
    "interest_earned": ("Interest earned (a)+(b)+(c)", "Interest Earned"),
    "interest_loans": ("Interest/discount on advances/bills",),
    "interest_investments": ("Income on investments",),
    "interest_other": ("Interest on balances with RBI and other inter-bank funds",),
    "interest_expended": ("Interest expended", "Interest Expended"),
    "operating_expenses": ("Operating expenses (i)+(ii)", "Operating Expenses"),
    "operating_other": ("Other operating expenses",),
    "bank_employee": ("Employees cost", "Payments to and provisions for employees"),
    "bank_expenses": (
        "Total expenditure (excluding provisions and contingencies)",
        "Total Expenditure excluding provisions and contingencies",
    ),
    "operating_profit": (
        "Operating profit before provisions and contingencies",
        "Operating Profit (Profit before provisions and contingencies)",
    ),
    "provisions": (
        "Provisions (other than tax) and contingencies",
        "Provisions and contingencies (other than tax)",
    ),
    "bank_before_tax": (
        "Profit from ordinary activities before tax",
        "Net profit/(loss) from ordinary activities before tax",
    ),
    "interest_income": ("Interest income",),
    "fees": ("Fees and commission income",),
}
ITEMS: Mapping[str, Item] = {
    "revenue": Item.REVENUE,
    "other_income": Item.OTHER_INCOME,
    "total_income": Item.TOTAL_INCOME,
    "total_expenses": Item.TOTAL_EXPENSES,
    "profit_before_tax": Item.PROFIT_BEFORE_TAX,
    "tax": Item.TAX,
    "net_profit": Item.NET_PROFIT,
    "eps_basic": Item.EPS_BASIC,
    "eps_diluted": Item.EPS_DILUTED,
    "finance": Item.FINANCE_COSTS,
    "employee": Item.EMPLOYEE_COST,
    "depreciation": Item.DEPRECIATION,
    "exceptional": Item.EXCEPTIONAL,
    "associates": Item.SHARE_OF_ASSOCIATES,
    "owners": Item.NET_PROFIT_OWNERS,
    "minority": Item.NET_PROFIT_MINORITY,
    "capital": Item.PAID_UP_CAPITAL,
    "reserves": Item.RESERVES,
    "interest_expended": Item.INTEREST_EXPENDED,
    "operating_expenses": Item.OPERATING_EXPENSES,
    "operating_profit": Item.OPERATING_PROFIT,
    "provisions": Item.PROVISIONS,
    "discontinued": Item.DISCONTINUED,
    "current_tax": Item.CURRENT_TAX,
    "deferred_tax": Item.DEFERRED_TAX,
    "before_exceptional": Item.PROFIT_BEFORE_EXCEPTIONAL,
    "before_with_associates": Item.PROFIT_BEFORE_EXCEPTIONAL,
}
NINE = (
    Item.REVENUE,
    Item.OTHER_INCOME,
    Item.TOTAL_INCOME,
    Item.TOTAL_EXPENSES,
    Item.PROFIT_BEFORE_TAX,
    Item.TAX,
    Item.NET_PROFIT,
    Item.EPS_BASIC,
    Item.EPS_DILUTED,
)
