"""The clients through real hosts, against a server of this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from dexter.errors import SourceBlockedError
from dexter.sources.config import load_config
from dexter.sources.opened import Sources, open_sources
from tests.sources.clients.rows import DAY, GOLDEN, announcement, bse_page
from tests.sources.clients.test_news import rss
from tests.sources.clients.test_yahoo import chart

SITE = ("bse_api", "bse_files", "nse", "nse_archives", "yahoo", "economic_times")


class Stand:
    """Answers by path; NSE's lists only to who brings the newest cookie."""

    def __init__(self, replies: dict[str, bytes]) -> None:
        self.replies = replies
        self.cookie = 0
        self.lasts = 99
        self.refuses = False
        self.asked: list[str] = []

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ")[1].partition("?")[0]
        self.asked.append(path)
        status, more, body = self.reply(path, head)
        writer.write(
            f"HTTP/1.1 {status} Stand\r\nContent-Length: {len(body)}\r\n"
            f"Connection: close\r\n{more}\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()

    def reply(self, path: str, head: str) -> tuple[int, str, bytes]:
        if path == "/option-chain":
            self.cookie += 1
            return (
                200,
                f"Set-Cookie: nseappid={self.cookie}; Path=/\r\n",
                b"<html></html>",
            )
        if path == "/":
            return 200, "Set-Cookie: nsit=a; Path=/\r\n", b"<html></html>"
        if path == "/api/corporate-announcements":
            due = f"nseappid={self.cookie}"
            self.lasts -= 1
            if due not in head or self.lasts < 0:
                self.lasts = -1 if self.refuses else 99
                return 401, "", b"{}"
        body = self.replies.get(path)
        return (404, "", b"no") if body is None else (200, "", body)


@asynccontextmanager
async def opened(stand: Stand, folder: Path) -> AsyncIterator[Sources]:
    server = await asyncio.start_server(stand.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    config = load_config(dict.fromkeys(SITE, base), pace=0)
    async with server, open_sources(config, folder) as sources:
        yield sources


async def test_every_client_reads_through_its_host(tmp_path: Path) -> None:
    feed = "/markets/rssfeeds/1977021501.cms"
    stand = Stand(
        {
            "/BseIndiaAPI/api/AnnSubCategoryGetData/w": bse_page([announcement(1)], 1),
            "/xml-data/corpfiling/AttachHis/a.pdf": b"%PDF-1.4 x",
            "/api/corporate-announcements": GOLDEN["nse announcements"],
            "/products/content/sec_bhavdata_full_04052026.csv": GOLDEN["nse delivery"],
            "/content/cm/NSE_CM_security_04052026.csv.gz": GOLDEN["nse securities"],
            "/v8/finance/chart/TAMRA.NS": chart([100.0]),
            feed: rss(),
        }
    )
    async with opened(stand, tmp_path) as sources:
        pages = [page async for page in sources.bse.announcements(DAY)]
        assert len(pages[0].records) == 1
        found = await sources.bse.attachment("a.pdf", tmp_path / "files")
        assert found.path.read_bytes() == b"%PDF-1.4 x"
        assert (await sources.nse.announcements(DAY, DAY)).records
        assert (await sources.archives.nse_delivery(DAY)).records
        assert (await sources.archives.nse_securities(DAY)).records
        assert (await sources.news.edition(sources.news.feeds[0])).stories
        assert (await sources.yahoo.bars("TAMRA.NS", DAY, DAY))[0].close == 100.0


async def test_cookies_that_expire_are_renewed_once(tmp_path: Path) -> None:
    stand = Stand({"/api/corporate-announcements": GOLDEN["nse announcements"]})
    async with opened(stand, tmp_path) as sources:
        await sources.nse.announcements(DAY, DAY)
        stand.lasts = 0
        assert (await sources.nse.announcements(DAY, DAY)).records
        assert stand.asked.count("/option-chain") == 2
        stand.lasts, stand.refuses = 0, True
        with pytest.raises(SourceBlockedError):
            await sources.nse.announcements(DAY, DAY)
