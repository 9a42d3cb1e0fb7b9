"""Which filings a day has: each once, with what becomes of it without research."""

from datetime import date, timedelta
from typing import Any

import pytest

from dexter.domain.daily import FilingState
from dexter.domain.filing import Review
from dexter.domain.period import Quarter
from pipelines.daily.unit import Unit, absence_id, row_id
from pipelines.daily.units import units_of
from tests.pipelines.daily.day_scenes import (
    CONSOLIDATED,
    DAY,
    DOUBTFUL,
    Q1,
    STANDALONE,
    Home,
    at,
    said,
    sha,
    short,
)

URL = "https://a.example/results.pdf"


def units(home: Home, first: date = DAY, last: date = DAY) -> dict[str, Unit]:
    found = units_of(home.database, first, last)
    assert len({one.id for one in found}) == len(found)
    return {one.id: one for one in found}


def only(home: Home, first: date = DAY, last: date = DAY) -> Unit:
    (unit,) = units(home, first, last).values()
    return unit


def test_proven_results_are_scored_on_the_basis_scores_are_made_of(home: Home) -> None:
    home.paper("a.pdf", at("16:00:00"), said(basis=CONSOLIDATED), said())
    home.paper("b.pdf", at("17:00:00"), said(basis=CONSOLIDATED), symbol="XYZ")

    found = units(home)

    both, one = found[short("a.pdf")], found[short("b.pdf")]
    assert (both.basis, both.quarter, both.settled) == (STANDALONE, Q1, None)
    assert (one.basis, one.symbol, one.first) == (CONSOLIDATED, "XYZ", True)


def test_they_come_by_their_publication_and_of_the_days_asked_for(home: Home) -> None:
    home.paper("late.pdf", at("23:59:59"), said(), symbol="A")
    home.paper("early.pdf", at("00:00:00"), said(), symbol="B")
    home.paper("after.pdf", at("00:00:00", DAY + timedelta(1)), said(), symbol="C")
    home.paper("before.pdf", at("23:59:59", DAY - timedelta(1)), said(), symbol="D")

    assert [one.name for one in units_of(home.database, DAY, DAY)] == [
        "early.pdf",
        "late.pdf",
    ]
    assert len(units(home, DAY - timedelta(1), DAY + timedelta(1))) == 4


def test_the_newest_quarter_of_a_document_is_its_own(home: Home) -> None:
    home.paper("a.pdf", at("16:00:00"), said(quarter=Q1.previous), said())

    assert only(home).quarter == Q1


def test_versions_count_proven_publications_of_one_basis(home: Home) -> None:
    home.paper("a.pdf", at("16:00:00"), said())
    home.paper("b.xml", at("17:00:00"), said())
    home.paper("c.xml", at("17:05:00"), said(basis=CONSOLIDATED))
    home.paper("doubt.pdf", at("17:10:00"), DOUBTFUL)
    home.paper("d.xml", at("18:00:00", DAY + timedelta(9)), said("13"))

    found = units(home, DAY, DAY + timedelta(9))

    told = {name: found[short(name)] for name in ("a.pdf", "b.xml", "c.xml", "d.xml")}
    assert {name: one.version for name, one in told.items()} == {
        "a.pdf": 1,
        "b.xml": 2,
        "c.xml": 1,
        "d.xml": 3,
    }
    assert [name for name, one in told.items() if one.first] == ["a.pdf"]


def test_whose_results_they_are_must_be_known(home: Home) -> None:
    home.want(URL, at("16:00:00"), state="kept", sha256=sha("a.pdf"))
    home.paper("a.pdf", at("16:00:00"), said(), symbol=None)

    unit = only(home)

    assert (unit.settled, unit.symbol) == (FilingState.REVIEW, "")
    assert unit.reason == "whose results these are is not known"
    home.paper("a.pdf", at("16:00:00"), said(), symbol="ABC")
    now = only(home)
    assert (now.id, now.settled, now.symbol) == (unit.id, None, "ABC")


def test_a_company_that_is_renamed_keeps_its_filings(home: Home) -> None:
    home.paper("a.pdf", at("16:00:00"), said(), symbol="OLD")
    before = only(home)
    home.put("filings", home.rows("filings")[0] | {"symbol": "NEW"})
    home.settle()

    assert only(home).id == before.id


