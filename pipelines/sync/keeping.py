"""What an answer said, kept: its bytes by hash, its rows, the documents it names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.sources.actions import factor_of
from dexter.sources.bars import index_closes_of
from dexter.sources.moments import day_of
from dexter.sources.payload import Payload, Record
from dexter.store import tables as t
from dexter.store.collected import State
from dexter.store.database import set_note
from dexter.store.documents import Documents
from dexter.store.keeping import Row, keep, keep_new
from dexter.store.payloads import KeptPayload, keep_payload
from dexter.store.wanted import Wanted, want
from pipelines.ingest import cells
from pipelines.ingest.intake import UNSETTLED, Intake, NameFact, keep_names
from pipelines.ingest.lists import keep_rows
from pipelines.ingest.market_lists import meeting_row
from pipelines.ingest.payload_rows import bse_key
from pipelines.ingest.payloads import payload_of
from pipelines.ingest.settle import scrip_codes
from pipelines.sync.wanting import wishes

_RESULTS = "result"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A payload that came: for which piece, through whose lane, when."""

    lane: str
    payload: Payload
    at: datetime


def keep_bytes(documents: Documents, arrival: Arrival, state: State) -> KeptPayload:
    """Keep the bytes of a payload; the row that says what they answer."""
    payload = arrival.payload
    return KeptPayload(
        source=arrival.lane,
        dataset=payload.dataset,
        unit=payload.unit,
        sha256=documents.put(payload.content),
        url=payload.url,
        fetched_at=arrival.at,
        rows=len(payload.records) if state is not State.CHANGED_SHAPE else None,
        outcome=state.value,
    )


def keep_answer(
    intake: Intake, connection: Connection, arrival: Arrival, kept: KeptPayload
) -> None:
    """Keep the rows of a payload in one transaction with the note that it came.

    Doing it again with the same payload changes nothing.
    """
    payload = arrival.payload
    keep_payload(connection, kept)
    rows = payload_of(payload.records)
    if rows is not None:
        keep_rows(intake, connection, rows)
    own = _OWN.get(payload.dataset)
    if own is not None:
        own(intake, connection, arrival)
    documents = [
        Wanted(wish.address, wish.symbol, wish.place.value, arrival.at, wish.known_at)
        for wish in wishes(payload.dataset, payload.records)
    ]
    want(connection, documents)
    if payload.records:
        set_note(connection, UNSETTLED, "yes")


def _actions(intake: Intake, connection: Connection, arrival: Arrival) -> None:
    """Splits, bonuses and consolidations, by the session they trade ex on."""
    rows: dict[tuple[str, object, str], Row] = {}
    for record in arrival.payload.records:
        found = factor_of(str(record.get("subject") or ""))
        day = day_of(record.get("exDate"))
        if found is None or day is None:
            continue
        symbol = intake.canon(str(record.get("symbol") or ""))
        row = {
            "symbol": symbol,
            "ex_date": day,
            "kind": found.kind,
            "factor": found.value,
        }
        rows[symbol, day, found.kind] = row
    keep(connection, t.actions, list(rows.values()))


def _renames(intake: Intake, connection: Connection, arrival: Arrival) -> None:
    """Former tickers; a ticker that was traded under outranks this list."""
    del intake
    changes: dict[str, Row] = {}
    facts: list[NameFact] = []
    for record in sorted(arrival.payload.records, key=_applied):
        old, new = (_ticker(record, f"SM_{end}_SYMBOL") for end in ("KEY", "NEW"))
        if not old or not new or old == new:
            continue
        day = day_of(record.get("SM_APPLICABLE_FROM"))
        changes[old] = {"old": old, "new": new, "changed_on": day}
        if name := cells.text(record.get("SYMB_COMPANY_NAME")):
            facts.append(NameFact(new, name, "symbol changes"))
    keep_new(connection, t.renames, list(changes.values()))
    keep_names(connection, facts)


def _applied(record: Record) -> str:
    day = day_of(record.get("SM_APPLICABLE_FROM"))
    return day.isoformat() if day else ""


def _indices(intake: Intake, connection: Connection, arrival: Arrival) -> None:
    """Closes of indices under the names of the store: ``Nifty 50`` as ``NIFTY_50``."""
    del intake
    day = day_of(arrival.payload.unit) or arrival.at.date()
    rows: list[Row] = [
        {
            "name": name.upper().replace(" ", "_"),
            "session": day,
            "close": close,
            "source": arrival.payload.url.rsplit("/", 1)[-1],
        }
        for name, close in index_closes_of(arrival.payload).items()
    ]
    keep(connection, t.index_closes, rows)


def _meetings_nse(intake: Intake, connection: Connection, arrival: Arrival) -> None:
    rows = [
        (intake.canon(_ticker(one, "symbol")), one.get("date"), one.get("purpose"))
        for one in arrival.payload.records
    ]
    _meetings(connection, rows, arrival.at, "NSE event calendar")


def _meetings_bse(intake: Intake, connection: Connection, arrival: Arrival) -> None:
    del intake
    tied = scrip_codes(connection)
    keys = [bse_key(one["scrip_Code"]) for one in arrival.payload.records]
    rows = [
        (tied.get(key, key), one.get("meeting_date"), "Financial Results")
        for key, one in zip(keys, arrival.payload.records, strict=True)
    ]
    _meetings(connection, rows, arrival.at, "BSE result calendar")


def _meetings(
    connection: Connection,
    rows: Sequence[tuple[str, object, object]],
    at: datetime,
    source: str,
) -> None:
    """Meetings of a calendar that does not say since when it stands there.

    It is known now at the latest; a meeting somebody dated already is not told again.
    """
    m = t.board_meetings.c
    known = set(
        map(tuple, connection.execute(sa.select(m.symbol, m.meeting_date).distinct()))
    )
    found: dict[tuple[str, object], Row] = {}
    for symbol, on, purpose in rows:
        day, words = cells.day(on), str(purpose or "")
        ahead = day is not None and day >= at.date()
        if day and ahead and _RESULTS in words.lower() and (symbol, day) not in known:
            found[symbol, day] = meeting_row(symbol, day, at, words, source)
    keep_new(connection, t.board_meetings, list(found.values()))


def _ticker(record: Record, name: str) -> str:
    return str(record.get(name) or "").strip().upper()


_Own = Callable[[Intake, Connection, Arrival], None]
_OWN: Mapping[str, _Own] = {
    "nse corporate actions": _actions,
    "nse symbol changes": _renames,
    "nse indices": _indices,
    "nse event calendar": _meetings_nse,
    "bse result calendar": _meetings_bse,
}
