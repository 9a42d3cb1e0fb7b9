"""A day over an invented home: every filing is decided once, and told once."""

from datetime import timedelta
from typing import Any

import pytest

from dexter.domain.alert import Priority
from dexter.domain.filing import Grade
from dexter.journal import Journal
from dexter.operating import Alerting, Operating, Recipient, Rule, Watch
from pipelines.daily import day as days_module
from pipelines.daily.running import run_days
from pipelines.daily.unit import absence_id, row_id
from tests.pipelines.daily.day_scenes import (
    CONSOLIDATED,
    DAY,
    DOUBTFUL,
    LOUD,
    NEXT_MORNING,
    Q1,
    Days,
    Home,
    at,
    filings_of,
    said,
    sha,
    short,
)
from tests.pipelines.daily.outbox_scenes import Scripted

URL = "https://a.example/results.pdf"
ALERT = "ABC-2025-06-30-standalone"


async def run(days: Days, *, watch: bool = False) -> dict[str, str]:
    """Run the day; the states of its filings."""
    (done,) = await run_days([DAY], days.means(), watch=watch)
    return {key: one["state"] for key, one in filings_of(done).items()}


def told(home: Home) -> list[tuple[str, int, str]]:
    """Letters: what, in which version, to whom."""
    return [(o["item"], o["version"], o["recipient"]) for o in home.rows("outbox")]


