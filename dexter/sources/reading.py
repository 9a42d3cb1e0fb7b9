"""Bytes of a dataset to its rows, checked: the one door from content to records.

Pure, and told by the name of the dataset alone, so that what was kept by its hash can
be read again, and a folder of payloads like an answer of today.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dexter.errors import (
    NotYetPublishedError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources import csv_rows, json_rows
from dexter.sources.drift import check, check_day, shapes
from dexter.sources.payload import Payload, Record, UnreadPayloadError
from dexter.sources.text import shown
from dexter.sources.unpacked import gunzipped, unzipped

_ZIP = b"PK\x03\x04"
_RENAMES = (
    "SYMB_COMPANY_NAME",
    "SM_KEY_SYMBOL",
    "SM_NEW_SYMBOL",
    "SM_APPLICABLE_FROM",
)
_NONE = {"NIL", "NO RECORDS"}
_SIDES = ("upper", "lower", "both")
_DEEPEST = 4
_COMPANY = (
    *("metaData.companyName", "metaData.isinCode", "metaData.series"),
    *("metaData.previousClose", "metaData.basePrice"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one body, and how many the exchange says there are in all, if it does."""

    records: tuple[Record, ...]
    total: int | None = None


def read(
    dataset: str, unit: str, url: str, content: bytes, *, day: date | None = None
) -> Payload:
    """Read a body as a payload.

    Args:
        dataset: A name of ``shapes.json``.
        unit: What was asked.
        url: Where it came from.
        content: The body.
        day: The day a file must be of.

    Raises:
        UnreadPayloadError: Its shape is not the recorded one.
        SourceUnavailableError: It says there is nothing, and contradicts itself.
        NotYetPublishedError: It knows nothing of what was asked.
    """
    return read_page(dataset, unit, url, content, day=day)[0]


def read_page(
    dataset: str, unit: str, url: str, content: bytes, *, day: date | None = None
) -> tuple[Payload, int | None]:
    """As ``read``, with the total a paged answer speaks of (else None)."""
    try:
        sheet = sheet_of(dataset, content)
        check(dataset, sheet.records)
        if day is not None:
            check_day(dataset, sheet.records, day)
    except SourceShapeError as error:
        unread = Payload(dataset, unit, url, content, ())
        raise UnreadPayloadError(unread, error) from None
    return Payload(dataset, unit, url, content, sheet.records), sheet.total


def sheet_of(dataset: str, content: bytes) -> Sheet:
    """The rows of a body, not yet compared with the recorded shape.

    Raises:
        SourceShapeError: It cannot be read.
        SourceUnavailableError, NotYetPublishedError: As ``read``.
    """
    shape = shapes()[dataset]
    reader = _READERS.get(dataset, _day_file)
    return reader(shape.source, shape.what, content)


def _announcements(source: str, what: str, content: bytes) -> Sheet:
    value = _answer(source, what, content)
    table = json_rows.rows(source, what, json_rows.member(source, what, value, "Table"))
    counts = json_rows.rows(
        source, what, json_rows.member(source, what, value, "Table1")
    )
    if not counts:
        raise SourceShapeError(source, what, "ROWCNT vanished; Table1 is empty")
    return Sheet(table, json_rows.number_of(source, what, counts[0], "ROWCNT"))


def _answer(source: str, what: str, content: bytes) -> object:
    value = json_rows.tree(source, what, content)
    if isinstance(value, str):
        # Its retired addresses say so to every question, so it proves nothing.
        why = f"in place of the {what} it says {shown(value)}"
        raise SourceUnavailableError(source, why)
    return value


def _list(source: str, what: str, content: bytes) -> Sheet:
    return Sheet(json_rows.rows(source, what, _answer(source, what, content)))


def _list_or_table(source: str, what: str, content: bytes) -> Sheet:
    value = _answer(source, what, content)
    if isinstance(value, dict):
        value = json_rows.member(source, what, value, "Table")
    return Sheet(json_rows.rows(source, what, value))


def _master(source: str, what: str, content: bytes) -> Sheet:
    sheet = _list_or_table(source, what, content)
    if not sheet.records:
        raise SourceUnavailableError(source, f"its {what} came empty")
    return sheet


def _events(source: str, what: str, content: bytes) -> Sheet:
    value = json_rows.tree(source, what, content)
    return Sheet(json_rows.rows_or_values(source, what, value))


