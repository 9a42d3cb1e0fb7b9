"""News feeds (RSS, Atom) as dated stories of plain text.

The bytes are fetched by a host and only then shown to feedparser, which never fetches
anything. A story without a time cannot be placed before or after a decision, so it is
dropped, and counted.
"""

import asyncio
import calendar
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate

import feedparser
from bs4 import BeautifulSoup

from dexter.domain.moment import IST
from dexter.errors import SourceShapeError
from dexter.sources.config import Feed
from dexter.sources.host import Host
from dexter.sources.text import shown, storable
from dexter.sources.wire import Kind

MOST_BYTES = 2_000_000
MOST_STORIES = 2000
MOST_TITLE = 500
MOST_TEXT = 10_000
MOST_MARKUP = 100_000
MOST_TAGS = 40_000
MOST_REFERENCES = 200_000
_ENTITY = re.compile(rb"<\s*!\s*entity", re.IGNORECASE)
_IN_IST = re.compile(r"\bIST\s*\Z")


@dataclass(frozen=True, slots=True)
class Story:
    """One story. ``text`` is plain and bounded; ``published_at`` is Indian time."""

    source: str
    published_at: datetime
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What a feed held: its stories, oldest first, and how many had no time or name."""

    stories: tuple[Story, ...]
    dropped: int


class News:
    """The configured feeds.

    Args:
        hosts: By the keys that the feeds name.
        feeds: In the order they are read.
    """

    def __init__(self, hosts: Mapping[str, Host], feeds: tuple[Feed, ...]) -> None:
        self._hosts = hosts
        self.feeds = feeds

    async def edition(self, feed: Feed) -> Edition:
        """What a feed holds now.

        Raises:
            SourceShapeError: It is no feed any more.
            SourceError: As ``Host.fetch``.
        """
        host = self._hosts[feed.host]
        answer = await host.fetch(feed.url, kind=Kind.XML, cache=True)
        return await asyncio.to_thread(read_feed, feed.name, answer.body)


def read_feed(source: str, content: bytes) -> Edition:
    """Stories of a feed's bytes.

    Entities declared by the document are refused: no feed needs them, and they are how
    a small one swallows memory.

    Raises:
        SourceShapeError: Too large, with entities of its own, or no feed.
    """
    large = len(content) > MOST_BYTES or content.count(b"<") > MOST_TAGS
    if large or content.count(b"&") > MOST_REFERENCES:
        raise SourceShapeError(source, "feed", "it is larger than any feed")
    if _ENTITY.search(content.replace(b"\0", b"")):
        raise SourceShapeError(source, "feed", "it declares entities")
    parsed = _parsed(source, content)
    entries = parsed.get("entries") or []
    if not entries and not parsed.get("version"):
        why = f"it is no feed, and begins {shown(content[:40])}"
        raise SourceShapeError(source, "feed", why)
    stories = [_story(source, entry) for entry in entries[:MOST_STORIES]]
    told = sorted((s for s in stories if s), key=lambda story: story.published_at)
    return Edition(tuple(told), len(entries) - len(told))


def _parsed(source: str, content: bytes) -> Mapping[str, list[Mapping[str, object]]]:
    try:
        found = feedparser.parse(
            content, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # noqa: BLE001 - its loose parser stumbles anyhow
        why = f"it cannot be read ({type(error).__name__})"
        raise SourceShapeError(source, "feed", why) from None
    return found  # type: ignore[no-any-return]  # the package has no annotations


def _story(source: str, entry: Mapping[str, object]) -> Story | None:
    title = plain(str(entry.get("title") or ""), MOST_TITLE)
    at = _published(entry)
    if at is None or not title:
        return None
    text = plain(str(entry.get("summary") or ""), MOST_TEXT)
    url = str(entry.get("link") or "")
    if not url.startswith(("http://", "https://")) or len(url) > MOST_TITLE * 4:
        url = ""
    return Story(source, at, title, text, storable(url))


def _published(entry: Mapping[str, object]) -> datetime | None:
    """When a story came out.

    A zone called IST is India's here, which the parser does not know. A time without
    any zone is taken for UTC, the later reading, so that nothing is known too early.
    """
    said_of = dict(entry.items())  # the parser's own dictionary warns of what it lacks
    name = "published" if "published" in said_of else "updated"
    said = str(said_of.get(name) or "")
    parsed = said_of.get(f"{name}_parsed")
    if not isinstance(parsed, time.struct_time):
        parsed = parsedate(said)
    try:
        at = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
        if at and _IN_IST.search(said):
            at -= timedelta(hours=5, minutes=30)
        return at.astimezone(IST) if at else None
    except (ValueError, OverflowError, OSError):
        return None


def plain(markup: str, most: int) -> str:
    """HTML as text on one line, at most so many characters.

    Scripts and styles are left out. Markup beyond a bound is not looked at.
    """
    # Within an element, it is never taken for a file's name, or for XML.
    soup = BeautifulSoup(f"<div>{markup[:MOST_MARKUP]}", "html.parser")
    for hidden in soup(("script", "style", "template")):
        hidden.decompose()
    text = storable(" ".join(soup.get_text(" ").split()))
    return text if len(text) <= most else text[: most - 1] + "…"
