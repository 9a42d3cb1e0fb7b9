"""The journal of one run: the only way to touch the world, and to not touch it again.

::

    journal = Journal.begin(store, run_id, {"query": …, "started": …, "model": …})
    with journal.span("task:t1"):
        bars = await journal.step("prices.history", {"symbol": "TCS"}, do, PriceHistory)
    await journal.finish("finished", {})

A step is known by its span, its name, its inputs, and how often that same step was
made before in that span. ``resume`` gives recorded outcomes back and performs the rest;
``replay`` performs nothing at all.
"""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from typing import TypeVar

from dexter.domain.research import JournalHead
from dexter.errors import (
    DexterError,
    DiskFullError,
    IntegrityError,
    JournalError,
    ReplayMissError,
    RunBusyError,
    UnknownRunError,
)
from dexter.journal import spans
from dexter.journal.chain import NO_BLOBS, Chain, output_of
from dexter.journal.codec import (
    Codec,
    canonical,
    codec,
    error_from_json,
    error_to_json,
)
from dexter.journal.events import NO_INPUTS, Entry, EventKind, StepKey, digest
from dexter.journal.keys import Ordinals
from dexter.journal.record import Record
from dexter.journal.store import JournalStore, RunWriter

T = TypeVar("T")


class Mode(StrEnum):
    """How a journal answers."""

    RECORD = "record"
    RESUME = "resume"
    REPLAY = "replay"


