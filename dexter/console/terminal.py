"""The console everything is shown on: nothing that is told can steer the terminal."""

import re
from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

# Escapes and other controls, marks that turn a line round, halves of characters.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff]"
)


class Terminal(Console):
    """A console that leaves out of every text what would steer the terminal.

    Texts of filings, headlines and the command line are somebody else's. What rich
    itself sends to move the cursor passes.
    """

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """The segments of a renderable, each as it may be shown."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else _quiet(segment)


def plain(text: str) -> str:
    """A text without what would steer a terminal."""
    return _STEERING.sub("", text)


def spelled(document: str) -> str:
    """A JSON document in which the same is written out, as JSON escapes it."""
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def _quiet(segment: Segment) -> Segment:
    text = plain(segment.text)
    return segment if text == segment.text else Segment(text, segment.style)
