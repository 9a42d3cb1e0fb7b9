"""What was told of the same results before, and what a filing says otherwise."""

from datetime import datetime, timedelta

from dexter.domain.daily import DayFiling, FilingState
from dexter.domain.filing import Basis
from dexter.store.days import keep_filings
from pipelines.daily.before import Before, before
from pipelines.daily.unit import row_id
from pipelines.daily.units import units_of
from tests.pipelines.daily.day_scenes import (
    CONSOLIDATED,
    DAY,
    NEXT_MORNING,
    Q1,
    STANDALONE,
    Home,
    at,
    said,
    short,
)

ROW = row_id("ABC", Q1.end)


def decided(home: Home, *names: str, state: FilingState = FilingState.NO_ALERT) -> None:
    """Note filings as scored."""
    units = units_of(home.database, DAY, DAY)
    found = {ROW if one.id == ROW else one.name: one for one in units}
    for name in names:
        unit = found[name]
        filing = DayFiling(
            id=unit.id,
            version=unit.version,
            day=unit.day,
            symbol=unit.symbol,
            basis=unit.basis,
            state=state,
            reason="for a test",
            published_at=unit.published_at,
            run_id=f"run-{unit.id}",
            rule=None,
            alert_id=None,
            alert_version=None,
            decided_at=NEXT_MORNING,
        )
        with home.database.write() as connection:
            keep_filings(connection, [filing])


def told_before(home: Home, name: str) -> Before | None:
    units = units_of(home.database, DAY, DAY + timedelta(5))
    unit = next(one for one in units if one.name == name)
    assert unit.quarter is not None
    return before(home.database, unit, unit.quarter)


def paper(
    home: Home,
    name: str,
    moment: datetime,
    profit: str = "12.10",
    basis: Basis = STANDALONE,
    eps: str = "3.45",
) -> None:
    xbrl = name.endswith(".xml")
    home.paper(name, moment, said(profit, basis, eps=eps, xbrl=xbrl))


def test_the_first_telling_has_nothing_before_it(home: Home) -> None:
    paper(home, "a.pdf", at("16:00:00"))
    paper(home, "b.xml", at("20:00:00"))

    assert told_before(home, "a.pdf") is None
    assert told_before(home, "b.xml") is None  # the first one is not decided yet


def test_an_xbrl_that_repeats_the_document_says_so(home: Home) -> None:
    paper(home, "a.pdf", at("16:00:00"))
    paper(home, "b.xml", at("20:00:00"), "12.1")
    decided(home, "a.pdf")

    assert told_before(home, "b.xml") == Before(
        short("a.pdf"),
        quiet=f"says the same as {short('a.pdf')} of 12 Aug 2025 16:00",
    )


def test_an_xbrl_with_other_figures_says_which(home: Home) -> None:
    paper(home, "a.pdf", at("16:00:00"))
    paper(home, "b.xml", at("20:00:00"), "10.75", eps="3.10")
    decided(home, "a.pdf")

    earlier = told_before(home, "b.xml")

    assert earlier is not None
    assert earlier.quiet == ""
    assert earlier.changes == (
        "EPS basic: ₹3.45 before, ₹3.10 now",
        "net profit: ₹12.1 crore before, ₹10.75 crore now",
    )


def test_now_is_the_document_that_came_later_whatever_it_is(home: Home) -> None:
    """The audit puts a PDF before its XBRL, whichever was public first."""
    paper(home, "a.xml", at("16:00:00"))
    paper(home, "b.pdf", at("20:00:00"), "10.75")
    decided(home, "a.xml")

    earlier = told_before(home, "b.pdf")

    assert earlier is not None
    assert earlier.changes == ("net profit: ₹12.1 crore before, ₹10.75 crore now",)


def test_a_difference_two_places_do_not_show_is_written_out(home: Home) -> None:
    paper(home, "a.pdf", at("16:00:00"), "12.1001")
    paper(home, "b.pdf", at("20:00:00"), "12.1003")
    decided(home, "a.pdf")

    earlier = told_before(home, "b.pdf")

    assert earlier is not None
    assert earlier.changes == ("net profit: ₹12,10,01,000 before, ₹12,10,03,000 now",)


