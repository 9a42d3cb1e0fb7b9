"""A second reader of the same cells.

Text is read again by pdfplumber, an independent engine; a scan by OCR from a finer
picture and other crops, which breaks on other blots than the first reading.
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pdfplumber
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.extraction.pages import scan
from dexter.extraction.pages.figures import Figure, figure
from dexter.extraction.pages.sheet import Box, Sheet

_SLACK = 1.5
Glyph = tuple[float, float, str]


def disagreement(content: bytes, sheet: Sheet, figures: Sequence[Figure]) -> str | None:
    """The first cell the second reader sees otherwise, or ``None`` when all agree.

    Args:
        content: the PDF.
        sheet: the page, and who read it first.
        figures: cells with boxes where the first reader's words lie.
    """
    for one, text in zip(figures, again(content, sheet, figures), strict=True):
        if not agrees(one, text):
            return (
                f"the second reader sees {text[:20]!r} where {one.printed!r} was read"
            )
    return None


def agrees(one: Figure, text: str) -> bool:
    """Whether another reading of a cell says the same amount."""
    value = figure(text)
    if one.value is None:
        return not any(c.isdigit() for c in text)
    return value is not None and value == one.value


def again(content: bytes, sheet: Sheet, figures: Sequence[Figure]) -> list[str]:
    """Each cell as the second reader sees it; ``?`` where it fails."""
    try:
        if sheet.frame is None:
            return _by_page(sheet, figures, partial(_plumbed, content))
        document = pdfium.PdfDocument(content)
        try:
            return spelled(document, sheet, figures)
        finally:
            document.close()
    except Exception:  # noqa: BLE001 - pdfminer raises what it likes; disagreeing is safe
        return ["?"] * len(figures)


def _by_page(
    sheet: Sheet,
    figures: Sequence[Figure],
    reader: Callable[[Sheet, Sequence[Box]], Sequence[str]],
) -> list[str]:
    """What a reader sees in each cell, on whichever of the sheet's pages it is."""
    texts = [""] * len(figures)
    for page in (sheet, sheet.after):
        placed = [(i, *sheet.under(one.bbox)) for i, one in enumerate(figures)]
        mine = [(i, box) for i, under, box in placed if under is page]
        if page is not None and mine:
            seen = reader(page, [box for _, box in mine])
            for (index, _), text in zip(mine, seen, strict=True):
                texts[index] = text
    return texts


def _plumbed(content: bytes, sheet: Sheet, boxes: Sequence[Box]) -> list[str]:
    with pdfplumber.open(io.BytesIO(content), pages=[sheet.page]) as document:
        paper = document.pages[0]
        glyphs, origin = _glyphs(paper.chars), (paper.bbox[0], paper.bbox[1])
    return [_inside(glyphs, _shifted(box, origin)) for box in boxes]


def spelled(
    document: pdfium.PdfDocument, sheet: Sheet, figures: Sequence[Figure]
) -> list[str]:
    """Each cell of a scan, read from a finer picture and other crops."""
    return _by_page(sheet, figures, partial(_spelled, document))


def _spelled(
    document: pdfium.PdfDocument, sheet: Sheet, boxes: Sequence[Box]
) -> list[str]:
    if sheet.frame is None:
        return ["?"] * len(boxes)
    page = document[sheet.page - 1]
    try:
        return scan.spell(page, sheet.frame, boxes)
    finally:
        page.close()


def _shifted(
    bbox: tuple[float, float, float, float], origin: tuple[float, float]
) -> tuple[float, float, float, float]:
    """From the page as displayed to pdfplumber, which counts from the media box."""
    x0, top, x1, bottom = bbox
    return x0 + origin[0], top + origin[1], x1 + origin[0], bottom + origin[1]


def _glyphs(chars: Iterable[Mapping[str, Any]]) -> list[Glyph]:
    return [
        (
            (char["x0"] + char["x1"]) / 2,
            (char["top"] + char["bottom"]) / 2,
            str(char["text"]),
        )
        for char in chars
    ]


def _inside(glyphs: Sequence[Glyph], bbox: tuple[float, float, float, float]) -> str:
    """The text whose glyphs are centred in a box, left to right."""
    x0, top, x1, bottom = bbox
    found = [
        (across, text)
        for across, down, text in glyphs
        if x0 - _SLACK <= across <= x1 + _SLACK
        and top - _SLACK <= down <= bottom + _SLACK
    ]
    return "".join(text for _, text in sorted(found)).replace(" ", "")
