"""alert: what the scoring tasks found, put together as one scored alert."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from dexter.domain.alert import (
    Alert,
    Blockbuster,
    Prediction,
    Priority,
    VolatilityContraction,
)
from dexter.domain.company import Company
from dexter.domain.evidence import Evidence, EvidenceKind
from dexter.domain.priority import priority_of
from dexter.domain.research import Absence, Finding, TaskOutcome
from dexter.domain.results import QuarterFigures
from dexter.tools import cite
from dexter.tools.base import Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.events import EventQuestion, scored_event
from dexter.tools.statements import company_of

T = TypeVar("T")
_UNASKED = "was not asked for"
_LATER = (
    "scored as of a later document of the quarter; the results were public before it"
)


async def run(arguments: EventQuestion, context: Context) -> Finding:
    """Gather scores, set the priority by rule, state every reason and absence."""
    company = await company_of(arguments.symbol, context)
    event, why = await scored_event(
        company.symbol, arguments.quarter, context, revised=arguments.revised
    )
    if event is None:
        return Finding(absences=(Absence(f"alert for {company.name}", why),))
    outcomes = [
        outcome
        for needed in context.needs.values()
        for outcome in needed
        if _about(outcome, {arguments.symbol, company.symbol}, str(event.quarter))
    ]
    alert = _alert(company, event, outcomes, context)
    if arguments.revised:
        alert = replace(alert, reasons=(*alert.reasons, _LATER))
    return Finding(alerts=(alert,))


def _about(outcome: TaskOutcome, symbols: set[str], quarter: str) -> bool:
    """Whether what a task found (or missed) is of this company and quarter."""
    asked = outcome.task.arguments.get("symbol")
    evidence = outcome.finding.evidence
    periods = {e.period for e in evidence if e.period}
    return (
        (asked is None or asked in symbols)
        and all(e.symbol is None or e.symbol in symbols for e in evidence)
        and (not periods or quarter in periods)
    )


def _alert(
    company: Company,
    event: QuarterFigures,
    outcomes: list[TaskOutcome],
    context: Context,
) -> Alert:
    findings = [outcome.finding for outcome in outcomes]
    failed = {o.task.tool: f"its task failed: {o.reason}" for o in outcomes if o.reason}
    score = _first(f.blockbuster for f in findings)
    prediction = _first(f.prediction for f in findings)
    vcp = _first(f.vcp for f in findings)
    evidence = [e for f in findings for e in _own(f)]
    absent = {a.what: a.reason for f in findings for a in f.absences}
    return Alert(
        id=f"{company.symbol}-{event.period_end.isoformat()}-{event.basis.value}",
        symbol=company.symbol,
        company=company.name,
        period=str(event.quarter),
        basis=event.basis,
        published_at=event.published_at,
        priority=priority(score, prediction),
        blockbuster=score or _unscored(company, absent, failed),
        prediction=prediction,
        prediction_reason=None
        if prediction
        else absent.get(
            f"prediction for {company.name}", failed.get("predict", _UNASKED)
        ),
        data_grade=(cite.worst_grade(evidence) or event.grade).value,
        vcp=vcp,
        vcp_reason=None
        if vcp
        else absent.get(f"VCP of {company.name}", failed.get("vcp", _UNASKED)),
        reasons=_reasons(score, prediction, vcp),
        evidence=tuple(dict.fromkeys(_headline(evidence))),
        fictional=context.runtime.fictional,
    )


def _own(finding: Finding) -> Iterator[Evidence]:
    """What a task says itself; what a prediction was made from speaks elsewhere."""
    for one in finding.evidence:
        if finding.prediction is None or one.kind is EvidenceKind.PREDICTION:
            yield one


def priority(score: Blockbuster | None, prediction: Prediction | None) -> Priority:
    """``priority_of`` what was found; a score that is not there raises nothing."""
    return priority_of(
        score.score if score else None,
        score.coverage if score else 0,
        prediction.confidence if prediction else None,
    )


def _reasons(
    score: Blockbuster | None,
    prediction: Prediction | None,
    vcp: VolatilityContraction | None,
) -> tuple[str, ...]:
    said = []
    if score and score.score is not None:
        said.append(
            f"blockbuster {_whole(score.score)} of 100 on "
            f"{_whole(score.coverage * 100)}% of its parts"
        )
        said += [
            f"{name} at percentile {_whole(part.percentile)} of its season"
            for name, part in score.components.items()
            if part.percentile is not None
        ]
    if prediction:
        edge = prediction.edge.value.replace("_", " ")
        said.append(
            f"probability {_percent(prediction.probability)} against a base rate of "
            f"{_percent(prediction.base_rate)}; edge {edge}"
        )
    if vcp:
        verdict = "stood" if vcp.passed else "did not stand"
        said.append(f"a volatility contraction {verdict} before the results")
    return tuple(said)


def _whole(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), ROUND_HALF_UP)


def _percent(value: Decimal) -> str:
    return f"{(value * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def _headline(evidence: Iterable[Evidence]) -> Iterable[str]:
    return (e.id for e in evidence if e.name in _TOLD)


_TOLD = {
    "sue",
    "revenue_yoy",
    "profit_yoy",
    "eps_yoy",
    "net_margin_change",
    "revenue_from_operations",
    "net_profit",
    "reaction",
    "blockbuster",
    "probability",
    "base_rate",
}


def _unscored(
    company: Company, absent: Mapping[str, str], failed: Mapping[str | None, str]
) -> Blockbuster:
    why = absent.get(
        f"blockbuster of {company.name}", failed.get("blockbuster_score", _UNASKED)
    )
    return Blockbuster(score=None, coverage=Decimal(0), components={}, reason=why)


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


TOOL = Tool(
    name="alert",
    description="Put the scores of a company's results together as one alert; depends "
    "on its blockbuster_score, predict, vcp and earnings_surprise tasks.",
    arguments=EventQuestion,
    run=run,
    tolerant=True,
)
