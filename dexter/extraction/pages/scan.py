"""A scanned page to words: upright, straightened, in points from the top left."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.extraction.pages import ocr
from dexter.extraction.pages.figures import figure
from dexter.extraction.pages.flatten import flattened
from dexter.extraction.pages.ocr import Glyph, Quad, TextLine
from dexter.extraction.pages.picture import Picture, picture, skew
from dexter.extraction.pages.sheet import Box, Frame
from dexter.extraction.pages.words import Word

_DPI = 200
_FINE_DPI = 300
_AIR = 2.0
_SAMPLE = 8
_PROSE = 20.0
_LEGIBLE = 0.85
_UPENDED = 1.3
_SAME_WORD = 0.9
_TOP_LINES = 15
_INK = 0.65
_RIGHT = 0.4
_SHORT = 0.15
_FEW_NUMBERS = 30


@dataclass(frozen=True, slots=True)
class Scan:
    """A page's words as OCR read them; ``frame`` leads back to the page."""

    words: tuple[Word, ...]
    frame: Frame


def read(page: pdfium.PdfPage, *, whole: bool = True) -> Scan:
    """The words on a page by OCR, whatever way round the page is stored.

    Args:
        page: an open page.
        whole: read it all; else a page that has no table is read at its top only.
    """
    pixels, scale = picture(page, _DPI)
    turns, pixels, quads, known = _upright(pixels)
    if not whole and not _tabular(quads, pixels):
        quads = quads[:_TOP_LINES]
    width, height = page.get_size()
    return laid_out(_lines(pixels, quads, known), Frame(width, height, turns), scale)


def _lines(
    pixels: Picture, quads: Sequence[Quad], known: dict[int, TextLine]
) -> list[TextLine]:
    """What the quads say, each read once."""
    rest = [index for index in range(len(quads)) if index not in known]
    told = ocr.read(pixels, [quads[index] for index in rest])
    both = known | dict(zip(rest, told, strict=True))
    return [both[index] for index in range(len(quads))]


def laid_out(lines: Sequence[TextLine], turned: Frame, scale: float) -> Scan:
    """Lines in a turned picture as straightened words in points.

    Args:
        lines: corners in pixels.
        turned: the page and how it was turned; its angle is found here.
        scale: pixels per point.
    """
    edges = [(*line.corners[0], *line.corners[1]) for line in lines]
    frame = replace(turned, angle=skew(edges))
    words = [
        word
        for number, line in enumerate(lines)
        for word in _words(line, number, frame, scale)
    ]
    return Scan(flattened(words, *frame.upright), frame)


def spell(page: pdfium.PdfPage, frame: Frame, boxes: Sequence[Box]) -> list[str]:
    """What stands in each box, read anew from a finer picture and wider crops."""
    pixels, scale = picture(page, _FINE_DPI)
    pixels = _turned(pixels, frame.turns)
    quads = [
        np.array(frame.corners(_widened(box)), dtype=np.float32) * scale
        for box in boxes
    ]
    lines = ocr.read(pixels, quads)
    return [unicodedata.normalize("NFKC", line.text).replace(" ", "") for line in lines]


def _widened(box: Box) -> Box:
    x0, top, x1, bottom = box
    return x0 - _AIR, top, x1 + _AIR, bottom


def _tabular(quads: Sequence[Quad], pixels: Picture) -> bool:
    """Whether many short lines stand in the right part, as numbers in columns do."""
    wide = pixels.shape[1]
    short = [
        quad
        for quad in quads
        if quad[0][0] > _RIGHT * wide and quad[1][0] - quad[0][0] < _SHORT * wide
    ]
    return len(short) >= _FEW_NUMBERS


