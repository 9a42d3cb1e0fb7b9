"""Filings held against each other: rounding agrees, everything else is a flag."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from dexter.domain.company import Family
from dexter.domain.filing import Basis, DocumentKind, Filing, Grade, Review
from dexter.domain.reconciliation import DifferenceKind
from dexter.domain.run import StatementRecord
from dexter.domain.statement import (
    Cell,
    Column,
    ColumnRole,
    Item,
    Method,
    Statement,
    Unit,
)
from dexter.extraction.audit.reconcile import reconcile

NOW, AGO, BEFORE = (
    ColumnRole.CURRENT,
    ColumnRole.SAME_QUARTER_LAST_YEAR,
    ColumnRole.PREVIOUS_QUARTER,
)
JUNE, SEPTEMBER = date(2024, 6, 30), date(2024, 9, 30)
JUNE_NEXT = date(2025, 6, 30)
Values = Mapping[Item, str]


def filed(  # noqa: PLR0913 - each is what a test is about
    name: str,
    end: date,
    columns: Mapping[ColumnRole, tuple[date, Values]],
    *,
    unit: Unit = Unit.LAKH,
    xbrl: bool = False,
    known: str | None = None,
    method: Method = Method.TEXT,
) -> StatementRecord:
    """A filing of an invented company, as the store would hand it over."""
    kind = DocumentKind.XBRL if xbrl else DocumentKind.RESULTS
    when = datetime.fromisoformat(known).replace(tzinfo=UTC) if known else None
    filing = Filing(name, name, kind, "BORO", when, None, None, Review.ACCEPTED, None)
    statement = Statement(
        basis=Basis.STANDALONE,
        family=Family.GENERAL,
        audited=None,
        unit=unit,
        period_end=end,
        months=3,
        page=1,
        grade=Grade.A,
        status=Review.ACCEPTED,
        reason=None,
        columns={
            role: Column(
                at, 3, {i: Cell(Decimal(v), v, method) for i, v in values.items()}
            )
            for role, (at, values) in columns.items()
        },
    )
    return StatementRecord(filing, statement, 1)


def profit(value: str, revenue: str = "500.00") -> Values:
    return {Item.REVENUE: revenue, Item.NET_PROFIT: value}


FIRST = filed("june.pdf", JUNE, {NOW: (JUNE, profit("12.34"))})


def test_a_later_filing_that_repeats_the_figures_agrees() -> None:
    later = filed("sep.pdf", SEPTEMBER, {BEFORE: (JUNE, profit("12.34"))})
    found = reconcile([FIRST, later])
    assert (found.compared, found.agreed, found.differences) == (2, 2, ())


def test_a_re_presented_comparative_is_restated_and_keeps_both_sides() -> None:
    later = filed("next.pdf", JUNE_NEXT, {AGO: (JUNE, profit("12.94"))})
    (one,) = reconcile([later, FIRST]).differences
    assert one.kind is DifferenceKind.RESTATED
    assert (one.item, one.period_end, one.months) == (Item.NET_PROFIT, JUNE, 3)
    assert (one.first.document, one.first.cell.printed) == ("june.pdf", "12.34")
    assert (one.second.document, one.second.value) == ("next.pdf", Decimal(1294000))
    assert one.second.role is AGO


@pytest.mark.parametrize(
    ("value", "unit", "agrees"),
    [
        ("0.12", Unit.CRORE, True),
        ("0.13", Unit.CRORE, False),
        ("1.234", Unit.MILLION, True),
        ("12", Unit.LAKH, True),
        ("12.35", Unit.LAKH, True),
        ("12.36", Unit.LAKH, False),
        ("1234000", Unit.RUPEE, True),
        ("1234499", Unit.RUPEE, True),
        ("1236000", Unit.RUPEE, False),
    ],
)
def test_rounding_of_either_side_agrees_and_more_does_not(
    value: str, unit: Unit, *, agrees: bool
) -> None:
    other = filed(
        "sep.pdf", SEPTEMBER, {BEFORE: (JUNE, {Item.NET_PROFIT: value})}, unit=unit
    )
    assert (reconcile([FIRST, other]).differences == ()) is agrees


def test_rupees_that_were_rounded_to_lakhs_agree_with_lakhs_and_paise() -> None:
    lines = {
        Item.REVENUE: "50000000",
        Item.TOTAL_INCOME: "51200000",
        Item.TOTAL_EXPENSES: "49700000",
        Item.NET_PROFIT: "1200000",
    }
    whole = filed("june.xml", JUNE, {NOW: (JUNE, lines)}, unit=Unit.RUPEE, xbrl=True)
    assert reconcile([FIRST, whole]).differences == ()
    exact = {**lines, Item.REVENUE: "50000001", Item.TOTAL_INCOME: "51200003"}
    fine = filed("june.xml", JUNE, {NOW: (JUNE, exact)}, unit=Unit.RUPEE, xbrl=True)
    assert [d.item for d in reconcile([FIRST, fine]).differences] == [Item.NET_PROFIT]


def test_the_same_quarter_in_pdf_and_xbrl_disagrees() -> None:
    xbrl = filed(
        "june.xml",
        JUNE,
        {NOW: (JUNE, profit("1934001", "50000000"))},
        unit=Unit.RUPEE,
        xbrl=True,
        known="2024-08-01",
    )
    (one,) = reconcile([FIRST, xbrl]).differences
    assert one.kind is DifferenceKind.DISAGREES
    assert {one.first.document, one.second.document} == {"june.pdf", "june.xml"}


def test_a_second_version_is_a_revision_and_later_filings_are_held_to_it() -> None:
    first = filed("june.pdf", JUNE, {NOW: (JUNE, profit("12.34"))}, known="2024-08-01")
    again = {NOW: (JUNE, profit("13.00"))}
    second = filed("again.pdf", JUNE, again, known="2024-08-09")
    later = filed("sep.pdf", SEPTEMBER, {BEFORE: (JUNE, profit("13.00"))})
    (one,) = reconcile([later, second, first]).differences
    assert one.kind is DifferenceKind.REVISED
    assert (one.first.document, one.second.document) == ("june.pdf", "again.pdf")


def test_two_documents_of_unknown_date_are_no_revision() -> None:
    other = filed("copy.pdf", JUNE, {NOW: (JUNE, profit("13.00"))})
    (one,) = reconcile([FIRST, other]).differences
    assert one.kind is DifferenceKind.DISAGREES


def test_comparatives_are_compared_where_the_quarter_itself_is_not_kept() -> None:
    first = filed("sep.pdf", SEPTEMBER, {BEFORE: (JUNE, profit("12.34"))})
    later = filed("next.pdf", JUNE_NEXT, {AGO: (JUNE, profit("11.00"))})
    (one,) = reconcile([later, first]).differences
    assert one.kind is DifferenceKind.RESTATED
    assert one.first.document == "sep.pdf"


def test_a_filing_is_not_compared_with_itself_nor_what_was_not_accepted() -> None:
    doubtful = replace(FIRST, statement=replace(FIRST.statement, status=Review.REVIEW))
    other_basis = filed("c.pdf", JUNE, {NOW: (JUNE, profit("99.00"))})
    consolidated = replace(
        other_basis,
        statement=replace(other_basis.statement, basis=Basis.CONSOLIDATED),
    )
    assert reconcile([FIRST, FIRST, doubtful, consolidated]).compared == 0


def test_what_was_derived_and_not_printed_is_not_compared() -> None:
    later = filed(
        "sep.pdf",
        SEPTEMBER,
        {BEFORE: (JUNE, profit("99.00"))},
        method=Method.DERIVED,
    )
    assert reconcile([FIRST, later]).compared == 0


def test_per_share_amounts_are_held_to_their_own_places() -> None:
    first = filed("june.pdf", JUNE, {NOW: (JUNE, {Item.EPS_BASIC: "1.20"})})
    same = filed("sep.pdf", SEPTEMBER, {BEFORE: (JUNE, {Item.EPS_BASIC: "1.2"})})
    other = filed("sep.pdf", SEPTEMBER, {BEFORE: (JUNE, {Item.EPS_BASIC: "0.60"})})
    assert reconcile([first, same]).differences == ()
    assert len(reconcile([first, other]).differences) == 1


YTD = ColumnRole.YEAR_TO_DATE


def to_date(record: StatementRecord, value: str) -> StatementRecord:
    """The filing with a six-month column beside its quarter."""
    said = record.statement
    assert said.period_end
    cells = {Item.NET_PROFIT: Cell(Decimal(value), value, Method.TEXT)}
    columns = {**said.columns, YTD: Column(said.period_end, 6, cells)}
    return replace(record, statement=replace(said, columns=columns))


@pytest.mark.parametrize(("half", "agrees"), [("22.34", True), ("32.34", False)])
def test_a_quarter_is_its_year_to_date_less_the_one_before(
    half: str, *, agrees: bool
) -> None:
    second = filed("sep.pdf", SEPTEMBER, {NOW: (SEPTEMBER, profit("10.00"))})
    found = reconcile([FIRST, to_date(second, half)])
    assert found.compared == 1
    if agrees:
        assert found.differences == ()
        return
    (one,) = found.differences
    assert one.kind is DifferenceKind.YEAR_TO_DATE
    assert (one.first.value, one.second.value) == (Decimal(10**6), Decimal(2 * 10**6))
    assert [side.document for side in one.parts] == ["sep.pdf", "june.pdf"]
    assert one.second.cell.method is Method.DERIVED
