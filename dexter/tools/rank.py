"""rank: companies of a repeated task in order of one of its values."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from dexter.domain.evidence import Evidence, Measure
from dexter.domain.research import Absence, Finding
from dexter.tools import cite
from dexter.tools.base import Arguments, TaskId, Tool
from dexter.tools.base import ToolContext as Context

By = Literal[
    "sue",
    "profit_yoy",
    "revenue_yoy",
    "eps_yoy",
    "net_margin",
    "blockbuster",
    "probability",
    "reaction",
    "vcp_stood",
]


class Rank(Arguments):
    """Which repeated task, by which value, how many; lowest first on request."""

    of: TaskId
    by: By
    top: int = Field(default=5, ge=1, le=50)
    lowest_first: bool = False


async def run(arguments: Rank, context: Context) -> Finding:
    """Rank by value; companies without the value are absences, never last place."""
    outcomes = context.needs.get(arguments.of, ())
    having: list[Evidence] = []
    absences: list[Absence] = []
    if not outcomes:
        absences.append(
            Absence(f"ranking by {arguments.by}", "there is nobody to rank")
        )
    for outcome in outcomes:
        value = _value(outcome.finding, arguments.by)
        if value is not None:
            having.append(value)
            continue
        who = str(outcome.task.arguments.get("symbol", outcome.task.id))
        why = outcome.reason or _why(outcome.finding, arguments.by)
        absences.append(Absence(f"{arguments.by} of {who}", why))
    ordered = sorted(having, key=lambda e: e.symbol or "")
    ordered.sort(key=lambda e: e.value or 0, reverse=not arguments.lowest_first)
    top = ordered[: arguments.top]
    ranks = [_rank(e, place, ordered) for place, e in enumerate(top, start=1)]
    return Finding(
        evidence=(*top, *ranks),
        absences=tuple(absences),
        subjects=tuple(dict.fromkeys(e.symbol for e in top if e.symbol)),
    )


def _value(finding: Finding, name: str) -> Evidence | None:
    return next(
        (e for e in finding.evidence if e.name == name and e.value is not None), None
    )


def _why(finding: Finding, name: str) -> str:
    for absence in finding.absences:
        if absence.what.startswith(name):
            return absence.reason
    return finding.absences[0].reason if finding.absences else "not computed"


def _rank(evidence: Evidence, place: int, among: list[Evidence]) -> Evidence:
    return cite.computed(
        cite.Subject(
            evidence.symbol or "",
            evidence.company or "",
            evidence.period,
            evidence.basis,
        ),
        "rank",
        Decimal(place),
        Measure.COUNT,
        f"place by {evidence.name} among {len(among)} companies",
        (evidence,),
    )


TOOL = Tool(
    name="rank",
    description="Order the companies of a repeated task by one of its values "
    "(sue, profit_yoy, revenue_yoy, eps_yoy, net_margin, blockbuster, probability, "
    "reaction, vcp_stood). Companies without the value are listed as absent.",
    arguments=Rank,
    run=run,
    yields_subjects=True,
    tolerant=True,
)
