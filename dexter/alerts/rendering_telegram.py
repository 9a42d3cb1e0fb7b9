"""A card in Telegram's HTML: split while it is text, then tagged, so no tag is cut."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from dexter.alerts.rendering import Line, Look, Span

LONGEST = 4096
"""UTF-16 code units of a message, without its tags and with entities as one mark."""

_TAGS = {Look.STRONG: "b", Look.FAINT: "i"}
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_JOINING = "\u200c\u200d\ufe0e\ufe0f"
_CUTS = 64
# What Telegram takes for nothing at all, or takes away; a message of it is refused.
_UNSEEN = re.compile(
    "[\\s\u180e\u2800\ufeff\ufffc\u200b-\u200f\u0333\u033f\u030a\U000e0000-\U000e007f]*"
)


def units(text: str) -> int:
    """A text's length in UTF-16 code units, as Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def messages(lines: Iterable[Line], longest: int = LONGEST) -> tuple[str, ...]:
    """Lines as one message, or several where one cannot hold them.

    Args:
        lines: Spans of text; line ends stand between lines only.
        longest: UTF-16 code units a message may have.
    """
    parts: list[list[Line]] = [[]]
    room = longest
    for line in _fitting(lines, longest):
        needs = _length(line) + (1 if parts[-1] else 0)
        if needs > room:
            parts.append([])
            room, needs = longest, _length(line)
        parts[-1].append(line)
        room -= needs
    return tuple(_tagged(part) for part in parts if any(map(_seen, part)))


def _length(line: Line) -> int:
    return sum(units(span.text) for span in line)


def _seen(line: Line) -> bool:
    return not all(_UNSEEN.fullmatch(span.text) for span in line)


def _tagged(part: Iterable[Line]) -> str:
    return "\n".join("".join(map(_set, line)) for line in part)


def _set(span: Span) -> str:
    text = span.text.translate(_ESCAPED)
    tag = _TAGS.get(span.look)
    return f"<{tag}>{text}</{tag}>" if tag and text else text


def _fitting(lines: Iterable[Line], longest: int) -> Iterator[Line]:
    """Every line as it is, or in pieces where no message can hold it."""
    for line in lines:
        rest = line
        while _length(rest) > longest:
            head, rest = _cut(rest, longest)
            yield head
        yield rest


def _cut(line: Line, longest: int) -> tuple[Line, Line]:
    """A line in two, the first as long as may be."""
    head: list[Span] = []
    room = longest
    for index, span in enumerate(line):
        if units(span.text) > room:
            at = _place(span.text, room)
            cut = Span(span.text[:at], span.look), Span(span.text[at:], span.look)
            return (*head, cut[0]), (cut[1], *line[index + 1 :])
        head.append(span)
        room -= units(span.text)
    return tuple(head), ()


def _place(text: str, room: int) -> int:
    """Where to cut: behind a space, or else not within a character and its marks."""
    most = _reach(text, room)
    space = text.rfind(" ", max(0, most - most // 4), most)
    if space > 0:
        return space + 1
    at = most
    while at > max(1, most - _CUTS) and _holds(text, at):
        at -= 1
    return at if at > max(1, most - _CUTS) else most


def _reach(text: str, room: int) -> int:
    """How many characters fit into so many code units."""
    used = 0
    for index, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > room:
            return index
    return len(text)


def _holds(text: str, at: int) -> bool:
    """Whether what is before and what is behind a place are one character."""
    behind, before = text[at : at + 1], text[at - 1]
    joined = behind in _JOINING or before == "\u200d"
    skin = "\U0001f3fb" <= behind <= "\U0001f3ff"
    return joined or skin or unicodedata.combining(behind or " ") != 0
