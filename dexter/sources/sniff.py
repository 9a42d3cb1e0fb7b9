"""What a body is, told from its bytes alone: headers and suffixes lie.

Everything here takes hostile bytes, runs in one pass and holds at most the bound it was
given.
"""

import re
import zlib

from dexter.errors import SourceShapeError, SourceUnavailableError
from dexter.sources.wire import Kind

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MOST_MEMBERS = 64
_HEAD = 8192
_XBRL_HEAD = 65536

_PADDING = re.compile(rb"(?:\xef\xbb\xbf|[\s\x00])*+")
_JSON_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"\s*\Z', re.DOTALL)
_JSON_WORD = re.compile(rb"(?:-?\d[\d.eE+-]*|true|false|null)\s*\Z")
_PROLOGUE = re.compile(
    rb"(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype(?!\s+html)[^>]*>)*+",
    re.DOTALL | re.IGNORECASE,
)
_DOCTYPE = re.compile(rb"<!doctype\s+html", re.IGNORECASE)
_ELEMENT = re.compile(rb"<([A-Za-z_][\w:.-]*)")
_HTML = re.compile(
    rb"(?:html|head|title|meta|body|script|style|link|div|span|p|a|b|br|center|font|"
    rb"form|h[1-4]|img|table|tr|td|ul|ol|li)\Z",
    re.IGNORECASE,
)
_DELIMITER = re.compile(rb"[,|;\t]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def told(body: bytes) -> Kind | None:
    """What a body is; None for anything that is none of the kinds.

    A byte order mark and padding before it do not count. Inline XBRL, which is HTML by
    its root, is told as XML.
    """
    if body.startswith(_GZIP):
        return Kind.GZIP
    if body.startswith(_ZIP):
        return Kind.ZIP
    text = _decoded(body)
    begin = _end(_PADDING, text)
    if text.startswith(b"%PDF", begin):
        return Kind.PDF
    if text.startswith(b"<", begin):
        return _marked_up(text[begin : begin + _XBRL_HEAD])
    if text.startswith((b"{", b"["), begin) or _is_json_scalar(text, begin):
        return Kind.JSON
    return Kind.CSV if _has_columns(text[begin : begin + _HEAD]) else None


def fits(kind: Kind, body: bytes) -> bool:
    """Whether a body is of a kind."""
    return kind is Kind.ANY or told(body) is kind


def unwrapped(source: str, body: bytes, most_bytes: int, layers: int = 3) -> bytes:
    """A body with its gzip undone, whatever the headers say; others as they are.

    Args:
        source: Named in errors.
        body: As sent.
        most_bytes: The most a layer may unpack to.
        layers: Gzip within gzip is undone so many times at most.

    Raises:
        SourceShapeError: It unpacks to more than ``most_bytes``: a bomb.
        SourceUnavailableError: The gzip is cut or damaged.
    """
    for _ in range(layers):
        if not body.startswith(_GZIP):
            return body
        body = _gunzipped(source, body, most_bytes)
    return body


def _gunzipped(source: str, body: bytes, most_bytes: int) -> bytes:
    out: list[bytes] = []
    size = 0
    for _ in range(_MOST_MEMBERS):
        reader = zlib.decompressobj(wbits=31)
        try:
            piece = reader.decompress(body, most_bytes - size + 1)
        except zlib.error:
            raise SourceUnavailableError(source, "its gzip is damaged") from None
        size += len(piece)
        if size > most_bytes:
            why = f"its gzip unpacks to more than {most_bytes:,} bytes"
            raise SourceShapeError(source, "answer", why)
        if not reader.eof:
            raise SourceUnavailableError(source, "its gzip was cut short")
        out.append(piece)
        body = reader.unused_data
        if not body.startswith(_GZIP):
            return b"".join(out)
    why = f"its gzip has more than {_MOST_MEMBERS} members"
    raise SourceShapeError(source, "answer", why)


def _decoded(body: bytes) -> bytes:
    """UTF-16 made readable, since Windows servers send it at times."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        even = body[: len(body) // 2 * 2]
        return even.decode("utf-16", errors="replace").encode("utf-8", errors="replace")
    return body


def _end(pattern: re.Pattern[bytes], text: bytes) -> int:
    match = pattern.match(text)
    return match.end() if match else 0


def _marked_up(text: bytes) -> Kind | None:
    head = text[:_HEAD]
    begin = _end(_PROLOGUE, head)
    element = _ELEMENT.match(head, begin)
    is_html = _DOCTYPE.match(head, begin) is not None
    if element is not None:
        is_html = _HTML.match(element.group(1)) is not None
    if is_html:
        return Kind.XML if b"inlinexbrl" in text.lower() else Kind.HTML
    return Kind.XML if element is not None or head.startswith(b"<?xml") else None


def _is_json_scalar(text: bytes, begin: int) -> bool:
    return any(
        pattern.match(text, begin) is not None for pattern in (_JSON_TEXT, _JSON_WORD)
    )


def _has_columns(head: bytes) -> bool:
    """Text whose first lines are cut into cells; a bare message is not."""
    if _CONTROL.search(head) is not None:
        return False
    return any(_DELIMITER.search(line) for line in head.split(b"\n")[:5])
