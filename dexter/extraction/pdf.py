"""PDF results: document → pages → class → candidates → words → table → gate.

Every stage hands a typed result to the next; what follows the words is the same
whether PDFium's characters or OCR gave them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.domain.filing import DocumentKind, Review
from dexter.domain.identity import Identity
from dexter.domain.statement import Statement
from dexter.errors import (
    DocumentTooLargeError,
    EncryptedDocumentError,
    TruncatedDocumentError,
)
from dexter.extraction.about.identity import identify
from dexter.extraction.guard import bombs, carried, instructions
from dexter.extraction.pages.classes import PageClass, PageText, describe
from dexter.extraction.pages.kinds import kind_of, may_hold_statement, squeeze
from dexter.extraction.pages.leaves import (
    MAX_SCANS,
    Leaf,
    candidates,
    leaves,
    with_tops,
)
from dexter.extraction.proof.agreement import Said, agree, is_report, lacks_basis
from dexter.extraction.proof.drafting import drafts_of
from dexter.extraction.proof.reading import Draft
from dexter.extraction.result import MAX_PAGES, Reading, verdict

_REFUSED = {
    DocumentKind.NEWSPAPER: "a newspaper extract is not the statement itself",
    DocumentKind.INTIMATION: "an intimation announces results; it does not hold them",
    DocumentKind.PRESENTATION: "a presentation or transcript is not the statement",
    DocumentKind.OTHER: "no results statement was found in it",
}
_TAIL = 4096


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
        found = leaves(document, pages)
        drafts = [
            draft
            for leaf in candidates(found)
            for draft in drafts_of(document, found, leaf)
        ]
        if lacks_basis(drafts):
            found = with_tops(document, found)
        flags = carried.find(document, content)
    return _told(content, pages, found, drafts, flags)


def _told(
    content: bytes,
    pages: list[PageText],
    found: list[Leaf],
    drafts: list[Draft],
    carried_in: tuple[str, ...],
) -> Reading:
    """What the pages amount to: the kind of file, whose it is, its statements."""
    believed = squeeze(" ".join(leaf.page.text for leaf in found if leaf.known))
    hidden = squeeze(" ".join(page.text for page in pages))
    reported = any(is_report(leaf.page.text) for leaf in found if leaf.known)
    said = Said(believed, believed + hidden, reported)
    texts = [leaf.page for leaf in found]
    flags = (
        *carried_in,
        *instructions.find(p.text for p in (*pages, *_anew(found, pages))),
    )
    seen = any(leaf.is_candidate for leaf in found)
    unread = _unread(found)
    kind = kind_of(texts, statements=seen, unread=bool(unread))
    who = identify([leaf.page.text for leaf in found if leaf.known])
    if kind is not DocumentKind.RESULTS:
        maybe = unread if kind is DocumentKind.OTHER else None
        status = Review.REVIEW if maybe else Review.REJECTED
        why = maybe or _REFUSED[kind]
        return Reading(kind, status, why, len(pages), (), flags, who)
    statements = tuple(_named(one, who) for one in agree(drafts, content, said))
    status, reason = verdict(statements)
    if not statements:
        reason = unread or "no results statement could be read from its pages"
    elif unread and status is Review.REVIEW:
        reason = f"{reason}; {unread}"
    return Reading(kind, status, reason, len(pages), statements, flags, who)


def _anew(found: list[Leaf], pages: list[PageText]) -> list[PageText]:
    """The pages whose text came from another reader than the file's own."""
    pairs = zip(found, pages, strict=True)
    return [leaf.page for leaf, page in pairs if leaf.page is not page]


def _named(one: Statement, who: Identity) -> Statement:
    return replace(
        one,
        symbol=who.symbol.value if who.symbol else None,
        isin=who.isin.value if who.isin else None,
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


def _unread(found: list[Leaf]) -> str | None:
    """Why pages that may hold the statement were not read."""
    blank = PageClass.BLANK
    pages = [
        one.page
        for one in found
        if not one.read and one.page.kind is not blank and may_hold_statement(one.page)
    ]
    if not pages:
        return None
    numbers = ", ".join(str(page.number) for page in pages[:8])
    more = " …" if len(pages) > 8 else ""  # noqa: PLR2004 - eight page numbers say enough
    return f"more than {MAX_SCANS} scanned pages; not read: page {numbers}{more}"
