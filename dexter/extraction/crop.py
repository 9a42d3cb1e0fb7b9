"""Pictures of where a figure stands: the page region with its cell boxed."""

import io
from collections.abc import Iterable

from lxml import etree
from PIL import Image, ImageDraw

from dexter.domain.statement import Statement
from dexter.errors import DocumentError
from dexter.extraction.instance import (
    attribute,
    concept_of,
    fact_elements,
    parse_root,
)
from dexter.extraction.pdf import opened

Box = tuple[float, float, float, float]

_SCALE = 2.0
_MAX_PIXELS = 6_000_000
_MAX_SIDE = 4_000
_MARGIN = (140.0, 46.0)
_INK = (200, 30, 30)
_QUOTE_CAP = 2_000


def draw(content: bytes, page: int, bbox: Box, label: str = "") -> bytes:
    """The region around a cell, the cell boxed, as PNG.

    Args:
        content: the PDF.
        page: counted from 1.
        bbox: ``(x0, top, x1, bottom)`` in points from the top left.
        label: written above the box.

    Raises:
        DocumentError: the PDF cannot be opened or has no such page.
    """
    _, top, x1, bottom = bbox
    # To the left stands the row's label, which is half of the evidence.
    region = (0.0, top - _MARGIN[1], x1 + _MARGIN[0], bottom + _MARGIN[1])
    return _picture(content, page, region, [(bbox, label)])


def draw_page(content: bytes, page: int, statement: Statement) -> bytes:
    """The whole page with every cell of the statement boxed, as PNG.

    Raises:
        DocumentError: the PDF cannot be opened or has no such page.
    """
    boxes = [
        (cell.bbox, "")
        for column in statement.columns.values()
        for cell in column.items.values()
        if cell.bbox is not None and cell.page == page
    ]
    return _picture(content, page, None, boxes)


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


def _picture(
    content: bytes,
    number: int,
    region: Box | None,
    boxes: Iterable[tuple[Box, str]],
) -> bytes:
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
    return _boxed(image, scale, region, boxes)


def _scale(width: float, height: float) -> float:
    """Twice the page's points, less where the picture would be too large."""
    area = max(width * height, 1.0)
    side = max(width, height, 1.0)
    return float(min(_SCALE, (_MAX_PIXELS / area) ** 0.5, _MAX_SIDE / side))


def _boxed(
    image: Image.Image,
    scale: float,
    region: Box | None,
    boxes: Iterable[tuple[Box, str]],
) -> bytes:
    pen = ImageDraw.Draw(image)
    for (x0, top, x1, bottom), label in boxes:
        edge = (x0 * scale - 3, top * scale - 3, x1 * scale + 3, bottom * scale + 3)
        pen.rectangle(edge, outline=_INK, width=2)
        if label:
            place = (edge[0], max(0.0, edge[1] - 14))
            words = label[:60].encode("latin-1", "replace").decode("latin-1")
            pen.text(place, words, fill=_INK)
    if region is not None:
        image = image.crop(_clipped(region, scale, image.size))
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
