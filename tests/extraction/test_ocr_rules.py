"""Ruled lines beside a number are not read as characters."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from dexter.extraction.pages import ocr
from dexter.extraction.pages.ocr_rules import ruled_ends
from dexter.extraction.pages.picture import Picture

TALL, WIDE = 40, 160


def crop(*columns: int, top: int = 0) -> Picture:
    """Paper with lines two pixels wide, from ``top`` to the bottom."""
    pixels = np.full((TALL, WIDE, 3), 250, dtype=np.uint8)
    for at in columns:
        pixels[top:, at : at + 2] = 20
    return pixels


@pytest.mark.parametrize(
    ("pixels", "first", "last", "ends"),
    [
        (crop(154), ("9", 0.1), ("]", 0.96), (False, True)),
        (crop(4, 154), ("|", 0.03), ("|", 0.96), (True, True)),
        (crop(154), ("9", 0.1), ("1", 0.96), (False, False)),
        (crop(154, top=8), ("[", 0.1), ("]", 0.96), (False, False)),
        (crop(154), ("9", 0.1), ("]", 0.8), (False, False)),
        (crop(), ("[", 0.1), ("]", 0.96), (False, False)),
    ],
    ids=["line", "both", "digit", "bracket", "elsewhere", "blank"],
)
def test_a_bar_is_dropped_where_a_line_runs_through(
    pixels: Picture,
    first: tuple[str, float],
    last: tuple[str, float],
    ends: tuple[bool, bool],
) -> None:
    assert ruled_ends(pixels, first, last) == ends


def test_a_border_leaves_the_number_and_brackets_stay() -> None:
    ruled = written("9.11")
    ruled[:, -9:-6] = 0
    assert said(ruled) == "9.11"
    assert said(written("(9.11)")) == "(9.11)"
    assert said(written("[9.11]")) == "[9.11]"


def test_what_a_line_says_does_not_hang_on_what_is_read_with_it() -> None:
    """Crops are read in batches, each padded only to its own width."""
    texts = ("1,672.23", "(4)", "Profit before exceptional items and tax", "0.00")
    pages = [written(text) for text in texts]
    wide = max(page.shape[1] for page in pages)
    whole = np.full((TALL * len(pages), wide, 3), 255, dtype=np.uint8)
    for row, page in enumerate(pages):
        whole[row * TALL : (row + 1) * TALL, : page.shape[1]] = page
    rings = [
        ring(page.shape[1], row * TALL, (row + 1) * TALL)
        for row, page in enumerate(pages)
    ]
    together = [line.text for line in ocr.read(whole, rings)]
    alone = [ocr.read(whole, [one])[0].text for one in rings]
    assert together == alone == list(texts)


def written(text: str) -> Picture:
    font = ImageFont.load_default(26)
    wide = int(font.getlength(text)) + 24
    page = Image.new("RGB", (wide, TALL), "white")
    ImageDraw.Draw(page).text((10, TALL // 2), text, "black", font, anchor="lm")
    return np.array(page)


def ring(wide: float, top: float, bottom: float) -> ocr.Quad:
    corners = [[0, top], [wide, top], [wide, bottom], [0, bottom]]
    return np.array(corners, dtype=np.float32)


def said(pixels: Picture) -> str:
    tall, wide = pixels.shape[:2]
    return ocr.read(pixels, [ring(wide, 0, tall)])[0].text