def test_what_was_published_nobody_knows_when_is_for_a_person(home: Home) -> None:
    """A moment of our own in its place would be a moment nobody published at."""
    home.want(URL, None, state="kept", sha256=sha("a.pdf"), seen_at=at("18:30:00"))
    home.paper("a.pdf", None, said(), known_at_reason="the list names another")
    home.paper("b.pdf", at("12:00:00"), said())

    unit = units(home)[short("a.pdf")]

    assert (unit.day, unit.published_at, unit.settled) == (
        DAY,
        None,
        FilingState.REVIEW,
    )
    assert unit.reason == (
        "when these results were published is not known: the list names another"
    )
    home.paper("a.pdf", at("11:00:00"), said())
    assert units(home)[short("a.pdf")].settled is None


@pytest.mark.parametrize(
    ("about", "state", "reason"),
    [
        ({"kind": "newspaper"}, "not_results", "it is of the kind newspaper"),
        (
            {"kind": "intimation", "status": "rejected", "reason": "no results in it"},
            "not_results",
            "no results in it",
        ),
        (
            {"kind": "not_a_document", "status": "rejected", "reason": "it is a page"},
            "review",
            "it is a page",
        ),
        (
            {"kind": "other", "status": "review", "reason": "page 3 cannot be read"},
            "review",
            "page 3 cannot be read",
        ),
        ({"status": "review"}, "review", "its statements do not prove themselves"),
        (
            {"status": "rejected", "reason": "rejected by Asha on 12 Aug 2025"},
            "no_alert",
            "rejected by Asha on 12 Aug 2025",
        ),
    ],
)
def test_what_holds_no_proven_results_says_what_it_is(
    home: Home, about: dict[str, Any], state: str, reason: str
) -> None:
    home.paper("a.pdf", at("16:00:00"), **{"status": "accepted", **about})

    unit = only(home)

    assert (unit.settled, unit.reason, unit.quarter) == (state, reason, None)


def test_a_half_year_has_nothing_scores_are_made_of(home: Home) -> None:
    home.paper("a.pdf", at("16:00:00"), said(months=6))

    unit = only(home)

    assert unit.settled is FilingState.NO_ALERT
    assert (
        unit.reason == "it has no column of a single quarter, which scores are made of"
    )


def test_what_a_person_settles_is_scored(home: Home) -> None:
    home.paper("a.pdf", at("16:00:00"), DOUBTFUL)
    unit = only(home)
    assert (unit.settled, unit.reason) == (FilingState.REVIEW, "it does not add up")

    home.paper("a.pdf", at("16:00:00"), said(status=Review.ACCEPTED))

    now = only(home)
    assert (now.id, now.settled, now.quarter) == (unit.id, None, Q1)


def test_the_same_bytes_at_several_addresses_are_one_filing(home: Home) -> None:
    for url, symbol in ((URL, "ABC"), ("b-attachment", "BSE:500001"), (URL, "XYZ")):
        home.want(url, at("16:00:00"), state="kept", sha256=sha("a.pdf"), symbol=symbol)
    home.paper("a.pdf", at("16:00:00"), said())

    unit = only(home)

    assert set(unit.stands_for) >= {
        absence_id("ABC", URL),
        absence_id("XYZ", URL),
        absence_id("BSE:500001", "b-attachment"),
    }


@pytest.mark.parametrize(
    ("about", "state", "reason"),
    [
        ({}, "no_document", "it has not come yet"),
        (
            {"state": "refused", "reason": "a page came"},
            "no_document",
            "what came in its place is no document: a page came",
        ),
        ({"state": "gone"}, "no_document", "the exchange does not have it"),
    ],
)
def test_a_document_that_does_not_come_is_a_filing(
    home: Home, about: dict[str, object], state: str, reason: str
) -> None:
    home.want(URL, at("16:00:00"), **about)

    unit = only(home)

    assert (unit.id, unit.settled, unit.reason) == (
        absence_id("ABC", URL),
        state,
        reason,
    )
    home.paper("a.pdf", at("16:00:00"), said())
    home.want(URL, at("16:00:00"), state="kept", sha256=sha("a.pdf"))
    assert unit.id in only(home).stands_for


def test_a_document_that_cannot_be_read_is_one_whatever_its_addresses(
    home: Home,
) -> None:
    broken = {"state": "kept", "sha256": sha("a.pdf"), "reason": "it broke the reader"}
    home.want(URL, at("16:05:00"), **broken)
    home.want("attachment", at("16:00:00"), **broken)

    unit = only(home)

    assert (unit.id, unit.published_at) == (short("a.pdf"), at("16:00:00"))
    assert (unit.settled, unit.reason) == (
        FilingState.REVIEW,
        "the document cannot be read",
    )
    home.paper("a.pdf", at("16:00:00"), said())
    assert only(home).id == unit.id


