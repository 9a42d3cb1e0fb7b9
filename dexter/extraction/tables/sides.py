"""One table, two statements: standalone and consolidated side by side."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from dexter.domain.filing import Basis
from dexter.extraction.pages.levels import Line
from dexter.extraction.pages.words import Word
from dexter.extraction.tables.table import Row, Table

_EACH = 3
_APART = 2.5


def sides(table: Table) -> list[Table]:
    """The table itself, or its two halves if a line of its header names both bases."""
    for index, line in enumerate(table.header):
        named = _named(line)
        if named:
            left, right = named
            cut = _cut(table, left[1].centre, right[1].centre)
            if cut:
                return [
                    _half(table, index, (0, cut), left[0]),
                    _half(table, index, (cut, len(table.bands)), right[0]),
                ]
    return [table]


def _named(line: Line) -> tuple[tuple[Basis, Word], tuple[Basis, Word]] | None:
    """The two words that name a basis, left to right, standing well apart."""
    found = [
        (basis, word)
        for word in line.words
        for basis in Basis
        if word.text.strip("():*").lower() == basis.value
    ]
    if len(found) != len(Basis) or found[0][0] == found[1][0]:
        return None
    between = [w for w in line.words if found[0][1].x0 <= w.x0 <= found[1][1].x0]
    gap = max(b.x0 - a.x1 for a, b in pairwise(between))
    return (found[0], found[1]) if gap > _APART * found[0][1].height else None


def _cut(table: Table, left: float, right: float) -> int | None:
    """Where the columns part so that each name stands over the middle of its own."""
    cuts = range(_EACH, len(table.bands) - _EACH + 1)

    def off(cut: int) -> float:
        first, second = table.bands[:cut], table.bands[cut:]
        middles = [(one[0].x0 + one[-1].x1) / 2 for one in (first, second)]
        return abs(middles[0] - left) + abs(middles[1] - right)

    return min(cuts, key=off, default=None)


def _half(table: Table, named: int, span: tuple[int, int], basis: Basis) -> Table:
    first, stop = span
    bands = table.bands[first:stop]
    left = (table.bands[first - 1].x1 + bands[0].x0) / 2 if first else 0.0
    right = (
        (bands[-1].x1 + table.bands[stop].x0) / 2 if stop < len(table.bands) else None
    )
    header = [
        line if index < named else Line(_within(line.words, left, right))
        for index, line in enumerate(table.header)
    ]
    rows = [replace(row, cells=row.cells[first:stop]) for row in table.rows]
    kept: list[Row] = [row for row in rows if any(row.cells)]
    return replace(
        table, header=tuple(header), bands=bands, rows=tuple(kept), basis=basis
    )


def _within(
    words: Sequence[Word], left: float, right: float | None
) -> tuple[Word, ...]:
    return tuple(
        word
        for word in words
        if word.centre >= left and (right is None or word.centre < right)
    )
