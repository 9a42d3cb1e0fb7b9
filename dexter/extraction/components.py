"""Lines inside total expenses, published only if all of them add up to it."""

from dexter.domain.statement import Item
from dexter.extraction.labels import strict_score
from dexter.extraction.solve import Solution
from dexter.extraction.sources import Grid, total

_WANTED = (Item.EMPLOYEE_COST, Item.DEPRECIATION, Item.FINANCE_COSTS)
_LIKE = 80.0


def expense_rows(table: Grid, one: Solution) -> dict[Item, tuple[int, ...]]:
    """Rows of employee cost, depreciation and finance cost, proven by their total.

    Empty when the rows between income and total expenses do not add up to it in every
    core column to the last digit, or when two rows claim one line.
    """
    last = one.sources[Item.TOTAL_EXPENSES].rows[-1]
    before = (Item.REVENUE, Item.OTHER_INCOME, Item.TOTAL_INCOME)
    above = [row for item in before for row in one.sources[item].rows if row < last]
    inside = range(max(above, default=-1) + 1, last)
    vectors = [values for row in inside if (values := table.values[row]) is not None]
    readable = all(
        table.values[row] is not None or not any(table.rows[row].cells)
        for row in inside
    )
    if not vectors or not readable:
        return {}
    if total(vectors) != one.sources[Item.TOTAL_EXPENSES].values:
        return {}
    found: dict[Item, tuple[int, ...]] = {}
    for item in _WANTED:
        rows = [r for r in inside if strict_score(item, table.rows[r].label) >= _LIKE]
        if len(rows) == 1 and item not in one.sources:
            found[item] = (rows[0],)
    return found
