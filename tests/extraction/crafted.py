"""Documents bent on purpose: fonts that lie, covered text, bombs, odd pages."""

import io
import re
import zlib
from collections.abc import Callable, Mapping

from reportlab.pdfgen.canvas import Canvas

from tests.extraction.builders import pdf

Draw = Callable[[Canvas], None]


def updated(content: bytes, changes: Mapping[int, bytes]) -> bytes:
    """A PDF with objects replaced or added by an incremental update."""
    before = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    size = int(re.findall(rb"/Size (\d+)", content)[-1])
    root = re.findall(rb"/Root (\d+ \d+ R)", content)[-1]
    out, table = bytearray(content), bytearray(b"xref\n")
    for number, body in sorted(changes.items()):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(size, *(number + 1 for number in changes))
    out += table + b"trailer\n<< /Size %d /Root %s /Prev %d >>\n" % (size, root, before)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(body: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), entries, body)


def told(content: bytes, lies: Mapping[str, str], font: int = 2) -> bytes:
    """The same page, its font's ToUnicode map saying one character for another."""
    pairs = "".join(
        f"<{code:02x}> <{ord(lies.get(chr(code), chr(code))):04x}>\n"
        for code in range(32, 127)
    )
    map_ = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"95 beginbfchar\n{pairs}endbfchar\nendcmap end end"
    )
    old = re.search(rb"\n%d 0 obj\n<<\n(.*?)>>\nendobj" % font, content, re.DOTALL)
    if old is None:
        msg = f"there is no object {font}"
        raise ValueError(msg)
    entries = b"<< %s /ToUnicode 90 0 R >>" % old.group(1)
    return updated(content, {font: entries, 90: stream(map_.encode())})


def page_of(content: bytes, entries: bytes) -> bytes:
    """The same document with entries of its first page replaced or added."""
    page = rb"\n(\d+) 0 obj\n<<\n(/Contents.*?)>>\s*\nendobj"
    found = re.search(page, content, re.DOTALL)
    if found is None:
        msg = "there is no page"
        raise ValueError(msg)
    body = found.group(2)
    for key in re.findall(rb"/(\w+)", entries)[:1]:
        body = re.sub(rb"/%s\s+(?:\[[^\]]*\]|\S+)" % key, b"", body)
    return updated(content, {int(found.group(1)): b"<< %s %s >>" % (body, entries)})


def over(draw: Draw) -> bytes:
    """A statement page with something drawn on top of it, same font."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=(612, 792))
    draw(page)
    page.showPage()
    page.save()
    added = re.search(rb"stream\r?\n(.*?)endstream", out.getvalue(), re.DOTALL)
    content = pdf()
    contents = re.search(rb"/Contents (\d+ 0 R)", content)
    if added is None or contents is None:
        msg = "nothing was drawn"
        raise ValueError(msg)
    entries = b"/Filter [ /ASCII85Decode /FlateDecode ]"
    content = updated(content, {91: stream(added.group(1).strip(), entries)})
    return page_of(content, b"/Contents [ %s 91 0 R ]" % contents.group(1))


def image_page(entries: bytes, data: bytes = b"", size: str = "612 792") -> bytes:
    """One page that is nothing but one picture with these entries."""
    draw = b"q 612 0 0 792 0 0 cm /I Do Q"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s] /Contents 4 0 R "
            b"/Resources << /XObject << /I 5 0 R >> >> >>" % size.encode()
        ),
        stream(draw),
        stream(data, b"/Type /XObject /Subtype /Image " + entries),
    ]
    return assembled(objects)


def assembled(objects: list[bytes]) -> bytes:
    """A PDF of these objects, the first one its catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def deflated(byte: bytes, size: int, layers: int = 1) -> bytes:
    """``size`` equal bytes, compressed again and again."""
    packer = zlib.compressobj(9)
    piece = byte * 1_000_000
    packed = b"".join(packer.compress(piece) for _ in range(size // 1_000_000))
    packed += packer.flush()
    for _ in range(layers - 1):
        packed = zlib.compress(packed, 9)
    return packed


def nested_forms() -> bytes:
    """Ten forms, each drawing the next ten times: ten thousand million drawings."""
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources "
    forms = [
        stream(b"/X Do " * 10, entries + b"<< /XObject << /X %d 0 R >> >>" % number)
        for number in range(6, 15)
    ]
    last = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
                b"/Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>"
            ),
            stream(b"/X Do " * 10),
            *forms,
            last,
        ]
    )
