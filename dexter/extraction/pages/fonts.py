"""Whether a page shows the digits its text claims.

A font can draw a 7 where its text says 1; text can be covered, invisible or replaced.
Read from the text alone such a page is wrong with every identity holding, so before
its digits are believed the page is looked at.
"""

from collections.abc import Sequence

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray

from dexter.extraction.pages.characters import Characters, Floats
from dexter.extraction.pages.figures import strong
from dexter.extraction.pages.glyphs import (
    Marks,
    Scores,
    Shown,
    compare,
    marks,
    pixels,
    shown,
    within,
)
from dexter.extraction.pages.words import Word

# The worst honest digits on 20 real statement pages come to -0.01, 0.10 and 0.00; of
# 800 digits relabelled at random on them one stayed unnoticed.
_FONT_BEHIND = 0.03
_DIGIT_BEHIND = 0.12
_ODD = 0.03
_UNLIKE = 0.35
_AIR = 0.55
_DARK = 100
_RULE = 0.9
_TINY = 10
_EDGE = 3
_SPECK = 0.012


def lying_digits(
    page: pdfium.PdfPage, words: Sequence[Word], characters: Characters | None = None
) -> str | None:
    """Why the figures among a page's words must not be read from its text.

    Args:
        page: an open page.
        words: what ``page_words`` gave for it; those that are no figures are passed
            over.
        characters: of that page, where they are at hand.

    Returns:
        A reason, or ``None`` when every digit looks like what the text says and no
        ink stands beside a figure that the text does not mention.
    """
    boxes = [(w.x0, w.top, w.x1, w.bottom) for w in words if strong(w)]
    if not boxes:
        return None
    seen = shown(page)
    if min(seen.ink.shape) < _TINY:
        return "its page is too small to show a digit"
    marked = marks(page, seen.scale, characters)
    regions = pixels(boxes, seen.scale)
    digit = np.array([text.isdecimal() for text in marked.texts], dtype=bool)
    chosen = np.flatnonzero(digit & within(marked, regions))
    if not len(chosen):
        return None
    claimed = np.array([int(marked.texts[i]) for i in chosen])
    scores, pictures = compare(seen, marked.boxes[chosen], claimed)
    return (
        _unseen(pictures)
        or _mistold(claimed, marked.fonts[chosen], scores)
        or _odd_one(claimed, marked.fonts[chosen], pictures)
        or _unmentioned(seen, marked, regions)
    )


def _unseen(pictures: Scores) -> str | None:
    if pictures.any(axis=1).all():
        return None
    return "its text holds digits that the page does not show"


def _mistold(
    claimed: NDArray[np.int64], fonts: NDArray[np.int64], scores: Scores
) -> str | None:
    """A font whose drawing of a digit looks like another digit, or like none."""
    for font in np.unique(fonts):
        for digit in np.unique(claimed[fonts == font]):
            mean = scores[(fonts == font) & (claimed == digit)].mean(axis=0)
            best = int(mean.argmax())
            if mean[best] - mean[digit] > _FONT_BEHIND:
                return f"a font shows {best} where its text says {digit}"
            if mean[digit] < _UNLIKE:
                return f"a font shows no {digit} where its text says so"
    own = scores[np.arange(len(claimed)), claimed]
    behind = scores.max(axis=1) - own
    worst = int(behind.argmax())
    if behind[worst] > _DIGIT_BEHIND:
        best = int(scores[worst].argmax())
        return f"a {claimed[worst]} of its text looks like a {best}"
    return None


def _odd_one(
    claimed: NDArray[np.int64], fonts: NDArray[np.int64], pictures: Scores
) -> str | None:
    """A digit drawn like another digit of its own font."""
    for font in np.unique(fonts):
        mine = fonts == font
        digits = np.unique(claimed[mine])
        means = np.stack([pictures[mine & (claimed == d)].mean(axis=0) for d in digits])
        means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
        alike = pictures[mine] @ means.T
        own = alike[np.arange(len(alike)), np.searchsorted(digits, claimed[mine])]
        behind = alike.max(axis=1) - own
        if behind.max() > _ODD:
            worst = int(behind.argmax())
            told = claimed[mine][worst]
            like = digits[int(alike[worst].argmax())]
            return f"a {told} of its text looks like the font's {like}"
    return None


def _unmentioned(seen: Shown, marked: Marks, regions: Floats) -> str | None:
    """Ink within or close beside a figure where the text has no character."""
    dark = seen.ink > _DARK
    left = dark.copy()
    for x0, top, x1, bottom in np.rint(marked.boxes).astype(int).tolist():
        left[max(top - 2, 0) : bottom + 3, max(x0 - 2, 0) : x1 + 3] = False
    for x0, top, x1, bottom in regions.tolist():
        tall = bottom - top
        air = tall * _AIR
        rows = slice(max(int(top), 0), int(bottom) + 1)
        columns = slice(max(int(x0 - air), 0), int(x1 + air) + 1)
        if np.count_nonzero(left[rows, columns]) <= _SPECK * tall * tall:
            continue
        around = slice(max(int(top) - _EDGE, 0), int(bottom) + _EDGE + 1)
        rules = dark[around, columns].mean(axis=0) > _RULE
        rules = rules | np.roll(rules, 1) | np.roll(rules, -1)
        lines = dark[rows, columns].mean(axis=1) > _RULE
        rest = left[rows, columns][~lines][:, ~rules]
        if np.count_nonzero(rest) > _SPECK * tall * tall:
            return "ink stands beside a figure that its text does not mention"
    return None
