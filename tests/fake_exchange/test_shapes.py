"""What the invented exchange sends has the keys and types of what the real one sent."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.fake_exchange import Server, World, serving
from tests.fake_exchange.crawler import AGENT, Crawler

pytestmark = pytest.mark.real
FIRST, LAST = "04-05-2026", "08-05-2026"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(World(7, date(2026, 5, 4), 5, 62, 130, 5)) as opened:
        yield opened


@pytest.fixture
def crawler(server: Server) -> Crawler:
    found = Crawler(server.base)
    found.warm_up()
    return found


@pytest.fixture
def api(shared: Path) -> Path:
    return shared / "data" / "filings" / "api"


def same(ours: object, real: object, place: str = "") -> None:
    """Same keys all the way down; the types agree where neither side is null."""
    if isinstance(real, dict):
        assert isinstance(ours, dict), place
        assert set(ours) == set(real), place
        for key in real:
            same(ours[key], real[key], f"{place}.{key}")
    elif isinstance(real, list):
        assert isinstance(ours, list), place
        if real and ours:
            same(ours[0], real[0], f"{place}[0]")
    elif ours is not None and real is not None:
        numbers = isinstance(ours, int | float) and isinstance(real, int | float)
        assert numbers or type(ours) is type(real), place


def _real(api: Path, name: str) -> object:
    return json.loads((api / name).read_text(encoding="utf-8"))


def _first(value: object) -> object:
    assert isinstance(value, list)
    return value[0]


def test_bse(server: Server, crawler: Crawler, api: Path) -> None:
    day = server.world.days.days[1]
    span = {"strPrevDate": f"{day:%Y%m%d}", "strToDate": f"{day:%Y%m%d}"}
    answer = crawler.bse("AnnSubCategoryGetData", pageno="1", strType="C", **span)
    same(answer, _real(api, "bse_samples/announcements.json"))
    scrips = crawler.bse("ListofScripData", segment="Equity", status="Active")
    assert isinstance(scrips, list)
    same(scrips[1], _first(_real(api, "bse_samples/listSecurities.json")))
    calendar = crawler.bse("Corpforthresults", fromdate="20260504", todate="20260508")
    same(_first(calendar), _first(_real(api, "bse_samples/resultCalendar.json")))
    actions = crawler.bse("DefaultData")
    same(_first(actions), _first(_real(api, "bse_samples/actions.json")))
    code = next(str(c.bse) for c in server.world.companies if c.bse)
    quote = crawler.bse("getScripHeaderData", scripcode=code)
    assert isinstance(quote, dict)
    real = _real(api, "bse_samples/quote.json")
    assert isinstance(real, dict)
    assert set(quote["Header"]) == set(real)


@pytest.mark.parametrize(
    ("path", "sample"),
    [
        ("corporate-announcements", "announcements.json"),
        ("corporate-board-meetings", "boardMeetings.json"),
        ("corporates-corporateActions", "actions.json"),
    ],
)
def test_nse_lists(crawler: Crawler, api: Path, path: str, sample: str) -> None:
    rows = crawler.nse(path, index="equities", from_date=FIRST, to_date=LAST)
    assert isinstance(rows, list)
    real = _first(_real(api, f"nse_samples/{sample}"))
    for row in rows:
        same(row, real)


def test_nse_legacy_results(crawler: Crawler, api: Path) -> None:
    rows = crawler.nse(
        "corporates-financial-results", index="equities", period="Quarterly"
    )
    real = _real(api, "nse_corporates_financial_results/infy.json")
    same(_first(rows), _first(real))


def test_nse_quotes(server: Server, crawler: Crawler, api: Path) -> None:
    path = "NextApi/apiClient/GetQuoteApi"
    symbol = server.world.companies[0].nse or ""
    data = crawler.nse(path, functionName="getSymbolData", symbol=symbol, series="EQ")
    same(data, _real(api, "nse_samples/getDetailedScripData.json"))
    assert isinstance(data, dict)
    assert data["equityResponse"][0]["priceInfo"]["ppriceBand"] == "No Band"
    meta = crawler.nse(path, functionName="getMetaData", symbol=symbol)
    same(meta, _real(api, "nse_samples/equityMetaInfo.json"))
    nobody = crawler.nse(path, functionName="getSymbolData", symbol="NOBODY")
    same(nobody, data)
    assert isinstance(nobody, dict)
    assert nobody["equityResponse"][0]["metaData"]["closePrice"] is None


def test_nse_holidays(crawler: Crawler, api: Path) -> None:
    days = crawler.nse("holiday-master", type="trading")
    same(days, _real(api, "nse_samples/holidays.json"))


def test_files(server: Server, crawler: Crawler, api: Path) -> None:
    day = server.world.days.sessions[0]
    for ours, real in (
        (
            f"/products/content/sec_bhavdata_full_{day:%d%m%Y}.csv",
            "nse_daily_pack_20251217/sec_bhavdata_full_17122025.csv",
        ),
        (f"/content/equities/sec_list_{day:%d%m%Y}.csv", "nse_sec_list/sec_list.csv"),
    ):
        _, body = crawler.get(ours, {"User-Agent": AGENT})
        mine = body.decode().splitlines()
        theirs = (api / real).read_text(encoding="utf-8").splitlines()
        assert mine[0] == theirs[0]
        assert {_padding(line) for line in mine[1:]} <= {
            _padding(line) for line in theirs[1:]
        }


def _padding(line: str) -> tuple[bool, ...]:
    """Where a row has a space before a cell."""
    cells = next(csv.reader([line]))
    return tuple(cell.startswith(" ") for cell in cells)
