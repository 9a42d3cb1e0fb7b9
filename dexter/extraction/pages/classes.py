"""Whether a page's text may be believed, decided before a digit is read."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

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
    """

    number: int
    kind: PageClass
    text: str


def describe(page: pdfium.PdfPage, number: int) -> PageText:
    """Classify a page by its objects: visible text, hidden text, image cover."""
    width, height = page.get_size()
    texts = hidden = objects = 0
    cover = 0.0
    for item in islice(page.get_objects(max_depth=_FORM_DEPTH), _MAX_OBJECTS):
        objects += 1
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            texts += 1
            hidden += raw.FPDFTextObj_GetTextRenderMode(item.raw) == _INVISIBLE
        elif item.type == raw.FPDF_PAGEOBJ_IMAGE:
            cover = max(cover, _share(item, width, height))
    textpage = page.get_textpage()
    try:
        characters = textpage.count_chars()
        text = textpage.get_text_range(0, min(characters, 40_000)) if characters else ""
    finally:
        textpage.close()
    return PageText(number, _kind(texts, hidden, cover, characters, objects), text)


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
