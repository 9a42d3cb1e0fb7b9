"""NSE payloads, field for field as the endpoints answer."""

from datetime import date, datetime, time, timedelta

from companies import Company
from documents import Document
from filings import ARCHIVE, Filing
from news import Notice
from pdf_files import INTIMATION
from quarters import Quarter
from roster import COMPANIES
from schedule import UNREPORTED, Release

STAMP = "%d-%b-%Y %H:%M:%S"
INTIMATED_AT = datetime(2025, 8, 8, 17, 21, 36)
OPENED = datetime(2025, 1, 1)
"""Announcements of earlier years are left out; sequence numbers count from here."""
Payload = dict[str, object]


def legacy_results(company: Company, found: list[Filing]) -> list[Payload]:
    """``corporates-financial-results``: frozen at the December 2024 quarter."""
    own = [f for f in found if f.company is company and not f.integrated]
    return [
        _legacy_row(f) for f in sorted(own, key=lambda f: f.broadcast, reverse=True)
    ]


def _legacy_row(filing: Filing) -> Payload:
    company, quarter = filing.company, filing.quarter
    group = filing.basis == "consolidated"
    bank = company.family == "bank"
    sent = filing.broadcast + timedelta(seconds=27 + filing.number % 20)
    start, end = f"{quarter.start:%d-%b-%Y}", f"{quarter.end:%d-%b-%Y}"
    return {
        "symbol": company.symbol,
        "companyName": company.name,
        "industry": "-",
        "audited": "Un-Audited",
        "cumulative": "Non-cumulative",
        "indAs": "Ind-AS New" if not bank else "Non-Ind-AS",
        "reInd": "N",
        "period": "Quarterly",
        "relatingTo": f"{quarter.ordinal} Quarter",
        "financialYear": (
            f"{quarter.year_start:%d-%b-%Y} To {quarter.year_end:%d-%b-%Y}"
        ),
        "filingDate": filing.broadcast.strftime("%d-%b-%Y %H:%M"),
        "seqNumber": str(filing.sequence - 8_000_000),
        "bank": "B" if bank else "N",
        "fromDate": start,
        "toDate": end,
        "oldNewFlag": "N",
        "xbrl": filing.url,
        "format": "New",
        "params": (
            f"{start}{end}Q{quarter.number}UN{'C' if group else 'N'}NE{company.symbol}"
        ),
        "resultDescription": None,
        "resultDetailedDataLink": None,
        "exchdisstime": sent.strftime(STAMP),
        "difference": f"00:00:{27 + filing.number % 20:02d}",
        "consolidated": "Consolidated" if group else "Non-Consolidated",
        "broadCastDate": filing.broadcast.strftime(STAMP),
        "isin": company.isin_on(filing.filed),
    }


def integrated_results(found: list[Filing], made: list[Document]) -> Payload:
    """``integrated-filing-results``, newest first."""
    own = sorted(
        (f for f in found if f.integrated), key=lambda f: f.broadcast, reverse=True
    )
    attached = {(d.company.symbol, d.quarter.index, d.revision): d for d in made}
    rows = [
        _integrated_row(
            f, attached.get((f.company.symbol, f.quarter.index, f.remark is not None))
        )
        for f in own
    ]
    return {"data": rows, "totalCount": len(rows)}


def _integrated_row(filing: Filing, document: Document | None) -> Payload:
    company = filing.company
    stamp = filing.broadcast.strftime(STAMP)
    short = filing.sequence - 9_100_000
    pdf = f"{ARCHIVE}/null" if filing.number % 3 else None
    if document and filing.basis == "standalone":
        pdf = f"{ARCHIVE}/{document.name}"
    return {
        "seq_Id": str(short),
        "symbol": company.symbol,
        "cmName": company.name,
        "smName": company.name,
        "type": "Integrated Filing- Financials",
        "type_Sub": "Revision" if filing.remark else "Original",
        "qe_Date": f"{filing.quarter.end:%d-%b-%Y}".upper(),
        "consolidated": filing.basis.capitalize(),
        "audited": "Audited" if filing.quarter.audited else "Un-Audited",
        "broadcast_Date": stamp,
        "creation_Date": (filing.broadcast + timedelta(seconds=1)).strftime(STAMP),
        "revised_Date": stamp if filing.remark else None,
        "revision_Remark": filing.remark,
        "xbrl": filing.url,
        "ixbrl": (
            f"{ARCHIVE}/ixbrl/{filing.stem.split('_WEB')[0].rsplit('_', 2)[0]}_{short}_"
            f"{filing.broadcast:%d%m%Y%H%M%S}_iXBRL_WEB.html"
        ),
        "pdf_attach": pdf,
        "attFileSize": None,
    }


