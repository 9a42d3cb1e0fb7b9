"""Documents that go astray do so as announced, and nothing else changes."""

from datetime import date, timedelta

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types

from tests.fake_exchange import World
from tests.fake_exchange.desk import Desk
from tests.fake_exchange.notices import Notice
from tests.fake_exchange.papers import content
from tests.fake_exchange.strays import LATE, MANNERS
from tests.fake_exchange.wire import Reply, Request
from tests.fake_exchange.world import BSE

FIRST, LAST = date(2026, 5, 5), date(2026, 5, 6)
WORLD = World(3, date(2026, 5, 4), 5, 60, 40, 2, strays_per_day=4, season=(FIRST, LAST))


def _announced(manner: str) -> Notice:
    """One of them, as BSE has it."""
    told = (notice for _, notice in WORLD.at(LAST).everything(BSE))
    return next(n for n in told if n.paper and n.paper.manner == manner)


def _answer(notice: Notice, after: timedelta = timedelta(0)) -> Reply:
    WORLD.now = notice.seen_at + after
    live = "AttachLive" if WORLD.is_live(notice.seen_at) else "AttachHis"
    name = notice.attachment.rsplit("\\", 1)[-1]
    head = f"GET /xml-data/corpfiling/{live}/{name} HTTP/1.1\r\nUser-Agent: {_AGENT}"
    return Desk(WORLD).answer(Request.parse(head.encode()))


_AGENT = "Mozilla/5.0 (X11; Linux x86_64)"


def test_every_manner_occurs_and_only_within_the_season() -> None:
    assert [one.paper.manner for one in WORLD.strays if one.paper] == list(MANNERS)
    days = {one.times[0].date() for one in WORLD.strays}
    days |= {one.on for one in WORLD.results}
    assert days == {FIRST, LAST}
    reporting = {one.company.number for one in WORLD.results}
    assert not reporting & {one.company.number for one in WORLD.strays}


def test_a_late_one_is_missing_for_two_days_and_a_gone_one_for_ever() -> None:
    late, gone = _announced("late"), _announced("gone")
    assert _answer(late, LATE - timedelta(seconds=1)).status == 404
    assert _answer(late, LATE).status == 200
    assert _answer(gone, timedelta(days=300)).status == 404


def test_something_else_comes_in_place_of_a_statement() -> None:
    assert b"<html>" in _answer(_announced("page")).body
    assert not _answer(_announced("cut")).body.rstrip().endswith(b"%%EOF")
    paper = next(t.paper for t in WORLD.strays if t.paper and t.paper.manner == "scan")
    scan = pdfium.PdfDocument(content(paper))
    assert [page.get_textpage().get_text_range() for page in scan] == [""] * len(scan)
    scan.close()


def test_a_market_without_strays_is_what_it_was() -> None:
    plain = World(3, date(2026, 5, 4), 5, 60, 40, 2, season=(FIRST, LAST))
    assert plain.strays == ()
    assert plain.results == WORLD.results
    paper = plain.results[0].paper()
    assert content(paper).rstrip().endswith(b"%%EOF")
