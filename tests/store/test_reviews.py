"""Decisions are added, put into effect, and outlive a document being read again."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from dexter.domain.decision import Action, Case, Change, Decision
from dexter.domain.filing import Basis, Grade, Review
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.domain.statement import (
    Cell,
    Column,
    ColumnRole,
    Hand,
    Item,
    Method,
    Statement,
)
from dexter.store import tables as t
from dexter.store.database import DATABASE_FILE, Database
from dexter.store.filings import StoreFilings
from dexter.store.keeping import keep
from dexter.store.reviews import (
    MovedReviewError,
    Reviews,
    UnknownReviewError,
    keep_decisions,
)
from tests.store.conftest import Keep, at
from tests.store.test_filings import END, document, kept, statement

NOW = datetime(2026, 11, 25, 18, tzinfo=IST)
HAND = Hand("Asha", NOW, "12.10")
SHA = "aa" * 32
LATER = at("2030-01-01T00:00:00")


def waiting(reason: str = "no unit is printed", **other: object) -> Statement:
    return statement(status=Review.REVIEW, grade=Grade.C, reason=reason, **other)


def with_profit(one: Statement, value: str, **other: object) -> Statement:
    column = one.columns[ColumnRole.CURRENT]
    cell = column.items[Item.NET_PROFIT]
    new: Cell = replace(cell, value=Decimal(value), **other)  # type: ignore[arg-type]  # fields of a cell
    items = {**column.items, Item.NET_PROFIT: new}
    return replace(one, columns={ColumnRole.CURRENT: Column(END, 3, items)})


def person_says(case: Case, value: str = "13.10", by: str = "Asha") -> Decision:
    """A correction that was accepted."""
    hand = replace(HAND, by=by)
    told = with_profit(case.statement, value, method=Method.PERSON, hand=hand)
    told = replace(told, status=Review.ACCEPTED, grade=Grade.B, reason=None)
    return Decision(
        sha256=case.filing.sha256,
        number=0,
        chain=case.decisions[-1].chain if case.decisions else 0,
        ordinal=case.ordinal or 0,
        action=Action.CORRECTED,
        by=by,
        at=NOW,
        because="read off the page",
        changes=(Change("net_profit:current", "12.10", value),),
        reading=case.reading,
        statement=told,
    )


def rejecting(case: Case, ordinal: int | None) -> Decision:
    return replace(
        person_says(case),
        action=Action.REJECTED,
        ordinal=ordinal,
        changes=(),
        because="a forecast",
        statement=case.statement if ordinal is not None else None,
    )


@pytest.fixture
def reviews(database: Database, put: Keep) -> Reviews:
    put("filings", document("aa", "2025-07-24T17:00:00"))
    put("statements", kept("aa", waiting()))
    return Reviews(database)


def read_again(database: Database, *said: Statement) -> None:
    """As an import does it: old statements out, fresh ones in, then decisions."""
    rows = [{**kept("aa", one), "ordinal": n} for n, one in enumerate(said)]
    with database.write() as connection:
        mine = t.statements.c.sha256 == SHA
        connection.execute(sa.delete(t.statements).where(mine))
        keep(connection, t.statements, rows)
        keep_decisions(connection, [SHA])


async def profit(database: Database) -> Decimal | None:
    found = await StoreFilings(database).figures("KAVCEM", LATER)
    return found[0].net_profit if found else None


async def test_what_a_person_settled_is_what_everybody_sees(
    database: Database, reviews: Reviews
) -> None:
    (case,) = reviews.cases()
    assert await profit(database) is None
    reviews.decide(case, person_says(case))
    assert reviews.cases() == ()
    assert await profit(database) == Decimal(131_000_000)
    (figures,) = await StoreFilings(database).figures("KAVCEM", LATER)
    source = figures.sources["net_profit"]
    assert (source.person, source.settled_at) == ("Asha", NOW)
    (record,) = await StoreFilings(database).statements(
        "KAVCEM", Quarter(2026, 1), LATER
    )
    assert record.filing.status is Review.ACCEPTED
    assert record.statement.grade is Grade.B


def test_decisions_are_only_added_and_tell_the_whole_story(reviews: Reviews) -> None:
    (case,) = reviews.cases()
    reviews.decide(case, person_says(case))
    (once,) = reviews.find(case.id)
    reviews.decide(once, person_says(once, "14.10", "Ravi"))
    (twice,) = reviews.find(case.id)
    assert [(d.number, d.chain, d.by) for d in twice.decisions] == [
        (1, 1, "Asha"),
        (2, 1, "Ravi"),
    ]
    assert twice.decisions[0].changes == (
        Change("net_profit:current", "12.10", "13.10"),
    )
    assert twice.reading == waiting()


def test_a_decision_on_what_changed_meanwhile_is_refused(reviews: Reviews) -> None:
    (case,) = reviews.cases()
    reviews.decide(case, person_says(case))
    with pytest.raises(MovedReviewError):
        reviews.decide(case, person_says(case, "99"))
    assert len(reviews.find(case.id)[0].decisions) == 1


async def test_reading_the_same_again_keeps_the_decision(
    database: Database, reviews: Reviews
) -> None:
    (case,) = reviews.cases()
    reviews.decide(case, person_says(case))
    read_again(database, waiting("another reason"))
    (again,) = reviews.find(case.id)
    assert again.status is Review.ACCEPTED
    assert all(check.ok for check in again.statement.checks)
    assert await profit(database) == Decimal(131_000_000)


async def test_reading_something_else_is_said(
    database: Database, reviews: Reviews
) -> None:
    (case,) = reviews.cases()
    reviews.decide(case, person_says(case))
    read_again(database, with_profit(waiting(), "12.70"))
    (again,) = reviews.find(case.id)
    assert again.status is Review.ACCEPTED
    (check,) = [check for check in again.statement.checks if not check.ok]
    assert "net_profit:current 12.10 → 12.70" in check.detail
    assert await profit(database) == Decimal(131_000_000)


async def test_a_proof_of_other_values_brings_it_back_to_the_queue(
    database: Database, reviews: Reviews
) -> None:
    (case,) = reviews.cases()
    reviews.decide(case, person_says(case))
    read_again(database, with_profit(statement(), "12.70"))
    (again,) = reviews.cases()
    assert "net_profit:current 13.10 → 12.70" in str(again.reason)
    assert await profit(database) is None
    reviews.decide(again, person_says(again, "12.70", "Ravi"))
    assert reviews.cases() == ()
    assert await profit(database) == Decimal(127_000_000)


def test_a_basis_found_later_does_not_lose_the_decision(
    database: Database, reviews: Reviews
) -> None:
    read_again(database, waiting(basis=None, period_end=None))
    (case,) = reviews.cases()
    said = person_says(case)
    told = said.statement
    assert told is not None
    known = replace(told, basis=Basis.STANDALONE, period_end=END)
    reviews.decide(case, replace(said, statement=known))
    other = waiting(basis=Basis.CONSOLIDATED, page=5)
    read_again(database, other, waiting())
    assert [(one.statement.page, one.id) for one in reviews.cases()] == [
        (5, "aaaaaaaa-1")
    ]
    (mine,) = reviews.find("aaaaaaaa-2")
    assert (mine.status, mine.statement.period_end) == (Review.ACCEPTED, END)


async def test_a_statement_no_longer_read_keeps_its_decision(
    database: Database, reviews: Reviews
) -> None:
    (case,) = reviews.cases()
    reviews.decide(case, person_says(case))
    read_again(database)
    (again,) = reviews.find(case.id)
    assert again.reading is None
    assert any("no longer finds it" in c.detail for c in again.statement.checks)
    assert await profit(database) == Decimal(131_000_000)


async def test_a_rejected_statement_stays_out(
    database: Database, reviews: Reviews
) -> None:
    (case,) = reviews.cases()
    reviews.decide(case, rejecting(case, 0))
    read_again(database, statement())
    assert reviews.cases() == ()
    assert await profit(database) is None
    (again,) = reviews.find(case.id)
    assert again.reason == "rejected by Asha on 25 Nov 2026: a forecast"
    reviews.decide(again, person_says(again))
    assert await profit(database) == Decimal(131_000_000)


def test_a_rejected_document_stays_out_whatever_is_read_in_it(
    database: Database, reviews: Reviews
) -> None:
    (case,) = reviews.cases()
    reviews.decide(case, rejecting(case, None))
    read_again(database, waiting(), waiting(page=7, basis=Basis.CONSOLIDATED))
    assert reviews.cases() == ()
    assert [one.status for one in reviews.find("aaaaaaaa")] == [Review.REJECTED] * 2


async def test_a_document_without_statements_can_be_typed_or_rejected(
    database: Database, put: Keep
) -> None:
    row = {**document("aa", None), "status": "review", "reason": "a scan"}
    put("filings", row, {**row, "sha256": "bb" * 32})
    reviews = Reviews(database)
    typed, unusable = reviews.cases()
    assert [(c.ordinal, c.reason) for c in (typed, unusable)] == [(None, "a scan")] * 2
    unread = replace(unusable, statement=statement())
    reviews.decide(unusable, rejecting(unread, None))
    said = person_says(replace(typed, statement=statement()))
    reviews.decide(typed, replace(said, reading=None))
    assert reviews.cases() == ()
    found = await StoreFilings(database).figures(
        "KAVCEM", at("2030-01-01T00:00:00", explicit=False)
    )
    assert [one.net_profit for one in found] == [Decimal(131_000_000)]
    read_again(database, waiting())
    assert [one.status for one in reviews.find("aaaa" * 4)] == [Review.ACCEPTED]


def test_the_queue_is_newest_first_and_filtered(database: Database, put: Keep) -> None:
    put(
        "filings",
        document("aa", "2025-07-24T17:00:00"),
        document("bb", "2025-10-24T17:00:00", "SHUTAA"),
        document("cc", None, "OTHER"),
    )
    for sha in ("aa", "bb", "cc"):
        put("statements", kept(sha, waiting(period_end=date(2024, 6, 30))))
    reviews = Reviews(database)
    assert [c.filing.name for c in reviews.cases()] == ["bb.pdf", "aa.pdf", "cc.pdf"]
    assert [c.filing.name for c in reviews.cases("shut")] == ["bb.pdf"]
    assert reviews.cases("nobody") == ()


@pytest.mark.parametrize("text", ["aaaaaaaa-9", "ffffffff-1", "aa", "../x", "' OR 1"])
def test_an_unknown_id_is_refused(reviews: Reviews, text: str) -> None:
    with pytest.raises(UnknownReviewError):
        reviews.find(text)


def test_an_id_of_two_documents_is_refused(reviews: Reviews, put: Keep) -> None:
    put("filings", {**document("aa", None), "sha256": "aa" * 30 + "bbbb"})
    with pytest.raises(UnknownReviewError, match="2 statements"):
        reviews.find("aaaaaaaa-1")


def test_a_home_made_before_the_queue_has_one(database: Database) -> None:
    home = database.home
    database.close()
    with closing(sqlite3.connect(home / DATABASE_FILE)) as connection:
        connection.execute("DROP TABLE reviews")
        connection.execute("DROP TABLE readings")
        connection.commit()
    again = Database.open(home)
    assert Reviews(again).cases() == ()
    again.close()
