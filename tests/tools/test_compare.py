"""compare: growth over a year or a quarter on one basis, or nothing with its reason."""

from decimal import Decimal

import pytest

from dexter.domain.evidence import Measure
from dexter.domain.research import Finding
from dexter.domain.statement import Item
from dexter.tools import statements
from dexter.tools.compare import TOOL, Compare, Kind
from tests.tools.fakes import Market
from tests.tools.making import (
    CONSOLIDATED,
    STANDALONE,
    company,
    outcome,
    record,
    results,
    row,
)


async def read(market: Market, symbol: str, quarter: str, **how: object) -> Finding:
    arguments = {"symbol": symbol, "quarter": quarter, **how}
    return await statements.TOOL.run(
        statements.ReadStatement.model_validate(arguments), market.context()
    )


async def compared(now: Finding, base: Finding, kind: Kind = "year_on_year") -> Finding:
    needs = {
        "t1": (outcome("t1", "read_statement", now),),
        "t2": (outcome("t2", "read_statement", base),),
    }
    context = Market().context(None, **needs)
    return await TOOL.run(Compare(current="t1", base="t2", kind=kind), context)


def shown(finding: Finding) -> dict[str, str]:
    return {e.name: str(e.value) for e in finding.evidence}


@pytest.fixture
def market() -> Market:
    return Market(
        [company(), company("TCS")],
        [
            record(results("120", "1000", tax="30")),
            record(results("100", "800", tax="25"), quarter="Q1 FY24"),
            record(results("110", "900"), quarter="Q4 FY24"),
            record(results("-40", "500"), quarter="Q1 FY23"),
            record(results("95", "700"), quarter="Q1 FY24", basis=STANDALONE),
            record(results("300", "2000"), symbol="TCS"),
        ],
    )


async def test_growth_over_a_year(market: Market) -> None:
    now = await read(market, "HCL", "Q1 FY25")
    base = await read(market, "HCL", "Q1 FY24")

    found = await compared(now, base)

    assert shown(found) == {
        "revenue_yoy": "0.250000",
        "profit_yoy": "0.200000",
        "eps_yoy": "0.000000",
        "net_margin_change": "-0.005000",
    }
    change = found.evidence[1]
    by_id = {e.id: e.value for e in (*now.evidence, *base.evidence)}
    left, right = (by_id[i] for i in change.inputs)
    assert left is not None
    assert right is not None
    assert change.value == (left - right) / right
    assert (change.unit, change.basis) == (Measure.CHANGE, CONSOLIDATED)
    assert all(check.ok for check in found.checks)


async def test_a_quarters_change_never_goes_by_a_years_name(market: Market) -> None:
    now = await read(market, "HCL", "Q1 FY25")
    before = await read(market, "HCL", "Q4 FY24")

    assert (await compared(now, before)).evidence == ()
    assert set(shown(await compared(now, before, "sequential"))) == {
        "revenue_qoq",
        "profit_qoq",
        "eps_qoq",
        "net_margin_change_qoq",
    }


async def test_a_distance_that_has_no_name_has_no_growth(market: Market) -> None:
    now = await read(market, "HCL", "Q1 FY25")
    old = await read(market, "HCL", "Q1 FY23")

    for kind in ("year_on_year", "sequential", "companies"):
        found = await compared(now, old, kind)
        assert found.evidence == ()
        assert "HCL Q1 FY25 against HCL Q1 FY23" in found.absences[0].reason


async def test_it_does_not_run_backwards(market: Market) -> None:
    now = await read(market, "HCL", "Q1 FY25")
    base = await read(market, "HCL", "Q1 FY24")

    assert (await compared(base, now)).evidence == ()


async def test_different_bases_are_refused(market: Market) -> None:
    now = await read(market, "HCL", "Q1 FY25")
    base = await read(market, "HCL", "Q1 FY24", basis="standalone")

    found = await compared(now, base)

    assert found.evidence == ()
    assert found.absences[0].reason == "consolidated against standalone"
    assert not found.checks[0].ok


async def test_two_companies_in_one_quarter(market: Market) -> None:
    one = await read(market, "HCL", "Q1 FY25")
    other = await read(market, "TCS", "Q1 FY25")

    found = await compared(one, other, "companies")

    assert shown(found)["profit_versus"] == "-0.600000"
    assert (await compared(one, other)).evidence == ()


async def test_no_rate_from_a_loss(market: Market) -> None:
    old = await read(market, "HCL", "Q1 FY23")
    now = await read(market, "HCL", "Q1 FY24")

    found = await compared(now, old)

    assert "profit_yoy" not in shown(found)
    reasons = {a.what: a.reason for a in found.absences}
    assert (
        "negative in the base period, a turnaround"
        in reasons["profit_yoy of Hcl Limited"]
    )


async def test_eps_is_not_compared_across_a_split() -> None:
    split = {Item.EPS_BASIC: "5.00"}
    market = Market(
        [company()],
        [
            record(results("110") | split),
            record(results("100"), quarter="Q1 FY24"),
        ],
    )
    now = await read(market, "HCL", "Q1 FY25")
    base = await read(market, "HCL", "Q1 FY24")

    found = await compared(now, base)

    assert "eps_yoy" not in shown(found)
    assert any("imply another share count" in a.reason for a in found.absences)


async def test_figures_of_several_quarters_are_no_side(market: Market) -> None:
    now = await read(market, "HCL", "Q1 FY25")
    base = await read(market, "HCL", "Q1 FY24")
    mixed = Finding(evidence=(*base.evidence[:1], *now.evidence[1:]))

    assert (await compared(now, mixed)).evidence == ()


async def test_a_side_without_figures_is_named() -> None:
    found = await compared(Finding(), Finding())

    assert found.absences[0].reason == "t1 brought back no figures"


async def test_imported_rows_compare_too() -> None:
    market = Market([company()], rows=[row("Q1 FY24", "100"), row("Q1 FY25", "120")])
    now = await read(market, "HCL", "Q1 FY25")
    base = await read(market, "HCL", "Q1 FY24")

    growth = (await compared(now, base)).evidence

    assert growth[1].value == Decimal("0.2")
    assert growth[1].grade is not None
    assert growth[1].grade.value == "imported"
