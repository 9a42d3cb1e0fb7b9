"""Progress: a live tree in a terminal, one line per event elsewhere."""

from textwrap import shorten
from time import perf_counter
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from dexter.domain.research import Plan, Task, TaskOutcome, TaskStatus

_MARKS = {
    TaskStatus.DONE: "[green]✓[/]",
    TaskStatus.FAILED: "[red]✗[/]",
    TaskStatus.SKIPPED: "[yellow]–[/]",
    TaskStatus.PLANNED: "[dim]·[/]",
}
# A repeated task with more companies than this is shown as one counted line.
_MOST_ROWS = 12
_LONGEST = 160


class Lines:
    """One line per event, for pipes and logs."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def planned(self, plan: Plan) -> None:
        """Say what was understood."""
        self._say(f"plan: {plan.understood_as} ({len(plan.tasks)} tasks)")

    def added(self, tasks: tuple[Task, ...]) -> None:
        """Say how many tasks came in."""
        if tasks:
            self._say(f"added {len(tasks)} tasks, {tasks[0].id} to {tasks[-1].id}")

    def started(self, task: Task) -> None:
        """Nothing: the end of a task is said."""

    def finished(self, outcome: TaskOutcome) -> None:
        """Say how a task ended."""
        why = f": {outcome.reason}" if outcome.reason else ""
        self._say(f"{outcome.task.id} {outcome.task.tool} {outcome.status}{why}")

    def stage(self, name: str, detail: str) -> None:
        """Say where the run stands."""
        self._say(f"{name}: {_short(detail)}")

    def heard(self, agent: str, text: str) -> None:
        """Nothing: fragments make no lines."""

    def _say(self, text: str) -> None:
        self._console.print(text, style="dim", markup=False, highlight=False)


class LiveTree:
    """The plan as a tree whose leaves change while agents work."""

    def __init__(self, console: Console) -> None:
        self._plan: Plan | None = None
        self._stage = "planning"
        self._detail = ""
        self._heard = ""
        self._repeats: dict[str, list[str]] = {}
        self._outcomes: dict[str, TaskOutcome] = {}
        self._running: dict[str, float] = {}
        # Last: it asks for the first picture at once.
        self._live = Live(
            console=console, refresh_per_second=12, transient=False, get_renderable=self
        )

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stage = "done" if self._outcomes else self._stage
        self._heard = ""
        self._live.stop()

    def planned(self, plan: Plan) -> None:
        """Show the plan."""
        self._plan = plan

    def added(self, tasks: tuple[Task, ...]) -> None:
        """Hang repeated tasks below their planned one; follow-ups stand alone."""
        for task in tasks:
            parent = task.id.partition(".")[0] if task.each else task.id
            self._repeats.setdefault(parent, []).append(task.id)

    def started(self, task: Task) -> None:
        """Turn a leaf to running."""
        self._running[task.id] = perf_counter()

    def finished(self, outcome: TaskOutcome) -> None:
        """Turn a leaf to its outcome."""
        self._running.pop(outcome.task.id, None)
        self._outcomes[outcome.task.id] = outcome

    def stage(self, name: str, detail: str) -> None:
        """Show where the run stands."""
        self._stage, self._detail, self._heard = name, _short(detail), ""

    def heard(self, agent: str, text: str) -> None:
        """Show the tail of what a model is writing."""
        self._heard = (self._heard + text)[-160:].replace("\n", " ")
        self._detail = agent

    def __call__(self) -> Group:
        """The picture of this moment."""
        parts: list[Tree | Text | Table] = []
        if self._plan is not None:
            parts.append(self._tree(self._plan))
        if self._stage != "done":
            parts.append(self._status())
        return Group(*parts)

    def _status(self) -> Table:
        row = Table.grid(padding=(0, 1))
        said = Text.assemble((self._stage, "bold"), " ", (self._detail, "dim"))
        if self._heard:
            said.append(f"  {self._heard}", style="dim italic")
        row.add_row(Spinner("dots"), said)
        return row

    def _tree(self, plan: Plan) -> Tree:
        tree = Tree(f"[bold]Plan[/]  {escape(plan.understood_as)}", guide_style="dim")
        for task in plan.tasks:
            repeats = self._repeats.get(task.id, [])
            if task.each is None:
                tree.add(self._leaf(task))
            else:
                self._branch(tree, task, repeats)
        known = {task.id for task in plan.tasks}
        for name in self._repeats:
            outcome = self._outcomes.get(name)
            if name not in known and outcome is not None:
                tree.add(self._leaf(outcome.task))
        return tree

    def _branch(self, tree: Tree, task: Task, repeats: list[str]) -> None:
        done = [self._outcomes[r] for r in repeats if r in self._outcomes]
        good = sum(o.status is TaskStatus.DONE for o in done)
        count = f"{good} of {len(repeats)} companies" if repeats else "waiting"
        branch = tree.add(
            f"{self._mark(task.id, len(done) == len(repeats) > 0)} {_title(task)} "
            f"[dim]for each of {task.each}: {count}[/]"
        )
        shown = done if len(repeats) <= _MOST_ROWS else [o for o in done if o.reason]
        for outcome in shown[:_MOST_ROWS]:
            branch.add(self._leaf(outcome.task))

    def _leaf(self, task: Task) -> str:
        outcome = self._outcomes.get(task.id)
        mark = self._mark(task.id, outcome is not None)
        if outcome is None:
            return f"{mark} {_title(task)}"
        return f"{mark} {_title(task)} {_ending(outcome)}"

    def _mark(self, name: str, done: bool) -> str:  # noqa: FBT001 - a state, not a switch
        outcome = self._outcomes.get(name)
        if outcome is not None:
            return _MARKS[outcome.status]
        if done:
            return _MARKS[TaskStatus.DONE]
        return "[cyan]●[/]" if name in self._running else _MARKS[TaskStatus.PLANNED]


def _short(text: str) -> str:
    """One line of it, however long the question was."""
    return shorten(text, _LONGEST, placeholder=" …")


def _title(task: Task) -> str:
    said = [str(v) for v in task.arguments.values() if v not in (None, "")]
    what = task.tool or f"goal: {task.goal}"
    return f"[dim]{task.id}[/] {escape(what)} [cyan]{escape(' '.join(said))}[/]"


def _ending(outcome: TaskOutcome) -> str:
    if outcome.reason:
        return f"[yellow]{escape(outcome.reason)}[/]"
    found = outcome.finding
    parts = []
    if found.subjects:
        parts.append(f"{len(found.subjects)} companies")
    if found.alerts:
        parts.append(f"alert {found.alerts[0].priority}")
    if found.evidence:
        parts.append(f"{len(found.evidence)} facts")
    if found.absences:
        parts.append(f"{len(found.absences)} absent")
    if outcome.started and outcome.finished:
        spent = (outcome.finished - outcome.started).total_seconds()
        parts.append(f"{spent * 1000:.0f} ms" if spent < 1 else f"{spent:.1f} s")
    return f"[dim]{' · '.join(parts)}[/]"
