"""One row of each exchange payload, as what the store keeps of it."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from bs4 import BeautifulSoup

from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.store.keeping import Row
from pipelines.ingest import cells
from pipelines.ingest.intake import BSE, NameFact
from pipelines.ingest.market_lists import (
    Said,
    family_of,
    headline,
    meeting_of,
    meeting_row,
)
from pipelines.ingest.payload import Payload

Record = Mapping[str, object]
NSE_SAID, BSE_SAID = "NSE announcement", "BSE announcement"
_QUARTERLY = {"quarterly", ""}
_RESULTS = re.compile(r"results?", re.IGNORECASE)
_BSE_QUARTER = re.compile(r"([JSDM])Q\d{4}-(\d{4})$")
_BSE_STAMP = re.compile(r"_(\d{2,4})(20\d\d)((?:[01]\d|2[0-3])[0-5]\d[0-5]\d)_")
_LATEST_UPLOAD_DAYS = 45


def legacy_result(row: Record, payload: Payload) -> None:
    """``corporates-financial-results``: to the December 2024 quarter."""
    if str(row.get("period") or "").strip().lower() not in _QUARTERLY:
        return
    symbol = _ticker(row["symbol"])
    company = cells.text(row.get("companyName")) or cells.text(row.get("comp"))
    name = cells.base_name(row["xbrl"])
    _name(payload, symbol, company, cells.text(row.get("isin")), name)
    published = cells.moment(row["broadCastDate"])
    _publish(payload, row, published, "NSE list of results", row.get("toDate"))


def integrated(row: Record, payload: Payload) -> None:
    """``integrated-filing-results``: from the December 2024 quarter."""
    symbol = _ticker(row["symbol"])
    company = cells.text(row.get("cmName")) or cells.text(row.get("smName"))
    name = cells.base_name(row["xbrl"])
    _name(payload, symbol, company, cells.text(row.get("isin")), name)
    published = cells.moment(row["broadcast_Date"])
    source = "NSE integrated filings"
    _publish(payload, row, published, source, row.get("qe_Date"))
    for column in ("ixbrl", "pdf_attach"):
        also = {**row, "xbrl": row.get(column)}
        _publish(payload, also, published, source, row.get("qe_Date"))


def nse_announcement(row: Record, payload: Payload) -> None:
    """``corporate-announcements``, by dissemination time."""
    at = cells.moment(row.get("exchdisstime")) or cells.moment(row["an_dt"])
    symbol = _ticker(row["symbol"])
    company, isin = cells.text(row.get("sm_name")), cells.text(row.get("sm_isin"))
    _name(payload, symbol, company, isin, None, "announcement")
    title, body = str(row.get("desc") or ""), str(row.get("attchmntText") or "")
    said = Said(title, body, NSE_SAID, number=str(row.get("seq_id") or ""))
    _announce(payload, symbol, at, said, row["attchmntFile"])


def nse_announcement_csv(row: Record, payload: Payload) -> None:
    """The same list as the site's CSV download."""
    at = cells.moment(row.get("DISSEMINATION"))
    at = at or cells.moment(row["BROADCAST DATE/TIME"])
    symbol = _ticker(row["SYMBOL"])
    _name(payload, symbol, cells.text(row["COMPANY NAME"]), None, None, "announcement")
    title, body = str(row["SUBJECT"] or ""), str(row.get("DETAILS") or "")
    said = Said(title, body, NSE_SAID)
    _announce(payload, symbol, at, said, row["ATTACHMENT"])


def bse_announcement(row: Record, payload: Payload) -> None:
    """``AnnSubCategoryGetData``; kept by scrip code until a ticker is known."""
    at = cells.moment(row.get("DissemDT")) or cells.moment(row.get("DT_TM"))
    symbol = bse_key(row["SCRIP_CD"])
    _name(payload, symbol, cells.text(row.get("SLONGNAME")), None, None, "announcement")
    title = _plain(str(row.get("NEWSSUB") or row.get("HEADLINE") or ""))
    body, number = str(row.get("HEADLINE") or ""), str(row["NEWSID"])
    said = Said(" ".join(title.split()), body, BSE_SAID, number=number)
    _announce(payload, symbol, at, said, row["ATTACHMENTNAME"])


def bse_index(row: Record, payload: Payload) -> None:
    """``Corp_FinanceResult_ng_new``: XBRL of both bases, one row a quarter."""
    symbol = bse_key(row["Scrip_cd"])
    listed = cells.moment(row.get("Fld_CreateDate"))
    if listed is None:
        return
    end = _bse_quarter_end(str(row["quarter_code"]))
    both = ("XMLName", "Standalone"), ("Consol_XMLName", "Consolidated")
    for column, side in both:
        name = row.get(column)
        document = {"symbol": symbol, "xbrl": name, "consolidated": side}
        published = _upload(str(name), listed)
        _publish(payload, document, published, "BSE results index", end)


def _bse_quarter_end(code: str) -> str | None:
    """``JQ2025-2026`` (June quarter of FY26) as an ISO date."""
    found = _BSE_QUARTER.match(code)
    if not found:
        return None
    return Quarter(int(found[2]), "JSDM".index(found[1]) + 1).end.isoformat()


