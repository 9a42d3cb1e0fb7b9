"""Digits as a page shows them: small pictures of the places where its text claims one.

The text of a PDF is a claim of the file; what a reader sees is drawn from outlines that
need not agree. Each claimed digit is cut from the rendered page and compared with the
digits of the standard fonts that PDFium carries with it.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray
from pypdfium2 import raw

from dexter.extraction.pages.characters import Characters, Floats
from dexter.extraction.pages.sheet import Box

Scores = NDArray[np.float32]

_BESIDE = 2
_DIGITS = frozenset("0123456789")
_DPI = 200
_POINTS = 72
_MAX_PIXELS = 12_000_000
_TALL, _WIDE = 16, 14
_SHIFTS = (1.0, -1.0, 2.0, -2.0, 3.0, -3.0)
_SURE, _AHEAD = 0.8, 0.1
_LIGHT = 0.5
_RIM = 2.0
_FAR = 100_000.0
_FONTS = (
    *("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"),
    *("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic"),
    *("Courier", "Courier-Bold", "Courier-Oblique"),
)
_SLANTS = (0.0, 0.12, 0.24)
# Larger products are split over threads, whose waiting costs more than the product.
_FEW = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as displayed: ``ink`` is 0 (paper) to 255, ``scale`` pixels to a point."""

    ink: NDArray[np.uint8]
    scale: float


@dataclass(frozen=True, slots=True)
class Marks:
    """Characters near figures: their text, boxes in pixels, and their font.

    Attributes:
        texts: one character each.
        boxes: n × 4, ``x0, top, x1, bottom``.
        fonts: an identity per font; 0 where the character has none.
    """

    texts: tuple[str, ...]
    boxes: Floats
    fonts: NDArray[np.int64]


def shown(page: pdfium.PdfPage) -> Shown:
    """The page as a reader sees it, 12 megapixels at most."""
    width, height = page.get_size()
    room = (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5
    scale = min(_DPI / _POINTS, room)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        grey = bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width]
        ink = np.subtract(255, grey, dtype=np.uint8)
    finally:
        bitmap.close()
    return Shown(ink, scale)


def marks(
    page: pdfium.PdfPage, scale: float, characters: Characters | None = None
) -> Marks:
    """Digits, and what stands beside them in the text, as the file claims it.

    Args:
        page: an open page.
        scale: pixels to a point.
        characters: of that page, where they are at hand.
    """
    if characters is not None:
        return _marks(page, scale, characters)
    with Characters(page) as own:
        return _marks(page, scale, own)


def _marks(page: pdfium.PdfPage, scale: float, found: Characters) -> Marks:
    digits = [index for index, text in enumerate(found.texts) if text in _DIGITS]
    near = {index + off for index in digits for off in range(-_BESIDE, _BESIDE + 1)}
    wanted = [place for place, index in enumerate(found.drawn) if index in near]
    indices = [found.drawn[place] for place in wanted]
    return Marks(
        tuple(found.texts[index] for index in indices),
        _placed(page, found.tight[wanted], scale),
        found.fonts(indices),
    )


def _placed(page: pdfium.PdfPage, boxes: Floats, scale: float) -> Floats:
    """From page coordinates to pixels of the page as displayed."""
    width, height = page.get_size()
    fine = 1_000
    size = (int(width * fine), int(height * fine))

    def at(x: float, y: float) -> Floats:
        over, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, over, down)
        return np.array([over.value, down.value]) / fine * scale

    origin = at(0, 0)
    across, up = (at(100, 0) - origin) / 100, (at(0, 100) - origin) / 100
    first = origin + boxes[:, :1] * across + boxes[:, 1:2] * up
    second = origin + boxes[:, 2:3] * across + boxes[:, 3:4] * up
    placed = np.hstack([np.minimum(first, second), np.maximum(first, second)])
    return np.asarray(np.clip(np.nan_to_num(placed), -_FAR, _FAR))


def within(marked: Marks, regions: Floats) -> NDArray[np.bool_]:
    """Which marks have their centre in one of the regions (n × 4, pixels)."""
    x = (marked.boxes[:, :1] + marked.boxes[:, 2:3]) / 2
    y = (marked.boxes[:, 1:2] + marked.boxes[:, 3:4]) / 2
    inside = (x >= regions[:, 0]) & (x <= regions[:, 2])
    inside &= (y >= regions[:, 1]) & (y <= regions[:, 3])
    return np.asarray(inside.any(axis=1))


def pixels(boxes: Sequence[Box], scale: float) -> Floats:
    """Boxes in points of the page as displayed, in pixels."""
    return np.array(boxes, dtype=np.float64).reshape(-1, 4) * scale


