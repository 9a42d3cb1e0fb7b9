"""Bytes to text that any store can hold."""

import codecs
import json
import re

_SURROGATE = re.compile("[\ud800-\udfff]")


def decoded(content: bytes) -> str:
    """The text of a body, its byte order mark gone. Never fails.

    UTF-8 (or UTF-16/32, told by its mark or zeros) where it is valid, else
    Windows-1252, which is what the exchanges' older files are written in.
    """
    encoding = "utf-8-sig"
    if not content.startswith(codecs.BOM_UTF8):
        encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def storable(text: str) -> str:
    """The text without lone surrogates, which JSON can spell and no store can hold."""
    return _SURROGATE.sub("\ufffd", text)


def shown(value: object, most: int = 60) -> str:
    """A value for an error's sentence: on one line, short, printable."""
    said = storable(repr(value))
    return said if len(said) <= most else said[: most - 1] + "…"
