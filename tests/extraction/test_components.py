"""Lines beyond the headline ones are read from a page only where sums prove them."""

import random
from collections.abc import Sequence
from decimal import Decimal

import pytest

from dexter.domain.filing import Review
from dexter.domain.statement import Cell, ColumnRole, Item, Statement
from dexter.extraction.document import read
from tests.extraction.builders import pdf

Rows = tuple[tuple[str, Sequence[str]], ...]
YEAR = ColumnRole.PREVIOUS_YEAR
PAGE: Rows = (
    ("Revenue from operations", ("900.00", "880.50", "810.25", "3,300.00")),
    ("Other income", ("100.00", "50.50", "40.75", "200.00")),
    ("Total income", ("1,000.00", "931.00", "851.00", "3,500.00")),
    ("(a) Cost of materials consumed", ("400.00", "350.00", "300.00", "1,300.00")),
    ("(b) Purchases of stock-in-trade", ("95.00", "90.00", "85.00", "350.00")),
    ("(c) Changes in inventories of finished goods,", ()),
    ("work-in-progress and stock-in-trade", ("5.00", "(10.00)", "15.00", "(20.00)")),
    ("(d) Employee benefits expense", ("120.00", "121.00", "119.00", "470.00")),
    ("(e) Finance costs", ("20.00", "21.00", "22.00", "80.00")),
    (
        "(f) Depreciation and amortisation expense",
        ("60.00", "61.00", "62.00", "240.00"),
    ),
    ("(g) Power and fuel", ("40.00", "41.00", "42.00", "160.00")),
    ("(h) Other expenses", ("60.00", "57.00", "6.00", "220.00")),
    ("Total expenses", ("800.00", "731.00", "651.00", "2,800.00")),
    (
        "Profit before exceptional items and tax",
        ("200.00", "200.00", "200.00", "700.00"),
    ),
    ("Exceptional items", ("(40.00)", "-", "-", "(40.00)")),
    ("Profit before tax", ("160.00", "200.00", "200.00", "660.00")),
    ("(a) Current tax", ("45.00", "52.00", "49.00", "170.00")),
    ("(b) Deferred tax", ("(6.00)", "(2.00)", "1.00", "(6.00)")),
    ("(c) Tax of earlier years", ("1.00", "-", "-", "1.00")),
    ("Total tax expense", ("40.00", "50.00", "50.00", "165.00")),
    ("Net profit for the period", ("120.00", "150.00", "150.00", "495.00")),
    (
        "Other comprehensive income, net of tax",
        ("3.00", "(2.00)", "1.00", "4.00"),
    ),
    (
        "Total comprehensive income for the period",
        ("123.00", "148.00", "151.00", "499.00"),
    ),
    (
        "Paid-up equity share capital (face value Rs. 10/- each)",
        ("100.00", "100.00", "100.00", "100.00"),
    ),
    ("Other equity", ("", "", "", "1,234.00")),
    ("Earnings per share (not annualised)", ()),
    ("(a) Basic", ("12.00", "15.00", "15.00", "49.50")),
    ("(b) Diluted", ("11.95", "14.95", "14.95", "49.30")),
)
CURRENT = {
    Item.COST_OF_MATERIALS: "400.00",
    Item.PURCHASES: "95.00",
    Item.INVENTORY_CHANGES: "5.00",
    Item.EMPLOYEE_COST: "120.00",
    Item.FINANCE_COSTS: "20.00",
    Item.DEPRECIATION: "60.00",
    Item.POWER_AND_FUEL: "40.00",
    Item.OTHER_EXPENSES: "60.00",
    Item.PROFIT_BEFORE_EXCEPTIONAL: "200.00",
    Item.CURRENT_TAX: "45.00",
    Item.DEFERRED_TAX: "-6.00",
    Item.EARLIER_TAX: "1.00",
    Item.OTHER_COMPREHENSIVE: "3.00",
    Item.TOTAL_COMPREHENSIVE: "123.00",
}


def changed(label: str, *values: str, name: str | None = None) -> Rows:
    assert label in dict(PAGE)
    return tuple(
        (name or old, values or cells) if old == label else (old, cells)
        for old, cells in PAGE
    )


def statement(rows: Rows = PAGE) -> Statement:
    (one,) = read("results.pdf", pdf(rows)).statements
    assert one.status is Review.ACCEPTED
    return one


def cell(one: Statement, item: Item, role: ColumnRole = ColumnRole.CURRENT) -> Cell:
    found = one.cell(item, role)
    assert found is not None
    return found


