"""The run of ``data tones``: one model, one journal, many headlines.

Headlines that no model has read go to a quarantined reader, newest first, under the
same throttle and the same ceilings as any other run. Every request, reply and outcome
is recorded, and what a batch came to is kept at once: a run that was cut, or that came
to its ceiling, is gone on with by the same command.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from dexter.errors import BudgetError, TonelessModelError
from dexter.journal import Journal, JournalStore, journalled
from dexter.journal.codec import canonical
from dexter.journal.events import digest
from dexter.llm.offline import OfflineModel
from dexter.orchestrator.spending import Counted, Spending
from dexter.ports import Clock, LanguageModel
from dexter.store.database import Database
from dexter.store.tones import keep_tones, unread
from pipelines.ingest.report import OnProgress, Progress
from pipelines.research import ending, fresh_id
from pipelines.runtime import Desk, open_shelves, unreachable_model
from pipelines.tone_batches import Batch, Outcome, batches, read_batch

KIND = "tones"

_AT_ONCE = 4
_FAILURES = 3
"""Batches that may come to nothing, one after the other, before the run gives up."""

_BATCH = TypeAdapter(Batch)
_OUTCOME = TypeAdapter(Outcome)


@dataclass(slots=True)
class Report:
    """How a run went, in headlines.

    ``unread`` came to nothing, for ``reasons`` (how many batches each); ``left`` were
    not asked about, because the run ``stopped``. ``orders`` are sentences in headlines
    that address an AI.
    """

    model: str
    run_id: str | None = None
    read: int = 0
    unread: int = 0
    left: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    stopped: str | None = None
    orders: tuple[str, ...] = ()
    spending: Spending = field(default_factory=Spending)

    @property
    def complete(self) -> bool:
        """Whether everything asked for was read."""
        return not self.unread and not self.left


def read_headlines(
    spec: str | None,
    on_progress: OnProgress,
    *,
    most: int | None = None,
    budget: Decimal | None = None,
) -> Report:
    """Have a model read headlines that none has read.

    Args:
        spec: ``anthropic:NAME`` or ``openai:NAME``; the settings' model when not given.
        on_progress: Told how far it is.
        most: How many headlines at most; the same words count once.
        budget: USD this run may cost; the settings' ceiling when not given.

    Raises:
        SettingError: the name is of no known form, or no budget can hold it.
        TonelessModelError: it is the offline model.
        ModelKeyError: its provider needs a key, or wants another one.
        StoreError: the home does not read, or cannot be written.
    """
    desk = open_shelves()
    model = desk.model(spec, budget)
    if isinstance(model, OfflineModel):
        raise TonelessModelError(model.name)
    with desk.database() as database:
        waiting = batches(unread(database, most))
        if not waiting:
            return Report(model.name)
        reading = _Reading(database, waiting, model.name, on_progress)
        return asyncio.run(_recorded(desk, model, reading))


async def replay(store: JournalStore, run_id: str) -> tuple[Outcome, ...]:
    """Read the same headlines again from the record: no network, no model, no store.

    Raises:
        UnknownRunError: there is no such run.
        ReplayMissError: the code asks for something that was never recorded.
        IntegrityError: the record does not hold, or a batch comes out otherwise.
    """
    journal = Journal.replay(store, run_id)
    gone: Any = unreachable_model(journal)
    model, clock = _ports(journal, gone, gone)
    done = []
    for asked in journal.recorded("toning"):
        batch = _BATCH.validate_python(asked)
        try:
            done.append(await _toned(journal, batch, model, clock))
        except BudgetError:
            continue
    await journal.finish("finished", {})
    return tuple(done)


def recorded(store: JournalStore, run_id: str) -> tuple[dict[str, str], list[Outcome]]:
    """The headlines of a run by their digest, as shown, and what each batch came to.

    Raises:
        UnknownRunError: there is no such run.
        IntegrityError: the record does not hold.
    """
    journal = Journal.replay(store, run_id)
    asked = [_BATCH.validate_python(note) for note in journal.recorded("toning")]
    done = [_OUTCOME.validate_python(note) for note in journal.recorded("toned")]
    return dict(pair for batch in asked for pair in batch.texts), done


class _Reading:
    """Batches read by a few hands, and the report of it.

    A hand whose next call does not fit the budget gives its batch back and leaves: what
    the others have reserved may come free. The last one to leave ends the reading.
    """

    def __init__(
        self,
        database: Database,
        waiting: Sequence[Batch],
        model: str,
        on_progress: OnProgress,
    ) -> None:
        self._database, self._waiting = database, deque(waiting)
        self._on_progress, self._all = on_progress, len(waiting)
        self._failed = 0
        self._over: str | None = None
        orders = tuple(order for batch in waiting for order in batch.orders)
        self.report = Report(model, orders=orders)
        self.outcomes: list[Outcome] = []

    @property
    def headlines(self) -> int:
        """How many still wait."""
        return sum(len(batch.texts) for batch in self._waiting)

    async def read(self, journal: Journal, model: LanguageModel, clock: Clock) -> None:
        """Read every batch, or as many as can be."""
        async with asyncio.TaskGroup() as hands:
            for _ in range(min(_AT_ONCE, self._all)):
                hands.create_task(self._hand(journal, model, clock))
        self.report.left = self.headlines
        if self._waiting:
            self.report.stopped = self.report.stopped or self._over

    async def _hand(self, journal: Journal, model: LanguageModel, clock: Clock) -> None:
        while self._waiting and self.report.stopped is None:
            batch = self._waiting.popleft()
            try:
                outcome = await _toned(journal, batch, model, clock)
            except BudgetError as error:
                self._waiting.appendleft(batch)
                self._over = error.sentence
                return
            self._settle(batch, outcome)

    def _settle(self, batch: Batch, outcome: Outcome) -> None:
        report = self.report
        if outcome.read_at is not None:
            keep_tones(self._database, report.model, outcome.tones, outcome.read_at)
            report.read += len(outcome.tones)
            self._failed = 0
        else:
            reason = outcome.reason or "no answer"
            report.unread += len(batch.texts)
            report.reasons[reason] += 1
            self._failed += 1
            if self._failed >= _FAILURES:
                report.stopped = f"{_FAILURES} batches in a row came to nothing."
        self.outcomes.append(outcome)
        self._on_progress(Progress("tones", len(self.outcomes), self._all))


async def _recorded(desk: Desk, model: LanguageModel, reading: _Reading) -> Report:
    query, report = f"tones of {reading.headlines} headlines", reading.report
    header = desk.header(query, None, model.name) | {"kind": KIND}
    journal = Journal.begin(desk.journals, fresh_id(desk), header)
    report.run_id = journal.run_id
    async with ending(journal, model):
        heard, clock = _ports(journal, model, desk.clock)
        await reading.read(journal, Counted(heard, report.spending), clock)
        await journal.finish("finished", {})
    told = [_OUTCOME.dump_python(one, mode="json") for one in reading.outcomes]
    desk.keep_head(journal.run_id, journal.head, digest(canonical({"toned": told})))
    return report


async def _toned(
    journal: Journal, batch: Batch, model: LanguageModel, clock: Clock
) -> Outcome:
    """A batch read, the model's calls and the outcome in the journal."""
    with journal.span(f"batch:{batch.number}"):
        await journal.note("toning", _BATCH.dump_python(batch, mode="json"))
        outcome = await read_batch(batch, model, clock)
        await journal.note("toned", _OUTCOME.dump_python(outcome, mode="json"))
    return outcome


def _ports(
    journal: Journal, model: LanguageModel, clock: Clock
) -> tuple[LanguageModel, Clock]:
    return (
        journalled(model, LanguageModel, "model", journal),
        journalled(clock, Clock, "clock", journal),
    )