class Journal:
    """One run's record, being written or read; used from one event loop."""

    def __init__(self, record: Record, mode: Mode, writer: RunWriter | None) -> None:
        """Use :meth:`begin`, :meth:`resume` or :meth:`replay`."""
        self.run_id = record.run_id
        self.mode = mode
        self._record = record
        self._writer = writer
        self._ordinals = Ordinals()
        self._chain = Chain(record.before_end)
        self._begun: Mapping[str, object] = {}
        self._ended = False

    @classmethod
    def begin(
        cls, store: JournalStore, run_id: str, header: Mapping[str, object]
    ) -> "Journal":
        """Start a run and record its header.

        ``header`` holds what resume and replay need to ask the same again; ``query``,
        ``started`` (ISO 8601) and ``model`` are what ``runs list`` shows.

        Raises:
            RunBusyError: somebody is writing a run of this id.
            UsageError: a run of this id exists.
        """
        text = canonical(header)
        writer = store.open(run_id)
        with _released_on_error(writer):
            Record.refuse_known(store, run_id)
            journal = cls(Record(run_id), Mode.RECORD, writer)
            journal._begun = json.loads(text)
            journal._put(EventKind.BEGIN, text)
        return journal

    @classmethod
    def resume(cls, store: JournalStore, run_id: str) -> "Journal":
        """Continue a run that did not end: recorded steps are answered, not made.

        Raises:
            UnknownRunError: there is no such run.
            UsageError: the run has ended.
            RunBusyError: somebody is writing it.
            IntegrityError: its chain does not hold.
        """
        if not store.read(run_id):
            raise UnknownRunError(run_id)
        writer = store.open(run_id)
        with _released_on_error(writer):
            # Read only now, when nobody else can be writing.
            record = Record.load(store, run_id)
            record.refuse_ended()
            journal = cls(record, Mode.RESUME, writer)
            journal._put(EventKind.RESUME, "{}")
        return journal

    @classmethod
    def replay(cls, store: JournalStore, run_id: str) -> "Journal":
        """Answer everything from the record; the world is never touched.

        Raises:
            UnknownRunError: there is no such run.
            IntegrityError: its chain does not hold.
        """
        return cls(Record.load(store, run_id), Mode.REPLAY, None)

    @property
    def head(self) -> JournalHead:
        """How many events there are, and the hash of the last; in replay, as then."""
        return self._chain.head

    @property
    def whole(self) -> JournalHead:
        """The head of the record that was read, its end included."""
        return self._record.head

    @property
    def replaying(self) -> bool:
        """Whether the world is switched off."""
        return self.mode is Mode.REPLAY

    @property
    def header(self) -> Mapping[str, object]:
        """What the run began with."""
        entries = self._record.entries
        return self._record.given(entries[0]) if entries else self._begun

    def recorded(self, kind: str) -> tuple[Mapping[str, object], ...]:
        """The data of the notes of a kind in the record read, in order."""
        return tuple(self._record.given(entry) for entry in self._record.notes(kind))

    def span(self, name: str) -> AbstractContextManager[str]:
        """Open a span below the current one; tasks started inside inherit it."""
        return spans.Span(self, name)

    async def step(
        self,
        name: str,
        inputs: Mapping[str, object],
        do: Callable[[], Awaitable[T]],
        returns: object,
    ) -> T:
        """Touch the world once, ever.

        Args:
            name: what is done, such as ``prices.history``.
            inputs: everything the outcome depends on; plain values or dataclasses.
            do: does it. Not called when the outcome is recorded.
            returns: the type of the outcome, anything a pydantic ``TypeAdapter`` takes.

        Returns:
            The outcome as read back from its record, once that is durable.

        Raises:
            ReplayMissError: in replay, nobody recorded this step.
            DexterError: the recorded or fresh error of ``do``; any other exception
                passes through unrecorded, and the step is made again on resume.
        """
        given = canonical(inputs) if inputs else NO_INPUTS
        return await self.call(name, given, do, codec(returns))

    async def call(
        self, name: str, given: str, do: Callable[[], Awaitable[T]], into: Codec[T]
    ) -> T:
        """As :meth:`step`, with inputs as canonical JSON and the codec at hand."""
        key = self._key(EventKind.STEP, name, given)
        entry = self._record.find(key)
        if entry is not None:
            return self._recall(entry, into)
        if self.replaying:
            raise ReplayMissError(key.span, name)
        return await self._perform(key, given, do, into)

    async def note(self, kind: str, data: Mapping[str, object]) -> None:
        """Record something decided, without an effect: a plan, a refused claim.

        Raises:
            IntegrityError: in replay, the run noted something else.
        """
        given = canonical(data)
        key = self._key(EventKind.NOTE, kind, given)
        if self._record.find(key) is not None:
            return
        if self.replaying:
            msg = f"Run {self.run_id} recorded no such {kind!r} in span {key.span!r}."
            raise IntegrityError(msg, "The code changed since; run it afresh.")
        await self._append(key, given)

    async def finish(self, status: str, data: Mapping[str, object]) -> None:
        """End the run, durably; ``failed`` is listed as failed, the rest as finished.

        Raises:
            IntegrityError: in replay, the run ended otherwise.
        """
        given = canonical(data)
        if not self.replaying:
            key = StepKey(EventKind.END, spans.ROOT, status, digest(given), 0)
            ending = self._append(key, given)
            self._ended = True
            await ending
            self.close()
            return
        end = self._record.end
        if end is None:
            msg = f"Run {self.run_id} has no end: it was stopped, or its tail was cut."
            raise IntegrityError(msg, f"See `dexter runs verify {self.run_id}`.")
        if (end.key.name, end.key.inputs) != (status, digest(given)):
            was = f"as {end.key.name!r}"
            msg = f"Run {self.run_id} ended {was}; this replay differs ({status!r})."
            raise IntegrityError(msg, "The code changed since; run it afresh.")
        self._chain = Chain(self._record.head)

    def interrupt(self, reason: str, seconds: float = 2.0) -> bool:
        """Mark the run interrupted as well as can be done now; never raises.

        For Ctrl-C: blocks at most ``seconds``. A run without the mark is listed as
        interrupted all the same once nobody holds it. A run whose end is on its way
        has ended: nothing comes after that.
        """
        if self._writer is None:
            return False
        try:
            if not self._ended:
                self._put(EventKind.INTERRUPT, canonical({"reason": reason}))
            return self._writer.flush(seconds) and not self._ended
        except DexterError:
            return False
        finally:
            self.close()

    def close(self) -> None:
        """Let the run go; without :meth:`finish` it can be resumed."""
        if self._writer is not None:
            self._writer.close()

    def _key(self, kind: EventKind, name: str, given: str) -> StepKey:
        return self._ordinals.take(kind, spans.here(self), name, digest(given))

    def _recall(self, entry: Entry, into: Codec[T]) -> T:
        if entry.raised is not None:
            raise error_from_json(entry.raised)
        return into.decode(self._record.output(entry))

    async def _perform(
        self, key: StepKey, given: str, do: Callable[[], Awaitable[T]], into: Codec[T]
    ) -> T:
        try:
            text, value = into.through(await do())
        except (JournalError, DiskFullError):
            # Of the journal or the disk, not of the world: to be tried again.
            self._ordinals.give_back(key)
            raise
        except DexterError as error:
            await self._append(key, given, f'"raised":{error_to_json(error)},')
            raise
        except BaseException:
            self._ordinals.give_back(key)
            raise
        await self._append(key, given, *output_of(text))
        return value

    def _append(
        self,
        key: StepKey,
        given: str,
        outcome: str = "",
        blobs: Mapping[str, str] = NO_BLOBS,
    ) -> Awaitable[None]:
        if self._writer is None:
            raise RunBusyError(self.run_id)
        return self._writer.commit(*self._chain.add(key, given, outcome, blobs))

    def _put(self, kind: EventKind, given: str) -> None:
        if self._writer is None:
            raise RunBusyError(self.run_id)
        key = StepKey(kind, spans.ROOT, "run", digest(given), 0)
        self._writer.put(*self._chain.add(key, given))


@contextmanager
def _released_on_error(writer: RunWriter) -> Iterator[None]:
    try:
        yield
    except BaseException:
        writer.close()
        raise
