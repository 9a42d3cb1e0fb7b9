"""Amounts as printed in one cell: digits, brackets, minus signs, dashes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from dexter.extraction.pages.words import Word

_NUMBER = re.compile(
    r"\(?[-–−]?\(?(?:\d{1,3}(?:,\d{2,3})+|\d+)?(?:\.\d+)?\)?[*#^@$]{0,2}"
)
_NIL = re.compile(r"[-–—−]{1,4}|nil|-\.-|[-–—]\*", re.IGNORECASE)
_NO_FIGURE = re.compile(r"n\.?m\.?|n\.?a\.?|na|n/a", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """What is printed in one cell; ``value`` is ``None`` for a dash, with a reason.

    ``sure`` is the reader's certainty of its least certain character, 0 to 1.
    """

    value: Decimal | None
    printed: str
    bbox: tuple[float, float, float, float]
    reason: str | None = None
    sure: float = 1.0


# A word is asked for its figure by every rule that looks at its line.
@lru_cache(maxsize=4096)
def figure(text: str) -> Decimal | None:
    """An amount as printed: brackets or a minus are negative; else ``None``."""
    if not _NUMBER.fullmatch(text) or not any(c.isdigit() for c in text):
        return None
    bare = text.rstrip("*#^@$")
    opened, closed = bare.count("("), bare.count(")")
    if opened != closed:
        return None
    digits = re.sub(r"[()\-–−,]", "", bare)
    negative = opened > 0 or bare[0] in "-–−"
    return -Decimal(digits) if negative else Decimal(digits)


def strong(word: Word) -> bool:
    """A number that is surely an amount: decimals, grouping, or three digits."""
    value = figure(word.text)
    digits = re.sub(r"\D", "", word.text)
    marked = "." in word.text[:-1] or "," in word.text or len(digits) > 2  # noqa: PLR2004 - serial numbers have one or two
    return value is not None and marked


def looks_printed(word: Word) -> bool:
    """Whether a word is what a cell may hold: a number, a dash, a bracket."""
    text = word.text
    known = _NIL.fullmatch(text) or _NO_FIGURE.fullmatch(text)
    return figure(text) is not None or bool(known) or text in {"(", ")"}


def cell(words: Sequence[Word]) -> Figure | None:
    """What the words of one cell print; two numbers in it are no figure."""
    if not words:
        return None
    printed = "".join(word.text for word in words)
    box = (
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
    )
    sure = min(word.sure for word in words)
    numbers = [word for word in words if any(c.isdigit() for c in word.text)]
    if len(numbers) > 1:
        return Figure(None, printed, box, "several numbers in one cell", sure)
    if _NIL.fullmatch(printed):
        return Figure(None, printed, box, "printed as a dash", sure)
    value = figure(printed)
    reason = None if value is not None else f"printed as {printed[:20]!r}"
    return Figure(value, printed, box, reason, sure)
