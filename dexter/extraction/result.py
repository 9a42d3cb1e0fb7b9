"""What reading one document yields, and the caps it was read under."""

from dataclasses import dataclass

from dexter.domain.filing import DocumentKind, Review
from dexter.domain.identity import Identity
from dexter.domain.statement import Statement

READER_VERSION = 2
"""Raised with every change that may read a document differently: kept documents are
read again by the next import."""
MAX_BYTES = 50_000_000
MAX_PAGES = 500


@dataclass(frozen=True, slots=True)
class Extraction:
    """One document as read; picklable, and a pure function of its bytes.

    ``text_flags`` quotes sentences in the document that address an AI reader. They
    are findings: nothing here ever obeys them. ``identity`` is who the document says
    it is from, where its format has no field for that.
    """

    name: str
    sha256: str
    kind: DocumentKind
    status: Review
    reason: str | None
    pages: int | None
    statements: tuple[Statement, ...] = ()
    text_flags: tuple[str, ...] = ()
    identity: Identity | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader of one format found, before the file's name and hash are added."""

    kind: DocumentKind
    status: Review
    reason: str | None
    pages: int | None = None
    statements: tuple[Statement, ...] = ()
    text_flags: tuple[str, ...] = ()
    identity: Identity | None = None


def verdict(statements: tuple[Statement, ...]) -> tuple[Review, str | None]:
    """The file's status from its statements: accepted only if one of them is.

    A file with one statement proven and one not is accepted with the other's reason,
    because each statement carries its own status.
    """
    reasons = [
        f"page {one.page}: {one.reason}" if one.page else one.reason
        for one in statements
        if one.reason
    ]
    reason = "; ".join(dict.fromkeys(reasons)) or None
    if any(one.status is Review.ACCEPTED for one in statements):
        return Review.ACCEPTED, reason
    return Review.REVIEW, reason or "no statement was found"
