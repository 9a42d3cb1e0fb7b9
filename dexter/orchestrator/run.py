"""What one research run holds in its hands."""

from dataclasses import dataclass
from datetime import datetime

from dexter.domain.moment import AsOf
from dexter.domain.research import Plan
from dexter.journal import Journal
from dexter.orchestrator.spending import Spending
from dexter.ports import Runtime, Watcher
from dexter.tools.base import Toolbox


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the moment research may not look past (null: now).

    ``plan`` is what is carried out; null: the planner makes one of the text.
    """

    text: str
    as_of: datetime | None = None
    plan: Plan | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a run: tasks at once, and follow-ups the validator may ask for."""

    concurrency: int = 16
    follow_ups: int = 3


@dataclass(frozen=True, slots=True)
class Run:
    """The journalled ports, the journal itself, the tools and who looks on."""

    runtime: Runtime
    journal: Journal
    toolbox: Toolbox
    watcher: Watcher
    spending: Spending
    limits: Limits


@dataclass(frozen=True, slots=True)
class Moment:
    """When the run began, and what it may see."""

    began: datetime
    as_of: AsOf
