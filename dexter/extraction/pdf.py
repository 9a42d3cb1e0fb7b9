"""PDF results: document → pages → class → candidates → words → table → gate.

Every stage hands a typed result to the next, so that another reader of words (OCR)
can take the place of PDFium's characters without touching what follows.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.domain.filing import DocumentKind, Review
from dexter.domain.statement import Statement
from dexter.errors import (
    DocumentTooLargeError,
    EncryptedDocumentError,
    TruncatedDocumentError,
)
from dexter.extraction import bombs, instructions
from dexter.extraction.kinds import is_candidate, is_extract, kind_of
from dexter.extraction.pages import PageClass, PageText, describe
from dexter.extraction.reading import Draft, agree, read_tables
from dexter.extraction.result import MAX_PAGES, Reading, verdict
from dexter.extraction.words import page_words

_REFUSED = {
    DocumentKind.NEWSPAPER: "a newspaper extract is not the statement itself",
    DocumentKind.INTIMATION: "an intimation announces results; it does not hold them",
    DocumentKind.PRESENTATION: "a presentation or transcript is not the statement",
    DocumentKind.OTHER: "no results statement was found in it",
}
_MAX_CANDIDATES = 12
_TAIL = 4096
_NAMED_IN = 60_000
_SYMBOL = re.compile(
    r"\b(?:Trading |NSE |Scrip )?Symbol\s*[:\-–]+\s*([A-Z][A-Z0-9&-]{1,15})\b"
)
_ISIN = re.compile(r"\bINE[A-Z0-9]{8}\d\b")


@contextmanager
def opened(name: str, content: bytes) -> Iterator[pdfium.PdfDocument]:
    """A PDFium document that is always closed.

    Raises:
        EncryptedDocumentError: it asks for a password.
        TruncatedDocumentError: PDFium cannot load it.
        DocumentTooLargeError: over 500 pages.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedDocumentError(name) from error
        raise TruncatedDocumentError(name, "PDFium cannot load it") from error
    try:
        if len(document) > MAX_PAGES:
            raise DocumentTooLargeError(name, f"more than {MAX_PAGES} pages")
        if not len(document):
            raise TruncatedDocumentError(name, "it has no pages")
        yield document
    finally:
        document.close()


def read_pdf(name: str, content: bytes) -> Reading:
    """Read a PDF's results statements, or say why there are none.

    Raises:
        EncryptedDocumentError: it asks for a password.
        TruncatedDocumentError: it ends early, or PDFium cannot load it.
        DocumentTooLargeError: over 500 pages.
        HostileDocumentError: a compression bomb.
    """
    bombs.refuse(name, content)
    if b"%%EOF" not in content[-_TAIL:]:
        raise TruncatedDocumentError(name, "its end mark is missing")
    with opened(name, content) as document:
        pages = _pages(name, document)
        flags = instructions.find(page.text for page in pages)
        drafts = _drafts(document, pages)
    seen = any(is_candidate(page) and not is_extract(page) for page in pages)
    kind = kind_of(pages, statements=seen)
    if kind is not DocumentKind.RESULTS:
        scanned = _scan_reason(pages)
        if kind is DocumentKind.OTHER and scanned:
            return Reading(kind, Review.REVIEW, scanned, len(pages), text_flags=flags)
        return Reading(
            kind, Review.REJECTED, _REFUSED[kind], len(pages), text_flags=flags
        )
    statements = tuple(_named(one, pages) for one in agree(drafts, content))
    return _results(pages, statements, flags)


def _results(
    pages: list[PageText], statements: tuple[Statement, ...], flags: tuple[str, ...]
) -> Reading:
    status, reason = verdict(statements)
    scanned = _scan_reason(pages)
    if not statements:
        reason = scanned or "no results statement could be read from its pages"
    elif scanned and status is Review.REVIEW:
        reason = f"{reason}; {scanned}"
    return Reading(DocumentKind.RESULTS, status, reason, len(pages), statements, flags)


def _named(one: Statement, pages: list[PageText]) -> Statement:
    """With the symbol and ISIN the filing prints, if it prints exactly one of each."""
    text = " ".join(page.text for page in pages)[:_NAMED_IN]
    symbols, isins = set(_SYMBOL.findall(text)), set(_ISIN.findall(text))
    return replace(
        one,
        symbol=symbols.pop() if len(symbols) == 1 else None,
        isin=isins.pop() if len(isins) == 1 else None,
    )


def _pages(name: str, document: pdfium.PdfDocument) -> list[PageText]:
    pages = []
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            raise TruncatedDocumentError(
                name, f"page {index + 1} is damaged"
            ) from error
        try:
            pages.append(describe(page, index + 1))
        finally:
            page.close()
    return pages


def _drafts(document: pdfium.PdfDocument, pages: list[PageText]) -> list[Draft]:
    chosen = [
        page
        for page in pages
        if page.kind is PageClass.TRUSTED
        and is_candidate(page)
        and not is_extract(page)
    ]
    drafts: list[Draft] = []
    for found in chosen[:_MAX_CANDIDATES]:
        page = document[found.number - 1]
        try:
            drafts += read_tables(page_words(page), found.number)
        finally:
            page.close()
    return drafts


def _scan_reason(pages: list[PageText]) -> str | None:
    """Why pages that may hold the statement could not be read."""
    scans = [page for page in pages if page.kind.refusal]
    scans = [page for page in scans if page.kind is not PageClass.BLANK]
    if not scans:
        return None
    numbers = ", ".join(str(page.number) for page in scans[:8])
    more = " …" if len(scans) > 8 else ""  # noqa: PLR2004 - eight page numbers say enough
    return f"{scans[0].kind.refusal} (page {numbers}{more})"
