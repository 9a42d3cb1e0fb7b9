"""Whether a page's text may be believed, decided before a digit is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

_MAX_OBJECTS = 20_000
_FORM_DEPTH = 4
_COVER = 0.5
_HIDDEN_SHARE = 0.05
_FEW_CHARACTERS = 60
_INVISIBLE = 3


class PageClass(StrEnum):
    """What kind of text layer a page has."""

    TRUSTED = "trusted"
    LYING = "lying"
    SCAN = "scan"
    BLANK = "blank"

    @property
    def refusal(self) -> str | None:
        """Why its text is not read, or ``None`` when it is."""
        return {
            PageClass.LYING: "the page is a scan; its text layer was made by OCR "
            "and is not believed",
            PageClass.SCAN: "the page is a scan; it has no text that can be read",
            PageClass.BLANK: "the page is empty",
        }.get(self)


@dataclass(frozen=True, slots=True)
class PageText:
    """One page: its class and all its text, hidden text included.

    ``text`` serves to tell kinds of documents apart and to look for planted
    instructions; figures are only ever read from a trusted page's visible words.
    ``plain``: every object of the page was looked at, and none is invisible.
    """

    number: int
    kind: PageClass
    text: str
    plain: bool = False


def describe(page: pdfium.PdfPage, number: int) -> PageText:
    """Classify a page by its objects: visible text, hidden text, image cover."""
    width, height = page.get_size()
    texts = hidden = objects = deep = 0
    cover = 0.0
    for shape, item, level in islice(_objects(page), _MAX_OBJECTS):
        objects += 1
        if shape == raw.FPDF_PAGEOBJ_TEXT:
            texts += 1
            hidden += raw.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE
        elif shape == raw.FPDF_PAGEOBJ_IMAGE:
            cover = max(cover, _share(pdfium.PdfObject(item, page), width, height))
        elif shape == raw.FPDF_PAGEOBJ_FORM:
            deep += level == _FORM_DEPTH
    plain = not hidden and not deep and objects < _MAX_OBJECTS
    textpage = page.get_textpage()
    try:
        characters = textpage.count_chars()
        text = textpage.get_text_range(0, min(characters, 40_000)) if characters else ""
    finally:
        textpage.close()
    kind = _kind(texts, hidden, cover, characters, objects)
    return PageText(number, kind, text, plain)


def _objects(page: pdfium.PdfPage) -> Iterator[tuple[int, Any, int]]:
    """Kind, handle and level from 1 of every object, with those of forms in forms.

    As ``PdfPage.get_objects`` walks, without its object around each handle.

    Raises:
        PdfiumError: PDFium does not hand out an object it counts.
    """
    count = raw.FPDFPage_CountObjects(page.raw)
    return _walk(page.raw, count, raw.FPDFPage_GetObject, 1)


def _walk(
    parent: Any,  # noqa: ANN401 - a ctypes handle
    count: int,
    get: Callable[[Any, int], Any],
    level: int,
) -> Iterator[tuple[int, Any, int]]:
    if count < 0:
        message = "Failed to get number of pageobjects."
        raise pdfium.PdfiumError(message)
    for index in range(count):
        item = get(parent, index)
        kind = raw.FPDFPageObj_GetType(item) if item else raw.FPDF_PAGEOBJ_UNKNOWN
        if kind == raw.FPDF_PAGEOBJ_UNKNOWN:
            message = "Failed to get pageobject."
            raise pdfium.PdfiumError(message)
        yield kind, item, level
        if kind == raw.FPDF_PAGEOBJ_FORM and level < _FORM_DEPTH:
            inside = raw.FPDFFormObj_CountObjects(item)
            yield from _walk(item, inside, raw.FPDFFormObj_GetObject, level + 1)


def _kind(
    texts: int, hidden: int, cover: float, characters: int, objects: int
) -> PageClass:
    if characters < _FEW_CHARACTERS:
        # A page may be drawn as outlines: no image, no text, yet not empty.
        return PageClass.SCAN if objects or cover else PageClass.BLANK
    if texts and hidden / texts > _HIDDEN_SHARE:
        return PageClass.LYING
    return PageClass.LYING if cover >= _COVER else PageClass.TRUSTED


def _share(item: pdfium.PdfObject, width: float, height: float) -> float:
    left, bottom, right, top = item.get_bounds()
    wide = max(0.0, min(right, width) - max(left, 0.0))
    tall = max(0.0, min(top, height) - max(bottom, 0.0))
    return float(wide * tall / max(width * height, 1.0))