def _counted(source: str, what: str, content: bytes) -> Sheet:
    value = json_rows.tree(source, what, content)
    table = json_rows.member(source, what, value, "data")
    total = json_rows.number_of(source, what, value, "totalCount")
    return Sheet(json_rows.rows(source, what, table), total)


def _holidays(source: str, what: str, content: bytes) -> Sheet:
    value = json_rows.tree(source, what, content)
    return Sheet(json_rows.grouped(source, what, value, "segment"))


def _hitters(source: str, what: str, content: bytes) -> Sheet:
    value = json_rows.tree(source, what, content)
    found: list[Record] = []
    for side in _SIDES:
        group = json_rows.member(source, what, value, side)
        every = json_rows.member(source, what, group, "AllSec")
        table = json_rows.member(source, what, every, "data")
        stamp = every.get("timestamp") if isinstance(every, dict) else None
        found += [
            {"side": side, "timestamp": stamp, **row}
            for row in json_rows.rows(source, what, table)
        ]
    counts = value.get("count") if isinstance(value, dict) else None
    if not found and isinstance(counts, dict) and any(counts.values()):
        why = f"it counts {shown(counts)} {what} and shows none"
        raise SourceUnavailableError(source, why)
    return Sheet(tuple(found))


def _quote(source: str, what: str, content: bytes) -> Sheet:
    value = json_rows.tree(source, what, content)
    if isinstance(value, dict) and "equityResponse" in value:
        answers = value["equityResponse"] or []
        answers = json_rows.rows(source, what, answers)
        value = answers[0] if answers else {}
    row = _flat(value) if isinstance(value, dict) else {}
    if _is_of_nobody(row):
        raise NotYetPublishedError(source, "a quote of that symbol: it knows no such")
    return Sheet((row,))


def _is_of_nobody(row: Record) -> bool:
    """Whether a quote names no company: what tells one is there, and null."""
    told = [row[name] for name in _COMPANY if name in row]
    symbol = row.get("metaData.symbol", row.get("metaData", row))
    return not row or all(value is None for value in told or [symbol])


def _flat(value: dict[str, object]) -> dict[str, object]:
    """Objects within an object as ``outer.inner``, to a bounded depth."""
    found: dict[str, object] = {}
    waiting = [("", value, 0)]
    while waiting:
        prefix, branch, depth = waiting.pop()
        for name, item in branch.items():
            if isinstance(item, dict) and depth < _DEEPEST:
                waiting.append((f"{prefix}{name}.", item, depth + 1))
            else:
                found[f"{prefix}{name}"] = item
    return found


def _day_file(source: str, what: str, content: bytes) -> Sheet:
    body = gunzipped(source, what, content)
    if body.startswith(_ZIP):
        body = unzipped(source, what, body, (".csv", ".txt"))
    found = csv_rows.table(source, what, body)
    if not found:
        raise SourceShapeError(source, what, "there is a heading and no row under it")
    return Sheet(found)


def _changes(source: str, what: str, content: bytes) -> Sheet:
    found = csv_rows.table(source, what, content)
    if len(found) == 1 and _NONE & {str(cell).upper() for cell in found[0].values()}:
        return Sheet(())
    return Sheet(found)


def _renames(source: str, what: str, content: bytes) -> Sheet:
    return Sheet(csv_rows.table(source, what, content, header=_RENAMES))


def _piped(source: str, what: str, content: bytes) -> Sheet:
    body = content
    if body.startswith(_ZIP):
        body = unzipped(source, what, body, (".txt", ".csv"))
    return Sheet(csv_rows.table(source, what, body, separator="|"))


_READERS: dict[str, Callable[[str, str, bytes], Sheet]] = {
    "bse announcements": _announcements,
    "bse result calendar": _list_or_table,
    "bse scrip master": _master,
    "bse results index": _list_or_table,
    "nse announcements": _list,
    "nse board meetings": _list,
    "nse event calendar": _events,
    "nse integrated results": _counted,
    "nse legacy results": _list,
    "nse corporate actions": _list,
    "nse quote": _quote,
    "nse band hitters": _hitters,
    "nse holidays": _holidays,
    "nse band changes": _changes,
    "nse symbol changes": _renames,
    "bse delivery": _piped,
}
