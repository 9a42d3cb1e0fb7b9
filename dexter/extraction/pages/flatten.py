"""Words of bent or slanted paper, level again.

A photographed page has no single angle: lines rise more at one side, or bend. What
each word's nearest neighbour to the right is higher or lower by tells the slope there;
a plane through those slopes tells how far each word stands off its line.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dexter.extraction.pages.words import Word

_LEVEL = 0.45
_FAR = 0.25
_FEW = 24
_ROUNDS = 4
_SPREAD = 2.5


def flattened(words: Sequence[Word], width: float, height: float) -> tuple[Word, ...]:
    """The words, each with the lift that levels its line.

    Args:
        words: straightened, in points.
        width: of the upright page.
        height: of the upright page.
    """
    links = _links(words, width)
    if len(links) < _FEW:
        return tuple(words)
    at = np.array([[1.0, x / width, y / height] for x, y, _ in links])
    slopes = np.array([slope for _, _, slope in links])
    kept = np.ones(len(links), dtype=bool)
    plane = np.zeros(3)
    for _ in range(_ROUNDS):
        plane = np.linalg.lstsq(at[kept], slopes[kept], rcond=None)[0]
        off = np.abs(slopes - at @ plane)
        kept = off <= _SPREAD * max(float(np.median(off[kept])), 1e-4)
        if kept.sum() < _FEW:
            return tuple(words)
    flat, across, down = (float(one) for one in plane)
    middle = width / 2
    return tuple(
        replace(
            word,
            lift=round(
                -(word.centre - middle) * (flat + down * word.middle / height)
                - across * (word.centre**2 - middle**2) / (2 * width),
                2,
            ),
        )
        for word in words
    )


def _links(words: Sequence[Word], width: float) -> list[tuple[float, float, float]]:
    """Places and slopes between words and what stands next on their line."""
    found = []
    ordered = sorted(words, key=lambda word: word.x0)
    for index, word in enumerate(ordered):
        tall = word.bottom - word.top
        near = None
        for other in ordered[index + 1 :]:
            if other.x0 > word.x1 + _FAR * width:
                break
            beside = other.x0 >= word.x1 - 1
            if beside and abs(other.middle - word.middle) < _LEVEL * tall:
                near = other
                break
        if near is not None and near.centre - word.centre > tall:
            run = near.centre - word.centre
            place = (word.centre + near.centre) / 2
            slope = (near.middle - word.middle) / run
            found.append((place, (word.middle + near.middle) / 2, slope))
    return found
