"""Pages with their words, each by the reader that may be believed on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.domain.statement import Method
from dexter.extraction.pages import scan
from dexter.extraction.pages.classes import PageClass, PageText
from dexter.extraction.pages.kinds import is_candidate, is_extract, may_hold_statement
from dexter.extraction.pages.levels import lines
from dexter.extraction.pages.opened import Opened
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.pages.words import Word, page_words

MAX_SCANS = 40
_FRONT = 2
_MAX_CANDIDATES = 12


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page's text by a believed reader, and its words if it may hold a statement.

    ``read`` is false for a scan that nobody looked at, or only at its ``top``.
    """

    page: PageText
    sheet: Sheet
    words: tuple[Word, ...] = ()
    read: bool = True
    top: bool = False

    @property
    def known(self) -> bool:
        """Whether its text is what a believed reader saw."""
        return self.read or self.top

    @property
    def is_candidate(self) -> bool:
        """Whether a results statement may stand on it."""
        return self.read and is_candidate(self.page) and not is_extract(self.page)


def leaves(document: pdfium.PdfDocument, pages: Sequence[PageText]) -> list[Leaf]:
    """Every page of a document, scans read by OCR (40 at most)."""
    scans = 0
    found = []
    for page in pages:
        sheet = Sheet(page.number)
        if page.kind is PageClass.TRUSTED:
            found.append(Leaf(page, sheet))
        elif page.kind is PageClass.BLANK:
            found.append(Leaf(page, sheet, read=False))
        elif scans < MAX_SCANS and _worth_reading(page):
            scans += 1
            found.append(_scanned(document, page))
        else:
            found.append(Leaf(page, sheet, read=False))
    return found


def candidates(found: Sequence[Leaf]) -> list[Leaf]:
    """The pages that may hold a statement, twelve at most."""
    return [leaf for leaf in found if leaf.is_candidate][:_MAX_CANDIDATES]


def with_words(pages: Opened, leaf: Leaf) -> Leaf:
    """A page with the words of its text layer, where that is what is believed."""
    if leaf.words or leaf.page.kind is not PageClass.TRUSTED:
        return leaf
    page, characters = pages.page(leaf.page.number)
    words = page_words(page, characters, plain=leaf.page.plain)
    return replace(leaf, words=tuple(words))


def with_tops(document: pdfium.PdfDocument, found: Sequence[Leaf]) -> list[Leaf]:
    """The same pages, with the first lines of the scans that were passed over."""
    scans = sum(leaf.sheet.method is Method.OCR for leaf in found)
    told = list(found)
    for index, leaf in enumerate(found):
        passed = not leaf.read and leaf.page.kind is not PageClass.BLANK
        if passed and scans < MAX_SCANS:
            scans += 1
            top = _scanned(document, leaf.page)
            told[index] = replace(top, read=False, top=True)
    return told


def rescanned(document: pdfium.PdfDocument, leaf: Leaf) -> Leaf:
    """A page read by OCR although it has text."""
    return _scanned(document, leaf.page)


def _worth_reading(page: PageText) -> bool:
    """The front says what the file is; behind it only what may be a statement.

    A hidden text layer is not believed, but it tells a page of prose from a table.
    """
    return page.number <= _FRONT or may_hold_statement(page)


def _scanned(document: pdfium.PdfDocument, page: PageText) -> Leaf:
    paper = document[page.number - 1]
    try:
        read = scan.read(paper, whole=page.number <= _FRONT)
    finally:
        paper.close()
    text = "\n".join(line.text for line in lines(read.words))
    sheet = Sheet(page.number, Method.OCR, read.frame)
    return Leaf(replace(page, text=text), sheet, read.words)
