"""Whole PDF files: results, the scanned one, and a board-meeting intimation."""

from io import BytesIO
from random import Random

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from documents import STYLES, Document
from history import History
from pdf_pages import HEIGHT, WIDTH, letter, letterhead, new_canvas, put, statement_page
from roster import BY_SYMBOL

INTIMATION = "NILCAST_20250630_board_meeting_intimation_5a11ce.pdf"
DPI = 150


def results_pdf(document: Document, history: History, seed: int) -> bytes:
    """A results filing as the company sends it."""
    buffer = BytesIO()
    title = f"{document.company.name} results {document.quarter.end}"
    canvas = new_canvas(buffer, title)
    letter(canvas, document, _letter(document))
    for filing in document.filings:
        statement_page(canvas, document, filing, history)
    canvas.save()
    data = buffer.getvalue()
    return scan(data, title, seed) if document.style.scanned else data


def _letter(document: Document) -> list[str]:
    company, quarter = document.company, document.quarter
    board = document.filings[0].release.board_date
    review = "audited" if quarter.audited else "unaudited"
    bases = " and ".join(sorted((f.basis for f in document.filings), reverse=True))
    span = "quarter and year" if quarter.audited else "quarter"
    what = f"{review} {bases} financial results for the {span} ended"
    subject = (
        "Revised financial results"
        if document.revision
        else ("Outcome of Board Meeting - financial results")
    )
    body = (
        f"Further to our letter of {board:%B %d, %Y}, we enclose the revised "
        f"{what} {quarter.end:%B %d, %Y}. The deferred tax charge was entered "
        "incorrectly in the results submitted earlier."
        if document.revision
        else "Pursuant to Regulations 30 and 33 of the SEBI (Listing Obligations and "
        "Disclosure Requirements) Regulations, 2015, we enclose the "
        f"{what} {quarter.end:%B %d, %Y}, approved by the Board of Directors at its "
        f"meeting held on {board:%B %d, %Y}, with the report of the auditors."
    )
    return [
        f"{document.published:%B %d, %Y}",
        "",
        "To: BSE Limited and National Stock Exchange of India Limited, Mumbai",
        f"Scrip code: {company.bse_code}    Symbol: {company.symbol}    ISIN: "
        f"{company.isin_on(document.published.date())}",
        "",
        f"Subject: {subject}",
        "",
        "Dear Sir/Madam,",
        "",
        body,
        "",
        "Kindly take the above on record.",
        "",
        "Yours faithfully,",
        f"For {company.name}",
        "",
        "Company Secretary and Compliance Officer",
    ]


def intimation_pdf() -> bytes:
    """Prior intimation of a board meeting: about results, holding none."""
    company = BY_SYMBOL["NILCAST"]
    font = STYLES["NILCAST"].font
    buffer = BytesIO()
    canvas = new_canvas(buffer, f"{company.name} intimation")
    letterhead(canvas, company.name, company.city, font)
    lines = [
        "August 08, 2025",
        "",
        "To: BSE Limited and National Stock Exchange of India Limited, Mumbai",
        f"Scrip code: {company.bse_code}    Symbol: {company.symbol}",
        "",
        "Subject: Intimation of Board Meeting under Regulation 29",
        "",
        "Dear Sir/Madam,",
        "",
        "We inform you that a meeting of the Board of Directors will be held on",
        "Monday, August 18, 2025 to consider and approve, inter alia, the unaudited",
        "financial results of the Company for the quarter ended June 30, 2025.",
        "",
        "The trading window remains closed until 48 hours after the results are",
        "declared.",
        "",
        "Yours faithfully,",
        f"For {company.name}",
        "",
        "Company Secretary",
    ]
    for place, line in enumerate(lines):
        put(canvas, 60, HEIGHT - 130 - 14 * place, line, (font, 10))
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def scan(data: bytes, title: str, seed: int) -> bytes:
    """The same pages as a copier would send them: images, a little askew."""
    source = pdfium.PdfDocument(data)
    buffer = BytesIO()
    canvas = new_canvas(buffer, title)
    rng = Random(f"{seed}/scan")
    for place in range(len(source)):
        image = source[place].render(scale=DPI / 72, grayscale=True).to_pil()
        _place_image(canvas, _copied(image, rng))
    canvas.save()
    return buffer.getvalue()


def _copied(image: Image.Image, rng: Random) -> bytes:
    turned = image.convert("L").rotate(
        rng.uniform(0.35, 0.7), Image.Resampling.BICUBIC, fillcolor=255
    )
    noise = np.random.default_rng(rng.randrange(2**32)).normal(
        0, 1.8, (turned.height // 2, turned.width // 2)
    )
    speckle = np.kron(noise, np.ones((2, 2)))
    pixels = np.asarray(turned, dtype=np.float64)
    height, width = speckle.shape
    pixels = 12 + pixels[:height, :width] * 0.93 + speckle
    copied = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    held = BytesIO()
    copied.save(held, "JPEG", quality=30, optimize=True)
    return held.getvalue()


def _place_image(canvas: Canvas, jpeg: bytes) -> None:
    canvas.drawImage(ImageReader(BytesIO(jpeg)), 0, 0, WIDTH, HEIGHT)
    canvas.showPage()
