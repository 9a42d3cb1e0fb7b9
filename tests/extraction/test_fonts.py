"""What the text of a page claims is believed only if the page shows it."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from dexter.domain.filing import Review
from dexter.extraction.document import read
from dexter.extraction.pages.classes import PageClass, describe
from dexter.extraction.pages.fonts import lying_digits
from dexter.extraction.pages.kinds import is_candidate, is_extract
from dexter.extraction.pages.words import page_words
from tests.extraction.builders import pdf
from tests.extraction.crafted import over, page_of, told

SWAP = {"1": "7", "7": "1"}
TURN = {str(digit): str((digit + 3) % 10) for digit in range(10)}


@contextmanager
def first_page(content: bytes) -> Iterator[pdfium.PdfPage]:
    document = pdfium.PdfDocument(content)
    try:
        yield document[0]
    finally:
        document.close()


def verdict(content: bytes) -> str | None:
    with first_page(content) as page:
        return lying_digits(page, page_words(page))


def covered(page: Canvas) -> None:
    page.setFillColorRGB(1, 1, 1)
    page.rect(325, 655, 30, 30, stroke=0, fill=1)


def covered_with_another(page: Canvas) -> None:
    covered(page)
    page.setFillColorRGB(0, 0, 0)
    for x, top in ((330, 660), (338, 660)):
        page.rect(x, top, 6, 7, stroke=0, fill=1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_an_honest_page_is_believed_whichever_way_it_is_turned(turn: int) -> None:
    assert verdict(page_of(pdf(), b"/Rotate %d" % turn)) is None


@pytest.mark.parametrize("lies", [SWAP, TURN, {"3": "8"}, {"5": "6", "6": "5"}])
def test_a_font_whose_text_names_other_digits_is_found(lies: dict[str, str]) -> None:
    assert verdict(told(pdf(), lies))


def test_any_two_digits_that_change_places_are_found() -> None:
    for a, b in permutations("0123456789", 2):
        if a < b:
            assert verdict(told(pdf(), {a: b, b: a})), (a, b)


@pytest.mark.parametrize(
    "lies",
    [
        {".": "\u200b"},
        {"(": " ", ")": " "},
        {"(": "\u200b", ")": "\u200b"},
        {",": "\ue000"},
    ],
)
def test_marks_the_text_leaves_out_are_found(lies: dict[str, str]) -> None:
    assert verdict(told(pdf(), lies))


@pytest.mark.parametrize("draw", [covered, covered_with_another])
def test_covered_digits_are_found(draw: Callable[[Canvas], None]) -> None:
    assert verdict(over(draw))


def test_text_that_stands_for_other_marks_is_found() -> None:
    def replaced(page: Canvas) -> None:
        page.setFont("Helvetica", 9)
        page._code.append("/Span << /ActualText (1,994) >> BDC")
        page.drawString(400, 300, "7,442")
        page._code.append("EMC")

    assert verdict(over(replaced))


def test_white_text_is_found() -> None:
    def white(page: Canvas) -> None:
        page.setFont("Helvetica", 9)
        page.setFillColorRGB(1, 1, 1)
        page.drawString(100, 200, "12,345.67")

    assert verdict(over(white))


def test_an_embedded_font_is_believed() -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    out = io.BytesIO()
    page = Canvas(out, pagesize=(612, 792))
    page.setFont("Vera", 9)
    for row in range(30):
        page.drawString(100, 700 - 15 * row, f"{row * 7919 + 10234:,}.{row:02d}")
    page.showPage()
    page.save()
    assert verdict(out.getvalue()) is None


@pytest.mark.real
def test_honest_statement_pages_are_believed(shared: Path) -> None:
    seen = 0
    for file in sorted((shared / "data" / "filings" / "pdf").rglob("*.pdf")):
        try:
            document = pdfium.PdfDocument(file)
        except pdfium.PdfiumError:
            continue
        for number in range(min(len(document), 20)):
            page = document[number]
            told_ = describe(page, number + 1)
            candidate = is_candidate(told_) and not is_extract(told_)
            if told_.kind is PageClass.TRUSTED and candidate:
                assert lying_digits(page, page_words(page)) is None, (
                    file.name,
                    number + 1,
                )
                seen += 1
        document.close()
    assert seen >= 15


@pytest.mark.parametrize(
    "lies",
    [
        {"(": " ", ")": " "},
        pytest.param(SWAP, marks=pytest.mark.slow),
        pytest.param(TURN, marks=pytest.mark.slow),
        pytest.param({".": "\u200b"}, marks=pytest.mark.slow),
    ],
)
def test_a_lying_statement_is_never_accepted_as_its_text(lies: dict[str, str]) -> None:
    honest = read("honest.pdf", pdf()).statements[0]
    for one in read("lying.pdf", told(pdf(), lies)).statements:
        for role, column in (
            one.columns.items() if one.status is Review.ACCEPTED else ()
        ):
            for item, cell in column.items.items():
                true = honest.columns[role].items[item]
                assert cell.value in (None, true.value)
