from datetime import date
from decimal import Decimal

import pytest

from dexter.domain.company import Family
from dexter.domain.filing import Basis, Grade, Review
from dexter.domain.period import Quarter, Window
from dexter.domain.statement import (
    Cell,
    Column,
    ColumnRole,
    Item,
    Method,
    Statement,
    Unit,
)
from dexter.store.codec import read_statement, statement_text
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.filings import StoreFilings
from dexter.store.keeping import Row
from dexter.store.news import StoreNews
from dexter.store.tables import written
from tests.store.conftest import Keep, at, event, figure, ist

Q1 = Quarter(2026, 1)
END = date(2025, 6, 30)
TIMELESS = "2030-01-01T00:00:00"


def cell(text: str) -> Cell:
    return Cell(
        Decimal(text), text, Method.TEXT, 2, (1.0, 2.0, 3.5, 4.25), row="Net profit"
    )


def statement(**other: object) -> Statement:
    items = {
        Item.REVENUE: cell("120.50"),
        Item.TOTAL_INCOME: cell("125.75"),
        Item.NET_PROFIT: cell("12.10"),
        Item.EPS_BASIC: cell("3.45"),
    }
    values: dict[str, object] = {
        "basis": Basis.STANDALONE,
        "family": Family.GENERAL,
        "audited": False,
        "unit": Unit.CRORE,
        "period_end": END,
        "months": 3,
        "page": 2,
        "grade": Grade.A,
        "status": Review.ACCEPTED,
        "reason": None,
        "columns": {ColumnRole.CURRENT: Column(END, 3, items)},
    }
    return Statement(**{**values, **other})  # type: ignore[arg-type]  # flat test maker


def document(sha: str, known_at: str | None, symbol: str = "KAVCEM") -> Row:
    return {
        "sha256": sha * 32,
        "name": f"{sha}.pdf",
        "base_name": f"{sha}.pdf",
        "kind": "results",
        "own_symbol": None,
        "symbol": symbol,
        "company": None,
        "known_at": ist(known_at) if known_at else None,
        "known_at_reason": None if known_at else "nobody said",
        "url": None,
        "status": "accepted",
        "reason": None,
        "subject": None,
        "flags": "",
    }


def kept(sha: str, what: Statement) -> Row:
    return {
        "sha256": sha * 32,
        "ordinal": 0,
        "period_end": what.period_end,
        "basis": what.basis.value if what.basis else None,
        "status": what.status.value,
        "grade": what.grade.value,
        "body": statement_text(what),
    }


@pytest.fixture
def filings(database: Database) -> StoreFilings:
    return StoreFilings(database)


def test_a_statement_comes_back_digit_for_digit() -> None:
    whole = statement(notes="Segment – note", checks=())
    assert read_statement(statement_text(whole)) == whole


async def test_a_later_filing_is_not_seen_before_it(
    filings: StoreFilings, put: Keep
) -> None:
    put(
        "filings",
        document("aa", "2025-07-24T17:00:00"),
        document("bb", "2025-07-27T10:00:00"),
    )
    seen = await filings.filings("KAVCEM", at("2025-07-27T09:59:59"), 9)
    later = await filings.filings("KAVCEM", at("2025-07-27T10:00:00"), 9)
    assert [f.name for f in seen] == ["aa.pdf"]
    assert [f.name for f in later] == ["bb.pdf", "aa.pdf"]


async def test_a_document_of_unknown_date_hides_from_an_explicit_moment(
    filings: StoreFilings, put: Keep
) -> None:
    put("filings", document("aa", None), document("bb", "2025-07-27T10:00:00"))
    put("statements", kept("aa", statement()))
    asked = at("2025-08-01T00:00:00")
    unasked = at("2025-08-01T00:00:00", explicit=False)
    assert [f.name for f in await filings.filings("KAVCEM", asked, 9)] == ["bb.pdf"]
    names = [f.name for f in await filings.filings("KAVCEM", unasked, 9)]
    assert names == ["bb.pdf", "aa.pdf"]
    assert await filings.figures("KAVCEM", asked) == ()
    assert len(await filings.figures("KAVCEM", unasked)) == 1


async def test_revisions_are_versions_oldest_first(
    filings: StoreFilings, put: Keep
) -> None:
    put(
        "filings",
        document("bb", "2025-07-27T10:00:00"),
        document("aa", "2025-07-24T17:00:00"),
    )
    put("statements", kept("bb", statement(audited=True)), kept("aa", statement()))
    found = await filings.statements("KAVCEM", Q1, at(TIMELESS))
    assert [(r.filing.name, r.version) for r in found] == [("aa.pdf", 1), ("bb.pdf", 2)]
    early = await filings.statements("KAVCEM", Q1, at("2025-07-25T00:00:00"))
    assert [r.version for r in early] == [1]
    assert await filings.statements("KAVCEM", Q1.previous, at(TIMELESS)) == ()


