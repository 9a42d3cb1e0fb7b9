"""Which documents an exchange's row is worth fetching for: results, and only those."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipelines.ingest import cells
from pipelines.ingest.payload_rows import bse_key

Record = Mapping[str, object]

_RESULTS = re.compile(
    r"financial results?|results? updates?|quarterly results?|\baudited results?"
    r"|results? (?:for|of) the (?:\w+ )?(?:quarter|half|year|period|nine months)"
    r"|integrated filing\s*[-–]\s*financial",
    re.IGNORECASE,
)
_OUTCOME = re.compile(r"outcome of (?:the )?board meeting", re.IGNORECASE)
_NOT_THE_RESULTS = re.compile(
    r"newspaper|clarification|reply to|reasons? for|trading window|non-submission"
    r"|meeting intimation|prior intimation|advertisement|extension of time"
    r"|option to submit",
    re.IGNORECASE,
)
_ENDINGS = (".pdf", ".xml", ".html", ".htm", ".xhtml")


class Place(StrEnum):
    """Where a document is fetched from."""

    NSE = "nse document"
    BSE = "bse attachment"
    BSE_XBRL = "bse xbrl"


@dataclass(frozen=True, slots=True)
class Wish:
    """A document to fetch: ``address`` is a URL, or a name at BSE."""

    address: str
    place: Place
    symbol: str
    known_at: datetime | None


def wishes(dataset: str, records: tuple[Record, ...]) -> Iterator[Wish]:
    """The results documents that the rows of a dataset name."""
    read = _READERS.get(dataset)
    if read is not None:
        for record in records:
            yield from read(record)


def tells_of_results(title: str, body: str, category: str = "") -> bool:
    """Whether an announcement brings results, rather than speaks of them.

    Board outcomes count whatever they say: results often come under that heading with
    no word about them. Newspaper extracts, notices ahead and answers to the exchange do
    not.
    """
    if _NOT_THE_RESULTS.search(title):
        return False
    if category == "Result" or _RESULTS.search(title) or _OUTCOME.search(title):
        return True
    return bool(_RESULTS.search(body) and not _NOT_THE_RESULTS.search(body))


def _nse_announcement(row: Record) -> Iterator[Wish]:
    title, body = str(row.get("desc") or ""), str(row.get("attchmntText") or "")
    if tells_of_results(title, body):
        at = cells.moment(row.get("exchdisstime")) or cells.moment(row.get("an_dt"))
        yield from _nse(row.get("attchmntFile"), row.get("symbol"), at)


def _bse_announcement(row: Record) -> Iterator[Wish]:
    title = f"{row.get('SUBCATNAME') or ''} {row.get('NEWSSUB') or ''}"
    category = str(row.get("CATEGORYNAME") or "")
    if not tells_of_results(title, str(row.get("HEADLINE") or ""), category):
        return
    name = cells.base_name(row.get("ATTACHMENTNAME"))
    at = cells.moment(row.get("DissemDT")) or cells.moment(row.get("DT_TM"))
    if name:
        address = str(row["ATTACHMENTNAME"]).strip()
        yield Wish(address, Place.BSE, bse_key(row["SCRIP_CD"]), at)


def _integrated(row: Record) -> Iterator[Wish]:
    if "governance" in str(row.get("type") or "").lower():
        return
    at = cells.moment(row.get("broadcast_Date"))
    symbol = row.get("symbol")
    data = next(
        (url for url in (row.get("xbrl"), row.get("ixbrl")) if cells.base_name(url)),
        None,
    )
    yield from _nse(data, symbol, at)
    yield from _nse(row.get("pdf_attach"), symbol, at)


def _legacy(row: Record) -> Iterator[Wish]:
    at = cells.moment(row.get("broadCastDate"))
    yield from _nse(row.get("xbrl"), row.get("symbol"), at)


def _bse_index(row: Record) -> Iterator[Wish]:
    at = cells.moment(row.get("DT_TM")) or cells.moment(row.get("Fld_CreateDate"))
    for column in ("XMLName", "Consol_XMLName"):
        if cells.base_name(row.get(column)):
            name = str(row[column]).strip()
            yield Wish(name, Place.BSE_XBRL, bse_key(row["Scrip_cd"]), at)


def _nse(url: object, symbol: object, at: datetime | None) -> Iterator[Wish]:
    name = cells.base_name(url)
    if name and name.endswith(_ENDINGS) and str(url).startswith("http"):
        ticker = str(symbol or "").strip().upper()
        yield Wish(str(url).strip(), Place.NSE, ticker, at)


_READERS: Mapping[str, Callable[[Record], Iterator[Wish]]] = {
    "nse announcements": _nse_announcement,
    "bse announcements": _bse_announcement,
    "nse integrated results": _integrated,
    "nse legacy results": _legacy,
    "bse results index": _bse_index,
}
