"""Nothing that becomes known later changes what was answered before.

Two kinds of knowledge are of the present day by design, and exempt: who a company is
(its latest ticker, its name, its renames), and what dexter makes of a document it had
(a reading, a person's decision). A bar has no other date than its day: a corrected one
replaces it at every moment.
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from dexter.domain.filing import Basis, Review
from dexter.domain.moment import IST, AsOf, bar_known_at
from dexter.domain.period import Quarter, Window
from dexter.domain.statement import Column, ColumnRole, Item
from dexter.store import tables as t
from dexter.store.bars import BARS
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.filings import StoreFilings
from dexter.store.keeping import Row, keep, keep_new
from dexter.store.news import StoreNews
from dexter.store.price_files import append_session, compact, merge_bars
from dexter.store.prices import ParquetPrices
from pipelines.ingest.intake import Intake
from pipelines.ingest.season import measure_seasons
from pipelines.ingest.settle import settle
from tests.store.conftest import bar, event, figure, ist
from tests.store.test_filings import cell, document, kept, statement

COMPANIES = ("KAVCEM", "SETUFIN")
QUARTERS = (Quarter(2025, 3), Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2))
ENDS = tuple(quarter.end for quarter in QUARTERS)
FIRST, LAST = ist("2025-05-01T09:00:00"), ist("2025-08-31T21:00:00")
DAYS = [date(2025, 7, 1) + timedelta(days=n) for n in range(45)]
EVER = Window(date(2024, 1, 1), date(2027, 1, 1), "ever")
OUTCOME = "Outcome of Board Meeting"


@dataclass(frozen=True)
class Later:
    """Something that becomes known at a moment, and how it is written down."""

    what: str
    known_at: datetime
    write: Callable[[Connection, Path], None]

    def __repr__(self) -> str:
        return f"{self.what} known at {self.known_at}"


def publication(name: str, symbol: str, at: datetime, end: date | None) -> Row:
    return {
        "base_name": name,
        "symbol": symbol,
        "published_at": at,
        "basis": "standalone",
        "source": "NSE",
        "period_end": end,
        "url": f"https://x.test/{at.isoformat()}",
        "subject": OUTCOME,
    }


def put(connection: Connection, table: str, *rows: Row) -> None:
    keep(connection, t.metadata.tables[table], list(rows))


def put_document(
    connection: Connection, sha: str, symbol: str, at: datetime | None, what: object
) -> None:
    """A document with one statement, and the list row that dates it."""
    row = {**document(sha, None, symbol), "own_symbol": symbol, "known_at": at}
    reading: Row = kept(sha, what)  # type: ignore[arg-type]  # a Statement
    if at is not None:
        row["known_at_reason"] = None
        put(connection, "publications", publication(f"{sha}.pdf", symbol, at, None))
    put(connection, "filings", row)
    put(connection, "statements", reading)


def reading(end: date, profit: str, basis: Basis, status: Review) -> object:
    items = {
        Item.REVENUE: cell("120.50"),
        Item.TOTAL_INCOME: cell("125.75"),
        Item.NET_PROFIT: cell(profit),
    }
    columns = {ColumnRole.CURRENT: Column(end, 3, items)}
    return statement(basis=basis, period_end=end, status=status, columns=columns)


def bars(symbol: str, day: date, close: float) -> dict[str, object]:
    return bar(symbol, day, close, delivered=7, isin=f"INE{symbol}")


def put_base(connection: Connection, home: Path) -> None:
    """A quarter's results of two companies, and what else is known by the way."""
    for number, symbol in enumerate(COMPANIES):
        for end, at in zip(ENDS, ("02-05", "05-20", "07-24"), strict=False):
            known = f"2025-{at}T1{number}:00:00"
            put(connection, "figures", figure(symbol, str(end), known, 100 + number))
        sha = f"a{number}"
        what = reading(ENDS[2], "12.10", Basis.STANDALONE, Review.ACCEPTED)
        put_document(connection, sha, symbol, ist("2025-07-24T17:00:00"), what)
        undated = reading(ENDS[3], "9.00", Basis.CONSOLIDATED, Review.ACCEPTED)
        put_document(connection, f"b{number}", symbol, None, undated)
        meeting = {
            "symbol": symbol,
            "meeting_date": date(2025, 7, 24),
            "known_at": ist("2025-07-10T18:00:00"),
            "purpose": "results",
            "source": "NSE",
        }
        put(connection, "board_meetings", meeting)
        put(connection, "news", headline(symbol, ist("2025-07-24T17:05:00"), "first"))
        split = {"symbol": symbol, "ex_date": DAYS[5], "kind": "split", "factor": "0.5"}
        put(connection, "actions", split)
    rows = [bars(s, day, 100 + n) for s in COMPANIES for n, day in enumerate(DAYS[:30])]
    merge_bars(connection, home, pa.Table.from_pylist(rows[:-1], BARS))
    closes = [
        {"name": "NIFTY_50", "session": day, "close": 100.0 + n, "source": "indices"}
        for n, day in enumerate(DAYS[:30])
    ]
    put(connection, "index_closes", *closes)


