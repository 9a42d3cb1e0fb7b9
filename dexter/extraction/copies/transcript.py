"""A table somebody copied out, laid out as a page again for the one reader of tables.

A copy has rows and columns but no places. Its texts are put on an even grid, so that
the header, the roles, the search and the gate read it as they read any other page; a
box on that grid tells which row and column of the copy a cell came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dexter.extraction.pages.words import Word

Box = tuple[float, float, float, float]

_HEIGHT = 8.0
_PITCH = 20.0
_LABEL = 300.0
_FIRST = 400.0
_STRIDE = 160.0
_WIDE = 80.0
_OVERHANG = 25.0


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A line's words and one text a column; empty where nothing is printed."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CopyTable:
    """Lines above a table, header words per column, and its rows."""

    heading: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[CopyRow, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Rows and a column of the copy that a box on the grid covers."""

    rows: tuple[int, ...]
    column: int


def words_of(table: CopyTable) -> list[Word]:
    """The copy as words of a page."""
    right = _FIRST + _STRIDE * len(table.columns)
    found = [
        _word(text, index, 0.0, right)
        for index, text in enumerate(table.heading)
        if text.strip()
    ]
    level = len(table.heading)
    found += [
        _word(text, level, *_span(index, _OVERHANG))
        for index, text in enumerate(table.columns)
        if text.strip()
    ]
    for index, row in enumerate(table.rows):
        found += _row(row, level + 1 + index)
    return found


def place_of(table: CopyTable, box: Box) -> Place:
    """Where a box of the grid stands in the copy."""
    x0, top, _, bottom = box
    skipped = len(table.heading) + 1
    first = round(top / _PITCH) - skipped
    last = round((bottom - _HEIGHT) / _PITCH) - skipped
    column = round((x0 - _FIRST) / _STRIDE)
    return Place(tuple(range(first, last + 1)), column)


def _row(row: CopyRow, level: int) -> Iterator[Word]:
    if row.label.strip():
        yield _word(row.label, level, 0.0, _LABEL)
    for index, text in enumerate(row.cells):
        bare = "".join(text.split())
        if bare:
            yield _word(bare, level, *_span(index, 0.0))


def _span(column: int, overhang: float) -> tuple[float, float]:
    left = _FIRST + _STRIDE * column
    return left - overhang, left + _WIDE + overhang


def _word(text: str, level: int, x0: float, x1: float) -> Word:
    top = level * _PITCH
    return Word(" ".join(text.split()), x0, top, x1, top + _HEIGHT)
