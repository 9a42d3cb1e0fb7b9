"""The review queue on the screen: what waits, one statement, what was decided."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from dexter.domain.decision import Case, Decision
from dexter.domain.filing import Review
from dexter.domain.moment import IST
from dexter.domain.statement import Cell, ColumnRole, Item, Method, Statement
from dexter.extraction.people.upheld import is_nil

Doubts = Mapping[tuple[Item, ColumnRole], Sequence[str]]
_COLOURS = {
    Review.ACCEPTED: "green",
    Review.REVIEW: "yellow",
    Review.REJECTED: "red",
}
_SURE = 0.9
_LINE, _CELL, _WHY = 30, 16, 34
_NAME = 22
_MOST_CHANGES = 4


def waiting(cases: Iterable[Case], console: Console, *, everything: bool) -> None:
    """Statements with their ids, newest documents first."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("id", no_wrap=True)
    table.add_column("company or file", no_wrap=True, max_width=_NAME)
    table.add_column("period", no_wrap=True)
    table.add_column("basis", no_wrap=True)
    table.add_column("page", justify="right", no_wrap=True)
    if everything:
        table.add_column("state", no_wrap=True)
    table.add_column("why it waits", overflow="fold")
    for case in cases:
        one = case.statement
        state = f"[{_COLOURS[case.status]}]{case.status.value}[/]"
        table.add_row(
            f"[cyan]{case.id}[/]",
            escape(case.filing.symbol or case.company or case.filing.name),
            one.period_end.isoformat() if one.period_end else "?",
            one.basis.value if one.basis else "?",
            str(one.page or "–"),
            *([state] if everything else []),
            escape(case.reason or ""),
        )
    if not table.row_count:
        console.print("[dim]nothing waits for a person[/]")
        return
    console.print(table)
    console.print("[dim]look at one: dexter extract review ID[/]")


def shown(case: Case, doubts: Doubts, problems: Sequence[str], out: Console) -> None:
    """One statement: its head, its values beside their doubts, what was decided."""
    _head(case, out)
    _values(case.statement, doubts, out)
    _problems(case, problems, out)
    for decision in case.decisions:
        out.print(f"[blue]•[/] [dim]{escape(told(decision))}[/]", highlight=False)


def _head(case: Case, out: Console) -> None:
    one, filing = case.statement, case.filing
    where = f", page {one.page}" if one.page else ""
    out.print(f"[bold cyan]{case.id}[/]  {escape(filing.name)}{where}")
    known = filing.known_at
    said = [
        case.company or "company unknown",
        one.basis.value if one.basis else "basis unknown",
        f"period to {one.period_end}" if one.period_end else "period unknown",
        f"in {one.unit}" if one.unit else "unit unknown",
        f"public {known.astimezone(IST):%d %b %Y}" if known else "publication unknown",
    ]
    out.print(f"  {escape(' · '.join(said))}", style="dim")
    colour = _COLOURS[case.status]
    grade = f", grade {one.grade}" if case.status is Review.ACCEPTED else ""
    reason = f": {escape(case.reason)}" if case.reason else ""
    out.print(f"  [{colour} bold]{case.status.value}[/]{grade}{reason}\n")


def _values(one: Statement, doubts: Doubts, out: Console) -> None:
    """Values by line and column; why they are doubted beside them, or below."""
    if not one.columns:
        out.print("  [dim]no values were read from it[/]\n")
        return
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("line", no_wrap=True)
    for role, column in one.columns.items():
        head = f"{role.value.replace('_', ' ')}\n{column.period_end}\n{column.months} m"
        table.add_column(head, justify="right", min_width=len("2025-06-30"))
    beside = out.width >= _LINE + _CELL * len(one.columns) + _WHY
    if beside:
        table.add_column("why doubted", overflow="fold", style="yellow")
    below: list[str] = []
    for item in Item:
        cells = {role: one.cell(item, role) for role in one.columns}
        if not any(cells.values()):
            continue
        why = _doubts(item, cells, doubts)
        below += [f"{item.value}, {reason}" for reason in why]
        values = [
            _value(cell, doubted=bool(doubts.get((item, role))))
            for role, cell in cells.items()
        ]
        table.add_row(
            item.value, *values, *([escape("\n".join(why))] if beside else [])
        )
    out.print(table)
    for reason in [] if beside else below:
        out.print(f"[yellow]?[/] {escape(reason)}", highlight=False)
    out.print()


def _doubts(
    item: Item, cells: Mapping[ColumnRole, Cell | None], doubts: Doubts
) -> list[str]:
    said = [
        f"{role.value.replace('_', ' ')}: {reason}"
        for role, cell in cells.items()
        for reason in _reasons(cell, doubts.get((item, role), ()))
    ]
    return list(dict.fromkeys(said))


def _reasons(cell: Cell | None, doubts: Sequence[str]) -> list[str]:
    """What the cell itself says, then the rules it breaks, by their names alone."""
    said = [cell.reason] if cell and cell.reason and not is_nil(cell) else []
    if cell and cell.confidence < _SURE and cell.method is not Method.PERSON:
        said.append(f"read with confidence {cell.confidence:.2f}")
    return said + [_rule(text) for text in doubts]


def _rule(text: str) -> str:
    """A broken rule without its figures, which stand below the table."""
    return text.partition(" (")[0]


def _value(cell: Cell | None, *, doubted: bool) -> Text:
    if cell is None:
        return Text("·", style="red" if doubted else "dim")
    text = "withheld" if cell.value is None else f"{cell.value:f}"
    if cell.value is None and cell.printed:
        # Brackets: it is printed so, and not published.
        text = cell.printed if is_nil(cell) else f"[{cell.printed}]"
    if cell.method is Method.PERSON:
        return Text(text, style="blue")
    return Text(f"? {text}" if doubted else text, style="red" if doubted else "")


def _problems(case: Case, problems: Sequence[str], out: Console) -> None:
    if case.status is Review.REJECTED:
        return
    for problem in problems:
        out.print(f"[red]✗[/] {escape(problem)}", highlight=False)
    for check in case.statement.checks:
        if not check.ok and check.name.startswith("reads as when"):
            out.print(f"[red]✗[/] {escape(check.detail)}", highlight=False)


def told(decision: Decision) -> str:
    """A decision in one line."""
    when = decision.at.astimezone(IST)
    changes = ", ".join(map(str, decision.changes[:_MOST_CHANGES]))
    if len(decision.changes) > _MOST_CHANGES:
        changes += f" and {len(decision.changes) - _MOST_CHANGES} more"
    parts = [
        f"{when:%d %b %Y %H:%M} IST  {decision.by} {decision.action.value} it",
        f": {changes}" if changes else "",
        f" ({decision.because})" if decision.because else "",
    ]
    return "".join(parts)
