"""earnings_surprise: a company against its own history, as it could be seen."""

from datetime import timedelta
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.period import Quarter
from dexter.domain.research import Finding
from dexter.domain.results import QuarterFigures
from dexter.tools.surprise import TOOL, EarningsSurprise
from tests.tools.fakes import NOW, PUBLISHED, Market
from tests.tools.making import CONSOLIDATED, STANDALONE, company, row


def history(quarters: int = 14, **about: object) -> list[QuarterFigures]:
    """Profits that grow a little unevenly up to Q1 FY25."""
    newest = Quarter(2025, 1)
    rows = []
    for back in range(quarters):
        profit = 100 + (quarters - back) * 3 + (7 * back) % 5
        quarter = str(newest.shift(-back))
        rows.append(row(quarter, str(profit), eps=f"{profit / 10:.2f}", **about))
    return rows[::-1]


async def surprised(market: Market, **arguments: object) -> Finding:
    as_of = arguments.pop("as_of", None)
    context = market.context(as_of)  # type: ignore[arg-type]  # a moment or none
    asked = EarningsSurprise.model_validate({"symbol": "HCL", **arguments})
    return await TOOL.run(asked, context)


def shown(finding: Finding, period: str = "Q1 FY25") -> dict[str, Decimal | None]:
    return {e.name: e.value for e in finding.evidence if e.period == period}


async def test_it_brings_its_measures_with_their_inputs() -> None:
    found = await surprised(Market([company()], rows=history()))

    values = shown(found)
    assert {"sue", "profit_yoy", "revenue_yoy", "eps_yoy", "net_margin"} <= set(values)
    ids = {e.id for e in found.evidence}
    assert all(set(e.inputs) <= ids for e in found.evidence)
    sue = next(e for e in found.evidence if e.name == "sue")
    assert len(sue.inputs) == 13


async def test_a_short_history_has_no_sue_and_says_so() -> None:
    found = await surprised(Market([company()], rows=history(6)))

    assert "sue" not in shown(found)
    reasons = {a.what: a.reason for a in found.absences}
    assert "6 are needed" in reasons["sue of Hcl Limited"]
    assert "profit_yoy" in shown(found)


async def test_the_basis_with_the_longer_history_is_taken() -> None:
    rows = [*history(5), *history(14, basis=STANDALONE)]

    found = await surprised(Market([company()], rows=rows))
    asked = await surprised(Market([company()], rows=rows), basis="consolidated")

    assert {e.basis for e in found.evidence} == {STANDALONE}
    assert {e.basis for e in asked.evidence} == {CONSOLIDATED}


async def test_eps_growth_is_absent_after_a_split() -> None:
    rows = history()
    rows[-1] = row("Q1 FY25", "143", eps="1.43")

    found = await surprised(Market([company()], rows=rows))

    assert "eps_yoy" not in shown(found)
    reasons = {a.what: a.reason for a in found.absences}
    assert "imply another share count" in reasons["eps_yoy of Hcl Limited"]
    assert "profit_yoy" in shown(found)


async def test_a_later_revision_and_a_later_quarter_change_nothing() -> None:
    rows = history()
    asked = PUBLISHED + timedelta(hours=1)
    later = [
        row("Q1 FY25", "999", known_at=NOW - timedelta(days=1), published_at=PUBLISHED),
        row("Q2 FY25", "999", known_at=NOW, published_at=NOW),
    ]

    before = await surprised(Market([company()], rows=rows), as_of=asked)
    after = await surprised(Market([company()], rows=[*rows, *later]), as_of=asked)

    assert before == after


async def test_a_row_of_unknown_publication_is_unseen_with_a_moment() -> None:
    rows = [*history()[:-1], row("Q1 FY25", "150", known_at=None, published_at=None)]
    market = Market([company()], rows=rows)

    assert "sue" in shown(await surprised(market, quarter="Q1 FY25"))
    found = await surprised(market, quarter="Q1 FY25", as_of=NOW)
    assert found.evidence == ()
    assert found.absences[0].reason == "no figures are visible"


async def test_a_banks_revenue_goes_by_its_name() -> None:
    found = await surprised(Market([company(family=Family.BANK)], rows=history()))

    assert "total_income" in shown(found)
    assert "revenue_from_operations" not in shown(found)


async def test_nothing_at_all_is_an_absence() -> None:
    found = await surprised(Market([company()]))

    assert found.absences[0].what == "latest results of Hcl Limited"
