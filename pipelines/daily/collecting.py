"""What the day's filings are made of: asked for, fetched, read, the heaviest first."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from dexter.domain.moment import IST, midnight
from dexter.ports import Compute
from dexter.sources.opened import Sources
from dexter.store import tables as t
from dexter.store.collected import State
from dexter.store.database import Database
from dexter.store.wanted import Want
from pipelines.daily.liquidity import Weight
from pipelines.daily.names import Names
from pipelines.ingest.documents import import_documents
from pipelines.ingest.finish import finish
from pipelines.ingest.intake import Intake, SourceFile
from pipelines.ingest.reading import Read
from pipelines.ingest.report import OnProgress
from pipelines.sync.documents import note_unread, to_read
from pipelines.sync.planning import Wishes
from pipelines.sync.report import SyncReport
from pipelines.sync.sync import Means, sync

FILINGS = frozenset({"calendar", "announcements", "results", "documents"})
"""What is asked for again and again while a day is watched."""
AT_ONCE = 24
"""Documents read before what they say is researched: the first wait for no more."""


@dataclass(frozen=True, slots=True)
class World:
    """The sources outside, and what reads their documents.

    Args:
        sources: Null when none is to be asked.
        read: The reader of documents, picklable.
        compute: Where documents are read.
        present: The clock.
        on_progress: Told each stage and its counts.
    """

    sources: Sources | None
    read: Read
    compute: Compute
    present: Callable[[], datetime]
    on_progress: OnProgress


async def collect(
    database: Database, world: World, first: date, last: date, *, whole: bool
) -> Mapping[str, str]:
    """Ask the sources for what is missing of some days; documents are only fetched.

    Args:
        database: The home's.
        world: The sources.
        first: First day asked about.
        last: Last day.
        whole: Prices and lists, too; else only what filings are made of.

    Returns:
        How each kind of data stands: ``fine``, or what is missing and why.
    """
    if world.sources is None:
        return {}
    means = Means(world.read, world.compute, world.present, world.on_progress)
    wishes = Wishes(
        first, last, only=frozenset() if whole else FILINGS, read_documents=False
    )
    report = await sync(database, world.sources, wishes, means)
    return states_of(report)


def states_of(report: SyncReport) -> dict[str, str]:
    """Datasets in trouble, and lanes left in peace; ``all: fine`` where none is."""
    found: dict[str, str] = {}
    more: Counter[str] = Counter()
    for trouble in report.troubles:
        name = trouble.piece.dataset
        if trouble.state is State.NOT_YET_PUBLISHED:
            continue  # a document that is not there yet is a filing of its own
        more[name] += name in found
        found.setdefault(name, f"{trouble.state.value}: {trouble.sentence}")
    for name, count in more.items():
        found[name] += f" (and {count} more like it)" if count else ""
    for lane, left in report.stopped.items():
        if left:
            found[lane] = f"left in peace with {left} pieces to go"
    if report.overdue:
        found["files of past sessions"] = f"{report.overdue} are not there yet"
    return found or {"all": "fine"}


def queue(
    database: Database, world: World, weight: Weight, since: date
) -> Sequence[SourceFile]:
    """What is to be read, by the weight of whose it is; scans take a minute each.

    Documents that another reader read before are read again only if they were
    published since a day: the others are left to ``dexter data sync``.
    """
    intake = Intake(database, world.on_progress, world.present())
    files = to_read(intake)
    owners, moments, read = _known(database)
    begins = midnight(since)
    late = datetime.max.replace(tzinfo=IST)
    wanted = [
        file
        for file in files
        if file.sha256 not in read or moments.get(file.sha256, begins) >= begins
    ]
    return sorted(
        wanted,
        key=lambda file: (
            weight(owners.get(file.sha256, "")),
            moments.get(file.sha256, late),
        ),
    )


def oldest_unread(database: Database) -> datetime | None:
    """The earliest publication among documents to be read; null where none tells."""
    w = t.wanted.c
    query = sa.select(sa.func.min(w.known_at, type_=w.known_at.type)).where(
        w.state == Want.KEPT.value,
        w.reason.is_(None),
        w.sha256.not_in(sa.select(t.filings.c.sha256)),
    )
    with database.read() as connection:
        moment: datetime | None = connection.scalar(query)
    return moment


def read_some(database: Database, world: World, files: Sequence[SourceFile]) -> int:
    """Read documents, keep what they say, and settle times and keys; how many."""
    intake = Intake(database, world.on_progress, world.present())
    to_read(intake)  # notes the names documents came by
    import_documents(intake, files, world.read, world.compute)
    note_unread(intake, files)
    finish(intake, changed=True)
    return len(files)


def chunks(files: Sequence[SourceFile]) -> Iterator[Sequence[SourceFile]]:
    """The queue in pieces."""
    for start in range(0, len(files), AT_ONCE):
        yield files[start : start + AT_ONCE]


def _known(
    database: Database,
) -> tuple[Mapping[str, str], Mapping[str, datetime], frozenset[str]]:
    """Of documents: whose, published when, and which of them were read."""
    w = t.wanted.c
    query = sa.select(w.sha256, w.symbol, w.known_at).where(w.sha256.is_not(None))
    owners: dict[str, str] = {}
    moments: dict[str, datetime] = {}
    with database.read() as connection:
        names = Names.of(connection)
        read = frozenset(connection.scalars(sa.select(t.filings.c.sha256)))
        for sha256, symbol, at in connection.execute(query):
            owners.setdefault(sha256, names(symbol))
            if at is not None:
                moments[sha256] = min(at, moments.get(sha256, at))
    return owners, moments, read
