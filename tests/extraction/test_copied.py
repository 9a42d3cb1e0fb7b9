"""A model's copy is believed only as far as sums and OCR bear it out."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from dexter.domain.filing import Basis, Grade, Review
from dexter.domain.statement import ColumnRole, Item, Method, Statement, Unit
from dexter.extraction.copies.copied import statements_of
from dexter.extraction.copies.look import Look
from dexter.extraction.copies.transcript import CopyRow, CopyTable
from dexter.extraction.pages.sheet import Frame
from dexter.extraction.pages.words import Word
from tests.pipelines.vision_scenes import COLUMNS, ROWS, TITLE, UNIT

COPY = CopyTable(
    (*TITLE, "Standalone", UNIT),
    COLUMNS,
    tuple(CopyRow(label, tuple(cells)) for label, *cells in ROWS),
)
FRAME = Frame(600, 800)
Edit = Callable[[CopyTable], CopyTable]


def words(
    *, without: tuple[str, ...] = (), instead: dict[str, str] | None = None
) -> tuple[Word, ...]:
    """The page as OCR sees it; some words lost, some misread."""
    found = [
        _word(part, 40 + 60 * i, 20 + 12 * n)
        for n, line in enumerate((*TITLE, UNIT))
        for i, part in enumerate(line.split())
    ]
    for index, column in enumerate(COLUMNS):
        quarter, ended, day, audit = column.split()
        found.append(_word(f"{quarter} {ended}", 300 + 80 * index, 80))
        found.append(_word(day, 300 + 80 * index, 90))
        found.append(_word(audit, 300 + 80 * index, 100))
    for index, (label, *cells) in enumerate(ROWS):
        found.append(_word(label, 20, 120 + 14 * index, wide=200))
        found += [
            _word(cell, 300 + 80 * column, 120 + 14 * index)
            for column, cell in enumerate(cells)
        ]
    changed = instead or {}
    return tuple(
        replace(word, text=changed.get(word.text, word.text))
        for word in found
        if word.text not in without
    )


def _word(text: str, x0: float, top: float, wide: float = 50) -> Word:
    return Word(text, x0, top, x0 + wide, top + 8, 0.97)


def judged(copy: CopyTable = COPY, seen: tuple[Word, ...] | None = None) -> Statement:
    look = Look(1, "", words() if seen is None else seen, FRAME, ())
    (one,) = statements_of(copy, look)
    return one


def cells(row: str, *texts: str) -> Edit:
    """The copy with a row's cells replaced from the left."""

    def edit(copy: CopyTable) -> CopyTable:
        rows = [
            CopyRow(one.label, (*texts, *one.cells[len(texts) :]))
            if one.label == row
            else one
            for one in copy.rows
        ]
        return replace(copy, rows=tuple(rows))

    return edit


def test_a_faithful_copy_is_accepted_with_ocr_s_boxes() -> None:
    one = judged()
    assert (one.status, one.grade, one.reason) == (Review.ACCEPTED, Grade.A, None)
    assert (one.unit, one.basis) == (Unit.LAKH, Basis.STANDALONE)
    profit = one.cell(Item.NET_PROFIT)
    assert profit is not None
    assert (profit.value, profit.method) == (Decimal("256.48"), Method.VISION)
    row = [label for label, *_ in ROWS].index("Profit for the period")
    assert profit.bbox == tuple(map(float, (300, 120 + 14 * row, 350, 128 + 14 * row)))
    assert profit.confidence == 0.97
    eps = one.cell(Item.EPS_BASIC)
    assert eps is not None
    assert eps.value == Decimal("2.14")


def test_labels_ocr_lost_do_not_matter() -> None:
    lost = ("Total expenses", "Profit before tax", "Profit for the period")
    assert judged(seen=words(without=lost)).status is Review.ACCEPTED


def test_a_figure_ocr_lost_is_what_the_sums_leave_and_says_so() -> None:
    one = judged(seen=words(without=("256.48",)))
    assert (one.status, one.grade) == (Review.ACCEPTED, Grade.B)
    profit = one.cell(Item.NET_PROFIT)
    assert profit is not None
    assert (profit.value, profit.bbox) == (Decimal("256.48"), None)
    assert profit.confidence == 0.5


def test_a_sign_ocr_lost_is_proven_by_the_sums() -> None:
    loss = COPY
    for edit in (
        cells("Total expenses", "4,839.22"),
        cells("Other expenses", "1,142.73"),
        cells("Profit before tax", "(300.00)"),
        cells("Tax expense", "0.00"),
        cells("Profit for the period", "(300.00)"),
        cells("Basic earnings per share", "(2.50)"),
        cells("Diluted earnings per share", "(2.50)"),
    ):
        loss = edit(loss)
    printed = {
        "4,196.49": "4,839.22",
        "500.00": "1,142.73",
        "342.73": "300.00",
        "86.25": "0.00",
        "256.48": "(300.00)",
        "2.14": "(2.50)",
    }
    one = judged(loss, words(instead=printed))
    assert (one.status, one.grade) == (Review.ACCEPTED, Grade.B)
    before = one.cell(Item.PROFIT_BEFORE_TAX)
    assert before is not None
    assert before.value == -300


