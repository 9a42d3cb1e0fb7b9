"""Which document is whose, and when it was public, by the exchanges' own lists."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.store import tables as t
from dexter.store.keeping import load_renames
from dexter.store.linking import plain_name
from pipelines.ingest.belonging import Listed, Paper, listed, papers
from pipelines.ingest.intake import NameFact
from pipelines.ingest.unlisted import senders

UNMATCHED = "no list of filings or announcements names this document"
_LEADING = re.compile(r"^([A-Z0-9&-]+)[_.]")


class Publication(NamedTuple):
    """A list row that names a document."""

    published_at: datetime
    symbol: str
    url: str | None
    subject: str | None


@dataclass(slots=True)
class Senders:
    """Whose the documents are, by their own pages: hash → key, and those keys' names.

    ``sure`` are the documents of listed companies.
    """

    listed: Listed = field(default_factory=Listed)
    papers: dict[str, Paper] = field(default_factory=dict)
    sure: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    facts: tuple[NameFact, ...] = ()


def read_senders(connection: Connection) -> Senders:
    """Who sent the documents, from what they say and what lists say."""
    known = listed(connection, load_renames(connection))
    found = Senders(known)
    unlisted: list[Paper] = []
    for paper in papers(connection):
        found.papers[paper.sha256] = paper
        symbol = known.of(paper)
        if symbol:
            found.sure[paper.sha256] = symbol
        elif not known.claimed(paper):
            unlisted.append(paper)
    facts: list[NameFact] = []
    for sender in senders(unlisted):
        key = sender.key
        if key is None or key in known.tickers:
            continue
        found.keys.update((paper.sha256, key) for paper in sender.papers)
        facts += sender.facts()
    found.facts = tuple(facts)
    return found


def match_publications(
    connection: Connection, called: Mapping[str, str], said: Senders
) -> set[str]:
    """Give every kept document its publication time, URL and company.

    ``known_at`` is the broadcast or dissemination time of the earliest list row that
    names the document, under any of the names it came in by; a document nobody names
    keeps null with its reason. A row of one company never dates another's document.

    Args:
        connection: Inside the transaction to write in.
        called: Plain company names to tickers, for documents no list names.
        said: Who sent the documents, by their own pages.

    Returns:
        Tickers whose documents changed.
    """
    rows = _listed(connection)
    names = _names(connection)
    renames = load_renames(connection)
    tickers = set(connection.scalars(sa.select(t.names.c.symbol).distinct()))
    tickers |= set(renames) | set(renames.values())
    touched: set[str] = set()
    for row in connection.execute(sa.select(t.filings)).mappings().all():
        mine = said.sure.get(row["sha256"])
        under = {row["base_name"], *names[row["sha256"]]}
        found, reason = _first([r for n in under for r in rows[n]], mine)
        symbol = found.symbol if found else _own(row, called, tickers, said)
        symbol = renames.get(symbol, symbol) if symbol else None
        values = {
            "symbol": symbol or None,
            "known_at": found.published_at if found else None,
            "known_at_reason": reason,
            "url": found.url if found else None,
            "subject": found.subject if found else None,
        }
        if all(row[name] == value for name, value in values.items()):
            continue
        which = t.filings.c.sha256 == row["sha256"]
        connection.execute(sa.update(t.filings).where(which).values(**values))
        touched.update(s for s in (row["symbol"], symbol) if s)
    return touched


def _first(
    rows: Sequence[Publication], mine: str | None
) -> tuple[Publication | None, str | None]:
    """The earliest row that may speak of a document, or why there is none."""
    fitting = [row for row in rows if mine in {None, row.symbol}]
    if fitting:
        return min(fitting, key=lambda row: row.published_at), None
    if rows:
        whose = ", ".join(sorted({row.symbol for row in rows}))
        return None, f"the list names {whose}, the document itself says {mine}"
    return None, UNMATCHED


def _listed(connection: Connection) -> dict[str, list[Publication]]:
    p, kept = t.publications.c, t.filings.c.base_name
    also = sa.select(t.document_names.c.base_name)
    query = (
        sa.select(p.base_name, p.published_at, p.symbol, p.url, p.subject)
        .where(p.base_name.in_(sa.select(kept).union(also)))
        .order_by(p.published_at, p.source, p.symbol)
    )
    found: dict[str, list[Publication]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.base_name].append(
            Publication(row.published_at, row.symbol, row.url, row.subject)
        )
    return found


def _names(connection: Connection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    query = sa.select(t.document_names.c.sha256, t.document_names.c.base_name)
    for sha256, name in connection.execute(query):
        found[sha256].add(name)
    return found


def _own(
    row: RowMapping, called: Mapping[str, str], tickers: set[str], said: Senders
) -> str | None:
    """The company a document itself names: code, name, or its file name's start."""
    sha256 = row["sha256"]
    if symbol := said.sure.get(sha256) or said.keys.get(sha256):
        return symbol
    paper = said.papers.get(sha256)
    if paper is None and row["own_symbol"]:
        return str(row["own_symbol"])
    if row["company"] and (symbol := called.get(plain_name(row["company"]))):
        return symbol
    leading = _LEADING.match(row["name"].rsplit("/", 1)[-1])
    if not leading or leading.group(1) not in tickers:
        return None
    symbol = leading.group(1)
    return symbol if paper is None or said.listed.speaks_for(symbol, paper) else None
