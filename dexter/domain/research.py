"""A question on its way to a report; the report is the shape of ``ask --json``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from dexter.domain.alert import (
    Alert,
    Blockbuster,
    Prediction,
    VolatilityContraction,
)
from dexter.domain.evidence import Evidence
from dexter.domain.statement import Check


class TaskStatus(StrEnum):
    """What became of a task."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class ReportStatus(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    ABSTAINED = "abstained"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to find out: a tool with arguments, or a goal for an agent with tools.

    ``each`` names a task whose subjects this task is repeated for, one action agent a
    company; the repeated argument is ``symbol``.
    """

    id: str
    tool: str | None
    arguments: Mapping[str, object]
    depends_on: tuple[str, ...] = ()
    each: str | None = None
    goal: str | None = None
    agent: str = "action"


@dataclass(frozen=True, slots=True)
class Absence:
    """Something that was looked for and is not there, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Tasks, and how the question was understood, in words for the person.

    ``missing`` is what of the question no task can answer.
    """

    tasks: tuple[Task, ...]
    understood_as: str
    cannot: str | None = None
    missing: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Values that should agree and do not; ids of evidence."""

    what: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a task brought back: evidence, absences, subjects; never prose alone.

    ``subjects`` are symbols later tasks may be repeated for, in the tool's own order.
    ``checks`` are the accounting rules the read documents passed or failed;
    ``warnings`` are written by code. The scores are there when the tool made one.
    """

    evidence: tuple[Evidence, ...] = ()
    absences: tuple[Absence, ...] = ()
    subjects: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    warnings: tuple[str, ...] = ()
    blockbuster: Blockbuster | None = None
    prediction: Prediction | None = None
    vcp: VolatilityContraction | None = None
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """A task with its status, its clock and what it found."""

    task: Task
    status: TaskStatus
    reason: str | None
    started: datetime | None
    finished: datetime | None
    finding: Finding = field(default_factory=Finding)


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task as the report tells it."""

    id: str
    agent: str
    tool: str | None
    arguments: Mapping[str, object]
    depends_on: tuple[str, ...]
    status: TaskStatus
    reason: str | None
    started: datetime | None
    finished: datetime | None


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """The plan as carried out."""

    understood_as: str
    tasks: tuple[PlannedTask, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One published sentence: as written with references, and as rendered."""

    text: str
    rendered: str
    value: Decimal | None
    unit: str | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The words, with every number rendered by code from evidence."""

    markdown: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run cost; ``usd`` is null, with its reason, when a price is unknown."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal | None = Decimal(0)
    usd_reason: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class JournalHead:
    """How many events the run has, and the hash of the last one."""

    events: int
    head: str


@dataclass(frozen=True, slots=True)
class Report:
    """One research run, as ``ask --json`` prints it."""

    run_id: str
    query: str
    as_of: datetime
    status: ReportStatus
    reason: str | None
    model: str
    plan: PlanRecord
    answer: Answer
    evidence: Mapping[str, Evidence]
    absences: tuple[Absence, ...]
    conflicts: tuple[Conflict, ...]
    checks: tuple[Check, ...]
    alerts: tuple[Alert, ...]
    usage: Usage
    journal: JournalHead | None = None
    notices: tuple[str, ...] = ()