def test_figures_that_add_up_but_are_not_there_are_refused() -> None:
    invented = COPY
    for edit in (
        cells("Revenue from operations", "4,578.05"),
        cells("Total income", "4,639.22"),
        cells("Profit before tax", "442.73"),
        cells("Profit for the period", "356.48"),
    ):
        invented = edit(invented)
    one = judged(invented)
    assert one.status is Review.REVIEW
    assert "OCR sees '4,478.05' where it says '4,578.05'" in str(one.reason)
    # What is proposed is shown.
    revenue = one.cell(Item.REVENUE)
    assert revenue is not None
    assert revenue.printed == "4,578.05"


@pytest.mark.parametrize("printed", ["4,478.05", "342.73", "256.48", "2,226.27"])
def test_a_changed_digit_is_refused(printed: str) -> None:
    for digit in "0123456789":
        text = digit + printed[1:]
        if text == printed:
            continue
        rows = tuple(
            CopyRow(r.label, tuple(text if c == printed else c for c in r.cells))
            for r in COPY.rows
        )
        assert judged(replace(COPY, rows=rows)).status is Review.REVIEW


def without_row(label: str) -> Edit:
    return lambda copy: replace(
        copy, rows=tuple(row for row in copy.rows if row.label != label)
    )


def heading(old: str, new: str) -> Edit:
    return lambda copy: replace(
        copy,
        heading=tuple(line.replace(old, new) for line in copy.heading),
        columns=tuple(line.replace(old, new) for line in copy.columns),
    )


def swapped(copy: CopyTable) -> CopyTable:
    now, before, year_ago, year = copy.columns
    return replace(copy, columns=(now, year_ago, before, year))


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (heading("lakhs", "crores"), "does not see the word crore"),
        (heading("Standalone", "Consolidated"), "does not see the word consolidated"),
        (heading("2025", "2026"), "which column is which"),
        (swapped, "sees the date"),
        (without_row("Finance costs"), "which it leaves out"),
        (cells("Total income", "4,539.2?"), "could not read"),
        (cells("Total income", "4539.22"), None),
    ],
)
def test_what_sums_cannot_prove_ocr_must_see(edit: Edit, why: str | None) -> None:
    one = judged(edit(COPY))
    if why is None:
        assert one.status is Review.ACCEPTED
    else:
        assert one.status is Review.REVIEW
        assert why in str(one.reason)


@pytest.mark.parametrize(
    ("lost", "why"),
    [
        (("4,539.22", "342.73"), "two figures of one column"),
        (("342.73", "230.79"), "two figures of one row"),
        ((UNIT.split()[-1],), "the word lakh"),
        (("30.06.2025", "June"), "the date 2025-06-30"),
    ],
)
def test_what_ocr_lost_is_not_taken_from_the_model(
    lost: tuple[str, ...], why: str
) -> None:
    one = judged(seen=words(without=lost))
    assert one.status is Review.REVIEW
    assert why in str(one.reason)


def test_a_line_that_ocr_reads_as_another_is_refused() -> None:
    names = ("Revenue from operations", "Total income")
    one = judged(seen=words(instead=dict(zip(names, reversed(names), strict=True))))
    assert one.status is Review.REVIEW
    assert "OCR reads 'Total income' where it says revenue" in str(one.reason)


def test_a_share_figure_only_the_model_saw_is_withheld() -> None:
    one = judged(seen=words(instead={"2.14": "2.74"}))
    assert one.status is Review.ACCEPTED
    eps = one.cell(Item.EPS_BASIC)
    assert eps is not None
    assert (eps.value, eps.printed) == (None, "2.14")
    assert eps.reason == "OCR sees '2.74' there"


def test_a_column_ocr_does_not_confirm_is_withheld_figure_by_figure() -> None:
    one = judged(seen=words(without=("9,130.54",)))
    year = one.cell(Item.REVENUE, ColumnRole.PREVIOUS_YEAR)
    assert year is not None
    assert (year.value, year.reason) == (None, "OCR does not see it")


def test_a_copy_that_is_no_results_statement_is_none() -> None:
    rows = tuple(CopyRow(f"Asset {i}", r.cells) for i, r in enumerate(COPY.rows))
    assert (
        statements_of(replace(COPY, rows=rows), Look(1, "", words(), FRAME, ())) == []
    )
