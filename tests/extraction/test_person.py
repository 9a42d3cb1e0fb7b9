"""A person's word is kept as typed, and believed as far as arithmetic goes."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from dexter.domain.filing import Basis, Grade, Review
from dexter.domain.moment import IST
from dexter.domain.statement import ColumnRole, Hand, Item, Method, Statement, Unit
from dexter.extraction.document import read
from dexter.extraction.people import typed
from dexter.extraction.people.person import Corrections, corrected
from dexter.extraction.people.typed import DecisionError
from dexter.extraction.people.upheld import inexact, prove, settled
from dexter.store.decided import nothing_read
from tests.extraction.builders import pdf

HAND = Hand("Asha", datetime(2026, 11, 25, 18, tzinfo=IST))
CURRENT = ColumnRole.CURRENT
NET = (Item.NET_PROFIT, CURRENT)


def statement(**parts: str) -> Statement:
    (one,) = read("results.pdf", pdf(**parts)).statements  # type: ignore[arg-type]  # page parts
    return one


def after(one: Statement, wishes: Corrections) -> Statement:
    told, _ = corrected(one, wishes, HAND)
    return settled(told, prove(told, one), HAND)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.50", "1234.50"),
        ("(12.30)", "-12.30"),
        ("( 12.30 )", "-12.30"),
        ("-12.30", "-12.30"),
        ("₹ 5", "5"),
        ("1,19,387", "119387"),
    ],
)
def test_values_are_typed_as_they_are_printed(text: str, value: str) -> None:
    assert typed.typed(NET, text).value == Decimal(value)


@pytest.mark.parametrize("text", ["-", "–", "nil", "NIL"])
def test_a_dash_is_nothing_with_its_reason(text: str) -> None:
    cell = typed.typed(NET, text)
    assert (cell.value, cell.reason) == (None, "printed as a dash")


@pytest.mark.parametrize("text", ["six", "1,2", "(12", "12.3.4", "1e5", "12 lakh", ""])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(DecisionError):
        typed.typed(NET, text)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("net_proft=1", "net_profit"),
        ("net_profit:curent=1", "current"),
        ("net_profit=", "ITEM[:COLUMN]=VALUE"),
        ("net_profit", "ITEM[:COLUMN]=VALUE"),
    ],
)
def test_a_typo_is_one_sentence_and_the_names(text: str, near: str) -> None:
    with pytest.raises(DecisionError) as refused:
        typed.assigned(text)
    assert near in refused.value.hint


@pytest.mark.parametrize("text", ["2025-06-29", "30.06.2025", "soon", ""])
def test_a_period_ends_on_the_last_day_of_a_month(text: str) -> None:
    with pytest.raises(DecisionError):
        typed.last_day(text)


def test_a_missing_unit_is_supplied_and_every_value_is_the_persons() -> None:
    one = statement(unit="")
    assert one.status is Review.REVIEW
    done = after(one, Corrections(unit=Unit.CRORE))
    assert (done.status, done.grade, done.reason) == (Review.ACCEPTED, Grade.B, None)
    assert done.rupees(Item.NET_PROFIT) == Decimal(1_200_000_000)
    cells = [
        cell
        for column in done.columns.values()
        for cell in column.items.values()
        if cell.value is not None
    ]
    assert {cell.method for cell in cells} == {Method.PERSON}
    assert {cell.hand for cell in cells} == {HAND}
    net = done.cell(Item.NET_PROFIT)
    assert net is not None
    assert net.bbox == getattr(one.cell(Item.NET_PROFIT), "bbox", None)
    assert any("settled by Asha on 25 Nov 2026" in check.name for check in done.checks)


def test_a_confirmation_alone_does_not_supply_what_is_unknown() -> None:
    done = after(statement(title="Statement of Unaudited Results"), Corrections())
    assert done.status is Review.REVIEW
    assert done.reason == "the basis is not known"


@pytest.mark.parametrize(
    ("item", "value"),
    [
        (Item.NET_PROFIT, "120.10"),
        (Item.PROFIT_BEFORE_TAX, "161.00"),
        (Item.TAX, "(40.00)"),
        (Item.TOTAL_INCOME, "1,000.10"),
        (Item.TOTAL_EXPENSES, "810.00"),
        (Item.OTHER_INCOME, "-"),
        (Item.EPS_BASIC, "1.20"),
    ],
)
def test_a_word_does_not_beat_arithmetic(item: Item, value: str) -> None:
    done = after(
        statement(unit=""),
        Corrections(values={(item, CURRENT): value}, unit=Unit.CRORE),
    )
    assert (done.status, done.grade) == (Review.REVIEW, Grade.C)
    cell = done.cell(item)
    assert cell is not None
    assert cell.hand is not None
    assert cell.hand.was is not None
    assert item in {place[0] for place in prove(done).doubts}


def test_how_far_an_identity_is_off_is_said() -> None:
    wrong = Corrections(values={NET: "120.10"}, unit=Unit.CRORE)
    done = after(statement(unit=""), wrong)
    assert "is off by 0.10 (net_profit 120.10, computed 120.00)" in str(done.reason)


def test_a_last_digit_is_not_hidden_by_rounding() -> None:
    told, _ = corrected(statement(), Corrections({NET: "120.01"}), HAND)
    assert prove(told).problems == ()
    (why,) = inexact(told, [CURRENT, CURRENT])
    assert "net_profit 120.01, computed 120.00" in why
    done = settled(told, prove(told), HAND, [why])
    assert (done.status, done.reason) == (Review.REVIEW, why)
    assert inexact(statement(), [CURRENT]) == ()


def test_what_was_read_first_is_remembered_through_corrections() -> None:
    first, _ = corrected(statement(), Corrections(values={NET: "7"}), HAND)
    second, changes = corrected(first, Corrections(values={NET: "(8)"}), HAND)
    cell = second.cell(Item.NET_PROFIT)
    assert cell is not None
    assert cell.hand is not None
    assert (cell.value, cell.hand.was) == (Decimal(-8), "120.00")
    assert [str(change) for change in changes] == ["net_profit:current 7 → -8"]


def test_a_withheld_value_is_neither_nil_nor_proven() -> None:
    one = statement(unit="")
    eps = ((Item.EPS_BASIC, CURRENT), (Item.EPS_DILUTED, CURRENT))
    done = after(one, Corrections(withheld=eps, unit=Unit.CRORE))
    assert done.status is Review.ACCEPTED
    assert done.rupees(Item.EPS_BASIC) is None
    tax = Corrections(withheld=((Item.TAX, CURRENT),), unit=Unit.CRORE)
    assert after(one, tax).status is Review.REVIEW


def test_a_column_can_be_left_out() -> None:
    bad = Corrections(values={(Item.TAX, ColumnRole.PREVIOUS_QUARTER): "1"})
    told, _ = corrected(statement(), bad, HAND)
    assert prove(told).problems
    left = Corrections(dropped=(ColumnRole.PREVIOUS_QUARTER,))
    again, changes = corrected(told, left, HAND)
    assert prove(again).problems == ()
    assert [change.what for change in changes] == ["previous_quarter"]


def test_two_columns_of_one_content_are_refused() -> None:
    one = statement()
    same = one.columns[CURRENT].items
    quarter = replace(one.columns[ColumnRole.PREVIOUS_QUARTER], items=same)
    twice = replace(one, columns={**one.columns, ColumnRole.PREVIOUS_QUARTER: quarter})
    assert any("carry the same figures" in problem for problem in prove(twice).problems)


def test_a_misprinted_quarter_is_not_confirmed_away() -> None:
    why = "the quarter and the year to date carry the same figures"
    one = replace(statement(), status=Review.REVIEW, reason=why)
    assert str(after(one, Corrections()).reason).startswith(why)


TYPED = {
    Item.REVENUE: "900.00",
    Item.OTHER_INCOME: "100.00",
    Item.TOTAL_EXPENSES: "780.00",
    Item.FINANCE_COSTS: "20.00",
    Item.PROFIT_BEFORE_TAX: "200.00",
    Item.TAX: "-",
    Item.NET_PROFIT: "200.00",
}


def from_nothing(**other: str) -> Statement:
    values = {**TYPED, **{Item(name): text for name, text in other.items()}}
    wishes = Corrections(
        values={(item, CURRENT): text for item, text in values.items()},
        unit=Unit.LAKH,
        basis=Basis.STANDALONE,
        period_end=date(2025, 6, 30),
        page=3,
    )
    return after(nothing_read(), wishes)


def test_a_statement_is_typed_where_nothing_was_read() -> None:
    done = from_nothing()
    assert done.status is Review.ACCEPTED
    assert (done.months, done.page, done.period_end) == (3, 3, date(2025, 6, 30))
    assert done.rupees(Item.TAX) is None
    assert done.rupees(Item.NET_PROFIT) == Decimal(20_000_000)


def test_a_typed_statement_of_nothing_proves_nothing() -> None:
    nil = dict.fromkeys((item.value for item in TYPED), "-")
    assert from_nothing(**nil).status is Review.REVIEW


def test_comparative_columns_get_their_periods() -> None:
    year = (Item.NET_PROFIT, ColumnRole.PREVIOUS_YEAR)
    ago = (Item.NET_PROFIT, ColumnRole.SAME_QUARTER_LAST_YEAR)
    before = (Item.NET_PROFIT, ColumnRole.PREVIOUS_QUARTER)
    so_far = (Item.NET_PROFIT, ColumnRole.YEAR_TO_DATE)
    wishes = Corrections(
        values=dict.fromkeys((NET, year, ago, before, so_far), "1"),
        period_end=date(2025, 12, 31),
    )
    told, _ = corrected(nothing_read(), wishes, HAND)
    spans = {role: (c.period_end, c.months) for role, c in told.columns.items()}
    assert spans == {
        CURRENT: (date(2025, 12, 31), 3),
        ColumnRole.PREVIOUS_YEAR: (date(2025, 3, 31), 12),
        ColumnRole.SAME_QUARTER_LAST_YEAR: (date(2024, 12, 31), 3),
        ColumnRole.PREVIOUS_QUARTER: (date(2025, 9, 30), 3),
        ColumnRole.YEAR_TO_DATE: (date(2025, 12, 31), 9),
    }


def test_values_without_a_period_have_no_place() -> None:
    with pytest.raises(DecisionError, match="period"):
        corrected(nothing_read(), Corrections(values={NET: "1"}), HAND)
