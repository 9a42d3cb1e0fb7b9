"""A plan being written: tasks with ids in order, as the plan's JSON says them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dexter.domain.briefs import ToolSummary

_NEEDED = ("current", "base", "of")


@dataclass(slots=True)
class Draft:
    """Tasks so far; every ``add`` returns the id later tasks refer to."""

    tasks: list[dict[str, object]] = field(default_factory=list)

    def add(
        self,
        tool: str,
        arguments: Mapping[str, object],
        goal: str,
        *,
        needs: Sequence[str] = (),
        each: str | None = None,
    ) -> str:
        """Append a task; with ``each`` the repeat fills in the ``symbol``."""
        task_id = f"t{len(self.tasks) + 1}"
        self.tasks.append(
            {
                "id": task_id,
                "tool": tool,
                "arguments": dict(arguments),
                "depends_on": list(needs),
                "each": each,
                "goal": goal,
            }
        )
        return task_id

    def offered(self, tools: Sequence[ToolSummary]) -> list[dict[str, object]]:
        """The tasks whose tools are offered, without those that cannot do without them.

        A task that names another in its arguments or in ``each`` falls with it; a mere
        dependency is dropped.
        """
        if not tools:
            return list(self.tasks)
        names = {tool.name for tool in tools}
        kept: list[dict[str, object]] = []
        for task in self.tasks:
            known = {str(one["id"]) for one in kept}
            if task["tool"] not in names or not _wanted(task) <= known:
                continue
            depends = task["depends_on"]
            needs = depends if isinstance(depends, list) else []
            kept.append({**task, "depends_on": [one for one in needs if one in known]})
        return kept


def _wanted(task: Mapping[str, object]) -> set[str]:
    arguments = task["arguments"]
    named = arguments if isinstance(arguments, Mapping) else {}
    wanted = {str(named[key]) for key in _NEEDED if key in named}
    if task["each"]:
        wanted.add(str(task["each"]))
    return wanted
