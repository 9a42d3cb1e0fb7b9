"""A crawl by the standard library alone collects exactly the truth."""

import json
import urllib.error
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from dexter.domain.moment import IST
from tests.fake_exchange import Server, World, serving
from tests.fake_exchange.crawler import AGENT, Crawler, days_of, number

MODERN, LEGACY = date(2026, 5, 4), date(2024, 7, 4)
Listing = tuple[str, str, date]


@pytest.fixture(scope="module", params=[MODERN, LEGACY], ids=["2026", "2024"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    world = World(7, request.param, 8, 62, announcements_per_day=130, results_per_day=5)
    with serving(world) as opened:
        yield opened


@pytest.fixture
def crawler(server: Server) -> Crawler:
    found = Crawler(server.base)
    found.warm_up()
    return found


def test_bse_announcements(server: Server, crawler: Crawler) -> None:
    days = server.world.days.days
    rows = [row for day in days for row in crawler.bse_day(day)]
    keys = [row["NEWSID"] for row in rows]
    assert len(keys) == len(set(keys))
    truth = server.world.truth()
    assert set(keys) == truth.bse_announcements
    assert {len(str(row["DissemDT"]).partition(".")[2]) for row in rows} == {0, 1, 2, 3}
    assert all(isinstance(row["SCRIP_CD"], int) for row in rows)
    assert any(row["CATEGORYNAME"] is None for row in rows)
    assert any(row["HEADLINE"] == "" for row in rows)
    assert any(str(row["ATTACHMENTNAME"]).endswith(".pdf.pdf") for row in rows)
    assert any("\\" in str(row["ATTACHMENTNAME"]) for row in rows)
    assert any(row["ATTACHMENTNAME"] == "" for row in rows)


def test_one_scrip_is_asked_for_with_a_capital_s(
    server: Server, crawler: Crawler
) -> None:
    first, last = server.world.days.days[0], server.world.days.days[-1]
    span = {"strPrevDate": f"{first:%Y%m%d}", "strToDate": f"{last:%Y%m%d}"}
    code = str(server.world.companies[0].bse)
    mine = crawler.bse("AnnSubCategoryGetData", strScrip=code, pageno="1", **span)
    assert isinstance(mine, dict)
    assert {row["SCRIP_CD"] for row in mine["Table"]} == {int(code)}
    every = crawler.bse("AnnSubCategoryGetData", strscrip=code, pageno="1", **span)
    assert isinstance(every, dict)
    assert len({row["SCRIP_CD"] for row in every["Table"]}) > 1


def test_nse_announcements(server: Server, crawler: Crawler) -> None:
    days, truth = server.world.days.days, server.world.truth()
    for index, expected in (
        ("equities", truth.nse_announcements),
        ("sme", truth.nse_sme_announcements),
    ):
        rows = crawler.nse_days(days[0], days[-1], index)
        keys = [
            (r["symbol"], r["an_dt"], r["attchmntFile"].rsplit("/", 1)[-1])
            for r in rows
        ]
        assert len(keys) == len(set(keys))
        assert set(keys) == expected


def test_documents(server: Server, crawler: Crawler) -> None:
    truth = server.world.truth()
    chosen = [p for p in truth.publications if p.paper.kind != "letter"]
    chosen += [p for p in truth.publications if p.name.endswith(".pdf.pdf")]
    chosen += [p for p in truth.publications if "\\" in p.url][:3]
    chosen += list(truth.publications)[::200]
    assert {p.paper.kind for p in chosen} >= {"letter", "statement", "xbrl"}
    for one in chosen:
        assert crawler.sha256(one.url) == truth.documents[one.name]
    sources = {one.source for one in chosen}
    assert "NSE list of results" in sources
    if server.world.days.days[0] == MODERN:
        assert {"NSE integrated filings", "BSE results index"} <= sources


def test_board_meetings(server: Server, crawler: Crawler) -> None:
    rows = crawler.nse(
        "corporate-board-meetings",
        index="equities",
        from_date="01-01-2024",
        to_date="31-12-2026",
    )
    assert isinstance(rows, list)
    found = {(row["bm_symbol"], row["bm_date"], row["sysTime"]) for row in rows}
    stamp = "%d-%b-%Y"
    assert found == {
        (m.symbol, f"{m.on:{stamp}}", f"{m.told_at:{stamp} %H:%M:%S}")
        for m in server.world.truth().meetings
    }


def test_results_lists(server: Server, crawler: Crawler) -> None:
    truth = server.world.truth()
    answer = crawler.nse(
        "integrated-filing-results",
        index="equities",
        type="Integrated Filing- Financials",
        size="1000",
    )
    assert isinstance(answer, dict)
    named = set()
    for row in answer["data"]:
        assert row["consolidated"] in {"Standalone", "Consolidated"}
        named |= {row["xbrl"], row["ixbrl"], row["pdf_attach"]}
    dead = {url for url in named if url and url.endswith("/null")}
    listed = {p.url for p in truth.publications if p.source == "NSE integrated filings"}
    assert named - dead - {None} == listed
    old = crawler.nse("corporates-financial-results", index="equities")
    assert old == []  # without a period it says nothing
    old = crawler.nse(
        "corporates-financial-results", index="equities", period="Quarterly"
    )
    assert isinstance(old, list)
    urls = {row["xbrl"] for row in old}
    assert any(url.endswith("/-") for url in urls)
    assert {url for url in urls if not url.endswith("/-")} == {
        p.url for p in truth.publications if p.source == "NSE list of results"
    }
    assert {row["consolidated"] for row in old} == {"Consolidated", "Non-Consolidated"}


def test_bse_results_index(server: Server, crawler: Crawler) -> None:
    found = set()
    for company in server.world.companies:
        code = str(company.bse or "")
        answer = crawler.bse("Corp_FinanceResult_ng_new", SCRIP_CD=code, FlagDur="7")
        assert isinstance(answer, dict)
        for row in answer["Table"]:
            found |= {row["XMLName"], row["Consol_XMLName"]}
    assert {str(name).rsplit("/", 1)[-1].lower() for name in found if name} == {
        p.name
        for p in server.world.truth().publications
        if p.source == "BSE results index"
    }


def _nse_bars(crawler: Crawler, day: date) -> list[dict[str, str]] | None:
    if day >= date(2024, 7, 8):
        name = f"/content/cm/BhavCopy_NSE_CM_0_0_0_{day:%Y%m%d}_F_0000.csv.zip"
        return crawler.table(name)
    month = f"{day:%b}".upper()
    folder = f"/content/historical/EQUITIES/{day:%Y}/{month}"
    rows = crawler.table(f"{folder}/cm{day:%d}{month}{day:%Y}bhav.csv.zip")
    names = {
        "SYMBOL": "TckrSymb",
        "SERIES": "SctySrs",
        "OPEN": "OpnPric",
        "HIGH": "HghPric",
        "LOW": "LwPric",
        "CLOSE": "ClsPric",
        "LAST": "LastPric",
        "PREVCLOSE": "PrvsClsgPric",
        "TOTTRDQTY": "TtlTradgVol",
        "TOTTRDVAL": "TtlTrfVal",
        "ISIN": "ISIN",
    }
    return rows and [{names.get(k, k): v for k, v in row.items()} for row in rows]


def test_nse_bars_and_deliveries(server: Server, crawler: Crawler) -> None:
    truth, seen = server.world.truth(), set()
    for day in server.world.days.days:
        for row in _nse_bars(crawler, day) or ():
            key = row["TckrSymb"], row["SctySrs"], day
            if row["ISIN"].startswith("INF") or row["SctySrs"] == "N1":
                continue  # a fund and a bond
            bar = truth.nse_bars[key]
            seen.add(key)
            assert number(row["OpnPric"]) == bar.open
            assert number(row["HghPric"]) == bar.high
            assert number(row["LwPric"]) == bar.low
            assert number(row["ClsPric"]) == bar.close
            assert number(row["LastPric"]) == bar.last
            assert number(row["PrvsClsgPric"]) == bar.previous_close
            assert number(row["TtlTradgVol"]) == bar.volume
            assert number(row["TtlTrfVal"]) == bar.turnover
            assert row["ISIN"] == bar.isin
    assert seen == set(truth.nse_bars)
    for day in server.world.days.sessions:
        rows = crawler.table(f"/products/content/sec_bhavdata_full_{day:%d%m%Y}.csv")
        for row in rows or ():
            bar = truth.nse_bars[row["SYMBOL"], row["SERIES"], day]
            assert number(row["DELIV_QTY"]) == bar.delivered


def test_bse_bars(server: Server, crawler: Crawler) -> None:
    truth, seen = server.world.truth(), set()
    for day in server.world.days.days:
        if day >= date(2024, 7, 8):
            name = f"BhavCopy_BSE_CM_0_0_0_{day:%Y%m%d}_F_0000.CSV"
            code, group, close = "FinInstrmId", "SctySrs", "ClsPric"
        else:
            name = f"EQ_ISINCODE_{day:%d%m%y}.zip"
            code, group, close = "SC_CODE", "SC_GROUP", "CLOSE"
        for row in crawler.table(f"/download/BhavCopy/Equity/{name}") or ():
            key = row[code], row[group], day
            seen.add(key)
            assert number(row[close]) == truth.bse_bars[key].close
    assert seen == set(truth.bse_bars)


def test_bands_ticks_and_indices(server: Server, crawler: Crawler) -> None:
    world, truth = server.world, server.world.truth()
    bands: dict[Listing, Decimal | str] = {}
    ticks: dict[Listing, Decimal] = {}
    closes: dict[tuple[str, date], Decimal | None] = {}
    eve = world.days.before(world.days.days[0])
    for file in (eve, *world.days.sessions):
        session = world.days.after(file)
        rows = crawler.table(f"/content/equities/sec_list_{file:%d%m%Y}.csv")
        for row in rows or ():
            if row["Band"]:
                plain = row["Band"].lower()
                band = plain if plain == "no band" else Decimal(plain)
                bands[row["Symbol"], row["Series"], session] = band
        rows = crawler.table(f"/content/cm/NSE_CM_security_{file:%d%m%Y}.csv.gz")
        for row in rows or ():
            tick = Decimal(row["BidIntrvl"]) / 100
            ticks[row["TckrSymb"], row["SctySrs"], file] = tick
        rows = crawler.table(f"/content/indices/ind_close_all_{file:%d%m%Y}.csv")
        for row in rows or ():
            closes[row["Index Name"], file] = number(row["Closing Index Value"])
    assert bands == truth.bands
    assert ticks == truth.ticks
    assert closes == truth.index_closes


def test_band_changes_bridge_the_lists(server: Server, crawler: Crawler) -> None:
    world, truth = server.world, server.world.truth()
    changes = 0
    for session in world.days.sessions:
        name = f"/content/equities/eq_band_changes_{session:%d%m%Y}.csv"
        for row in crawler.table(name) or ():
            changes += 1
            key = row["Symbol"], row["Series"], session
            assert truth.bands[key] == Decimal(row["To"])
            before = (*key[:2], world.days.before(session))
            assert truth.bands[before] == Decimal(row["From"])
    assert changes


def test_actions_renames_and_stories(server: Server, crawler: Crawler) -> None:
    truth = server.world.truth()
    rows = crawler.nse("corporates-corporateActions", index="equities")
    assert isinstance(rows, list)
    assert {(row["symbol"], row["exDate"]) for row in rows} == {
        (a.symbol, f"{a.ex_date:%d-%b-%Y}") for a in truth.actions
    }
    assert {a.kind for a in truth.actions} == {"split", "bonus", "dividend"}
    _, text = crawler.get("/content/equities/symbolchange.csv", {"User-Agent": AGENT})
    lines = [line.split(",") for line in text.decode().splitlines()][1:]
    assert {(old, new) for _, old, new, _ in lines} == {
        (r.old, r.new) for r in truth.renames
    }
    assert truth.renames
    found = []
    for feed in ("/rss/markets.xml", "/atom/companies.xml"):
        _, body = crawler.get(feed, {"User-Agent": AGENT})
        found += [s.url for s in truth.stories if s.url.encode() in body]
    assert len(found) == len(truth.stories)


def test_yahoo_is_adjusted_for_splits(server: Server, crawler: Crawler) -> None:
    world, truth = server.world, server.world.truth()
    split = next(a for a in truth.actions if a.kind == "split")
    answer = crawler.get(f"/v8/finance/chart/{split.symbol}.NS?interval=1d", {})
    chart = json.loads(answer[1])["chart"]["result"][0]
    assert next(iter(chart["events"]["splits"].values()))["splitRatio"] == "5:1"
    for stamp, close in zip(
        chart["timestamp"], chart["indicators"]["quote"][0]["close"], strict=True
    ):
        day = datetime.fromtimestamp(stamp, IST).date()
        bar = truth.nse_bars[split.symbol, "EQ", day]
        factor = split.factor if day < split.ex_date else 1
        assert close == pytest.approx(float(bar.close * factor))
    assert world.now.date() >= split.ex_date


def test_nothing_later_than_the_clock_is_served() -> None:
    world = World(3, MODERN, 4, 40, announcements_per_day=60, results_per_day=3)
    day = world.days.sessions[2]
    with serving(world.at(day, time(17, 59))) as server:
        crawler = Crawler(server.base)
        crawler.warm_up()
        early = {row["NEWSID"] for row in crawler.bse_day(day)}
        assert (
            early
            == world.truth().bse_announcements
            - world.truth(datetime.combine(day, time(), IST)).bse_announcements
        )
        assert _nse_bars(crawler, day) is None
        assert not list(crawler.bse_day(world.days.after(day)))
        late = next(p for p in world.at(day).truth().publications)
        world.at(day, time(20, 1))
        assert _nse_bars(crawler, day)
        assert early < {row["NEWSID"] for row in crawler.bse_day(day)}
        world.at(MODERN, time(0, 1))
        with pytest.raises(urllib.error.HTTPError):
            crawler.sha256(late.url)


def test_attachments_move_after_some_days(server: Server, crawler: Crawler) -> None:
    rows = [p for p in server.world.truth().publications if "Attach" in p.url]
    live = next(p for p in rows if "AttachLive" in p.url)
    old = next(p for p in rows if "AttachHis" in p.url)
    assert crawler.sha256(live.url)
    with pytest.raises(urllib.error.HTTPError):
        crawler.sha256(old.url.replace("AttachHis", "AttachLive"))


def test_the_days_of_a_world_all_count(server: Server) -> None:
    world = server.world
    assert list(days_of(world.days.days[0], world.days.days[-1])) == list(
        world.days.days
    )
    again = World(7, world.days.days[0], 8, 62, 130, 5)
    assert again.truth().publications == world.truth().publications
    assert again.truth().documents == world.truth().documents
