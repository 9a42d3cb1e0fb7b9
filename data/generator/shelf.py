"""The filings folder: XBRL, PDFs, payloads, and the manifest of them."""

import csv
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import payloads_bse as bse
import payloads_nse as nse
from companies import Company
from inline import inline_document
from pdf_files import INTIMATION, intimation_pdf, results_pdf
from quarters import Quarter
from roster import BY_SYMBOL, COMPANIES
from world import World
from xbrl import instance


@dataclass(frozen=True)
class Entry:
    """One line of the manifest, its columns in order."""

    local_path: str
    kind: str
    company: str
    symbol: str
    period: str
    bytes: int
    note: str


class Shelf:
    """A folder of filings that remembers what was put on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: list[Entry] = []

    def put(
        self,
        path: str,
        data: bytes,
        about: tuple[str, str],
        company: Company | None = None,
        quarter: Quarter | None = None,
    ) -> None:
        """Write one file; ``about`` is its kind and its note."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        kind, note = about
        name, symbol = ("", "") if company is None else (company.name, company.symbol)
        self.entries.append(
            Entry(
                path,
                kind,
                name,
                f"NSE:{symbol}" if symbol else "",
                quarter.end.isoformat() if quarter else "",
                len(data),
                note,
            )
        )

    def size(self, name: str) -> int:
        """Bytes of a file, by its bare name."""
        return next(e.bytes for e in self.entries if e.local_path.endswith(f"/{name}"))

    def write_manifest(self) -> None:
        """Write ``MANIFEST.csv``."""
        path = self.folder / "MANIFEST.csv"
        with path.open("w", newline="", encoding="utf-8") as handle:
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow(field.name for field in fields(Entry))
            ordered = sorted(self.entries, key=lambda e: e.local_path)
            writer.writerows(astuple(entry) for entry in ordered)


def write_filings(folder: Path, world: World) -> None:
    """Write the whole filings folder."""
    shelf = Shelf(folder)
    _put_xbrl(shelf, world)
    _put_pdfs(shelf, world)
    for name, payload in _payloads(shelf, world):
        text = json.dumps(payload, indent=2, ensure_ascii=False) + "\n"
        _put_payload(shelf, name, text)
    _put_payload(shelf, "EQUITY_L.csv", nse.equity_list())
    shelf.write_manifest()


def _put_xbrl(shelf: Shelf, world: World) -> None:
    for filing in world.filings:
        kind = filing.stem.split("_9", 1)[0]
        status = "Audited" if filing.quarter.audited else "Unaudited"
        note = f"{filing.basis.capitalize()}; {status}; level_of_rounding="
        note += filing.company.unit.level + ("; revision" if filing.remark else "")
        who = filing.company, filing.quarter
        text = instance(filing)
        shelf.put(filing.path, text.encode(), (f"xbrl:{kind}", note), *who)
        if filing.inline:
            page = inline_document(filing).encode()
            shelf.put(filing.inline_path, page, ("ixbrl:BSE", note), *who)


def _put_pdfs(shelf: Shelf, world: World) -> None:
    for document in world.documents:
        data = results_pdf(document, world.history, world.seed)
        layer = "no text layer" if document.style.scanned else "text layer"
        note = f"pages={1 + len(document.filings)}; {layer} on all pages"
        who = document.company, document.quarter
        shelf.put(f"pdf/{document.name}", data, ("pdf:results", note), *who)
    shelf.put(
        f"pdf/{INTIMATION}",
        intimation_pdf(),
        ("pdf:board_meeting_intimation", "pages=1; text layer on all pages"),
        BY_SYMBOL["NILCAST"],
    )


def _payloads(shelf: Shelf, world: World) -> Iterator[tuple[str, object]]:
    made, dated, told = world.documents, world.releases, world.notices
    sizes = {d.name: shelf.size(d.name) for d in made}
    sizes[INTIMATION] = shelf.size(INTIMATION)
    closes = {symbol: bars[-1].close for symbol, bars in world.bars.items()}
    for company in COMPANIES:
        name = f"nse_corporates_financial_results/{company.symbol.lower()}.json"
        yield name, nse.legacy_results(company, world.filings)
    integrated = nse.integrated_results(world.filings, made)
    yield "nse_integrated_filing_results.json", integrated
    yield "nse_announcements.json", nse.announcements(told)
    yield "nse_board_meetings.json", nse.board_meetings(dated)
    yield "nse_event_calendar.json", nse.event_calendar(dated)
    yield "bse_announcements.json", bse.announcements(made, sizes, told)
    yield "bse_result_calendar.json", bse.result_calendar(dated)
    yield "bse_scrip_master.json", bse.scrip_master(closes)
    yield "bse_result_index.json", bse.result_index(world.filings)


def _put_payload(shelf: Shelf, name: str, text: str) -> None:
    kind = "api:" + name.split("/", 1)[0].split(".", 1)[0]
    shelf.put(f"api/{name}", text.encode(), (kind, "generated sample"))
