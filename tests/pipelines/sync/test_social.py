"""Feeds of kind social: kept apart by their source, counted once they are on."""

import asyncio
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from dexter.domain.market import MarketHistory
from dexter.domain.period import Window
from dexter.errors import SettingError
from dexter.extraction.document import read
from dexter.features import sentiment
from dexter.sources.address import address_of
from dexter.sources.config import load_config
from dexter.sources.opened import open_sources
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.keeping import keep
from dexter.store.market_days import SOCIAL_NOTE, read_market
from dexter.store.news import StoreNews
from pipelines.sync.planning import Wishes
from pipelines.sync.sync import Means, sync
from tests.fake_exchange import Server, World, serving
from tests.fake_exchange.newspaper import ATOM, RSS
from tests.features.making_market import known_at, value
from tests.pipelines.ingest_scenes import OneThread
from tests.store.conftest import at

FIRST = date(2026, 5, 4)
DOCS = Path(__file__).parents[3] / "docs" / "sources.md"


def sources_toml(server: Server, kind: str) -> str:
    """A paper, and a forum of the kind given, on loopback."""
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    host, _, _ = example.partition("[[feeds]]")
    host = host.replace("https://forum.example", server.base)
    feeds = [
        f'[[feeds]]\nname = "A paper"\nhost = "forum"\nurl = "{server.base}{RSS}"',
        f'[[feeds]]\nname = "A forum"\nhost = "forum"\nurl = "{server.base}{ATOM}"',
    ]
    return "\n".join([host, feeds[0], feeds[1] + f'\nkind = "{kind}"', "[endpoints]"])


class Home:
    """A home that is synced from two feeds on loopback."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.server, self.folder = server, folder
        self.database = Database.open(folder / "home")

    def synced(self, kind: str, now: datetime) -> None:
        file = self.folder / "sources.toml"
        file.write_text(sources_toml(self.server, kind), "utf-8")
        keys = ("bse_api", "bse_files", "nse", "nse_archives", "yahoo")
        bases = dict.fromkeys(keys, self.server.base)
        config = load_config(bases, pace=0, file=file)
        only = frozenset({"companies", "news"})

        async def run() -> None:
            with OneThread(1) as compute:
                means = Means(read, compute, lambda: now)
                async with open_sources(config, self.folder / "cache") as sources:
                    wishes = Wishes(FIRST, FIRST, (), only)
                    await sync(self.database, sources, wishes, means)

        asyncio.run(run())

    @property
    def news(self) -> list[Any]:
        with self.database.read() as connection:
            return list(connection.execute(sa.select(t.news)))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    world = World(seed=1, first=FIRST, days=2, companies=45, results_per_day=2)
    with serving(world) as server:
        made = Home(tmp_path, server)
        yield made
        made.database.close()


def test_a_forum_is_told_apart_and_noted_once(home: Home) -> None:
    now = home.server.world.now + timedelta(hours=1)
    home.synced("social", now)
    sources = {row.source for row in home.news}
    assert sources == {"A paper", "social: A forum"}
    assert home.database.note(SOCIAL_NOTE) == now.isoformat()
    count = len(home.news)
    home.synced("social", now + timedelta(hours=3))
    assert home.database.note(SOCIAL_NOTE) == now.isoformat()
    assert len(home.news) == count


def test_without_one_nothing_is_noted(home: Home) -> None:
    home.synced("news", home.server.world.now + timedelta(hours=1))
    assert {row.source for row in home.news} == {"A paper", "A forum"}
    assert home.database.note(SOCIAL_NOTE) is None


def test_buzz_counts_a_week_after_a_forum_was_added(home: Home) -> None:
    on = home.server.world.now + timedelta(hours=1)
    home.synced("social", on)
    one = next(row for row in home.news if row.source.startswith("social: "))
    with home.database.write() as connection:
        late = {**one._mapping, "digest": "late", "published_at": on}
        keep(connection, t.news, [late])
        keep(connection, t.market_days, [session(FIRST)])
    for days, wanted in ((7, 1), (6, "no social source is on")):
        assert buzz(home.database, one.symbol, on + timedelta(days=days)) == wanted


def session(day: date) -> dict[str, object]:
    counts = (
        "shares",
        "upper_closes",
        "lower_closes",
        "banded",
        "resolved",
        "resolved_hits",
    )
    return {"day": day, "strength": "[]", **dict.fromkeys(counts, 0)}


def buzz(database: Database, symbol: str, moment: datetime) -> float | str:
    """As features of a question would have it."""
    as_of = at(moment.replace(tzinfo=None).isoformat())
    with database.read() as connection:
        market: MarketHistory | None = read_market(connection, as_of, FIRST, 60)
    week = Window(FIRST, moment.date(), "lately")
    mine = asyncio.run(StoreNews(database).headlines(symbol, week, as_of))
    found = sentiment.compute(known_at(moment, market=market, headlines=mine))
    return value(found, "social_buzz_7")


def test_no_social_feed_is_on_by_default() -> None:
    assert {feed.kind for feed in load_config({}).feeds} == {"news"}


def test_the_example_of_the_page_can_be_used(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    file = tmp_path / "sources.toml"
    file.write_text(example, "utf-8")
    (feed,) = load_config({}, file=file).feeds
    assert feed.kind == "social"
    config = load_config({}, file=file)
    assert address_of(config.hosts[feed.host], feed.url) == feed.url
    file.write_text(example.replace('"social"', '"gossip"'), "utf-8")
    with pytest.raises(SettingError, match="kind"):
        load_config({}, file=file)