def test_rows_that_add_up_are_the_lines_they_say() -> None:
    one = statement()
    found = {item: cell(one, item) for item in CURRENT}
    assert {i: str(c.value) for i, c in found.items()} == CURRENT
    assert {c.confidence for c in found.values()} == {1.0}
    assert all(c.bbox and c.page == 1 for c in found.values())
    year = cell(one, Item.EMPLOYEE_COST, YEAR)
    assert year.value == Decimal(470)


@pytest.mark.parametrize(
    ("label", "values", "lost"),
    [
        (
            "(d) Employee benefits expense",
            ("128.00", "121.00", "119.00", "470.00"),
            (Item.EMPLOYEE_COST, Item.DEPRECIATION, Item.OTHER_EXPENSES),
        ),
        (
            "(a) Current tax",
            ("45.00", "52.00", "40.00", "170.00"),
            (Item.CURRENT_TAX, Item.DEFERRED_TAX),
        ),
        (
            "Total comprehensive income for the period",
            ("122.00", "148.00", "151.00", "499.00"),
            (Item.TOTAL_COMPREHENSIVE, Item.OTHER_COMPREHENSIVE),
        ),
    ],
)
def test_one_wrong_digit_in_a_core_column_takes_the_whole_sum(
    label: str, values: Sequence[str], lost: Sequence[Item]
) -> None:
    one = statement(changed(label, *values))
    assert [one.cell(item) for item in lost] == [None] * len(lost)
    assert one.rupees(Item.NET_PROFIT) == Decimal(1_200_000_000)


def test_a_wrong_digit_in_the_year_takes_the_years_lines_only() -> None:
    one = statement(changed("(e) Finance costs", "20.00", "21.00", "22.00", "88.00"))
    assert cell(one, Item.FINANCE_COSTS).value == Decimal(20)
    year = cell(one, Item.EMPLOYEE_COST, YEAR)
    assert (year.value, "does not hold in this column" in (year.reason or "")) == (
        None,
        True,
    )


def test_a_sum_within_rounding_makes_its_lines_less_sure() -> None:
    one = statement(changed("(h) Other expenses", "60.01", "57.00", "6.00", "220.00"))
    found = cell(one, Item.OTHER_EXPENSES)
    assert found.value == Decimal("60.01")
    assert found.confidence < 1


def test_two_rows_of_one_name_are_nobodys() -> None:
    one = statement(changed("(g) Power and fuel", name="(g) Employee benefit cost"))
    assert one.cell(Item.EMPLOYEE_COST) is None
    assert cell(one, Item.DEPRECIATION).value == Decimal(60)


@pytest.mark.parametrize("mark", ["(i) ", "i) ", ""])
def test_a_heading_does_not_lend_its_name_to_the_first_row_below_it(mark: str) -> None:
    rows = [row for row in PAGE if not row[0].startswith("(c) Changes")]
    at = next(i for i, row in enumerate(rows) if row[0].startswith("work-in"))
    rows[at] = (f"{mark}Finished goods", rows[at][1])
    rows.insert(at, ("(c) Changes in inventories", ()))
    one = statement(tuple(rows))
    assert one.cell(Item.INVENTORY_CHANGES) is None
    assert cell(one, Item.PURCHASES).value == Decimal(95)


def test_parts_of_other_comprehensive_income_without_their_total() -> None:
    rows = [row for row in PAGE if not row[0].startswith("Other comprehensive")]
    at = next(i for i, row in enumerate(rows) if row[0].startswith("Total compre"))
    rows[at:at] = [
        ("Items that will not be reclassified", ("5.00", "(2.00)", "0.50", "5.00")),
        ("Income tax relating to these items", ("(2.00)", "-", "0.50", "(1.00)")),
    ]
    one = statement(tuple(rows))
    found = cell(one, Item.OTHER_COMPREHENSIVE)
    assert (found.value, found.method) == (Decimal(3), "derived")


def test_lines_no_sum_covers_come_from_their_own_label_and_less_sure() -> None:
    one = statement()
    paid, year = cell(one, Item.PAID_UP_CAPITAL), cell(one, Item.RESERVES, YEAR)
    assert (paid.value, year.value) == (Decimal(100), Decimal(1234))
    assert max(paid.confidence, year.confidence) < 1
    assert one.cell(Item.RESERVES) is None or cell(one, Item.RESERVES).value is None


def test_reserves_are_not_read_from_the_row_below_their_label() -> None:
    rows = [row for row in PAGE if row[0] != "Other equity"]
    at = next(i for i, row in enumerate(rows) if row[0].startswith("Earnings"))
    rows[at:at] = [
        ("Reserves excluding revaluation reserves as per", ()),
        ("balance sheet of the year", ("0.08", "0.07", "0.06", "0.30")),
    ]
    assert statement(tuple(rows)).cell(Item.RESERVES) is None


