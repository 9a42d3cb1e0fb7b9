"""Every source, opened together and closed together."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dexter.sources.archives import Archives
from dexter.sources.bse import Bse
from dexter.sources.config import SourceConfig
from dexter.sources.host import Host, Now, open_host
from dexter.sources.news import News
from dexter.sources.nse import Nse
from dexter.sources.yahoo import Yahoo

_YAHOO = "yahoo"


@dataclass(frozen=True, slots=True)
class Sources:
    """The clients, and the hosts they speak through by key (yfinance has its own)."""

    bse: Bse
    nse: Nse
    archives: Archives
    news: News
    yahoo: Yahoo
    hosts: Mapping[str, Host]


@asynccontextmanager
async def open_sources(
    config: SourceConfig, cache: Path, now: Now | None = None
) -> AsyncIterator[Sources]:
    """The sources of a configuration, for one event loop. Nothing is asked yet.

    Args:
        config: Hosts, feeds and endpoints.
        cache: A folder for kept answers, one below it for each host.
        now: The clock port, which tells how old a kept answer is.
    """
    rests = cache / "rests.json"
    async with AsyncExitStack() as closing:
        hosts: dict[str, Host] = {}
        for key, host in config.hosts.items():
            if key != _YAHOO:
                hosts[key] = open_host(host, cache / key, now)
                closing.push_async_callback(hosts[key].close)
        if now:
            _go_on_resting(hosts, rests, await now())
            closing.push_async_callback(_remember_rests, hosts, rests, now)
        yield Sources(
            bse=Bse(hosts["bse_api"], hosts["bse_files"], config),
            nse=Nse(hosts["nse"], hosts["nse_archives"], config),
            archives=Archives(hosts["nse_archives"], hosts["bse_files"], config),
            news=News(hosts, config.feeds),
            yahoo=Yahoo(config.hosts[_YAHOO], cache / _YAHOO),
            hosts=hosts,
        )


def _go_on_resting(hosts: Mapping[str, Host], file: Path, now: datetime) -> None:
    """Leave in peace who refused the process before this one.

    A file that does not read is as good as none: then a source is asked once more.
    """
    try:
        said = json.loads(file.read_text("utf-8"))
        elapsed = (now - datetime.fromisoformat(said["at"])).total_seconds()
        for key, state in said["hosts"].items():
            if key in hosts:
                hosts[key].breaker.from_state(state, elapsed)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return


async def _remember_rests(hosts: Mapping[str, Host], file: Path, now: Now) -> None:
    """Keep who rests and for how long; a disk that refuses costs only that."""
    states = {key: host.breaker.to_state() for key, host in hosts.items()}
    said = json.dumps({"at": (await now()).isoformat(), "hosts": states})
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(said, "utf-8")
        part.replace(file)
