"""``dexter data sync``: ask, keep, put together, fetch, read, settle. Resumable.

Each piece is one transaction with the note that it came, so a sync cut anywhere loses
at most the request in flight, and the next one asks only for what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import sqlalchemy as sa

from dexter.errors import UnknownCompanyError
from dexter.ports import Compute
from dexter.sources.opened import Sources
from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.directory import StoreDirectory
from dexter.store.keeping import load_renames
from dexter.store.wanted import still_wanted
from pipelines.ingest.documents import import_documents
from pipelines.ingest.finish import finish
from pipelines.ingest.intake import BSE, Intake
from pipelines.ingest.reading import Read
from pipelines.ingest.report import OnProgress, silent
from pipelines.sync.assembly import assemble
from pipelines.sync.crosscheck import cross_check
from pipelines.sync.datasets import (
    CROSS_CHECK,
    DOCUMENTS,
    NEWS,
    REFERENCE,
)
from pipelines.sync.documents import Fetcher, note_unread, to_read
from pipelines.sync.lanes import Collector, Present
from pipelines.sync.planning import Wishes, chosen_of, keys_of, planned, scope_of
from pipelines.sync.report import SyncReport, SyncTally
from pipelines.sync.stories import keep_stories

_NEAREST = 3


@dataclass(frozen=True, slots=True)
class Means:
    """What a sync works with: the reader of documents, where it runs, the clock."""

    read: Read
    compute: Compute
    present: Present
    on_progress: OnProgress = silent


async def sync(
    database: Database, sources: Sources, wishes: Wishes, means: Means
) -> SyncReport:
    """Collect what is asked for and not settled yet.

    Raises:
        StoreError: the home cannot be written.
        SyncRangeError: days of which no calendar knows the sessions.
    """
    began = perf_counter()
    intake = Intake(database, means.on_progress, means.present())
    tally = SyncTally()
    collector = Collector(sources, intake, means.present, tally)
    chosen = chosen_of(wishes.only)
    scope = scope_of(database, wishes, means.present())
    reference = [one for one in chosen if one.name in REFERENCE]
    await collector.collect(planned(database, reference, scope))
    # The lists of holidays and companies tell of further sessions and scrip codes.
    await _known(database, wishes.companies)
    scope = scope_of(database, wishes, means.present())
    collector.sessions = frozenset(scope.sessions)
    others = [one for one in chosen if one.name not in REFERENCE]
    await collector.collect(planned(database, others, scope))
    sessions = assemble(intake, means.present, tally)
    left = 0
    if not wishes.only or DOCUMENTS in wishes.only:
        left = await _documents(intake, sources, means, tally, keys_of(scope))
        if wishes.read_documents:
            _read(intake, means)
    changed = tally.rows.total() + intake.tally.files["imported"]
    finish(intake, changed=bool(changed))
    if not wishes.only or NEWS in wishes.only:
        await keep_stories(sources, intake, means.present, tally)
    compared = 0
    if CROSS_CHECK in wishes.only:
        compared = await cross_check(sources, database, scope, tally)
    return SyncReport(
        first=wishes.first,
        last=wishes.last,
        units=dict(tally.units),
        rows=dict(tally.rows),
        documents=dict(tally.documents),
        sessions=sessions,
        compared=compared,
        troubles=tuple(tally.troubles),
        stopped={lane: count for lane, count in tally.stopped.items() if count},
        overdue=tally.overdue,
        remarks=tuple(tally.remarks),
        faults=tuple(intake.tally.faults),
        complete=not (tally.troubles or tally.stopped.total() or tally.overdue or left),
        seconds=round(perf_counter() - began, 3),
    )


async def _known(database: Database, companies: Sequence[str]) -> None:
    """Refuse a ticker nobody has, as far as anybody's is known.

    Raises:
        UnknownCompanyError: with the nearest that there are.
    """
    n = t.names.c
    with database.read() as connection:
        tickers = set(connection.scalars(sa.select(n.symbol).distinct()))
        tickers |= set(load_renames(connection))
    directory = StoreDirectory(database)
    for symbol in companies:
        if tickers and symbol not in tickers and not symbol.startswith(BSE):
            near = await directory.find(symbol, _NEAREST)
            raise UnknownCompanyError(symbol, [one.company.symbol for one in near])


async def _documents(
    intake: Intake,
    sources: Sources,
    means: Means,
    tally: SyncTally,
    only: frozenset[str],
) -> int:
    """Fetch what the lists named; how many documents are still to come."""
    await Fetcher(sources, intake, means.present, tally).fetch(only)
    with intake.database.read() as connection:
        waiting = still_wanted(connection)
    return sum(not only or one.symbol in only for one in waiting)


def _read(intake: Intake, means: Means) -> None:
    files = to_read(intake)
    if files:
        import_documents(intake, files, means.read, means.compute)
        note_unread(intake, files)
