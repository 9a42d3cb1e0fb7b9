"""After the files: one key per company, publications matched, events dated.

Everything here is a pure function of what is kept, so the order in which folders came
in leaves no trace.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from dexter.domain.filing import Basis
from dexter.store import tables as t
from dexter.store.database import set_note
from dexter.store.directory import DIRECTORY_NOTE
from dexter.store.identity import closed
from dexter.store.keeping import Row, keep, load_renames, move
from dexter.store.linking import plain_name
from pipelines.ingest.audit import audit
from pipelines.ingest.intake import BSE, FROM_DOCUMENTS, Intake, keep_names
from pipelines.ingest.publications import Senders, match_publications, read_senders

_KEYED = (t.publications, t.figures, t.news, t.board_meetings, t.names, t.actions)
_CHUNK = 400


class First(NamedTuple):
    """A candidate for the first publication of a quarter's results."""

    published_at: datetime
    order: int
    basis: str
    source: str


def settle(intake: Intake) -> None:
    """Bring keys, names, publication times and events into agreement."""
    with intake.database.write() as connection:
        _settle_tickers(intake, connection)
        said = _settle_senders(connection)
        matched = match_publications(connection, called(connection), said)
        intake.tally.touched.update(matched)
        _settle_companies(connection)
        _settle_events(connection, intake.tally.touched)
        audit(connection, intake.tally.touched)


def _settle_senders(connection: Connection) -> Senders:
    """Name the companies that are known only from their own documents."""
    n = t.names.c.source
    connection.execute(sa.delete(t.names).where(n.in_(FROM_DOCUMENTS)))
    said = read_senders(connection)
    keep_names(connection, said.facts)
    return said


def _settle_tickers(intake: Intake, connection: Connection) -> None:
    intake.renames = load_renames(connection)
    # Both steps may meet: a scrip code tied to a former ticker.
    renames = closed({**intake.renames, **scrip_codes(connection)})
    for table in _KEYED:
        held = set(connection.scalars(sa.select(table.c.symbol).distinct()))
        for old in sorted(held & renames.keys()):
            move(connection, table, old, renames[old])
            intake.tally.touched.update((old, renames[old]))


def scrip_codes(connection: Connection) -> dict[str, str]:
    """BSE scrip codes → tickers: as a list says, or by the same ISIN."""
    n = t.names.c
    tied: dict[str, str] = {}
    tickers: dict[str, str] = {}
    unnamed: list[tuple[str, str]] = []
    query = sa.select(n.symbol, n.isin, n.bse_code).order_by(
        n.rank.desc(), n.symbol, n.isin
    )
    for symbol, isin, code in connection.execute(query):
        if symbol.startswith(BSE):
            unnamed.append((symbol, isin))
            continue
        if isin:
            tickers[isin] = symbol
        if code:
            tied[f"{BSE}{code}"] = symbol
    by_isin = {key: tickers[isin] for key, isin in unnamed if isin in tickers}
    return {**by_isin, **tied}