def compare(
    page: Shown, boxes: Floats, claimed: NDArray[np.int64]
) -> tuple[Scores, Scores]:
    """Each box against the ten digits: likeness (n × 10, -1 to 1) and its picture.

    PDFium's boxes stand up to a few pixels beside the ink, so a box that is not plainly
    the claimed digit is looked at to either side too; its picture is from where it
    looks most like what it claims to be.
    """
    pictures = _pictures(page, boxes)
    scores = _likeness(pictures)
    own = scores[np.arange(len(claimed)), claimed]
    rest = np.where(np.arange(10) == claimed[:, None], -1, scores).max(axis=1)
    for shift in _SHIFTS:
        where = np.flatnonzero((own < _SURE) | (own - rest < _AHEAD))
        if not len(where):
            break
        moved = _pictures(page, boxes[where] + [shift, 0, shift, 0])
        likeness = _likeness(moved)
        now = likeness[np.arange(len(where)), claimed[where]]
        better = now > own[where]
        pictures[where[better]] = moved[better]
        own[where] = np.maximum(own[where], now)
        scores[where] = np.maximum(scores[where], likeness)
        rest = np.where(np.arange(10) == claimed[:, None], -1, scores).max(axis=1)
    return scores, pictures


def _likeness(pictures: Scores) -> Scores:
    known, starts = _known()
    alike = np.empty((len(pictures), len(known)), dtype=np.float32)
    for first in range(0, len(pictures), _FEW):
        some = slice(first, first + _FEW)
        np.matmul(pictures[some], known.T, out=alike[some])
    return np.asarray(np.maximum.reduceat(alike, starts, axis=1))


@cache
def _known() -> tuple[Scores, NDArray[np.int64]]:
    """Pictures of the standard fonts' digits by digit, and where each digit starts."""
    document = pdfium.PdfDocument.new()
    page = document.new_page(400, 900)
    try:
        _print_digits(document, page)
        seen = shown(page)
        marked = marks(page, seen.scale)
        digits = np.array([int(text) for text in marked.texts])
        pictures = _pictures(seen, marked.boxes)
    finally:
        page.close()
        document.close()
    order = np.argsort(digits, kind="stable")
    return pictures[order], np.searchsorted(digits[order], np.arange(10))


def _print_digits(document: pdfium.PdfDocument, page: pdfium.PdfPage) -> None:
    text = "0 1 2 3 4 5 6 7 8 9".encode("utf-16-le") + b"\0\0"
    height = 880
    for slant in _SLANTS:
        for name in _FONTS:
            if slant and name.endswith(("que", "Italic")):
                continue
            font = raw.FPDFText_LoadStandardFont(document.raw, name.encode())
            item = raw.FPDFPageObj_CreateTextObj(document.raw, font, 12.0)
            letters = ctypes.cast(
                ctypes.c_char_p(text), ctypes.POINTER(ctypes.c_ushort)
            )
            raw.FPDFText_SetText(item, letters)
            height -= 20
            raw.FPDFPageObj_Transform(item, 1, 0, slant, 1, 20, height)
            raw.FPDFPage_InsertObject(page.raw, item)
            raw.FPDFFont_Close(font)
    raw.FPDFPage_GenerateContent(page.raw)


def _pictures(page: Shown, boxes: Floats) -> Scores:
    """Cut out, brought to one height, dark on light, softened, of mean 0 and length 1.

    A place without any drawing comes out as zeros.
    """
    ink = page.ink
    x0, top, x1, bottom = boxes.T
    step = np.maximum(bottom - top, 1.0) / _TALL
    down = top[:, None] + step[:, None] * (np.arange(_TALL) + 0.5) - 0.5
    middle = (np.arange(_WIDE) - (_WIDE - 1) / 2) * step[:, None]
    across = ((x0 + x1) / 2)[:, None] + middle - 0.5
    inside = (across >= x0[:, None] - 1) & (across <= x1[:, None])
    cut = _between(ink, down, across)
    rims = _between(ink, np.stack([top - _RIM, bottom + _RIM - 1], axis=1), across)
    light = np.median(rims, axis=(1, 2)) > _LIGHT
    cut[light] = 1 - cut[light]
    cut *= inside[:, None, :]
    flat = _softened(cut).reshape(len(boxes), _TALL * _WIDE)
    flat = flat - flat.mean(axis=1, keepdims=True)
    length = np.sqrt((flat * flat).sum(axis=1, keepdims=True))
    drawn = length > _LIGHT
    return np.where(drawn, flat / np.maximum(length, _LIGHT), 0).astype(np.float32)


def _between(ink: NDArray[np.uint8], down: Floats, across: Floats) -> Scores:
    """Ink, 0 to 1, at points between pixels."""
    tall, wide = ink.shape
    y = np.clip(np.floor(down).astype(np.int64), 0, max(tall - 2, 0))
    x = np.clip(np.floor(across).astype(np.int64), 0, max(wide - 2, 0))
    low = np.clip(down - y, 0, 1).astype(np.float32)[:, :, None]
    far = np.clip(across - x, 0, 1).astype(np.float32)[:, None, :]
    flat = ink.ravel()
    at = (y * wide)[:, :, None] + x[:, None, :]
    upper = flat[at] * (1 - far) + flat[at + 1] * far
    lower = flat[at + wide] * (1 - far) + flat[at + wide + 1] * far
    return np.asarray((upper * (1 - low) + lower * low) / np.float32(255))


def _softened(cut: Scores) -> Scores:
    wide = np.pad(cut, ((0, 0), (1, 1), (1, 1)))
    rows = (wide[:, :-2] + 2 * wide[:, 1:-1] + wide[:, 2:]) / 4
    return np.asarray((rows[:, :, :-2] + 2 * rows[:, :, 1:-1] + rows[:, :, 2:]) / 4)