def announcements(found: list[Notice]) -> list[Payload]:
    """``corporate-announcements`` of 2025, newest first."""
    recent = [n for n in found if n.at >= OPENED]
    return [_announcement(n) for n in reversed(recent)]


def _announcement(notice: Notice) -> Payload:
    company, at = notice.company, notice.at
    waited = 1 + at.second % 4
    compact = at.strftime("%d%m%Y%H%M%S")
    name = notice.attachment or f"{company.symbol}_{compact}_Intimation.pdf"
    return {
        "symbol": company.symbol,
        "desc": notice.subject,
        "dt": compact,
        "attchmntFile": f"{ARCHIVE}/{name}",
        "sm_name": company.name,
        "sm_isin": company.isin_on(at.date()),
        "an_dt": at.strftime(STAMP),
        "sort_date": at.strftime("%Y-%m-%d %H:%M:%S"),
        "seq_id": str(109_000_000 + round((at - OPENED) / timedelta(seconds=7))),
        "smIndustry": company.industry,
        "orgid": None,
        "attchmntText": notice.text
        or (f"{company.name} has informed the Exchange about {notice.subject}"),
        "bflag": None,
        "old_new": None,
        "csvName": None,
        "exchdisstime": (at + timedelta(seconds=waited)).strftime(STAMP),
        "difference": f"00:00:{waited:02d}",
    }


def meetings(
    releases: dict[tuple[str, int], Release],
) -> list[tuple[Company, Quarter, date, datetime]]:
    """(company, quarter, meeting, intimated at) of the last two seasons."""
    found = [
        (r.company, r.quarter, r.board_date, _intimated(r.board_date, r.company))
        for (_, index), r in releases.items()
        if index >= 22
    ]
    for company in COMPANIES:
        due = UNREPORTED.get(company.symbol)
        if due:
            found.append((company, Quarter(23), due.date(), INTIMATED_AT))
    return sorted(found, key=lambda m: m[3], reverse=True)


def _intimated(board: date, company: Company) -> datetime:
    moment = time(15 + company.bse_code % 5, company.bse_code % 60, 41)
    return datetime.combine(board - timedelta(days=9), moment)


def board_meetings(releases: dict[tuple[str, int], Release]) -> list[Payload]:
    """``corporate-board-meetings``, newest intimation first."""
    rows: list[Payload] = []
    for company, quarter, board, at in meetings(releases):
        span = "Yearly Audited" if quarter.audited else "Quarterly Unaudited"
        shown = f"{board:%d-%b-%Y}"
        system = at + timedelta(seconds=61)
        rows.append(
            {
                "bm_symbol": company.symbol,
                "bm_date": shown,
                "bm_purpose": (
                    f"{company.name.upper()} has informed the Exchange about Board "
                    f"Meeting to be held on {shown} to consider and approve the {span} "
                    "Financial results of the Company for the period ended "
                    f"{quarter.end:%B %Y}."
                ),
                "bm_desc": "Board Meeting Intimation",
                "sm_indusrty": company.industry,
                "bm_timestamp": at.strftime(STAMP),
                "sm_name": company.name,
                "sm_isin": company.isin_on(at.date()),
                "attachment": (
                    f"{ARCHIVE}/{INTIMATION}"
                    if company.symbol == "NILCAST" and quarter.index == 23
                    else f"{ARCHIVE}/xbrl/PRIOR_INTIMATION_{company.bse_code}_"
                    f"{at:%d%m%Y%I%M%S}_WEB.xml"
                ),
                "diff": "00:01:01",
                "sysTime": system.strftime(STAMP),
            }
        )
    return rows


def event_calendar(releases: dict[tuple[str, int], Release]) -> list[Payload]:
    """``event-calendar``: meetings of the season, by date."""
    rows = [
        {
            "symbol": company.symbol,
            "company": company.name,
            "purpose": "Financial Results",
            "bm_desc": (
                "To consider and approve the financial results for the period ended "
                f"{quarter.end:%B %d, %Y}"
            ),
            "date": board,
        }
        for company, quarter, board, _ in meetings(releases)
        if quarter.index == 23
    ]
    rows.sort(key=lambda r: (str(r["date"]), str(r["symbol"])))
    return [r | {"date": f"{r['date']:%d-%b-%Y}"} for r in rows]


def equity_list() -> str:
    """``EQUITY_L.csv``: most headers carry a leading space."""
    head = (
        "SYMBOL,NAME OF COMPANY, SERIES, DATE OF LISTING, PAID UP VALUE, MARKET LOT,"
        " ISIN NUMBER, FACE VALUE"
    )
    lines = [
        f"{c.symbol},{c.name},EQ,{f'{c.listed_from:%d-%b-%Y}'.upper()},{c.face_value},1,"
        f"{c.isin},{c.face_value}"
        for c in sorted(COMPANIES, key=lambda c: c.symbol)
    ]
    return "\n".join([head, *lines, ""])