def called(connection: Connection) -> dict[str, str]:
    """Plain company name → ticker, where only one company goes by it."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(sa.select(t.names.c.symbol, t.names.c.name)):
        found[plain_name(row.name)].add(row.symbol)
    return {name: min(who) for name, who in found.items() if len(who) == 1 and name}


def _settle_companies(connection: Connection) -> None:
    known: dict[str, list[RowMapping]] = defaultdict(list)
    ordered = sa.select(t.names).order_by(
        t.names.c.rank, t.names.c.name, t.names.c.isin, t.names.c.family
    )
    for row in connection.execute(ordered).mappings():
        known[row["symbol"]].append(row)
    former: dict[str, list[str]] = defaultdict(list)
    for old, new in sorted(load_renames(connection).items()):
        former[new].append(old)
    reporting = {
        symbol
        for query in (
            sa.select(t.figures.c.symbol),
            sa.select(t.publications.c.symbol).where(
                t.publications.c.period_end.is_not(None)
            ),
            sa.select(t.filings.c.symbol),
        )
        for symbol in connection.scalars(query.distinct())
        if symbol
    }
    listed = set(reporting)
    # Shares with differential voting rights report under the company's own ticker.
    reporting = {symbol for symbol in reporting if not symbol.endswith("DVR")}
    traded = sa.select(t.renames.c.new).where(t.renames.c.changed_on.is_(None))
    listed |= set(connection.scalars(traded))
    # A list of renames names funds and bonds too; only ranks below it make a company.
    weak = ("symbol changes", "deals")
    listed |= {
        s for s, rows in known.items() if any(r["source"] not in weak for r in rows)
    }
    rows = [
        _company(symbol, known[symbol], former[symbol]) for symbol in sorted(listed)
    ]
    _unname_other_classes(rows, reporting)
    connection.execute(sa.delete(t.companies))
    keep(connection, t.companies, rows)
    stamp = hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()
    set_note(connection, DIRECTORY_NOTE, stamp)


def _unname_other_classes(rows: list[dict[str, Any]], reporting: set[str]) -> None:
    """A second class of shares goes by its ticker alone: the name is the company's."""
    of_reporters = {
        plain_name(name)
        for row in rows
        if row["symbol"] in reporting
        for name in (row["name"], *json.loads(row["aliases"]))
    }
    for row in rows:
        if row["symbol"] in reporting:
            continue
        aliases = json.loads(row["aliases"])
        kept = [name for name in aliases if plain_name(name) not in of_reporters]
        row["aliases"] = json.dumps(kept)
        if plain_name(row["name"]) in of_reporters:
            row["name"] = row["symbol"]


def _company(symbol: str, facts: list[RowMapping], former: list[str]) -> dict[str, Any]:
    named = [fact for fact in facts if fact["name"] != symbol]
    name = named[0]["name"] if named else symbol
    seen = {plain_name(name)}
    aliases = list(former)
    for fact in named[1:]:
        if plain_name(fact["name"]) not in seen:
            seen.add(plain_name(fact["name"]))
            aliases.append(fact["name"])
    return {
        "symbol": symbol,
        "name": name,
        "isin": _first(facts, "isin"),
        "bse_code": _first(facts, "bse_code"),
        "family": _first(facts, "family"),
        "aliases": json.dumps(aliases),
    }


def _first(facts: Iterable[RowMapping], column: str) -> str | None:
    return next((fact[column] for fact in facts if fact[column]), None)


def _settle_events(connection: Connection, touched: set[str]) -> None:
    wanted = sorted(touched)
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        firsts: dict[tuple[str, date], First] = {}
        for symbol, period_end, candidate in _candidates(connection, some):
            key = (symbol, period_end)
            if key not in firsts or candidate < firsts[key]:
                firsts[key] = candidate
        connection.execute(sa.delete(t.events).where(t.events.c.symbol.in_(some)))
        keep(connection, t.events, [_event(key, one) for key, one in firsts.items()])


def _event(key: tuple[str, date], first: First) -> Row:
    return {
        "symbol": key[0],
        "period_end": key[1],
        "published_at": first.published_at,
        "basis": first.basis,
        "source": first.source,
    }


def _candidates(
    connection: Connection, symbols: list[str]
) -> Iterable[tuple[str, date, First]]:
    f, p = t.figures.c, t.publications.c
    dated = sa.select(f.symbol, f.period_end, f.published_at, f.basis, f.origin).where(
        f.symbol.in_(symbols), f.published_at.is_not(None)
    )
    for symbol, end, at, basis, origin in connection.execute(dated):
        yield symbol, end, First(at, 0, basis, origin)
    listed = sa.select(p.symbol, p.period_end, p.published_at, p.basis, p.source).where(
        p.symbol.in_(symbols), p.period_end.is_not(None)
    )
    for symbol, end, at, basis, source in connection.execute(listed):
        yield symbol, end, First(at, 1, basis or Basis.STANDALONE.value, source)
    read = (
        sa.select(
            t.filings.c.symbol,
            t.statements.c.period_end,
            t.filings.c.known_at,
            t.statements.c.basis,
            t.filings.c.name,
        )
        .join(t.statements, t.statements.c.sha256 == t.filings.c.sha256)
        .where(t.filings.c.symbol.in_(symbols), t.filings.c.known_at.is_not(None))
        .where(
            t.statements.c.period_end.is_not(None), t.statements.c.basis.is_not(None)
        )
    )
    for symbol, end, at, basis, name in connection.execute(read):
        yield symbol, end, First(at, 2, basis, name)