async def test_results_are_alerted_once_and_running_again_adds_nothing(
    home: Home, days: Days
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("b.xml", at("20:00:00"), said())
    home.paper("n.pdf", at("20:10:00"), kind="newspaper", status="rejected")
    days.channels = {"webhook": Scripted("webhook")}

    states = await run(days)
    assert states == {
        short("a.pdf"): "alerted",
        short("b.xml"): "no_alert",
        short("n.pdf"): "not_results",
    }
    kept = {name: home.rows(name) for name in ("day_filings", "alerts", "outbox")}
    assert told(home) == [(ALERT, 1, "me")]

    days.clock.moment += timedelta(hours=2)
    assert await run(days) == states
    assert {name: home.rows(name) for name in kept} == kept


async def test_the_record_of_a_filing_says_how_it_came_about(
    home: Home, days: Days
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())

    await run(days)

    (filing,) = home.rows("day_filings")
    assert filing["run_id"] == f"20250812-ABC-{short('a.pdf')}"
    assert (filing["rule"], filing["alert_id"], filing["alert_version"]) == (
        "all",
        ALERT,
        1,
    )
    (alert,) = home.rows("alerts")
    assert (alert["published_at"], alert["run_id"]) == (
        at("16:00:00"),
        filing["run_id"],
    )


async def test_a_silent_filing_names_what_it_lacked(home: Home, days: Days) -> None:
    days.operating = Operating()
    home.paper("a.pdf", at("16:00:00"), said())

    assert await run(days) == {short("a.pdf"): "no_alert"}

    (filing,) = home.rows("day_filings")
    assert filing["reason"].startswith("no rule spoke: ")
    assert (filing["alert_id"], filing["run_id"] is None) == (None, False)
    assert home.rows("alerts") == home.rows("outbox") == []


async def test_a_revised_filing_amends_its_alert(home: Home, days: Days) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("b.pdf", at("20:00:00"), said("10.75"))
    home.paper("c.xml", at("21:00:00"), said("10.75"))

    states = await run(days)

    assert set(states.values()) == {"alerted", "no_alert"}
    assert states[short("b.pdf")] == "alerted"
    second = next(o for o in home.rows("day_filings") if o["id"] == short("b.pdf"))
    assert second["reason"] == "amends version 1"
    assert (second["version"], second["alert_version"]) == (2, 2)
    assert told(home) == [(ALERT, 1, "me"), (ALERT, 2, "me")]
    letter = home.rows("outbox")[1]["body"]
    assert "net profit: ₹12.1 crore before, ₹10.75 crore now" in letter
    # It is scored as of itself, and says so.
    newer = home.rows("alerts")[1]
    assert newer["published_at"] == at("20:00:00")
    assert "scored as of a later document" in newer["body"]


async def test_an_amendment_goes_to_those_who_heard_what_it_amends(
    home: Home, days: Days
) -> None:
    """And to them however quiet it has become."""
    loud = Rule(name="first", priority="high", grades=(Grade.A,))
    quiet = Rule(name="later", priority="low")
    me = LOUD.recipients[0]
    days.operating = Operating(
        alerts=Alerting(rules=(loud, quiet)),
        recipients=tuple(
            me.model_copy(update={"name": name, "least": least})
            for name, least in (("loud", Priority.HIGH), ("all", Priority.LOW))
        ),
    )
    home.paper("a.pdf", at("16:00:00"), said(), symbol="ABC")
    home.paper("x.pdf", at("16:00:00"), said(grade=Grade.C), symbol="XYZ")
    home.paper("b.pdf", at("20:00:00"), said("10.75", grade=Grade.C), symbol="ABC")
    home.paper("y.pdf", at("20:00:00"), said("10.75", grade=Grade.C), symbol="XYZ")

    await run(days)

    other = "XYZ-2025-06-30-standalone"
    assert sorted(told(home)) == [
        (ALERT, 1, "all"),
        (ALERT, 1, "loud"),
        (ALERT, 2, "all"),
        (ALERT, 2, "loud"),
        (other, 1, "all"),
        (other, 2, "all"),
    ]
    amended = next(
        o for o in home.rows("alerts") if o["id"] == ALERT and o["version"] == 2
    )
    assert amended["priority"] == "high"


async def test_the_revision_of_a_silent_one_is_an_alert_of_its_own(
    home: Home, days: Days
) -> None:
    only_c = Alerting(rules=(Rule(name="c", priority="high", grades=(Grade.C,)),))
    days.operating = LOUD.model_copy(update={"alerts": only_c})
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("b.pdf", at("20:00:00"), said("10.75", grade=Grade.C))

    states = await run(days)

    assert states == {short("a.pdf"): "no_alert", short("b.pdf"): "alerted"}
    assert told(home) == [(ALERT, 1, "me")]
    second = next(o for o in home.rows("day_filings") if o["id"] == short("b.pdf"))
    assert (second["version"], second["alert_version"]) == (2, 1)


async def test_consolidated_results_beside_standalone_ones_are_no_second_alert(
    home: Home, days: Days
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("b.xml", at("16:03:00"), said("99", CONSOLIDATED))

    assert await run(days) == {short("a.pdf"): "alerted", short("b.xml"): "no_alert"}


async def test_a_row_and_then_its_document_are_told_once(
    home: Home, days: Days
) -> None:
    home.figures(at("16:00:00"))
    assert await run(days) == {row_id("ABC", Q1.end): "alerted"}
    assert home.rows("alerts")[0]["body"].count('"data_grade":"imported"') == 1

    home.paper("a.xml", at("20:00:00"), said())
    states = await run(days)

    assert states == {row_id("ABC", Q1.end): "alerted", short("a.xml"): "no_alert"}
    assert len(told(home)) == 1


async def test_a_document_that_comes_takes_the_place_of_its_absence(
    home: Home, days: Days
) -> None:
    home.want(URL, at("16:00:00"))
    home.listed(at("16:00:00"))
    assert await run(days) == {absence_id("ABC", URL): "no_document"}

    home.want(URL, at("16:00:00"), state="kept", sha256=sha("a.pdf"))
    home.paper("a.pdf", at("16:00:00"), said())

    assert await run(days) == {short("a.pdf"): "alerted"}
    assert days.states() == {short("a.pdf"): "alerted"}


async def test_listed_results_stay_missing_until_anything_comes(
    home: Home, days: Days
) -> None:
    row = row_id("ABC", Q1.end)
    home.listed(at("16:00:00"))
    assert await run(days) == {row: "no_document"}

    home.want(URL, at("16:10:00"))
    assert await run(days) == {absence_id("ABC", URL): "no_document"}
    home.want(URL, at("16:10:00"), state="kept", sha256=sha("a.pdf"))
    home.paper("a.pdf", at("16:10:00"), DOUBTFUL)
    assert await run(days) == {short("a.pdf"): "review"}
    assert days.states() == {short("a.pdf"): "review"}


async def test_why_a_document_is_missing_is_told_anew(home: Home, days: Days) -> None:
    home.want(URL, at("16:00:00"))
    await run(days)
    home.want(URL, at("16:00:00"), state="refused", reason="a page came")

    await run(days)

    (filing,) = home.rows("day_filings")
    assert filing["reason"].endswith("is no document: a page came")


async def test_what_a_person_decides_is_scored(home: Home, days: Days) -> None:
    home.paper("a.pdf", at("16:00:00"), DOUBTFUL)
    assert await run(days) == {short("a.pdf"): "review"}

    home.paper("a.pdf", at("16:00:00"), said())
    assert await run(days) == {short("a.pdf"): "alerted"}

    home.paper("r.pdf", at("17:00:00"), DOUBTFUL, symbol="XYZ")
    assert (await run(days))[short("r.pdf")] == "review"
    refused = {"status": "rejected", "reason": "rejected by Asha"}
    home.paper("r.pdf", at("17:00:00"), symbol="XYZ", **refused)
    assert (await run(days))[short("r.pdf")] == "no_alert"
    home.paper("r.pdf", at("17:00:00"), said(), symbol="XYZ")
    assert (await run(days))[short("r.pdf")] == "alerted"


async def test_nobody_hears_of_what_was_public_for_days(home: Home, days: Days) -> None:
    days.clock.moment = NEXT_MORNING + timedelta(days=9)
    home.paper("a.pdf", at("16:00:00"), said())

    assert await run(days) == {short("a.pdf"): "alerted"}

    (filing,) = home.rows("day_filings")
    assert filing["reason"].endswith("nobody hears of it (public for over 5 days)")
    assert (len(home.rows("alerts")), home.rows("outbox")) == (1, [])


async def test_an_alert_below_what_anybody_wants_says_so(
    home: Home, days: Days
) -> None:
    me = replace_least(LOUD.recipients[0])
    days.operating = LOUD.model_copy(update={"recipients": (me,)})
    home.paper("a.pdf", at("16:00:00"), said())

    assert await run(days) == {short("a.pdf"): "alerted"}

    (filing,) = home.rows("day_filings")
    assert filing["reason"].endswith(
        "nobody hears of it (me: medium is below their least, high)"
    )


def replace_least(one: Recipient) -> Recipient:
    return one.model_copy(update={"least": Priority.HIGH})


async def test_filings_of_days_before_are_decided_late(home: Home, days: Days) -> None:
    home.paper("a.pdf", at("16:00:00", DAY - timedelta(days=5)), said())
    home.paper("b.pdf", at("16:00:00", DAY - timedelta(days=6)), said(), symbol="XYZ")

    assert await run(days) == {short("a.pdf"): "alerted"}
    assert days.states() == {}
    (filing,) = home.rows("day_filings")
    assert filing["day"] == DAY - timedelta(days=5)
    # The day goes on telling it, though it is decided.
    assert await run(days) == {short("a.pdf"): "alerted"}


async def test_a_day_of_the_past_is_that_day_alone(home: Home, days: Days) -> None:
    days.clock.moment = NEXT_MORNING + timedelta(days=2)
    home.paper("a.pdf", at("16:00:00", DAY - timedelta(days=1)), said())

    assert await run(days) == {}


async def test_a_dry_day_keeps_nothing_and_tells_what_it_would(
    home: Home, days: Days
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    await run(days)
    home.paper("b.pdf", at("20:00:00"), said("10.75"))
    home.want(URL, at("21:00:00"), symbol="XYZ")
    days.dry = True
    before = everything(home)

    (done,) = await run_days([DAY], days.means(), watch=False)

    assert everything(home) == before
    assert {key: one["state"] for key, one in filings_of(done).items()} == {
        short("a.pdf"): "alerted",
        short("b.pdf"): "alerted",
        absence_id("XYZ", URL): "no_document",
    }
    assert [one.published_at for one in done.alerts] == [at("16:00:00"), at("20:00:00")]
    assert done.document["dry_run"] is True
    assert days.saved[1:] == []


def everything(home: Home) -> dict[str, list[dict[str, object]]]:
    """Every table but the heads of runs, which belong to the journal."""
    with home.database.read() as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = [row[0] for row in connection.exec_driver_sql(query)]
        return {
            name: [
                dict(row._mapping)
                for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')  # noqa: S608 - ours
            ]
            for name in names
            if name != "run_heads"
        }


async def test_a_dry_day_decides_what_a_real_one_would(home: Home, days: Days) -> None:
    """Each filing is held against those it decided before, kept or not."""
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("b.xml", at("16:30:00"), said(xbrl=True))
    home.paper("c.pdf", at("17:00:00"), said("10.75"))
    home.paper("d.xml", at("17:30:00"), said("10.75", xbrl=True))
    home.figures(at("16:00:00"), symbol="XYZ")
    home.paper("x.pdf", at("18:00:00"), said(), symbol="XYZ")
    told = ("id", "state", "reason", "version", "rule", "alert_id", "alert_version")

    decided = []
    for days.dry in (True, False):
        (done,) = await run_days([DAY], days.means(), watch=False)
        filings = filings_of(done).values()
        decided.append([[one[name] for name in told] for one in filings])

    assert decided[0] == decided[1]
    assert [one[1] for one in decided[0]].count("alerted") == 3
    assert [one[6] for one in decided[0]].count(2) == 1


async def test_watched_companies_are_decided_first(home: Home, days: Days) -> None:
    for symbol in ("AAA", "BBB", "CCC"):
        home.paper(f"{symbol}.pdf", at("16:00:00"), said(), symbol=symbol)
    name = {"name": "Ccc", "source": "equity list", "isin": "INE1", "family": ""}
    home.put("names", {**name, "symbol": "CCC", "rank": 1, "bse_code": "500003"})
    watch = Watch(symbols=("500003",))
    one = LOUD.daily.model_copy(update={"concurrency": 1})
    days.operating = LOUD.model_copy(update={"watch": watch, "daily": one})

    (done,) = await run_days([DAY], days.means(), watch=False)

    record = Journal.replay(days.desk.journals, done.document["run_id"])
    noted: list[Any] = [note["filing"] for note in record.recorded("filing")]
    assert [one["symbol"] for one in noted] == ["CCC", "AAA", "BBB"]


async def test_alerts_do_not_wait_for_documents_that_are_still_to_be_read(
    home: Home, days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    order: list[str] = []
    seen = [object(), object()]

    def reading(*_: object) -> int:
        order.append("read")
        return 1

    async def deliver() -> None:
        order.append(f"{len(home.rows('outbox'))} letters")

    monkeypatch.setattr(days_module, "queue", lambda *_: seen)
    monkeypatch.setattr(days_module, "chunks", lambda files: [[one] for one in files])
    monkeypatch.setattr(days_module, "read_some", reading)
    means = days.means()
    journal = a_journal(days)
    day = days_module.Day(
        DAY, means.desk, means.database, means.operating, means.world, journal
    )

    await day.look(deliver, whole=True)

    assert order == ["1 letters", "read", "1 letters", "read", "1 letters"]
    order.clear()
    await day.look(deliver, whole=False, patience=timedelta(0))
    assert order == ["1 letters"]
    journal.close()


def a_journal(days: Days) -> Journal:
    header = {"query": "", "started": NEXT_MORNING, "model": ""}
    return Journal.begin(days.desk.journals, "a-day", header)