async def test_an_accepted_statement_goes_before_an_imported_row(
    filings: StoreFilings, put: Keep
) -> None:
    put("figures", figure("KAVCEM", "2025-06-30", "2025-07-24T14:00:00", 100))
    put("filings", document("aa", "2025-07-24T17:00:00"))
    put("statements", kept("aa", statement()))
    put("events", event("KAVCEM", "2025-06-30", "2025-07-24T14:00:00"))
    (early,) = await filings.figures("KAVCEM", at("2025-07-24T15:00:00"))
    (late,) = await filings.figures("KAVCEM", at("2025-07-24T17:00:00"))
    assert (early.grade, early.net_profit) == (Grade.IMPORTED, Decimal(100))
    assert early.sources["net_profit"].row == "KAVCEM 2025-06-30"
    assert (late.grade, late.net_profit) == (Grade.A, Decimal("121000000.00"))
    assert late.eps == Decimal("3.45")
    assert late.sources["net_profit"].bbox == (1.0, 2.0, 3.5, 4.25)
    assert late.published_at == ist("2025-07-24T14:00:00")
    assert late.known_at == ist("2025-07-24T17:00:00")


async def test_results_on_one_basis_are_not_dated_by_those_on_the_other(
    filings: StoreFilings, put: Keep
) -> None:
    """The consolidated results came first; nobody had the others before their own."""
    told = event("KAVCEM", "2025-06-30", "2025-07-24T14:00:00")
    put("events", {**told, "basis": "consolidated"})
    put(
        "filings",
        document("aa", "2025-07-25T10:00:00"),
        document("bb", "2025-07-28T10:00:00"),
        document("cc", "2025-07-24T15:00:00"),
    )
    put(
        "statements",
        kept("aa", statement()),
        kept("bb", statement(audited=True)),
        kept("cc", statement(basis=Basis.CONSOLIDATED)),
    )
    first, revised, other = "2025-07-25T10:00:00", "2025-07-28T10:00:00", TIMELESS
    for seen, known_at in ((first, first), (revised, revised), (other, revised)):
        found = {f.basis: f for f in await filings.figures("KAVCEM", at(seen))}
        own = found[Basis.STANDALONE]
        assert (own.published_at, own.known_at) == (ist(first), ist(known_at))
        assert found[Basis.CONSOLIDATED].published_at == ist("2025-07-24T14:00:00")
    early = await filings.figures("KAVCEM", at("2025-07-25T09:59:59"))
    assert [f.basis for f in early] == [Basis.CONSOLIDATED]


async def test_a_statement_in_review_gives_no_figures(
    filings: StoreFilings, put: Keep
) -> None:
    put("filings", document("aa", "2025-07-24T17:00:00"))
    put("statements", kept("aa", statement(status=Review.REVIEW, reason="tax")))
    assert await filings.figures("KAVCEM", at(TIMELESS)) == ()
    assert len(await filings.statements("KAVCEM", Q1, at(TIMELESS))) == 1


async def test_a_half_year_column_is_not_a_quarter(
    filings: StoreFilings, put: Keep
) -> None:
    column = Column(END, 6, {Item.NET_PROFIT: cell("12.10")})
    put("filings", document("aa", "2025-07-24T17:00:00"))
    put("statements", kept("aa", statement(columns={ColumnRole.CURRENT: column})))
    assert await filings.figures("KAVCEM", at(TIMELESS)) == ()


async def test_revenue_of_a_bank_is_its_total_income(
    filings: StoreFilings, put: Keep
) -> None:
    put("filings", document("aa", "2025-07-24T17:00:00"))
    put("statements", kept("aa", statement(family=Family.BANK)))
    (found,) = await filings.figures("KAVCEM", at(TIMELESS))
    assert found.revenue == Decimal("1257500000.00")


async def test_a_dash_stays_absent_without_an_address(
    filings: StoreFilings, put: Keep
) -> None:
    dash = Cell(None, "-", Method.TEXT, reason="a dash")
    column = Column(END, 3, {Item.NET_PROFIT: cell("1"), Item.EPS_BASIC: dash})
    put("filings", document("aa", "2025-07-24T17:00:00"))
    put("statements", kept("aa", statement(columns={ColumnRole.CURRENT: column})))
    (found,) = await filings.figures("KAVCEM", at(TIMELESS))
    assert found.eps is None
    assert set(found.sources) == {"net_profit"}


async def test_bases_are_never_mixed(filings: StoreFilings, put: Keep) -> None:
    both = ("standalone", "consolidated")
    rows = [
        figure("KAVCEM", "2025-06-30", "2025-07-24T14:00:00", n, basis=b)
        for n, b in enumerate(both, 1)
    ]
    put("figures", *rows)
    found = await filings.figures("KAVCEM", at(TIMELESS))
    assert {f.basis: f.net_profit for f in found} == {
        Basis.STANDALONE: Decimal(1),
        Basis.CONSOLIDATED: Decimal(2),
    }


