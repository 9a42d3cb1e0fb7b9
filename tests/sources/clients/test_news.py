"""Feeds of hostile and honest bytes to dated plain text."""

from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dexter.domain.moment import IST
from dexter.errors import SourceError, SourceShapeError
from dexter.sources.news import MOST_TEXT, MOST_TITLE, News, Story, plain, read_feed
from tests.sources.clients.fake_host import CONFIG, FakeHost, host

RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>
<title>Markets</title>
<item><title>Tamra &amp; Loha merge</title><link>https://news.example/2</link>
<description><![CDATA[<p>Shares <b>rose</b>.<script>alert(1)</script></p>]]>
</description><pubDate>{second}</pubDate></item>
<item><title>Tamra reports</title><link>javascript:alert(1)</link>
<description>Plain</description><pubDate>{first}</pubDate></item>
<item><title>Undated</title><description>Lost</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><entry>
<title>Tamra</title><link href="https://news.example/a"/><summary>S</summary>
<updated>2026-05-04T10:00:00Z</updated></entry></feed>"""
BAD = b"Tue, 05 May 2026 10:00:00 +0530"


def rss(
    first: str = "Mon, 04 May 2026 10:00:00 +0530",
    second: str = "Mon, 04 May 2026 11:00:00 +0530",
) -> bytes:
    return RSS.format(first=first, second=second).encode()


def test_stories_are_dated_plain_and_oldest_first() -> None:
    edition = read_feed("Paper", rss())
    assert edition.stories == (
        Story("Paper", at(10), "Tamra reports", "Plain", ""),
        Story(
            *("Paper", at(11), "Tamra & Loha merge"),
            *("Shares rose .", "https://news.example/2"),
        ),
    )
    assert edition.dropped == 1


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, 4, hour, minute, tzinfo=IST)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("Mon, 04 May 2026 10:00:00 +0530", at(10)),
        ("Mon, 04 May 2026 04:30:00 GMT", at(10)),
        ("Mon, 04 May 2026 10:00:00 IST", at(10)),
        ("2026-05-04T10:00:00+05:30", at(10)),
        ("Mon, 04 May 2026 10:00:00", at(15, 30)),
    ],
)
def test_no_story_is_known_too_early(said: str, moment: datetime) -> None:
    assert read_feed("Paper", rss(first=said)).stories[-1].published_at == max(
        moment, at(11)
    )
    assert moment in {s.published_at for s in read_feed("P", rss(first=said)).stories}


def test_atom_is_read_too() -> None:
    (story,) = read_feed("Paper", ATOM.encode()).stories
    assert (story.published_at, story.url) == (at(15, 30), "https://news.example/a")


def test_a_feed_may_be_without_stories() -> None:
    body = b'<rss version="2.0"><channel><title>N</title></channel></rss>'
    assert read_feed("Paper", body).stories == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><body>Access Denied</body></html>",
        b'<!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>',
        '<!DOCTYPE rss [<!ENTITY a "b">]><rss>&a;</rss>'.encode("utf-16"),
        b"<rss>" + b"<a>" * 100_000,
        b"<rss>" + b"&" * 1_000_000,
        b"<rss>" + b" " * 3_000_000,
        b'<rss a="' + b"x" * 1_900_000,
    ],
)
def test_what_is_no_feed_is_refused(content: bytes) -> None:
    with pytest.raises(SourceShapeError):
        read_feed("Paper", content)


def test_an_outside_entity_is_not_fetched() -> None:
    body = rss().replace(
        b"<rss", b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss', 1
    )
    assert len(read_feed("Paper", body).stories) == 2


def test_texts_are_bounded() -> None:
    long = "<p>" + "word " * 9000
    assert len(plain(long, MOST_TEXT)) == MOST_TEXT
    body = rss().replace(b"Tamra reports", b"T" * 9000)
    assert len(read_feed("Paper", body).stories[0].title) == MOST_TITLE


@given(st.text(max_size=300))
@example("<![CDATA[")
@example("<!DOCTYPE" + "<" * 50)
@settings(max_examples=100, deadline=None)
def test_any_markup_becomes_text(markup: str) -> None:
    text = plain(markup, 100)
    assert len(text) <= 100
    text.encode()


@given(
    begin=st.integers(0, len(rss())),
    length=st.integers(0, 60),
    noise=st.binary(max_size=40),
)
@settings(max_examples=150, deadline=None)
def test_any_damage_is_stories_or_our_error(
    begin: int, length: int, noise: bytes
) -> None:
    body = rss()
    try:
        edition = read_feed("Paper", body[:begin] + noise + body[begin + length :])
    except SourceError:
        return
    for story in edition.stories:
        f"{story.title}{story.text}{story.url}".encode()


async def test_a_feed_is_asked_of_its_own_host() -> None:
    feed = CONFIG.feeds[0]
    fake = FakeHost(feed.host, {feed.url: rss()})
    edition = await News({feed.host: host(fake)}, (feed,)).edition(feed)
    assert {story.source for story in edition.stories} == {feed.name}
