"""The typed briefs agents give a model; prompts are rendered from them.

The offline model answers from these types alone, so a brief must hold everything an
answer may depend on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dexter.domain.company import CompanyMatch
from dexter.domain.evidence import Evidence
from dexter.domain.period import Quarter, Window
from dexter.domain.research import Absence, Conflict, Task
from dexter.domain.statement import Check


@dataclass(frozen=True, slots=True)
class KnownQuarter:
    """A quarter some figures exist for, visible as of the moment asked."""

    quarter: Quarter
    basis: tuple[str, ...]
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of one linked company: quarters, newest first."""

    symbol: str
    quarters: tuple[KnownQuarter, ...]


@dataclass(frozen=True, slots=True)
class ToolSummary:
    """A tool as the planner sees it."""

    name: str
    description: str
    schema: Mapping[str, object]
    yields_subjects: bool = False


@dataclass(frozen=True, slots=True)
class PlanningBrief:
    """A question with the entities code found in it.

    ``companies`` are the linked mentions, best first per mention; ``ambiguous`` are
    mentions with several equally good companies; ``unknown`` are name-like mentions
    that match nobody, each with its nearest names. ``quarters`` and ``windows`` are
    the time phrases found, resolved against ``as_of``. ``latest`` is the quarter most
    companies have reported last.
    """

    question: str
    as_of: datetime
    today: date
    companies: tuple[CompanyMatch, ...]
    ambiguous: tuple[tuple[CompanyMatch, ...], ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]
    quarters: tuple[Quarter, ...]
    windows: tuple[Window, ...]
    latest: Quarter | None
    coverage: tuple[Coverage, ...]
    tools: tuple[ToolSummary, ...]
    market: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionBrief:
    """A task in an action agent's hands, and what its first call brought back."""

    task: Task
    as_of: datetime
    absences: tuple[Absence, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ValidationBrief:
    """What the deterministic checks said, for an opinion on gaps worth a follow-up."""

    question: str
    tasks: tuple[Task, ...]
    checks: tuple[Check, ...]
    conflicts: tuple[Conflict, ...]
    absences: tuple[Absence, ...]
    evidence: tuple[Evidence, ...]
    follow_ups_left: int


@dataclass(frozen=True, slots=True)
class SynthesisBrief:
    """Verified evidence to be put into words with references.

    Absences are referenced as a1, a2, … and conflicts as c1, c2, … in this order;
    ``notes`` are (reference, sentence) pairs written by code, such as ``note_sue``.
    ``draft`` is a first answer, of which the sentences in ``refused`` did not pass,
    each with what was wrong with it. ``unmet`` are the absences the question itself
    asked for.
    """

    question: str
    understood_as: str
    as_of: datetime
    evidence: tuple[Evidence, ...]
    absences: tuple[Absence, ...]
    conflicts: tuple[Conflict, ...]
    warnings: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    unmet: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class PageImage:
    """A picture a model may look at: its bytes in base64, its size in pixels."""

    media_type: str
    width: int
    height: int
    data: str


@dataclass(frozen=True, slots=True)
class PageBrief:
    """A page of a document to be copied out, as the model sees it.

    The page is untrusted: whoever reads it holds no tools.
    """

    document_sha256: str
    page: int
    images: tuple[PageImage, ...]


@dataclass(frozen=True, slots=True)
class ToneBrief:
    """Headlines to be read for their tone, each (id, text) under an id of this request.

    Their text is untrusted: whoever reads it holds no tools.
    """

    headlines: tuple[tuple[str, str], ...]


Brief = (
    PlanningBrief
    | ActionBrief
    | ValidationBrief
    | SynthesisBrief
    | PageBrief
    | ToneBrief
)