def test_what_is_kept_and_to_be_read_is_not_decided(home: Home) -> None:
    home.want(URL, at("16:00:00"), state="kept", sha256=sha("a.pdf"))
    home.listed(at("16:00:00"))

    assert units(home) == {}


def test_a_scrip_code_is_told_by_its_ticker(home: Home) -> None:
    name = {"name": "Abc", "source": "equity list", "isin": "INE1", "family": ""}
    home.put("names", {**name, "symbol": "ABC", "rank": 1, "bse_code": "500001"})
    home.want("attachment.pdf", at("16:00:00"), symbol="BSE:500001")
    home.listed(at("16:00:00"))

    unit = only(home)

    assert (unit.symbol, unit.id) == ("ABC", absence_id("BSE:500001", "attachment.pdf"))
    assert unit.stands_for == (row_id("ABC", Q1.end),)


def test_results_that_are_listed_and_never_come_are_a_filing(home: Home) -> None:
    home.listed(at("16:00:00"))

    unit = only(home)

    assert (unit.id, unit.settled) == (row_id("ABC", Q1.end), FilingState.NO_DOCUMENT)
    home.figures(at("16:00:00"))
    now = only(home)
    assert (now.id, now.settled, now.basis) == (unit.id, None, STANDALONE)


@pytest.mark.parametrize("telling", ["proven", "doubtful", "awaited"])
def test_what_is_listed_is_the_document_that_came_for_it(
    home: Home, telling: str
) -> None:
    home.listed(at("16:00:00"))
    if telling == "awaited":
        home.want(URL, at("16:01:00"))
    else:
        statement = said() if telling == "proven" else DOUBTFUL
        home.paper("a.pdf", at("17:00:00"), statement)

    assert row_id("ABC", Q1.end) in only(home).stands_for


def test_what_is_listed_is_told_by_the_document_of_another_day(home: Home) -> None:
    home.listed(at("23:50:00"))
    home.paper("a.pdf", at("00:10:00", DAY + timedelta(1)), said())

    assert units(home) == {}
    assert only(home, DAY + timedelta(1), DAY + timedelta(1)).first is False


def test_a_document_of_another_quarter_tells_nothing_of_it(home: Home) -> None:
    home.listed(at("16:00:00"))
    home.paper("a.pdf", at("12:00:00"), said(quarter=Q1.previous))

    assert set(units(home)) == {short("a.pdf"), row_id("ABC", Q1.end)}


def test_a_row_that_was_public_first_is_a_filing_of_its_own(home: Home) -> None:
    home.figures(at("16:00:00"))
    home.paper("a.xml", at("20:00:00"), said())

    found = units(home)

    row, paper = found[row_id("ABC", Q1.end)], found[short("a.xml")]
    assert (row.first, row.settled, row.basis) == (True, None, STANDALONE)
    assert (paper.first, paper.stands_for) == (False, ())


def test_a_row_and_a_document_of_one_minute_are_one_publication(home: Home) -> None:
    """Lists leave out parts of seconds: 16:21:39.078 is no later than 16:21:39."""
    home.figures(at("16:21:39"))
    home.paper("a.pdf", at("16:21:39") + timedelta(milliseconds=78), said())

    unit = only(home)

    assert (unit.id, unit.first) == (short("a.pdf"), True)
    assert unit.stands_for == (row_id("ABC", Q1.end),)


def test_nothing_is_first_by_figures_that_are_not_there(home: Home) -> None:
    """As of a moment before it, a document would be scored without its figures."""
    home.paper("doubt.pdf", at("16:00:00"), DOUBTFUL)
    home.paper("a.pdf", at("16:00:30"), said())

    assert units(home)[short("a.pdf")].first is False


def test_final_ones_are_left_out_and_still_stand_for_what_is_listed(home: Home) -> None:
    home.listed(at("16:00:00"))
    home.paper("a.pdf", at("17:00:00"), said())
    home.paper("b.pdf", at("17:00:00"), said(), symbol="XYZ")

    found = units_of(home.database, DAY, DAY, {short("a.pdf")})

    assert [one.id for one in found] == [short("b.pdf")]


def test_quarters_are_told_apart(home: Home) -> None:
    for quarter, end in ((Q1, "a.pdf"), (Quarter(2025, 1), "b.pdf")):
        home.paper(end, at("16:00:00"), said(quarter=quarter))

    found = units(home)

    assert {one.version for one in found.values()} == {1}
    assert {str(one.quarter) for one in found.values()} == {"Q1 FY26", "Q1 FY25"}
