"""The statements of one page of a document, by whichever reader may be believed."""

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.domain.statement import Method
from dexter.extraction.pages.fonts import lying_digits
from dexter.extraction.pages.kinds import may_hold_statement
from dexter.extraction.pages.leaves import Leaf, rescanned, with_words
from dexter.extraction.pages.opened import Opened, opened
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.pages.words import Word
from dexter.extraction.proof import second
from dexter.extraction.proof.reading import Draft, read_tables, told
from dexter.extraction.proof.respell import Look
from dexter.extraction.tables.continued import joined

_LIES = "its text says other digits than the page shows; read from a scan of it"


def drafts_of(
    document: pdfium.PdfDocument, found: list[Leaf], leaf: Leaf
) -> list[Draft]:
    """The statements of a page, from a scan of it if its text is caught lying."""
    with opened(document) as pages:
        drafts = _read_on(pages, found, leaf)
        lying = {number for draft in drafts for number in _lying(pages, draft)}
    if not lying:
        return drafts
    seen = [
        rescanned(document, one) if one.page.number in lying else one for one in found
    ]
    with opened(document) as pages:
        again = _read_on(pages, seen, seen[leaf.page.number - 1])
    return [told(draft, _LIES) for draft in again]


def _read_on(pages: Opened, found: list[Leaf], leaf: Leaf) -> list[Draft]:
    """The statements of a page; one without an end is read on over the page."""
    first = with_words(pages, leaf)
    look = _look(pages.document, first.sheet)
    drafts = read_tables(first.words, first.sheet, look)
    if drafts or leaf.page.number >= len(found):
        return drafts
    follower = found[leaf.page.number]
    if not follower.read or not may_hold_statement(follower.page):
        return []
    both = joined(first, with_words(pages, follower))
    return read_tables(*both, _look(pages.document, both[1])) if both else []


def _lying(pages: Opened, draft: Draft) -> set[int]:
    """The pages whose text says other digits than they show, of a text's proof."""
    figures = (*draft.figures, *draft.per_share.values())
    printed: dict[int, list[Word]] = {}
    for one in figures:
        sheet, box = draft.sheet.under(one.bbox)
        if sheet.method is Method.TEXT:
            printed.setdefault(sheet.page, []).append(Word(one.printed, *box))
    lying = set()
    for number, words in printed.items():
        page, characters = pages.page(number)
        if lying_digits(page, words, characters):
            lying.add(number)
    return lying


def _look(document: pdfium.PdfDocument, sheet: Sheet) -> Look | None:
    """A second look at a scan's figures; text does not lose signs."""
    if sheet.frame is None:
        return None
    return lambda figures: second.spelled(document, sheet, figures)
