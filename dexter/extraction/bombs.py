"""Streams that would unpack to more than any filing needs, found before PDFium runs.

A few kilobytes of nested compression can ask for gigabytes; the reader runs beside
others, so this is refused from the outside, with a bounded decompressor.
"""

import re
import zlib

from dexter.errors import HostileDocumentError

_STREAM = re.compile(rb"<<((?:[^<>]|<(?!<)|>(?!>)|<<[^<>]*>>){0,2000})>>\s*stream\r?\n")
_MAX_STREAM = 150_000_000
_MAX_PIXELS = 250_000_000
_MAX_TOTAL = 1_500_000_000
_CHUNK = 4_000_000
_SIDES = re.compile(rb"/(?:Width|Height)\s+(\d{1,12})")


def refuse(name: str, content: bytes) -> None:
    """Raise if a stream or an image is far larger than a page could be.

    Raises:
        HostileDocumentError: a compression bomb or an absurd image.
    """
    total = 0
    for found in _STREAM.finditer(content):
        entry = found.group(1)
        if b"/Image" in entry:
            _refuse_image(name, entry)
            continue
        layers = entry.count(b"FlateDecode") + len(re.findall(rb"/Fl\b", entry))
        total += _unpacked(name, content, found.end(), layers)
        if total > _MAX_TOTAL:
            raise HostileDocumentError(name, "it unpacks to more than 1.5 GB")


def _refuse_image(name: str, entry: bytes) -> None:
    area = 1
    for side in _SIDES.findall(entry)[:2]:
        area *= int(side)
    if area > _MAX_PIXELS:
        raise HostileDocumentError(name, "it holds an image of absurd size")


def _unpacked(name: str, content: bytes, start: int, layers: int) -> int:
    """Bytes one stream unpacks to, counted without keeping them."""
    tools = [zlib.decompressobj() for _ in range(min(layers, 4))]
    if not tools:
        return 0
    size = 0
    # The window is bounded too: a stream ends where its compression does.
    pending = content[start : start + _CHUNK]
    offset = start + _CHUNK
    try:
        while pending or not tools[0].eof:
            data = tools[0].decompress(pending, _CHUNK)
            pending = tools[0].unconsumed_tail
            size += _through(tools[1:], data)
            if size > _MAX_STREAM:
                raise HostileDocumentError(name, "it holds a compression bomb")
            if tools[0].eof or (not pending and offset >= len(content)):
                break
            if not pending:
                pending = content[offset : offset + _CHUNK]
                offset += _CHUNK
    except zlib.error:
        return size  # encrypted, damaged, or another filter first: PDFium's to judge
    return size


def _through(tools: list["zlib._Decompress"], data: bytes) -> int:
    """The size of a piece after the layers that remain."""
    size = len(data)
    for tool in tools:
        out = b""
        while data and not tool.eof:
            out += tool.decompress(data, _CHUNK)
            data = tool.unconsumed_tail
            if len(out) > _MAX_STREAM:
                return len(out)
        data, size = out, max(size, len(out))
    return size
