"""A file's statements as a person reads them, from the line of ``extract --json``."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape

from dexter.domain.statement import Item

_WIDTH = 34
_COLUMN = 18
_HEADS = {
    "previous_quarter": "quarter before",
    "same_quarter_last_year": "year ago",
    "year_to_date": "year to date",
    "previous_year_to_date": "to date year ago",
    "previous_year": "last year",
}
_FIRST = (
    Item.INTEREST_INCOME,
    Item.INTEREST_EARNED,
    Item.SALE_OF_PRODUCTS,
    Item.SALE_OF_SERVICES,
    Item.OTHER_OPERATING_REVENUE,
    Item.REVENUE,
    Item.OTHER_INCOME,
    Item.TOTAL_INCOME,
    Item.INTEREST_EXPENDED,
    Item.OPERATING_EXPENSES,
    Item.COST_OF_MATERIALS,
    Item.PURCHASES,
    Item.INVENTORY_CHANGES,
    Item.EMPLOYEE_COST,
    Item.FINANCE_COSTS,
    Item.DEPRECIATION,
    Item.POWER_AND_FUEL,
    Item.OTHER_EXPENSES,
    Item.TOTAL_EXPENSES,
    Item.OPERATING_PROFIT,
    Item.PROVISIONS,
    Item.PROFIT_BEFORE_EXCEPTIONAL,
    Item.EXCEPTIONAL,
    Item.PROFIT_BEFORE_TAX,
    Item.CURRENT_TAX,
    Item.DEFERRED_TAX,
    Item.EARLIER_TAX,
    Item.TAX,
    Item.DISCONTINUED,
    Item.SHARE_OF_ASSOCIATES,
    Item.NET_PROFIT,
    Item.NET_PROFIT_OWNERS,
    Item.NET_PROFIT_MINORITY,
    Item.OTHER_COMPREHENSIVE,
    Item.TOTAL_COMPREHENSIVE,
    Item.PAID_UP_CAPITAL,
    Item.FACE_VALUE,
    Item.RESERVES,
    Item.EPS_BASIC,
    Item.EPS_DILUTED,
)
_ORDER = [item.value for item in dict.fromkeys((*_FIRST, *Item))]
_MARKS = {"accepted": "[green]✓[/]", "review": "[yellow]?[/]"}


def show(line: Mapping[str, Any], console: Console) -> None:
    """One file and all its statements."""
    reason = f": {escape(line['reason'])}" if line["reason"] else ""
    said = f"{line['kind']}, {line['status']}{reason}"
    console.print(f"{_mark(line)} [bold]{escape(line['file'])}[/] {said}")
    for statement in line["statements"]:
        _statement(statement, console)


def show_twin(line: Mapping[str, Any], same_as: str, console: Console) -> None:
    """One file whose bytes were read before under another name."""
    console.print(
        f"{_mark(line)} [bold]{escape(line['file'])}[/] same as {escape(same_as)}"
    )


def _mark(line: Mapping[str, Any]) -> str:
    return _MARKS.get(line["status"], "[red]✗[/]")


def _statement(statement: Mapping[str, Any], console: Console) -> None:
    audited = {True: "audited", False: "unaudited"}.get(statement["audited"], "")
    where = f"page {statement['page']}" if statement["page"] else ""
    said = [
        statement["basis"] or "basis unknown",
        statement["period_end"] or "period unknown",
        f"in {statement['unit']}" if statement["unit"] else "unit unknown",
        audited,
        where,
        f"grade {statement['grade']}",
        statement["status"],
    ]
    console.print(f"  {' · '.join(filter(None, said))}")
    if statement["reason"]:
        console.print(f"  [yellow]{escape(statement['reason'])}[/]")
    columns = statement["columns"]
    heads = "".join(f"{_HEADS.get(role, role):>{_COLUMN}}" for role in columns)
    ends = "".join(f"{c['period_end']:>{_COLUMN}}" for c in columns.values())
    console.print(f"  {'':<{_WIDTH}}{heads}", style="dim", soft_wrap=True)
    console.print(f"  {'':<{_WIDTH}}{ends}", style="dim", soft_wrap=True)
    for name in _in_order(columns):
        cells = [c["items"].get(name) for c in columns.values()]
        row = "".join(f"{_printed(cell):>{_COLUMN}}" for cell in cells)
        console.print(f"  {name:<{_WIDTH}}{row}", markup=False, soft_wrap=True)
    failed = [c for c in statement["checks"] if not c["ok"]]
    passed = len(statement["checks"]) - len(failed)
    console.print(f"  [dim]{passed} checks passed[/]")
    for check in failed:
        console.print(f"  [red]✗[/] {escape(check['name'])}: {escape(check['detail'])}")


def _in_order(columns: Mapping[str, Any]) -> list[str]:
    """The items that are there, as a statement prints them from the top down."""
    there = {name for column in columns.values() for name in column["items"]}
    return [name for name in _ORDER if name in there]


def _printed(cell: Mapping[str, Any] | None) -> str:
    return str(cell["value"]) if cell and cell["value"] is not None else "–"
