"""Lanes: the pieces of one source after each other, the sources beside each other.

A refusal ends its lane and no other: what was not asked for is asked for next time.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from dexter.errors import NotYetPublishedError, SourceBlockedError, SourceError
from dexter.sources.opened import Sources
from dexter.sources.payload import Payload, UnreadPayloadError
from dexter.store import collected
from dexter.store.collected import State
from dexter.store.documents import Documents
from dexter.store.payloads import keep_payload, kept_payloads
from pipelines.ingest.intake import Intake
from pipelines.ingest.report import Progress
from pipelines.sync.datasets import Dataset
from pipelines.sync.keeping import Arrival, keep_answer, keep_bytes
from pipelines.sync.report import SyncTally, Trouble
from pipelines.sync.units import Unit

Present = Callable[[], datetime]
Piece = tuple[Dataset, Unit]
MOST_FAILURES = 3
"""Failures in a row after which a source that does not answer is left for next time."""


@dataclass(slots=True)
class Collector:
    """A sync under way: where things come from, where they go, what was counted."""

    sources: Sources
    intake: Intake
    present: Present
    tally: SyncTally

    async def collect(self, pieces: Sequence[Piece]) -> None:
        """Ask for every piece, in the order given within each lane."""
        lanes: dict[str, list[Piece]] = {}
        for dataset, unit in pieces:
            lanes.setdefault(dataset.lane, []).append((dataset, unit))
        async with asyncio.TaskGroup() as group:
            for name, mine in lanes.items():
                group.create_task(self._lane(name, mine))

    async def _lane(self, name: str, pieces: Sequence[Piece]) -> None:
        failures = 0
        for done, (dataset, unit) in enumerate(pieces):
            self.intake.on_progress(Progress(name, done, len(pieces)))
            state = await self._piece(dataset, unit)
            self.tally.units[state.value] += 1
            failures = failures + 1 if state is State.UNAVAILABLE else 0
            if state is State.BLOCKED or failures == MOST_FAILURES:
                self.tally.stopped[name] += len(pieces) - done - 1
                return
        self.intake.on_progress(Progress(name, len(pieces), len(pieces)))

    async def _piece(self, dataset: Dataset, unit: Unit) -> State:
        """Ask for one piece and keep what came of it, page by page."""
        asked = collected.Unit(dataset.lane, dataset.name, unit.key, unit.day)
        rows = 0
        try:
            ready = self._pages(asked, unit)
            async for payload in dataset.fetch(self.sources, unit, ready):
                self._keep(dataset.lane, payload)
                rows += len(payload.records)
        except SourceError as error:
            return self._failed(asked, error)
        state = State.DONE if rows else State.EMPTY
        with self.intake.database.write() as connection:
            self._note(connection, asked, state, rows=rows)
        self.tally.rows[dataset.name] += rows
        return state

    def _keep(self, lane: str, payload: Payload) -> None:
        documents = Documents(self.intake.database.home)
        arrival = Arrival(lane, payload, self.present())
        kept = keep_bytes(documents, arrival, State.DONE)
        with self.intake.database.write() as connection:
            keep_answer(self.intake, connection, arrival, kept)
        if not self.intake.renames:
            self.intake.refresh()

    def _pages(self, asked: collected.Unit, unit: Unit) -> Mapping[str, Payload]:
        """Pages of a settled day that came before a sync was cut: not asked for again.

        A page of a day still running may have moved since, so it does not count.
        """
        found: dict[str, Payload] = {}
        documents = Documents(self.intake.database.home)
        with self.intake.database.read() as connection:
            kept = kept_payloads(connection, asked.source, asked.dataset)
        for one in kept:
            mine = one.unit.startswith(f"{unit.key} ")
            if mine and one.rows is not None and one.fetched_at >= unit.settled_at:
                content = documents.read(one.sha256)
                if content is not None:
                    found[one.unit] = Payload(
                        one.dataset, one.unit, one.url, content, ()
                    )
        return found

    def _failed(self, asked: collected.Unit, error: SourceError) -> State:
        state = State(error.state)
        with self.intake.database.write() as connection:
            if isinstance(error, UnreadPayloadError):
                arrival = Arrival(asked.source, error.payload, self.present())
                documents = Documents(self.intake.database.home)
                keep_payload(connection, keep_bytes(documents, arrival, state))
            self._note(connection, asked, state, reason=error.sentence)
        if not isinstance(error, NotYetPublishedError):
            self.tally.troubles.append(Trouble(asked, state, error.sentence))
        return State.BLOCKED if isinstance(error, SourceBlockedError) else state

    def _note(
        self,
        connection: Connection,
        asked: collected.Unit,
        state: State,
        *,
        rows: int | None = None,
        reason: str | None = None,
    ) -> None:
        at = self.present()
        collected.tried(connection, asked, state, at, rows=rows, reason=reason)
