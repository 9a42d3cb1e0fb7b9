"""Alerts of the sample market followed for 1, 3 and 10 sessions."""

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from dexter.domain.alert import Alert, Priority
from dexter.domain.filing import ResultsEvent
from dexter.domain.ledger import OutcomeState
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter, Window
from dexter.features.moments import day_of
from dexter.ml.ledger import LedgerSummary
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from dexter.store.filings import StoreFilings
from dexter.store.tables import renames
from pipelines.alert_outcomes import HORIZONS, score
from pipelines.commands import alerting
from pipelines.commands.alerting import UnknownAlertError
from pipelines.featurize import featurize
from tests.ml.making_alerts import alert

LATE = AsOf(datetime(2025, 8, 14, 20, tzinfo=IST), explicit=True)
SINCE = date(2024, 7, 1)
Output = pytest.CaptureFixture[str]


@pytest.fixture
def database(sample_home: Path, tmp_path: Path) -> Iterator[Database]:
    home = tmp_path / "home"
    shutil.copytree(sample_home / "sample", home)
    opened = Database.open(home)
    yield opened
    opened.close()


def reported(database: Database) -> tuple[ResultsEvent, ...]:
    window = Window(SINCE, LATE.day, "late")
    return asyncio.run(StoreFilings(database).reporters(window, LATE))


def of(event: ResultsEvent, priority: Priority = Priority.HIGH) -> Alert:
    return alert(
        event.symbol,
        str(Quarter.containing(event.period_end)),
        priority=priority,
        published_at=event.published_at,
    )


def record(
    database: Database,
    events: tuple[ResultsEvent, ...],
    after: timedelta = timedelta(minutes=1),
) -> None:
    ledger = AlertLedger(database)
    for place, event in enumerate(events):
        priority = Priority.HIGH if place % 2 else Priority.LOW
        made = event.published_at + after
        ledger.record(of(event, priority), run_id="run", made_at=made)


def counts(summary: LedgerSummary, horizon: int) -> dict[OutcomeState, int]:
    (whole,) = (g for g in summary.groups if (g.horizon, g.kind) == (horizon, "all"))
    return dict(whole.states)


def test_every_alert_has_an_outcome_of_every_horizon(database: Database) -> None:
    events = reported(database)
    record(database, events)
    summary = score(database, LATE)
    kept = AlertLedger(database).outcomes()
    assert len(kept) == len(HORIZONS) * len(events)
    for horizon in HORIZONS:
        assert sum(counts(summary, horizon).values()) == len(events)
    ahead = [counts(summary, horizon)[OutcomeState.AHEAD] for horizon in HORIZONS]
    assert ahead == sorted(ahead)
    assert ahead[-1] > ahead[0] >= 1
    unknown = [one for one in kept if one.state is not OutcomeState.KNOWN]
    assert len(summary.unknown) == len(unknown)


def test_after_three_sessions_it_is_what_the_label_says(
    database: Database,
) -> None:
    record(database, reported(database))
    score(database, LATE)
    found = featurize(database, LATE.day, lambda *_: None)
    labels = {
        (event.symbol, event.published_at): row
        for row, event in enumerate(found.events)
    }
    ledger, outcome, same = AlertLedger(database), found.outcomes, 0
    kept = {(one.alert_id, one.horizon): one for one in ledger.outcomes()}
    for one in ledger.records():
        mine = kept[one.id, 3]
        assert one.published_at is not None
        row = labels[one.symbol, one.published_at]
        hit = outcome.upper_circuit
        assert mine.hit == (None if hit.why[row] else bool(hit.values[row]))
        if mine.entry_day == day_of(outcome.day0[row]) and mine.net_return is not None:
            same += 1
            assert mine.net_return == pytest.approx(outcome.net_return.values[row])
    assert same > 10


def test_what_was_ahead_is_known_later_and_asking_again_adds_nothing(
    database: Database,
) -> None:
    events = reported(database)[:6]
    record(database, events)
    soon = AsOf(max(e.published_at for e in events) + timedelta(hours=1), explicit=True)
    early = score(database, soon)
    assert counts(early, 10)[OutcomeState.AHEAD] > 0
    for one in AlertLedger(database).outcomes():
        assert one.known_at is None or one.known_at <= soon.moment
    late = score(database, LATE)
    assert counts(late, 10)[OutcomeState.AHEAD] == 0
    kept = AlertLedger(database).outcomes()
    assert score(database, LATE) == late
    assert AlertLedger(database).outcomes() == kept


def test_all_events_of_the_days_stand_beside(database: Database) -> None:
    events = reported(database)
    record(database, events[:10])
    whole = score(database, LATE).groups[0]
    assert whole.everyone.events >= whole.alerts.events == 10
    everyone = score(database, LATE)
    record(database, events)
    every = score(database, LATE).groups[0]
    begun = every.everyone.events
    assert everyone.groups[0].everyone.events <= begun <= every.alerts.events


