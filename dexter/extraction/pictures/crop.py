"""Pictures of where a figure stands: the page region with its cell boxed."""

import io

from lxml import etree
from PIL import Image, ImageDraw

from dexter.domain.statement import Method, Statement
from dexter.errors import DocumentError
from dexter.extraction.pdf import opened
from dexter.extraction.pictures.marking import Marking, Placed, marked
from dexter.extraction.pictures.upright import Box, quarter_turns, turned_box
from dexter.extraction.xbrl.instance import (
    attribute,
    concept_of,
    fact_elements,
    parse_root,
)

_SCALE = 2.0
_MAX_PIXELS = 6_000_000
_MAX_SIDE = 4_000
_MARGIN = (140.0, 46.0)
_INK = (200, 30, 30)
_QUOTE_CAP = 2_000


def draw(
    content: bytes, page: int, bbox: Box, label: str = "", turns: int = 0
) -> bytes:
    """The region around a cell, the cell boxed, as PNG.

    Args:
        content: the PDF.
        page: counted from 1.
        bbox: ``(x0, top, x1, bottom)`` in points from the top left.
        label: written above the box.
        turns: quarter turns anticlockwise until the page stands upright
            (``dexter.extraction.pictures.upright.quarter_turns``).

    Raises:
        DocumentError: the PDF cannot be opened or has no such page.
    """
    image, scale, size = _rendered(content, page, turns)
    bbox = turned_box(bbox, size, turns)
    _, top, x1, bottom = bbox
    _box(image, scale, bbox, label)
    # To the left stands the row's label, which is half of the evidence.
    region = (0.0, top - _MARGIN[1], x1 + _MARGIN[0], bottom + _MARGIN[1])
    return _png(image.crop(_clipped(region, scale, image.size)))


def draw_page(content: bytes, page: int, *statements: Statement) -> bytes:
    """The whole page, upright, with every cell of its statements boxed, as PNG.

    Boxes have the colour of what their value is worth; what was read is written
    beside the page, each row at its own height, under a legend.

    Raises:
        DocumentError: the PDF cannot be opened or has no such page.
    """
    turns = quarter_turns(statements, page)
    image, scale, size = _rendered(content, page, turns)
    cells = [
        Marking(
            number,
            role,
            cell,
            Placed(*(side * scale for side in turned_box(cell.bbox, size, turns))),
        )
        for number, statement in enumerate(statements)
        for role, column in statement.columns.items()
        for cell in column.items.values()
        # What was worked out is printed nowhere.
        if cell.bbox is not None
        and cell.page == page
        and cell.method is not Method.DERIVED
    ]
    return _png(marked(image, statements, cells))


def quote(content: bytes, context: str, concept: str) -> str:
    """The raw XBRL element of a fact, as filed.

    Args:
        content: an XBRL instance, plain or inline.
        context: the context id of the fact.
        concept: its local name.

    Raises:
        DocumentError: unreadable, or the fact is not in it.
    """
    name = "XBRL document"
    inline = b"<ix:" in content or b"inlinexbrl" in content.lower()
    root = parse_root(name, content, inline=inline)
    for element in fact_elements(root):
        named = attribute(element, "contextref") == context
        if named and concept_of(element) == concept:
            return _source(element)
    raise DocumentError(name, f"it has no {concept} in context {context}")


def _source(element: etree._Element) -> str:
    """Name, attributes and text, without the namespaces a serialiser would add."""
    tag = str(element.tag).rpartition("}")[2]
    prefix = str(element.prefix) + ":" if element.prefix else ""
    pairs = [
        '{}="{}"'.format(str(key).rpartition("}")[2], str(value))
        for key, value in element.attrib.items()
    ]
    text = "".join(str(part) for part in element.itertext()).strip()
    opening = " ".join([f"<{prefix}{tag}", *pairs])
    return f"{opening}>{text}</{prefix}{tag}>"[:_QUOTE_CAP]


def _rendered(
    content: bytes, number: int, turns: int
) -> tuple[Image.Image, float, tuple[float, float]]:
    """A page turned upright, its pixels a point, and its size before the turn."""
    name = "PDF"
    with opened(name, content) as document:
        if not 1 <= number <= len(document):
            raise DocumentError(name, f"it has no page {number}")
        page = document[number - 1]
        try:
            width, height = page.get_size()
            scale = _scale(width, height)
            bitmap = page.render(scale=scale, rev_byteorder=True)
            try:
                # Copied: the bitmap's memory goes with the page.
                image = bitmap.to_pil().convert("RGB").copy()
            finally:
                bitmap.close()
        finally:
            page.close()
    return image.rotate(90 * turns, expand=True), scale, (width, height)


def _scale(width: float, height: float) -> float:
    """Twice the page's points, less where the picture would be too large."""
    area = max(width * height, 1.0)
    side = max(width, height, 1.0)
    return float(min(_SCALE, (_MAX_PIXELS / area) ** 0.5, _MAX_SIDE / side))


def _box(image: Image.Image, scale: float, bbox: Box, label: str) -> None:
    pen = ImageDraw.Draw(image)
    x0, top, x1, bottom = (side * scale for side in bbox)
    pen.rectangle((x0 - 3, top - 3, x1 + 3, bottom + 3), outline=_INK, width=2)
    if label:
        words = label[:60].encode("latin-1", "replace").decode("latin-1")
        pen.text((x0 - 3, max(0.0, top - 17)), words, fill=_INK)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, format="PNG")
    return out.getvalue()


def _clipped(
    region: Box, scale: float, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    left, top = max(0, int(region[0] * scale)), max(0, int(region[1] * scale))
    right = min(size[0], int(region[2] * scale))
    bottom = min(size[1], int(region[3] * scale))
    if right <= left or bottom <= top:
        return 0, 0, size[0], size[1]
    return left, top, right, bottom
