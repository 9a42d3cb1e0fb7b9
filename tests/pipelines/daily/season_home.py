"""A home that lives through a season: a clock of its own, and real ways out."""

import os
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from dexter.alerts.addressed import addresses
from dexter.alerts.mail import Mail
from dexter.alerts.pace import Pace
from dexter.alerts.post import Poster
from dexter.alerts.telegram import Telegram
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.extraction.document import read
from dexter.operating import ChannelName, Email, Operating
from dexter.ports import Channel
from dexter.settings import Settings
from dexter.sources.config import SourceConfig, load_config
from dexter.sources.opened import open_sources
from dexter.store import tables as t
from dexter.store.database import Database, set_note
from dexter.store.keeping import Row, keep
from pipelines import compute
from pipelines.daily.collecting import World, collect
from pipelines.daily.delivering import deliver
from pipelines.daily.running import Means, run_days
from pipelines.ingest.intake import UNSETTLED
from pipelines.ingest.report import silent
from pipelines.runtime import REAL, Desk, Market
from tests.alerts.telegram_server import TOKEN
from tests.fake_exchange.newspaper import RSS
from tests.fake_exchange.papers import EPS, figures
from tests.fake_exchange.season import STANDALONE, Paper
from tests.pipelines.daily.season import BEFORE, Season, Step
from tests.pipelines.daily.season_outside import HANG, Outside
from tests.pipelines.ingest_scenes import OneThread

TICK = timedelta(milliseconds=20)
PATIENCE = timedelta(days=4)
"""How long the last letters are waited for, by the clock."""
_SECONDS = HANG / 2
_QUARTERS = 9
_TAKES = timedelta(days=35)


class Clock:
    """The present as the season has it; every look at it takes a moment."""

    def __init__(self, at: datetime, outside: Outside) -> None:
        self.at = at
        self.outside = outside

    def present(self) -> datetime:
        """The present moment."""
        self.at += TICK
        return self.at

    async def now(self) -> datetime:
        """The present moment."""
        return self.present()

    async def sleep(self, seconds: float) -> None:
        """Let time pass, at the exchanges too."""
        self.at += timedelta(seconds=seconds)
        self.outside.clock(self.at)


def operating(outside: Outside) -> Operating:
    """Six recipients on two channels, quiet hours, and a rule that speaks often."""
    return Operating.model_validate(
        {
            "alerts": {
                "quiet": {"from": "23:30", "to": "06:30"},
                "rules": [
                    {"name": "loud", "priority": "high", "blockbuster": 75},
                    {"name": "fair", "priority": "medium", "blockbuster": 50},
                    {"name": "faint", "priority": "low", "blockbuster": 40},
                ],
            },
            "recipients": [
                {"name": "me", "channel": "telegram", "to": "1001", "least": "low"},
                {"name": "home", "channel": "telegram", "to": "1003", "least": "low"},
                {"name": "desk", "channel": "telegram", "to": "-2002"},
                {"name": "club", "channel": "telegram", "to": "-2004"},
                {"name": "post", "channel": "email", "to": "post@example.com"},
                {
                    "name": "boss",
                    "channel": "email",
                    "to": "boss@example.com",
                    "least": "high",
                    "notices": False,
                },
            ],
            "email": {
                "host": "127.0.0.1",
                "port": outside.mail,
                "security": "none",
                "sender": "dexter@example.com",
            },
            "daily": {"poll_minutes": 120},
        }
    )


@asynccontextmanager
async def means_of(
    home: Path, outside: Outside, clock: Clock, workers: int = 0
) -> AsyncIterator[Means]:
    """What days are worked through with, as ``dexter daily`` opens it.

    Args:
        home: The folder.
        outside: What is asked, and written to.
        clock: The present.
        workers: Processes that read documents; none for this very one.
    """
    async with AsyncExitStack() as stack:
        pool = compute.opened(workers) if workers else OneThread(1)
        place = stack.enter_context(pool)
        database = Database.open(home)
        stack.callback(database.close)
        sources = await stack.enter_async_context(
            open_sources(_config(home, outside), home / "cache", clock.now)
        )
        settings = Settings(home=home, model="offline")
        market = Market(REAL, home, fictional=False, earliest=None, latest=None)
        desk = Desk(settings, market)
        desk.clock = clock  # type: ignore[assignment]  # the season's own
        stack.callback(desk.close)
        decided = operating(outside)
        channels = _channels(home, outside, decided, clock)
        stack.push_async_callback(_closed, channels.values())
        yield Means(
            desk,
            database,
            decided,
            World(sources, read, place, clock.present, silent),
            channels,
            None,
            dry=False,
            saved=lambda report: report,
            sleep=clock.sleep,
        )


