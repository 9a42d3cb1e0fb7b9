"""The rows of a copy laid beside the lines OCR found, in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rapidfuzz import fuzz

from dexter.extraction.copies.transcript import CopyRow
from dexter.extraction.pages.levels import Line
from dexter.extraction.pages.words import Word
from dexter.extraction.proof.labels import plain

_MOSTLY = 0.6
_DIGITS_COUNTED = 4
_LABEL_WORTH = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """A line OCR found, and its numbers from left to right."""

    line: Line
    numbers: tuple[Word, ...]
    middle: float
    height: float
    words: str

    @classmethod
    def of(cls, line: Line) -> "Seen":
        """A line, measured by its numbers where it has any."""
        numbers = tuple(word for word in line.words if numeric(word))
        judged = numbers or line.words
        text = " ".join(word.text for word in line.words if not numeric(word))
        return cls(
            line,
            numbers,
            median(word.middle for word in judged),
            median(word.height for word in judged),
            plain(text),
        )


Match = tuple[Seen, tuple[tuple[int, int], ...]]


def numeric(word: Word) -> bool:
    """Whether a word is mostly digits."""
    known = [c for c in word.text if c.isalnum()]
    digits = sum(c.isdigit() for c in known)
    return bool(digits) and digits >= _MOSTLY * len(known)


def digits_of(text: str) -> str:
    """The digits of a figure, ``?`` where somebody could not read one."""
    return re.sub(r"[^\d?]", "", text)


def beside(rows: Sequence[CopyRow], seen: Sequence[Seen]) -> dict[int, Match]:
    """The rows laid beside lines, in order, sharing as many digits as can be.

    Returns:
        By row: its line, and which number of the line each of its columns is.
    """
    width = len(seen)
    pairs = {
        (i, j): _shared(row, seen[j])
        for i, row in enumerate(rows)
        if any(digits_of(text) for text in row.cells)
        for j in range(width)
        if seen[j].numbers
    }
    best = [[0.0] * (width + 1) for _ in range(len(rows) + 1)]
    for i in reversed(range(len(rows))):
        for j in reversed(range(width)):
            skip = max(best[i + 1][j], best[i][j + 1])
            gain = pairs.get((i, j), (0.0, ()))[0]
            best[i][j] = max(skip, gain + best[i + 1][j + 1] if gain else 0.0)
    found: dict[int, Match] = {}
    i = j = 0
    while i < len(rows) and j < width:
        gain, columns = pairs.get((i, j), (0.0, ()))
        if gain and best[i][j] == gain + best[i + 1][j + 1]:
            found[i] = (seen[j], columns)
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _shared(row: CopyRow, seen: Seen) -> tuple[float, tuple[tuple[int, int], ...]]:
    """Digits a row shares with a line, and which column is which of its numbers."""
    mine = [(k, d) for k, text in enumerate(row.cells) if (d := digits_of(text))]
    theirs = [digits_of(word.text) for word in seen.numbers]
    pairs = _common([digits for _, digits in mine], theirs)
    if not pairs:
        return 0.0, ()
    gain = sum(min(len(theirs[b]), _DIGITS_COUNTED) for _, b in pairs)
    likeness = fuzz.partial_ratio(plain(row.label), seen.words) / 100
    return gain + _LABEL_WORTH * likeness, tuple((mine[a][0], b) for a, b in pairs)


def _common(mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of places."""
    table = [[0] * (len(theirs) + 1) for _ in range(len(mine) + 1)]
    for a in reversed(range(len(mine))):
        for b in reversed(range(len(theirs))):
            same = 1 + table[a + 1][b + 1] if mine[a] == theirs[b] else 0
            table[a][b] = max(same, table[a + 1][b], table[a][b + 1])
    pairs = []
    a = b = 0
    while a < len(mine) and b < len(theirs):
        if mine[a] == theirs[b] and table[a][b] == 1 + table[a + 1][b + 1]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif table[a][b] == table[a + 1][b]:
            a += 1
        else:
            b += 1
    return pairs
