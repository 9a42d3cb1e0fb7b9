"""Just enough of the protocol buffer wire format to write a message.

Source: https://protobuf.dev/programming-guides/encoding (varints, 32-bit numbers,
length-delimited fields). Repeated numbers are written packed, which readers of either
syntax accept.
"""

from collections.abc import Sequence
from struct import pack

_VARINT, _LENGTH, _FIXED_32 = 0, 2, 5
_WHOLE = 1 << 64
_SEVEN_BITS, _MORE = 0x7F, 0x80


def whole(field: int, value: int) -> bytes:
    """An integer field."""
    return _key(field, _VARINT) + _varint(value)


def single(field: int, value: float) -> bytes:
    """A 32-bit floating point field."""
    return _key(field, _FIXED_32) + pack("<f", value)


def text(field: int, value: str) -> bytes:
    """A string field."""
    return part(field, value.encode())


def part(field: int, content: bytes) -> bytes:
    """A field of bytes, or of a message already written."""
    return _key(field, _LENGTH) + _varint(len(content)) + content


def wholes(field: int, values: Sequence[int]) -> bytes:
    """A repeated integer field."""
    return part(field, b"".join(map(_varint, values)))


def singles(field: int, values: Sequence[float]) -> bytes:
    """A repeated 32-bit floating point field."""
    return part(field, pack(f"<{len(values)}f", *values))


def texts(field: int, values: Sequence[str]) -> bytes:
    """A repeated string field."""
    return b"".join(text(field, value) for value in values)


def _key(field: int, wire: int) -> bytes:
    return _varint(field << 3 | wire)


def _varint(value: int) -> bytes:
    rest = value % _WHOLE  # negative numbers are written as their two's complement
    found = bytearray()
    while rest > _SEVEN_BITS:
        found.append(rest & _SEVEN_BITS | _MORE)
        rest >>= 7
    found.append(rest)
    return bytes(found)
