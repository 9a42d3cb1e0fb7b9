"""Lists of a market folder: who filed what when, who is called what."""

import hashlib
import re
from datetime import date, datetime
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy.engine import Connection

from dexter.domain.company import Family
from dexter.store import tables as t
from dexter.store.keeping import Row, keep_new
from pipelines.ingest.cells import base_name, basis, day, ist, midnight, text
from pipelines.ingest.intake import Intake, NameFact, SourceFile, keep_names

_DIGEST_BYTES = 12
_INFORMED = re.compile(r"^(.{3,80}?) has informed the Exchange")
_MEETING = re.compile(
    r"(?:board )?meeting[^.]{0,60}?(?:to be |will be |is |being )?(?:held|scheduled)"
    r"[^.]{0,40}?\bon\s+"
    r"(\d{1,2}-[A-Za-z]{3}-\d{4}|[A-Z][a-z]+ \d{1,2},? \d{4}|"
    r"\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]+,? \d{4})",
    re.IGNORECASE,
)
_RESULTS = re.compile(
    r"financial results?|quarterly results?|\bresults\b", re.IGNORECASE
)
_HELD = re.compile(
    r"outcome|approved|considered and|inform\w* .*held today", re.IGNORECASE
)
_FAMILIES = (
    ("integrated_filing_", ""),
    ("banking_", Family.BANK),
    ("nbfc_", Family.NBFC),
    ("li_", Family.INSURER),
    ("gi_", Family.INSURER),
)


def symbol_changes(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Former tickers; what was actually traded under a ticker outranks this list."""
    del intake, file
    rows = sorted(table.to_pylist(), key=lambda row: str(row["change_date"]))
    changes: dict[str, Row] = {}
    for row in rows:
        old, new = text(row["old"]), text(row["new"])
        if old and new and old != new:
            changes[old.upper()] = {
                "old": old.upper(),
                "new": new.upper(),
                "changed_on": row["change_date"],
            }
    keep_new(connection, t.renames, list(changes.values()))
    facts = [
        NameFact(str(row["new"]).upper(), name, "symbol changes")
        for row in rows
        if row["new"] and (name := text(row.get("company")))
    ]
    keep_names(connection, facts)
    return len(changes)


def companies(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Names, ISINs, BSE codes and statement formats."""
    del file
    facts = [
        NameFact(
            intake.canon(str(row["symbol"])),
            str(row["name"]).strip(),
            "companies",
            text(row["isin"]),
            text(row.get("bse_code")),
            text(row.get("family")),
        )
        for row in table.to_pylist()
        if row["symbol"] and row["name"]
    ]
    keep_names(connection, facts)
    return len(facts)


def filings_list(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Every quarterly filing with the second it was broadcast and its URL."""
    del file
    rows: list[Row] = []
    families: dict[str, str] = {}
    for row in table.to_pylist():
        name, published = base_name(row["xbrl"]), ist(row["broadcast"])
        if name is None or published is None or row["q_end"] is None:
            continue
        symbol = intake.canon(row["symbol"])
        families[symbol] = family_of(name)
        rows.append(
            {
                "base_name": name,
                "symbol": symbol,
                "published_at": published,
                "basis": str(basis(row["consolidated"]) or ""),
                "period_end": midnight(row["q_end"]),
                "url": row["xbrl"],
                "source": "NSE list of results",
                "subject": None,
            }
        )
    keep_new(connection, t.publications, rows)
    facts = [
        NameFact(symbol, symbol, "filings list", family=family)
        for symbol, family in families.items()
    ]
    keep_names(connection, facts)
    intake.tally.touched.update(families)
    return len(rows)


def announcements(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Announcements as headlines, and the results meetings some of them announce."""
    del file
    rows: list[Row] = []
    called: dict[str, str] = {}
    meetings: list[Row] = []
    silent = [""] * len(table)
    columns = (
        table["symbol"].to_pylist(),
        table["dt"].to_pylist(),
        table["desc"].to_pylist(),
        table["snippet"].to_pylist() if "snippet" in table.column_names else silent,
    )
    for ticker, naive, desc, snippet in zip(*columns, strict=True):
        at = ist(naive)
        if at is None or not ticker:
            continue
        symbol, title, body = intake.canon(ticker), desc or "", snippet or ""
        rows.append(headline(symbol, at, Said(title, body, "NSE announcement")))
        # Nine in ten carry no words to look into.
        if body and (found := _INFORMED.match(body)):
            called[symbol] = found.group(1).strip()
        if body and (meeting := meeting_of(symbol, at, title, body)):
            meetings.append(meeting)
    keep_new(connection, t.news, rows)
    keep_new(connection, t.board_meetings, meetings)
    keep_names(
        connection, [NameFact(s, name, "announcement") for s, name in called.items()]
    )
    return len(rows)


def deals(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Only the names of securities; the deals themselves are not kept yet."""
    del file
    latest = table.group_by(["symbol", "security_name"]).aggregate([("date", "max")])
    ordered = latest.take(pc.sort_indices(latest, [("date_max", "ascending")]))
    called = {
        intake.canon(row["symbol"]): row["security_name"].strip()
        for row in ordered.to_pylist()
        if row["symbol"] and row["security_name"]
    }
    keep_names(connection, [NameFact(s, name, "deals") for s, name in called.items()])
    return len(called)


def family_of(name: str) -> str:
    """The statement format in the name of an XBRL file (``BANKING_…``)."""
    plain = name.lower().removeprefix(_FAMILIES[0][0])
    for prefix, family in _FAMILIES[1:]:
        if plain.startswith(prefix):
            return str(family)
    return str(Family.GENERAL)


class Said(NamedTuple):
    """An announcement's or a story's words, and where they stand.

    ``number`` is the exchange's own, where it gives one: two announcements may say the
    same in the same second.
    """

    title: str
    body: str
    source: str
    url: str | None = None
    number: str = ""


def headline(symbol: str, at: datetime, words: Said) -> Row:
    """A news row, under a key made of what it says."""
    said = f"{symbol}\x1f{at.isoformat()}\x1f{words.title}\x1f{words.body}"
    said += f"\x1f{words.number}" if words.number else ""
    return {
        "digest": hashlib.blake2b(said.encode(), digest_size=_DIGEST_BYTES).hexdigest(),
        "symbol": symbol,
        "published_at": at,
        "title": words.title,
        "text": words.body,
        "source": words.source,
        "url": words.url,
    }


def meeting_of(symbol: str, at: datetime, title: str, body: str) -> Row | None:
    """The results meeting an announcement speaks of, when it lies ahead of it."""
    if "outcome" in title.lower() or not _RESULTS.search(body) or _HELD.search(body):
        return None
    found = _MEETING.search(body)
    meets = meeting_day(found.group(1)) if found else None
    if meets is None or meets < at.date():
        return None
    return meeting_row(symbol, meets, at, body, "NSE announcement")


def meeting_row(
    symbol: str, meets: date, known_at: datetime, purpose: str, source: str
) -> Row:
    """A board meeting row."""
    return {
        "symbol": symbol,
        "meeting_date": meets,
        "known_at": known_at,
        "purpose": purpose,
        "source": source,
    }


def meeting_day(words: str) -> date | None:
    """``30-Oct-2023``, ``November 14, 2017`` and ``14th November 2017``."""
    found = day(words)
    if found is not None:
        return found
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", words.replace(",", " "))
    parts = plain.split()
    if len(parts) != 3:  # noqa: PLR2004 - day, month, year
        return None
    number, month, year = (
        parts if parts[0].isdigit() else (parts[1], parts[0], parts[2])
    )
    return day(f"{number}-{month[:3]}-{year}")
