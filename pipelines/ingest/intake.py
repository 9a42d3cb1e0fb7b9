"""What one import carries along: the store, its counts, who is called what."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.extraction.result import READER_VERSION
from dexter.store.database import Database, set_note
from dexter.store.keeping import Row, keep, load_renames
from dexter.store.tables import imports, names
from pipelines.ingest.report import OnProgress, Tally

# Names in the order they are believed. The best one is shown, all are understood.
RANK = {
    "companies": 0,
    "equity list": 1,
    "index list": 2,
    "results list": 3,
    "scrip master": 4,
    "announcement": 5,
    "board meeting": 6,
    "security list": 7,
    "statement": 8,
    "deals": 9,
    "symbol changes": 10,
    "document": 11,
    "document code": 12,
    "filings list": 90,
}

# What only documents say of themselves; made again whenever keys are settled.
FROM_DOCUMENTS = ("document", "document code")

# Set with the first file of an import, cleared when keys, events and seasons agree
# again; found set, the import before was interrupted and everything is made again.
UNSETTLED = "unsettled"
# Of a document: which reader read it. Another one reads it again.
READ_STATE = f"read {READER_VERSION}"
# Before a scrip code: the key of a company no ticker is known for (yet).
BSE = "BSE:"


@dataclass(slots=True)
class Intake:
    """An import under way.

    ``called`` are the documents that came: hash and name, each name of the same bytes.
    ``interrupted`` says that an import before this one never got to its end.
    """

    database: Database
    on_progress: OnProgress
    moment: datetime | None
    tally: Tally = field(default_factory=Tally)
    renames: dict[str, str] = field(default_factory=dict)
    called: list[tuple[str, str]] = field(default_factory=list)
    interrupted: bool = field(init=False)

    def __post_init__(self) -> None:
        self.interrupted = self.database.note(UNSETTLED) == "yes"
        self.refresh()

    def refresh(self) -> None:
        """Learn the renames known so far."""
        with self.database.read() as connection:
            self.renames = load_renames(connection)

    def canon(self, symbol: str) -> str:
        """The latest ticker of a ticker."""
        plain = symbol.strip().upper()
        return self.renames.get(plain, plain)

    def taken(self, sha256: str, state: str | None = None) -> bool:
        """Whether a file of this content came in before (into this state)."""
        query = sa.select(imports.c.sha256).where(imports.c.sha256 == sha256)
        if state is not None:
            query = query.where(imports.c.state == state)
        with self.database.read() as connection:
            return connection.scalar(query) is not None

    def took(
        self,
        connection: Connection,
        file: "SourceFile",
        kind: str,
        rows: int,
        state: str = "imported",
    ) -> None:
        """Note, inside its transaction, that a file came in."""
        row: Row = {
            "sha256": file.sha256,
            "name": file.name,
            "kind": kind,
            "rows": rows,
            "state": state,
            "reason": None,
            "imported_at": self.moment,
        }
        keep(connection, imports, [row])
        set_note(connection, UNSETTLED, "yes")

    def counted(self, kind: str, rows: int) -> None:
        """Count a file and its rows, once its transaction is durable."""
        self.tally.files["imported"] += 1
        self.tally.rows[kind] += rows


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that came: where it lies, what it is called, the hash of its bytes."""

    path: Path
    name: str
    sha256: str

    @property
    def own_name(self) -> str:
        """Its name without the folders it came in."""
        return self.name.rsplit("/", 1)[-1]


def fingerprint(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class NameFact:
    """Somebody calling a ticker by a name."""

    symbol: str
    name: str
    source: str
    isin: str | None = None
    bse_code: str | None = None
    family: str | None = None


def keep_names(connection: Connection, facts: Sequence[NameFact]) -> None:
    """Keep what companies are called; the rank of the source decides later."""
    rows = {
        (fact.symbol, fact.name, fact.source, fact.isin, fact.family): {
            "symbol": fact.symbol,
            "name": fact.name[:255],
            "source": fact.source,
            "rank": RANK[fact.source],
            "isin": fact.isin or "",
            "bse_code": fact.bse_code,
            "family": fact.family or "",
        }
        for fact in facts
        if fact.symbol and fact.name
    }
    keep(connection, names, list(rows.values()))
