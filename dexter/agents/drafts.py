"""Tasks as a model writes them, and the rules a plan must keep before it is run."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Annotated

from pydantic import BeforeValidator, Field

from dexter.agents.spec import Reply, object_from_text
from dexter.domain.period import Quarter
from dexter.domain.research import Task
from dexter.errors import ToolError
from dexter.tools.base import Toolbox

# Arguments that name another task are dependencies whether the model said so or not.
_TASK_ARGUMENTS = ("current", "base", "of")
_STAND_IN = "EACH"

TASK_SCHEMA: Mapping[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "tool", "arguments", "depends_on", "each", "goal"],
    "properties": {
        "id": {"type": "string"},
        "tool": {"type": ["string", "null"]},
        "arguments": {
            "type": "string",
            "description": "a JSON object as text",
        },
        "depends_on": {"type": "array", "items": {"type": "string"}},
        "each": {"type": ["string", "null"]},
        "goal": {"type": ["string", "null"]},
    },
}


class TaskDraft(Reply):
    """One task as a model wrote it."""

    id: str = Field(min_length=1, max_length=40, pattern=r"^[A-Za-z][\w-]*$")
    tool: str | None = None
    arguments: Annotated[dict[str, object], BeforeValidator(object_from_text)] = Field(
        default_factory=dict
    )
    depends_on: tuple[str, ...] = ()
    each: str | None = None
    goal: str | None = None

    def task(self) -> Task:
        """The task, with the dependencies its arguments imply."""
        implied = [
            str(self.arguments[name])
            for name in _TASK_ARGUMENTS
            if isinstance(self.arguments.get(name), str)
        ]
        needs = [*self.depends_on, *implied, *([self.each] if self.each else [])]
        return Task(
            id=self.id,
            tool=self.tool,
            arguments=self.arguments,
            depends_on=tuple(dict.fromkeys(needs)),
            each=self.each,
            goal=self.goal,
        )


def problems_of(
    tasks: Iterable[Task],
    toolbox: Toolbox,
    most: int,
    earlier: Iterable[Task] = (),
) -> list[str]:
    """Everything that keeps tasks from being run, in words; empty when nothing does.

    ``earlier`` are tasks already done, which new ones may depend on.
    """
    tasks = tuple(tasks)
    known = {task.id: task for task in (*earlier, *tasks)}
    problems = []
    if len(tasks) > most:
        problems.append(f"{len(tasks)} tasks, at most {most} are allowed")
    if len(known) < len((*earlier, *tasks)):
        problems.append("two tasks have the same id")
    for task in tasks:
        problems += _problems(task, known, toolbox)
    return problems or _cycles(tasks)


def _problems(task: Task, known: Mapping[str, Task], toolbox: Toolbox) -> Iterable[str]:
    for need in task.depends_on:
        if need not in known:
            yield f"{task.id} depends on {need}, which is no task"
    if task.tool is None:
        if not task.goal:
            yield f"{task.id} has neither a tool nor a goal"
        return
    try:
        yield from _misuse(task, task.tool, known, toolbox)
    except ToolError as error:
        yield f"{task.id}: {error.sentence}"
        return
    yield from _unlike(task, known)
    yield from _unfed(task, known)


def _misuse(
    task: Task, name: str, known: Mapping[str, Task], toolbox: Toolbox
) -> Iterable[str]:
    arguments = dict(task.arguments)
    if task.each:
        if not toolbox.get(name).for_symbol:
            yield f"{task.id} is repeated, but {name} takes no symbol"
        arguments["symbol"] = _STAND_IN
    toolbox.check(name, arguments)
    source = known.get(task.each or "")
    if source and source.each:
        yield f"{task.id} is repeated over {source.id}, which is repeated itself"
    if source and source.tool and not toolbox.get(source.tool).yields_subjects:
        yield f"{task.id} is repeated over {source.id}, which yields no companies"


def _unlike(task: Task, known: Mapping[str, Task]) -> Iterable[str]:
    """What is wrong with a comparison: other things than statements, or odd quarters.

    A change against the quarter before is never called one on the year.
    """
    sides = [known.get(str(task.arguments.get(side))) for side in ("current", "base")]
    if task.tool != "compare" or None in sides:
        return
    now, base = (side for side in sides if side)
    for side in (now, base):
        if side.tool not in {"read_statement", None}:
            yield f"{task.id} compares {side.id}, which reads no statement"
    left, right = (_quarter(side) for side in (now, base))
    kind = str(task.arguments.get("kind", "year_on_year"))
    same = now.arguments.get("symbol") == base.arguments.get("symbol")
    if same is (kind == "companies"):
        yield f"{task.id} is {kind}, which does not fit the companies of its statements"
    if left and right:
        fit = {"year_on_year": left.year_ago, "sequential": left.previous}
        if right != fit.get(kind, left):
            yield f"{task.id} is {kind}, which {left} against {right} is not"


def _quarter(task: Task) -> Quarter | None:
    try:
        return Quarter.parse(str(task.arguments.get("quarter")))
    except ValueError:
        return None


def _unfed(task: Task, known: Mapping[str, Task]) -> Iterable[str]:
    """A ranking of one task, or an alert that nothing scores."""
    if task.tool == "alert" and not task.depends_on:
        yield f"{task.id} is an alert that depends on no scores"
    source = known.get(str(task.arguments.get("of")))
    if task.tool == "rank" and source and source.each is None:
        yield f"{task.id} ranks {source.id}, which is not repeated for companies"


def _cycles(tasks: tuple[Task, ...]) -> list[str]:
    try:
        TopologicalSorter({t.id: t.depends_on for t in tasks}).prepare()
    except CycleError as error:
        return [f"tasks wait for each other: {' → '.join(map(str, error.args[1]))}"]
    return []
