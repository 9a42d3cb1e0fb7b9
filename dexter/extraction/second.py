"""A second reader: the same cells read by pdfplumber, an independent engine."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pdfplumber

from dexter.extraction.figures import Figure, figure

_SLACK = 1.5
Glyph = tuple[float, float, str]


def disagreement(content: bytes, page: int, figures: Iterable[Figure]) -> str | None:
    """The first cell pdfplumber reads differently, or ``None`` when all agree.

    Args:
        content: the PDF.
        page: counted from 1.
        figures: cells with boxes in points from the top left.
    """
    try:
        with pdfplumber.open(io.BytesIO(content), pages=[page]) as document:
            paper = document.pages[0]
            glyphs, origin = _glyphs(paper.chars), (paper.bbox[0], paper.bbox[1])
    except Exception as error:  # noqa: BLE001 - pdfminer raises what it likes; disagreeing is safe
        return f"the second reader failed ({type(error).__name__})"
    for one in figures:
        text = _inside(glyphs, _shifted(one.bbox, origin))
        value, wanted = figure(text), one.value
        dash = wanted is None and not any(c.isdigit() for c in text)
        if not dash and (value is None or value != wanted):
            return (
                f"the second reader sees {text[:20]!r} where {one.printed!r} was read"
            )
    return None


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
