"""The ledger: what was recorded stands, outcomes are written beside it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dexter.domain.alert import Alert, Priority
from dexter.domain.filing import Basis
from dexter.domain.ledger import AlertOutcome, OutcomeState
from dexter.domain.moment import IST
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from tests.ml.making_alerts import PUBLISHED, alert

MADE = PUBLISHED + timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> AlertLedger:
    return AlertLedger(Database.open(tmp_path))


def record(ledger: AlertLedger, one: Alert, version: int = 1) -> bool:
    return ledger.record(one, run_id="run-1", made_at=MADE, version=version)


def test_an_alert_comes_back_as_it_went_in(ledger: AlertLedger) -> None:
    assert record(ledger, alert())
    kept = ledger.find(alert().id)
    assert kept is not None
    assert kept.alert == alert()
    one = kept.record
    assert (one.id, one.version, one.symbol) == (alert().id, 1, "HCL")
    assert (one.period_end, one.basis) == (date(2024, 6, 30), Basis.STANDALONE)
    assert (one.published_at, one.made_at, one.sent_at) == (PUBLISHED, MADE, None)
    assert (one.probability, one.blockbuster) == (Decimal("0.1234"), Decimal("85.5"))
    assert (one.priority, one.model_version) == (Priority.HIGH, "made-up-1")
    assert one.run_id == "run-1"


def test_an_alert_without_scores_has_nulls(ledger: AlertLedger) -> None:
    bare = alert(probability=None, score=None, published_at=None)
    record(ledger, bare)
    (one,) = ledger.records()
    nothing = one.probability, one.blockbuster, one.model_version, one.published_at
    assert nothing == (None, None, None, None)
    kept = ledger.find(bare.id)
    assert kept is not None
    assert kept.alert == bare


def test_recording_twice_adds_nothing_and_the_first_word_stands(
    ledger: AlertLedger,
) -> None:
    assert record(ledger, alert())
    assert not record(ledger, alert())
    assert not record(ledger, replace(alert(), priority=Priority.LOW))
    (one,) = ledger.records()
    assert one.priority is Priority.HIGH


def test_another_version_stands_beside_the_first(ledger: AlertLedger) -> None:
    record(ledger, alert())
    assert record(ledger, replace(alert(), priority=Priority.LOW), version=2)
    assert [one.version for one in ledger.records()] == [2, 1]
    latest, first = ledger.find(alert().id), ledger.find(alert().id, 1)
    assert latest is not None
    assert first is not None
    assert latest.record.priority is Priority.LOW
    assert first.record.priority is Priority.HIGH
    assert ledger.find(alert().id, 3) is None
    assert ledger.find("nobody") is None


def test_what_is_known_takes_the_place_of_what_was_ahead(ledger: AlertLedger) -> None:
    record(ledger, alert())
    ahead = AlertOutcome(alert().id, 1, 3, OutcomeState.AHEAD)
    ledger.keep_outcomes([ahead, replace(ahead, horizon=1)])
    known = AlertOutcome(
        alert_id=alert().id,
        version=1,
        horizon=3,
        state=OutcomeState.KNOWN,
        entry_day=date(2024, 7, 13),
        net_return=-0.0125,
        abnormal=0.5,
        hit=False,
        known_at=datetime(2024, 7, 16, 15, 30, tzinfo=IST),
    )
    ledger.keep_outcomes([known])
    assert ledger.outcomes(alert().id) == (replace(ahead, horizon=1), known)
    assert ledger.outcomes("nobody") == ()
    ledger.keep_outcomes([])
    assert len(ledger.outcomes()) == 2


def test_many_writers_record_one_alert_once(tmp_path: Path) -> None:
    ledgers = [AlertLedger(Database.open(tmp_path)) for _ in range(4)]
    assert [record(one, alert()) for one in ledgers] == [True, False, False, False]
    assert len(ledgers[-1].records()) == 1