def _upright(
    pixels: Picture,
) -> tuple[int, Picture, list[Quad], dict[int, TextLine]]:
    """Quarter turns anticlockwise until the text stands upright.

    Returns:
        the turns, the turned picture, its lines' corners, and which of the lines
        were read on the way, by their place in the list.
    """
    quads = ocr.detect(pixels)
    turns = 0
    if sum(_tall(quad) for quad in quads) > len(quads) / 2:
        turns, pixels = 1, _turned(pixels, 1)
        quads = ocr.detect(pixels)
    sample = _sample(quads)
    if not sample:
        return turns, pixels, quads, {}
    known = ocr.read(pixels, [quads[index] for index in sample])
    read = dict(zip(sample, known, strict=True))
    if _legible(known) >= _LEGIBLE:
        return turns, pixels, quads, read
    over = _turned(pixels, 2)
    flipped = [_half_turned(quads[index], pixels) for index in sample]
    if _legible(ocr.read(over, flipped)) <= _legible(known):
        return turns, pixels, quads, read
    return turns + 2, over, ocr.detect(over), {}


def _sample(quads: Sequence[Quad]) -> list[int]:
    """The longest lines, but whole sentences only where there is nothing else."""
    long = [_long(quad) for quad in quads]
    order = sorted(range(len(quads)), key=lambda i: (long[i][1] > _PROSE, -long[i][0]))
    return order[:_SAMPLE]


def _long(quad: Quad) -> tuple[float, float]:
    """How long a line is in pixels, and in its own heights."""
    a, b, _, d = quad
    wide = float(np.linalg.norm(a - b))
    return wide, wide / max(float(np.linalg.norm(a - d)), 1.0)


def _tall(quad: Quad) -> bool:
    a, b, _, d = quad
    return bool(np.linalg.norm(a - d) > _UPENDED * np.linalg.norm(a - b))


def _turned(pixels: Picture, turns: int) -> Picture:
    return np.ascontiguousarray(np.rot90(pixels, turns))


def _half_turned(quad: Quad, pixels: Picture) -> Quad:
    tall, wide = pixels.shape[:2]
    turned = np.array([[wide - 1, tall - 1]], dtype=np.float32) - quad
    return np.roll(turned, 2, axis=0).astype(np.float32)


def _legible(lines: Sequence[TextLine]) -> float:
    return sum(line.sure for line in lines) / len(lines)


def _words(line: TextLine, number: int, frame: Frame, scale: float) -> Iterator[Word]:
    """The words of a line; the spaces of a number are not the ends of words."""
    corners = [frame.straight(x / scale, y / scale) for x, y in line.corners]
    left = (corners[0][0] + corners[3][0]) / 2
    right = (corners[1][0] + corners[2][0]) / 2
    rise = ((corners[1][1] - corners[0][1]) + (corners[2][1] - corners[3][1])) / 2
    top, bottom = corners[0][1], corners[3][1]
    runs = _runs(line.glyphs)
    places = [(run[0].place, run[-1].place) for run in runs]
    for index, run in enumerate(runs):
        start = (places[index - 1][1] + places[index][0]) / 2 if index else 0.0
        last = index + 1 == len(runs)
        stop = 1.0 if last else (places[index][1] + places[index + 1][0]) / 2
        text = "".join(glyph.text for glyph in run)
        yield Word(
            text,
            round(left + start * (right - left), 2),
            round(top + start * rise, 2),
            round(left + stop * (right - left), 2),
            round(bottom + start * rise, 2),
            round(min(glyph.sure for glyph in run), 3),
            _INK,
            line=number,
        )


def _runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    plain = [
        Glyph(unicodedata.normalize("NFKC", g.text), g.sure, g.place) for g in glyphs
    ]
    runs: list[list[Glyph]] = [[]]
    for glyph in plain:
        if glyph.text.isspace():
            runs.append([])
        else:
            runs[-1].append(glyph)
    runs = [run for run in runs if run]
    return _one_number(runs)


def _one_number(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """``1, 672.23`` is one number that was printed with air in it."""
    whole = [glyph for run in runs for glyph in run]
    text = "".join(glyph.text for glyph in whole)
    if len(runs) > 1 and figure(text) is not None and text.count(".") <= 1:
        steps = [b.place - a.place for a, b in pairwise(whole)]
        usual = sorted(steps)[len(steps) // 2]
        if max(steps) < (1 + _SAME_WORD) * usual:
            return [whole]
    return runs
