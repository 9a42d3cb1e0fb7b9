"""NSE's market pages: actions, quotes, band hitters, holidays, futures."""

from collections.abc import Iterator, Mapping
from datetime import date

from tests.fake_exchange.bse import last_bar
from tests.fake_exchange.listing import Company
from tests.fake_exchange.market import Bar
from tests.fake_exchange.nse_filings import day_of
from tests.fake_exchange.quotes import meta, quote
from tests.fake_exchange.world import World

_SEGMENTS = (
    *("CBM", "CD", "CM", "CMOT", "COM", "FO"),
    *("IRD", "MF", "NDM", "NTRP", "SLBS"),
)


def actions(world: World, query: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """``corporates-corporateActions``; funds have none here."""
    if query.get("index", "equities") != "equities":
        return
    first, last = query.get("from_date"), query.get("to_date")
    low = day_of(first) if first else date.min
    high = day_of(last) if last else date.max
    wanted = query.get("symbol", "")
    for action in world.actions:
        symbol = action.company.symbol(world.now.date())
        told = action.told_on <= world.now.date() and low <= action.ex_date <= high
        if symbol and told and wanted in {"", symbol}:
            ex_date = f"{action.ex_date:%d-%b-%Y}"
            yield {
                "symbol": symbol,
                "series": action.company.series,
                "ind": "-",
                "faceVal": str(action.company.face),
                "subject": action.subject,
                "exDate": ex_date,
                "recDate": ex_date,
                "bcStartDate": "-",
                "bcEndDate": "-",
                "ndStartDate": "-",
                "comp": action.company.name,
                "isin": action.company.isin,
                "ndEndDate": "-",
                "caBroadcastDate": None,
            }


def quote_api(world: World, query: Mapping[str, str]) -> object:
    """``GetQuoteApi`` by its function name."""
    today = world.now.date()
    wanted = query.get("symbol", "")
    company = next((c for c in world.companies if c.symbol(today) == wanted), None)
    bar = last_bar(world, company) if company else None
    if query.get("functionName") == "getMetaData":
        return meta(company, wanted)
    return {"equityResponse": [quote(company, bar, wanted)]}


def band_hitters(world: World) -> dict[str, object]:
    """Who is at a limit: live until the session ends, then as it closed."""
    today = world.now.date()
    shut = [s for s in world.days.sessions if s <= today]
    hits: dict[str, list[dict[str, object]]] = {"upper": [], "lower": [], "both": []}
    for company, bar in world.bars(shut[-1]) if shut else ():
        if symbol := company.symbol(shut[-1]):
            up, down = bar.high == bar.upper, bar.low == bar.lower
            side = "both" if up and down else "upper" if up else "lower"
            if up or down:
                hits[side].append(_hitter(company, symbol, bar))
    counts = {side.upper(): str(len(rows)) for side, rows in hits.items()}
    counts = {"TOTAL": str(sum(map(len, hits.values()))), **counts}
    return {side: _parts(rows, counts, world) for side, rows in hits.items()}


def _parts(
    rows: list[dict[str, object]], counts: dict[str, str], world: World
) -> dict[str, object]:
    dear = [row for row in rows if float(str(row["ltp"])) > 20]
    cheap = [row for row in rows if float(str(row["ltp"])) <= 20]
    named = {"AllSec": rows, "SecGtr20": dear, "SecLwr20": cheap}
    stamp = f"{world.now:%d-%b-%Y} 16:00:00"
    return {
        name: {"data": some, "timestamp": stamp, "count": counts}
        for name, some in named.items()
    }


def _hitter(company: Company, symbol: str, bar: Bar) -> dict[str, object]:
    change = bar.last - bar.base
    return {
        "symbol": symbol,
        "series": company.series,
        "ltp": f"{bar.last / 100:.2f}",
        "change": f"{change / 100:.2f}",
        "pChange": f"{100 * change / bar.base:7.2f}",
        "priceBand": str(bar.band),
        "highPrice": bar.high / 100,
        "lowPrice": bar.low / 100,
        "yearHigh": bar.high / 50,
        "yearLow": bar.low / 200,
        "totalTradedVol": bar.volume / 100_000,
        "turnover": bar.value / 100 / 10_000_000,
    }


def holidays(world: World) -> dict[str, object]:
    """``holiday-master``: the same days for every segment."""
    rows = [
        {
            "tradingDate": f"{day:%d-%b-%Y}",
            "weekDay": f"{day:%A}",
            "description": "Exchange holiday",
            "Sr_no": number,
        }
        for number, day in enumerate(world.days.holidays(), 1)
    ]
    return dict.fromkeys(_SEGMENTS, rows)


def underlyings(world: World) -> dict[str, object]:
    """``underlying-information``: who has futures."""
    today = world.now.date()
    rows = [
        {"serialNumber": str(n), "symbol": c.symbol(today), "underlying": c.name}
        for n, c in enumerate((c for c in world.companies if c.has_futures), 1)
        if c.symbol(today)
    ]
    return {"data": {"IndexList": [], "UnderlyingList": rows}}
