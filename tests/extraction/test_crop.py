"""Pictures of pages: upright, every cell boxed where it stands, by what it is worth."""

import io
from dataclasses import replace
from decimal import Decimal

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
import pytest
from PIL import Image

from dexter.domain.filing import Grade, Review
from dexter.domain.statement import Cell, Column, ColumnRole, Item, Method, Statement
from dexter.extraction.document import read
from dexter.extraction.pictures.crop import draw, draw_page
from dexter.extraction.pictures.marking import Tier, tier
from dexter.extraction.pictures.upright import quarter_turns, turned_box
from tests.extraction.builders import pdf

SIZE = (612.0, 792.0)
LETTER = (1224, 1584)


@pytest.fixture(scope="module")
def content() -> bytes:
    return pdf()


@pytest.fixture(scope="module")
def statement(content: bytes) -> Statement:
    (one,) = read("results.pdf", content).statements
    return one


def turned(one: Statement, turns: int) -> Statement:
    """The statement as a reader tells it of the page turned so often anticlockwise."""

    def cell(old: Cell) -> Cell:
        assert old.bbox is not None
        return replace(old, bbox=turned_box(old.bbox, SIZE, turns))

    columns = {
        role: replace(c, items={item: cell(x) for item, x in c.items.items()})
        for role, c in one.columns.items()
    }
    return replace(one, columns=columns)


def as_displayed(content: bytes, turns: int) -> bytes:
    """The same PDF, its page displayed on its side or upside down."""
    document = pdfium.PdfDocument(content)
    document[0].set_rotation((360 - 90 * turns) % 360)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_page_comes_out_upright_with_its_boxes(
    content: bytes, statement: Statement, turns: int
) -> None:
    aside, lying = as_displayed(content, turns), turned(statement, turns)
    assert quarter_turns([lying], 1) == (-turns) % 4
    whole, there = (
        opened(draw_page(content, 1, statement)),
        opened(draw_page(aside, 1, lying)),
    )
    assert there.size == whole.size
    near = sum(a != b for a, b in zip(_coarse(whole), _coarse(there), strict=True))
    assert near == 0
    cell = lying.cell(Item.NET_PROFIT)
    assert cell is not None
    assert cell.bbox is not None
    one = opened(draw(aside, 1, cell.bbox, turns=quarter_turns([lying], 1)))
    assert one.width > one.height


def _coarse(picture: Image.Image) -> list[bool]:
    """Where there is ink, in squares too large for a pixel's rounding."""
    small = picture.convert("L").resize((30, 40), Image.Resampling.BOX)
    return [int(value) < 245 for value in small.tobytes()]


def test_boxes_stand_on_the_page_and_values_beside_it(
    content: bytes, statement: Statement
) -> None:
    picture = opened(draw_page(content, 1, statement))
    assert picture.width > LETTER[0]
    assert picture.height > LETTER[1]
    colours = {pixel for _, pixel in picture.getcolors(1 << 24) or []}
    assert Tier.EXACT.colour in colours
    assert Tier.REVIEW.colour not in colours
    strip = picture.height - LETTER[1]
    cell = statement.cell(Item.NET_PROFIT)
    assert cell is not None
    assert cell.bbox is not None
    x0, _, x1, bottom = (round(2 * side) for side in cell.bbox)
    edges = {picture.getpixel((x, strip + bottom + 2)) for x in range(x0, x1)}
    assert edges == {Tier.EXACT.colour}


def test_a_page_without_cells_is_drawn_all_the_same(
    content: bytes, statement: Statement
) -> None:
    assert opened(draw_page(content, 1, replace(statement, columns={}))).height > 1000


@pytest.mark.parametrize(
    ("grade", "status", "method", "value", "worth"),
    [
        (Grade.A, Review.ACCEPTED, Method.TEXT, "1", Tier.EXACT),
        (Grade.B, Review.ACCEPTED, Method.OCR, "1", Tier.ROUNDED),
        (Grade.C, Review.ACCEPTED, Method.OCR, "1", Tier.REVIEW),
        (Grade.A, Review.REVIEW, Method.TEXT, "1", Tier.REVIEW),
        (Grade.B, Review.ACCEPTED, Method.PERSON, "1", Tier.PERSON),
        (Grade.A, Review.ACCEPTED, Method.TEXT, None, Tier.WITHHELD),
    ],
)
def test_a_colour_says_what_a_value_is_worth(
    statement: Statement,
    grade: Grade,
    status: Review,
    method: Method,
    value: str | None,
    worth: Tier,
) -> None:
    cell = Cell(Decimal(value) if value else None, value, method)
    assert tier(replace(statement, grade=grade, status=status), cell) is worth


def test_cells_of_other_pages_are_left_out(
    content: bytes, statement: Statement
) -> None:
    current = statement.columns[ColumnRole.CURRENT]
    away = {item: replace(cell, page=7) for item, cell in current.items.items()}
    elsewhere = replace(
        statement,
        columns={ColumnRole.CURRENT: Column(current.period_end, 3, away)},
    )
    picture = opened(draw_page(content, 1, elsewhere))
    colours = {pixel for _, pixel in picture.getcolors(1 << 24) or []}
    assert Tier.EXACT.colour not in colours
