"""The one file inside a ZIP or GZIP body, read up to a bound.

Pure, and nothing of an archive's own names is ever used as a path.
"""

import io
import lzma
import struct
import zipfile
import zlib

from dexter.errors import SourceShapeError

MOST_BYTES = 64_000_000
MOST_MEMBERS = 64
_ENTRY = b"PK\x01\x02"
_GZIP = 31  # zlib: a gzip header and trailer
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    IndexError,
    OverflowError,
)


def unzipped(source: str, what: str, content: bytes, endings: tuple[str, ...]) -> bytes:
    """The only member whose name has one of these endings (lower case).

    Raises:
        SourceShapeError: No ZIP, cut or encrypted, none or several such members, or
            more bytes than any file of a day has.
    """
    if content.count(_ENTRY) > MOST_MEMBERS:
        raise SourceShapeError(source, what, "the archive has too many members")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = [
                entry
                for entry in archive.infolist()
                if entry.filename.lower().endswith(endings)
            ]
            if len(found) != 1:
                why = f"{len(found)} files are in the archive where one was due"
                raise SourceShapeError(source, what, why)
            with archive.open(found[0]) as member:
                body = member.read(MOST_BYTES + 1)
    except _BROKEN as error:
        why = f"the archive cannot be read ({type(error).__name__})"
        raise SourceShapeError(source, what, why) from None
    return _bounded(source, what, body)


def gunzipped(source: str, what: str, content: bytes) -> bytes:
    """The file inside a GZIP body; a body that is none is given back as it is.

    A host that decodes content by its first bytes has done this already.

    Raises:
        SourceShapeError: Cut or broken, or more bytes than any file of a day has.
    """
    if not content.startswith(b"\x1f\x8b"):
        return content
    out = bytearray()
    rest = content
    try:
        while rest.startswith(b"\x1f\x8b") and len(out) <= MOST_BYTES:
            unpacker = zlib.decompressobj(_GZIP)
            out += unpacker.decompress(rest, MOST_BYTES + 1 - len(out))
            if not unpacker.eof and len(out) <= MOST_BYTES:
                raise SourceShapeError(source, what, "the file was cut")
            rest = unpacker.unused_data
    except zlib.error:
        raise SourceShapeError(source, what, "the file cannot be unpacked") from None
    return _bounded(source, what, bytes(out))


def _bounded(source: str, what: str, body: bytes) -> bytes:
    if len(body) > MOST_BYTES:
        raise SourceShapeError(source, what, "it unpacks to more than it may")
    return body
