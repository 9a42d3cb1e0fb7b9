"""Visible words of a PDF page with their boxes, from PDFium's character boxes.

Coordinates are PDF points with the origin at the top left of the page as displayed
(rotation and crop box applied), which is what a rendered crop shows too.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

from dexter.extraction.pages.characters import Characters, Floats

_FINE = 100
_SPAN = 10_000.0
_GAP = 0.28
_SPACED_GAP = 0.12
_LEAST = 4.0


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
class _Run:
    """A word as it grows: its characters, the box around them, its tallest."""

    texts: list[str]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    end: float


_Glyph = tuple[str, float, float, float, float, bool]


def page_words(
    page: pdfium.PdfPage, characters: Characters | None = None, *, plain: bool = False
) -> list[Word]:
    """The visible words of a page in reading order of the file.

    Args:
        page: an open page.
        characters: of that page, where they are at hand.
        plain: every object of the page is known to be visible.
    """
    if characters is not None:
        return _join(_glyphs(page, characters, plain=plain))
    with Characters(page) as own:
        return _join(_glyphs(page, own, plain=plain))


def _glyphs(
    page: pdfium.PdfPage, found: Characters, *, plain: bool
) -> Iterator[_Glyph]:
    """Text, ``x0``, ``top``, ``x1``, ``bottom``, and whether a space stands before."""
    drawn, texts = found.drawn, found.texts
    loose, seen = found.loose
    _, top, _, bottom = _place(page, found.tight)
    x0, _, x1, _ = _place(page, loose)
    if not plain:
        seen = seen & ~np.array(found.hidden, dtype=bool)
    last = -1
    spaced = True
    sides = [one.tolist() for one in (x0, top, x1, bottom, seen)]
    for index, left, high, right, low, visible in zip(drawn, *sides, strict=True):
        spaced = spaced or index != last + 1
        last = index
        if visible:
            yield texts[index], left, high, right, low, spaced
            spaced = False


def _place(page: pdfium.PdfPage, boxes: Floats) -> tuple[Floats, ...]:
    """From page coordinates to points from the top left of the page as displayed.

    PDFium's own mapping is affine, so that three of its points tell all of them.

    Args:
        page: an open page.
        boxes: n × 4, ``left, bottom, right, top``.

    Returns:
        ``x0``, ``top``, ``x1`` and ``bottom`` of each.
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
    left, bottom, right, top = boxes.T
    # A file may claim boxes without end; they are no reason to warn.
    with np.errstate(over="ignore", invalid="ignore"):
        ax, ay = a * left + c * top + e, b * left + d * top + f
        bx, by = a * right + c * bottom + e, b * right + d * bottom + f
    return _least(ax, bx), _least(ay, by), -_least(-ax, -bx), -_least(-ay, -by)


def _least(one: Floats, other: Floats) -> Floats:
    """What ``min`` takes of each pair; unlike NumPy's, no NaN of the second."""
    return np.where(other < one, other, one)


def _join(glyphs: Iterator[_Glyph]) -> list[Word]:
    words: list[Word] = []
    run: _Run | None = None
    for glyph in glyphs:
        text, x0, top, x1, bottom, _ = glyph
        if run is None or not _continues(run, glyph):
            if run is not None:
                words.append(_word(run))
            run = _Run([text], x0, top, x1, bottom, max(_LEAST, bottom - top), x1)
            continue
        run.texts.append(text)
        run.x0 = min(run.x0, x0)
        run.top = min(run.top, top)
        run.x1 = max(run.x1, x1)
        run.bottom = max(run.bottom, bottom)
        run.size = max(run.size, bottom - top)
        run.end = x1
    if run is not None:
        words.append(_word(run))
    return words


def _continues(run: _Run, glyph: _Glyph) -> bool:
    _, x0, top, _, bottom, spaced = glyph
    level = run.bottom > top and bottom > run.top
    limit = _SPACED_GAP if spaced else _GAP
    return level and -run.size < x0 - run.end < limit * run.size


def _word(run: _Run) -> Word:
    return Word(
        "".join(run.texts),
        round(run.x0, 2),
        round(run.top, 2),
        round(run.x1, 2),
        round(run.bottom, 2),
    )
