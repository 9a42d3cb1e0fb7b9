"""A day's filings, each in exactly one state, and the day itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dexter.domain.filing import Basis


class FilingState(StrEnum):
    """What became of a filing.

    ``REVIEW``: it was read and does not prove itself. ``NO_DOCUMENT``: announced, and
    no document came. ``FAILED``: something of ours or the machine's went wrong.
    """

    ALERTED = "alerted"
    NO_ALERT = "no_alert"
    REVIEW = "review"
    NO_DOCUMENT = "no_document"
    NOT_RESULTS = "not_results"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DayFiling:
    """A filing as it was decided.

    ``version`` counts publications of the same results (a revised filing is the next);
    ``rule`` names the rule of ``dexter.toml`` that spoke; ``alert_id`` and
    ``alert_version`` what was said. ``published_at`` is null where nobody told.
    """

    id: str
    version: int
    day: date
    symbol: str
    basis: Basis | None
    state: FilingState
    reason: str | None
    published_at: datetime | None
    run_id: str | None
    rule: str | None
    alert_id: str | None
    alert_version: int | None
    decided_at: datetime
    attempts: int = 1


class DayState(StrEnum):
    """How a day ended, or that it has not."""

    OPEN = "open"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A day as the operator's record has it.

    ``sources`` are what was asked and how it answered; ``body`` the day's report as
    ``daily --json`` prints it, null until it ended once.
    """

    day: date
    state: DayState
    run_id: str
    started_at: datetime
    ended_at: datetime | None = None
    reason: str | None = None
    sources: Mapping[str, str] | None = None
    body: str | None = None
