"""What an accepted statement says of its quarter, figure by figure."""

from dataclasses import fields, replace
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.results import QuarterFigures
from dexter.domain.run import StatementRecord
from dexter.domain.statement import ColumnRole, Item
from dexter.features.figures import ITEMS
from dexter.journal.codec import codec
from dexter.store.figures import of_statement
from tests.tools.making import CRORE, record, results

TOLD = {
    Item.TAX: "30",
    Item.FINANCE_COSTS: "12",
    Item.PROFIT_BEFORE_EXCEPTIONAL: "131",
    Item.NET_PROFIT_OWNERS: "98",
    Item.FACE_VALUE: "2",
    Item.GROSS_NPA_RATIO: "0.031",
    Item.TOTAL_EQUITY: "900",
    Item.MINORITY_EQUITY: "20",
    Item.SHARE_CAPITAL: "50",
    Item.RESERVES: "830",
    Item.TOTAL_ASSETS: "2000",
}


HEADLINES = ("revenue", "net_profit", "eps")
EARLY = (*HEADLINES, "other_income", "profit_before_tax", "exceptional")
NEW = tuple(name for name in ITEMS if name not in EARLY)


def figures(one: StatementRecord) -> QuarterFigures:
    found = of_statement(one, None)
    assert found is not None
    return found


def told(concept: str | None = "OtherEquity") -> StatementRecord:
    one = record({**results("100"), **TOLD})
    column = one.statement.columns[ColumnRole.CURRENT]
    reserves = replace(column.items[Item.RESERVES], concept=concept)
    column = replace(column, items={**column.items, Item.RESERVES: reserves})
    columns = {ColumnRole.CURRENT: column}
    return replace(one, statement=replace(one.statement, columns=columns))


def test_amounts_are_rupees_and_ratios_and_rates_as_told() -> None:
    found = figures(told())
    assert found.tax == 30 * CRORE
    assert found.finance_costs == 12 * CRORE
    assert found.profit_before_exceptional == 131 * CRORE
    assert found.net_profit_owners == 98 * CRORE
    assert found.equity == 900 * CRORE
    assert found.minority_equity == 20 * CRORE
    assert found.face_value == 2
    assert found.gross_npa_ratio == Decimal("0.031")
    assert found.depreciation is None


def test_every_figure_that_is_known_has_an_address_and_no_other() -> None:
    found = figures(told())
    known = {name for name in ITEMS if getattr(found, name) is not None}
    assert set(found.sources) == known
    assert found.sources["equity"].row == Item.TOTAL_EQUITY.value


def test_reserves_of_last_years_balance_sheet_are_not_this_quarters() -> None:
    """Results print the annual reserves beside the quarter; only a balance sheet's
    own line counts.
    """
    assert figures(told()).reserves == 830 * CRORE
    for concept in ("ReserveExcludingRevaluationReserves", None):
        found = figures(told(concept))
        assert found.reserves is None
        assert "reserves" not in found.sources
        assert found.share_capital == 50 * CRORE


def test_a_banks_revenue_is_its_total_income() -> None:
    one = record({**results("100"), Item.TOTAL_INCOME: "1300"})
    one = replace(one, statement=replace(one.statement, family=Family.BANK))
    found = figures(one)
    assert found.revenue == found.total_income == 1300 * CRORE


def test_features_read_every_amount_there_is() -> None:
    not_amounts = {
        *("symbol", "period_end", "basis", "known_at", "published_at"),
        *("grade", "sources"),
    }
    assert {f.name for f in fields(QuarterFigures)} == {*ITEMS, *not_amounts}


def test_a_recording_of_before_these_figures_still_reads() -> None:
    plain = codec(QuarterFigures)
    headlines = figures(record(results("100")))
    text, _ = plain.through(headlines)
    for name in NEW:
        assert f'"{name}":null' in text
        text = text.replace(f'"{name}":null,', "").replace(f',"{name}":null', "")
    assert not any(f'"{name}"' in text for name in NEW)
    assert plain.decode(text) == headlines
