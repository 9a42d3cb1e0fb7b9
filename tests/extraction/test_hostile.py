"""Files made to break their reader are refused by name, quickly."""

import base64
import io
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from dexter.domain.filing import DocumentKind, Review
from dexter.errors import (
    ComputeError,
    DocumentTooLargeError,
    EncryptedDocumentError,
    HostileDocumentError,
    TruncatedDocumentError,
)
from dexter.extraction.document import read
from dexter.extraction.result import MAX_BYTES
from pipelines.compute import opened
from pipelines.pool import Caps
from tests.extraction.builders import pdf, plain
from tests.extraction.crafted import (
    assembled,
    deflated,
    image_page,
    nested_forms,
    page_of,
    stream,
)

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


def one_page(body: bytes, entries: bytes = b"") -> bytes:
    """A page that draws this."""
    fonts = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << %s >> >>" % fonts,
            stream(body, entries),
        ]
    )


def pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    root = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, kids)
    return assembled([b"<< /Type /Catalog /Pages 2 0 R >>", root, *([page] * count)])


def wide_image(filter_: bytes, data: bytes, side: int = 30_000) -> bytes:
    entries = b"/Width %d /Height %d /BitsPerComponent 1 /ColorSpace /DeviceGray"
    return image_page(entries % (side, side) + b" /Filter /" + filter_, data)


def grown(extra: bytes) -> bytes:
    return plain().replace(b"</xbrli:xbrl>", extra + b"</xbrli:xbrl>")


FLATE = b"/Filter /FlateDecode"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "drawing": lambda: one_page(deflated(b"q", 40_000_000), FLATE),
    "flate in flate": lambda: one_page(
        deflated(b"q", 400_000_000, 2), b"/Filter [/FlateDecode /FlateDecode]"
    ),
    "flate in ASCII85": lambda: one_page(
        base64.a85encode(deflated(b"q", 100_000_000)) + b"~>",
        b"/Filter [/ASCII85Decode /FlateDecode]",
    ),
    "flate in hex": lambda: one_page(
        deflated(b"q", 100_000_000).hex().encode() + b">",
        b"/Filter [/ASCIIHexDecode /FlateDecode]",
    ),
    "plain operators": lambda: one_page(b"0 0 1 1 re f " * 2_500_000),
    "900 megapixels, fax": lambda: wide_image(b"CCITTFaxDecode", b"\xff" * 4_000),
    "900 megapixels, JBIG2": lambda: wide_image(b"JBIG2Decode", bytes(2_000)),
    "900 megapixels, JPX": lambda: wide_image(b"JPXDecode", b"\0\0\0\x0cjP  " * 9),
}
LARGE: dict[str, Callable[[], bytes]] = {
    "10,000 pages": lambda: pages(10_000),
    "100 MB of XML": lambda: grown(b"<a/>" * 25_000_000),
    "a million tags": lambda: grown(b"<a/>" * 1_000_000),
    "a million facts": lambda: grown(b'<f:A contextRef="OneD">1</f:A>' * 1_000_000),
}
DAMAGED: dict[str, Callable[[], bytes]] = {
    "deep XML": lambda: grown(b"<a>" * 100_000 + b"</a>" * 100_000),
    "long XML text": lambda: grown(b"<a>" + b"9" * 20_000_000 + b"</a>"),
    "dictionaries without end": lambda: b"%PDF-1.4\n" + b"<<" * 500_000 + b"\n%%EOF",
    "a tree of pages that bites its tail": lambda: assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R 2 0 R] >>",
        ]
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_unpacks_to_too_much_is_refused_soon(name: str) -> None:
    content = HOSTILE[name]()
    with soon(), pytest.raises(HostileDocumentError):
        read("file", content)


@pytest.mark.parametrize("name", LARGE)
def test_what_is_too_large_is_refused_soon(name: str) -> None:
    content = LARGE[name]()
    with soon(), pytest.raises(DocumentTooLargeError):
        read("file", content)


