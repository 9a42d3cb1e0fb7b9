"""The audit trail on the screen: runs, one run, one piece of evidence."""

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.tree import Tree

from dexter.console.addresses import (
    address_of,
    hand_of,
    known_of,
    value_of,
    what_of,
)
from dexter.domain.evidence import Evidence
from dexter.domain.moment import IST
from dexter.domain.research import JournalHead, Plan, Report, TaskStatus
from dexter.domain.run import RunStatus, RunSummary
from dexter.journal import Verification

_COLOURS = {
    RunStatus.FINISHED: "green",
    RunStatus.RUNNING: "cyan",
    RunStatus.INTERRUPTED: "yellow",
    RunStatus.FAILED: "red",
}
_WIDE = 100
_LEAST = 8
"""Columns a question has on any screen."""
_MARKS = {
    TaskStatus.DONE: "[green]✓[/]",
    TaskStatus.FAILED: "[red]✗[/]",
    TaskStatus.SKIPPED: "[yellow]–[/]",
}


def listed(runs: Iterable[RunSummary], console: Console) -> None:
    """Runs, newest first."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    # An id begins with the time; a narrow screen has better use for the room.
    wide = console.width >= _WIDE
    more = ("started", "events", "model") if wide else ()
    table.add_column("run", overflow="fold")
    for name in ("state", *more):
        table.add_column(name, no_wrap=True)
    table.add_column("question", no_wrap=True, max_width=_LEAST)
    for run in runs:
        told = (
            f"{run.started.astimezone(IST):%d %b %H:%M}",
            str(run.events),
            run.model,
        )
        table.add_row(
            run.run_id,
            f"[{_COLOURS[run.status]}]{run.status.value}[/]",
            *(told if wide else ()),
            escape(" ".join(run.query.split())),
        )
    # The question takes what is left: an id that is cut is none.
    left = console.width - Measurement.get(console, console.options, table).maximum
    table.columns[-1].max_width = _LEAST + max(0, left)
    console.print(table if table.row_count else "[dim]no runs yet[/]")


def tasks(report: Report, console: Console) -> None:
    """The tasks of a run with their clock."""
    console.print(f"[bold]{escape(report.query)}[/]")
    console.print(f"[dim]{escape(report.plan.understood_as)}[/]")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("", "task", "tool", "arguments", "started", "ms", "outcome"):
        table.add_column(name, overflow="fold")
    for task in report.plan.tasks:
        spent = ""
        if task.started and task.finished:
            spent = f"{(task.finished - task.started).total_seconds() * 1000:.0f}"
        table.add_row(
            _MARKS.get(task.status, "·"),
            task.id,
            task.tool or "goal",
            escape(" ".join(str(v) for v in task.arguments.values() if v)),
            f"{task.started.astimezone(IST):%H:%M:%S.%f}"[:-3] if task.started else "",
            spent,
            escape(task.reason or task.status.value),
        )
    console.print(table)


def planned(plan: Plan, price: str, console: Console) -> None:
    """A plan before it is carried out, with what it would cost."""
    console.print(f"[bold]Plan[/]  {escape(plan.understood_as)}")
    if plan.cannot:
        console.print(f"[yellow]cannot[/] {escape(plan.cannot)}")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("task", "tool", "arguments", "needs", "each"):
        table.add_column(name, overflow="fold")
    for task in plan.tasks:
        table.add_row(
            task.id,
            task.tool or f"goal: {task.goal}",
            escape(" ".join(str(v) for v in task.arguments.values() if v)),
            " ".join(task.depends_on),
            task.each or "",
        )
    if plan.tasks:
        console.print(table)
    console.print(f"[dim]{escape(price)}[/]")


def verified(run_id: str, found: Verification, console: Console) -> None:
    """What verification found."""
    if found.ok:
        console.print(
            f"[green]✓[/] run {run_id}: {found.events} events, the chain holds, "
            f"head {found.head}"
        )
        return
    console.print(f"[red]✗[/] run {run_id}: the record does not hold")
    for fault in found.faults:
        console.print(f"  [red]{fault.kind.value}[/] {escape(fault.sentence)}")


def replayed(run_id: str, head: JournalHead | None, console: Console) -> None:
    """A replay that came out the same."""
    said = f", head {head.head}" if head else ""
    console.print(
        f"[green]✓[/] run {run_id} replayed byte for byte with the network, the store "
        f"and the model off{said}"
    )


def why(identifier: str, evidence: Mapping[str, Evidence], console: Console) -> None:
    """A value, its address, and below it the values it was computed from."""
    console.print(_branch(identifier, evidence, None))


def _method_of(item: Evidence) -> str:
    return f"method {hand_of(item) or item.method}" if item.method else ""


def _branch(
    identifier: str, evidence: Mapping[str, Evidence], parent: Tree | None
) -> Tree:
    item = evidence[identifier]
    said = " · ".join(
        filter(
            None,
            [
                address_of(item),
                known_of(item),
                f"grade {item.grade.value}" if item.grade else "",
                _method_of(item),
            ],
        )
    )
    label = (
        f"[cyan]{identifier}[/] {escape(item.company or '')} {what_of(item)}: "
        f"[bold]{escape(value_of(item))}[/]\n[dim]{escape(said)}[/]"
    )
    branch = Tree(label, guide_style="dim") if parent is None else parent.add(label)
    for each in item.inputs:
        if each in evidence:
            _branch(each, evidence, branch)
    return branch
