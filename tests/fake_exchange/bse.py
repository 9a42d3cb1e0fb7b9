"""BSE's API, in its own shapes: int codes here, string codes there."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from dexter.domain.moment import IST
from tests.fake_exchange import filings
from tests.fake_exchange.listing import Company
from tests.fake_exchange.market import Bar
from tests.fake_exchange.notices import Notice
from tests.fake_exchange.papers import size
from tests.fake_exchange.season import CONSOLIDATED, STANDALONE, Filing, Result
from tests.fake_exchange.wire import Reply, json_reply
from tests.fake_exchange.world import BSE, World

PAGE = 50
ERROR_PAGE = "/error_Bse.html"
_SITE = "https://www.bseindia.com/stock-share-price"
_LONGEST = 800


def answer(world: World, name: str, query: Mapping[str, str]) -> Reply:
    """One API of BSE by its name; a name it does not have goes to the error page."""
    if name == "AnnSubCategoryGetData":
        return _announcements(world, query)
    write = _LISTS.get(name)
    return json_reply(write(world, query)) if write else error_page()


def error_page() -> Reply:
    """What a blocked or unknown name gets."""
    stub = (
        "<head><title>Document Moved</title></head>\n<body><h1>Object Moved</h1>This "
        f'document may be found <a HREF="{ERROR_PAGE}">here</a></body>'
    )
    return Reply(stub.encode(), "html", 302, [("Location", ERROR_PAGE)])


def moment(at: datetime) -> str:
    """IST without an offset, with as many fraction digits as needed."""
    fraction = f"{at.microsecond // 1000:03d}".rstrip("0")
    return f"{at:%Y-%m-%dT%H:%M:%S}" + (f".{fraction}" if fraction else "")


def _announcements(world: World, query: Mapping[str, str]) -> Reply:
    try:
        first, last = _compact(query["strPrevDate"]), _compact(query["strToDate"])
        page = int(query.get("pageno", "1"))
    except (KeyError, ValueError):
        return error_page()
    if (last - first).days > _LONGEST:
        return error_page()
    wanted = _wanted(world, query, first, last)
    rows = wanted[(page - 1) * PAGE : page * PAGE] if page > 0 else []
    pages = -(-len(wanted) // PAGE)
    live = world.is_live
    table = [_row(n, pages, one, live=live(one.at)) for n, one in enumerate(rows, 1)]
    return json_reply({"Table": table, "Table1": [{"ROWCNT": len(wanted)}]})


def _wanted(
    world: World, query: Mapping[str, str], first: date, last: date
) -> list[Notice]:
    if query.get("strType", "C") != "C":
        return []
    scrip, category = query.get("strScrip", ""), query.get("strCat", "-1")
    found: list[Notice] = []
    for back in range((last - first).days + 1):
        found += reversed(world.visible(BSE, last - timedelta(days=back)))
    if scrip:
        found = [one for one in found if str(one.company.bse) == scrip]
    if category not in {"-1", ""}:
        found = [one for one in found if one.topic.category == category]
    return found


def _row(number: int, pages: int, notice: Notice, *, live: bool) -> dict[str, object]:
    company, topic, at = notice.company, notice.topic, notice.at
    printed = moment(at)
    # A fifth of the headlines are empty, and some subjects carry markup.
    words = "" if notice.serial % 5 == 2 else notice.words
    subject = notice.words.replace(": ", ":<BR>") if number % 9 == 0 else notice.words
    submitted = at - timedelta(seconds=notice.serial % 3)
    return {
        "NEWSID": notice.key,
        "SCRIP_CD": company.bse,
        "XML_NAME": f"ANN_{company.bse}_{notice.key.upper()}",
        "NEWSSUB": f"{company.name} - {company.bse} - {subject}",
        "DT_TM": printed,
        "NEWS_DT": printed,
        "CRITICALNEWS": 0,
        "ANNOUNCEMENT_TYPE": "A",
        "QUARTER_ID": None,
        "FILESTATUS": "N    ",
        "ATTACHMENTNAME": notice.attachment,
        "MORE": "",
        "HEADLINE": words,
        "CATEGORYNAME": topic.category,
        "OLD": 1,
        "RN": number,
        "PDFFLAG": 0 if live else 1,
        "NSURL": _url(company),
        "SLONGNAME": company.name,
        "AGENDA_ID": 177,
        "TotalPageCnt": pages,
        "News_submission_dt": f"{submitted:%Y-%m-%dT%H:%M:%S}",
        "DissemDT": printed,
        "TimeDiff": f"00:00:0{notice.serial % 3}",
        "Fld_Attachsize": size(notice.paper) if notice.paper else None,
        "SUBCATNAME": topic.subcategory,
        "AUDIO_VIDEO_FILE": None,
    }


def _calendar(world: World, query: Mapping[str, str]) -> Iterator[dict[str, object]]:
    today = world.now.date()
    first, last = query.get("fromdate"), query.get("todate")
    low = _compact(first) if first else today
    high = _compact(last) if last else date.max
    scrip = query.get("scripcode", "")
    for result in sorted(world.results, key=lambda one: (one.on, one.company.number)):
        company = result.company
        told = company.bse and result.told <= world.now
        if told and low <= result.on <= high and scrip in {"", str(company.bse)}:
            yield {
                "scrip_Code": str(company.bse),
                "short_name": company.bse_id,
                "Long_Name": company.name.upper(),
                "meeting_date": f"{result.on:%d %b %Y}",
                "URL": _url(company),
            }


def _scrip(world: World, company: Company) -> dict[str, object]:
    return {
        "SCRIP_CD": str(company.bse),
        "Scrip_Name": company.name,
        "Status": "Active",
        "GROUP": company.group,
        "FACE_VALUE": f"{company.face:.2f}",
        "ISIN_NUMBER": company.isin,
        "INDUSTRY": company.industry if company.number % 9 else None,
        "scrip_id": company.bse_id,
        "Segment": "Equity",
        "NSURL": _url(company),
        "Issuer_Name": company.name,
        "Mktcap": f"{(world.seed + company.number * 37 % 900) + 0.68:.2f}",
    }


def _results(world: World, query: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """One row a quarter and version: standalone beside consolidated."""
    code = query.get("SCRIP_CD", "")
    for result in world.results:
        if str(result.company.bse) != code:
            continue
        if result.quarter < filings.INTEGRATED_SINCE:
            continue
        for version in (1, 0):
            mine = [f for f in result.filings if f.paper.version == version]
            mine = [f for f in mine if f.bse_at <= world.now]
            if mine:
                yield _result(result, mine)


def _result(result: Result, mine: list[Filing]) -> dict[str, object]:
    company, quarter = result.company, result.quarter
    names = {f.paper.basis: filings.bse_name(f) for f in mine}
    at = min(f.bse_at for f in mine)
    span = f"{quarter.fiscal_year - 1}-{quarter.fiscal_year}"
    return {
        "Scrip_cd": company.bse,
        "scrip_name": company.name,
        "quarter_code": f"{'JSDM'[quarter.number - 1]}Q{span}",
        "audited": "Un-audited",
        "Qtr": float(quarter.fiscal_year % 100 * 4 + quarter.number),
        "Fld_CreateDate": moment(at),
        "DT_TM": f"{at:%b %d %Y} {at:%I:%M%p}".replace(" 0", "  "),
        "Industry_name": company.industry,
        "company_name": company.name,
        "Fld_NatureOfReport": mine[0].paper.basis,
        "XMLName": names.get(STANDALONE),
        "Consol_XMLName": names.get(CONSOLIDATED),
        "URL": _url(company),
        "Resultpageurl": None,
    }


def _quote(world: World, query: Mapping[str, str]) -> dict[str, object]:
    code = query.get("scripcode", "")
    company = next((c for c in world.companies if str(c.bse) == code), None)
    bar = last_bar(world, company) if company else None
    if bar is None:
        return {"Header": {}}
    names = ("PrevClose", "Open", "High", "Low", "LTP")
    prices = (bar.previous, bar.open, bar.high, bar.low, bar.last)
    return {"Header": {n: f"{p / 100:.2f}" for n, p in zip(names, prices, strict=True)}}


def last_bar(world: World, company: Company) -> Bar | None:
    """The latest session of a company that had closed by now."""
    found = None
    for session, bar in zip(world.days.sessions, world.path(company), strict=True):
        closed = datetime(session.year, session.month, session.day, 15, 30, tzinfo=IST)
        if bar and closed <= world.now:
            found = bar
    return found


def _actions(world: World) -> Iterator[dict[str, object]]:
    for action in world.actions:
        told = action.told_on <= world.now.date()
        if action.company.bse is None or not told:
            continue
        ex_date = f"{action.ex_date:%d %b %Y}"
        yield {
            "scrip_code": action.company.bse,
            "short_name": action.company.bse_id,
            "Ex_date": ex_date,
            "Purpose": action.purpose,
            "RD_Date": ex_date,
            "BCRD_FROM": "",
            "BCRD_TO": "",
            "ND_START_DATE": f"{action.told_on:%d %b %Y}",
            "ND_END_DATE": ex_date,
            "payment_date": "",
            "exdate": f"{action.ex_date:%Y%m%d}",
            "long_name": action.company.name,
        }


def _url(company: Company) -> str:
    slug = company.name.lower().replace("&", "").replace(" ", "-")
    return f"{_SITE}/{slug}/{company.bse_id.lower()}/{company.bse}/"


def _compact(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").replace(tzinfo=IST).date()


_LISTS: dict[str, Callable[[World, Mapping[str, str]], object]] = {
    "AnnGetData": lambda _world, _query: "No Record Found!",
    "Corpforthresults": lambda world, query: list(_calendar(world, query)),
    "ListofScripData": lambda world, _query: [
        _scrip(world, company) for company in world.companies if company.bse
    ],
    "Corp_FinanceResult_ng_new": lambda world, query: {
        "Table": list(_results(world, query))
    },
    "getScripHeaderData": _quote,
    "DefaultData": lambda world, _query: list(_actions(world)),
}
