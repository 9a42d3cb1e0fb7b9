"""Files made to break their reader are refused by name, quickly."""

import io
import zlib

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from dexter.domain.filing import DocumentKind, Review
from dexter.errors import (
    DocumentTooLargeError,
    EncryptedDocumentError,
    HostileDocumentError,
    TruncatedDocumentError,
)
from dexter.extraction.document import read
from dexter.extraction.result import MAX_BYTES
from tests.extraction.builders import pdf, plain

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<x>&b;</x>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">
<x/>"""
WIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16")
BOMB = (
    b"%PDF-1.5\n1 0 obj <</Type /ObjStm /N 1 /First 5 /Filter /FlateDecode>>\nstream\n"
    + zlib.compress(b"0" * 200_000_000)
    + b"\nendstream endobj\n%%EOF"
)
WALL = (
    b"%PDF-1.5\n1 0 obj <</Subtype /Image /Width 90000 /Height 90000>>\nstream\n\n"
    b"endstream endobj\n%%EOF"
)


@pytest.mark.parametrize("content", [LAUGHS, OUTSIDE, WIDE, BOMB, WALL])
def test_bombs_and_outside_references_are_refused(content: bytes) -> None:
    with pytest.raises(HostileDocumentError):
        read("file", content)


@pytest.mark.parametrize("whole", [plain(), pdf()])
def test_a_file_that_ends_early_is_refused(whole: bytes) -> None:
    with pytest.raises(TruncatedDocumentError):
        read("file", whole[: len(whole) * 2 // 3])


def test_a_file_with_a_password_says_so() -> None:
    out = io.BytesIO()
    page = Canvas(out, encrypt=StandardEncryption("secret", ownerPassword="owner"))
    page.drawString(40, 700, "Results")
    page.save()
    with pytest.raises(EncryptedDocumentError):
        read("file.pdf", out.getvalue())


def test_a_file_over_the_cap_is_not_looked_at() -> None:
    with pytest.raises(DocumentTooLargeError):
        read("file.pdf", b"%PDF-1.4" + bytes(MAX_BYTES))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\n",
        b"PK\x03\x04 a zip",
        b"<!DOCTYPE html><html><body>404</body></html>",
        b"<rss><channel/></rss>",
    ],
)
def test_what_is_no_document_is_rejected_with_a_reason(content: bytes) -> None:
    result = read("results.pdf", content)
    assert result.kind is DocumentKind.NOT_A_DOCUMENT
    assert result.status is Review.REJECTED
    assert result.reason
