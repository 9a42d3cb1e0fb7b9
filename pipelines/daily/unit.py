"""A filing of a day, and the ids filings go by."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from dexter.domain.daily import FilingState
from dexter.domain.filing import Basis
from dexter.domain.period import Quarter

_DIGITS = 12
Span = tuple[datetime, datetime]
"""From a moment on, up to and without another."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A filing of a day.

    Args:
        id: The same for the same bytes, whenever it is looked at and whatever their
            company is called by then.
        day: IST day of its publication; of an unknown one, the day it was first seen.
        symbol: Empty where nobody knows whose it is.
        published_at: Null where nobody told.
        quarter: Of the results in it; null where it has none that can be scored.
        basis: Of the results scores are made of.
        version: Counts proven publications of these results from 1.
        first: Whether its publication is the first of these results.
        settled: What becomes of it without research; null for results to be scored.
        reason: Why it is settled so.
        name: The document's own name, or where the row came from.
        sha256: Of the document; null without one.
        stands_for: Ids under which its absence may have been noted before.
    """

    id: str
    day: date
    symbol: str
    published_at: datetime | None
    quarter: Quarter | None = None
    basis: Basis | None = None
    version: int = 1
    first: bool = True
    settled: FilingState | None = None
    reason: str | None = None
    name: str = ""
    sha256: str | None = None
    stands_for: tuple[str, ...] = ()


def document_id(sha256: str) -> str:
    """The id of a document as a filing.

    Its company is no part of it: who that is may be found out, or renamed, later.
    """
    return sha256[:_DIGITS]


def row_id(symbol: str, period_end: date) -> str:
    """The id of results that came as a row."""
    return f"{symbol}-{period_end}-row"


def absence_id(symbol: str, url: str) -> str:
    """The id of an announced document that did not come.

    Args:
        symbol: As announced, by ticker or scrip code; empty where nobody said.
        url: Its address.
    """
    digest = hashlib.sha256(url.encode()).hexdigest()
    return f"{symbol or 'unknown'}-url-{digest[:_DIGITS]}"