def headline(symbol: str, at: datetime, title: str) -> Row:
    return {
        "digest": f"{symbol}{at.timestamp()}{title}"[:32],
        "symbol": symbol,
        "published_at": at,
        "title": title,
        "text": "",
        "source": "NSE",
        "url": None,
    }


def settled(database: Database) -> None:
    intake = Intake(database, lambda _: None, None)
    intake.tally.touched.update(COMPANIES)
    settle(intake)
    measure_seasons(intake)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("as-of") / "home"
    database = Database.open(home)
    with database.write() as connection:
        put_base(connection, home)
    settled(database)
    database.close()
    return home


async def answers(database: Database, as_of: AsOf) -> Mapping[str, object]:
    """What every method of every port says at a moment."""
    filings, prices = StoreFilings(database), ParquetPrices(database)
    news, directory = StoreNews(database), StoreDirectory(database)
    found: dict[str, object] = {
        "reporters": await filings.reporters(EVER, as_of),
        "expected": await filings.expected(EVER, as_of),
        "latest quarter": await filings.latest_quarter(as_of),
        "index": await prices.index("NIFTY_50", as_of, 20),
    }
    for quarter in QUARTERS:
        found[f"season {quarter}"] = await filings.season(quarter, as_of)
    for day in (as_of.day - timedelta(days=1), as_of.day, as_of.day + timedelta(1)):
        found[f"session {day}"] = await prices.session(day, as_of)
    for symbol in COMPANIES:
        found[f"filings {symbol}"] = await filings.filings(symbol, as_of, 50)
        found[f"figures {symbol}"] = await filings.figures(symbol, as_of)
        found[f"news {symbol}"] = await news.headlines(symbol, EVER, as_of)
        found[f"history {symbol}"] = await prices.history(symbol, as_of, 20)
        found[f"coverage {symbol}"] = await directory.coverage(symbol, as_of)
        for quarter in QUARTERS:
            said = await filings.statements(symbol, quarter, as_of)
            found[f"statements {symbol} {quarter}"] = said
    return found


moments = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)).map(
    lambda m: m.replace(tzinfo=IST)
)
symbols = st.sampled_from(COMPANIES)
delays = st.timedeltas(timedelta(microseconds=1), timedelta(days=60))


@st.composite
def documents(draw: st.DrawFn, at: datetime) -> Later:
    symbol, end = draw(symbols), draw(st.sampled_from(ENDS))
    what = reading(
        end,
        draw(st.sampled_from(["12.10", "12.11", "1.21", "-5.00"])),
        draw(st.sampled_from(Basis)),
        draw(st.sampled_from([Review.ACCEPTED, Review.REVIEW])),
    )
    return Later(
        f"a document of {symbol} for {end}",
        at,
        lambda c, _: put_document(c, "cc", symbol, at, what),
    )


