"""A page as a model may be shown it, beside what OCR sees on it."""

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
from PIL import Image

from dexter.domain.briefs import PageImage
from dexter.errors import DocumentError
from dexter.extraction.pages import scan
from dexter.extraction.pages.classes import PageClass, PageText
from dexter.extraction.pages.figures import strong
from dexter.extraction.pages.kinds import is_extract
from dexter.extraction.pages.levels import lines
from dexter.extraction.pages.picture import picture
from dexter.extraction.pages.sheet import Frame
from dexter.extraction.pages.words import Word
from dexter.extraction.pdf import opened

LONG_SIDE = 1568
_DPI = 200
_POINTS = 72
_MARGIN = 12.0
_SMALL_TEXT = 10.0
_OVERLAP = 0.08
_GREYS = 16
_FIGURES = 20


@dataclass(frozen=True, slots=True)
class Look:
    """One page: OCR's words, the way back to the page, and pictures of it, upright."""

    page: int
    text: str
    words: tuple[Word, ...]
    frame: Frame
    images: tuple[PageImage, ...]

    @property
    def may_hold_statement(self) -> bool:
        """Whether it has many amounts and is no newspaper extract."""
        amounts = sum(strong(word) for word in self.words)
        page = PageText(self.page, PageClass.SCAN, self.text)
        return amounts >= _FIGURES and not is_extract(page)


def look(name: str, content: bytes, number: int) -> Look:
    """Look at a page. Pure, and safe to run in another process.

    Args:
        name: what to call the file in reasons.
        content: a PDF.
        number: the page, from 1.

    Raises:
        DocumentError: it cannot be opened or has no such page.
    """
    with opened(name, content) as document:
        if not 1 <= number <= len(document):
            raise DocumentError(name, f"it has no page {number}")
        page = document[number - 1]
        try:
            read = scan.read(page)
            pixels, scale = picture(page, _DPI)
        finally:
            page.close()
    upright = np.rot90(pixels, read.frame.turns)
    grey = Image.fromarray(np.ascontiguousarray(upright[..., ::-1])).convert("L")
    text = "\n".join(line.text for line in lines(read.words))
    images = tuple(_images(grey, read.words, scale))
    return Look(number, text, tuple(read.words), read.frame, images)


def _images(
    grey: Image.Image, words: Sequence[Word], scale: float
) -> Iterator[PageImage]:
    """The printed part of the page; in two halves where its text would be too small."""
    whole = _printed(grey, words, scale)
    shrunk = min(1.0, LONG_SIDE / max(whole.size))
    height = median([word.height for word in words] or [_SMALL_TEXT]) * scale * shrunk
    if height >= _SMALL_TEXT or whole.height < whole.width / 2:
        yield _image(whole)
        return
    half, extra = whole.height // 2, int(whole.height * _OVERLAP)
    yield _image(whole.crop((0, 0, whole.width, half + extra)))
    yield _image(whole.crop((0, half - extra, whole.width, whole.height)))


def _printed(grey: Image.Image, words: Sequence[Word], scale: float) -> Image.Image:
    if not words:
        return grey
    left = min(word.x0 for word in words) - _MARGIN
    top = min(word.top for word in words) - _MARGIN
    right = max(word.x1 for word in words) + _MARGIN
    bottom = max(word.bottom for word in words) + _MARGIN
    box = (
        max(0, int(left * scale)),
        max(0, int(top * scale)),
        min(grey.width, int(right * scale)),
        min(grey.height, int(bottom * scale)),
    )
    return grey.crop(box) if box[0] < box[2] and box[1] < box[3] else grey


def _image(grey: Image.Image) -> PageImage:
    """A PNG in 16 greys, its longer side 1568 pixels at most."""
    shrunk = min(1.0, LONG_SIDE / max(grey.size))
    size = (max(1, int(grey.width * shrunk)), max(1, int(grey.height * shrunk)))
    small = grey.resize(size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    small.quantize(_GREYS).save(out, format="PNG", optimize=True)
    data = base64.b64encode(out.getvalue()).decode("ascii")
    return PageImage("image/png", small.width, small.height, data)
