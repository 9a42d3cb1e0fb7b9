"""The outbox: where a letter stands, and who takes whose place."""

from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest

from dexter.domain.delivery import (
    DeliveryState,
    Receipt,
)
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from dexter.store.outbox_view import is_due
from tests.ml.making_alerts import alert
from tests.store.making_outbox import NOW, begun, letter, notice, now, put

PENDING, SENDING, SENT, UNKNOWN, DEAD = DeliveryState
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(tmp_path)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    return Outbox(database)


def test_what_is_put_twice_stands_as_it_was_put_first(outbox: Outbox) -> None:
    assert outbox.post([letter(), letter(recipient="desk")], NOW) == 2
    assert outbox.post([letter(due_at=NOW + MINUTE), notice()], NOW + MINUTE) == 1
    assert [row.due_at for row in outbox.all()] == [NOW, NOW, NOW]


def test_a_message_comes_back_as_it_went_in(outbox: Outbox) -> None:
    for one in (letter(version=2, amends=("profit 12, was 10",)), notice()):
        (row,) = put(outbox, one)
        assert outbox.message(row.key) == one.message


def test_alert_and_letters_are_kept_together_or_not_at_all(
    database: Database, outbox: Outbox
) -> None:
    def write(*, fails: bool) -> None:
        with database.write() as connection:
            AlertLedger.record_in(connection, alert(), run_id="run", made_at=NOW)
            Outbox.put(connection, [letter()], NOW)
            if fails:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(fails=True)
    assert not outbox.all()
    assert not AlertLedger(database).records()
    write(fails=False)
    assert len(outbox.all()) == len(AlertLedger(database).records()) == 1


def test_a_send_is_noted_before_and_after(database: Database, outbox: Outbox) -> None:
    AlertLedger(database).record(alert(), run_id="run", made_at=NOW)
    (row,) = put(outbox, letter())
    sending = begun(outbox, row, NOW + MINUTE)
    assert now(outbox, row) == sending
    assert (sending.state, sending.attempts, sending.repeats) == (SENDING, 1, 0)
    assert sending.tried_at == sending.failing_since == NOW + MINUTE
    outbox.sent(sending, Receipt("42", "its chart stayed here"), NOW + 2 * MINUTE)
    sent = now(outbox, row)
    assert (sent.state, sent.receipt, sent.sent_at) == (SENT, "42", NOW + 2 * MINUTE)
    assert sent.reason == "its chart stayed here"


def test_the_first_send_of_a_version_stands_in_the_ledger(
    database: Database, outbox: Outbox
) -> None:
    ledger = AlertLedger(database)
    for version in (1, 2):
        ledger.record(alert(), run_id="run", made_at=NOW, version=version)
    me, desk = put(outbox, letter(), letter(recipient="desk"))
    outbox.sent(begun(outbox, me), Receipt(), NOW + MINUTE)
    outbox.sent(begun(outbox, desk), Receipt(), NOW + 2 * MINUTE)
    first = {one.version: one.sent_at for one in ledger.records()}
    assert first == {1: NOW + MINUTE, 2: None}


def test_only_one_of_two_begins(outbox: Outbox) -> None:
    (row,) = put(outbox, letter())
    begun(outbox, row)
    assert outbox.begin(row, NOW) is None
    assert outbox.begin(now(outbox, row), NOW) is None


def test_what_may_have_arrived_is_never_taken_for_unsent_again(outbox: Outbox) -> None:
    (row,) = put(outbox, letter())
    outbox.lost(begun(outbox, row), NOW + MINUTE, "no answer")
    lost = now(outbox, row)
    assert (lost.state, lost.unsure, lost.reason) == (UNKNOWN, True, "no answer")
    repeat = begun(outbox, lost)
    assert (repeat.unsure, repeat.repeats, repeat.attempts) == (True, 1, 2)
    outbox.again(repeat, NOW + MINUTE, "down")
    assert now(outbox, row).state is UNKNOWN
    outbox.dead(now(outbox, row), NOW, "enough")
    assert outbox.take_up(row.item, NOW) == 1
    assert now(outbox, row).state is UNKNOWN


def test_a_late_receipt_counts_unless_another_try_began(outbox: Outbox) -> None:
    first, second = put(outbox, letter(), letter(recipient="desk"))
    one, two = begun(outbox, first), begun(outbox, second)
    for row in outbox.orphans():
        outbox.lost(row, NOW, "its process died")
    begun(outbox, now(outbox, two))
    assert outbox.sent(one, Receipt("1"), NOW) is not None
    assert outbox.sent(two, Receipt("2"), NOW) is None
    assert now(outbox, first).state is SENT
    assert now(outbox, second).state is SENDING


def test_a_version_that_waits_gives_way_to_the_next(outbox: Outbox) -> None:
    tried, fresh, other = put(
        outbox, letter(), letter(recipient="desk"), letter("TCS", version=1)
    )
    outbox.again(begun(outbox, tried), NOW, "down")
    put(outbox, letter(version=2), letter(version=3), letter(version=2, recipient="x"))
    assert outbox.supersede(NOW) == 2
    closed = now(outbox, tried)
    assert closed.state is DEAD
    assert closed.reason == "superseded by version 3 before it went out"
    assert now(outbox, fresh).state is PENDING
    assert now(outbox, other).state is PENDING
    assert outbox.dead_letters() == ()
    assert outbox.take_up(tried.item, NOW) == 0
    assert outbox.supersede(NOW) == 0


