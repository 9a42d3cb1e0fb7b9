"""News feeds into the store: each story under the companies its headline names."""

from collections.abc import Iterator

from dexter.domain.company import CompanyMatch
from dexter.errors import SourceError
from dexter.features.stories import SOCIAL
from dexter.sources.config import Feed
from dexter.sources.news import Edition
from dexter.sources.opened import Sources
from dexter.store import tables as t
from dexter.store.collected import State, Unit, tried
from dexter.store.directory import StoreDirectory
from dexter.store.keeping import Row, keep_new
from dexter.store.market_days import SOCIAL_NOTE
from pipelines.ingest.intake import Intake
from pipelines.ingest.market_lists import Said, headline
from pipelines.ingest.report import Progress
from pipelines.sync.lanes import Present
from pipelines.sync.report import SyncTally, Trouble

_NEWS = "news"
_SOCIAL = "social"
_LONGEST_SOURCE = 64
# Below, a likeness of letters: not enough to put words into a company's mouth.
_SURE = 94


async def keep_stories(
    sources: Sources, intake: Intake, present: Present, tally: SyncTally
) -> None:
    """Read every feed once; one that fails costs only itself."""
    directory = StoreDirectory(intake.database)
    for done, feed in enumerate(sources.news.feeds):
        intake.on_progress(Progress(_NEWS, done, len(sources.news.feeds)))
        unit = Unit(feed.name, _NEWS, "latest")
        try:
            edition = await sources.news.edition(feed)
        except SourceError as error:
            state = State(error.state)
            tally.troubles.append(Trouble(unit, state, error.sentence))
            with intake.database.write() as connection:
                tried(connection, unit, state, present(), reason=error.sentence)
            continue
        rows = await _rows(directory, edition, _source(feed))
        with intake.database.write() as connection:
            keep_new(connection, t.news, rows)
            if rows and feed.kind == _SOCIAL:
                since = {"name": SOCIAL_NOTE, "value": present().isoformat()}
                keep_new(connection, t.meta, [since])
            tried(connection, unit, State.DONE, present(), rows=len(edition.stories))
        tally.units[State.DONE.value] += 1
        tally.rows[_NEWS] += len(rows)


def _source(feed: Feed) -> str:
    """What the stories of a feed are kept under; it tells those of social ones."""
    name = f"{SOCIAL}{feed.name}" if feed.kind == _SOCIAL else feed.name
    return name[:_LONGEST_SOURCE]


async def _rows(directory: StoreDirectory, edition: Edition, source: str) -> list[Row]:
    return [
        headline(
            match.company.symbol,
            story.published_at,
            Said(story.title, story.text, source, story.url),
        )
        for story in edition.stories
        for match in _named(await directory.mentions(story.title))
    ]


def _named(
    mentions: tuple[tuple[CompanyMatch, ...], ...],
) -> Iterator[CompanyMatch]:
    """Companies a headline names for certain: one company to a mention."""
    for matches in mentions:
        if len(matches) == 1 and matches[0].score >= _SURE:
            yield matches[0]
