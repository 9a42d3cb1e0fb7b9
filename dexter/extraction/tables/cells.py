"""Cells of a table as cells of a statement: value, print, place, words around it."""

from decimal import Decimal

from dexter.domain.statement import Cell, Method
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.tables.table import Row, Table, zone_words


def cell_at(
    table: Table, sheet: Sheet, index: int, rows: tuple[int, ...], column: str
) -> Cell | None:
    """One cell; several rows make a derived cell whose box spans them.

    Args:
        table: as read from the page.
        sheet: the page.
        index: which column.
        rows: which rows.
        column: what ``column_text`` says of the column.
    """
    figures = [table.rows[row].cells[index] for row in rows]
    known = [figure for figure in figures if figure is not None]
    if not known:
        return None
    one = len(rows) == 1
    values = [figure.value for figure in known if figure.value is not None]
    value = sum(values, Decimal(0)) if values else None
    under, _ = sheet.under(known[0].bbox)
    boxes = [one.bbox for one in known if sheet.under(one.bbox)[0] is under]
    return Cell(
        value=value,
        printed=known[0].printed if one else " + ".join(f.printed for f in known),
        method=sheet.method if one else Method.DERIVED,
        page=under.page,
        bbox=sheet.place(
            (
                min(b[0] for b in boxes),
                min(b[1] for b in boxes),
                max(b[2] for b in boxes),
                max(b[3] for b in boxes),
            )
        ),
        row=" + ".join(_row_label(table.rows[row]) for row in rows),
        column=column,
        confidence=min(figure.sure for figure in known),
        reason=None if value is not None else known[0].reason,
    )


def _row_label(row: Row) -> str:
    return row.label or row.above or row.below


def column_text(table: Table, index: int) -> str:
    """The header words over a column."""
    body = table.header[table.dates :]
    words = [w.text for line in body for w in zone_words(line, table.bands)[index]]
    return " ".join(words)[:80]