def _upload(name: str, listed: datetime) -> datetime:
    """When a BSE XBRL was uploaded: its own name's time, never before the row's.

    A row is dated by its first document; the other basis may follow within days.
    """
    found = _BSE_STAMP.search(name)
    if not found:
        return listed
    clock = datetime.strptime(found[3], "%H%M%S").time()  # noqa: DTZ007 - time of day
    for later in range(_LATEST_UPLOAD_DAYS):
        day = listed.date() + timedelta(days=later)
        if found[1] == f"{day.day}{day.month}" and found[2] == str(day.year):
            return max(listed, datetime.combine(day, clock, IST))
    return listed


def board_meeting(row: Record, payload: Payload) -> None:
    """``corporate-board-meetings``."""
    symbol = _ticker(row["bm_symbol"])
    isin = cells.text(row.get("sm_isin"))
    company = cells.text(row.get("sm_name"))
    _name(payload, symbol, company, isin, None, "board meeting")
    at = cells.moment(row.get("sysTime")) or cells.moment(row["bm_timestamp"])
    words = str(row.get("bm_purpose") or row.get("bm_desc") or "")
    _meet(payload, symbol, row["bm_date"], at, words)


def meeting_csv(row: Record, payload: Payload) -> None:
    """A board meetings table without times: names only, nothing to date it by."""
    symbol = _ticker(row["SYMBOL"])
    _name(payload, symbol, cells.text(row["COMPANY"]), None, None, "board meeting")


def calendar_entry(row: Record, payload: Payload) -> None:
    """``event-calendar``: it says when they meet, not when that was announced."""
    symbol = _ticker(row["symbol"])
    _name(payload, symbol, cells.text(row["company"]), None, None, "board meeting")


def bse_calendar(row: Record, payload: Payload) -> None:
    """``Corpforthresults``: like the event calendar, keyed by scrip code."""
    symbol, name = bse_key(row["scrip_Code"]), cells.text(row["Long_Name"])
    _name(payload, symbol, name, None, None, "board meeting")


def scrip(row: Record, payload: Payload) -> None:
    """``ListofScripData``; its ISIN ties it to a ticker later, never ``scrip_id``."""
    code, isin = str(row["SCRIP_CD"]).strip(), cells.text(row["ISIN_NUMBER"])
    name = cells.text(row.get("Issuer_Name")) or cells.text(row.get("Scrip_Name"))
    if name:
        fact = NameFact(bse_key(code), name, "scrip master", isin, code)
        payload.names.append(fact)


def listed_equity(row: Record, payload: Payload) -> None:
    """``EQUITY_L.csv``."""
    name, isin = cells.text(row["NAME OF COMPANY"]), cells.text(row["ISIN NUMBER"])
    _name(payload, _ticker(row["SYMBOL"]), name, isin, None, "equity list")


def index_member(row: Record, payload: Payload) -> None:
    """``ind_nifty500list.csv``: members with names and ISINs."""
    name, isin = cells.text(row["Company Name"]), cells.text(row["ISIN Code"])
    _name(payload, _ticker(row["Symbol"]), name, isin, None, "index list")


def security(row: Record, payload: Payload) -> None:
    """``sec_list.csv``: names of traded securities, equity series only."""
    if str(row["Series"]).strip() in {"EQ", "BE", "BZ"}:
        name = cells.text(row["Security Name"])
        _name(payload, _ticker(row["Symbol"]), name, None, None, "security list")


def bse_key(code: object) -> str:
    """What a BSE row is kept under until its scrip code is tied to a ticker."""
    return f"{BSE}{str(code).strip()}"


def _ticker(value: object) -> str:
    return str(value or "").strip().upper()


def _name(
    payload: Payload,
    symbol: str,
    company: str | None,
    isin: str | None,
    document: str | None,
    source: str = "results list",
) -> None:
    if symbol and company:
        family = family_of(document) if document else None
        payload.names.append(NameFact(symbol, company, source, isin, family=family))


def _publish(
    payload: Payload,
    row: Record,
    published: datetime | None,
    source: str,
    period_end: object,
) -> None:
    name = cells.base_name(row["xbrl"])
    if name is None or published is None:
        return
    payload.publications.append(
        {
            "base_name": name,
            "symbol": _ticker(row["symbol"]),
            "published_at": published,
            "basis": str(cells.basis(row.get("consolidated")) or ""),
            "period_end": cells.day(period_end),
            "url": row["xbrl"] if str(row["xbrl"]).startswith("http") else None,
            "source": source,
            "subject": cells.text(row.get("revision_Remark")),
        }
    )


def _announce(
    payload: Payload,
    symbol: str,
    at: datetime | None,
    said: Said,
    attachment: object,
) -> None:
    if at is None:
        return
    url = str(attachment) if str(attachment).startswith("http") else None
    if name := cells.base_name(attachment):
        payload.publications.append(
            {
                "base_name": name,
                "symbol": symbol,
                "published_at": at,
                "basis": "",
                "period_end": None,
                "url": url,
                "source": said.source,
                "subject": said.title,
            }
        )
    if symbol:
        payload.headlines.append(headline(symbol, at, said._replace(url=url)))
        if meeting := meeting_of(symbol, at, said.title, said.body):
            payload.meetings.append(meeting)


def _meet(
    payload: Payload,
    symbol: str,
    on: object,
    at: datetime | None,
    words: str,
) -> None:
    meets = cells.day(on)
    if at and meets and meets >= at.date() and _RESULTS.search(words):
        row: Row = meeting_row(symbol, meets, at, words, "NSE board meetings")
        payload.meetings.append(row)


def _plain(fragment: str) -> str:
    """Text of an HTML fragment: BSE subjects may hold <BR> and <b>."""
    return BeautifulSoup(fragment, "html.parser").get_text(" ", strip=True)
