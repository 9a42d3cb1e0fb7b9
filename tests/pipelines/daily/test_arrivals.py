"""Documents that come after their absence was noted, late or by another address."""

from datetime import timedelta

from pipelines.daily.arrivals import welcome
from pipelines.daily.running import run_days
from pipelines.daily.unit import absence_id
from pipelines.ingest.intake import READ_STATE
from tests.pipelines.daily.day_scenes import DAY, Days, Home, at, said, sha, short

URL, OTHER = "https://a.example/results.pdf", "attachment.pdf"
AT = at("16:00:00")
KEPT = {"state": "kept", "sha256": sha("a.pdf")}


def _read(home: Home) -> None:
    """The document is here, and its reader has it behind him."""
    home.paper("a.pdf", AT, said())
    row = {"sha256": sha("a.pdf"), "name": "a.pdf", "kind": "document", "rows": 1}
    home.put("imports", {**row, "state": READ_STATE, "reason": None, "imported_at": AT})


async def _run(days: Days, after: int) -> None:
    """The day so many days after, on the morning that follows it."""
    days.clock.moment = at("08:00:00", DAY + timedelta(days=after + 1))
    await run_days([DAY + timedelta(days=after)], days.means(), watch=False)


async def test_an_address_that_stayed_empty_for_longer_leaves_no_absence(
    home: Home, days: Days
) -> None:
    _read(home)
    home.want(URL, AT, **KEPT)
    home.want(OTHER, AT)
    await _run(days, 0)
    absent = absence_id("ABC", OTHER)
    assert days.states() == {short("a.pdf"): "alerted", absent: "no_document"}
    home.want(OTHER, AT, **KEPT)
    await _run(days, 2)
    assert days.states() == {short("a.pdf"): "alerted"}


async def test_a_document_that_comes_after_weeks_is_decided_on_its_day(
    home: Home, days: Days
) -> None:
    home.want(URL, AT)
    await _run(days, 0)
    assert days.states() == {absence_id("ABC", URL): "no_document"}
    _read(home)
    home.want(URL, AT, **KEPT)
    await _run(days, 20)
    assert days.states() == {short("a.pdf"): "alerted"}
    # It is scored and kept; but whoever heard of it now would take it for news.
    assert not any(row["kind"] == "alert" for row in home.rows("outbox"))


async def test_what_came_and_is_not_read_yet_is_looked_for_and_not_forgotten(
    home: Home, days: Days
) -> None:
    home.want(URL, AT)
    await _run(days, 0)
    home.want(URL, AT, **KEPT)
    assert welcome(home.database, DAY) == {DAY}
    assert welcome(home.database, DAY + timedelta(days=1)) == frozenset()
    assert days.states() == {absence_id("ABC", URL): "no_document"}


async def test_a_document_given_up_after_its_days_says_so(
    home: Home, days: Days
) -> None:
    home.want(URL, AT)
    await _run(days, 0)
    home.want(URL, AT, state="gone")
    await _run(days, 8)
    (row,) = home.rows("day_filings")
    assert row["reason"] == "the exchange does not have it"
    await _run(days, 9)
    assert home.rows("day_filings") == [row]
