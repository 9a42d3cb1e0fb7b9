"""BSE's client: what it asks, what it accepts, where it finds a file."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from dexter.errors import (
    NotYetPublishedError,
    SourceBlockedError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.bse import Bse
from dexter.sources.payload import UnreadPayloadError
from dexter.sources.wire import Kind
from tests.sources.clients.fake_host import CONFIG, FakeHost, Replies, host
from tests.sources.clients.rows import (
    CALENDAR,
    DAY,
    GOLDEN,
    RESULTS,
    Row,
    announcement,
    as_json,
    bse_page,
)

ANNOUNCEMENTS = CONFIG.path("bse_announcements")
LIVE, HISTORY = "/xml-data/corpfiling/AttachLive/", "/xml-data/corpfiling/AttachHis/"


def client(replies: dict[str, Replies]) -> tuple[Bse, FakeHost]:
    api, files = FakeHost("bse_api", replies), FakeHost("bse_files", replies)
    files.asked = api.asked
    return Bse(host(api), host(files), CONFIG), api


def paged(rows: list[Row]) -> Replies:
    def page(params: Mapping[str, str]) -> bytes:
        begin = (int(params["pageno"]) - 1) * 50
        return bse_page(rows[begin : begin + 50], len(rows))

    return page


async def test_a_day_comes_page_after_page() -> None:
    rows = [announcement(number) for number in range(120)]
    bse, api = client({ANNOUNCEMENTS: paged(rows)})
    pages = [page async for page in bse.announcements(DAY)]
    assert [len(page.records) for page in pages] == [50, 50, 20]
    assert [row["NEWSID"] for page in pages for row in page.records] == [
        row["NEWSID"] for row in rows
    ]
    assert [page.unit for page in pages][-1] == "2026-05-04 page 3"
    assert api.asked[0].params == {
        "pageno": "1",
        "strCat": "-1",
        "subcategory": "-1",
        "strPrevDate": "20260504",
        "strToDate": "20260504",
        "strScrip": "",
        "strSearch": "P",
        "strType": "C",
    }


async def test_a_day_without_announcements_is_one_payload_without_rows() -> None:
    bse, _ = client({ANNOUNCEMENTS: bse_page([], 0)})
    (page,) = [page async for page in bse.announcements(DAY)]
    assert page.records == ()


async def test_an_empty_table_that_is_counted_is_unavailable() -> None:
    bse, _ = client({ANNOUNCEMENTS: bse_page([], 2079)})
    with pytest.raises(SourceUnavailableError, match="2079"):
        _ = [page async for page in bse.announcements(DAY)]


async def test_what_one_scrip_announced_is_its_own() -> None:
    rows = [announcement(1, SCRIP_CD=990001)]
    bse, api = client({ANNOUNCEMENTS: paged(rows)})
    (page,) = [page async for page in bse.announcements(DAY, "990001")]
    assert page.unit == "2026-05-04 990001 page 1"
    assert api.asked[0].params["strScrip"] == "990001"
    with pytest.raises(SourceShapeError, match="990001 came where 990002 was asked"):
        _ = [page async for page in bse.announcements(DAY, "990002")]


async def test_another_day_than_asked_is_refused_and_kept() -> None:
    bse, _ = client({ANNOUNCEMENTS: paged([announcement(1)])})
    with pytest.raises(UnreadPayloadError, match="where 2026-05-05 was asked") as error:
        _ = [page async for page in bse.announcements(date(2026, 5, 5))]
    assert error.value.payload.content


async def test_a_refusal_passes_through() -> None:
    bse, _ = client({ANNOUNCEMENTS: SourceBlockedError("BSE", "302")})
    with pytest.raises(SourceBlockedError):
        _ = [page async for page in bse.announcements(DAY)]


async def test_calendar_scrips_and_index() -> None:
    bse, api = client(
        {
            CONFIG.path("bse_result_calendar"): as_json([CALENDAR]),
            CONFIG.path("bse_scrips"): GOLDEN["bse scrip master"],
            CONFIG.path("bse_results_index"): as_json([RESULTS]),
        }
    )
    assert (await bse.result_calendar()).unit == "all"
    assert (await bse.result_calendar(DAY, DAY)).records == (CALENDAR,)
    assert (await bse.scrips()).records[0]["scrip_id"] == "TAMRA"
    assert (await bse.results_index("990001")).records == (RESULTS,)
    assert [asked.params.get("fromdate") for asked in api.asked] == [
        *(None, "20260504", None, None)
    ]
    with pytest.raises(UnreadPayloadError, match="990001 came where 990009"):
        await bse.results_index("990009")


@pytest.mark.parametrize(
    ("name", "lies_at", "asked"),
    [
        ("a.pdf", LIVE + "a.pdf", 1),
        ("a.pdf", HISTORY + "a.pdf", 2),
        (r"Corp\2026\a.pdf", LIVE + "a.pdf", 1),
        ("../../etc/a.pdf", LIVE + "a.pdf", 1),
        ("a.pdf.pdf", HISTORY + "a.pdf.pdf", 2),
        ("a.pdf.pdf", HISTORY + "a.pdf", 4),
    ],
)
async def test_an_attachment_is_live_or_older(
    name: str, lies_at: str, asked: int, tmp_path: Path
) -> None:
    bse, api = client({lies_at: b"%PDF-1.4 x"})
    found = await bse.attachment(name, tmp_path)
    assert found.path.read_bytes() == b"%PDF-1.4 x"
    assert found.path.parent == tmp_path
    assert len(api.asked) == asked
    assert {one.kind for one in api.asked} == {Kind.PDF}


async def test_an_attachment_that_is_nowhere_is_not_there(tmp_path: Path) -> None:
    bse, _ = client({})
    with pytest.raises(NotYetPublishedError, match=r"a\.pdf"):
        await bse.attachment("a.pdf", tmp_path)


@pytest.mark.parametrize("name", ["", "..", "a/", "\\", "a\0.pdf", "?x=1", "x" * 300])
async def test_a_name_that_is_none_asks_nobody(name: str, tmp_path: Path) -> None:
    bse, api = client({})
    for ask in (bse.attachment, bse.xbrl):
        with pytest.raises(SourceShapeError, match="no name of a file"):
            await ask(name, tmp_path)
    assert api.asked == []


async def test_xbrl_is_xml_by_its_content(tmp_path: Path) -> None:
    bse, api = client({"/XBRLFILES/Main_1.html": b"<html>"})
    await bse.xbrl("Main_1.html", tmp_path)
    assert api.asked[0].kind is Kind.XML
