"""The days of research and their filings: one row an id, in one state."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from dexter.domain.daily import DayFiling, DayRecord, DayState, FilingState
from dexter.domain.filing import Basis
from dexter.store.database import Database
from dexter.store.days import DayBook, forget_absences, keep_filings
from tests.store.conftest import ist

DAY = date(2025, 8, 12)
FILING = DayFiling(
    id="0123456789ab",
    version=1,
    day=DAY,
    symbol="ABC",
    basis=Basis.STANDALONE,
    state=FilingState.ALERTED,
    reason="rule 'all'",
    published_at=ist("2025-08-12T16:00:00.078000"),
    run_id="run-1",
    rule="all",
    alert_id="ABC-2025-06-30-standalone",
    alert_version=1,
    decided_at=ist("2025-08-12T16:05:00"),
    attempts=2,
)
RECORD = DayRecord(
    DAY,
    DayState.PARTIAL,
    "run-1",
    ist("2025-08-12T09:00:00"),
    ist("2025-08-13T00:05:00"),
    "1 filing failed",
    {"all": "fine"},
    '{"date": "2025-08-12"}',
)


@pytest.fixture
def book(database: Database) -> DayBook:
    return DayBook(database)


def keep(database: Database, *filings: DayFiling) -> None:
    with database.write() as connection:
        keep_filings(connection, filings)


def test_a_filing_comes_back_as_it_was(database: Database, book: DayBook) -> None:
    bare = replace(
        FILING,
        id="unknown-url-0123",
        symbol="",
        basis=None,
        published_at=None,
        reason=None,
        run_id=None,
        rule=None,
        alert_id=None,
        alert_version=None,
    )
    keep(database, bare, FILING)

    assert book.filings(DAY) == (FILING, bare)  # of an unknown moment last
    assert book.find(["0123456789ab", "nobody"]) == {FILING.id: FILING}


def test_a_filing_has_one_row_whatever_its_version(
    database: Database, book: DayBook
) -> None:
    keep(database, FILING)
    moved = replace(FILING, version=3, state=FilingState.FAILED)
    keep(database, moved)

    assert book.filings(DAY) == (moved,)


def test_days_are_read_one_by_one_or_as_a_span(
    database: Database, book: DayBook
) -> None:
    before = replace(FILING, id="before", day=DAY - timedelta(days=1))
    keep(database, FILING, before)

    assert book.filings(DAY) == (FILING,)
    assert set(book.filings(DAY - timedelta(days=1), DAY)) == {before, FILING}


def test_many_are_found_at_once(database: Database, book: DayBook) -> None:
    many = [replace(FILING, id=f"id-{n}") for n in range(1203)]
    keep(database, *many)

    assert len(book.find(one.id for one in many)) == 1203


def test_an_absence_is_forgotten_and_a_score_is_not(
    database: Database, book: DayBook
) -> None:
    rows = [replace(FILING, id=state.value, state=state) for state in FilingState]
    keep(database, *rows)
    with database.write() as connection:
        forget_absences(connection, [one.id for one in rows if one.id != "failed"])

    left = {one.id for one in book.filings(DAY)}
    assert left == {"alerted", "no_alert", "failed"}


def test_what_cannot_be_written_whole_is_not_written(
    database: Database, book: DayBook
) -> None:
    keep(database, FILING)
    nameless = replace(FILING, id="other", symbol=None)  # type: ignore[arg-type]  # damage
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        keep_filings(connection, [replace(FILING, reason="new"), nameless])

    assert book.filings(DAY) == (FILING,)


def test_a_day_comes_back_as_it_ended(book: DayBook) -> None:
    book.end(RECORD)

    assert book.record(DAY) == RECORD
    assert book.records() == (RECORD,)
    assert book.record(DAY + timedelta(days=1)) is None


def test_the_latest_word_on_a_day_counts(book: DayBook) -> None:
    book.end(RECORD)
    done = replace(RECORD, state=DayState.DONE, run_id="run-2", reason=None)
    book.end(done)

    assert book.records() == (done,)


def test_a_day_that_is_begun_again_keeps_how_it_ended(book: DayBook) -> None:
    book.begin(DAY, "run-0", ist("2025-08-12T08:00:00"))
    begun = book.record(DAY)
    assert begun is not None
    assert (begun.state, begun.run_id, begun.body) == (DayState.OPEN, "run-0", None)

    book.end(RECORD)
    book.begin(DAY, "run-2", ist("2025-08-13T08:00:00"))
    assert book.record(DAY) == RECORD


def test_days_are_listed_newest_first(book: DayBook) -> None:
    for back in (1, 0, 2):
        book.end(replace(RECORD, day=DAY - timedelta(days=back)))

    assert [one.day for one in book.records(2)] == [DAY, DAY - timedelta(days=1)]
