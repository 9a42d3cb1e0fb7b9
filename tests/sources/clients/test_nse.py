"""NSE's client: its session, its parameters, its pages."""

import asyncio
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from dexter.errors import (
    SourceBlockedError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.nse import Nse
from dexter.sources.payload import Payload
from dexter.sources.wire import Kind
from tests.sources.clients.fake_host import CONFIG, FakeHost, Replies, host
from tests.sources.clients.rows import (
    BOARD_MEETING,
    DAY,
    GOLDEN,
    LEGACY,
    Row,
    as_json,
    integrated,
)

WARM = {"/": b"<html>", "/option-chain": b"<html>"}
ANNOUNCEMENTS = CONFIG.path("nse_announcements")
NEXT = date(2026, 5, 6)


def client(replies: dict[str, Replies]) -> tuple[Nse, FakeHost]:
    site = FakeHost("nse", {**WARM, **replies})
    archives = FakeHost("nse_archives", replies, site.asked)
    return Nse(host(site), host(archives), CONFIG), site


def paths(site: FakeHost) -> list[str]:
    return [asked.path for asked in site.asked]


async def test_the_cookies_come_first_and_once() -> None:
    nse, site = client({ANNOUNCEMENTS: GOLDEN["nse announcements"]})
    payload = await nse.announcements(DAY, DAY)
    await nse.announcements(DAY, NEXT, "TAMRA")
    assert paths(site) == ["/", "/option-chain", ANNOUNCEMENTS, ANNOUNCEMENTS]
    assert site.asked[2].params == {
        "index": "equities",
        "from_date": "04-05-2026",
        "to_date": "04-05-2026",
    }
    assert site.asked[3].params["symbol"] == "TAMRA"
    assert site.asked[2].headers["Referer"] == (
        "https://www.nseindia.com/companies-listing/corporate-filings-announcements"
    )
    assert payload.unit == "2026-05-04"


@pytest.mark.parametrize("status", [401, 403])
async def test_old_cookies_are_renewed_once(status: int) -> None:
    nse, site = client({ANNOUNCEMENTS: [status, GOLDEN["nse announcements"]]})
    assert (await nse.announcements(DAY, DAY)).records
    assert paths(site) == [*(["/", "/option-chain", ANNOUNCEMENTS] * 2)]
    assert site.forgotten == 2


async def test_a_fresh_session_that_is_refused_is_a_refusal() -> None:
    nse, site = client({ANNOUNCEMENTS: 403})
    with pytest.raises(SourceBlockedError):
        await nse.announcements(DAY, DAY)
    assert paths(site).count(ANNOUNCEMENTS) == 2
    assert paths(site).count("/") == 2


async def test_a_session_that_cannot_begin_is_a_refusal() -> None:
    nse, site = client({"/": 403, ANNOUNCEMENTS: GOLDEN["nse announcements"]})
    with pytest.raises(SourceBlockedError):
        await nse.announcements(DAY, DAY)
    assert ANNOUNCEMENTS not in paths(site)


async def test_requests_that_are_refused_together_renew_together() -> None:
    body = GOLDEN["nse announcements"]
    nse, site = client({ANNOUNCEMENTS: [body, 401, 401, body]})
    await nse.announcements(DAY, DAY)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(nse.announcements(DAY, DAY))
    assert paths(site).count("/option-chain") == 2


async def test_none_announced_in_a_range_is_none() -> None:
    nse, _ = client({ANNOUNCEMENTS: b"[]"})
    assert (await nse.announcements(DAY, DAY)).records == ()


async def test_rows_of_another_symbol_are_refused() -> None:
    nse, _ = client({ANNOUNCEMENTS: GOLDEN["nse announcements"]})
    with pytest.raises(SourceShapeError, match="'TAMRA' came where LOHA was asked"):
        await nse.announcements(DAY, DAY, "LOHA")


async def test_rows_of_other_days_are_refused() -> None:
    nse, _ = client({ANNOUNCEMENTS: GOLDEN["nse announcements"]})
    with pytest.raises(SourceShapeError, match="2026-05-04 came where 2026-05-06"):
        await nse.announcements(NEXT, NEXT)


def results(rows: list[Row]) -> Replies:
    def page(params: Mapping[str, str]) -> bytes:
        size = int(params["size"])
        begin = (int(params["page"]) - 1) * size
        return as_json({"data": rows[begin : begin + size], "totalCount": len(rows)})

    return page


async def collected(nse: Nse) -> list[Payload]:
    return [page async for page in nse.integrated_results(DAY, NEXT)]


async def test_integrated_results_are_paged_by_their_count() -> None:
    rows = [integrated(number) for number in range(2100)]
    path = CONFIG.path("nse_integrated_results")
    nse, site = client({path: results(rows)})
    pages = await collected(nse)
    assert [len(page.records) for page in pages] == [1000, 1000, 100]
    assert pages[2].unit == "2026-05-04 to 2026-05-06 page 3"
    assert site.asked[-1].params["type"] == "Integrated Filing- Financials"
    none, _ = client({path: as_json({"data": [], "totalCount": 0})})
    assert [page.records for page in await collected(none)] == [()]
    lying, _ = client({path: as_json({"data": [], "totalCount": 7})})
    with pytest.raises(SourceUnavailableError):
        await collected(lying)


async def test_two_bases_of_one_filing_are_two_rows() -> None:
    rows = [integrated(1), integrated(1, consolidated="Consolidated")]
    nse, _ = client({CONFIG.path("nse_integrated_results"): results(rows)})
    (page,) = await collected(nse)
    assert len(page.records) == 2


async def test_every_list_names_its_own_page() -> None:
    nse, site = client(
        {
            CONFIG.path("nse_board_meetings"): as_json([BOARD_MEETING]),
            CONFIG.path("nse_event_calendar"): GOLDEN["nse event calendar"],
            CONFIG.path("nse_legacy_results"): as_json([LEGACY]),
            CONFIG.path("nse_corporate_actions"): GOLDEN["nse corporate actions"],
            CONFIG.path("nse_quote"): GOLDEN["nse quote"],
            CONFIG.path("nse_band_hitters"): GOLDEN["nse band hitters"],
            CONFIG.path("nse_holidays"): GOLDEN["nse holidays"],
        }
    )
    assert (await nse.board_meetings(DAY, NEXT)).records == (BOARD_MEETING,)
    await nse.event_calendar()
    assert (await nse.legacy_results("TAMRA")).records == (LEGACY,)
    await nse.corporate_actions(DAY, NEXT, "mf")
    assert (await nse.quote("tamra")).records[0]["metaData.open"] == 769.5
    await nse.band_hitters()
    await nse.holidays()
    asked = site.asked[2:]
    assert len({one.headers["Referer"] for one in asked}) == len(asked)
    assert asked[2].params["period"] == "Quarterly"
    assert asked[3].params["index"] == "mf"
    assert asked[4].params["functionName"] == "getSymbolData"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://nsearchives.nseindia.com/corporate/A_1.pdf", Kind.PDF),
        ("https://nsearchives.nseindia.com/corporate/xbrl/A.XML", Kind.XML),
        ("https://nsearchives.nseindia.com/corporate/ixbrl/A.html", Kind.XML),
        ("https://www.nseindia.com/A.zip", Kind.ZIP),
    ],
)
async def test_a_document_is_fetched_as_what_its_name_says(
    url: str, kind: Kind, tmp_path: Path
) -> None:
    nse, site = client({url: b"content"})
    assert (await nse.document(url, tmp_path)).path.read_bytes() == b"content"
    assert site.asked[0].kind is kind


@pytest.mark.parametrize("end", ["-", "null", ""])
async def test_a_placeholder_is_never_asked_for(end: str, tmp_path: Path) -> None:
    nse, site = client({})
    url = f"https://nsearchives.nseindia.com/corporate/xbrl/{end}"
    with pytest.raises(SourceShapeError, match="placeholder"):
        await nse.document(url, tmp_path)
    assert site.asked == []
