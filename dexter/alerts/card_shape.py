"""What a message says, in parts, before any channel's marks are put around them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from dexter.domain.alert import Priority

# Marks that turn a line round, end it, or are half a character: nobody sends them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HALF = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Part:
    """A component of a score; its percentile (0–100) is null where ``said`` has why."""

    name: str
    percentile: Decimal | None
    said: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fact by name, what belongs below it, and the parts it is made of."""

    name: str
    said: str
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Lines below a heading, which may be empty."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A message as every channel shows it, from top to bottom.

    Args:
        priority: How loudly it is meant.
        marks: What must be seen before anything else: an invented company, a repeat.
        title: Whom or what it is about.
        about: Which period, which basis, published when.
        first: Sections above the facts: what an amendment changes, a notice's lines.
        rows: The facts.
        last: Sections below them: the reasons.
        foot: The disclaimer, and where the record is.
    """

    priority: Priority
    marks: tuple[str, ...]
    title: str
    about: str = ""
    first: tuple[Section, ...] = ()
    rows: tuple[Row, ...] = ()
    last: tuple[Section, ...] = ()
    foot: tuple[str, ...] = ()


def shown(text: str) -> str:
    """A text on one line, without marks that would turn, hide or break it."""
    one = " ".join(_CONTROL.sub(" ", text).split())
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", _TURNING.sub("", one))
