"""Scans are read by OCR, whatever way round, and their boxes lie on the paper."""

import io
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from dexter.domain.filing import Basis, Review
from dexter.domain.statement import ColumnRole, Item, Method, Statement, Unit
from dexter.extraction.document import read
from dexter.extraction.pages import ocr, scan
from dexter.extraction.pages import picture as paper
from dexter.extraction.pages.figures import figure
from dexter.extraction.pages.picture import Picture
from tests.extraction.builders import ROWS, pdf

QUARTER_TURN = 90
POINTS = 72
DPI = 150


def photographed(content: bytes, *, turn: float = 0.0) -> Image.Image:
    """The first page as a picture, turned anticlockwise by degrees."""
    document = pdfium.PdfDocument(content)
    picture: Image.Image = document[0].render(scale=DPI / POINTS).to_pil()
    document.close()
    return picture.rotate(turn, expand=turn % QUARTER_TURN == 0, fillcolor="white")


def scanned(picture: Image.Image, hidden: str = "") -> bytes:
    """A PDF of one picture, with a hidden text layer if asked."""
    file = io.BytesIO()
    size = tuple(side * POINTS / DPI for side in picture.size)
    canvas = Canvas(file, pagesize=size)
    canvas.drawImage(ImageReader(picture), 0, 0, *size)
    if hidden:
        text = canvas.beginText(40, size[1] - 40)
        text.setTextRenderMode(3)
        for line in hidden.splitlines():
            text.textLine(line)
        canvas.drawText(text)
    canvas.save()
    return file.getvalue()


def only(content: bytes) -> Statement:
    (one,) = read("scan.pdf", content).statements
    return one


@pytest.mark.parametrize("turn", [0, 90, 180, 270, 1.2])
def test_a_scan_is_read_whichever_way_it_lies(turn: float) -> None:
    one = only(scanned(photographed(pdf(), turn=turn)))
    assert (one.status, one.basis, one.unit) == (
        Review.ACCEPTED,
        Basis.STANDALONE,
        Unit.CRORE,
    )
    assert one.rupees(Item.NET_PROFIT) == Decimal(1200000000)
    before = one.cell(Item.REVENUE, ColumnRole.SAME_QUARTER_LAST_YEAR)
    assert before is not None
    assert (before.value, before.method) == (Decimal("810.25"), Method.OCR)


def test_no_line_of_an_upright_page_is_read_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, asked = [], []
    detect, read_lines = ocr.detect, ocr.read

    def detected(picture: Picture) -> list[ocr.Quad]:
        quads = detect(picture)
        found.append(len(quads))
        return quads

    def told(picture: Picture, quads: Sequence[ocr.Quad]) -> list[ocr.TextLine]:
        asked.append(len(quads))
        return read_lines(picture, quads)

    monkeypatch.setattr(ocr, "detect", detected)
    monkeypatch.setattr(ocr, "read", told)
    document = pdfium.PdfDocument(scanned(photographed(pdf())))
    seen = scan.read(document[0])
    document.close()
    assert sum(asked) == sum(found)
    assert len({word.line for word in seen.words}) == sum(found)


@pytest.mark.parametrize("turn", [90, 1.2])
def test_every_box_holds_what_was_read(turn: float) -> None:
    content = scanned(photographed(pdf(), turn=turn))
    one = only(content)
    document = pdfium.PdfDocument(content)
    pixels, scale = paper.picture(document[0], 200)
    document.close()
    seen = 0
    for column in one.columns.values():
        for cell in column.items.values():
            if cell.method is not Method.OCR or cell.bbox is None or not cell.value:
                continue
            x0, top, x1, bottom = (round(side * scale) for side in cell.bbox)
            crop = Image.fromarray(pixels[top:bottom, x0:x1]).rotate(
                -turn if turn == QUARTER_TURN else 0, expand=True
            )
            assert figure(text_of(crop)) == cell.value
            seen += 1
    assert seen > 30


def text_of(crop: Image.Image) -> str:
    wide, tall = crop.size
    pixels = np.asarray(crop)
    ring = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype="float32")
    (line,) = ocr.read(pixels, [ring])
    return line.text.replace(" ", "")


def test_a_hidden_text_layer_is_not_believed() -> None:
    """The layer tells another story, number for number; the paper is read."""
    lie = "\n".join(
        " ".join([label, *(value.replace("1", "7") for value in values)])
        for label, values in ROWS
    )
    one = only(scanned(photographed(pdf()), "Quarter ended results " * 8 + lie))
    assert one.status is Review.ACCEPTED
    assert one.rupees(Item.NET_PROFIT) == Decimal(1200000000)


def test_a_wrong_digit_on_paper_is_not_accepted() -> None:
    rows = [
        (name, ("121.00", *old[1:]) if name == "Net profit for the period" else old)
        for name, old in ROWS
    ]
    one = only(scanned(photographed(pdf(rows))))
    assert one.status is Review.REVIEW
    cell = one.cell(Item.NET_PROFIT)
    assert cell is not None
    assert cell.value == Decimal("121.00"), "the reading is proposed to a person"


def test_a_picture_without_text_is_no_statement() -> None:
    result = read("scan.pdf", scanned(Image.new("RGB", (1200, 1600), "grey")))
    assert not result.statements
    assert result.status is not Review.ACCEPTED
