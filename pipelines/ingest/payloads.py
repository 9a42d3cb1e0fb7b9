"""Exchange payloads (JSON and CSV) told by their keys, as rows to keep.

Shapes as the exchanges send them: NSE lists of results (legacy and integrated), NSE
and BSE announcements, board meetings, the event calendar, BSE's result calendar, the
scrip master, the NSE equity list. Everything in them is data; text is only quoted.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipelines.ingest import payload_rows as rows
from pipelines.ingest.payload import Payload

Record = Mapping[str, object]


Reader = Callable[[Record, Payload], None]


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    keys: frozenset[str]
    read: Reader


def _form(kind: str, keys: str, read: Reader) -> _Form:
    return _Form(kind, frozenset(keys.split("|")), read)


_FORMS = (
    _form("NSE list of results", "symbol|xbrl|broadCastDate", rows.legacy_result),
    _form("NSE integrated filings", "symbol|xbrl|broadcast_Date", rows.integrated),
    _form("NSE announcements", "symbol|attchmntFile|an_dt", rows.nse_announcement),
    _form(
        "NSE announcements",
        "SYMBOL|COMPANY NAME|SUBJECT|BROADCAST DATE/TIME|ATTACHMENT",
        rows.nse_announcement_csv,
    ),
    _form("BSE results index", "Scrip_cd|quarter_code|XMLName", rows.bse_index),
    _form("BSE announcements", "NEWSID|SCRIP_CD|ATTACHMENTNAME", rows.bse_announcement),
    _form("board meetings", "bm_symbol|bm_date|bm_timestamp", rows.board_meeting),
    _form("board meetings", "SYMBOL|COMPANY|MEETING_DATE|PURPOSE", rows.meeting_csv),
    _form("event calendar", "symbol|company|purpose|date", rows.calendar_entry),
    _form(
        "BSE result calendar", "scrip_Code|Long_Name|meeting_date", rows.bse_calendar
    ),
    _form("scrip master", "SCRIP_CD|ISIN_NUMBER|scrip_id", rows.scrip),
    _form("equity list", "SYMBOL|NAME OF COMPANY|ISIN NUMBER", rows.listed_equity),
    _form("index list", "Company Name|Industry|Symbol|ISIN Code", rows.index_member),
    _form("security list", "Symbol|Series|Security Name|Band", rows.security),
)


def read_payload(name: str, content: bytes) -> Payload | None:
    """The rows of a payload, or none when nothing here reads its shape.

    Args:
        name: The file's name; only its ending tells JSON from CSV.
        content: The bytes as the exchange sent them.

    Raises:
        ValueError: the file is not the JSON or CSV it says it is.
    """
    return payload_of(list(_records(name, content)))


def payload_of(records: Sequence[Record]) -> Payload | None:
    """The rows of records already read, or none when nothing here knows their keys."""
    if not records:
        return None
    form = next((f for f in _FORMS if f.keys <= records[0].keys()), None)
    if form is None:
        return None
    payload = Payload(form.kind)
    for record in records:
        if form.keys <= record.keys():
            form.read(record, payload)
            payload.count += 1
    return payload


def _records(name: str, content: bytes) -> Iterable[Record]:
    text = content.decode("utf-8-sig", errors="replace")
    if name.lower().endswith(".json"):
        return _json_records(json.loads(text))
    lines = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    return [{str(key).strip(): value for key, value in line.items()} for line in lines]


def _json_records(found: object) -> list[Record]:
    """The list of rows inside a payload, however it is wrapped."""
    if isinstance(found, str):
        # BSE sends some answers as a JSON string that holds JSON.
        try:
            return _json_records(json.loads(found))
        except ValueError:
            return []
    if isinstance(found, dict):
        wrapped = found.get("data", found.get("Table"))
        if isinstance(wrapped, list):
            return _json_records(wrapped)
        return _json_records(list(found.values()))
    if isinstance(found, list):
        return [row for row in found if isinstance(row, dict)]
    return []
