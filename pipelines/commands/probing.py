"""Every source asked one small thing: is it fine, blocked, changed or silent?"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from dexter.domain.moment import IST
from dexter.errors import DexterError, NotYetPublishedError, SourceError
from pipelines.clock import SystemClock
from pipelines.commands.probe import Probe
from pipelines.runtime import open_sources, settings_here

if TYPE_CHECKING:
    from dexter.sources.config import Feed
    from dexter.sources.opened import Sources
    from dexter.sources.payload import Payload

_SECONDS = 25
_SATURDAY, _TRIED = 5, 3
_SILENT = "it did not answer within {:.0f} s"
_ABSENT = "Either it is late today, or its addresses changed: see docs/sources.md."
_LATER = "Look at the connection, then ask again; nothing kept is lost."
_WORDS = {
    "blocked": "blocked",
    "changed_shape": "changed",
    "unavailable": "unavailable",
}
_KNOWN = "RELIANCE"

Ask = Callable[[], Awaitable[str]]


def probe_sources() -> list[Probe]:
    """One probe a source, all at once; none takes more than half a minute."""
    try:
        return asyncio.run(_probes())
    except DexterError as error:
        return [Probe("sources", "broken", error.sentence, error.hint)]


async def _probes() -> list[Probe]:
    today = SystemClock().present().astimezone(IST).date()
    async with open_sources(settings_here()) as sources:
        asked = _asked(sources, today)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_probe(name, ask)) for name, ask in asked]
    return [task.result() for task in tasks]


async def _probe(name: str, ask: Ask) -> Probe:
    try:
        async with asyncio.timeout(_SECONDS):
            return Probe(name, "fine", await ask())
    except TimeoutError:
        return Probe(name, "unavailable", _SILENT.format(_SECONDS), _LATER)
    except NotYetPublishedError as error:
        return Probe(name, "unavailable", f"answers, but {error.sentence}", _ABSENT)
    except SourceError as error:
        return Probe(name, _WORDS[error.state], error.sentence, error.hint)


def _asked(sources: "Sources", today: date) -> list[tuple[str, Ask]]:
    """What each source is asked: the smallest answer that shows it as it is."""
    bse, nse, archives = sources.bse, sources.nse, sources.archives
    weekdays = (today - timedelta(days=ago) for ago in range(1, 8))
    recent = [day for day in weekdays if day.weekday() < _SATURDAY][:_TRIED]

    async def latest(ask: "Callable[[date], Awaitable[Payload]]") -> str:
        for day in recent[:-1]:
            with suppress(NotYetPublishedError):
                return await payload(ask(day))
        return await payload(ask(recent[-1]))

    async def payload(coming: "Awaitable[Payload]") -> str:
        came = await coming
        return f"{len(came.records)} rows of its {came.dataset}"

    async def yahoo() -> str:
        first = today - timedelta(days=7)
        bars = await sources.yahoo.bars(f"{_KNOWN}.NS", first, today)
        return f"{len(bars)} bars of {_KNOWN}"

    found: list[tuple[str, Ask]] = [
        ("BSE", lambda: payload(bse.result_calendar())),
        ("BSE files", lambda: latest(archives.bse_bars)),
        ("NSE", lambda: payload(nse.holidays())),
        ("NSE archives", lambda: latest(archives.nse_indices)),
        ("Yahoo", yahoo),
    ]
    found += [
        (feed.name, partial(_stories, sources, feed)) for feed in sources.news.feeds
    ]
    return found


async def _stories(sources: "Sources", feed: "Feed") -> str:
    edition = await sources.news.edition(feed)
    return f"{len(edition.stories)} stories"
