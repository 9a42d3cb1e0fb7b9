"""Files that would unpack to more than any filing needs, found before they are opened.

A few kilobytes of nested compression can ask for gigabytes; the reader runs beside
others, so this is refused from the outside, with a bounded decompressor. What slips by
(LZW, forms that draw forms) meets the time and memory caps of the reading process.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

from dexter.errors import DocumentTooLargeError, HostileDocumentError

_STREAM = re.compile(rb">>\s{0,8}stream\r?\n")
_DICTIONARY = 3_000
_FILTER = re.compile(rb"/(?:Filter|F)\s*(\[[^\]]{0,200}\]|/\w{1,20})")
_NAMES = re.compile(rb"/(\w+)")
_SIDES = re.compile(rb"/(?:Width|Height)\s+(\d{1,12})")
_MAX_PIXELS = 250_000_000
_MAX_IMAGE = 300_000_000
# A page's drawing grows to about 40 bytes in PDFium for each byte of its stream.
_MAX_STREAM = 25_000_000
_MAX_TOTAL = 1_500_000_000
_MAX_LAYERS = 4
_WINDOW = 65_536
_MAX_TAGS = 400_000
_PACKED = (b"FlateDecode", b"Fl")


def refuse(name: str, content: bytes) -> None:
    """Raise if a stream or an image is far larger than a page could be.

    Raises:
        HostileDocumentError: a compression bomb or an absurd image.
    """
    total, view, before = 0, memoryview(content), 0
    for found in _STREAM.finditer(content):
        start = max(before, found.start() - _DICTIONARY)
        entry = content[start : found.end()].rpartition(b" obj")[2]
        before = found.end()
        image = b"/Image" in entry
        if image:
            _refuse_image(name, entry)
        cap = _MAX_IMAGE if image or b"/EmbeddedFile" in entry else _MAX_STREAM
        size = _unpacked(view[found.end() :], entry, cap)
        if not size and not image:
            size = max(0, content.find(b"endstream", found.end()) - found.end())
        total += size
        if size > cap:
            what = f"a stream in it holds more than {cap // 1_000_000} MB"
            raise HostileDocumentError(name, what)
        if total > _MAX_TOTAL:
            raise HostileDocumentError(name, "it unpacks to more than 1.5 GB")


def refuse_markup(name: str, content: bytes) -> None:
    """Raise if an XML or HTML file has more tags than any filing.

    Raises:
        DocumentTooLargeError: over 400,000 tags.
    """
    if content.count(b"<") > _MAX_TAGS:
        raise DocumentTooLargeError(name, f"more than {_MAX_TAGS:,} tags")


def _refuse_image(name: str, entry: bytes) -> None:
    area = 1
    for side in _SIDES.findall(entry)[:2]:
        area *= int(side)
    if area > _MAX_PIXELS:
        raise HostileDocumentError(name, "it holds an image of absurd size")


def _unpacked(data: memoryview, entry: bytes, cap: int) -> int:
    """Bytes one stream unpacks to, counted without keeping them."""
    listed = _FILTER.search(entry)
    filters = _NAMES.findall(listed.group(1)) if listed else []
    if filters[:1] in ([b"ASCII85Decode"], [b"A85"], [b"ASCIIHexDecode"], [b"AHx"]):
        data, filters = _from_text(data, filters[0]), filters[1:]
    # A filter named elsewhere (`/Filter 5 0 R`) shows by how the bytes begin.
    if not listed and bytes(data[:1]) == b"x":
        filters = [b"Fl"]
    if filters[:1] not in ([b"FlateDecode"], [b"Fl"]):
        return 0
    layers = min(max(sum(one in _PACKED for one in filters), 1), _MAX_LAYERS)
    return _inflated(data, layers, cap)


def _from_text(data: memoryview, filter_: bytes) -> memoryview:
    """Bytes that were written as text, up to their end mark."""
    hexadecimal = filter_ in {b"ASCIIHexDecode", b"AHx"}
    text = bytes(data).split(b">" if hexadecimal else b"~>", 1)[0]
    try:
        if hexadecimal:
            return memoryview(bytes.fromhex(text.decode("latin-1")))
        return memoryview(base64.a85decode(text))
    except (ValueError, binascii.Error):
        return memoryview(b"")  # damaged: PDFium's to judge


def _inflated(data: memoryview, layers: int, cap: int) -> int:
    """What comes out of the last layer; over the cap as soon as any layer is."""
    size = 0
    pieces: Iterator[bytes] = (
        bytes(data[start : start + _WINDOW]) for start in range(0, len(data), _WINDOW)
    )
    for _ in range(layers):
        pieces = _layer(pieces, cap)
    try:
        for piece in pieces:
            size += len(piece)
    except _OverError:
        return cap + 1
    except zlib.error:
        return size  # encrypted, damaged, or another filter first: PDFium's to judge
    return size


class _OverError(Exception):
    """A layer gave more than its cap."""


def _layer(pieces: Iterator[bytes], cap: int) -> Iterator[bytes]:
    tool, size = zlib.decompressobj(), 0
    for packed in pieces:
        rest = packed
        while rest and not tool.eof:
            piece = tool.decompress(rest, _WINDOW)
            rest = tool.unconsumed_tail
            size += len(piece)
            if size > cap:
                raise _OverError
            yield piece
        if tool.eof:
            return
