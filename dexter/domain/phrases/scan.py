"""Rules over text: patterns tried in order, each claiming the words it explains."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from dexter.domain.period import Quarter

T = TypeVar("T")

_AHEAD = re.compile(
    r"\b(?:will|upcoming|ahead|next|expected|due|scheduled|going\s+to|coming|tomorrow"
    r"|when\s+(?:do|does|is|are)|who(?:\s+all)?\s+(?:(?:is|are)\s+)?report(?:s|ing)"
    r"|yet\s+to)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a phrase is read against.

    ``latest`` is the season "last quarter" speaks of; ``ahead`` is true when the text
    looks forward; ``dated`` are quarters already found with their year; ``calendar`` is
    true when one of them is of a calendar year.
    """

    today: date
    latest: Quarter
    ahead: bool = False
    dated: tuple[Quarter, ...] = ()
    calendar: bool = False


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """A pattern and how its match is read; none means "not what it looked like"."""

    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Setting], T | None]


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """What stands between two positions of a text."""

    start: int
    end: int
    value: T


@dataclass(slots=True)
class Claims:
    """Stretches of text already explained by a rule."""

    taken: list[tuple[int, int]] = field(default_factory=list)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing has claimed any of the stretch."""
        return all(end <= left or start >= right for left, right in self.taken)

    def claim(self, start: int, end: int) -> None:
        """Take a stretch."""
        self.taken.append((start, end))


def rule(pattern: str, read: Callable[[re.Match[str], Setting], T | None]) -> Rule[T]:
    """A case-insensitive rule; blanks in the pattern stand for any white space."""
    spaced = pattern.replace(" ", r"\s+")
    return Rule(re.compile(spaced, re.IGNORECASE), read)


def scan(
    text: str, rules: Sequence[Rule[T]], setting: Setting, claims: Claims
) -> list[Hit[T]]:
    """Everything the rules find in unclaimed text, earlier rules first."""
    hits: list[Hit[T]] = []
    for each in rules:
        for found in each.pattern.finditer(text):
            if not claims.free(found.start(), found.end()):
                continue
            value = each.read(found, setting)
            if value is not None:
                claims.claim(found.start(), found.end())
                hits.append(Hit(found.start(), found.end(), value))
    return hits


def in_order(hits: Iterable[Hit[T]]) -> list[T]:
    """The values as they stand in the text."""
    return [hit.value for hit in sorted(hits, key=lambda hit: hit.start)]


def looks_ahead(text: str) -> bool:
    """Whether the words look forward: "next", "upcoming", "when does"."""
    return _AHEAD.search(text) is not None
