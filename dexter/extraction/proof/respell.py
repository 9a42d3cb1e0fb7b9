"""A table whose cells are looked at a second time, because its sums do not hold.

OCR loses a minus more often than a digit. A finer picture often shows it; a cell is
never changed to make a sum hold, only to what the second look sees.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dexter.extraction.pages.figures import Figure, figure
from dexter.extraction.tables.table import Table

Look = Callable[[Sequence[Figure]], Sequence[str]]


def respelled(
    table: Table, columns: Sequence[int], look: Look
) -> tuple[Table, Table] | None:
    """The table with the second look's signs, and with all of its readings.

    Args:
        table: as read first.
        columns: which columns to look at again.
        look: reads figures anew where they stand.

    Returns:
        ``None`` if the second look sees nothing new.
    """
    cells = [
        (row, column, one)
        for row, line in enumerate(table.rows)
        for column in columns
        if (one := line.cells[column]) is not None
    ]
    texts = look([one for _, _, one in cells])
    signs: dict[tuple[int, int], Figure] = {}
    other: dict[tuple[int, int], Figure] = {}
    for (row, column, one), text in zip(cells, texts, strict=True):
        value = figure(text)
        if value is None or value == one.value:
            continue
        seen = replace(one, value=value, printed=text, reason=None)
        other[row, column] = seen
        if one.value is None or abs(value) == abs(one.value):
            signs[row, column] = seen
    return (_with(table, signs), _with(table, other)) if other else None


def _with(table: Table, cells: Mapping[tuple[int, int], Figure]) -> Table:
    rows = tuple(
        replace(
            line,
            cells=tuple(
                cells.get((row, column), one) for column, one in enumerate(line.cells)
            ),
        )
        for row, line in enumerate(table.rows)
    )
    return replace(table, rows=rows)
