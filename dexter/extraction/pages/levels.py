"""Words on one level: the lines of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from dexter.extraction.pages.words import Word

MINUS = {"-", "–", "−"}


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one level, left to right."""

    words: tuple[Word, ...]

    @property
    def middle(self) -> float:
        """Vertical centre."""
        return sum(word.middle for word in self.words) / len(self.words)

    @property
    def text(self) -> str:
        """The words with spaces."""
        return " ".join(word.text for word in self.words)


def lines(words: Sequence[Word]) -> list[Line]:
    """Words grouped by level, top to bottom."""
    if not words:
        return []
    height = median(word.height for word in words)
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.middle, one.x0)):
        near = groups[-1] if groups else None
        if near and word.middle - sum(w.middle for w in near) / len(near) <= max(
            0.45 * height, 1.5
        ):
            near.append(word)
        else:
            groups.append([word])
    return [Line(_signed(sorted(group, key=lambda one: one.x0))) for group in groups]


def _signed(words: Sequence[Word]) -> tuple[Word, ...]:
    """Join a minus or bracket that stands apart from its number: ``- 0.13``."""
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        close = last is not None and word.x0 - last.x1 < 0.8 * max(word.height, 5.0)
        if last and close and _belongs(last.text, word.text):
            joined[-1] = Word(
                last.text + word.text,
                last.x0,
                min(last.top, word.top),
                word.x1,
                max(last.bottom, word.bottom),
                min(last.sure, word.sure),
                word.ink,
                word.lift,
                word.line,
            )
        else:
            joined.append(word)
    return tuple(joined)


def beside(first: Word, second: Word, reach: float) -> bool:
    """Whether two neighbours run on: a narrow gap, and not seen apart by OCR.

    Args:
        first: the word to the left.
        second: the word to the right.
        reach: the widest gap, in heights of the second.
    """
    apart = first.line != second.line
    return not apart and second.x0 - first.x1 < reach * max(second.height, 5.0)


def _belongs(first: str, second: str) -> bool:
    opens = first in {*MINUS, "(", "(-"} and second[:1].isdigit()
    return opens or (second == ")" and first.startswith("("))
