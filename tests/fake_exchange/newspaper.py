"""Two feeds of invented news, each item with a page of its own."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from dexter.domain.moment import IST
from tests.fake_exchange.chance import chance
from tests.fake_exchange.truth import TrueStory

if TYPE_CHECKING:
    from tests.fake_exchange.world import World

RSS, ATOM = "/rss/markets.xml", "/atom/companies.xml"
_PER_DAY = 6
_HEADLINES = (
    "{name} shares in focus ahead of results",
    "{name} wins order, stock gains",
    "Brokerage cuts target on {name} & peers",
)


def stories(world: "World") -> Iterator[TrueStory]:
    """What both feeds have carried by now, oldest first within a day."""
    for day in world.days.days:
        draw = chance(world.seed, "news", day)
        start = datetime.combine(day, time(8), IST)
        for number in range(_PER_DAY):
            company = draw.choice(world.companies)
            title = draw.choice(_HEADLINES).format(name=company.name)
            at = start + timedelta(minutes=draw.randrange(900))
            feed = RSS if number % 2 else ATOM
            if at <= world.now:
                url = f"/news/{day:%Y%m%d}-{number}.html"
                yield TrueStory(feed, title, at, url)


def feed(world: "World", path: str, base: str) -> str:
    """One feed as RSS 2.0 or Atom, newest first."""
    mine = [story for story in stories(world) if story.feed == path]
    mine.sort(key=lambda story: story.published_at, reverse=True)
    if path == RSS:
        items = "".join(_item(story, base) for story in mine)
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
            f"<title>Markets</title><link>{base}</link><description>Markets"
            f"</description>{items}</channel></rss>"
        )
    entries = "".join(_entry(story, base) for story in mine)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Companies</title>'
        f"<id>{base}{ATOM}</id><updated>{world.now.isoformat()}</updated>"
        f"{entries}</feed>"
    )


def page(world: "World", path: str) -> str | None:
    """A story's own page, with markup around the text."""
    for story in stories(world):
        if story.url == path:
            return (
                "<!DOCTYPE html><html><head><title>News</title><script>var a = 1;"
                f"</script></head><body><nav>Home</nav><article><h1>"
                f"{escape(story.title)}</h1><p>Body of the story.</p></article>"
                "</body></html>"
            )
    return None


def _item(story: TrueStory, base: str) -> str:
    return (
        f"<item><title>{escape(story.title)}</title><link>{base}{story.url}</link>"
        f"<guid>{base}{story.url}</guid>"
        f"<pubDate>{format_datetime(story.published_at)}</pubDate>"
        "<description>&lt;p&gt;Body of the &lt;b&gt;story&lt;/b&gt;.&lt;/p&gt;"
        "</description></item>"
    )


def _entry(story: TrueStory, base: str) -> str:
    when = story.published_at.isoformat()
    return (
        f"<entry><title>{escape(story.title)}</title><id>{base}{story.url}</id>"
        f'<link href="{base}{story.url}"/><published>{when}</published>'
        f"<updated>{when}</updated>"
        '<summary type="html">&lt;p&gt;Body of the story.&lt;/p&gt;</summary></entry>'
    )
