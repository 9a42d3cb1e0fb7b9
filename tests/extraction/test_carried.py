"""Attachments, scripts and forms are named; nothing of them is opened or run."""

import re

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.domain.filing import Review
from dexter.extraction.document import read
from dexter.extraction.guard import carried
from tests.extraction.builders import pdf
from tests.extraction.crafted import stream, updated


def test_what_a_file_carries_is_named_and_left_alone() -> None:
    catalog = int(re.findall(rb"/Root (\d+)", pdf())[-1])
    pages_ = re.findall(rb"/Pages (\d+ 0 R)", pdf())[-1]
    content = updated(
        pdf(),
        {
            catalog: b"<< /Type /Catalog /Pages %s /OpenAction 80 0 R /Names << "
            b"/EmbeddedFiles << /Names [(a.pdf) 81 0 R] >> "
            b"/JavaScript << /Names [(s) 83 0 R] >> >> "
            b"/AcroForm << /Fields [] /XFA 84 0 R >> >>" % pages_,
            80: b"<< /S /Launch /F (calc.exe) >>",
            81: b"<< /Type /Filespec /F (a.pdf) /EF << /F 82 0 R >> >>",
            82: stream(pdf(), b"/Type /EmbeddedFile"),
            83: b"<< /S /JavaScript /JS (app.alert(1)) >>",
            84: stream(b"<xdp/>"),
        },
    )
    document = pdfium.PdfDocument(content)
    try:
        told = " ".join(carried.find(document, content))
    finally:
        document.close()
    for word in ("attached file", "script", "program", "XFA"):
        assert word in told
    assert read("file.pdf", content).status is Review.ACCEPTED


def test_an_ordinary_file_carries_nothing() -> None:
    document = pdfium.PdfDocument(pdf())
    try:
        assert carried.find(document, pdf()) == ()
    finally:
        document.close()