@st.composite
def publications(draw: st.DrawFn, at: datetime) -> Later:
    names = ["a0.pdf", "a1.pdf", "b0.pdf", "b1.pdf", "zz.pdf"]
    name, symbol = draw(st.sampled_from(names)), draw(symbols)
    end = draw(st.sampled_from([None, *ENDS]))
    row = publication(name, symbol, at, end)
    return Later(
        f"a list row of {name} by {symbol} for {end}",
        at,
        lambda c, _: put(c, "publications", row),
    )


@st.composite
def imported(draw: st.DrawFn, at: datetime) -> Later:
    symbol, end = draw(symbols), draw(st.sampled_from(ENDS))
    published = draw(st.sampled_from([at, None]))
    basis = draw(st.sampled_from(Basis)).value
    row = {
        **figure(symbol, str(end), "2025-01-01T00:00:00", draw(st.integers(-9, 999))),
        "known_at": at,
        "published_at": published,
        "basis": basis,
    }
    return Later(
        f"a {basis} row of {symbol} for {end}", at, lambda c, _: put(c, "figures", row)
    )


@st.composite
def meetings(draw: st.DrawFn, at: datetime) -> Later:
    symbol, day = draw(symbols), draw(st.sampled_from([date(2025, 7, 24), at.date()]))
    row = {
        "symbol": symbol,
        "meeting_date": day,
        "known_at": at,
        "purpose": "told again",
        "source": "BSE",
    }
    return Later(
        f"a meeting of {symbol} on {day}",
        at,
        lambda c, _: put(c, "board_meetings", row),
    )


@st.composite
def headlines(draw: st.DrawFn, at: datetime) -> Later:
    row = headline(draw(symbols), at, "later")
    return Later("a headline", at, lambda c, _: put(c, "news", row))


def _next_close(at: datetime) -> date:
    day = at.date()
    return day if bar_known_at(day) >= at else day + timedelta(days=1)


@st.composite
def sessions(draw: st.DrawFn, at: datetime) -> Later:
    day = _next_close(at)
    whole = draw(st.booleans())
    rows = [bars(s, day, 55) for s in (COMPANIES if whole else COMPANIES[:1])]

    def write(connection: Connection, home: Path) -> None:
        table = pa.Table.from_pylist(rows, BARS)
        append_session(connection, home, day, table)
        if whole:
            compact(connection, home)

    return Later(f"bars of {day}", bar_known_at(day), write)


@st.composite
def actions(draw: st.DrawFn, at: datetime) -> Later:
    day, symbol = _next_close(at), draw(symbols)
    row = {"symbol": symbol, "ex_date": day, "kind": "bonus", "factor": Decimal("0.2")}

    def write(connection: Connection, home: Path) -> None:
        put(connection, "actions", row)
        rows = [bars(symbol, day, 11)]
        append_session(connection, home, day, pa.Table.from_pylist(rows, BARS))

    return Later(f"a bonus of {symbol} on {day}", bar_known_at(day), write)


@st.composite
def index_closes(draw: st.DrawFn, at: datetime) -> Later:
    day = _next_close(at)
    row = {
        "name": "NIFTY_50",
        "session": day,
        "close": draw(st.floats(1, 9)),
        "source": "later",
    }
    write = lambda c, _: put(c, "index_closes", row)  # noqa: E731 - as the others
    return Later(f"a close of {day}", bar_known_at(day), write)


