"""A small invented home of results, written row by row, and days run over it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from dexter.domain.company import Family
from dexter.domain.delivery import Message, Receipt
from dexter.domain.filing import Basis, Grade, Review
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.domain.statement import (
    Cell,
    Column,
    ColumnRole,
    Item,
    Method,
    Statement,
    Unit,
)
from dexter.errors import ChannelBusyError
from dexter.operating import Alerting, ChannelName, Operating, Recipient, Rule
from dexter.ports import Channel
from dexter.settings import Settings
from dexter.store import tables as t
from dexter.store.codec import statement_text
from dexter.store.database import Database, set_note
from dexter.store.directory import DIRECTORY_NOTE
from dexter.store.documents import Documents
from dexter.store.keeping import keep, keep_new
from pipelines.daily.collecting import World
from pipelines.daily.report import DayReport
from pipelines.daily.running import Means
from pipelines.ingest.intake import READ_STATE
from pipelines.ingest.report import silent
from pipelines.runtime import REAL, Desk, Market
from tests.store.conftest import event, figure, ist

STANDALONE, CONSOLIDATED = Basis.STANDALONE, Basis.CONSOLIDATED
Q1 = Quarter(2026, 1)
DAY = date(2025, 8, 12)
HOUR = 3600.0
EVENING = ist("2025-08-12T21:00:00")
NEXT_MORNING = ist("2025-08-13T08:00:00")
LOUD = Operating(
    alerts=Alerting(rules=(Rule(name="all", priority="medium"),)),
    recipients=(
        Recipient(name="me", channel=ChannelName.WEBHOOK, to="https://a.example/"),
    ),
)
"""Every result is alerted, to one recipient."""


def sha(name: str) -> str:
    """The hash of the bytes of a document called so."""
    return hashlib.sha256(name.encode()).hexdigest()


def short(name: str) -> str:
    """The id of a document called so, as a filing."""
    return sha(name)[:12]


def at(clock: str, day: date = DAY) -> datetime:
    """A moment of a day, IST."""
    return ist(f"{day}T{clock}")


def said(
    profit: str = "12.10",
    basis: Basis | None = STANDALONE,
    quarter: Quarter = Q1,
    **about: Any,  # noqa: ANN401 - fields of a statement
) -> Statement:
    """A statement in crore, accepted unless said otherwise."""
    items = {
        Item.REVENUE: about.pop("revenue", "120.50"),
        Item.NET_PROFIT: profit,
        Item.EPS_BASIC: about.pop("eps", "3.45"),
    }
    months = about.pop("months", 3)
    method = Method.XBRL if about.pop("xbrl", False) else Method.TEXT
    cells = {
        item: Cell(Decimal(value), value, method, page=2, row=item.value)
        for item, value in items.items()
    }
    values: dict[str, Any] = {
        "basis": basis,
        "family": Family.GENERAL,
        "audited": False,
        "unit": Unit.CRORE,
        "period_end": quarter.end,
        "months": months,
        "page": 2,
        "grade": Grade.A,
        "status": Review.ACCEPTED,
        "reason": None,
        "columns": {ColumnRole.CURRENT: Column(quarter.end, months, cells)},
    }
    return Statement(**{**values, **about})


DOUBTFUL = said(status=Review.REVIEW, reason="it does not add up")


@dataclass
class Home:
    """A home under way."""

    database: Database
    lists: list[tuple[str, date, datetime]] = field(default_factory=list)

    def put(self, table: str, *rows: Mapping[str, object]) -> None:
        """Write rows."""
        with self.database.write() as connection:
            keep(connection, t.metadata.tables[table], rows)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Every row of a table."""
        with self.database.read() as connection:
            found = connection.execute(t.metadata.tables[table].select()).mappings()
            return [dict(row) for row in found]

    def company(self, symbol: str) -> None:
        """Somebody who reports."""
        blank = {"isin": None, "bse_code": None, "family": "general", "aliases": "[]"}
        row = {**blank, "symbol": symbol, "name": f"{symbol.title()} Limited"}
        self.put("companies", row)
        with self.database.write() as connection:
            set_note(connection, DIRECTORY_NOTE, symbol)

    def paper(
        self,
        name: str,
        known_at: datetime | None,
        *statements: Statement,
        symbol: str | None = "ABC",
        **about: Any,  # noqa: ANN401 - columns
    ) -> None:
        """A document that was read."""
        good = any(one.status is Review.ACCEPTED for one in statements)
        row: dict[str, object] = {
            "sha256": sha(name),
            "name": name,
            "base_name": name,
            "kind": "xbrl" if name.endswith(".xml") else "results",
            "own_symbol": None,
            "symbol": symbol,
            "company": None,
            "known_at": known_at,
            "known_at_reason": None if known_at else "no list names it",
            "url": None,
            "status": "accepted" if good else "review",
            "reason": next((one.reason for one in statements), None),
            "subject": None,
            "flags": "",
        }
        self.put("filings", row | about)
        Documents(self.database.home).put(name.encode())
        read = {"sha256": sha(name), "name": name, "kind": "document", "rows": 0}
        done = {"state": READ_STATE, "reason": None, "imported_at": None}
        self.put("imports", read | done)
        told = [
            {
                "sha256": sha(name),
                "ordinal": ordinal,
                "period_end": one.period_end,
                "basis": one.basis and one.basis.value,
                "status": one.status.value,
                "grade": one.grade.value,
                "body": statement_text(one),
            }
            for ordinal, one in enumerate(statements)
        ]
        if told:
            self.put("statements", *told)
        if symbol:
            self.company(symbol)
        self.settle()

    def settle(self) -> None:
        """Events as an import makes them: the first publication of each quarter."""
        papers = {one["sha256"]: one for one in self.rows("filings") if one["symbol"]}
        told = [*self.lists]
        for one in self.rows("statements"):
            paper = papers.get(one["sha256"])
            if paper and paper["known_at"] and one["basis"]:
                told.append((paper["symbol"], one["period_end"], paper["known_at"]))
        told += [
            (row["symbol"], row["period_end"], row["known_at"])
            for row in self.rows("figures")
        ]
        with self.database.write() as connection:
            connection.execute(t.events.delete())
        for symbol, end, first in sorted(told, key=lambda one: one[2], reverse=True):
            row = dict(event(symbol, str(end), "2025-01-01T00:00:00"))
            self.put("events", row | {"published_at": first})

    def figures(
        self,
        known_at: datetime,
        profit: str = "12.10",
        symbol: str = "ABC",
        **about: Any,  # noqa: ANN401 - columns
    ) -> None:
        """An imported row of a quarter's figures, in crore."""
        crore = Decimal(10**7)
        row = dict(figure(symbol, str(Q1.end), "2025-01-01T00:00:00", 1)) | {
            "known_at": known_at,
            "published_at": known_at,
            "revenue": Decimal("120.50") * crore,
            "net_profit": Decimal(profit) * crore,
            "eps": Decimal("3.45"),
        }
        self.put("figures", row | about)
        self.company(symbol)
        self.settle()

    def listed(self, published_at: datetime, symbol: str = "ABC") -> None:
        """Results a list speaks of, without figures."""
        self.lists.append((symbol, Q1.end, published_at))
        self.company(symbol)
        self.settle()

    def want(
        self,
        url: str,
        known_at: datetime | None,
        **about: Any,  # noqa: ANN401 - columns
    ) -> None:
        """A document an announcement named."""
        row: dict[str, object] = {
            "url": url,
            "symbol": "ABC",
            "kind": "nse document",
            "seen_at": known_at or at("18:30:00"),
            "known_at": known_at,
            "state": "wanted",
            "sha256": None,
            "attempts": 0,
            "tried_at": None,
            "reason": None,
        }
        self.put("wanted", row | about)

    def session(self, *days: date) -> None:
        """Days the exchanges were open."""
        with self.database.write() as connection:
            keep_new(connection, t.sessions, [{"day": day} for day in days])


