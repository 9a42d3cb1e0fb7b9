"""What the labels of an unproven table propose, for a person to confirm or correct."""

from dexter.domain.statement import Cell, Column, ColumnRole, Item
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.proof.labels import WORDINGS, candidates
from dexter.extraction.proof.proof import Roles
from dexter.extraction.proof.shares import eps_rows
from dexter.extraction.tables.cells import cell_at, column_text
from dexter.extraction.tables.table import Table


def proposed(table: Table, sheet: Sheet, found: Roles) -> dict[ColumnRole, Column]:
    """Per column the row whose label says each item best; nothing of it is proven."""
    rows = _best_rows(table)
    columns: dict[ColumnRole, Column] = {}
    for role, (index, period) in found.items():
        head = column_text(table, index)
        items: dict[Item, Cell] = {
            item: cell
            for item, row in rows.items()
            if (cell := cell_at(table, sheet, index, (row,), head)) is not None
        }
        if items:
            columns[role] = Column(period.end, period.months or 3, items)
    return columns


def _best_rows(table: Table) -> dict[Item, int]:
    """Every row serves the item it says best, every item has one row at most."""
    scored = sorted(
        (
            (one.score, item, one.row)
            for item in WORDINGS
            for one in candidates(item, table.rows)
        ),
        reverse=True,
    )
    rows: dict[Item, int] = {}
    for _, item, row in scored:
        if item not in rows and row not in rows.values():
            rows[item] = row
    pairs = eps_rows(table.rows, rows.get(Item.NET_PROFIT, 0))
    if pairs:
        rows |= {Item.EPS_BASIC: pairs[0].basic, Item.EPS_DILUTED: pairs[0].diluted}
    return rows
