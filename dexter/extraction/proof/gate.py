"""The structural rules that catch what arithmetic alone lets through."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from dexter.domain.statement import Item
from dexter.extraction.proof.labels import TAX_PARTS, plain, row_score, strict_score
from dexter.extraction.proof.solve import Solution
from dexter.extraction.proof.sources import Grid, Vector, total
from dexter.extraction.tables.table import Row

_STRONG = 84.0
_PLAINLY = 95.0
_BEYOND = 4
_OTHERS = re.compile(r"minority|controlling|owner|attributable|holders|comprehensive")
_ADJUSTMENTS = (
    Item.OTHER_INCOME,
    Item.FINANCE_COSTS,
    Item.EXCEPTIONAL,
    Item.SHARE_OF_ASSOCIATES,
)
_PLAIN_TOTALS = {"total income", "total revenue", "total"}


def structural_problem(table: Grid, one: Solution, *, bank: bool = False) -> str | None:
    """The first structural rule a solution breaks, or ``None``.

    Rules: revenue is no plain total; adjustments stand between expenses and profit
    before tax; no strong adjustment row with a value is left unexplained. A bank
    prints its associates after the net profit, which is not theirs to change.
    """
    revenue = one.sources[Item.REVENUE].rows
    if len(revenue) == 1 and plain(table.rows[revenue[0]].label) in _PLAIN_TOTALS:
        return "the revenue row is a plain total"
    if not any(one.sources[Item.TOTAL_INCOME].values) and not any(
        one.sources[Item.TOTAL_EXPENSES].values
    ):
        return "every figure is zero or a dash, which proves nothing"
    late = None if bank else _left_out(table, one) or _another_profit(table, one)
    return (
        _tax_left_out(table, one)
        or _contradicted(table, one)
        or _mixed_total(table, revenue)
        or _misplaced(one)
        or _unexplained(table, one)
        or late
    )


def _tax_left_out(table: Grid, one: Solution) -> str | None:
    """Tax summed from its parts has all of them, whatever rounding would forgive."""
    source = one.sources[Item.TAX]
    if not source.rows or strict_score(Item.TAX, table.rows[source.rows[-1]].label) >= (
        _STRONG
    ):
        return None
    before = one.sources[Item.PROFIT_BEFORE_TAX].rows[-1]
    for index in range(before + 1, one.sources[Item.NET_PROFIT].rows[-1]):
        values, row = table.values[index], table.rows[index]
        if index in source.rows or values is None or not any(values):
            continue
        said = _said(row).lower()
        if TAX_PARTS.search(said) and "tax" in said and "profit" not in said:
            return f"the row “{_said(row)[:60]}” is left out of tax"
    return None


def _contradicted(table: Grid, one: Solution) -> str | None:
    """A row that plainly says a total must not say another than the one used."""
    before = one.sources[Item.PROFIT_BEFORE_TAX].rows[-1]
    after = one.sources[Item.NET_PROFIT].rows[-1]
    where = {
        Item.TAX: range(before, min(after + _BEYOND, len(table.rows))),
        Item.TOTAL_INCOME: range(before),
        Item.TOTAL_EXPENSES: range(before),
    }
    for item, rows in where.items():
        source = one.sources[item]
        for index in rows:
            values = table.values[index]
            if index in source.rows or values is None or not any(values):
                continue
            plainly = strict_score(item, table.rows[index].label) >= _PLAINLY
            if plainly and not _among(values, [source.values], table.step):
                return f"the row “{table.rows[index].label[:60]}” says otherwise"
    return None


def _another_profit(table: Grid, one: Solution) -> str | None:
    """A line soon below that plainly says net profit too must not differ."""
    profit = one.sources[Item.NET_PROFIT]
    start = profit.rows[-1] + 1
    for index in range(start, min(start + _BEYOND, len(table.rows))):
        values, row = table.values[index], table.rows[index]
        if index in profit.rows or values is None or _of_others(row):
            continue
        plainly = row_score(Item.NET_PROFIT, row) >= _STRONG
        if plainly and any(values) and not _among(values, [profit.values], table.step):
            return f"the row “{row.label[:60]}” says another profit"
    return None


def _mixed_total(table: Grid, revenue: Sequence[int]) -> str | None:
    """A revenue row that is a total must not have other income among its parts."""
    if len(revenue) != 1 or "total" not in table.rows[revenue[0]].label.lower():
        return None
    for index in range(revenue[0]):
        row, values = table.rows[index], table.values[index]
        if strict_score(Item.OTHER_INCOME, row.label) >= _STRONG:
            return "other income stands inside the row read as revenue"
        if not row.label and not row.above and values is not None and any(values):
            return "a line without a label stands inside the row read as revenue"
    return None


def _left_out(table: Grid, one: Solution) -> str | None:
    """A share of associates or discontinued profit after tax must be used."""
    used = {row for source in one.sources.values() for row in source.rows}
    start = one.sources[Item.PROFIT_BEFORE_TAX].rows[-1]
    for index in range(start + 1, len(table.rows)):
        label = plain(table.rows[index].label)
        if "comprehensive" in label or "paid up" in label or "reclassif" in label:
            return None
        if "before tax" in label or "tax expense" in label:
            continue  # of discontinued operations, whose profit after tax comes next
        values = table.values[index]
        if index in used or values is None or not any(values):
            continue
        row = table.rows[index]
        for item in (Item.SHARE_OF_ASSOCIATES, Item.DISCONTINUED):
            if row_score(item, row) >= _STRONG or _changes_profit(table, one, index):
                return f"the row “{_said(row)[:60]}” is left out of profit"
    return None


def _changes_profit(table: Grid, one: Solution, index: int) -> bool:
    """Whether the profit read and this row add up to a row below: a later profit."""
    profit, values = one.sources[Item.NET_PROFIT], table.values[index]
    if index <= profit.rows[-1] or values is None or _of_others(table.rows[index]):
        return False
    sums = [total([profit.values, values]), _less(profit.values, values)]
    for row in range(index + 1, min(index + 3, len(table.rows))):
        below = table.values[row]
        if below is None or not any(below) or _of_others(table.rows[row]):
            continue
        if _among(below, sums, table.step):
            return True
    return False


def _of_others(row: Row) -> bool:
    """Whether a line is comprehensive income, or shares the profit out."""
    return bool(_OTHERS.search(_said(row).lower()))


def _said(row: Row) -> str:
    """A label with the line above it, which it may go on from."""
    return f"{row.above} {row.label}".strip()


def _misplaced(one: Solution) -> str | None:
    low = one.sources[Item.TOTAL_EXPENSES].rows[-1]
    high = one.sources[Item.PROFIT_BEFORE_TAX].rows[-1]
    for item in (Item.EXCEPTIONAL, Item.FINANCE_COSTS):
        source = one.sources.get(item)
        if source and source.rows and not low < source.rows[0] < high:
            return f"{item} is not between total expenses and profit before tax"
    return None


def _unexplained(table: Grid, one: Solution) -> str | None:
    """A strong adjustment above profit before tax is used, or is a subtotal."""
    used = {row for source in one.sources.values() for row in source.rows}
    last = one.sources[Item.PROFIT_BEFORE_TAX].rows[-1]
    expenses = one.sources[Item.TOTAL_EXPENSES].rows[-1]
    totals = _subtotals(one)
    for index in range(last):
        values = table.values[index]
        if index in used or values is None or not any(values):
            continue
        item = _strong_item(table, index)
        inside = item is Item.FINANCE_COSTS and index < expenses
        if item is None or inside or _among(values, totals, table.step):
            continue
        if not _component(table, one, item, values):
            return f"the row “{table.rows[index].label[:60]}” is not accounted for"
    return None


def _strong_item(table: Grid, index: int) -> Item | None:
    label = table.rows[index].label
    scored = [(strict_score(item, label), item) for item in _ADJUSTMENTS]
    best, item = max(scored, key=lambda pair: pair[0])
    return item if best >= _STRONG else None


def _subtotals(one: Solution) -> list[Vector]:
    """Every running subtotal between income and profit before tax."""
    parts = [
        tuple(sign * value for value in one.sources[item].values)
        for item, sign in one.signs.items()
    ]
    found = [source.values for source in one.sources.values()]
    expenses = one.sources[Item.TOTAL_EXPENSES].values
    for start in (Item.REVENUE, Item.TOTAL_INCOME):
        base = _less(one.sources[start].values, expenses)
        for size in range(len(parts) + 1):
            found += [total([base, *some]) for some in combinations(parts, size)]
    return found


def _less(a: Vector, b: Vector) -> Vector:
    return tuple(x - y for x, y in zip(a, b, strict=True))


def _among(values: Vector, totals: Sequence[Vector], step: Decimal) -> bool:
    return any(
        all(abs(x) <= 2 * step for x in _less(values, total)) for total in totals
    )


def _component(table: Grid, one: Solution, item: Item, values: Vector) -> bool:
    """A gross line whose net line is the one used (gross − tax on it = net)."""
    source = one.sources.get(item)
    if source is None or not any(source.values):
        return False
    between = table.values[min(source.rows) - 4 : max(source.rows) + 5]
    return any(
        other is not None and any(other) and _less(values, other) == source.values
        for other in between
    )


def same_everywhere(columns: Sequence[Vector]) -> bool:
    """Two core columns that are copies of each other prove only one of them."""
    turned = list(zip(*columns, strict=True))
    return any(a == b and any(a) for a, b in pairwise(turned))
