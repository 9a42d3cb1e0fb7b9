"""What the operator hears of a day besides its alerts, each under its own key."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from dexter.domain.alert import Priority
from dexter.domain.daily import DayState
from dexter.domain.delivery import Notice
from dexter.domain.ledger import OutcomeState
from dexter.domain.moment import IST, AsOf
from dexter.ml.ledger import Came, Group, LedgerSummary
from dexter.ml.spreads import Spread
from dexter.store.alerts import AlertLedger
from pipelines.daily import notices, weekly
from pipelines.daily.report import DayReport
from pipelines.daily.weekly import lines_of
from tests.pipelines.daily.day_scenes import Home, at
from tests.pipelines.daily.test_deciding import alert

DAY = "2025-08-12"


def filing(symbol: str, state: str = "no_alert", **about: object) -> dict[str, object]:
    plain = {"id": f"id-{symbol}", "symbol": symbol, "state": state, "day": DAY}
    return {**plain, "reason": "It broke.", "run_id": None, **about}


def told(*, session: bool = True, **about: object) -> dict[str, Notice]:
    document: dict[str, Any] = {
        "date": DAY,
        "filings": [filing("OK")],
        "sources": {"all": "fine"},
        "expected": 2,
        "expected_but_missing": [],
        "model": {"reason": None},
        **about,
    }
    found = notices.of_day(DayReport(DayState.DONE, None, document), session=session)
    return {one.key: one for one in found}


def test_a_day_that_went_well_is_silent() -> None:
    assert told() == {}


def test_what_failed_is_named_with_its_run() -> None:
    rows = [filing(f"F{n}", "failed", run_id=f"run-{n}") for n in range(14)]

    notice = told(filings=rows)["failed-2025-08-12"]

    assert notice.priority is Priority.HIGH
    assert notice.title == "2025-08-12: 14 filings could not be worked through"
    assert notice.lines[0] == "F0: It broke. (run run-0)"
    assert len(notice.lines) == 12
    one = told(filings=[filing("", "failed")])["failed-2025-08-12"]
    assert one.title == "2025-08-12: 1 filing could not be worked through"
    assert one.lines == ("id-: It broke.",)


def test_what_sources_did_not_give_is_told() -> None:
    states = {"announcements": "blocked: It refuses us.", "results": "fine"}

    notice = told(sources=states)["sources-2025-08-12"]

    assert notice.lines == ("announcements: blocked: It refuses us.",)


def test_a_session_without_filings_of_its_own_is_empty() -> None:
    late = filing("LATE", day="2025-08-11")

    assert list(told(filings=[late])) == ["empty-2025-08-12"]
    assert told(filings=[late], session=False) == {}


def test_who_was_expected_and_did_not_come_is_named() -> None:
    names = [f"S{n}" for n in range(14)]

    notice = told(expected_but_missing=names)["missing-2025-08-12"]

    assert notice.priority is Priority.LOW
    assert notice.title == "2025-08-12: expected and not seen: 14 companies"
    assert notice.lines[0].endswith("S11 and 2 more")


def test_a_model_that_scored_nothing_is_loud() -> None:
    notice = told(model={"reason": "There is no champion."})["model-2025-08-12"]

    assert (notice.priority, notice.lines) == (
        Priority.HIGH,
        ("There is no champion.",),
    )


def test_missed_days_are_one_notice() -> None:
    days = [date(2025, 8, 11), date(2025, 8, 12)]

    notice = notices.of_missed(days, date(2025, 8, 13))

    assert notice is not None
    assert notice.key == "missed-2025-08-11-2025-08-12"
    assert notice.title == "Nothing ran on 2 days; made up for on 2025-08-13"
    assert notices.of_missed([], date(2025, 8, 13)) is None


def test_a_crash_is_known_by_its_day_and_reason() -> None:
    day = date(2025, 8, 12)
    one, again, other = (
        notices.of_crash(day, sentence, run)
        for sentence, run in (("A.", "run-1"), ("A.", "run-2"), ("B.", "run-3"))
    )

    assert one.key == again.key != other.key
    assert one.lines == ("A.", "Run run-1. What was decided before is kept.")


def test_a_week_is_that_of_the_calendar() -> None:
    """The last days of December may be of the first week of the year after."""
    assert notices.of_week(date(2025, 12, 31), ["x"]).key == "week-2026-W01"
    assert notices.of_week(date(2026, 1, 2), ["x"]).key == "week-2026-W01"


LATER = AsOf(datetime(2025, 9, 30, tzinfo=IST), explicit=True)


def test_of_an_alert_without_a_price_nothing_is_known(home: Home) -> None:
    ledger = AlertLedger(home.database)
    ledger.record(alert(), run_id="run", made_at=at("17:00:00"))

    lines = lines_of(home.database, LATER)

    assert lines[0] == "1 session, all alerts: nothing is known yet of 1"
    assert [line.split(":")[0] for line in lines[1:3]] == [
        "1 session, priority low",
        "3 sessions, all alerts",
    ]
    assert len(home.rows("alert_outcomes")) == 3


def test_the_weeks_lines_have_rates_with_their_intervals(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = dict.fromkeys(OutcomeState, 0)
    states[OutcomeState.KNOWN], states[OutcomeState.LOCKED] = 9, 1
    ours = Came(
        10, 9, 3, Spread(0.333, 0.121, 0.646), None, 9, Spread(0.02, -0.01, 0.05), None
    )
    theirs = Came(90, 90, 3, Spread(0.033, 0.01, 0.09), None, 90, None, None)
    every = Group(3, "all", "all alerts", tuple(states.items()), 0, ours, theirs)
    few = replace(ours, earned=Spread(-0.004, None, None))
    high = replace(every, kind="priority", name="high", alerts=few)
    unwanted = replace(every, kind="confidence")
    summary = LedgerSummary((every, high, unwanted), ())
    monkeypatch.setattr(weekly, "score", lambda *_: summary)

    first, second = lines_of(home.database, LATER)

    assert first == (
        "3 sessions, all alerts: 3 of 9 at the upper limit (33.3%, 12.1% to 64.6%), "
        "3.3% of all results of those days; +2.0% (-1.0% to +5.0%) after cost over 9; "
        "no return of 1 yet, or ever"
    )
    assert second.startswith("3 sessions, priority high: 3 of 9 ")
    assert "; -0.4% (too few sessions for an interval) after cost" in second
