"""A sync against the fake exchange, and what is in the home held against its truth."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dexter.extraction.document import read
from dexter.settings import Settings
from dexter.sources.reading import read as read_payload
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.documents import Documents
from dexter.store.payloads import kept_payloads
from dexter.store.price_list import listed
from dexter.store.price_view import BarView
from pipelines.ingest.payload_rows import BSE_SAID, NSE_SAID
from pipelines.runtime import open_sources
from pipelines.sync.planning import Wishes
from pipelines.sync.report import SyncReport
from pipelines.sync.sync import Means, sync
from tests.fake_exchange import Server, Truth, World
from tests.fake_exchange.truth import TrueBar
from tests.pipelines.ingest_scenes import OneThread

BOARD = "NSE board meetings"
EVERYTHING = frozenset(
    {"companies", "calendar", "prices", "announcements", "results", "documents"}
)
"""All but news and Yahoo, which lie at addresses of their own."""


def settings(home: Path, server: Server) -> Settings:
    """A home whose exchanges are the fake one, asked without waiting."""
    return Settings(
        home=home,
        bse_base_url=server.base,
        nse_base_url=server.base,
        nse_archives_base_url=server.base,
        yahoo_base_url=server.base,
        source_pace=0,
    )


def synced(
    home: Path,
    server: Server,
    only: frozenset[str] = EVERYTHING,
    companies: tuple[str, ...] = (),
    present: datetime | None = None,
) -> SyncReport:
    """one sync over the days of the server's world, an hour after its clock."""
    world = server.world
    now = (present or world.now) + timedelta(hours=1)
    days = world.days.days
    wishes = Wishes(days[0], days[-1], companies, only)

    async def run() -> SyncReport:
        with OneThread(1) as compute:
            means = Means(read, compute, lambda: now)
            async with open_sources(settings(home, server)) as sources:
                return await sync(database, sources, wishes, means)

    database = Database.open(home)
    try:
        return asyncio.run(run())
    finally:
        database.close()


def differences(home: Path, world: World) -> list[str]:
    """Everything in a home that is not the truth, and all of the truth it lacks."""
    database, truth = Database.open(home), world.truth()
    try:
        found = [
            *_announcements(database, world, truth),
            *_publications(database, truth),
            *_documents(database, truth),
            *_bars(database, truth),
            *_rest(database, truth),
        ]
    finally:
        database.close()
    return found


def _announcements(database: Database, world: World, truth: Truth) -> Iterator[str]:
    """Every announcement once: its number in what came, its words in the news."""
    with database.read() as connection:
        payloads = kept_payloads(connection)
        rows = connection.execute(sa.select(t.news)).mappings().all()
    documents = Documents(database.home)
    numbers: set[str] = set()
    for one in payloads:
        if one.dataset == "bse announcements" and one.rows is not None:
            content = documents.read(one.sha256) or b""
            came = read_payload(one.dataset, one.unit, one.url, content)
            numbers |= {str(row["NEWSID"]) for row in came.records}
    yield from _apart("BSE announcements", truth.bse_announcements, numbers)
    for source, exchange in ((BSE_SAID, "BSE"), (NSE_SAID, "NSE")):
        told = Counter(notice.seen_at for _, notice in world.everything(exchange))
        kept = Counter(row["published_at"] for row in rows if row["source"] == source)
        yield from _apart(f"{source} times", set(told.items()), set(kept.items()))


def _publications(database: Database, truth: Truth) -> Iterator[str]:
    p = t.publications.c
    with database.read() as connection:
        rows = connection.execute(
            sa.select(p.base_name, p.published_at, p.source)
        ).all()
    kept = Counter((row.base_name, row.published_at, row.source) for row in rows)
    told = {
        (one.name, one.published_at, one.source.replace("NSE SME", "NSE"))
        for one in truth.publications
        if one.source in _COLLECTED
    }
    yield from _apart("publications", told, set(kept))
    yield from (f"twice: {what}" for what, count in kept.items() if count > 1)


_COLLECTED = {
    BSE_SAID,
    NSE_SAID,
    "NSE SME announcement",
    "NSE integrated filings",
}


def _documents(database: Database, truth: Truth) -> Iterator[str]:
    """Every results document that was public, by its bytes and its first moment."""
    with database.read() as connection:
        rows = connection.execute(sa.select(t.filings)).mappings().all()
    kept = {row["sha256"]: row["known_at"] for row in rows}
    wanted: dict[str, datetime] = {}
    for one in truth.publications:
        if one.source in _COLLECTED and one.paper.kind in {"statement", "xbrl"}:
            sha256 = truth.documents[one.name]
            first = truth.first_public[one.name]
            wanted[sha256] = min(first, wanted.get(sha256, first))
    lost = wanted.keys() - kept.keys()
    yield from (f"no document {one}" for one in sorted(lost))
    for sha256 in wanted.keys() & kept.keys():
        if kept[sha256] != wanted[sha256]:
            yield f"{sha256} known at {kept[sha256]}, public {wanted[sha256]}"


