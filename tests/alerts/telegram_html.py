"""Telegram's HTML, read as its Bot API reads it: what it refuses is refused here."""

import re
from dataclasses import dataclass

TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a"}
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))""")
_REMOVED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_SPACES = re.compile(
    "[\u1680\u180e\u2000-\u200a\u202e\u202f\u205f\u2800\u3000\ufffc\U000e0000-\U000e007f]"
)
_EMPTY = re.compile("[ \n\u200b-\u200f\u202e\ufeff\u00a0]*")
_MOST = 35_000


class MarkupError(ValueError):
    """The text is no HTML that Telegram reads; the message is its description."""


@dataclass(frozen=True, slots=True)
class Styled:
    """A run of text with a style; offset and length in UTF-16 code units."""

    tag: str
    offset: int
    length: int


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def parse(markup: str) -> tuple[str, tuple[Styled, ...]]:
    """Text and styles of a piece of HTML.

    Raises:
        MarkupError: a tag that is unknown, never closed or closed out of turn.
    """
    text: list[str] = []
    at, position = 0, 0
    opened: list[tuple[str, int]] = []
    found: list[Styled] = []
    while position < len(markup):
        if markup[position] != "<":
            piece, position = _plain(markup, position)
            text.append(piece)
            at += units(piece)
            continue
        start = position
        closing, tag, position = _tag(markup, start)
        if not closing:
            opened.append((tag, at))
            continue
        found.append(_closed(tag, opened, at, start))
    if opened:
        msg = f"Can't find end tag corresponding to start tag {opened[-1][0]}"
        raise MarkupError(msg)
    return "".join(text), tuple(one for one in found if one.length)


def _plain(markup: str, position: int) -> tuple[str, int]:
    """Text up to the next tag, its entities decoded."""
    end = markup.find("<", position)
    end = len(markup) if end < 0 else end
    return _ENTITY.sub(_decoded, markup[position:end]), end


def _decoded(found: re.Match[str]) -> str:
    if found[3]:
        return _NAMED[found[3]]
    code = int(found[1], 16) if found[1] else int(found[2])
    if 0xD800 <= code <= 0xDFFF:
        msg = "Text contains invalid Unicode characters after decoding HTML entities"
        raise MarkupError(msg)
    return chr(code) if 0 < code < 0x10FFFF else found[0]


def _tag(markup: str, start: int) -> tuple[bool, str, int]:
    """Whether the tag at a place closes, its name, and where it ends."""
    end = markup.find(">", start)
    closing = markup.startswith("</", start)
    if end < 0:
        kind = "end" if closing else "start"
        msg = f"Unclosed {kind} tag at byte offset {start}"
        raise MarkupError(msg)
    inner = markup[start + 1 + closing : end]
    name = re.split(r"\s", inner, maxsplit=1)[0].lower()
    if not closing:
        if name not in TAGS:
            msg = f'Unsupported start tag "{name}" at byte offset {start}'
            raise MarkupError(msg)
        if _ATTRIBUTE.sub("", inner[len(name) :]).strip():
            msg = f'Unexpected attribute in the tag "{name}" at byte offset {start}'
            raise MarkupError(msg)
    return closing, name, end + 1


def _closed(tag: str, opened: list[tuple[str, int]], at: int, start: int) -> Styled:
    if not opened:
        msg = f"Unexpected end tag at byte offset {start}"
        raise MarkupError(msg)
    name, since = opened.pop()
    if tag not in {"", name}:
        msg = (
            f"Unmatched end tag at byte offset {start}, "
            f'expected "</{name}>", found "</{tag}>"'
        )
        raise MarkupError(msg)
    return Styled(name, since, at - since)


def cleaned(text: str) -> str:
    """A text as Telegram keeps it: control marks gone, trimmed, cut off far beyond."""
    text = _CONTROL.sub(" ", _REMOVED.sub("", text))
    return text.encode()[:_MOST].decode(errors="ignore").strip()


def is_empty(text: str) -> bool:
    """Whether nothing in a text can be seen."""
    return _EMPTY.fullmatch(_SPACES.sub(" ", text).strip()) is not None
