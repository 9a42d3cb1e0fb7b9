"""Every source, opened together and closed together."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
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
    async with AsyncExitStack() as closing:
        hosts = {}
        for key, host in config.hosts.items():
            if key != _YAHOO:
                hosts[key] = open_host(host, cache / key, now)
                closing.push_async_callback(hosts[key].close)
        yield Sources(
            bse=Bse(hosts["bse_api"], hosts["bse_files"], config),
            nse=Nse(hosts["nse"], hosts["nse_archives"], config),
            archives=Archives(hosts["nse_archives"], hosts["bse_files"], config),
            news=News(hosts, config.feeds),
            yahoo=Yahoo(config.hosts[_YAHOO], cache / _YAHOO),
            hosts=hosts,
        )
