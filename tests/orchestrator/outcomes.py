"""Outcomes of tasks as the report is made of them."""

from decimal import Decimal

from dexter.agents.validation import Verdict
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure, Source
from dexter.domain.research import (
    Finding,
    Plan,
    Task,
    TaskOutcome,
    TaskStatus,
)
from dexter.orchestrator.reporting import Told


def figure(
    name: str, amount: int, *, symbol: str = "HCL", period: str = "Q1 FY25"
) -> Evidence:
    """A value read from a document, keyed by its content."""
    return Evidence(
        id="",
        kind=EvidenceKind.CELL,
        name=name,
        unit=Measure.RUPEES,
        value=Decimal(amount),
        source=Source(f"{symbol}.pdf"),
        symbol=symbol,
        period=period,
    ).with_key()


def over(name: str, amount: int, *inputs: Evidence) -> Evidence:
    """A value computed from others."""
    return Evidence(
        id="",
        kind=EvidenceKind.COMPUTED,
        name=name,
        unit=Measure.DEVIATIONS,
        value=Decimal(amount),
        source=Derivation("formula", tuple(e.id for e in inputs)),
        symbol=inputs[0].symbol if inputs else "HCL",
        period=inputs[0].period if inputs else "Q1 FY25",
    ).with_key()


def ended(
    name: str,
    tool: str | None = "read_statement",
    finding: Finding | None = None,
    **about: object,
) -> TaskOutcome:
    """A task that is done; with a ``reason`` failed, or skipped when so said."""
    reason = str(about["reason"]) if "reason" in about else None
    status = TaskStatus.FAILED if reason else TaskStatus.DONE
    if about.get("skipped"):
        status = TaskStatus.SKIPPED
    each = about.get("each")
    arguments = about.get("arguments")
    task = Task(
        id=name,
        tool=tool,
        arguments=arguments if isinstance(arguments, dict) else {},
        each=str(each) if each else None,
        goal=str(about.get("goal", "")) or None,
    )
    return TaskOutcome(task, status, reason, None, None, finding or Finding())


def told(*outcomes: TaskOutcome, tasks: tuple[Task, ...] = ()) -> Told:
    """A run's findings, unchecked."""
    evidence = {e.id: e for o in outcomes for e in o.finding.evidence}
    planned = tasks or tuple(o.task for o in outcomes)
    plan = Plan(planned, "Results of HCL.")
    return Told(plan, outcomes, evidence, Verdict((), ()), ())
