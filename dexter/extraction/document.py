"""Any file a company might send, read by what it is, not by what it is called."""

import hashlib
import re

from dexter.domain.filing import DocumentKind, Review
from dexter.errors import (
    DexterError,
    DocumentError,
    DocumentTooLargeError,
    NotADocumentError,
)
from dexter.extraction.guard import bombs
from dexter.extraction.result import MAX_BYTES, Extraction, Reading
from dexter.extraction.xbrl.reader import read_xbrl

_HEAD = 4096
_PDF_HEAD = 1024
_HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_INLINE = re.compile(rb"<\s*ix:\w|inlinexbrl", re.IGNORECASE)
# How other files begin that are sent under a PDF's or an XBRL file's name.
_WHAT_ELSE = {
    b"PK": "a ZIP or Office file, neither PDF nor XBRL",
    b"\xd0\xcf": "an old Office file, neither PDF nor XBRL",
    b"{\\": "an RTF file, neither PDF nor XBRL",
    b"\xff\xd8": "a picture (JPEG), neither PDF nor XBRL",
    b"\x89P": "a picture (PNG), neither PDF nor XBRL",
    b"II": "a picture (TIFF), neither PDF nor XBRL",
    b"MM": "a picture (TIFF), neither PDF nor XBRL",
    b"\x1f\x8b": "a gzip archive; unpack it first",
}


def read(name: str, content: bytes) -> Extraction:
    """Read one document. Pure, and safe to run in another process.

    Args:
        name: what to call the file in reasons; its extension is not believed.
        content: the bytes, 50 MB at most.

    Raises:
        DocumentTooLargeError: over the byte or page cap.
        TruncatedDocumentError: the file ends before its own end.
        EncryptedDocumentError: the file asks for a password.
        HostileDocumentError: entities, a document type, a bomb.
        DocumentError: a reader failed in a way nobody foresaw.
        MemoryError: whoever capped this process says what the cap was.
    """
    if len(content) > MAX_BYTES:
        raise DocumentTooLargeError(name, f"larger than {MAX_BYTES // 1_000_000} MB")
    try:
        reading = _read(name, content)
    except NotADocumentError as error:
        reading = Reading(DocumentKind.NOT_A_DOCUMENT, Review.REJECTED, error.what)
    except (DexterError, MemoryError):
        raise
    except Exception as error:
        # A file made to break its reader must not stop its siblings.
        what = f"its reader failed ({type(error).__name__})"
        raise DocumentError(name, what) from error
    return Extraction(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        kind=reading.kind,
        status=reading.status,
        reason=reading.reason,
        pages=reading.pages,
        statements=reading.statements,
        text_flags=reading.text_flags,
        identity=reading.identity,
    )


def _read(name: str, content: bytes) -> Reading:
    if not content.strip(b"\0\r\n\t "):
        raise NotADocumentError(name, "the file is empty")
    if b"%PDF-" in content[:_PDF_HEAD]:
        from dexter.extraction.pdf import read_pdf  # noqa: PLC0415 - PDFium loads only for a PDF

        return read_pdf(name, content)
    plain = content[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if not plain.startswith(b"<"):
        raise NotADocumentError(
            name, _WHAT_ELSE.get(content[:2], "neither PDF nor XBRL")
        )
    bombs.refuse_markup(name, content)
    if _INLINE.search(content):
        return read_xbrl(name, content, inline=True)
    if _HTML.search(plain):
        raise NotADocumentError(name, "a web page, not a filing")
    return read_xbrl(name, content)
