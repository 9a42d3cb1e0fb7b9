"""Action agents, one a task: the planned call is made as planned.

A model is asked only when it comes back empty-handed and another call might not, or
when the task is an open goal: repeating a decision that is already in the plan would
cost money and add risk.
"""

import asyncio
import json
from dataclasses import replace
from typing import Any

from dexter.agents import shown
from dexter.agents.spec import AgentSpec, request_for
from dexter.domain.briefs import ActionBrief
from dexter.domain.conversation import ModelRequest, ToolCall, ToolReply, Turn
from dexter.domain.research import Finding, Task
from dexter.errors import (
    BudgetError,
    ModelError,
    ToolArgumentsError,
    ToolError,
    UnknownToolError,
    UsageError,
)
from dexter.ports import LanguageModel
from dexter.tools.base import Tool, Toolbox, ToolContext

SPEC = AgentSpec(
    name="action",
    prompt="action",
    output_schema=None,
    tools=(
        "read_statement",
        "earnings_surprise",
        "results_calendar",
        "price_history",
        "headlines",
        "find_filings",
        "find_company",
        "compute_features",
        "blockbuster_score",
        "predict",
        "vcp",
    ),
    max_turns=4,
    max_output_tokens=2000,
)
_MOST_SHOWN = 60
# Planned calls that may come back empty for want of another basis, name or spelling.
# What the others did not find, no other call finds: asking would only invite a score
# or a reaction of another quarter in the place of the one asked for.
_MENDABLE = frozenset({"read_statement", "earnings_surprise", "find_company"})


async def act(
    task: Task, context: ToolContext, model: LanguageModel, toolbox: Toolbox
) -> Finding:
    """Carry a task out.

    Raises:
        DexterError: the planned call failed in a way no other call could mend.
    """
    found = Finding()
    if task.tool is not None:
        found = await toolbox.call(task.tool, task.arguments, context)
        if found.evidence or found.alerts or not _worth_asking(task):
            return found
    return await _pursue(task, found, context, model, toolbox)


def _worth_asking(task: Task) -> bool:
    return task.each is None and task.tool in _MENDABLE


async def _pursue(
    task: Task,
    found: Finding,
    context: ToolContext,
    model: LanguageModel,
    toolbox: Toolbox,
) -> Finding:
    """The tool loop. At its cap, or when the model fails, what was gathered is kept."""
    offered = tuple(t for t in toolbox.tools if t.name in SPEC.tools)
    request = _request(task, found, context, offered)
    for _ in range(SPEC.max_turns):
        try:
            reply = await model.complete(request)
        except (ModelError, BudgetError) as error:
            if task.tool is None and not found.evidence:
                raise
            warning = f"task {task.id} went no further: {error.sentence}"
            return replace(found, warnings=(*found.warnings, warning))
        if not reply.calls:
            break
        results = await _call_all(reply.calls, context, toolbox)
        found = merged(found, *(finding for _, finding in results))
        answers = tuple(answer for answer, _ in results)
        turn = Turn(reply.text, reply.calls, answers, echo=reply.echo)
        request = replace(request, history=(*request.history, turn))
    else:
        warning = f"task {task.id} stopped at its limit of {SPEC.max_turns} rounds"
        found = replace(found, warnings=(*found.warnings, warning))
    return found


def _request(
    task: Task, found: Finding, context: ToolContext, offered: tuple[Tool[Any], ...]
) -> ModelRequest:
    brief = ActionBrief(task, context.as_of.moment, found.absences, found.evidence)
    call = f"{task.tool} {json.dumps(dict(task.arguments))}" if task.tool else "(none)"
    values = {
        "goal": task.goal or f"carry out the planned call of task {task.id}",
        "call": call,
        "as_of": context.as_of.moment.isoformat(),
        "found": shown.evidence_lines(found.evidence[:_MOST_SHOWN], ids=False),
        "absences": shown.absence_lines(found.absences),
    }
    specs = tuple(tool.spec() for tool in offered)
    return replace(request_for(SPEC, brief, values), tools=specs)


async def _call_all(
    calls: tuple[ToolCall, ...], context: ToolContext, toolbox: Toolbox
) -> list[tuple[ToolReply, Finding]]:
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(_call(c, context, toolbox)) for c in calls]
    return [task.result() for task in running]


async def _call(
    call: ToolCall, context: ToolContext, toolbox: Toolbox
) -> tuple[ToolReply, Finding]:
    """One call; what the model can mend goes back to it as an error."""
    try:
        if call.name not in SPEC.tools:
            raise UnknownToolError(call.name, SPEC.tools)
        if call.arguments is None:
            raise ToolArgumentsError(call.name, ["they are not a JSON object"])
        finding = await toolbox.call(call.name, call.arguments, context)
    except (ToolError, UsageError) as error:
        said = f"{error.sentence} {error.hint}"
        return ToolReply(call.id, said, is_error=True), Finding()
    said = (
        f"{shown.evidence_lines(finding.evidence[:_MOST_SHOWN], ids=False)}\n"
        f"Missing:\n{shown.absence_lines(finding.absences)}"
    )
    return ToolReply(call.id, said), finding


def merged(*findings: Finding) -> Finding:
    """Several findings as one; evidence that came twice counts once."""
    evidence = {e.id: e for f in findings for e in f.evidence}
    last = Finding()
    for finding in findings:
        last = replace(
            last,
            blockbuster=finding.blockbuster or last.blockbuster,
            prediction=finding.prediction or last.prediction,
            vcp=finding.vcp or last.vcp,
        )
    return replace(
        last,
        evidence=tuple(evidence.values()),
        absences=tuple(dict.fromkeys(a for f in findings for a in f.absences)),
        subjects=tuple(dict.fromkeys(s for f in findings for s in f.subjects)),
        checks=tuple(dict.fromkeys(c for f in findings for c in f.checks)),
        conflicts=tuple(dict.fromkeys(c for f in findings for c in f.conflicts)),
        warnings=tuple(dict.fromkeys(w for f in findings for w in f.warnings)),
        alerts=tuple(a for f in findings for a in f.alerts),
    )
