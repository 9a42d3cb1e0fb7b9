"""BSE payloads, field for field as the endpoints answer."""

import uuid
from datetime import date, datetime, timedelta

from companies import Company
from documents import Document
from filings import Filing
from news import Notice
from payloads_nse import INTIMATED_AT, Payload, meetings
from pdf_files import INTIMATION
from roster import COMPANIES
from schedule import AS_OF, Release

NAMESPACE = uuid.UUID("5a11ce00-0000-4000-8000-000000000000")


def announcements(
    made: list[Document], sizes: dict[str, int], found: list[Notice]
) -> Payload:
    """``AnnSubCategoryGetData``, newest first, one page."""
    rows = [_result_row(d, sizes[d.name]) for d in made]
    rows += [
        _other_row(n)
        for n in found
        if n.attachment is None
        and n.text
        and n.at >= datetime(2025, 4, 1)
        and n.subject != "Financial Result Updates"
    ]
    rows.append(_intimation_row(sizes[INTIMATION]))
    rows.sort(key=lambda r: str(r["NEWS_DT"]), reverse=True)
    for place, row in enumerate(rows, 1):
        row |= {"RN": place, "TotalPageCnt": 1}
    return {"Table": rows, "Table1": [{"ROWCNT": len(rows)}]}


def _result_row(document: Document, size: int) -> Payload:
    company, quarter = document.company, document.quarter
    board = company.bse_code % 3 == 1 and not document.revision
    subject = (
        "Board Meeting Outcome for Financial Results"
        if board
        else f"{'Revised ' if document.revision else ''}Financial Results For "
        f"{'Year' if quarter.audited else 'Quarter'} Ended {quarter.end:%B %d, %Y}"
    )
    headline = "" if company.bse_code % 4 == 0 else subject
    row = _row(company, document.published, subject, document.name, size)
    return row | {
        "HEADLINE": headline,
        "CATEGORYNAME": "Board Meeting" if board else "Result",
        "SUBCATNAME": "Outcome of Board Meeting" if board else "Financial Results",
        "AGENDA_ID": 177 if board else 7,
        "CRITICALNEWS": 1,
        "QUARTER_ID": None,
    }


def _other_row(notice: Notice) -> Payload:
    at = notice.at + timedelta(seconds=55)
    digest = uuid.uuid5(NAMESPACE, f"{notice.company.symbol}/{at}")
    row = _row(notice.company, at, notice.subject, f"{digest}.pdf", 184_320)
    return row | {
        "HEADLINE": notice.text,
        "SUBCATNAME": notice.subject,
        "CATEGORYNAME": None if notice.at.second % 3 == 0 else "Company Update",
    }


def _intimation_row(size: int) -> Payload:
    company = next(c for c in COMPANIES if c.symbol == "NILCAST")
    subject = (
        "Board Meeting Intimation for Unaudited Financial Results For The Quarter "
        "Ended June 30, 2025"
    )
    row = _row(company, INTIMATED_AT, subject, INTIMATION, size)
    return row | {
        "CATEGORYNAME": "Board Meeting",
        "SUBCATNAME": "Board Meeting",
        "HEADLINE": subject,
    }


def _row(
    company: Company, at: datetime, subject: str, attachment: str, size: int
) -> Payload:
    """Times carry up to three fraction digits and no offset; they are IST."""
    identity = uuid.uuid5(NAMESPACE, f"{company.bse_code}/{at}/{subject}")
    fraction = f"{company.bse_code * at.second % 1000:03d}".rstrip("0")
    moment = at.isoformat() + (f".{fraction}" if fraction else "")
    return {
        "NEWSID": str(identity),
        "SCRIP_CD": company.bse_code,
        "XML_NAME": f"ANN_{company.bse_code}_{str(identity).upper()}",
        "NEWSSUB": f"{company.name} - {company.bse_code} - {subject}",
        "DT_TM": moment,
        "NEWS_DT": moment,
        "CRITICALNEWS": 0,
        "ANNOUNCEMENT_TYPE": "A",
        "QUARTER_ID": None,
        "FILESTATUS": "N    ",
        "ATTACHMENTNAME": attachment,
        "MORE": "",
        "HEADLINE": subject,
        "CATEGORYNAME": "Company Update",
        "OLD": 1,
        "RN": 0,
        "PDFFLAG": 0 if AS_OF - at < timedelta(days=15) else 1,
        "NSURL": _page(company),
        "SLONGNAME": company.name,
        "AGENDA_ID": 182,
        "TotalPageCnt": 1,
        "News_submission_dt": at.isoformat(),
        "DissemDT": moment,
        "TimeDiff": "00:00:00",
        "Fld_Attachsize": size,
        "SUBCATNAME": subject,
        "AUDIO_VIDEO_FILE": None,
    }


def _page(company: Company) -> str:
    slug = company.name.lower().replace(" ", "-")
    return (
        f"https://www.bseindia.com/stock-share-price/{slug}/"
        f"{company.symbol.lower()}/{company.bse_code}/"
    )


def result_calendar(releases: dict[tuple[str, int], Release]) -> list[Payload]:
    """``Corpforthresults``: the last week's meetings and those ahead."""
    rows: list[Payload] = [
        {
            "scrip_Code": str(company.bse_code),
            "short_name": company.symbol,
            "Long_Name": company.name,
            "meeting_date": f"{board:%d %b %Y}",
            "URL": _page(company),
        }
        for company, quarter, board, _ in meetings(releases)
        if quarter.index == 23 and board >= date(2025, 8, 8)
    ]
    return sorted(rows, key=lambda r: str(r["scrip_Code"]))


def scrip_master(closes: dict[str, float]) -> list[Payload]:
    """``ListofScripData``: the code is text here, a number in announcements.

    Args:
        closes: Last close by symbol, for the market capitalisation in crore.
    """
    return [
        {
            "SCRIP_CD": str(c.bse_code),
            "Scrip_Name": c.name,
            "Status": "Active",
            "GROUP": "A" if c.fno else "B",
            "FACE_VALUE": f"{c.face_value}.00",
            "ISIN_NUMBER": c.isin,
            "INDUSTRY": c.industry,
            "scrip_id": c.symbol,
            "Segment": "Equity",
            "NSURL": _page(c),
            "Issuer_Name": c.name,
            "Mktcap": f"{closes[c.symbol] * c.shares:.2f}",
        }
        for c in COMPANIES
    ]


def result_index(found: list[Filing]) -> list[Payload]:
    """``Corp_FinanceResult_ng_new``: where the inline documents are."""
    by_company: dict[int, Payload] = {}
    for filing in found:
        if not filing.inline:
            continue
        company = filing.company
        row = by_company.setdefault(
            company.bse_code,
            {
                "Scrip_cd": company.bse_code,
                "scrip_name": company.name,
                "quarter_code": "JQ2025-2026",
                "audited": "Un-audited",
                "DT_TM": f"{filing.broadcast:%b %d %Y %I:%M%p}",
                "Fld_CreateDate": filing.broadcast.isoformat(),
                "Industry_name": company.industry,
                "Fld_NatureOfReport": "Standalone",
                "XMLName": None,
                "Consol_XMLName": None,
                "URL": _page(company),
            },
        )
        key = "Consol_XMLName" if filing.basis == "consolidated" else "XMLName"
        row[key] = filing.bse_name
    return list(by_company.values())