@st.composite
def settled_rows(draw: st.DrawFn, at: datetime) -> Later:
    """Rows of the derived tables, of companies that had none for the quarter."""
    symbol = draw(st.sampled_from(["NEWCO", *COMPANIES]))
    end = draw(st.sampled_from(ENDS))
    peer = {
        "symbol": symbol,
        "period_end": end,
        "family": "general",
        "published_at": at,
        "sue": 1.5,
        "revenue_growth": None,
        "profit_growth": None,
        "margin_change": None,
        "quality": None,
    }

    def write(connection: Connection, _: Path) -> None:
        new = {**event(symbol, str(end), "2025-01-01T00:00:00"), "published_at": at}
        keep_new(connection, t.events, [new])
        keep_new(connection, t.season_peers, [peer])

    return Later(f"an event of {symbol} for {end}", at, write)


RAW = (documents, imported, meetings, headlines, sessions, actions, index_closes)
# Not shown: an imported row may be outranked, a meeting have been told before.
SHOWN = tuple(kind for kind in RAW if kind not in {imported, meetings})
KINDS = (*RAW, publications, settled_rows)
cases = st.tuples(moments, delays, st.booleans(), st.booleans())


def unchanged(
    base: Path, later: Later, moment: AsOf, *, settling: bool
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """What is said at a moment before and after something later is written."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(base, home)
        database = Database.open(home)
        try:
            before = asyncio.run(answers(database, moment))
            with database.write() as connection:
                later.write(connection, home)
            if settling:
                settled(database)
            return before, asyncio.run(answers(database, moment))
        finally:
            database.close()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
@given(data=st.data(), case=cases)
@settings(max_examples=12, deadline=None)
def test_what_is_known_later_changes_no_earlier_answer(
    base: Path,
    kind: Callable[[datetime], st.SearchStrategy[Later]],
    data: st.DataObject,
    case: tuple[datetime, timedelta, bool, bool],
) -> None:
    moment, delay, explicit, settling = case
    later = data.draw(kind(moment + delay))
    assert later.known_at > moment
    # A list row dates a document nobody had dated: whoever asks about the past by its
    # date never saw it; who asks about the present did, when that was the present.
    explicit = explicit or kind is publications
    # Derived rows are made again from what they are derived of.
    settling = settling and kind is not settled_rows
    before, after = unchanged(
        base, later, AsOf(moment, explicit=explicit), settling=settling
    )
    assert after == before


def test_the_home_has_answers_to_change(base: Path) -> None:
    """The property would hold of a home that never says anything."""
    database = Database.open(base)
    late = asyncio.run(answers(database, AsOf(LAST, explicit=False)))
    database.close()
    silent = {name for name, said in late.items() if said in (None, ())}
    assert silent == {
        *(f"session {LAST.date() + timedelta(days=n)}" for n in (-1, 0, 1)),
        f"season {QUARTERS[3]}",
        *(f"statements {s} {q}" for s in COMPANIES for q in QUARTERS[:2]),
    }
    assert len({f.basis for f in late["figures KAVCEM"]}) == 2  # type: ignore[attr-defined]  # figures


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: str(kind.__name__))
@given(data=st.data())
@settings(max_examples=3, deadline=None)
def test_what_is_known_is_seen_from_then_on(
    base: Path,
    kind: Callable[[datetime], st.SearchStrategy[Later]],
    data: st.DataObject,
) -> None:
    """So the property above can fail: each of these rows shows once it is known."""
    later = data.draw(kind(ist("2025-08-20T11:00:00")))
    moment = AsOf(datetime.combine(later.known_at, time(23, 59), IST), explicit=True)
    before, after = unchanged(base, later, moment, settling=False)
    assert after != before


def test_an_event_to_come_does_not_date_an_undated_document(base: Path) -> None:
    moment = AsOf(ist("2025-08-10T12:00:00"), explicit=False)
    coming = event("KAVCEM", str(ENDS[3]), "2025-08-10T12:00:01")
    later = Later(
        "an event", ist("2025-08-10T12:00:01"), lambda c, _: put(c, "events", coming)
    )
    before, after = unchanged(base, later, moment, settling=False)
    assert after == before
