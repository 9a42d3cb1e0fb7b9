"""A page as a picture."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

_POINTS = 72
_MAX_PIXELS = 12_000_000
_MAX_SIDE = 8_000


def picture(page: pdfium.PdfPage, dpi: int) -> tuple[Picture, float]:
    """A page as displayed, in BGR, and its pixels per point.

    Never more than 12 megapixels, whatever the page claims to measure.
    """
    width, height = page.get_size()
    scale = min(
        dpi / _POINTS,
        math.sqrt(_MAX_PIXELS / max(width * height, 1.0)),
        _MAX_SIDE / max(width, height, 1.0),
    )
    bitmap: Any = page.render(scale=scale)
    try:
        pixels = np.ascontiguousarray(bitmap.to_numpy()[..., :3])
    finally:
        bitmap.close()
    return pixels, scale


def skew(edges: Sequence[tuple[float, float, float, float]]) -> float:
    """The angle of text lines in radians, from their top edges ``(x0, y0, x1, y1)``.

    The median weighted by squared length: corners are whole pixels, so that only long
    lines have an angle worth knowing. Zero when there are none.
    """
    turned = sorted(
        (math.atan2(y1 - y0, x1 - x0), (x1 - x0) ** 2)
        for x0, y0, x1, y1 in edges
        if x1 > x0
    )
    half = sum(weight for _, weight in turned) / 2
    for angle, weight in turned:
        half -= weight
        if half <= 0:
            return angle
    return 0.0