async def test_reporters_of_a_window_in_time_order(
    filings: StoreFilings, put: Keep
) -> None:
    put(
        "events",
        event("B", "2025-06-30", "2025-07-24T18:00:00"),
        event("A", "2025-06-30", "2025-07-24T20:00:00"),
        event("C", "2025-06-30", "2025-07-25T00:00:00"),
        event("D", "2025-06-30", "2025-07-23T23:59:59"),
    )
    day = Window(date(2025, 7, 24), date(2025, 7, 24), "24 July")
    found = await filings.reporters(day, at(TIMELESS))
    assert [e.symbol for e in found] == ["B", "A"]
    early = await filings.reporters(day, at("2025-07-24T19:00:00"))
    assert [e.symbol for e in early] == ["B"]


async def test_expected_meetings_once_as_first_announced(
    filings: StoreFilings, put: Keep
) -> None:
    meeting = {
        "symbol": "NILCAST",
        "meeting_date": date(2025, 8, 18),
        "known_at": ist("2025-08-08T17:00:00"),
        "purpose": "first",
        "source": "NSE",
    }
    again = {**meeting, "known_at": ist("2025-08-09T09:00:00"), "purpose": "again"}
    put("board_meetings", meeting, again)
    week = Window(date(2025, 8, 15), date(2025, 8, 21), "next week")
    (found,) = await filings.expected(week, at("2025-08-14T20:00:00"))
    assert (found.purpose, found.company) == ("first", "NILCAST")
    assert await filings.expected(week, at("2025-08-08T16:59:00")) == ()


async def test_the_latest_quarter_is_the_most_reported_of_100_days(
    filings: StoreFilings, put: Keep
) -> None:
    put(
        "events",
        *(event(s, "2025-03-31", "2025-05-20T18:00:00") for s in "ABC"),
        *(event(s, "2025-06-30", "2025-08-10T18:00:00") for s in "AB"),
    )
    assert await filings.latest_quarter(at("2025-08-14T20:00:00")) == Quarter(2025, 4)
    assert await filings.latest_quarter(at("2025-09-14T20:00:00")) == Quarter(2026, 1)
    assert await filings.latest_quarter(at("2025-01-01T00:00:00")) is None


async def test_a_peer_is_seen_only_after_it_reported(
    filings: StoreFilings, put: Keep
) -> None:
    peer = {
        "symbol": "A",
        "period_end": END,
        "family": "general",
        "published_at": ist("2025-07-24T18:00:00"),
        "sue": 1.5,
        "revenue_growth": None,
        "profit_growth": 0.2,
        "margin_change": 0.0,
        "quality": None,
    }
    put("season_peers", peer)
    (found,) = await filings.season(Q1, at("2025-07-24T18:00:00"))
    assert (found.sue, found.revenue_growth) == (1.5, None)
    assert await filings.season(Q1, at("2025-07-24T17:59:59")) == ()
    assert await filings.season(Q1.next, at(TIMELESS)) == ()


async def test_coverage_lists_quarters_newest_first(
    database: Database, put: Keep
) -> None:
    put(
        "figures",
        figure("KAVCEM", "2025-03-31", "2025-05-01T18:00:00", 1),
        figure("KAVCEM", "2025-06-30", "2025-07-24T14:00:00", 1),
        figure("KAVCEM", "2025-06-30", "2025-07-24T14:00:00", 1, basis="consolidated"),
    )
    put("renames", {"old": "OLDCEM", "new": "KAVCEM", "changed_on": None})
    found = await StoreDirectory(database).coverage("OLDCEM", at(TIMELESS))
    assert [(str(k.quarter), k.basis) for k in found.quarters] == [
        ("Q1 FY26", ("consolidated", "standalone")),
        ("Q4 FY25", ("standalone",)),
    ]
    early = await StoreDirectory(database).coverage("KAVCEM", at("2025-07-01T00:00:00"))
    assert len(early.quarters) == 1


async def test_headlines_end_at_the_moment(database: Database, put: Keep) -> None:
    rows = [
        {
            "digest": str(n),
            "symbol": "KAVCEM",
            "published_at": ist(f"2025-07-24T1{n}:00:00"),
            "title": f"title {n}",
            "text": "",
            "source": "NSE",
            "url": None,
        }
        for n in range(3)
    ]
    put("news", *rows)
    day = Window(date(2025, 7, 24), date(2025, 7, 24), "today")
    news = StoreNews(database)
    found = await news.headlines("KAVCEM", day, at("2025-07-24T11:00:00"))
    assert [h.title for h in found] == ["title 0", "title 1"]


def test_moments_are_kept_in_a_width_that_sorts() -> None:
    early, late = (
        written(ist("2025-07-24T09:00:00")),
        written(ist("2025-07-24T10:00:00.5")),
    )
    assert len(early) == len(late)
    assert early < late
