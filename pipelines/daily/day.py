"""A day of research: look, decide, deliver; and in the end say how it went.

::

    collect ─▶ read the heaviest ─▶ research each filing ─▶ keep ─▶ deliver
        ▲                                                             │
        └───────────────── until midnight, with --watch ◀─────────────┘

Each filing is decided once, in one commit with its alert and its letters; whatever is
cut is gone on with by the next run, and running a day again adds nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dexter.domain.daily import DayFiling, FilingState
from dexter.domain.moment import span_of
from dexter.domain.research import Usage
from dexter.journal import Journal
from dexter.operating import Operating
from dexter.store.database import Database
from dexter.store.days import DayBook
from pipelines.daily.arrivals import welcome
from pipelines.daily.collecting import (
    World,
    chunks,
    collect,
    oldest_unread,
    queue,
    read_some,
)
from pipelines.daily.deciding import Decided
from pipelines.daily.keeping import Keeper
from pipelines.daily.liquidity import Weight, weight_of
from pipelines.daily.researching import Desks, research_units
from pipelines.daily.tries import Occasion, is_due
from pipelines.daily.unit import Unit
from pipelines.daily.units import units_of
from pipelines.ingest.report import Progress
from pipelines.runtime import Desk

Deliver = Callable[[], Awaitable[object]]
LATE_DAYS = 5
"""Filings of so many days before are looked for, too: some come late."""
LATEST = timedelta(days=30)
"""How far back a document that had not come is still waited for."""


@dataclass(slots=True)
class Day:
    """A day under way.

    Args:
        day: IST day.
        desk: The open home.
        database: Of its market.
        operating: What the operator decided.
        world: The sources and the reader.
        journal: The record of this run.
        model: The language model by name; null for the settings' own.
        dry: Whether nothing is kept or sent.
        late: Calendar days before ``day`` whose undecided filings are decided too.
        occasion: Why it is worked on.
    """

    day: date
    desk: Desk
    database: Database
    operating: Operating
    world: World
    journal: Journal
    model: str | None = None
    dry: bool = False
    late: int = LATE_DAYS
    occasion: Occasion = Occasion.TODAY
    sources: dict[str, str] = field(default_factory=dict)
    decided: list[DayFiling] = field(default_factory=list)
    spent: list[Usage] = field(default_factory=list)
    alerts: list[Decided] = field(default_factory=list)
    oldest_unread: datetime | None = None
    behind: bool = False
    _looked_at: set[str] = field(default_factory=set)

    @property
    def first(self) -> date:
        """The earliest day whose filings are looked at."""
        return self.day - timedelta(days=self.late)

    @property
    def over(self) -> datetime:
        """When the day ends."""
        return span_of(self.day, self.day)[1]

    async def look(
        self,
        deliver: Deliver,
        *,
        whole: bool,
        patience: timedelta | None = None,
        since: date | None = None,
    ) -> int:
        """One round: what came since is collected, read and decided.

        Args:
            deliver: Called whenever some were decided: no alert waits for the reading
                of documents that have nothing to do with it.
            whole: Ask for prices and lists, too.
            patience: After so long the rest of the queue is left to the next round,
                which ``behind`` tells; null for all of it.
            since: The first day the sources are asked about, where it is before those
                that are looked at: what came then is read before what repeats it.

        Returns:
            How many filings were decided.

        Raises:
            StoreError: the home cannot be written.
        """
        self._looked_at.clear()
        self.behind = False
        if not self.dry and self.world.sources is not None:
            first = min(self.first, since or self.first)
            found = await collect(
                self.database, self.world, first, self.day, whole=whole
            )
            self.sources = dict(found)
            await self.journal.note("sources", {"states": found})
        weight = weight_of(self.database, self.operating.watch.symbols, self.day)
        done = await self._research(weight)
        if self.dry:
            self.oldest_unread = oldest_unread(self.database)
            return done
        await deliver()
        began = self.world.present()
        for some in chunks(queue(self.database, self.world, weight, self.first)):
            if patience is not None and self.world.present() - began >= patience:
                self.behind = True
                break
            read_some(self.database, self.world, some)
            done += await self._research(weight)
            await deliver()
        self.oldest_unread = oldest_unread(self.database)
        return done

    async def _research(self, weight: Weight) -> int:
        """Decide every filing of these days that is not decided yet."""
        units = self._undecided()
        if not units:
            return 0
        keeper = Keeper(self.database, self.operating)
        made: list[Decided] = []

        def keep(decided: Decided, unit: Unit) -> None:
            kept = decided if self.dry else keeper(decided, unit)
            made.append(kept)
            self.world.on_progress(Progress("filings", len(made), len(units)))

        desks = Desks(
            self.desk,
            self.database,
            self.operating,
            weight,
            self.model,
            keep,
            dry=self.dry,
        )
        self.world.on_progress(Progress("filings", 0, len(units)))
        try:
            self.spent += await research_units(units, desks)
        finally:
            await self._noted(made)
        return len(made)

    async def _noted(self, made: Sequence[Decided]) -> None:
        for one in made:
            filing = one.filing
            self._looked_at.add(filing.id)
            self.decided.append(filing)
            if one.spoken is not None:
                self.alerts.append(one)
            await self.journal.note("filing", {"filing": filing})

    def _undecided(self) -> list[Unit]:
        first = self._reach()
        known = {one.id: one for one in DayBook(self.database).filings(first, self.day)}
        final = {one.id for one in known.values() if _final(one)}
        units = units_of(self.database, first, self.day, final)
        known |= DayBook(self.database).find(
            unit.id for unit in units if unit.id not in known
        )
        return [
            unit
            for unit in units
            if unit.id not in self._looked_at and self._open(known.get(unit.id), unit)
        ]

    def _reach(self) -> date:
        """The earliest day with anything to decide: some documents come very late."""
        if self.dry or not self.late:
            return self.first
        return min({self.first, *welcome(self.database, self.day - LATEST)})

    def _open(self, before: DayFiling | None, unit: Unit) -> bool:
        """Whether a filing is still to be decided, or to be looked at again."""
        if before is None:
            return True
        if before.state is FilingState.FAILED and unit.settled is None:
            most = self.operating.daily.most_attempts
            return is_due(before, self.occasion, most, self.world.present())
        # What was settled unscored may have come, been decided by a person, or dated.
        was, now = (before.state, before.reason), (unit.settled, unit.reason)
        return not _final(before) and was != now


def _final(filing: DayFiling) -> bool:
    """Whether a filing was scored, or tells what a scored one told."""
    quiet = filing.state is FilingState.NO_ALERT
    scored = filing.basis is not None or filing.run_id is not None
    return filing.state is FilingState.ALERTED or (quiet and scored)
