"""Invented rows in the shapes of the exchanges, and bodies made of them."""

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date

from tests.sources.clients.sheets import (
    BANDS,
    BSE_DELIVERY,
    CHANGES,
    EQUITIES,
    FULL,
    INDICES,
    RENAMES,
    SECURITIES,
    UDIFF,
)

DAY = date(2026, 5, 4)
Row = dict[str, object]


def announcement(number: int, **changed: object) -> Row:
    """A row of BSE's announcements."""
    row: Row = {
        "NEWSID": f"{number:08d}-0000-4000-8000-000000000000",
        "SCRIP_CD": 990000 + number % 700,
        "XML_NAME": f"ANN_{number}",
        "NEWSSUB": "TAMRA MILLS LTD. - 990001 - <b>Outcome</b><BR>Board Meeting",
        "DT_TM": "2026-05-04T19:56:02.293",
        "NEWS_DT": "2026-05-04T19:56:02.293",
        "CRITICALNEWS": 0,
        "ANNOUNCEMENT_TYPE": "A",
        "QUARTER_ID": None,
        "FILESTATUS": "N    ",
        "ATTACHMENTNAME": f"{number}.pdf",
        "MORE": "",
        "HEADLINE": "",
        "CATEGORYNAME": None,
        "OLD": 1,
        "RN": number,
        "PDFFLAG": 0,
        "NSURL": "https://www.bseindia.com/stock-share-price/tamra/tamra/990001/",
        "SLONGNAME": "TAMRA MILLS LTD.",
        "AGENDA_ID": 177,
        "TotalPageCnt": 3,
        "News_submission_dt": "2026-05-04T19:56:02",
        "DissemDT": "2026-05-04T19:56:02.29",
        "TimeDiff": "00:00:01",
        "Fld_Attachsize": 12345,
        "SUBCATNAME": "Outcome of Board Meeting",
        "AUDIO_VIDEO_FILE": None,
    }
    return {**row, **changed}


def bse_page(rows: Sequence[Mapping[str, object]], count: int) -> bytes:
    return as_json({"Table": list(rows), "Table1": [{"ROWCNT": count}]})


NSE_ANNOUNCEMENT: Row = {
    "symbol": "TAMRA",
    "desc": "Updates",
    "dt": "04052026221142",
    "attchmntFile": "https://nsearchives.nseindia.com/corporate/TAMRA_1.pdf",
    "sm_name": "Tamra Mills Limited",
    "sm_isin": "INE990A01014",
    "an_dt": "04-May-2026 22:11:42",
    "sort_date": None,
    "seq_id": "105647960",
    "smIndustry": "Textiles",
    "orgid": None,
    "attchmntText": "Tamra Mills Limited has informed the Exchange.",
    "exchdisstime": "04-May-2026 22:11:44",
    "difference": "00:00:02",
}
BOARD_MEETING: Row = {
    "bm_symbol": "TAMRA",
    "bm_date": "14-May-2026",
    "bm_purpose": "Financial Results",
    "bm_desc": "To consider results",
    "bm_timestamp": "04-May-2026 22:42:01",
    "attachment": "https://nsearchives.nseindia.com/corporate/xbrl/P.xml",
    "sysTime": "04-May-2026 22:43:02",
}
EVENT: Row = {
    "symbol": "TAMRA",
    "company": "Tamra Mills Limited",
    "purpose": "Financial Results/Dividend",
    "bm_desc": "To consider results",
    "date": "14-May-2026",
}


def integrated(number: int, **changed: object) -> Row:
    """A row of NSE's integrated filings."""
    row: Row = {
        "seq_Id": str(1000 + number),
        "symbol": "TAMRA",
        "cmName": "Tamra Mills Limited",
        "smName": "Tamra Mills Limited",
        "type": "Integrated Filing- Financials",
        "qe_Date": "31-MAR-2026",
        "consolidated": "Standalone",
        "audited": "Audited",
        "broadcast_Date": "04-May-2026 17:40:11",
        "revised_Date": None,
        "revision_Remark": None,
        "xbrl": "https://nsearchives.nseindia.com/corporate/xbrl/I.xml",
        "ixbrl": None,
        "pdf_attach": "https://nsearchives.nseindia.com/corporate/null",
        "attFileSize": None,
    }
    return {**row, **changed}


