"""NSE's JSON: dates in three spellings, two words for standalone, dead addresses."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from tests.fake_exchange.filings import ARCHIVES
from tests.fake_exchange.notices import Notice
from tests.fake_exchange.nse_filings import day_of, integrated, legacy
from tests.fake_exchange.nse_market import (
    actions,
    band_hitters,
    holidays,
    quote_api,
    underlyings,
)
from tests.fake_exchange.season import Result
from tests.fake_exchange.wire import Reply, html_reply, json_reply
from tests.fake_exchange.world import NSE, World

NO_DATA = {"data": [], "msg": "no data found"}
_INDEXES = {"equities", "sme", "debt", "mf", "invitsreits", "municipalBond", "sse"}
_STAMP = "%d-%b-%Y %H:%M:%S"


def answer(world: World, name: str, query: Mapping[str, str]) -> Reply:
    """One API of NSE by its path below ``/api/``."""
    if query.get("index", "equities") not in _INDEXES:
        return json_reply(NO_DATA)
    write = _APIS.get(name)
    if write is None:
        return html_reply(404, "Resource not found")
    return json_reply(write(world, query))


def _days(query: Mapping[str, str], world: World) -> tuple[date, date]:
    """From and to; without them, the last day only."""
    today = world.now.date()
    first, last = query.get("from_date"), query.get("to_date")
    return (day_of(first) if first else today), (day_of(last) if last else today)


def _announcements(
    world: World, query: Mapping[str, str]
) -> Iterator[dict[str, object]]:
    first, last = _days(query, world)
    sme, wanted = query.get("index") == "sme", query.get("symbol", "")
    if query.get("index", "equities") not in {"equities", "sme"}:
        return
    for back in range((last - first).days + 1):
        day = last - timedelta(days=back)
        for notice in reversed(world.visible(NSE, day)):
            symbol = notice.company.symbol(day) or ""
            if (notice.company.series == "SM") == sme and wanted in {"", symbol}:
                yield _announcement(notice, symbol)


def _announcement(notice: Notice, symbol: str) -> dict[str, object]:
    company, at = notice.company, notice.at
    file = notice.attachment
    return {
        "symbol": symbol,
        "desc": notice.topic.desc,
        "dt": f"{at:%d%m%Y%H%M%S}",
        "attchmntFile": f"{ARCHIVES}/corporate/{file}" if file else "-",
        "sm_name": company.name,
        "sm_isin": company.isin,
        "an_dt": f"{at:{_STAMP}}",
        "sort_date": f"{at:%Y-%m-%d %H:%M:%S}",
        "seq_id": notice.key,
        "smIndustry": company.industry if company.number % 3 else None,
        "orgid": None,
        "attchmntText": f"{company.name} has informed the Exchange regarding "
        f"'{notice.words}'.",
        "bflag": None,
        "old_new": None,
        "csvName": None,
        "exchdisstime": f"{notice.seen_at:{_STAMP}}",
        "difference": f"00:00:{notice.lag:02d}",
    }


def _meetings(world: World, query: Mapping[str, str]) -> Iterator[dict[str, object]]:
    first, last = _days(query, world)
    wanted = query.get("symbol", "")
    for result, on, symbol in _told(world):
        if first <= on <= last and wanted in {"", symbol}:
            yield _meeting(result, on, symbol)


def _told(world: World) -> Iterator[tuple[Result, date, str]]:
    for result in world.results:
        symbol = result.company.symbol(result.told.date())
        if symbol and result.told <= world.now:
            for on in filter(None, (result.moved_from, result.on)):
                yield result, on, symbol


def _meeting(result: Result, on: date, symbol: str) -> dict[str, object]:
    company, told = result.company, result.told
    stamp = f"{told - timedelta(seconds=61):{_STAMP}}"
    name = f"PRIOR_INTIMATION_{company.number}_{told:%d%m%Y%I%M%S}_WEB.xml"
    return {
        "bm_symbol": symbol,
        "bm_date": f"{on:%d-%b-%Y}",
        "bm_purpose": f"{company.name.upper()} has informed the Exchange about Board "
        f"Meeting to be held on {on:%d-%b-%Y} to consider and approve the Quarterly "
        "Unaudited Financial results of the Company for the period ended "
        f"{result.quarter.end:%B %Y}.",
        "bm_desc": "Board Meeting Intimation",
        "sm_indusrty": company.industry,
        "bm_timestamp": stamp,
        "sm_name": company.name,
        "sm_isin": company.isin,
        "attachment": f"{ARCHIVES}/corporate/xbrl/{name}",
        "diff": "00:01:01",
        "sysTime": f"{told:{_STAMP}}",
    }


def _events(world: World, query: Mapping[str, str]) -> Iterator[dict[str, object]]:
    first = query.get("from_date")
    low = day_of(first) if first else world.now.date()
    high = day_of(query["to_date"]) if query.get("to_date") else date.max
    for result, on, symbol in sorted(_told(world), key=lambda one: (one[1], one[2])):
        if low <= on <= high:
            yield {
                "symbol": symbol,
                "company": result.company.name,
                "purpose": "Financial Results",
                "bm_desc": "To consider and approve the financial results for the "
                f"period ended {result.quarter.end:%B %d, %Y}",
                "date": f"{on:%d-%b-%Y}",
            }


_APIS: dict[str, Callable[[World, Mapping[str, str]], object]] = {
    "corporate-announcements": lambda *asked: list(_announcements(*asked)),
    "corporate-board-meetings": lambda *asked: list(_meetings(*asked)),
    "event-calendar": lambda *asked: list(_events(*asked)),
    "integrated-filing-results": integrated,
    "corporates-financial-results": lambda *asked: list(legacy(*asked)),
    "corporates-corporateActions": lambda *asked: list(actions(*asked)),
    "NextApi/apiClient/GetQuoteApi": quote_api,
    "live-analysis-price-band-hitter": lambda world, _query: band_hitters(world),
    "holiday-master": lambda world, _query: holidays(world),
    "underlying-information": lambda world, _query: underlyings(world),
}