def _bars(database: Database, truth: Truth) -> Iterator[str]:
    with database.read() as connection:
        table = BarView(database.home, listed(connection)).everything()
        renames = sa.select(t.renames.c.old, t.renames.c.new)
        latest: dict[str, str] = dict(connection.execute(renames).all())
    kept = {(row["canon"], row["date"]): row for row in table.to_pylist()}
    if len(kept) != table.num_rows:
        yield "a bar is kept twice"
    told: set[tuple[str, date]] = set()
    for (symbol, series, day), bar in truth.nse_bars.items():
        key = (latest.get(symbol, symbol), day)
        told.add(key)
        band = truth.bands.get((symbol, series, day))
        row = kept.get(key, {"series": None})
        yield from (f"{key}: {what}" for what in _bar(row, bar, series, band))
    on_nse = {bar.isin for bar in truth.nse_bars.values()}
    for (code, _group, day), bar in truth.bse_bars.items():
        if bar.isin not in on_nse:
            told.add((f"BSE:{code}", day))
            if (f"BSE:{code}", day) not in kept:
                yield f"no bar of BSE:{code} on {day}"
    yield from (f"a bar nobody traded: {key}" for key in sorted(kept.keys() - told))


def _bar(
    row: Mapping[str, Any], bar: TrueBar, series: str, band: Decimal | str | None
) -> Iterator[str]:
    """What a kept bar says otherwise than the market."""
    if row["series"] != series:
        yield f"series {row['series']}, traded in {series}"
        return
    for name in ("open", "high", "low", "close", "last", "base"):
        if Decimal(str(row[name])) != getattr(bar, name):
            yield f"{name} {row[name]}, was {getattr(bar, name)}"
    if (row["volume"], row["delivered"]) != (bar.volume, bar.delivered):
        yield f"volume {row['volume']}, delivered {row['delivered']}"
    if isinstance(band, Decimal) and row["price_band"] != float(band):
        yield f"band {row['price_band']}, in force {band}"
    if row["fno"] != (band == "no band"):
        yield f"without band {row['fno']}, in force {band}"
    if not row["fno"] and bool(row["band"]) < bar.circuit.startswith("locked"):
        yield f"{bar.circuit}, closed at {row['band']}"


def _rest(database: Database, truth: Truth) -> Iterator[str]:
    first = min((day for _, day in truth.index_closes), default=date.min)
    with database.read() as connection:
        closes = {
            (row.name, row.session): Decimal(str(row.close))
            for row in connection.execute(sa.select(t.index_closes))
        }
        actions = {
            (row.symbol, row.ex_date, round(row.factor, 6))
            for row in connection.execute(sa.select(t.actions))
        }
        renames = {
            (row.old, row.new, row.changed_on)
            for row in connection.execute(
                sa.select(t.renames).where(t.renames.c.changed_on >= first)
            )
        }
        rows = connection.execute(sa.select(t.board_meetings)).all()
    latest = {old: new for old, new, _ in renames}
    told = {
        (name.upper().replace(" ", "_"), day): close
        for (name, day), close in truth.index_closes.items()
    }
    yield from _apart("index closes", set(told.items()), set(closes.items()))
    split = {
        (latest.get(one.symbol, one.symbol), one.ex_date, round(one.factor, 6))
        for one in truth.actions
        if one.factor != 1
    }
    yield from _apart("actions", split, actions)
    changed = {(one.old, one.new, one.changed_on) for one in truth.renames}
    yield from _apart("renames", changed, renames)
    held = {
        (latest.get(one.symbol, one.symbol), one.on, one.told_at)
        for one in truth.meetings
        if one.on >= one.told_at.date()
    }
    # An announcement may have told of a meeting in the same second, before the list.
    kept = {(row.symbol, row.meeting_date, row.known_at): row.source for row in rows}
    listed_ones = {
        key for key, source in kept.items() if source == BOARD or key in held
    }
    yield from _apart("meetings", held, listed_ones)


def _apart(what: str, told: Collection[Any], kept: Collection[Any]) -> Iterator[str]:
    lost, invented = set(told) - set(kept), set(kept) - set(told)
    for name, those in (("lost", lost), ("nobody told", invented)):
        if those:
            yield f"{what}: {len(those)} {name}, such as {min(those, key=repr)}"
