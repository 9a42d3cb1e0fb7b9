"""Visible words of a PDF page with their boxes, from PDFium's character boxes.

Coordinates are PDF points with the origin at the top left of the page as displayed
(rotation and crop box applied), which is what a rendered crop shows too.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

MAX_CHARACTERS = 40_000
_INVISIBLE = 3
_FINE = 100
_GAP = 0.28
_SPACED_GAP = 0.12


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a gap, ``x0 < x1`` and ``top < bottom``."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def height(self) -> float:
        """Height in points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2


@dataclass(slots=True)
class _Glyph:
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    spaced: bool


def page_words(page: pdfium.PdfPage) -> list[Word]:
    """The visible words of a page in reading order of the file."""
    textpage = page.get_textpage()
    try:
        return _join(_glyphs(page, textpage))
    finally:
        textpage.close()


def _glyphs(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage) -> Iterator[_Glyph]:
    width, height = page.get_size()
    place = _Placer(page, width, height)
    box = [ctypes.c_double() for _ in range(4)]
    spaced = True
    for index in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(textpage.raw, index)
        text = chr(code) if code else ""
        if not text.strip() or not text.isprintable():
            spaced = True
            continue
        if _invisible(textpage, index):
            continue
        if not raw.FPDFText_GetLooseCharBox(
            textpage.raw, index, loose := raw.FS_RECTF()
        ):
            continue
        raw.FPDFText_GetCharBox(textpage.raw, index, *box)
        tight = place.box(box[0].value, box[3].value, box[1].value, box[2].value)
        outer = place.box(loose.left, loose.top, loose.right, loose.bottom)
        yield _Glyph(text, outer[0], tight[1], outer[2], tight[3], spaced)
        spaced = False


def _invisible(textpage: pdfium.PdfTextPage, index: int) -> bool:
    found = raw.FPDFText_GetTextObject(textpage.raw, index)
    return bool(found) and raw.FPDFTextObj_GetTextRenderMode(found) == _INVISIBLE


class _Placer:
    """Page coordinates to points from the top left of the page as displayed."""

    def __init__(self, page: pdfium.PdfPage, width: float, height: float) -> None:
        self._page = page
        self._size = (int(width * _FINE), int(height * _FINE))

    def _point(self, x: float, y: float) -> tuple[float, float]:
        over, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(self._page.raw, 0, 0, *self._size, 0, x, y, over, down)
        return over.value / _FINE, down.value / _FINE

    def box(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[float, float, float, float]:
        """A box as ``(x0, top, x1, bottom)`` from the top left."""
        ax, ay = self._point(left, top)
        bx, by = self._point(right, bottom)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def _join(glyphs: Iterator[_Glyph]) -> list[Word]:
    words: list[Word] = []
    run: list[_Glyph] = []
    for glyph in glyphs:
        if run and not _continues(run, glyph):
            words.append(_word(run))
            run = []
        run.append(glyph)
    if run:
        words.append(_word(run))
    return words


def _continues(run: list[_Glyph], glyph: _Glyph) -> bool:
    last = run[-1]
    size = max(4.0, *(one.bottom - one.top for one in run))
    level = max(one.bottom for one in run) > glyph.top and glyph.bottom > min(
        one.top for one in run
    )
    gap = glyph.x0 - last.x1
    limit = _SPACED_GAP if glyph.spaced else _GAP
    return level and -size < gap < limit * size


def _word(run: list[_Glyph]) -> Word:
    return Word(
        "".join(one.text for one in run),
        round(min(one.x0 for one in run), 2),
        round(min(one.top for one in run), 2),
        round(max(one.x1 for one in run), 2),
        round(max(one.bottom for one in run), 2),
    )
