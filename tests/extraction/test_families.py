"""Generated filings of all four families are read to the last rupee.

Insurers and the 2025 namespace are known from generated files only.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from dexter.domain.company import Family
from dexter.domain.filing import Grade, Review
from dexter.domain.statement import ColumnRole, Item, Statement
from dexter.extraction.document import read
from tests.extraction.families import LAKH, Book, book
from tests.extraction.instances import Shape, filing

FAMILIES = tuple(Family)
SHAPES = {
    "plain": Shape(capmkt=False),
    "plain in-capmkt": Shape(),
    "inline lakh": Shape(inline=True),
    "inline million": Shape(inline=True, scale=6, basis="Standalone"),
    "inline crore": Shape(inline=True, scale=7),
    "undeclared contexts": Shape(capmkt=False, declared=False),
}


def statement(content: bytes) -> Statement:
    (one,) = read("file.xml", content).statements
    return one


def wrong(
    one: Statement, wanted: Book, role: ColumnRole = ColumnRole.CURRENT
) -> list[str]:
    """Lines of the truth that were not read as they are."""
    found = []
    for item, truth in wanted.truth.items():
        if role is not ColumnRole.CURRENT and one.cell(item, role) is None:
            continue
        value = one.rupees(item, role)
        # A dash is absent, and a 0 nobody filed on purpose may be.
        if value != truth and not (truth == 0 and value is None):
            found.append(f"{item}: {value}, in the books {truth}")
    return found


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_every_line_is_what_the_books_say(
    family: Family, shape: Shape, seed: int
) -> None:
    wanted = book(family, seed)
    one = statement(filing(wanted, shape))
    assert (one.status, one.grade, one.family) == (Review.ACCEPTED, Grade.A, family)
    assert wrong(one, wanted) == []
    assert all(check.ok for check in one.checks)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("inline", [False, True])
def test_the_year_to_date_stands_beside_the_quarter(
    family: Family, *, inline: bool
) -> None:
    now, year = book(family, 0), book(family, 1)
    begun = {"DateOfStartOfFinancialYear": "2025-04-01"}
    one = statement(filing(now, Shape(inline=inline), year=year, texts=begun))
    assert wrong(one, now) == []
    assert one.columns[ColumnRole.YEAR_TO_DATE].months == 9
    assert wrong(one, year, ColumnRole.YEAR_TO_DATE) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_a_revision_says_what_it_says(family: Family) -> None:
    first, second = book(family, 2), book(family, 3)
    before, after = (statement(filing(one, Shape())) for one in (first, second))
    assert before.period_end == after.period_end
    assert wrong(before, first) == wrong(after, second) == []


@pytest.mark.parametrize(
    ("family", "concept", "withheld"),
    [
        (Family.GENERAL, "EmployeeBenefitExpense", Item.EMPLOYEE_COST),
        (Family.GENERAL, "CurrentTax", Item.DEFERRED_TAX),
        (Family.NBFC, "ImpairmentOnFinancialInstruments", Item.IMPAIRMENT),
        (Family.NBFC, "FeesAndCommissionIncome", Item.INTEREST_INCOME),
        (Family.BANK, "OtherInterest", Item.INTEREST_ON_ADVANCES),
        (Family.BANK, "Deposits", Item.BORROWINGS),
        (Family.INSURER, "IncomeRenewalPremium", Item.SINGLE_PREMIUM),
    ],
)
def test_a_part_that_breaks_its_sum_takes_the_parts_with_it(
    family: Family, concept: str, withheld: Item
) -> None:
    wanted = book(family, 0)
    facts = wanted.facts if concept in wanted.facts else wanted.balances
    facts[concept] += 300 * LAKH
    one = statement(filing(wanted, Shape()))
    assert one.status is Review.ACCEPTED
    cell = one.cell(withheld)
    assert cell is not None
    assert (cell.value, "does not hold" in (cell.reason or "")) == (None, True)
    assert one.rupees(Item.NET_PROFIT) == wanted.truth[Item.NET_PROFIT]
    assert [check.ok for check in one.checks].count(False) == 1


def test_a_sum_within_rounding_only_leaves_its_lines_less_sure() -> None:
    wanted = book(Family.GENERAL, 0)
    wanted.facts["OtherExpenses"] += LAKH
    one = statement(filing(wanted, Shape()))
    cell = one.cell(Item.EMPLOYEE_COST)
    assert cell is not None
    assert cell.value == wanted.truth[Item.EMPLOYEE_COST]
    assert cell.confidence < 1


def test_lines_no_sum_covers_are_published_with_less_confidence() -> None:
    wanted = book(Family.BANK, 0)
    wanted.rates["CET1Ratio"] = Decimal("0.1512")
    one = statement(filing(wanted, Shape()))
    sure, unsure = one.cell(Item.GROSS_NPA_RATIO), one.cell(Item.CET1_RATIO)
    assert sure is not None
    assert unsure is not None
    assert unsure.value == Decimal("0.1512")
    assert unsure.confidence < sure.confidence == 1


@pytest.mark.parametrize("factor", [Decimal(10), Decimal(100), Decimal("0.1")])
def test_a_bad_loan_ratio_of_another_scale_is_not_read(factor: Decimal) -> None:
    wanted = book(Family.BANK, 0)
    wanted.rates["PercentageOfGrossNpa"] *= factor
    one = statement(filing(wanted, Shape()))
    assert one.rupees(Item.GROSS_NPA_RATIO) is None
    assert one.rupees(Item.NET_PROFIT) == wanted.truth[Item.NET_PROFIT]


def test_a_percentage_is_not_a_fraction() -> None:
    wanted = book(Family.BANK, 0)
    wanted.rates["ReturnOnAssets"] = Decimal("1.29")
    cell = statement(filing(wanted, Shape())).cell(Item.RETURN_ON_ASSETS)
    assert cell is not None
    assert (cell.value, "fraction" in (cell.reason or "")) == (None, True)


def test_an_instant_of_another_day_is_not_the_periods_balance() -> None:
    wanted = book(Family.GENERAL, 0)
    content = filing(wanted, Shape()).replace(
        b"<xbrli:instant>2025-12-31", b"<xbrli:instant>2025-03-31"
    )
    assert statement(content).cell(Item.RESERVES) is None


SEGMENTS = """
<f:DescriptionOfReportableSegment contextRef="OneReportableSegmentRevenue01D">Mills
</f:DescriptionOfReportableSegment>
<f:DescriptionOfReportableSegment contextRef="OneReportableSegmentRevenue02D">Shops
</f:DescriptionOfReportableSegment>
<f:SegmentRevenue contextRef="OneReportableSegmentRevenue01D" unitRef="INR">{0}
</f:SegmentRevenue>
<f:SegmentRevenue contextRef="OneReportableSegmentRevenue02D" unitRef="INR">900000
</f:SegmentRevenue>
<f:SegmentRevenue contextRef="OneD" unitRef="INR">{1}</f:SegmentRevenue>
<f:InterSegmentRevenue contextRef="OneD" unitRef="INR">100000</f:InterSegmentRevenue>
<f:SegmentRevenueFromOperations contextRef="OneD" unitRef="INR">{2}
</f:SegmentRevenueFromOperations>
</xbrli:xbrl>"""


@pytest.mark.parametrize(("off", "names"), [(0, ["Mills", "Shops"]), (100_000, [])])
def test_segments_are_told_only_if_they_add_up_to_the_revenue(
    off: int, names: list[str]
) -> None:
    wanted = book(Family.GENERAL, 0)
    revenue = wanted.truth[Item.REVENUE]
    whole = revenue + LAKH
    text = SEGMENTS.format(whole - 900_000 + off, whole, revenue)
    content = filing(wanted, replace(Shape(), capmkt=False))
    one = statement(content.replace(b"</xbrli:xbrl>", text.encode()))
    found = one.columns[ColumnRole.CURRENT].segments
    assert [segment.name for segment in found] == names
    if names:
        assert found[0].revenue is not None
        assert found[0].revenue.value == whole - 900_000
