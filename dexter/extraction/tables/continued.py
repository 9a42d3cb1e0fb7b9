"""A statement that goes on over the page: two pages laid one under the other."""

from collections.abc import Sequence
from dataclasses import replace

from dexter.extraction.pages.leaves import Leaf
from dexter.extraction.pages.levels import lines
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.pages.words import Word
from dexter.extraction.tables.table import tables


def joined(first: Leaf, second: Leaf) -> tuple[tuple[Word, ...], Sheet] | None:
    """Both pages' words as one page, without the second's repeated header.

    Args:
        first: a page with a header whose statement has no end.
        second: the page after it, with its words.

    Returns:
        ``None`` if the first page has no table, or the second no words.
    """
    if len(tables(first.words)) != 1 or not second.words:
        return None
    length = max(word.bottom for word in first.words) + 1
    body = [
        replace(word, top=word.top + length, bottom=word.bottom + length)
        for word in _below_header(second.words)
    ]
    sheet = replace(first.sheet, length=length, after=second.sheet)
    return (*first.words, *body), sheet


def _below_header(words: Sequence[Word]) -> Sequence[Word]:
    repeated = tables(words)
    if not repeated:
        return words
    last = repeated[0].header[-1]
    head = {id(word) for line in repeated[0].header for word in line.words}
    return [
        word
        for line in lines(words)
        if line.middle > last.middle
        for word in line.words
        if id(word) not in head
    ]
