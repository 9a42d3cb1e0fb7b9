"""What was asked, what came, what is still wanted; the earliest word wins."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.engine import Connection

from dexter.store.collected import (
    SUCCEEDED,
    State,
    Unit,
    ask,
    collected,
    of_unit,
    tried,
)
from dexter.store.database import Database
from dexter.store.payloads import KeptPayload, keep_payload, kept_payloads
from dexter.store.symbols import (
    SymbolSpan,
    isin_on,
    keep_symbols,
    symbol_on,
    symbols_of,
)
from dexter.store.wanted import (
    Want,
    Wanted,
    documents_of,
    still_wanted,
    tried_document,
    want,
    wanted_counts,
)
from tests.store.conftest import ist

MORNING, NOON, NIGHT = (ist(f"2025-02-17T{h}:00:00") for h in ("09", "12", "21"))
BARS = Unit("nse", "nse bars", "2025-02-17", date(2025, 2, 17))
PDF = Wanted("https://x.test/a.pdf", "KAVCEM", "results", NOON, NOON)


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.write() as opened:
        yield opened


def test_a_unit_is_pending_until_it_was_tried(connection: Connection) -> None:
    ask(connection, [BARS])
    (one,) = collected(connection)
    assert (one.unit, one.state, one.attempts, one.rows) == (
        BARS,
        State.PENDING,
        0,
        None,
    )
    tried(connection, BARS, State.DONE, NOON, rows=1800)
    ask(connection, [BARS])
    done = of_unit(connection, BARS)
    assert done is not None
    assert (done.state, done.rows, done.succeeded_at) == (State.DONE, 1800, NOON)
    assert collected(connection, states=[State.PENDING]) == ()


def test_a_later_failure_says_so_and_forgets_no_success(connection: Connection) -> None:
    tried(connection, BARS, State.DONE, NOON, rows=1800)
    tried(connection, BARS, State.BLOCKED, NIGHT, reason="403")
    one = of_unit(connection, BARS)
    assert one is not None
    assert (one.state, one.reason, one.attempts) == (State.BLOCKED, "403", 1)
    # Tries of one hour are one try; those of another evening count.
    for later, attempts in ((timedelta(hours=1), 1), (timedelta(days=1), 2)):
        tried(connection, BARS, State.BLOCKED, NIGHT + later, reason="403")
        more = of_unit(connection, BARS)
        assert more is not None
        assert more.attempts == attempts
    assert (one.tried_at, one.succeeded_at, one.rows) == (NIGHT, NOON, 1800)
    tried(connection, BARS, State.EMPTY, NIGHT, rows=0)
    again = of_unit(connection, BARS)
    assert again is not None
    assert again.state in SUCCEEDED
    assert (again.reason, again.rows) == (None, 0)


def test_units_are_found_by_source_and_dataset(connection: Connection) -> None:
    other = Unit("bse", "bse bars", "2025-02-17", BARS.day)
    ask(connection, [BARS, other])
    assert [c.unit for c in collected(connection, source="bse")] == [other]
    assert [c.unit for c in collected(connection, dataset="nse bars")] == [BARS]
    assert of_unit(connection, replace(BARS, unit="2025-02-18")) is None


def test_a_payload_is_dated_by_its_last_arrival(connection: Connection) -> None:
    first = KeptPayload(
        "nse", "nse bars", "2025-02-17", "aa" * 32, "https://x.test", NOON, 9, "done"
    )
    keep_payload(connection, first)
    revised = replace(first, sha256="bb" * 32, fetched_at=NIGHT)
    keep_payload(connection, revised)
    assert kept_payloads(connection, "nse", "nse bars") == (first, revised)
    # Corrected back: what came last counts, and both are kept.
    again = replace(first, fetched_at=NIGHT + timedelta(hours=1))
    keep_payload(connection, again)
    assert kept_payloads(connection, unit="2025-02-17") == (revised, again)
    assert kept_payloads(connection, unit="2025-02*") == (revised, again)
    assert kept_payloads(connection, "bse") == ()


def test_a_document_is_known_from_the_first_list_that_named_it(
    connection: Connection,
) -> None:
    want(connection, [replace(PDF, known_at=None)])
    want(connection, [replace(PDF, known_at=NIGHT), PDF])
    want(connection, [replace(PDF, known_at=NIGHT, seen_at=NIGHT)])
    assert documents_of(connection, "KAVCEM") == (PDF,)


def test_a_fetched_document_is_wanted_no_more(connection: Connection) -> None:
    undated = replace(PDF, url="https://x.test/b.pdf", known_at=None)
    late = replace(PDF, url="https://x.test/c.pdf", known_at=NIGHT)
    want(connection, [undated, PDF, late, replace(PDF, symbol="OTHER")])
    assert [w.url[-5:] for w in still_wanted(connection)] == [
        "c.pdf", "a.pdf", "a.pdf", "b.pdf",
    ]  # fmt: skip
    tried_document(connection, PDF.url, Want.KEPT, NIGHT, sha256="aa" * 32)
    tried_document(connection, late.url, Want.WANTED, NIGHT, reason="cut")
    want(connection, [PDF, late])
    assert {w.url for w in still_wanted(connection)} == {late.url, undated.url}
    assert wanted_counts(connection)[Want.KEPT] == 1, "one address, two companies"
    (kept,) = documents_of(connection, "OTHER")
    assert (kept.sha256, kept.attempts) == ("aa" * 32, 1)


def test_a_symbol_is_looked_up_on_a_day(connection: Connection) -> None:
    isin, other = "INE000A01001", "INE000B01009"
    renamed = date(2024, 4, 1)
    old = SymbolSpan(isin, "NSE", "HIMHYDRO", date(2017, 7, 3), known_at=NIGHT)
    new = SymbolSpan(isin, "NSE", "HIMPOWER", renamed, known_at=MORNING)
    keep_symbols(connection, [old, new])
    closed = replace(old, to_day=date(2024, 3, 31), known_at=NOON)
    keep_symbols(connection, [closed, replace(old, known_at=None)])
    keep_symbols(connection, [SymbolSpan(other, "NSE", "HIMHYDRO", date(2025, 1, 1))])
    assert symbols_of(connection, isin) == (closed, new)
    assert symbol_on(connection, isin, "NSE", date(2024, 3, 31)) == "HIMHYDRO"
    assert symbol_on(connection, isin, "NSE", renamed) == "HIMPOWER"
    assert symbol_on(connection, isin, "BSE", renamed) is None
    assert isin_on(connection, "HIMHYDRO", "NSE", date(2020, 1, 1)) == isin
    assert isin_on(connection, "HIMHYDRO", "NSE", date(2024, 6, 1)) is None
    assert isin_on(connection, "HIMHYDRO", "NSE", date(2025, 6, 1)) == other
