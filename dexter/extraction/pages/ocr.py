"""Text in pictures: PP-OCRv6 through rapidocr and onnxruntime, one thread.

The weights come with the wheel. Lines are found by rapidocr's detector; reading them
is done here, because a table is mostly short numbers: rapidocr pads every crop to the
width of a sentence, and gives no place for a character. Time goes by the width that is
read, so that a crop shares its batch only with crops of its own width.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from dexter.extraction.pages.ocr_rules import ruled_ends
from dexter.extraction.pages.picture import Picture

_HEIGHT = 48
_STEP = 16
_NARROWEST = 48
_WIDEST = 2_400
_BATCH = 8
_DETECT_SIDE = 1_280
_FATAL = 4
MAX_LINES = 450

Quad = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, how sure it is (0 to 1), and its place along its line (0 to 1)."""

    text: str
    sure: float
    place: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line in a picture: its four corners in pixels, clockwise from the top left."""

    corners: tuple[tuple[float, float], ...]
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """Its characters."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def sure(self) -> float:
        """The mean certainty of its characters, zero without any."""
        count = len(self.glyphs)
        return sum(glyph.sure for glyph in self.glyphs) / count if count else 0.0


@cache
def _engine() -> Any:  # noqa: ANN401 - rapidocr is untyped
    """The two networks, loaded once in a process, on one thread."""
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - as below
    from rapidocr import RapidOCR  # noqa: PLC0415 - 1 s and 150 MB, for scans only

    onnxruntime.set_default_logger_severity(_FATAL)
    engine: Any = RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECT_SIDE,
        }
    )
    engine._load_det_model()  # noqa: SLF001 - its only way to the parts without the whole
    engine._load_rec_model()  # noqa: SLF001
    return engine


def detect(picture: Picture) -> list[Quad]:
    """The corners of text lines in a picture, top to bottom, at most 450."""
    found = _engine().text_det(picture)
    if found.boxes is None:
        return []
    return [np.asarray(box, dtype=np.float32) for box in found.boxes[:MAX_LINES]]


def read(picture: Picture, quads: Sequence[Quad]) -> list[TextLine]:
    """What each line says, in the order given."""
    crops = [_cut(picture, quad) for quad in quads]
    rooms = [_room(crop) for crop in crops]
    order = sorted(range(len(crops)), key=rooms.__getitem__)
    glyphs: dict[int, tuple[Glyph, ...]] = {}
    for batch in _batches(order, rooms):
        told = _recognise([crops[index] for index in batch])
        glyphs |= dict(zip(batch, told, strict=True))
    return [
        TextLine(tuple((float(x), float(y)) for x, y in quad), glyphs[index])
        for index, quad in enumerate(quads)
    ]


def _batches(order: Sequence[int], rooms: Sequence[int]) -> Iterator[list[int]]:
    for _, group in groupby(order, key=rooms.__getitem__):
        alike = list(group)
        for start in range(0, len(alike), _BATCH):
            yield alike[start : start + _BATCH]


def _cut(picture: Picture, quad: Quad) -> Picture:
    a, b, c, d = quad
    wide = max(int(np.linalg.norm(a - b)), int(np.linalg.norm(c - d)), 1)
    tall = max(int(np.linalg.norm(a - d)), int(np.linalg.norm(b - c)), 1)
    flat = np.array([[0, 0], [wide, 0], [wide, tall], [0, tall]], dtype=np.float32)
    turned = cv2.warpPerspective(
        picture,
        cv2.getPerspectiveTransform(quad, flat),
        (wide, tall),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(turned, dtype=np.uint8)


def _width(crop: Picture) -> int:
    """Its width when it is as tall as the network wants it."""
    tall, wide = crop.shape[:2]
    return int(min(max(8, math.ceil(_HEIGHT * wide / tall)), _WIDEST))


def _room(crop: Picture) -> int:
    """The width it is padded to."""
    return -(-max(_NARROWEST, _width(crop)) // _STEP) * _STEP


def _recognise(crops: Sequence[Picture]) -> Iterator[tuple[Glyph, ...]]:
    recogniser = _engine().text_rec
    network = recogniser.session.session
    widths = [_width(crop) for crop in crops]
    room = max(_room(crop) for crop in crops)
    batch = np.zeros((len(crops), 3, _HEIGHT, room), dtype=np.float32)
    for index, (crop, wide) in enumerate(zip(crops, widths, strict=True)):
        sized = cv2.resize(crop, (wide, _HEIGHT)).astype(np.float32)
        batch[index, :, :, :wide] = sized.transpose(2, 0, 1) / 127.5 - 1
    scores = network.run(None, {network.get_inputs()[0].name: batch})[0]
    characters = recogniser.postprocess_op.character
    for index, (crop, wide) in enumerate(zip(crops, widths, strict=True)):
        yield _printed(crop, _decoded(scores[index], characters, room / wide))


def _printed(crop: Picture, glyphs: tuple[Glyph, ...]) -> tuple[Glyph, ...]:
    """Without the ruled lines that were read as characters."""
    if not glyphs:
        return glyphs
    ends = [(one.text, one.place) for one in (glyphs[0], glyphs[-1])]
    left, right = ruled_ends(crop, ends[0], ends[1])
    return glyphs[int(left) : len(glyphs) - int(right)]


def _decoded(
    scores: NDArray[np.float32], characters: Sequence[str], stretch: float
) -> tuple[Glyph, ...]:
    """CTC: blanks (class 0) and repeats go; what is left has a place of its own."""
    best = scores.argmax(axis=1)
    sure = scores.max(axis=1)
    steps = len(best)
    kept = [
        i
        for i, (before, now) in enumerate(pairwise([0, *best.tolist()]))
        if now and now != before
    ]
    return tuple(
        Glyph(
            characters[best[i]], float(sure[i]), min((i + 0.5) / steps * stretch, 1.0)
        )
        for i in kept
    )
