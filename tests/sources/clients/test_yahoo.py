"""Yahoo through yfinance, offline: its swallowed errors come back as ours."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import requests
from requests.adapters import BaseAdapter

from dexter.errors import (
    NotYetPublishedError,
    SourceBlockedError,
    SourceError,
    SourceRestingError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.config import HostConfig
from dexter.sources.yahoo import Yahoo
from tests.sources.clients.fake_host import CONFIG

FIRST, LAST = date(2026, 5, 4), date(2026, 5, 6)


def chart(closes: list[float | None], **changed: object) -> bytes:
    """Yahoo's chart of three sessions from ``FIRST``, opening at 09:15."""
    stamps = [
        int(datetime(2026, 5, 4 + n, 3, 45, tzinfo=UTC).timestamp())
        for n in range(len(closes))
    ]
    quote = {
        "open": [c and c - 1 for c in closes],
        "high": [c and c + 2 for c in closes],
        "low": [c and c - 2 for c in closes],
        "close": closes,
        "volume": [c and 1000 for c in closes],
        **changed,
    }
    meta = {
        "currency": "INR",
        "symbol": "TAMRA.NS",
        "exchangeTimezoneName": "Asia/Kolkata",
        "instrumentType": "EQUITY",
        "validRanges": ["1d"],
        "priceHint": 2,
        "gmtoffset": 19800,
        "timezone": "IST",
        "dataGranularity": "1d",
        "currentTradingPeriod": {
            name: {"timezone": "IST", "start": 0, "end": 1, "gmtoffset": 19800}
            for name in ("pre", "regular", "post")
        },
    }
    indicators = {"quote": [quote], "adjclose": [{"adjclose": closes}]}
    result = {"meta": meta, "timestamp": stamps, "indicators": indicators}
    return json.dumps({"chart": {"result": [result], "error": None}}).encode()


NOBODY = json.dumps(
    {"chart": {"result": None, "error": {"code": "Not Found", "description": "none"}}}
).encode()


class Stand(BaseAdapter):
    """Answers every host of Yahoo's."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__()
        self.status, self.body = status, body
        self.charts = 0

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        url = request.url or ""
        answer = requests.Response()
        answer.url, answer.request, answer.status_code = url, request, 200
        answer._content = b"abc"
        if "/finance/chart/" in url:
            self.charts += 1
            answer.status_code, answer._content = self.status, self.body
        return answer

    def close(self) -> None:
        """Nothing is open."""


def client(
    tmp_path: Path,
    status: int,
    body: bytes,
    config: HostConfig = CONFIG.hosts["yahoo"],
) -> Yahoo:
    session = requests.Session()
    session.mount("https://", Stand(status, body))
    return Yahoo(config, tmp_path, session)


async def test_bars_are_unadjusted_and_gaps_left_out(tmp_path: Path) -> None:
    body = chart([100.0, None, 104.0])
    bars = await client(tmp_path, 200, body).bars("TAMRA.NS", FIRST, LAST)
    assert [(bar.day, bar.close) for bar in bars] == [(FIRST, 100.0), (LAST, 104.0)]
    assert (bars[0].symbol, bars[0].volume) == ("TAMRA.NS", 1000)
    assert (bars[0].turnover, bars[0].trades, bars[0].previous_close) == (None,) * 3


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, b"Too Many Requests", SourceBlockedError),
        (403, b"<html>", SourceBlockedError),
        (500, b"<html>", SourceUnavailableError),
        (404, NOBODY, NotYetPublishedError),
        (200, NOBODY, NotYetPublishedError),
        (200, b"<html>", SourceShapeError),
        (200, b"{}", SourceError),
        (200, b"[]", SourceError),
        (200, chart([]), SourceError),
        (200, chart([None, None]), NotYetPublishedError),
        (200, chart([100.0], high=[90.0]), SourceShapeError),
        (200, b"Will be right back", SourceError),
    ],
)
async def test_no_bars_have_a_reason(
    status: int, body: bytes, error: type[SourceError], tmp_path: Path
) -> None:
    with pytest.raises(error):
        await client(tmp_path, status, body).bars("TAMRA.NS", FIRST, LAST)


async def test_after_refusals_it_is_left_in_peace(tmp_path: Path) -> None:
    config = replace(CONFIG.hosts["yahoo"], pace=1, min_gap_seconds=0)
    yahoo = client(tmp_path, 429, b"", config)
    for _ in range(config.blocks_to_rest):
        with pytest.raises(SourceBlockedError, match="429"):
            await yahoo.bars("TAMRA.NS", FIRST, LAST)
    with pytest.raises(SourceRestingError):
        await yahoo.bars("TAMRA.NS", FIRST, LAST)
