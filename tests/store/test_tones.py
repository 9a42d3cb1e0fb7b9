"""Tones as kept: of words, first reading first, known from when they were read."""

from datetime import date

from dexter.domain.filing import Headline, Tone
from dexter.domain.moment import AsOf
from dexter.domain.period import Window
from dexter.store.database import Database
from dexter.store.keeping import Row
from dexter.store.news import StoreNews
from dexter.store.tones import keep_tones, unread
from tests.store.conftest import Keep, at, ist

DAY = Window(date(2025, 7, 24), date(2025, 7, 25), "then")
READ = ist("2025-07-24T18:00:00")


def story(number: int, title: str, published: str, text: str = "") -> Row:
    return {
        "digest": str(number),
        "symbol": "KAVCEM",
        "published_at": ist(published),
        "title": title,
        "text": text,
        "source": "NSE",
        "url": None,
    }


ROWS = (
    story(1, "Order won", "2025-07-24T10:00:00"),
    story(2, "Bonus", "2025-07-24T12:00:00", "one for one"),
    story(3, "Order won", "2025-07-25T09:00:00"),
)


def digest(title: str, text: str = "") -> str:
    return Headline("ANY", READ, title, text, "any").said_digest


async def toned(
    database: Database, as_of: AsOf, *, hindsight: bool = False
) -> list[float | None]:
    news = StoreNews(database, hindsight=hindsight)
    found = await news.headlines("KAVCEM", DAY, as_of)
    return [one.model_tone for one in found]


def test_words_are_told_apart_by_all_they_say() -> None:
    assert digest("Bonus") != digest("Bonus", "one for one") != digest("Bonus", "two")
    assert len(digest("Bonus")) == 32


async def test_a_tone_is_seen_from_when_it_was_read(
    database: Database, put: Keep
) -> None:
    put("news", *ROWS)
    keep_tones(database, "anthropic:one", {digest("Order won"): 0.5}, READ)
    assert await toned(database, at("2025-07-24T17:59:59")) == [None, None]
    assert await toned(database, at("2025-07-24T18:00:00")) == [0.5, None]
    # The same words on another day: they are read already.
    assert await toned(database, at("2025-07-25T10:00:00")) == [0.5, None, 0.5]
    early = at("2025-07-24T11:00:00")
    assert await toned(database, early, hindsight=True) == [0.5]


async def test_of_two_readings_the_first_stands(database: Database, put: Keep) -> None:
    put("news", *ROWS)
    later = ist("2025-07-24T19:00:00")
    keep_tones(database, "anthropic:two", {digest("Order won"): -0.5}, later)
    keep_tones(database, "anthropic:one", {digest("Order won"): 0.5}, READ)
    end = at("2025-07-24T23:00:00")
    assert await toned(database, end) == [0.5, None]
    assert StoreNews(database).tones(end) == {digest("Order won"): Tone(0.5, READ)}
    blind = StoreNews(database, hindsight=True).tones(at("2025-07-01T00:00:00"))
    assert blind == {digest("Order won"): Tone(0.5, None)}


def test_a_reading_once_kept_stays(database: Database) -> None:
    for tone in (0.5, -0.5):
        keep_tones(database, "anthropic:one", {digest("Bonus"): tone}, READ)
    (kept,) = StoreNews(database).tones(at("2026-01-01T00:00:00")).values()
    assert kept.value == 0.5


def test_what_waits_is_newest_first_and_the_same_words_once(
    database: Database, put: Keep
) -> None:
    put("news", *ROWS)
    assert [one.title for one in unread(database)] == ["Order won", "Bonus"]
    assert [one.published_at.day for one in unread(database, 1)] == [25]
    keep_tones(database, "anthropic:one", {digest("Order won"): 0.5}, READ)
    assert [one.text for one in unread(database)] == ["one for one"]
    keep_tones(database, "openai:x", {digest("Bonus", "one for one"): 0}, READ)
    assert unread(database) == ()


async def test_many_headlines_find_their_tones(database: Database, put: Keep) -> None:
    rows = [story(n, f"Title {n}", "2025-07-24T10:00:00") for n in range(1_300)]
    put("news", *rows)
    told = {digest(f"Title {n}"): n / 1_300 for n in range(1_300)}
    keep_tones(database, "anthropic:one", told, READ)
    found = await toned(database, at("2025-07-24T20:00:00"))
    assert sorted(one for one in found if one is not None) == sorted(told.values())