async def prepared(home: Path, season: Season, outside: Outside) -> None:
    """What an operator collects first: the prices of days, the results of quarters."""
    start = datetime.combine(season.first, datetime.min.time(), IST)
    outside.clock(start)
    async with means_of(home, outside, Clock(start, outside)) as means:
        first = season.first - timedelta(days=BEFORE)
        last = season.first - timedelta(days=1)
        with means.database.write() as connection:
            keep(connection, t.figures, list(_history(season)))
            set_note(connection, UNSETTLED, "yes")
        await collect(means.database, means.world, first, last, whole=True)


def _history(season: Season) -> Iterator[Row]:
    """Headline figures of the quarters before, as rows of a list."""
    newest = Quarter.ended_before(season.first).previous
    for company in season.world().companies:
        for back in range(_QUARTERS):
            quarter = newest.shift(-back)
            told = datetime.combine(quarter.end + _TAKES, datetime.min.time(), IST)
            told += timedelta(hours=17, minutes=company.number)
            paper = Paper("statement", company, quarter)
            book = figures(paper, STANDALONE)
            yield {
                "symbol": company.symbol(season.first) or company.key,
                "period_end": quarter.end,
                "basis": "standalone",
                "known_at": told,
                "published_at": told,
                "revenue": book.facts["RevenueFromOperations"],
                "net_profit": book.facts["ProfitLossForPeriod"],
                "eps": book.per_share[f"Basic{EPS}"],
                "document": "results of before",
                "sha256": "0" * 64,
                "row": f"{company.key} {quarter}",
                "url": None,
                "origin": "results of before",
            }


async def live(
    home: Path, step: Step, outside: Outside, later: timedelta = timedelta(0)
) -> None:
    """One step of a season, so much later than it was meant to be."""
    _stand_in(step.zone)
    at = step.at + later
    outside.clock(at)
    outside.block(step.blocked)
    clock = Clock(at, outside)
    async with means_of(home, outside, clock) as means:
        if step.what == "letters":
            await deliver(means.database, means.channels, means.operating, clock)
            return
        watch, catch_up = step.what == "watch", step.what != "day"
        await run_days([step.day], means, watch=watch, catch_up=catch_up)


async def delivered(home: Path, at: datetime, outside: Outside) -> None:
    """Every letter that still waits, however long it takes."""
    clock = Clock(at, outside)
    async with means_of(home, outside, clock) as means:
        await deliver(
            means.database,
            means.channels,
            means.operating,
            clock,
            patience=PATIENCE,
            sleep=clock.sleep,
        )


def _stand_in(zone: str) -> None:
    os.environ["TZ"] = zone  # noqa: TID251 - the host's, not a setting
    time.tzset()


def _config(home: Path, outside: Outside) -> SourceConfig:
    """The shipped sources at the fake exchange, and one feed there for all others."""
    shipped = files("dexter.sources").joinpath("sources.toml").read_text("utf-8")
    hosts, _, rest = shipped.partition("\n[[feeds]]")
    _, _, endpoints = rest.partition("\n[endpoints]")
    base = outside.exchange
    papers = (
        f'[hosts.papers]\nlike = "economic_times"\nname = "Papers"\nbase = "{base}"'
    )
    feed = f'[[feeds]]\nname = "A paper"\nhost = "papers"\nurl = "{base}{RSS}"'
    file = home / "sources.toml"
    file.write_text(f"{hosts}\n{papers}\n\n{feed}\n\n[endpoints]{endpoints}", "utf-8")
    names = ("bse_api", "bse_files", "nse", "nse_archives", "yahoo")
    return load_config(dict.fromkeys(names, base), pace=0, file=file)


def _channels(
    home: Path, outside: Outside, decided: Operating, clock: Clock
) -> dict[str, Channel]:
    assert isinstance(decided.email, Email)
    telegram = Telegram(
        TOKEN,
        addresses(decided.recipients, ChannelName.TELEGRAM),
        home,
        Pace(0),
        Poster(_SECONDS),
        outside.telegram,
    )
    mail = Mail(
        decided.email,
        None,
        addresses(decided.recipients, ChannelName.EMAIL),
        home,
        clock,
        seconds=_SECONDS,
    )
    return {"telegram": telegram, "email": mail}


async def _closed(channels: Iterable[Channel]) -> None:
    for one in channels:
        await one.close()  # type: ignore[attr-defined]  # both of ours have it
