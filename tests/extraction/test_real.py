"""Real filings: nothing wrong is accepted, and every file has an end."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pytest

from dexter.domain.filing import Review
from dexter.domain.statement import Cell, ColumnRole, Item, Method, Statement
from dexter.errors import DocumentError
from dexter.extraction.document import read
from dexter.extraction.pages import ocr
from dexter.extraction.pages import picture as paper
from dexter.extraction.pages.figures import figure
from dexter.extraction.pages.sheet import Box
from dexter.extraction.pictures.upright import quarter_turns
from tests.conftest import ROOT

LINES = (
    Item.REVENUE,
    Item.OTHER_INCOME,
    Item.TOTAL_INCOME,
    Item.TOTAL_EXPENSES,
    Item.PROFIT_BEFORE_TAX,
    Item.TAX,
    Item.NET_PROFIT,
    Item.EPS_BASIC,
    Item.EPS_DILUTED,
)
NEGATIVE = (
    "newspaper",
    "intimation",
    "announcement",
    "transcript",
    "corrupt",
    "trading_window",
    "shareholding",
    "outcome_letter",
)
HCL_CONSOLIDATED = "HCLTECH/20240712_1820_INDAS_108977_1183038_12072024062034.xml"


@pytest.fixture(scope="module")
def filings(shared: Path) -> Path:
    return shared / "data" / "filings"


def accepted(path: Path) -> list[Statement]:
    try:
        result = read(path.name, path.read_bytes())
    except DocumentError:
        return []
    return [one for one in result.statements if one.status is Review.ACCEPTED]


def wrong(one: Statement, row: dict[str, Any]) -> Iterator[str]:
    """Cells of an accepted statement that differ from what a person read."""
    for role in row["columns"]:
        for item in LINES:
            cell = one.cell(item, ColumnRole(role))
            truth = row[role].get(str(item))
            if cell is None or cell.value is None:
                continue
            if truth is None or cell.value != Decimal(str(truth)):
                yield f"{row['file']} {role} {item}: {cell.value}, printed {truth}"


def missing(one: Statement, row: dict[str, Any]) -> Iterator[str]:
    """Printed amounts an accepted statement lacks; an EPS may be withheld."""
    for role in row["columns"]:
        for item in LINES[:-2]:
            cell = one.cell(item, ColumnRole(role))
            lacks = cell is None or cell.value is None
            if row[role].get(str(item)) is not None and lacks:
                yield f"{row['file']} {role} {item} is missing"


def compare(
    root: Path, truth: Path, only: tuple[str, ...] = ()
) -> tuple[int, list[str]]:
    rows = [json.loads(line) for line in truth.read_text().splitlines()]
    rows = [row for row in rows if not only or any(n in row["file"] for n in only)]
    right, faults = 0, []
    for file in dict.fromkeys(row["file"] for row in rows):
        for one in accepted(root / file):
            for row in rows:
                if row["file"] != file or row["basis"] != one.basis:
                    continue
                found = list(wrong(one, row))
                said = (one.unit, str(one.period_end), one.months, one.page)
                told = (row["unit"], row["period_end"], row["months"], row["page"])
                found += [f"{file}: {said}, truth {told}"] if said != told else []
                found += missing(one, row)
                faults += found
                right += not found
    return right, faults


def test_the_sample_markets_pages_are_read_right() -> None:
    sample = ROOT / "data" / "sample"
    if not (sample / "truth.jsonl").is_file():
        pytest.skip("the sample market is not built")
    right, faults = compare(sample / "filings", sample / "truth.jsonl")
    assert faults == []
    assert right >= 26


@pytest.mark.real
def test_some_born_digital_pages_are_read_right(filings: Path) -> None:
    only = ("LT_", "VAKRANGEE", "SHRMEAST_20161231", "MUNCAPM_20151231")
    right, faults = compare(filings, filings / "truth.jsonl", only)
    assert faults == []
    assert right >= 6


@pytest.mark.real
def test_some_scans_are_read_right(filings: Path) -> None:
    """One sideways, one whose hidden text lies and whose minus OCR loses."""
    only = ("SHRMEAST_20250630", "MUNCAPM_20181231")
    right, faults = compare(filings, filings / "truth.jsonl", only)
    assert faults == []
    assert right == 2


@pytest.mark.real
@pytest.mark.slow
def test_every_hand_read_row_is_right_or_in_review(filings: Path) -> None:
    right, faults = compare(filings, filings / "truth.jsonl")
    assert faults == []
    assert right >= 31


@pytest.mark.real
@pytest.mark.slow
def test_every_box_covers_what_is_printed(filings: Path) -> None:
    """Read again from a crop of nothing but the box."""
    truth = (filings / "truth.jsonl").read_text()
    rows = [json.loads(line) for line in truth.splitlines()]
    read_again, differing = 0, []
    for file in dict.fromkeys(row["file"] for row in rows):
        content = (filings / file).read_bytes()
        for one in accepted(filings / file):
            for cell, seen in crops(content, one):
                read_again += 1
                if seen != cell.value and not minus_above(file, cell, seen):
                    differing.append(f"{file} p{cell.page} {cell.printed}: {seen}")
    assert read_again > 2500
    assert differing == []


def minus_above(file: str, cell: Cell, seen: Decimal | None) -> bool:
    """The one figure whose minus is printed on the line above its digits."""
    named = "MUNCAPM_20181231" in file and cell.printed == "-1.12"
    return named and seen == -(cell.value or Decimal(0))


def crops(content: bytes, one: Statement) -> Iterator[tuple[Cell, Decimal | None]]:
    """Every printed value of a statement beside what its box alone shows."""
    turns = quarter_turns([one], one.page or 1)
    document = pdfium.PdfDocument(content)
    for column in one.columns.values():
        for cell in column.items.values():
            if cell.bbox is None or cell.page is None or not cell.value:
                continue
            if cell.method is Method.TEXT:
                yield cell, figure(text_in(document[cell.page - 1], cell.bbox))
            elif cell.method is Method.OCR:
                yield cell, ink_in(document[cell.page - 1], cell.bbox, turns)
    document.close()


def text_in(page: pdfium.PdfPage, box: Box) -> str:
    """Characters whose middle lies in a box, from left to right."""
    x0, top, x1, bottom = box
    left, _, _, high = page.get_cropbox()
    text = page.get_textpage()
    found = []
    for index in range(text.count_chars()):
        a, low, b, up = text.get_charbox(index)
        across, down = (a + b) / 2 - left, high - (low + up) / 2
        if x0 <= across <= x1 and top <= down <= bottom:
            found.append((a, text.get_text_range(index, 1)))
    return "".join("".join(char for _, char in sorted(found)).split())


def ink_in(page: pdfium.PdfPage, box: Box, turns: int) -> Decimal | None:
    pixels, scale = paper.picture(page, 200)
    x0, top, x1, bottom = (round(side * scale) for side in box)
    crop = np.ascontiguousarray(np.rot90(pixels[top:bottom, x0:x1], turns))
    tall, wide = crop.shape[:2]
    ring = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype=np.float32)
    (line,) = ocr.read(crop, [ring])
    return figure("".join(line.text.split()))


@pytest.mark.real
def test_prose_and_notices_are_never_accepted(filings: Path) -> None:
    paths = [*negatives(filings)][::6]
    assert len(paths) >= 3
    assert [path.name for path in paths if accepted(path)] == []


@pytest.mark.real
@pytest.mark.slow
def test_what_is_not_results_is_never_accepted(filings: Path) -> None:
    paths = negatives(filings)
    assert len(paths) >= 15
    assert [path.name for path in paths if accepted(path)] == []


def negatives(filings: Path) -> list[Path]:
    files = sorted((filings / "pdf").iterdir())
    return [path for path in files if any(name in path.name for name in NEGATIVE)]


@pytest.mark.real
def test_a_consolidated_quarter_everybody_knows(filings: Path) -> None:
    (one,) = accepted(filings / "xbrl" / HCL_CONSOLIDATED)
    crore = 10_000_000
    assert one.basis == "consolidated"
    assert one.rupees(Item.REVENUE) == 28057 * crore
    assert one.rupees(Item.NET_PROFIT) == 4259 * crore
