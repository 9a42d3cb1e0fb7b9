"""The planner: a question and what code found in it become a plan."""

import re
from collections.abc import Iterator, Sequence

from pydantic import Field

from dexter.agents import shown
from dexter.agents.drafts import TASK_SCHEMA, TaskDraft, problems_of
from dexter.agents.spec import AgentSpec, Reply, ask, parsed, request_for
from dexter.domain.briefs import Coverage, PlanningBrief
from dexter.domain.company import CompanyMatch
from dexter.domain.conversation import ModelReply
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.domain.research import Absence, Plan
from dexter.domain.unanswered import Why
from dexter.errors import ModelReplyError, PlanError
from dexter.ports import LanguageModel
from dexter.tools.base import Toolbox

MOST_TASKS = 40
_DATED = 2
SPEC = AgentSpec(
    name="planner",
    prompt="planner",
    output_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["understood_as", "cannot", "tasks"],
        "properties": {
            "understood_as": {"type": "string"},
            "cannot": {"type": ["string", "null"]},
            "tasks": {"type": "array", "items": TASK_SCHEMA},
        },
    },
    max_output_tokens=6000,
)


class MissingDraft(Reply):
    """Words of the question that no task answers, and why."""

    what: str = Field(min_length=1, max_length=200)
    why: Why


class PlanDraft(Reply):
    """A plan as a model wrote it."""

    understood_as: str = Field(min_length=1, max_length=600)
    cannot: str | None = None
    tasks: tuple[TaskDraft, ...] = ()
    missing: tuple[MissingDraft, ...] = ()


async def plan(brief: PlanningBrief, model: LanguageModel, toolbox: Toolbox) -> Plan:
    """Ask for a plan; one that breaks the rules is sent back once.

    Raises:
        PlanError: the second plan breaks them too.
    """

    def read(reply: ModelReply) -> Plan:
        draft = parsed(reply, PlanDraft)
        tasks = tuple(task.task() for task in draft.tasks)
        problems = problems_of(tasks, toolbox, MOST_TASKS)
        if not tasks and not draft.cannot:
            problems.append("there are no tasks and `cannot` does not say why")
        problems += _not_asked(draft.missing, brief.question)
        if problems:
            raise ModelReplyError.misshapen(problems)
        missing = tuple(Absence(one.what, one.why.sentence) for one in draft.missing)
        return Plan(tasks, draft.understood_as, draft.cannot, missing)

    request = request_for(SPEC, brief, _values(brief, toolbox))
    try:
        return await ask(model, request, read)
    except ModelReplyError as error:
        raise PlanError([error.sentence.rstrip(".")]) from error


def _not_asked(missing: Sequence[MissingDraft], question: str) -> list[str]:
    """What is called missing in words the question does not have.

    It is published as code's own words, so nothing may be typed into it.
    """
    there = set(_words(question))
    return [
        f"`missing` has “{one.what}”, which is not in the question"
        for one in missing
        if not there.issuperset(_words(one.what))
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _values(brief: PlanningBrief, toolbox: Toolbox) -> dict[str, str]:
    coverage = (line for known in brief.coverage for line in _coverage(known))
    problems = "\n".join(f"Note: {p}" for p in brief.problems)
    return {
        "question": brief.question,
        "as_of": brief.as_of.isoformat(),
        "today": f"{brief.today:%A} {brief.today.isoformat()}",
        "market": brief.market,
        "latest": str(brief.latest or "unknown"),
        "companies": shown.lines(map(_company, brief.companies)),
        "ambiguous": shown.lines(
            f"“{group[0].text}”: {', '.join(map(_company, group))}"
            for group in brief.ambiguous
        ),
        "unknown": shown.lines(
            f"“{text}”; nearest: {', '.join(near) or 'nothing like it'}"
            for text, near in brief.unknown
        ),
        "quarters": ", ".join(map(str, brief.quarters)) or shown.NOTHING,
        "windows": shown.lines(
            f"“{w.label}” is {w.start} to {w.end}" for w in brief.windows
        ),
        "coverage": shown.lines(coverage),
        "tools": shown.tool_lines(tool.spec() for tool in toolbox.tools),
        "most_tasks": str(MOST_TASKS),
        "problems": problems,
    }


def _coverage(known: Coverage) -> Iterator[str]:
    """The quarters of a company: runs of each basis, and when the newest came out."""
    bases = dict.fromkeys(basis for q in known.quarters for basis in q.basis)
    runs = (
        f"{basis} {_runs([q.quarter for q in known.quarters if basis in q.basis])}"
        for basis in bases
    )
    yield f"{known.symbol}: {'; '.join(runs) or 'no figures are visible'}"
    for quarter in known.quarters[:_DATED]:
        when = quarter.published_at
        if when is not None:
            day = when.astimezone(IST).date().isoformat()
            yield f"  {quarter.quarter} became public on {day}"


def _runs(quarters: Sequence[Quarter]) -> str:
    """Quarters as stretches without a gap: ``Q1 FY25 back to Q1 FY22``."""
    runs: list[list[Quarter]] = []
    for quarter in sorted(quarters, reverse=True):
        if runs and runs[-1][-1].previous == quarter:
            runs[-1].append(quarter)
        else:
            runs.append([quarter])
    return ", ".join(
        str(run[0]) if len(run) == 1 else f"{run[0]} back to {run[-1]}" for run in runs
    )


def _company(match: CompanyMatch) -> str:
    company = match.company
    return f"{company.symbol} ({company.name}), written “{match.text}”"