class Clock:
    """The present as a test has it; sleeping moves it on, and things happen."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.slept: list[float] = []
        self.happens: list[tuple[datetime, Any]] = []

    def present(self) -> datetime:
        """The present."""
        return self.moment

    async def now(self) -> datetime:
        """The present."""
        return self.moment

    async def sleep(self, seconds: float) -> None:
        """Move on; what was to happen by then happens."""
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)
        due = [do for when, do in self.happens if when <= self.moment]
        self.happens = [one for one in self.happens if one[0] > self.moment]
        for do in due:
            do()


def no_reader(*_: object) -> Any:  # noqa: ANN401 - never called
    """A reader of a day without documents to read."""
    raise AssertionError


@dataclass(frozen=True)
class Later:
    """A channel that always asks to wait for an hour, so that letters stay."""

    name: str

    async def send(self, message: Message, recipient: str) -> Receipt:
        del message, recipient
        raise ChannelBusyError(self.name, HOUR)


@dataclass
class Days:
    """Days over a home, with a clock and an operator of their own."""

    home: Home
    folder: Path
    clock: Clock
    operating: Operating = LOUD
    channels: dict[str, Channel] = field(
        default_factory=lambda: {one.value: Later(one.value) for one in ChannelName}
    )
    dry: bool = False
    saved: list[DayReport] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        market = Market(
            REAL, self.home.database.home, fictional=False, earliest=None, latest=None
        )
        self.desk = Desk(Settings(home=self.folder), market)
        self.desk.clock = self.clock  # type: ignore[assignment]  # as one

    def means(self, **about: Any) -> Means:  # noqa: ANN401 - fields of Means
        """What days are run with."""
        nobody: Any = None
        told: dict[str, Any] = {
            "desk": self.desk,
            "database": self.home.database,
            "operating": self.operating,
            "world": World(None, no_reader, nobody, self.clock.present, silent),
            "channels": self.channels,
            "model": None,
            "dry": self.dry,
            "saved": self.saved.append,
            "sleep": self.clock.sleep,
        }
        return Means(**{**told, **about})

    def states(self, days: Iterable[date] = (DAY,)) -> dict[str, str]:
        """What became of filings, by id."""
        wanted = set(days)
        found = self.home.rows("day_filings")
        return {one["id"]: one["state"] for one in found if one["day"] in wanted}


def filings_of(report: DayReport) -> dict[str, Mapping[str, Any]]:
    """The filings of a report by id; each is there once."""
    found = {one["id"]: one for one in report.document["filings"]}
    assert len(found) == len(report.document["filings"])
    return found


__all__ = ["IST", "Home"]
