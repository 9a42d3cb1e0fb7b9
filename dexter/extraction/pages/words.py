"""Visible words of a PDF page with their boxes, from PDFium's character boxes.

Coordinates are PDF points with the origin at the top left of the page as displayed
(rotation and crop box applied), which is what a rendered crop shows too.
"""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

MAX_CHARACTERS = 40_000
_INVISIBLE = 3
_FINE = 100
_SPAN = 10_000.0
_Box = tuple[float, float, float, float]
_GAP = 0.28
_SPACED_GAP = 0.12


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a gap, ``x0 < x1`` and ``top < bottom``.

    ``sure`` is the reader's certainty of its least certain character, 0 to 1; ``ink``
    the share of the box's height that letters fill (OCR boxes stand off their text).
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    sure: float = 1.0
    ink: float = 1.0
    lift: float = 0.0
    line: int | None = None

    @property
    def height(self) -> float:
        """Height of its letters in points."""
        return (self.bottom - self.top) * self.ink

    @property
    def middle(self) -> float:
        """Vertical centre, on flat paper."""
        return (self.top + self.bottom) / 2 + self.lift

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
    place = _placed(page)
    hidden = _hidden(textpage)
    loose = raw.FS_RECTF()
    box = [ctypes.c_double() for _ in range(4)]
    spaced = True
    for index in range(min(textpage.count_chars(), MAX_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(textpage.raw, index)
        text = chr(code) if code else ""
        if not text.strip() or not text.isprintable():
            spaced = True
            continue
        if hidden(index) or not raw.FPDFText_GetLooseCharBox(
            textpage.raw, index, loose
        ):
            continue
        raw.FPDFText_GetCharBox(textpage.raw, index, *box)
        tight = place(box[0].value, box[3].value, box[1].value, box[2].value)
        outer = place(loose.left, loose.top, loose.right, loose.bottom)
        yield _Glyph(text, outer[0], tight[1], outer[2], tight[3], spaced)
        spaced = False


def _hidden(textpage: pdfium.PdfTextPage) -> Callable[[int], bool]:
    """Whether a character is drawn invisibly; characters of one object share it."""
    known: dict[int | None, bool] = {}

    def hidden(index: int) -> bool:
        found = raw.FPDFText_GetTextObject(textpage.raw, index)
        key = ctypes.cast(found, ctypes.c_void_p).value
        if key not in known:
            mode = raw.FPDFTextObj_GetTextRenderMode(found) if found else None
            known[key] = mode == _INVISIBLE
        return known[key]

    return hidden


def _placed(page: pdfium.PdfPage) -> Callable[[float, float, float, float], _Box]:
    """From page coordinates to points from the top left of the page as displayed.

    PDFium's own mapping is affine, so that three of its points tell all of them.
    """
    width, height = page.get_size()
    size = (int(width * _FINE), int(height * _FINE))

    def shown(x: float, y: float) -> tuple[float, float]:
        over, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, over, down)
        return over.value / _FINE, down.value / _FINE

    e, f = shown(0, 0)
    a, b = (
        (end - start) / _SPAN
        for end, start in zip(shown(_SPAN, 0), (e, f), strict=True)
    )
    c, d = (
        (end - start) / _SPAN
        for end, start in zip(shown(0, _SPAN), (e, f), strict=True)
    )

    def place(left: float, top: float, right: float, bottom: float) -> _Box:
        ax, ay = a * left + c * top + e, b * left + d * top + f
        bx, by = a * right + c * bottom + e, b * right + d * bottom + f
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    return place


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
