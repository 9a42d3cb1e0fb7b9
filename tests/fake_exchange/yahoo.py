"""Yahoo's chart API: prices adjusted for splits, as Yahoo sends them."""

from collections.abc import Mapping
from datetime import date, datetime, time
from fractions import Fraction

from dexter.domain.moment import IST
from tests.fake_exchange.listing import Company
from tests.fake_exchange.market import Action, Bar
from tests.fake_exchange.wire import Reply, json_reply
from tests.fake_exchange.world import World

_MISSING = {
    "code": "Not Found",
    "description": "No data found, symbol may be delisted",
}


def chart(world: World, ticker: str, query: Mapping[str, str]) -> Reply:
    """``/v8/finance/chart/<ticker>`` for ``.NS`` and ``.BO``."""
    company = _company(world, ticker)
    if company is None:
        reply = json_reply({"chart": {"result": None, "error": _MISSING}})
        reply.status = 404
        return reply
    low = int(query.get("period1", "0"))
    high = int(query.get("period2", "9999999999"))
    closed = [
        bar
        for bar in world.path(company)
        if bar and low <= _opened(bar.day) < high and _closed(bar.day) <= world.now
    ]
    actions = [
        action
        for action in world.actions
        if action.company is company and _closed(action.ex_date) <= world.now
    ]
    found = _result(ticker, closed, actions)
    return json_reply({"chart": {"result": [found], "error": None}})


def factor(actions: list[Action], day: date) -> Fraction:
    """What Yahoo multiplies a day's prices by: every later split and bonus."""
    found = Fraction(1)
    for action in actions:
        if day < action.ex_date:
            found *= action.factor
    return found


def _company(world: World, ticker: str) -> Company | None:
    today = world.now.date()
    name, _, suffix = ticker.rpartition(".")
    for company in world.companies:
        if suffix == "NS" and company.symbol(today) == name:
            return company
        if suffix == "BO" and company.bse and company.bse_id == name:
            return company
    return None


def _result(ticker: str, bars: list[Bar], actions: list[Action]) -> dict[str, object]:
    ends = [factor(actions, bar.day) for bar in bars]
    columns: dict[str, list[float]] = {
        name: [
            float(getattr(bar, name) * end / 100)
            for bar, end in zip(bars, ends, strict=True)
        ]
        for name in ("open", "high", "low", "close")
    }
    volume = [int(bar.volume / end) for bar, end in zip(bars, ends, strict=True)]
    found: dict[str, object] = {
        "meta": _meta(ticker, bars),
        "timestamp": [_opened(bar.day) for bar in bars],
        "indicators": {
            "quote": [{**columns, "volume": volume}],
            "adjclose": [{"adjclose": columns["close"]}],
        },
    }
    if events := _events(actions):
        found["events"] = events
    return found


def _meta(ticker: str, bars: list[Bar]) -> dict[str, object]:
    last = bars[-1] if bars else None
    return {
        "currency": "INR",
        "symbol": ticker,
        "exchangeName": "NSI" if ticker.endswith(".NS") else "BSE",
        "instrumentType": "EQUITY",
        "firstTradeDate": 820_467_900,
        "regularMarketTime": _opened(last.day) if last else None,
        "gmtoffset": 19_800,
        "timezone": "IST",
        "exchangeTimezoneName": "Asia/Kolkata",
        "regularMarketPrice": last.close / 100 if last else None,
        "priceHint": 2,
        "dataGranularity": "1d",
        "range": "",
        "validRanges": ["1d", "5d", "1mo", "3mo", "6mo", "1y", "2y", "5y", "max"],
    }


def _events(actions: list[Action]) -> dict[str, object]:
    events: dict[str, dict[str, object]] = {}
    for action in actions:
        stamp = _opened(action.ex_date)
        if action.kind == "dividend":
            events.setdefault("dividends", {})[str(stamp)] = {
                "amount": 5.0,
                "date": stamp,
            }
        else:
            up, down = action.factor.denominator, action.factor.numerator
            events.setdefault("splits", {})[str(stamp)] = {
                "date": stamp,
                "numerator": float(up),
                "denominator": float(down),
                "splitRatio": f"{up}:{down}",
            }
    return dict(events)


def _opened(day: date) -> int:
    return int(datetime.combine(day, time(9, 15), IST).timestamp())


def _closed(day: date) -> datetime:
    return datetime.combine(day, time(15, 30), IST)
