"""The short rules: acting and validating."""

import re
from collections.abc import Mapping

from dexter.domain.briefs import ActionBrief, ValidationBrief
from dexter.domain.research import Task
from dexter.domain.statement import Check

_OTHER = {"consolidated": "standalone", "standalone": "consolidated"}
_BASIS_TOOLS = frozenset({"read_statement", "earnings_surprise"})
_BASES = re.compile(r"\b(consolidated|standalone) against (consolidated|standalone)\b")


def retry_arguments(brief: ActionBrief) -> Mapping[str, object] | None:
    """The task's arguments on the other basis, when an absence offers that basis.

    None when the call brought evidence or no other basis is known.
    """
    asked = brief.task.arguments.get("basis")
    other = _OTHER.get(str(asked))
    if brief.task.tool not in _BASIS_TOOLS or other is None or brief.evidence:
        return None
    offered = any(other in absence.reason for absence in brief.absences)
    return {**brief.task.arguments, "basis": other} if offered else None


def validate(brief: ValidationBrief) -> dict[str, object]:
    """Follow-ups where a comparison failed because its sides had different bases.

    The deterministic checks did the work; this only reads one side again, on the basis
    every company files, and compares again.
    """
    follow_ups: list[dict[str, object]] = []
    compares = [task for task in brief.tasks if task.tool == "compare"]
    clash = next((c for c in map(_clash, brief.checks) if c), None)
    # With several comparisons the check does not say whose sides it means.
    if clash and len(compares) == 1 and brief.follow_ups_left > 1:
        follow_ups = _on_one_basis(compares[0], clash, brief)
    return {"follow_ups": follow_ups, "remarks": []}


def _clash(check: Check) -> tuple[str, str] | None:
    """The bases of the current and the base side, where a check says they differ."""
    found = _BASES.search(check.detail)
    if check.ok or found is None or found[1] == found[2]:
        return None
    return found[1], found[2]


def _on_one_basis(
    compare: Task, clash: tuple[str, str], brief: ValidationBrief
) -> list[dict[str, object]]:
    tasks = {task.id: task for task in brief.tasks}
    side = "current" if clash[0] == "consolidated" else "base"
    wrong = tasks.get(str(compare.arguments.get(side)))
    if wrong is None or wrong.tool is None:
        return []
    fresh = f"{wrong.id}b"
    arguments = {**compare.arguments, side: fresh}
    needs = [str(arguments["current"]), str(arguments["base"])]
    return [
        _follow_up(fresh, wrong.tool, {**wrong.arguments, "basis": "standalone"}, []),
        _follow_up(f"{compare.id}b", "compare", arguments, needs),
    ]


def _follow_up(
    task_id: str, tool: str, arguments: Mapping[str, object], needs: list[str]
) -> dict[str, object]:
    return {
        "id": task_id,
        "tool": tool,
        "arguments": dict(arguments),
        "depends_on": needs,
        "each": None,
        "goal": "the comparison again, on one basis",
    }
