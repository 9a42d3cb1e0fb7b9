"""Which XBRL documents exist, under which names, with which figures."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from companies import Company
from history import History
from quarters import Q1_FY26, Q3_FY25, Q4_FY25, Quarter
from roster import BY_SYMBOL
from schedule import REVISED_AT, Release
from statements import Statement, close, total

ARCHIVE = "https://nsearchives.nseindia.com/corporate"
CONTRADICTORY = ("SECTOR7", "standalone", Q1_FY26)
UNDECLARED = ("TARANGTEX", "standalone", Q3_FY25)
REVISED = ("PALASHCHEM", "standalone", Q1_FY26)
INLINE = ("DHRUVAERO", "KAVCEM", "PALASHCHEM", "RANGOLIRET", "SETUFIN")
PREFIX = {"general": "INDAS", "nbfc": "NBFC_INDAS", "bank": "BANKING"}
BSE_FOLDER = {"general": "IFIndas", "nbfc": "IFNBFC"}
BSE_NAME = {"general": "Ind_As", "nbfc": "NBFC"}
BSE_TAIL = {"general": "IFIndAs", "nbfc": "IFNBFC"}


@dataclass(frozen=True)
class Filing:
    """One XBRL filing of one basis.

    Attributes:
        statement: The quarter.
        to_date: The year to date, where the filing carries it.
        broadcast: When the exchange sent it out.
        remark: Why it was revised, if it was.
    """

    release: Release
    basis: str
    statement: Statement
    to_date: Statement | None
    broadcast: datetime
    remark: str | None = None

    @property
    def company(self) -> Company:
        """Who filed."""
        return self.release.company

    @property
    def quarter(self) -> Quarter:
        """The quarter it is about."""
        return self.release.quarter

    @property
    def key(self) -> tuple[str, str, int]:
        """(symbol, basis, quarter index)."""
        return self.company.symbol, self.basis, self.quarter.index

    @property
    def integrated(self) -> bool:
        """Whether it belongs to the integrated-filing regime."""
        return self.quarter.index >= Q4_FY25

    @property
    def filed(self) -> date:
        """The day it was broadcast."""
        return self.broadcast.date()

    @property
    def number(self) -> int:
        """A stable number for the exchange's identifiers."""
        text = f"{self.key}/{self.broadcast.isoformat()}"
        return int(hashlib.sha256(text.encode()).hexdigest()[:6], 16)

    @property
    def stem(self) -> str:
        """The exchange's file name, with its twelve-hour time stamp."""
        stamp = self.broadcast.strftime("%d%m%Y%I%M%S")
        kind = PREFIX[self.company.family]
        if self.integrated:
            return f"INTEGRATED_FILING_{kind}_{self.sequence}_{stamp}_WEB.xml"
        application = 900_000 + self.number % 90_000
        return f"{kind}_{application}_{self.sequence}_{stamp}.xml"

    @property
    def sequence(self) -> int:
        """The exchange's sequence number; it grows with time."""
        since = self.broadcast - datetime(2025, 1, 1)
        return 9_000_000 + round(since / timedelta(seconds=30)) + self.number % 3

    @property
    def path(self) -> str:
        """Path of the document inside the filings folder."""
        when = self.broadcast.strftime("%Y%m%d_%H%M")
        return f"xbrl/{self.company.symbol}/{when}_{self.stem}"

    @property
    def url(self) -> str:
        """Where the exchange would serve it."""
        return f"{ARCHIVE}/xbrl/{self.stem}"

    @property
    def bse_name(self) -> str:
        """The other exchange's inline document, folder included."""
        family, when = self.company.family, self.broadcast
        stamp = f"{when.day}{when.month}{when:%Y%H%M%S}"
        return (
            f"{BSE_FOLDER[family]}DuplicateUploadDocument/Integrated_Finance_"
            f"{BSE_NAME[family]}_{self.company.bse_code}_{stamp}_{BSE_TAIL[family]}.html"
        )

    @property
    def inline_path(self) -> str:
        """Path of the inline document inside the filings folder."""
        when = self.broadcast.strftime("%Y%m%d_%H%M")
        return f"xbrl/{self.company.symbol}/{when}_{self.bse_name.split('/')[1]}"

    @property
    def inline(self) -> bool:
        """Whether the sample carries the inline form too."""
        first = self.quarter.index == Q1_FY26 and self.remark is None
        return first and self.company.symbol in INLINE


def filings(
    history: History, releases: dict[tuple[str, int], Release], first: int = Q3_FY25
) -> list[Filing]:
    """Every XBRL filing from quarter ``first`` on, by broadcast time."""
    found = list(_originals(history, releases, first))
    wrong = next(f for f in found if f.key == REVISED)
    found.append(
        replace(
            wrong,
            statement=revised(wrong.statement),
            broadcast=REVISED_AT,
            remark=(
                "Revised on account of a clerical error in deferred tax in the "
                "standalone results filed earlier."
            ),
        )
    )
    return sorted(found, key=lambda f: f.broadcast)


def _originals(
    history: History, releases: dict[tuple[str, int], Release], first: int
) -> Iterator[Filing]:
    for (symbol, index), release in releases.items():
        if index < first:
            continue
        for basis in BY_SYMBOL[symbol].bases:
            parts = [history[symbol, basis, i] for i in release.quarter.year_to_date]
            yield Filing(
                release,
                basis,
                parts[-1],
                total(parts) if len(parts) > 1 else None,
                release.broadcast_of(basis),
            )


def revised(statement: Statement) -> Statement:
    """The same quarter with the deferred tax as it should have been."""
    items = dict(statement.items)
    items["deferred_tax"] += round(1.86 * 10_000_000 / statement.company.unit.tick)
    items = close(statement.company.family, items)
    return Statement(statement.company, statement.basis, items)