def test_each_is_held_against_the_one_told_last(home: Home) -> None:
    """Once a revision is told, the XBRL that repeats it is no news."""
    paper(home, "a.pdf", at("16:00:00"))
    paper(home, "b.xml", at("17:00:00"))
    paper(home, "c.pdf", at("18:00:00"), "10.75")
    paper(home, "d.xml", at("19:00:00"), "10.75")
    paper(home, "e.xml", at("20:00:00"), "12.10")
    decided(home, "a.pdf", "b.xml", "c.pdf")

    repeated = told_before(home, "d.xml")
    assert repeated is not None
    assert repeated.quiet == f"says the same as {short('c.pdf')} of 12 Aug 2025 18:00"
    decided(home, "d.xml")
    back = told_before(home, "e.xml")
    assert back is not None
    assert back.changes == ("net profit: ₹10.75 crore before, ₹12.1 crore now",)


def test_consolidated_results_after_standalone_ones_are_told(home: Home) -> None:
    paper(home, "a.pdf", at("16:00:00"))
    paper(home, "b.xml", at("20:00:00"), "99", basis=CONSOLIDATED)
    decided(home, "a.pdf")

    earlier = told_before(home, "b.xml")

    assert earlier is not None
    assert earlier.quiet == (
        f"scores are made of the standalone results, told by {short('a.pdf')} of "
        "12 Aug 2025 16:00"
    )


def test_standalone_results_after_consolidated_ones_are_news(home: Home) -> None:
    paper(home, "a.pdf", at("16:00:00"), basis=CONSOLIDATED)
    paper(home, "b.xml", at("20:00:00"))
    decided(home, "a.pdf")

    assert told_before(home, "b.xml") is None


def test_a_document_that_comes_after_a_later_one_was_decided(home: Home) -> None:
    paper(home, "a.pdf", at("16:00:00"), "10.75")
    paper(home, "b.xml", at("20:00:00"))
    decided(home, "b.xml")

    earlier = told_before(home, "a.pdf")

    assert earlier is not None
    assert earlier.quiet == (
        f"{short('b.xml')} of 12 Aug 2025 20:00 tells these results later, and was "
        "decided before it came"
    )


def test_a_document_after_a_row_is_held_against_it(home: Home) -> None:
    home.figures(at("16:00:00"))
    paper(home, "same.xml", at("20:00:00"))
    paper(home, "other.xml", at("21:00:00"), "10.75")
    decided(home, ROW)

    same, other = told_before(home, "same.xml"), told_before(home, "other.xml")

    assert same is not None
    assert same.quiet == f"says the same as {ROW} of 12 Aug 2025 16:00"
    assert other is not None
    assert other.changes == ("net profit: ₹12.1 crore before, ₹10.75 crore now",)


def test_a_row_counts_no_more_once_a_document_told_otherwise(home: Home) -> None:
    home.figures(at("16:00:00"), "11.00")
    paper(home, "a.pdf", at("18:00:00"))
    paper(home, "b.xml", at("20:00:00"))
    decided(home, ROW, "a.pdf")

    earlier = told_before(home, "b.xml")

    assert earlier is not None
    assert earlier.quiet.startswith(f"says the same as {short('a.pdf')}")


def test_rows_round_to_a_lakh_or_a_crore(home: Home) -> None:
    home.figures(at("16:00:00"), "12.109")
    paper(home, "a.pdf", at("18:00:00"))
    decided(home, ROW)

    earlier = told_before(home, "a.pdf")

    assert earlier is not None
    assert earlier.changes == ()


def test_what_decided_nothing_told_nothing(home: Home) -> None:
    paper(home, "a.pdf", at("16:00:00"))
    paper(home, "b.xml", at("20:00:00"))
    for state in (FilingState.FAILED, FilingState.REVIEW, FilingState.NO_DOCUMENT):
        decided(home, "a.pdf", state=state)
        assert told_before(home, "b.xml") is None
    decided(home, "a.pdf", state=FilingState.ALERTED)
    assert told_before(home, "b.xml") is not None


def test_other_quarters_and_companies_are_not_these_results(home: Home) -> None:
    home.paper("a.pdf", at("16:00:00"), said(quarter=Q1.previous))
    home.paper("b.pdf", at("17:00:00"), said(), symbol="XYZ")
    paper(home, "c.pdf", at("18:00:00"))
    decided(home, "a.pdf", "b.pdf")

    assert told_before(home, "c.pdf") is None
