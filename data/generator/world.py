"""Everything the sample market consists of, before any file is written."""

from dataclasses import dataclass
from typing import TypeAlias

from documents import Document, documents
from filings import Filing, filings
from history import History, histories
from news import Notice, notices
from prices import Bar, all_bars
from schedule import Release, releases
from surprise import surprises

Releases: TypeAlias = dict[tuple[str, int], Release]


@dataclass(frozen=True)
class World:
    """The sample market.

    Attributes:
        seed: What the random parts grew from.
        history: Statements by (symbol, basis, quarter index).
        releases: Dated results by (symbol, quarter index).
        filings: XBRL filings of the three seasons.
        documents: Results PDFs.
        notices: Exchange announcements.
        surprises: SUE by ``symbol/quarter index``.
        bars: Daily bars by symbol.
    """

    seed: int
    history: History
    releases: Releases
    filings: list[Filing]
    documents: list[Document]
    notices: list[Notice]
    surprises: dict[str, float]
    bars: dict[str, list[Bar]]


def build(seed: int) -> World:
    """The market that grows from a seed."""
    history, dated = histories(seed), releases(seed)
    found = filings(history, dated)
    made = documents(found, dated)
    attached = {(d.company.symbol, d.quarter.index, d.revision): d.name for d in made}
    told = notices(dated, attached)
    shocks = surprises(history)
    bars = all_bars(seed, dated, shocks)
    return World(seed, history, dated, found, made, told, shocks, bars)
