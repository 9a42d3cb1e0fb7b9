"""Where the values of a line may come from: a row, or the sum of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from dexter.extraction.proof.labels import TAX_PARTS, Candidate
from dexter.extraction.tables.table import Row

Vector = tuple[Decimal, ...]

_PARTS_COST = 12.0
_PART_SCORE = 80.0
_MOST_PARTS = 4


@dataclass(frozen=True, slots=True)
class Source:
    """Where a line's values come from: one row, several parts, or a sum."""

    rows: tuple[int, ...]
    values: Vector
    score: float


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows with their values in the core columns (a dash counts as nothing)."""

    rows: Sequence[Row]
    values: Sequence[Vector | None]
    step: Decimal

    @property
    def width(self) -> int:
        """How many core columns there are."""
        return len(next(v for v in self.values if v is not None))


def grid(
    rows: Sequence[Row], columns: Sequence[int], step: Decimal, *, lossy: bool = False
) -> Grid:
    """The core columns of a table; a row with an unreadable cell has no values.

    Args:
        rows: of the table.
        columns: which of its columns.
        step: one unit of the last printed place.
        lossy: the reader drops lone dashes, so that a row without any of the core
            cells may be one of dashes (the sums decide).
    """
    return Grid(rows, [_vector(row, columns, lossy=lossy) for row in rows], step)


def _vector(row: Row, columns: Sequence[int], *, lossy: bool) -> Vector | None:
    values = []
    if all(row.cells[index] is None for index in columns) and not lossy:
        return None
    for index in columns:
        cell = row.cells[index]
        if cell is None or (cell.value is None and cell.reason == "printed as a dash"):
            values.append(Decimal(0))
        elif cell.value is None:
            return None
        else:
            values.append(cell.value)
    return tuple(values)


def total(vectors: Sequence[Vector]) -> Vector:
    """The column-wise sum."""
    return tuple(sum(column, Decimal(0)) for column in zip(*vectors, strict=True))


def row_source(table: Grid, one: Candidate) -> Source | None:
    """A row as a source, unless one of its cells cannot be read."""
    values = table.values[one.row]
    return Source((one.row,), values, one.score) if values is not None else None


def tax_parts(table: Grid) -> list[Source]:
    """Current, deferred and earlier years' tax where no total is printed."""
    parts = [
        i
        for i, row in enumerate(table.rows)
        if table.values[i] is not None
        and TAX_PARTS.search(row.label)
        and "tax" in f"{row.label} {row.above}".lower()
        and "profit" not in row.label.lower()
    ]
    found = []
    for size in range(1, _MOST_PARTS + 1):
        for rows in combinations(parts[:6], size):
            if rows[-1] - rows[0] > _MOST_PARTS + 1:
                continue
            vectors = [v for i in rows if (v := table.values[i]) is not None]
            cost = _PARTS_COST - 2 * size
            found.append(Source(rows, total(vectors), _PART_SCORE - cost))
    return found


def revenue_parts(table: Grid, others: Sequence[Source]) -> list[Source]:
    """The lines above other income where the subtotal is left blank."""
    found = []
    for other in others[:2]:
        last = other.rows[0]
        for size in range(2, min(last, _MOST_PARTS) + 1):
            rows = tuple(range(last - size, last))
            vectors = [v for i in rows if (v := table.values[i]) is not None]
            named = any("operation" in table.rows[i].label.lower() for i in rows)
            if len(vectors) == size and named and rows[0] <= 1:
                found.append(Source(rows, total(vectors), _PART_SCORE - 14))
    return found
