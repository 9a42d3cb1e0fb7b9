"""Documents companies file, and how far each may be trusted."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Basis(StrEnum):
    """Standalone and consolidated results are two statements, never mixed."""

    STANDALONE = "standalone"
    CONSOLIDATED = "consolidated"


class Review(StrEnum):
    """Whether a reading may be used."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    REJECTED = "rejected"


class Grade(StrEnum):
    """A: identities exact; B: within rounding, second reader agrees; C: neither.

    ``imported`` figures came as rows: no document, no identities.
    """

    A = "A"
    B = "B"
    C = "C"
    IMPORTED = "imported"


class DocumentKind(StrEnum):
    """What a file turned out to be."""

    RESULTS = "results"
    NEWSPAPER = "newspaper"
    INTIMATION = "intimation"
    PRESENTATION = "presentation"
    XBRL = "xbrl"
    OTHER = "other"
    NOT_A_DOCUMENT = "not_a_document"


@dataclass(frozen=True, slots=True)
class Filing:
    """A document as kept: its bytes by hash, and when the public first saw it.

    ``known_at`` is null when nobody told us, with the reason beside it. ``flags`` are
    sentences in it that address AI readers: untrusted, quoted, never obeyed.
    """

    sha256: str
    name: str
    kind: DocumentKind
    symbol: str | None
    known_at: datetime | None
    known_at_reason: str | None
    url: str | None
    status: Review
    reason: str | None
    subject: str | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultsEvent:
    """A company's results for a quarter becoming public for the first time."""

    symbol: str
    company: str
    period_end: date
    published_at: datetime
    basis: Basis
    source: str


@dataclass(frozen=True, slots=True)
class ExpectedResults:
    """A board meeting announced to consider results."""

    symbol: str
    company: str
    meeting_date: date
    purpose: str
    known_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Headline:
    """A dated announcement or news line; its text is untrusted.

    ``model_tone`` is what a language model made of it (``Tone``), as far as that was
    known at the moment it was asked for.
    """

    symbol: str
    published_at: datetime
    title: str
    text: str
    source: str
    url: str | None = None
    model_tone: float | None = None

    @property
    def said(self) -> str:
        """What it says: the words that a tone is of."""
        return f"{self.title}\n{self.text}" if self.text else self.title

    @property
    def said_digest(self) -> str:
        """Those words by their hash; whoever says the same has the same."""
        return hashlib.sha256(self.said.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Tone:
    """What a language model made of a text: -1 for bad news to 1 for good.

    It is known from ``read_at`` on, not from the text's publication: a model may
    remember what came after a text from before its training ended. Null where a person
    wants it taken for known as soon as the text was.
    """

    value: float
    read_at: datetime | None
