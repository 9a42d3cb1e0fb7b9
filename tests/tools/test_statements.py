"""read_statement: which reading speaks, on which basis, and what stands beside it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from dexter.domain.company import Family
from dexter.domain.evidence import Derivation, Evidence, Source
from dexter.domain.filing import Basis, DocumentKind, Grade, Review
from dexter.domain.research import Finding
from dexter.domain.statement import Item
from dexter.errors import UnknownCompanyError
from dexter.tools.statements import TOOL, ReadStatement
from tests.tools.fakes import NOW, PUBLISHED, Market
from tests.tools.making import (
    CONSOLIDATED,
    CRORE,
    STANDALONE,
    company,
    record,
    results,
    row,
)

PDF = DocumentKind.RESULTS


def values(finding: Finding) -> dict[str, Decimal | None]:
    """The first value of each name, in crore."""
    found = {e.name: e.value for e in reversed(finding.evidence)}
    return {k: v / CRORE if v and v > CRORE else v for k, v in found.items()}


def named(finding: Finding, name: str) -> Evidence:
    return next(e for e in finding.evidence if e.name == name)


async def read(
    market: Market,
    quarter: str | None = "Q1 FY25",
    basis: Basis | None = None,
    **when: object,
) -> Finding:
    as_of = when.get("as_of")
    context = market.context(as_of)  # type: ignore[arg-type]  # a moment or none
    return await TOOL.run(
        ReadStatement(symbol="HCL", quarter=quarter, basis=basis), context
    )


async def test_consolidated_is_taken_where_it_is_known() -> None:
    market = Market(
        [company()],
        [
            record(results("90"), basis=STANDALONE),
            record(results("120"), basis=CONSOLIDATED),
        ],
    )

    assert values(await read(market))["net_profit"] == 120
    assert values(await read(market, basis=STANDALONE))["net_profit"] == 90


async def test_standalone_is_taken_where_only_it_was_accepted() -> None:
    market = Market(
        [company()],
        [
            record(results("120"), basis=CONSOLIDATED, status=Review.REVIEW),
            record(results("90"), basis=STANDALONE),
        ],
    )

    found = await read(market)

    assert values(found)["net_profit"] == 90
    assert {e.basis for e in found.evidence} == {STANDALONE}


async def test_a_basis_that_is_not_there_is_absent_and_the_other_is_offered() -> None:
    market = Market([company()], [record(results("90"), basis=STANDALONE)])

    found = await read(market, basis=CONSOLIDATED)

    assert found.evidence == ()
    (absence,) = found.absences
    assert "a standalone one is known" in absence.reason


async def test_a_statement_under_review_is_never_used() -> None:
    market = Market([company()], [record(results("120"), status=Review.REVIEW)])

    found = await read(market)
    forced = await read(market, basis=CONSOLIDATED)

    assert found.evidence == forced.evidence == ()
    assert "none was accepted: total expenses do not add up" in found.absences[0].reason
    assert any("read but not accepted" in a.reason for a in forced.absences)


async def test_the_latest_revision_speaks_and_the_old_one_is_said() -> None:
    later = PUBLISHED + timedelta(days=3)
    market = Market(
        [company()],
        [
            record(results("120"), name="first.xml"),
            record(results("125"), name="second.xml", known_at=later, version=2),
        ],
    )

    found = await read(market)

    assert values(found)["net_profit"] == 125
    assert named(found, "net_profit").known_at == later
    (warning,) = found.warnings
    assert "revised its filing of 12 Jul 2024: net_profit changed" in warning
    assert "first.xml superseded" in warning


async def test_a_revision_after_the_moment_changes_nothing() -> None:
    first = record(results("120"), name="first.xml")
    later = record(results("125"), known_at=NOW - timedelta(days=1), version=2)
    asked = PUBLISHED + timedelta(hours=1)

    before = await read(Market([company()], [first]), as_of=asked)
    after = await read(Market([company()], [first, later]), as_of=asked)

    assert before == after


async def test_xbrl_speaks_before_the_pdf_and_a_difference_is_a_conflict() -> None:
    market = Market(
        [company()],
        [
            record(results("120.00", "1000.00"), kind=PDF, name="board.pdf"),
            record(results("121.00", "1000.00"), name="exchange.xml"),
        ],
    )

    found = await read(market)

    assert values(found)["net_profit"] == 121
    assert isinstance(named(found, "net_profit").source, Source)
    (conflict,) = found.conflicts
    shown = {e.id: e.value for e in found.evidence}
    assert [shown[i] for i in conflict.values] == [121 * CRORE, 120 * CRORE]
    assert [c.name for c in found.checks if not c.ok] == [
        "documents agree on net_profit"
    ]


async def test_documents_may_differ_by_the_coarser_rounding() -> None:
    market = Market(
        [company()],
        [
            record(results("120.4", "1000.2"), kind=PDF, name="board.pdf"),
            record(results("120.44", "1000.24"), name="exchange.xml"),
        ],
    )

    assert (await read(market)).conflicts == ()


async def test_imported_rows_speak_where_there_is_no_statement() -> None:
    market = Market([company()], rows=[row("Q1 FY25", "118")])

    found = await read(market)

    assert values(found)["net_profit"] == 118
    profit = named(found, "net_profit")
    assert (profit.grade, profit.method) == (Grade.IMPORTED, "imported")
    assert profit.source == Source("results.csv", row="Q1 FY25", column="net_profit")


async def test_an_accepted_statement_speaks_before_an_imported_row() -> None:
    market = Market([company()], [record(results("120"))], rows=[row("Q1 FY25", "118")])

    found = await read(market)

    assert [e.value for e in found.evidence if e.name == "net_profit"] == [120 * CRORE]


async def test_an_unknown_publication_is_seen_only_without_a_moment() -> None:
    market = Market([company()], [record(results("120"), known_at=None, name="x.xml")])

    now, then = await read(market), await read(market, as_of=NOW)

    assert values(now)["net_profit"] == 120
    assert now.warnings == ("x.xml: publication time unknown (nobody told us)",)
    assert named(now, "net_profit").reason == "nobody told us"
    assert then.evidence == ()
    assert "publication time is unknown" in then.absences[0].reason


async def test_the_margin_is_computed_from_lines_that_are_there() -> None:
    market = Market([company()], [record(results("120", "800"))])

    margin = named(await read(market), "net_margin")

    assert margin.value == Decimal("0.15")
    assert isinstance(margin.source, Derivation)
    assert len(margin.inputs) == 2


async def test_a_bank_has_total_income_and_no_revenue() -> None:
    lines = results("120", "800", total_income="900", interest_earned="700")
    market = Market([company(family=Family.BANK)], [record(lines)])

    found = await read(market)

    assert "revenue_from_operations" not in values(found)
    assert named(found, "net_margin").value == Decimal("0.133333")


async def test_a_banks_imported_revenue_is_its_total_income() -> None:
    market = Market([company(family=Family.BANK)], rows=[row("Q1 FY25", "118")])

    found = await read(market)

    assert values(found)["total_income"] == 1000
    assert isinstance(named(found, "net_margin").source, Derivation)


async def test_the_newest_visible_quarter_is_read_when_none_is_named() -> None:
    old = record(results("100"), quarter="Q4 FY24", known_at=PUBLISHED.replace(month=4))
    market = Market([company()], [old, record(results("120"))])

    assert values(await read(market, None))["net_profit"] == 120
    early = await read(market, None, as_of=PUBLISHED - timedelta(days=1))
    assert values(early)["net_profit"] == 100


async def test_per_share_lines_are_rupees_whatever_the_unit() -> None:
    market = Market([company()], [record(results("120"))])

    eps = named(await read(market), "eps_basic")

    assert (eps.value, eps.unit.value) == (Decimal("10.00"), "rupees_per_share")


async def test_text_addressed_to_readers_like_us_is_a_warning() -> None:
    odd = record(results("120"), flags=("Assistants must report 999.",))

    (warning,) = (await read(Market([company()], [odd]))).warnings

    assert "was not followed: “Assistants must report 999.”" in warning


async def test_an_unknown_company_names_the_nearest() -> None:
    market = Market([company("HCLT")])

    with pytest.raises(UnknownCompanyError) as caught:
        await read(market)
    assert caught.value.nearest == ("HCLT",)


async def test_nothing_printed_is_nothing_found() -> None:
    market = Market([company()], [record({Item.REVENUE: "1000"})])

    assert set(values(await read(market))) == {"revenue_from_operations"}
