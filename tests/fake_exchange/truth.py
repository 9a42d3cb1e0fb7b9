"""What a complete collection must hold at a moment, and nothing else."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from tests.fake_exchange.papers import content
from tests.fake_exchange.season import Paper


@dataclass(frozen=True, slots=True)
class Publication:
    """A list row that names a document.

    ``name`` is the last part of the address in lower case; ``symbol`` is NSE's on that
    day, or ``BSE:512345`` for a BSE row. ``period_end`` and ``basis`` are those the row
    states, else None and empty.
    """

    name: str
    symbol: str
    published_at: datetime
    source: str
    paper: Paper
    url: str
    period_end: date | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A board meeting as NSE lists it."""

    symbol: str
    on: date
    told_at: datetime


@dataclass(frozen=True, slots=True)
class TrueBar:
    """A session in rupees; ``base`` is the exchange's base price."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    last: Decimal
    previous_close: Decimal
    base: Decimal
    volume: int
    turnover: Decimal
    trades: int
    delivered: int | None
    isin: str
    circuit: str


@dataclass(frozen=True, slots=True)
class TrueAction:
    """A corporate action; ``factor`` multiplies earlier prices."""

    symbol: str
    ex_date: date
    kind: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Rename:
    """An NSE symbol that changed."""

    old: str
    new: str
    changed_on: date


@dataclass(frozen=True, slots=True)
class TrueStory:
    """A news item of one of the feeds."""

    feed: str
    title: str
    published_at: datetime
    url: str


Listing = tuple[str, str, date]
Band = Decimal | str


@dataclass(frozen=True)
class Truth:
    """Everything public at ``now``.

    ``bse_announcements`` are NEWSIDs; ``nse_announcements`` are symbol, ``an_dt`` and
    file name (``-`` without one) of the index ``equities``, ``nse_sme_announcements``
    those of ``sme``. Bars are by symbol and series (BSE: code and group)
    and day; ``bands`` are by the session they are in force on: per cent or "no band";
    ``ticks`` by the session whose security master prints them.
    """

    now: datetime
    bse_announcements: frozenset[str]
    nse_announcements: frozenset[tuple[str, str, str]]
    nse_sme_announcements: frozenset[tuple[str, str, str]]
    publications: tuple[Publication, ...]
    meetings: frozenset[Meeting]
    nse_bars: Mapping[Listing, TrueBar]
    bse_bars: Mapping[Listing, TrueBar]
    bands: Mapping[Listing, Band]
    ticks: Mapping[Listing, Decimal]
    index_closes: Mapping[tuple[str, date], Decimal]
    actions: frozenset[TrueAction]
    renames: frozenset[Rename]
    stories: tuple[TrueStory, ...]

    @cached_property
    def first_public(self) -> Mapping[str, datetime]:
        """The earliest moment each document name was public."""
        found: dict[str, datetime] = {}
        for one in self.publications:
            earlier = found.get(one.name, one.published_at)
            found[one.name] = min(earlier, one.published_at)
        return found

    @cached_property
    def documents(self) -> Mapping[str, str]:
        """SHA-256 of every document by its name; writes all of them."""
        hashes: dict[Paper, str] = {}
        found: dict[str, str] = {}
        for one in self.publications:
            if one.paper not in hashes:
                hashes[one.paper] = hashlib.sha256(content(one.paper)).hexdigest()
            found[one.name] = hashes[one.paper]
        return found
