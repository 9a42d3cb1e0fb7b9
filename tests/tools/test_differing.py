"""read_statement names what another filing says of the same figure."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from dexter.domain.evidence import Source
from dexter.domain.filing import DocumentKind, Filing
from dexter.domain.moment import AsOf
from dexter.domain.reconciliation import Difference, DifferenceKind, Side
from dexter.domain.run import StatementRecord
from dexter.domain.statement import Cell, ColumnRole, Item, Method, Unit
from tests.tools.fakes import NOW, PUBLISHED, Market
from tests.tools.making import CRORE, company, record, results
from tests.tools.test_statements import read

OWN = record(results("120"), kind=DocumentKind.RESULTS)


def side(name: str, value: str) -> Side:
    return Side(
        sha256=name,
        document=f"{name}.pdf",
        xbrl=False,
        url=None,
        known_at=PUBLISHED + timedelta(days=365),
        speaks_of=PUBLISHED.date(),
        role=ColumnRole.SAME_QUARTER_LAST_YEAR,
        unit=Unit.CRORE,
        cell=Cell(Decimal(value), value, Method.OCR, page=3, bbox=(1, 2, 3, 4)),
        value=Decimal(value) * CRORE,
    )


def beside(
    kind: DifferenceKind, item: Item, *others: str, months: int = 3
) -> StatementRecord:
    """The statement, and later filings that give the item as something else."""
    statement = OWN.statement
    assert statement.basis
    assert statement.period_end
    mine = replace(side("own", "120"), sha256=OWN.filing.sha256, document="own.pdf")
    differences = tuple(
        Difference(
            kind,
            statement.basis,
            statement.period_end,
            months,
            item,
            mine,
            side(f"later{number}", value),
        )
        for number, value in enumerate(others)
    )
    return replace(OWN, differences=differences)


async def test_a_restated_line_names_every_value_and_its_place() -> None:
    kept = beside(DifferenceKind.RESTATED, Item.NET_PROFIT, "125.5", "126")
    found = await read(Market([company()], [kept]))
    (conflict,) = found.conflicts
    evidence = {e.id: e for e in found.evidence}
    own, first, second = (evidence[i] for i in conflict.values)
    assert (own.value, first.value) == (120 * CRORE, Decimal("125.5") * CRORE)
    assert isinstance(first.source, Source)
    assert isinstance(second.source, Source)
    assert (first.source.document, first.source.page) == ("later0.pdf", 3)
    assert (second.source.sha256, second.method) == ("later1", "ocr")
    assert conflict.what == (
        "Q1 FY25: net_profit of Hcl Limited is 120 crore in own.pdf, re-presented as "
        "125.5 crore in later0.pdf, re-presented as 126 crore in later1.pdf"
    )
    # The filing's own value still speaks.
    assert next(e for e in found.evidence if e.name == "net_profit").id == own.id


async def test_revisions_other_columns_and_lines_not_shown_are_no_conflicts() -> None:
    for kept in (
        beside(DifferenceKind.REVISED, Item.NET_PROFIT, "1"),
        beside(DifferenceKind.RESTATED, Item.NET_PROFIT, "1", months=12),
        beside(DifferenceKind.RESTATED, Item.PROFIT_BEFORE_TAX, "1"),
    ):
        assert (await read(Market([company()], [kept]))).conflicts == ()


async def test_a_named_moment_says_that_only_undated_documents_exist() -> None:
    market = Market([company()], [replace(OWN, filing=_undated())])
    found = await read(market, as_of=AsOf(NOW, explicit=True))
    assert found.evidence == ()
    (absence,) = found.absences
    assert "publication time is unknown" in absence.reason


def _undated() -> Filing:
    return replace(OWN.filing, known_at=None, known_at_reason="nobody told us")


async def test_a_derived_value_names_the_cells_it_is_derived_from() -> None:
    kept = beside(DifferenceKind.YEAR_TO_DATE, Item.NET_PROFIT, "90")
    (one,) = kept.differences
    parts = (side("nine", "300"), side("six", "210"))
    kept = replace(kept, differences=(replace(one, parts=parts),))
    found = await read(Market([company()], [kept]))
    (conflict,) = found.conflicts
    evidence = {e.id: e for e in found.evidence}
    implied = evidence[conflict.values[-1]]
    assert implied.value == 90 * CRORE
    assert [evidence[i].value for i in implied.inputs] == [300 * CRORE, 210 * CRORE]
    assert "two years to date leave 90 crore" in conflict.what