def misprinted(seed: int) -> tuple[Rows, str]:
    """The page with one digit of one further line changed."""
    chance = random.Random(seed)  # noqa: S311 - a test's dice
    rows = [
        (at, column)
        for at, (label, cells) in enumerate(PAGE)
        for column, text in enumerate(cells)
        if label.startswith(("(", "work-in", "Other comp")) and text.strip("-")
    ]
    at, column = chance.choice(rows)
    label, cells = PAGE[at]
    places = [i for i, letter in enumerate(cells[column]) if letter.isdigit()]
    place = chance.choice(places)
    digit = chance.choice([d for d in "0123456789" if d != cells[column][place]])
    text = cells[column][:place] + digit + cells[column][place + 1 :]
    changed = (*cells[:column], text, *cells[column + 1 :])
    return (*PAGE[:at], (label, changed), *PAGE[at + 1 :]), f"{label} {text}"


@pytest.mark.parametrize(
    "seeds",
    [range(8), pytest.param(range(8, 200), marks=pytest.mark.slow)],
    ids=["some", "many"],
)
def test_no_misprinted_digit_is_published_as_sure(seeds: range) -> None:
    truth = statement()
    for seed in seeds:
        rows, what = misprinted(seed)
        (one,) = read("results.pdf", pdf(rows)).statements
        for role, column in one.columns.items():
            for item, found in column.items.items():
                old = truth.cell(item, role)
                sure = found.value is not None and found.confidence == 1
                if item.per_share or not sure or one.status is not Review.ACCEPTED:
                    continue
                assert old is not None, (what, role, item)
                assert found.value == old.value, (what, role, item)


BANK: Rows = (
    ("1 Interest earned (a)+(b)+(c)+(d)", ("900.00", "880.00", "800.00", "3,500.00")),
    (
        "(a) Interest/discount on advances/bills",
        ("600.00", "590.00", "560.00", "2,400.00"),
    ),
    ("(b) Income on investments", ("250.00", "245.00", "200.00", "950.00")),
    (
        "(c) Interest on balances with Reserve Bank of India",
        ("40.00", "35.00", "30.00", "110.00"),
    ),
    ("(d) Others", ("10.00", "10.00", "10.00", "40.00")),
    ("2 Other income", ("100.00", "90.00", "80.00", "360.00")),
    ("3 Total income (1+2)", ("1,000.00", "970.00", "880.00", "3,860.00")),
    ("4 Interest expended", ("400.00", "390.00", "360.00", "1,500.00")),
    ("5 Operating expenses (i)+(ii)", ("200.00", "210.00", "190.00", "800.00")),
    ("(i) Employees cost", ("120.00", "125.00", "115.00", "480.00")),
    ("(ii) Other operating expenses", ("80.00", "85.00", "75.00", "320.00")),
    ("6 Total expenditure (4+5)", ("600.00", "600.00", "550.00", "2,300.00")),
    (
        "7 Operating profit before provisions and contingencies (3-6)",
        ("400.00", "370.00", "330.00", "1,560.00"),
    ),
    (
        "8 Provisions (other than tax) and contingencies",
        ("50.00", "40.00", "30.00", "160.00"),
    ),
    (
        "9 Profit from ordinary activities before tax (7-8)",
        ("350.00", "330.00", "300.00", "1,400.00"),
    ),
    ("10 Tax expense", ("90.00", "80.00", "75.00", "350.00")),
    ("11 Net profit for the period (9-10)", ("260.00", "250.00", "225.00", "1,050.00")),
    (
        "12 Paid-up equity share capital (face value Rs. 10/- each)",
        ("100.00", "100.00", "100.00", "100.00"),
    ),
    ("13 Earnings per share", ()),
    ("Basic", ("26.00", "25.00", "22.50", "105.00")),
    ("Diluted", ("26.00", "25.00", "22.50", "105.00")),
    ("(a) Gross NPA", ("300.00", "310.00", "320.00", "310.00")),
    ("(b) Net NPA", ("90.00", "95.00", "99.00", "95.00")),
)


def test_a_banks_lines_add_up_to_interest_and_operating_expenses() -> None:
    one = statement(BANK)
    assert one.family == "bank"
    wanted = {
        Item.INTEREST_ON_ADVANCES: 600,
        Item.INCOME_ON_INVESTMENTS: 250,
        Item.INTEREST_ON_RBI_BALANCES: 40,
        Item.OTHER_INTEREST: 10,
        Item.EMPLOYEE_COST: 120,
        Item.OTHER_OPERATING_EXPENSES: 80,
    }
    assert {item: cell(one, item).value for item in wanted} == wanted
    assert cell(one, Item.GROSS_NPA).confidence < 1