def test_a_version_that_may_have_arrived_gives_way_too_and_stays_in_doubt(
    outbox: Outbox,
) -> None:
    (first,) = put(outbox, letter())
    outbox.lost(begun(outbox, first), NOW, "no answer")
    put(outbox, letter(version=2))
    assert outbox.supersede(NOW) == 1
    closed = now(outbox, first)
    assert (closed.state, closed.unsure) == (DEAD, True)
    assert closed.reason == "superseded by version 2; it may have arrived"


def test_what_is_old_does_not_follow_what_is_new(outbox: Outbox) -> None:
    first, second = put(outbox, letter(), letter(version=2))
    outbox.lost(begun(outbox, first), NOW, "no answer")
    outbox.sent(begun(outbox, second), Receipt(), NOW)
    assert outbox.supersede(NOW) == 1
    assert outbox.waiting() == ()


def test_a_dead_version_does_not_close_the_one_before(outbox: Outbox) -> None:
    first, second = put(outbox, letter(), letter(version=2))
    outbox.dead(second, NOW, "refused")
    assert outbox.supersede(NOW) == 0
    assert now(outbox, first).state is PENDING


def test_dead_letters_are_those_no_later_version_took_the_place_of(
    outbox: Outbox,
) -> None:
    first, second = put(outbox, letter(), letter(version=2))
    for row in (first, second):
        outbox.dead(row, NOW, "refused")
    assert [row.version for row in outbox.dead_letters()] == [2]
    assert outbox.dead_letters(NOW + MINUTE) == ()
    assert outbox.take_up(first.item, NOW + MINUTE) == 1
    again = now(outbox, second)
    assert (again.state, again.due_at) == (PENDING, NOW + MINUTE)


def test_a_death_counts_from_when_it_was_taken_up_again(outbox: Outbox) -> None:
    (row,) = put(outbox, letter())
    outbox.dead(begun(outbox, row), NOW, "refused")
    outbox.take_up(row.item, NOW + 9 * MINUTE)
    again = begun(outbox, now(outbox, row), NOW + 10 * MINUTE)
    assert again.failing_since == NOW + 10 * MINUTE
    assert again.attempts == 2


@pytest.mark.parametrize("ahead", [timedelta(days=400), 90 * MINUTE])
def test_a_clock_set_back_neither_hides_a_row_nor_makes_it_immortal(
    outbox: Outbox, ahead: timedelta
) -> None:
    before = NOW + ahead
    (row,) = put(outbox, letter())
    outbox.again(begun(outbox, row, before), before + MINUTE, "down")
    assert is_due(now(outbox, row), NOW)
    mended = begun(outbox, now(outbox, row), NOW)
    assert mended.failing_since == NOW
    outbox.again(mended, NOW + MINUTE, "down")
    assert not is_due(now(outbox, row), NOW)


def test_what_waits_longer_than_anything_does_is_due(outbox: Outbox) -> None:
    held, far = put(outbox, letter(), letter(recipient="desk"))
    outbox.hold([held], NOW + timedelta(hours=40), "quiet")
    outbox.hold([far], NOW + timedelta(days=300), "quiet, by a clock that was ahead")
    assert not is_due(now(outbox, held), NOW)
    assert is_due(now(outbox, far), NOW)


@pytest.mark.parametrize("hours", [-11, 0, 5.75, 14])
def test_due_is_a_moment_not_a_wall_clock(outbox: Outbox, hours: float) -> None:
    zone = timezone(timedelta(hours=hours))
    due_at = NOW + MINUTE
    (row,) = put(outbox, letter(due_at=due_at.astimezone(zone)))
    assert row.due_at == due_at
    assert is_due(row, due_at.astimezone(UTC))
    assert not is_due(row, (due_at - timedelta(seconds=1)).astimezone(zone))


def test_recent_is_what_went_or_may_have_gone(outbox: Outbox) -> None:
    rows = put(
        outbox,
        *(letter(symbol) for symbol in ("A", "B", "C", "D", "E")),
        letter(recipient="desk"),
    )
    sent, lost, down, future, old, _ = rows
    outbox.sent(begun(outbox, sent), Receipt(), NOW + MINUTE)
    outbox.lost(begun(outbox, lost, NOW + 2 * MINUTE), NOW, "no answer")
    outbox.again(begun(outbox, down), NOW, "down")
    outbox.sent(begun(outbox, future), Receipt(), NOW + timedelta(days=30))
    outbox.sent(begun(outbox, old), Receipt(), NOW - timedelta(hours=25))
    found = outbox.recent(NOW + 5 * MINUTE)
    assert {key: sorted(moments) for key, moments in found.items()} == {
        ("telegram", "me"): [NOW + MINUTE, NOW + 2 * MINUTE]
    }


def test_counts_are_by_channel(outbox: Outbox) -> None:
    mine, _, _ = put(outbox, letter(), letter("TCS"), letter(channel="email"))
    outbox.sent(begun(outbox, mine), Receipt(), NOW)
    assert outbox.counts() == {
        "email": {PENDING: 1},
        "telegram": {PENDING: 1, SENT: 1},
    }
