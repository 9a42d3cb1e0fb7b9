"""A server, and hosts that speak to it by either wire without ever waiting."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dexter.sources.cache import Cache
from dexter.sources.config import HostConfig
from dexter.sources.curl_wire import CurlWire
from dexter.sources.host import Host
from dexter.sources.httpx_wire import HttpxWire
from dexter.sources.wire import Wire
from tests.sources.transport.server import Server

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class Hours:
    """Monotonic seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Day:
    """A clock port that is set by hand."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 5, 4, 18, 0, tzinfo=UTC)

    async def __call__(self) -> datetime:
        return self.moment


CONFIG = HostConfig(
    name="BSE",
    base="http://127.0.0.1:1",
    home="https://api.bseindia.com",
    transport="plain",
    min_gap_seconds=0.0,
    per_minute=10_000,
    concurrency=4,
    timeout_seconds=5.0,
    total_seconds=100.0,
    tries=3,
    most_bytes=100_000,
    rest_seconds=(600.0, 3600.0),
    headers={"Accept": "*/*", "Referer": "https://www.bseindia.com/"},
)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    one = Server()
    await one.start()
    yield one
    await one.stop()


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture(params=["plain", "browser"])
def wire(request: pytest.FixtureRequest) -> Wire:
    return HttpxWire() if request.param == "plain" else CurlWire()


Make = Callable[..., Host]


@pytest.fixture
async def host(
    server: Server, wire: Wire, hours: Hours, day: Day, tmp_path: Path
) -> AsyncIterator[Make]:
    """Makes a host at the server; keywords change its configuration."""
    made: list[Host] = []

    def make(**changes: object) -> Host:
        changes = {"base": server.base, **changes}
        config = replace(CONFIG, **changes)  # type: ignore[arg-type]  # by the tests
        one = Host(
            config,
            wire,
            cache=Cache(tmp_path / "cache"),
            now=day,
            clock=hours,
            sleep=hours.sleep,
        )
        made.append(one)
        return one

    yield make
    for one in made:
        await one.close()
