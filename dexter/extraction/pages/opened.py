"""Pages of a document that are parsed once, however often they are looked at."""

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from dexter.extraction.pages.characters import Characters


class Opened:
    """Pages with their characters, by number from 1, open until all are closed."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        """Open none yet."""
        self.document = document
        self._pages: dict[int, tuple[pdfium.PdfPage, Characters]] = {}

    def page(self, number: int) -> tuple[pdfium.PdfPage, Characters]:
        """A page and its characters."""
        if number not in self._pages:
            page = self.document[number - 1]
            self._pages[number] = page, Characters(page)
        return self._pages[number]

    def close(self) -> None:
        """Close what was opened."""
        for page, characters in self._pages.values():
            characters.close()
            page.close()
        self._pages.clear()


@contextmanager
def opened(document: pdfium.PdfDocument) -> Iterator[Opened]:
    """Pages to look at, closed at the end."""
    pages = Opened(document)
    try:
        yield pages
    finally:
        pages.close()
