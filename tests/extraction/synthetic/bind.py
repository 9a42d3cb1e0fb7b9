"""Pictures back into a PDF: one to a page, without text or under text that lies."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.extraction.synthetic.damage import turn
from tests.extraction.synthetic.paper import Drawn
from tests.extraction.synthetic.sheetscan import Shot

_SWAPS = {"6": "5", "8": "3", "1": "7", "0": "6", "5": "6", "3": "8"}


@dataclass(frozen=True, slots=True)
class Binding:
    """How the pages are stored.

    ``scale`` is how many points the page declares for each true point; ``flag`` is the
    ``/Rotate`` under which a page stored turned shows upright.
    """

    quality: int = 75
    grey: bool = True
    scale: float = 1.0
    flag: int = 0
    lies: bool = False


def bind(
    rng: random.Random,
    shots: Sequence[Shot],
    how: Binding,
    drawn: Sequence[Drawn],
) -> bytes:
    """The scanned file."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for number, upright in enumerate(shots, start=1):
        stored = turn(upright, 360 - how.flag) if how.flag else upright
        wide, tall = (size * 72 / stored.dpi * how.scale for size in stored.size)
        # reportlab swaps the sides of a page that is stored turned.
        canvas.setPageSize((tall, wide) if how.flag in {90, 270} else (wide, tall))
        canvas.setPageRotation(how.flag)
        canvas.drawImage(ImageReader(_packed(stored, how)), 0, 0, wide, tall)
        if how.lies:
            words = [one for one in drawn if one.page == number]
            _hidden(rng, canvas, stored, how.scale, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _packed(shot: Shot, how: Binding) -> io.BytesIO:
    picture = Image.fromarray(np.ascontiguousarray(shot.picture[:, :, ::-1]))
    if how.grey:
        grey = cv2.cvtColor(shot.picture, cv2.COLOR_BGR2GRAY)
        picture = Image.fromarray(np.asarray(grey, np.uint8))
    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=how.quality)
    packed.seek(0)
    return packed


def _hidden(
    rng: random.Random,
    canvas: Canvas,
    shot: Shot,
    scale: float,
    words: Sequence[Drawn],
) -> None:
    """Text nobody sees, as a careless OCR would have left it."""
    unit = 72 / shot.dpi * scale
    tall = shot.size[1] * unit
    for one in words:
        x0, _, _, bottom = (side * unit for side in shot.box(one.box))
        text = canvas.beginText(x0, tall - bottom)
        text.setFont("Helvetica", max(4.0, one.size * scale))
        text.setTextRenderMode(3)
        text.textOut(misread(rng, one.text))
        canvas.drawText(text)


def misread(rng: random.Random, text: str) -> str:
    """A figure with a lost point, or digits taken for others; words stay."""
    if not any(c.isdigit() for c in text) or rng.random() < 0.6:
        return text
    if "." in text and rng.random() < 0.5:
        return text.replace(".", "")
    return "".join(_SWAPS.get(c, c) if rng.random() < 0.3 else c for c in text)
