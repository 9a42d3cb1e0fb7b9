"""A statement as kept, and a run as listed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dexter.domain.filing import Filing
from dexter.domain.reconciliation import Difference
from dexter.domain.statement import Statement


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """A statement with the filing it was read from; revisions are versions.

    ``differences`` are figures of its quarter that it and another filing give
    differently.
    """

    filing: Filing
    statement: Statement
    version: int
    differences: tuple[Difference, ...] = ()


class RunStatus(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run as ``runs list`` shows it."""

    run_id: str
    query: str
    started: datetime
    status: RunStatus
    events: int
    model: str