def test_an_alert_made_after_its_price_is_late(database: Database) -> None:
    events = reported(database)[:4]
    record(database, events, after=timedelta(days=30))
    assert score(database, LATE).groups[0].late == 4


def test_unknown_companies_and_moments_stay_in_the_count(
    database: Database,
) -> None:
    (event, *_) = reported(database)
    ledger, made = AlertLedger(database), event.published_at
    stranger = alert("NOBODY", published_at=event.published_at)
    undated = alert("UNDATED", published_at=None)
    for one in (stranger, undated):
        ledger.record(one, run_id="run", made_at=made)
    summary = score(database, LATE)
    assert counts(summary, 3)[OutcomeState.NO_PRICE] == 2
    assert {one.alert_id for one in summary.unknown} == {stranger.id, undated.id}


def test_only_undated_alerts_and_none_at_all(tmp_path: Path) -> None:
    empty = Database.open(tmp_path)
    assert score(empty, LATE).groups[0].alerts.events == 0
    made = datetime(2024, 7, 12, 18, tzinfo=IST)
    AlertLedger(empty).record(alert(published_at=None), run_id="run", made_at=made)
    assert counts(score(empty, LATE), 1)[OutcomeState.NO_PRICE] == 1
    assert len(AlertLedger(empty).outcomes()) == 3


def test_a_home_without_prices_leaves_everything_ahead(tmp_path: Path) -> None:
    empty = Database.open(tmp_path)
    made = datetime(2024, 7, 12, 18, tzinfo=IST)
    AlertLedger(empty).record(alert(), run_id="run", made_at=made)
    assert counts(score(empty, LATE), 1)[OutcomeState.AHEAD] == 1


def test_a_former_ticker_is_followed_to_its_latest(database: Database) -> None:
    (event, *_) = reported(database)
    with database.write() as connection:
        row = {"old": "FORMER", "new": event.symbol, "changed_on": None}
        connection.execute(sa.insert(renames), row)
    ledger = AlertLedger(database)
    for one in (of(event), replace(of(event), symbol="FORMER", id="FORMER-1")):
        ledger.record(one, run_id="run", made_at=event.published_at)
    score(database, LATE)
    now, then = (ledger.outcomes(i) for i in (of(event).id, "FORMER-1"))
    assert [one.net_return for one in now] == [one.net_return for one in then]
    assert np.isfinite([one.net_return or np.nan for one in now]).all()


def test_the_commands_tell_the_ledger(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    events = reported(database)[:8]
    record(database, events)
    monkeypatch.setenv("DEXTER_HOME", str(database.home))
    monkeypatch.setenv("COLUMNS", "220")
    identifier = of(events[0]).id
    assert alerting.outcomes("2025-08-14", as_json_too=True) == 0
    told = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert told["horizons"] == [1, 3, 10]
    assert sum(told["groups"][0]["states"].values()) == 8
    assert alerting.listed(as_json_too=True) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 8
    assert rows[0]["published_at"].endswith("+05:30")
    assert alerting.show(identifier, None, as_json_too=True) == 0
    one = json.loads(capsys.readouterr().out)
    assert one["alert"]["id"] == one["id"] == identifier
    assert one["alert"]["prediction"]["confidence"] == "MEDIUM"
    assert [outcome["horizon"] for outcome in one["outcomes"]] == [1, 3, 10]


def test_the_commands_show_the_ledger_to_people(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("DEXTER_HOME", str(database.home))
    monkeypatch.setenv("COLUMNS", "220")
    assert alerting.listed(as_json_too=False) == 0
    assert "no alerts" in capsys.readouterr().out
    events = reported(database)[-8:]
    record(database, events)
    assert alerting.listed(as_json_too=False) == 0
    assert of(events[0]).id in capsys.readouterr().out
    assert alerting.show(of(events[0]).id, None, as_json_too=False) == 0
    assert "not looked for yet" in capsys.readouterr().out
    assert alerting.outcomes("2025-08-14", as_json_too=False) == 0
    told = capsys.readouterr().out
    assert "priority high" in told
    assert f"{of(events[-1]).id} (10)" in " ".join(told.split())
    assert alerting.show(of(events[0]).id, 1, as_json_too=False) == 0
    assert "recorded" in capsys.readouterr().out
    with pytest.raises(UnknownAlertError, match="no alert 'nobody'"):
        alerting.show("nobody", None, as_json_too=False)
    with pytest.raises(UnknownAlertError, match="of version 9"):
        alerting.show(of(events[0]).id, 9, as_json_too=False)
