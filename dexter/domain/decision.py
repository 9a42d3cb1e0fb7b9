"""What a person decided about a statement: who, when, what changed, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dexter.domain.filing import Filing, Review
from dexter.domain.statement import Statement


class Action(StrEnum):
    """What a person did with a statement."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a person changed: a cell (``net_profit:current``), unit or basis."""

    what: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """As one line says it."""
        return f"{self.what} {self.before or '–'} → {self.after or '–'}"


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's word on one statement, or on a whole document; never altered.

    Attributes:
        ordinal: the statement's place in its document when it was decided; ``None``
            for the whole document.
        chain: the number of the first decision about the same statement.
        reading: what the reader had read; ``None`` where it had read nothing.
        statement: the statement after the decision; ``None`` for a whole document.
    """

    sha256: str
    number: int
    chain: int
    ordinal: int | None
    action: Action
    by: str
    at: datetime
    because: str | None
    changes: tuple[Change, ...]
    reading: Statement | None
    statement: Statement | None


@dataclass(frozen=True, slots=True)
class Case:
    """A statement of a kept document, with what was decided about it so far.

    ``statement`` is the one in effect. It is empty, and ``ordinal`` ``None``, for a
    document in which the reader found no statement.
    """

    id: str
    filing: Filing
    company: str | None
    ordinal: int | None
    statement: Statement
    reading: Statement | None
    decisions: tuple[Decision, ...] = ()

    @property
    def status(self) -> Review:
        """Whether it waits; a document without statements by its own status."""
        return self.filing.status if self.ordinal is None else self.statement.status

    @property
    def reason(self) -> str | None:
        """Why it waits."""
        return self.filing.reason if self.ordinal is None else self.statement.reason
