"""Lanes: the pieces of one source after each other, the sources beside each other.

A refusal ends its lane and no other: what was not asked for is asked for next time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.engine import Connection

from dexter.errors import (
    NotYetPublishedError,
    SourceBlockedError,
    SourceError,
    SourceUnavailableError,
)
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
from pipelines.sync.together import together
from pipelines.sync.units import Unit

RENAMES = "nse symbol changes"
Present = Callable[[], datetime]
Piece = tuple[Dataset, Unit]
MOST_FAILURES = 3
"""Failures in a row after which a source that does not answer is left for next time."""


def piece_of(dataset: Dataset, unit: Unit) -> collected.Unit:
    """The address of a piece in the store.

    Only pieces of the whole market have a day there: what a day still lacks is judged
    by them.
    """
    day = None if unit.company else unit.day
    return collected.Unit(dataset.lane, dataset.name, unit.key, day)


@dataclass(slots=True)
class Collector:
    """A sync under way: where things come from, where they go, what was counted."""

    sources: Sources
    intake: Intake
    present: Present
    tally: SyncTally
    sessions: frozenset[date] = frozenset()

    async def collect(self, pieces: Sequence[Piece]) -> None:
        """Ask for every piece, in the order given within each lane."""
        lanes: dict[str, list[Piece]] = {}
        for dataset, unit in pieces:
            lanes.setdefault(dataset.lane, []).append((dataset, unit))
        await together(self._lane(name, mine) for name, mine in lanes.items())

    async def _lane(self, name: str, pieces: Sequence[Piece]) -> None:
        """The pieces of a lane, until it is silent or refuses more than one kind.

        One address that is refused may be a name the source took away; the rest of
        the lane is still asked for.
        """
        failures, refused = 0, set[str]()
        for done, (dataset, unit) in enumerate(pieces):
            self.intake.on_progress(Progress(name, done, len(pieces)))
            if dataset.name in refused:
                self.tally.stopped[name] += 1
                continue
            state = await self._piece(dataset, unit)
            self.tally.units[state.value] += 1
            failures = failures + 1 if state is State.UNAVAILABLE else 0
            if state is State.BLOCKED:
                refused.add(dataset.name)
            if len(refused) > 1 or failures == MOST_FAILURES or self._rests(name):
                self.tally.stopped[name] += len(pieces) - done - 1
                return
        self.intake.on_progress(Progress(name, len(pieces), len(pieces)))

    def _lies(self, dataset: Dataset, unit: Unit) -> bool:
        """Whether no rows at all of the whole market, on a session, cannot be."""
        whole = unit.company is None and unit.day in self.sessions
        return dataset.never_empty and whole

    def _rests(self, name: str) -> bool:
        """Whether the host behind a lane wants to be left in peace."""
        return any(
            host.name == name and host.breaker.seconds_left > 0
            for host in self.sources.hosts.values()
        )

    async def _piece(self, dataset: Dataset, unit: Unit) -> State:
        """Ask for one piece and keep what came of it, page by page."""
        asked = piece_of(dataset, unit)
        rows = 0
        try:
            ready = self._pages(asked, unit) if dataset.paged else {}
            async for payload in dataset.fetch(self.sources, unit, ready):
                self._keep(dataset, payload)
                rows += len(payload.records)
            if not rows and self._lies(dataset, unit):
                why = f"it shows no {dataset.name} on the session of {unit.day}"
                raise SourceUnavailableError(dataset.lane, why)
        except SourceError as error:
            return self._failed(asked, unit, error)
        state = State.DONE if rows else State.EMPTY
        with self.intake.database.write() as connection:
            self._note(connection, asked, state, rows=rows)
        return state

    def _keep(self, dataset: Dataset, payload: Payload) -> None:
        documents = Documents(self.intake.database.home)
        arrival = Arrival(dataset.lane, payload, self.present())
        kept = keep_bytes(documents, arrival, State.DONE)
        with self.intake.database.write() as connection:
            keep_answer(self.intake, connection, arrival, kept)
        self.tally.rows[dataset.name] += len(payload.records)
        if dataset.name == RENAMES:
            self.intake.refresh()

    def _pages(self, asked: collected.Unit, unit: Unit) -> Mapping[str, Payload]:
        """Pages of a settled day that came before a sync was cut: not asked for again.

        A page of a day still running may have moved since, so it does not count.
        """
        found: dict[str, Payload] = {}
        documents = Documents(self.intake.database.home)
        with self.intake.database.read() as connection:
            stands = collected.of_unit(connection, asked)
            if stands and stands.state not in {State.PENDING, *collected.SUCCEEDED}:
                return {}  # what failed is read afresh
            mine = f"{unit.key} *"
            kept = kept_payloads(connection, dataset=asked.dataset, unit=mine)
        for one in kept:
            if one.rows is not None and one.fetched_at >= unit.settled_at:
                content = documents.read(one.sha256)
                if content is not None:
                    found[one.unit] = Payload(
                        one.dataset, one.unit, one.url, content, ()
                    )
        return found

    def _failed(self, asked: collected.Unit, unit: Unit, error: SourceError) -> State:
        state = State(error.state)
        with self.intake.database.write() as connection:
            if isinstance(error, UnreadPayloadError):
                arrival = Arrival(asked.source, error.payload, self.present())
                documents = Documents(self.intake.database.home)
                keep_payload(connection, keep_bytes(documents, arrival, state))
            self._note(connection, asked, state, reason=error.sentence)
            stands = collected.of_unit(connection, asked)
        if isinstance(error, NotYetPublishedError):
            hopeless = stands is not None and unit.given_up(stands)
            self.tally.overdue += unit.overdue(self.present()) and not hopeless
        else:
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