@pytest.mark.parametrize("name", DAMAGED)
def test_what_is_beyond_repair_is_refused_soon(name: str) -> None:
    content = DAMAGED[name]()
    with soon(), pytest.raises(TruncatedDocumentError):
        read("file", content)


@contextmanager
def soon() -> Iterator[None]:
    """Processor seconds, because the machine is shared; twenty is a hang."""
    start = time.process_time()
    yield
    assert time.process_time() - start < 20


def test_figures_beyond_the_edge_of_the_page_are_not_read() -> None:
    result = read("cut.pdf", page_of(pdf(), b"/MediaBox [-100 -100 512 692]"))
    assert result.status is Review.REVIEW


@pytest.mark.parametrize(
    "entries",
    [
        b"/MediaBox [612 792 0 0]",
        b"/MediaBox [-100 -20 640 800]",
        b"/CropBox [20 300 600 780]",
        b"/CropBox [-9000 -9000 9000 9000]",
        b"/UserUnit 10",
        b"/Rotate 45",
    ],
)
def test_an_oddly_measured_page_is_read_as_it_is(entries: bytes) -> None:
    honest = read("plain.pdf", pdf()).statements[0]
    result = read("odd.pdf", page_of(pdf(), entries))
    assert result.status is Review.ACCEPTED
    for role, column in result.statements[0].columns.items():
        for item, cell in column.items.items():
            assert cell.value == honest.columns[role].items[item].value


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_stored_sideways_is_read_right_or_not_at_all(turn: int) -> None:
    honest = read("plain.pdf", pdf()).statements[0]
    result = read("turned.pdf", page_of(pdf(), b"/Rotate %d" % turn))
    for one in result.statements:
        for role, column in one.columns.items():
            for item, cell in column.items.items():
                assert cell.value == honest.columns[role].items[item].value


@pytest.mark.parametrize("size", ["0 0", "3 3", "1000000000 1000000000", "nan 1e400"])
@pytest.mark.slow
def test_a_page_of_absurd_size_has_no_statement(size: str) -> None:
    grey = b"/Width 60 /Height 60 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    with soon():
        result = read("file", image_page(grey, b"\xaa" * 3_600, size))
    assert result.status is not Review.ACCEPTED


@pytest.mark.slow
def test_a_scan_of_a_hundred_megapixels_is_read() -> None:
    entries = b"/Width 12000 /Height 9000 /BitsPerComponent 8 /ColorSpace /DeviceGray "
    with soon():
        result = read("f", image_page(entries + FLATE, deflated(b"\xff", 108_000_000)))
    assert result.status is not Review.ACCEPTED


@pytest.mark.slow
def test_forms_that_draw_forms_cost_only_their_own_process() -> None:
    with opened(workers=1, caps=Caps(seconds=20, megabytes=4096)) as compute:
        lost = compute.submit(read, "forms.pdf", nested_forms())
        kept = compute.submit(read, "plain.pdf", pdf())
        assert isinstance(lost.exception(), ComputeError)
        assert kept.result().status is Review.ACCEPTED


def test_a_file_only_its_owner_may_change_is_read() -> None:
    out = io.BytesIO()
    page = Canvas(out, encrypt=StandardEncryption("", ownerPassword="owner"))
    for line in range(5):
        page.drawString(40, 700 - 15 * line, "Notice of a meeting of the board")
    page.save()
    result = read("file.pdf", out.getvalue())
    assert result.pages == 1


@pytest.mark.parametrize(
    ("begin", "told"),
    [
        (b"PK\x03\x04", "ZIP"),
        (b"\xd0\xcf\x11\xe0", "Office"),
        (b"{\\rtf1", "RTF"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\x1f\x8b\x08", "gzip"),
    ],
)
def test_another_kind_of_file_is_named(begin: bytes, told: str) -> None:
    result = read("results.pdf", begin + b"0" * 100)
    assert result.kind is DocumentKind.NOT_A_DOCUMENT
    assert told in (result.reason or "")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_xbrl_in_another_encoding_is_read(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    result = read("file", (head + plain().decode()).encode(encoding))
    assert result.status is Review.ACCEPTED
