"""A decision, its alert and its letters: one commit, or nothing of it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import NoReturn

import pytest

from dexter.alerts.rules import Facts
from dexter.domain.alert import Priority
from dexter.domain.daily import FilingState
from dexter.domain.delivery import Notice
from dexter.errors import StoreError
from dexter.operating import Operating
from dexter.store.database import set_note
from dexter.store.outbox import Outbox
from dexter.store.tables import written
from pipelines.backup.restoring import RESTORED_AT
from pipelines.daily import deciding, keeping
from pipelines.daily.keeping import FRESH, Keeper
from pipelines.daily.unit import absence_id
from tests.pipelines.daily.day_scenes import DAY, LOUD, NEXT_MORNING, Home, at
from tests.pipelines.daily.test_deciding import UNIT, alert, report

ITEM = "ABC-2025-06-30-standalone"
ABSENT = absence_id("ABC", "https://a.example/results.pdf")


def loud(version: int = 1, run_id: str = "run-2") -> deciding.Decided:
    done = report(alert(), run_id=run_id)
    made = deciding.decided(
        UNIT, done, None, Facts(None, watched=False), LOUD, NEXT_MORNING
    )
    assert made.spoken is not None
    told = replace(made.filing, alert_version=version, id=f"filing-{version}")
    return replace(made, filing=told, spoken=replace(made.spoken, version=version))


def test_all_of_it_is_kept(home: Home) -> None:
    unit = replace(UNIT, stands_for=(ABSENT,))
    absent = replace(UNIT, id=ABSENT, settled=FilingState.NO_DOCUMENT, reason="not yet")
    keeper = Keeper(home.database, LOUD)
    keeper(deciding.settled(absent, NEXT_MORNING), absent)
    assert [one["id"] for one in home.rows("day_filings")] == [ABSENT]

    kept = keeper(loud(), unit)

    assert [one["id"] for one in home.rows("day_filings")] == ["filing-1"]
    (letter,) = home.rows("outbox")
    assert (letter["item"], letter["version"], letter["state"]) == (ITEM, 1, "pending")
    assert letter["due_at"] == NEXT_MORNING
    assert kept.filing.reason == loud().filing.reason
    message = Outbox(home.database).message(Outbox(home.database).all()[0].key)
    assert (message.run_id, message.amends) == ("run-2", ())
    assert message.alert is not None
    assert message.alert.priority is Priority.MEDIUM


def test_what_cannot_be_kept_whole_is_not_kept(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> NoReturn:
        sentence = "The outbox is full."
        raise StoreError(sentence)

    monkeypatch.setattr(Outbox, "put", broken)
    with pytest.raises(StoreError):
        Keeper(home.database, LOUD)(loud(), UNIT)

    assert home.rows("day_filings") == home.rows("alerts") == home.rows("outbox") == []


def test_what_was_scored_in_the_absence_of_a_document_stands(home: Home) -> None:
    keeper = Keeper(home.database, LOUD)
    keeper(loud(), UNIT)

    keeper(loud(2, "run-3"), replace(UNIT, stands_for=("filing-1",)))

    assert len(home.rows("day_filings")) == 2


def test_to_be_fresh_is_to_be_public_for_five_days(home: Home) -> None:
    for late, letters in ((timedelta(0), 1), (timedelta(seconds=1), 0)):
        moment = at("16:00:00") + FRESH + late
        made = loud(2 - letters)
        old = replace(made, filing=replace(made.filing, decided_at=moment))
        kept = Keeper(home.database, LOUD)(old, UNIT)
        assert len(home.rows("outbox")) == 1
        stale = "nobody hears of it" in (kept.filing.reason or "")
        assert stale is (letters == 0)


def test_quiet_hours_say_when(home: Home) -> None:
    quiet = {"from": "07:00", "to": "09:30"}
    recipients = [one.model_dump() for one in LOUD.recipients]
    operating = Operating.model_validate(
        {"alerts": {"quiet": quiet}, "recipients": recipients}
    )

    kept = Keeper(home.database, operating)(loud(), UNIT)

    (letter,) = home.rows("outbox")
    assert letter["due_at"] == NEXT_MORNING + timedelta(hours=1, minutes=30)
    assert "nobody hears" not in (kept.filing.reason or "")


def test_a_notice_is_posted_once_for_its_key(home: Home) -> None:
    keeper = Keeper(home.database, LOUD)
    for words in ("first", "again"):
        keeper.post(Notice("failed-1", Priority.HIGH, words, ()), NEXT_MORNING)

    (letter,) = home.rows("outbox")
    assert (letter["item"], letter["kind"], letter["priority"]) == (
        "failed-1",
        "notice",
        "high",
    )
    assert '"first"' in letter["body"]


@pytest.mark.parametrize(
    ("about", "state"),
    [(DAY, "unknown"), (DAY + timedelta(days=1), "pending"), (None, "pending")],
)
def test_what_a_restored_home_may_have_told_is_marked(
    home: Home, about: date | None, state: str
) -> None:
    with home.database.write() as connection:
        set_note(connection, RESTORED_AT, written(at("18:00:00")))
    notice = Notice("empty-1", Priority.LOW, "no filing was seen", ())

    Keeper(home.database, LOUD).post(notice, NEXT_MORNING, about)

    (letter,) = home.rows("outbox")
    assert (letter["state"], letter["unsure"]) == (state, state == "unknown")


def test_without_recipients_an_alert_is_kept_and_no_more(home: Home) -> None:
    kept = Keeper(home.database, Operating())(loud(), UNIT)

    assert (len(home.rows("alerts")), home.rows("outbox")) == (1, [])
    assert kept.filing.state is FilingState.ALERTED
    assert timedelta(days=5) == keeping.FRESH
