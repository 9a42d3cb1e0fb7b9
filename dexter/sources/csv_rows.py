"""Rows of a separated file: padded headers and cells, trailing commas, empty lines.

Pure: bytes in, rows out, nothing raised but ``SourceShapeError``. Cells stay text as
printed, their padding gone; ``-`` stays ``-``.
"""

import csv
import io
from collections.abc import Iterator

from dexter.errors import SourceShapeError
from dexter.sources.payload import Record
from dexter.sources.text import decoded, shown

MOST_BYTES = 64_000_000
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000
MOST_ROWS = 250_000


def table(
    source: str,
    what: str,
    content: bytes,
    *,
    separator: str = ",",
    header: tuple[str, ...] | None = None,
) -> tuple[Record, ...]:
    """The rows by trimmed column name.

    Args:
        source: Who sent it.
        what: What was asked, for the error's sentence.
        content: The file.
        separator: Between cells.
        header: The columns of a file that may come without its heading; a first line
            that shares a name with them is taken for the heading all the same.

    Raises:
        SourceShapeError: No heading, a row longer or shorter than it (said by its
            line), an unreadable line, or more than any of these files holds.
    """
    if len(content) > MOST_BYTES:
        raise SourceShapeError(source, what, f"{len(content)} bytes are too many")
    lines = _lines(source, what, decoded(content), separator)
    first = next(lines, None)
    if first is None:
        raise SourceShapeError(source, what, "the file is empty")
    rows = []
    columns = _columns(source, what, first[1], header)
    if header is not None and not set(first[1]) & set(header):
        rows.append(_row(source, what, columns, first))
    rows.extend(_row(source, what, columns, line) for line in lines)
    return tuple(rows)


def _lines(
    source: str, what: str, text: str, separator: str
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True
    )
    seen = 0
    try:
        for number, cells in enumerate(reader):
            trimmed = [cell.strip() for cell in cells]
            seen += len(trimmed)
            if seen > MOST_CELLS or number > MOST_ROWS:
                raise SourceShapeError(source, what, "it has too many rows or cells")
            if any(trimmed):
                yield reader.line_num, trimmed
    except csv.Error as error:
        why = f"line {reader.line_num} cannot be read ({error})"
        raise SourceShapeError(source, what, why) from None


def _columns(
    source: str, what: str, cells: list[str], header: tuple[str, ...] | None
) -> list[str]:
    if header is not None and not set(cells) & set(header):
        return list(header)
    while cells and not cells[-1]:
        cells.pop()
    twice = {name for name in cells if cells.count(name) > 1}
    if len(cells) > MOST_COLUMNS or twice or not all(cells):
        why = f"its heading is not one: {shown(cells, 120)}"
        raise SourceShapeError(source, what, why)
    return cells


def _row(
    source: str, what: str, columns: list[str], line: tuple[int, list[str]]
) -> Record:
    number, cells = line
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        why = f"line {number} has {len(cells)} cells where {len(columns)} are due"
        raise SourceShapeError(source, what, f"{why}: {shown(cells, 120)}")
    return dict(zip(columns, cells, strict=False))
