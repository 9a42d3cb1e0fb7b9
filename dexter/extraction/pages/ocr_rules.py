"""The border of a cell is no character.

The crop of a number often takes in the ruled line beside it, which OCR reads as a
bracket: ``9.11]``. A line is told from a character by its ink: it runs from the top of
the crop to its bottom, where a character leaves air above and below.
"""

import numpy as np
from numpy.typing import NDArray

from dexter.extraction.pages.picture import Picture

_BARS = frozenset("[]|")
_REACH = 0.5
_NEAR = 0.35
_THROUGH = 0.95
_PAPER = 90


def ruled_ends(
    crop: Picture, first: tuple[str, float], last: tuple[str, float]
) -> tuple[bool, bool]:
    """Whether the first and the last character of a line are ruled lines.

    Args:
        crop: the line, upright.
        first: its first character and where it is, 0 at the left to 1 at the right.
        last: its last character likewise.
    """
    if first[0] not in _BARS and last[0] not in _BARS:
        return False, False
    tall, wide = crop.shape[:2]
    ink = _through(crop)
    reach = max(1, round(_REACH * tall))
    left, right = ink[ink < reach], ink[ink >= wide - reach]
    return _drawn(first, left, crop), _drawn(last, right, crop)


def _drawn(one: tuple[str, float], columns: NDArray[np.intp], crop: Picture) -> bool:
    """Whether a bar was read, and a line stands where it was read."""
    text, place = one
    tall, wide = crop.shape[:2]
    off = np.abs(columns - place * wide)
    return text in _BARS and bool((off <= _NEAR * tall).any())


def _through(crop: Picture) -> NDArray[np.intp]:
    """The columns of pixels that are dark from top to bottom."""
    grey = crop.min(axis=2).astype(np.int32)
    paper = float(np.percentile(grey, _PAPER))
    dark = grey < (int(grey.min()) + paper) / 2
    return np.flatnonzero(dark.mean(axis=0) >= _THROUGH)
