"""The report of a day: the contract's document, and how the day ended."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, NoReturn

import pytest

from dexter.domain.daily import DayState
from dexter.domain.research import Usage
from dexter.errors import PredictorError
from dexter.journal import Journal
from dexter.store.collected import State, Unit
from pipelines.daily.collecting import states_of
from pipelines.daily.day import Day
from pipelines.daily.report import as_text, report_of, usage_of
from pipelines.daily.running import run_days
from pipelines.daily.unit import absence_id
from pipelines.runtime import Desk
from pipelines.sync.report import SyncReport, Trouble
from tests.pipelines.daily.day_scenes import (
    DAY,
    DOUBTFUL,
    NEXT_MORNING,
    Days,
    Home,
    at,
    filings_of,
    said,
    short,
)

YESTERDAY = DAY - timedelta(days=1)


def a_day(days: Days, **about: Any) -> Day:  # noqa: ANN401 - fields of a day
    means = days.means()
    header = {"query": "", "started": NEXT_MORNING, "model": ""}
    journal = Journal.begin(days.desk.journals, "a-day", header)
    journal.close()
    day = Day(DAY, means.desk, means.database, means.operating, means.world, journal)
    for name, value in about.items():
        setattr(day, name, value)
    return day


def meeting(symbol: str) -> dict[str, object]:
    return {
        "symbol": symbol,
        "meeting_date": DAY,
        "known_at": at("10:00:00", YESTERDAY),
        "purpose": "Financial Results",
        "source": "nse",
    }


async def test_it_has_every_key_of_the_contract(home: Home, days: Days) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("r.pdf", at("17:00:00"), DOUBTFUL, symbol="XYZ")

    (done,) = await run_days([DAY], days.means(), watch=False)

    document: Any = json.loads(as_text(done.document))
    assert {
        "date": str,
        "run_id": str,
        "filings": list,
        "alerts": list,
        "deliveries": list,
        "expected_but_missing": list,
        "sources": dict,
        "usage": dict,
    }.items() <= {key: type(value) for key, value in document.items()}.items()
    for filing in document["filings"]:
        assert {"id", "version", "symbol", "basis", "state", "reason"} <= filing.keys()
    (delivery,) = document["deliveries"]
    assert delivery["alert_id"] == document["alerts"][0]["id"]
    assert (delivery["channel"], delivery["state"]) == ("webhook", "pending")
    assert document["usage"]["usd"] == "0"
    assert isinstance(document["usage"]["seconds"], float)


async def test_who_was_expected_and_not_seen(home: Home, days: Days) -> None:
    for symbol in ("CAME", "DOUBT", "PAGE", "AWAY", "NOBODY"):
        home.put("board_meetings", meeting(symbol))
        home.company(symbol)
    home.paper("c.pdf", at("16:00:00"), said(months=6), symbol="CAME")
    home.paper("d.pdf", at("16:00:00"), DOUBTFUL, symbol="DOUBT")
    home.paper(
        "p.pdf", at("16:00:00"), symbol="PAGE", kind="newspaper", status="rejected"
    )
    home.want("https://a.example/x.pdf", at("16:00:00"), symbol="AWAY")

    (done,) = await run_days([DAY], days.means(), watch=False)

    assert done.document["expected"] == 5
    assert done.document["expected_but_missing"] == ["AWAY", "NOBODY", "PAGE"]


async def test_what_is_open_makes_it_partial(home: Home, days: Days) -> None:
    day = a_day(days, sources={"results": "blocked: no", "all": "fine"})
    assert home.rows("days") == []

    done = await report_of(day, NEXT_MORNING)
    assert (done.state, done.reason) == (
        DayState.PARTIAL,
        "not everything came from: results",
    )
    day.sources = {"all": "fine"}
    assert (await report_of(day, NEXT_MORNING)).state is DayState.DONE
    early = await report_of(day, at("23:59:59"))
    assert early.reason == "the day is not over"


async def test_without_a_model_the_day_is_told_all_the_same(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def none(_: object) -> NoReturn:
        sentence = "No champion is registered."
        raise PredictorError(sentence)

    monkeypatch.setattr(Desk, "champion", none)

    done = await report_of(a_day(days), NEXT_MORNING)

    assert done.state is DayState.PARTIAL
    assert done.reason == "no model scored the filings: No champion is registered."
    model = done.document["model"]
    assert (model["version"], model["reason"]) == (None, "No champion is registered.")


async def test_a_day_run_again_tells_and_costs_the_same(home: Home, days: Days) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("l.pdf", at("16:00:00", YESTERDAY), DOUBTFUL, symbol="LATE")

    (first,) = await run_days([DAY], days.means(), watch=False)
    (again,) = await run_days([DAY], days.means(), watch=False)

    told = [
        {key: value for key, value in one.document.items() if key != "run_id"}
        for one in (first, again)
    ]
    for one in told:
        for letter in one["deliveries"]:
            letter.pop("reason")
    assert told[0] == told[1]
    assert first.document["usage"]["runs"] == 1
    assert list(filings_of(again)) == [short("a.pdf"), short("l.pdf")]


async def test_both_versions_of_an_alert_are_there_in_their_order(
    home: Home, days: Days
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("b.pdf", at("20:00:00"), said("10.75"))

    (done,) = await run_days([DAY], days.means(), watch=False)

    assert [one["published_at"] for one in done.document["alerts"]] == [
        at("16:00:00").isoformat(),
        at("20:00:00").isoformat(),
    ]
    assert [one["version"] for one in done.document["deliveries"]] == [1, 2]


async def test_the_age_of_the_queue_is_told(home: Home, days: Days) -> None:
    days.dry = True
    for name, clock in (("a", "16:00:00"), ("b", "15:00:00"), ("broken", "14:00:00")):
        reason = "it broke the reader" if name == "broken" else None
        about = {"state": "kept", "sha256": name * 8, "reason": reason}
        home.want(f"https://a.example/{name}", at(clock), **about)

    (done,) = await run_days([DAY], days.means(), watch=False)

    assert done.document["oldest_unread"] == at("15:00:00").isoformat()
    absent = absence_id("ABC", "https://a.example/a")
    assert absent not in filings_of(done)


def test_an_unknown_price_makes_the_sum_unknown() -> None:
    known = Usage(model_calls=2, input_tokens=10, usd=Decimal("0.25"), seconds=1.5)
    free = Usage(usd=Decimal("0.05"), seconds=0.25)

    assert usage_of([known, free]) == {
        "runs": 2,
        "model_calls": 2,
        "input_tokens": 10,
        "output_tokens": 0,
        "usd": "0.30",
        "seconds": 1.75,
    }
    assert usage_of([known, replace(known, usd=None)])["usd"] is None
    assert usage_of([])["usd"] == "0"


def synced(**about: Any) -> SyncReport:  # noqa: ANN401 - fields of a report
    plain: dict[str, Any] = {
        "first": DAY,
        "last": DAY,
        "units": {},
        "rows": {},
        "documents": {},
        "sessions": 0,
        "compared": 0,
        "troubles": (),
        "stopped": {},
        "overdue": 0,
        "remarks": (),
        "faults": (),
        "complete": True,
        "seconds": 0.0,
    }
    return SyncReport(**{**plain, **about})


def trouble(state: State, sentence: str = "It refuses us.") -> Trouble:
    return Trouble(Unit("nse", "announcements", "2025-08-12"), state, sentence)


def test_sources_are_fine_or_say_what_they_lack() -> None:
    assert states_of(synced()) == {"all": "fine"}
    found = states_of(
        synced(
            troubles=(trouble(State.BLOCKED), trouble(State.UNAVAILABLE, "Silent.")),
            stopped={"NSE archives": 3, "BSE files": 0},
            overdue=2,
        )
    )
    assert found == {
        "announcements": "blocked: It refuses us. (and 1 more like it)",
        "NSE archives": "left in peace with 3 pieces to go",
        "files of past sessions": "2 are not there yet",
    }


def test_a_document_that_is_not_there_yet_is_no_trouble_of_a_source() -> None:
    late = trouble(State.NOT_YET_PUBLISHED, "It is not there.")

    assert states_of(synced(troubles=(late,))) == {"all": "fine"}