LEGACY: Row = {
    "symbol": "TAMRA",
    "companyName": "Tamra Mills Limited",
    "isin": "INE990A01014",
    "period": "Quarterly",
    "fromDate": "01-Oct-2017",
    "toDate": "31-Dec-2017",
    "relatingTo": "Third Quarter",
    "consolidated": "Non-Consolidated",
    "audited": "Un-Audited",
    "filingDate": "06-Feb-2018 19:20",
    "broadCastDate": None,
    "xbrl": "https://nsearchives.nseindia.com/corporate/xbrl/-",
    "seqNumber": "1193051",
    "params": "01-Oct-201731-Dec-2017Q3UNNCNETAMRA",
}
ACTION: Row = {
    "symbol": "TAMRA",
    "series": "EQ",
    "ind": "-",
    "faceVal": "10",
    "subject": "Bonus 2:1",
    "exDate": "17-May-2026",
    "recDate": "-",
    "bcStartDate": "-",
    "bcEndDate": "-",
    "ndStartDate": "-",
    "comp": "Tamra Mills Limited",
    "isin": "INE990A01014",
    "ndEndDate": "-",
    "caBroadcastDate": None,
}
QUOTE: Row = {
    "metaData": {
        "symbol": "TAMRA",
        "series": "EQ",
        "isinCode": "INE990A01014",
        "open": 769.5,
        "dayHigh": 773.9,
        "dayLow": 761.25,
        "previousClose": 778.9,
        "basePrice": 778.9,
        "closePrice": 0,
    },
    "priceInfo": {
        "tickSize": 0.05,
        "priceBand": "701.05-856.75",
        "ppriceBand": "No Band",
    },
}
HITTER: Row = {
    "symbol": "TAMRA",
    "series": "EQ",
    "ltp": "   104.50",
    "change": "4.97",
    "pChange": "  4.99",
    "priceBand": 5,
    "highPrice": "104.50",
    "lowPrice": "99.00",
    "totalTradedVol": "1.25",
    "turnover": "1.30",
}
CALENDAR: Row = {
    "scrip_Code": "990001",
    "short_name": "TAMRA",
    "Long_Name": "TAMRA MILLS LTD.",
    "meeting_date": "14 May 2026",
    "URL": "https://www.bseindia.com/stock-share-price/tamra/tamra/990001/",
}
SCRIP: Row = {
    "SCRIP_CD": "990001",
    "Scrip_Name": "Tamra Mills Ltd",
    "Status": "Active",
    "GROUP": "A",
    "FACE_VALUE": "2.00",
    "ISIN_NUMBER": "INE990A01014",
    "INDUSTRY": "Textiles",
    "scrip_id": "TAMRA",
    "Segment": "Equity",
    "NSURL": "https://www.bseindia.com/stock-share-price/tamra/tamra/990001/",
    "Issuer_Name": "Tamra Mills Ltd",
    "Mktcap": "83256.68",
}
RESULTS: Row = {
    "Scrip_cd": 990001,
    "quarter_code": "JQ2026-2027",
    "audited": "U",
    "DT_TM": "2026-05-04T17:40:11",
    "Industry_name": "Textiles",
    "Fld_NatureOfReport": "Standalone",
    "XMLName": "Main_Ind_As_990001_1.html",
    "Consol_XMLName": None,
}


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def zipped(text: str, name: str = "file.csv", **others: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
        for other, content in others.items():
            archive.writestr(other, content)
    return out.getvalue()


GOLDEN: dict[str, bytes] = {
    "bse announcements": bse_page([announcement(1), announcement(2)], 2),
    "bse result calendar": as_json([CALENDAR]),
    "bse scrip master": as_json([SCRIP]),
    "bse results index": as_json([RESULTS]),
    "nse announcements": as_json([NSE_ANNOUNCEMENT]),
    "nse board meetings": as_json([BOARD_MEETING]),
    "nse event calendar": as_json([EVENT]),
    "nse integrated results": as_json({"data": [integrated(1)], "totalCount": 1}),
    "nse legacy results": as_json([LEGACY]),
    "nse corporate actions": as_json([ACTION]),
    "nse quote": as_json({"equityResponse": [QUOTE]}),
    "nse band hitters": as_json(
        {
            "upper": {
                "AllSec": {"data": [HITTER], "timestamp": "04-May-2026 16:00:00"}
            },
            "lower": {"AllSec": {"data": []}},
            "both": {"AllSec": {"data": []}},
            "count": {"UPPER": 1},
        }
    ),
    "nse holidays": as_json(
        {"CM": [{"tradingDate": "26-Jan-2026", "weekDay": "M", "description": "R"}]}
    ),
    "nse bars": zipped(UDIFF),
    "nse delivery": FULL.encode(),
    "nse bands": BANDS.encode(),
    "nse band changes": CHANGES.encode(),
    "nse securities": gzip.compress(SECURITIES.encode()),
    "nse indices": INDICES.encode(),
    "nse equity list": EQUITIES.encode(),
    "nse symbol changes": RENAMES.encode(),
    "bse bars": UDIFF.encode(),
    "bse delivery": zipped(BSE_DELIVERY, "SCBSEALL0405.TXT"),
}
