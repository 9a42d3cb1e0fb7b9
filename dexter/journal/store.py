"""Where events are kept: one small port, and the store that keeps them in memory."""

import json
from collections.abc import Awaitable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

from dexter.domain.run import RunStatus, RunSummary
from dexter.errors import JournalError, RunBusyError
from dexter.journal.events import Event, EventKind, digest, parse

UNKNOWN_START = datetime.min.replace(tzinfo=UTC)
"""When a run began that does not say."""


class RunWriter(Protocol):
    """The one hand that writes a run; it holds the run's lease until closed.

    After a failure nothing is tried again: every waiter and every later call raises
    the same error, and what was durable stays.
    """

    def put(self, event: Event, blobs: Mapping[str, str]) -> None:
        """Queue an event without waiting; raises when the writer has failed."""
        ...

    def commit(self, event: Event, blobs: Mapping[str, str]) -> Awaitable[None]:
        """Queue an event at once; awaiting returns when it is durable."""
        ...

    def flush(self, seconds: float) -> bool:
        """Wait, blocking, until what is queued is durable; whether it is."""
        ...

    def close(self) -> None:
        """Let the run go: flush, give the lease back."""
        ...


class JournalStore(Protocol):
    """Keeps the events of runs, and blobs by their sha256.

    (run id, seq) is unique: of two writers one is refused with ``RunBusyError``.
    """

    def open(self, run_id: str) -> RunWriter:
        """Take the lease of a run for writing; ``RunBusyError`` while it is held."""
        ...

    def read(self, run_id: str) -> Sequence[Event]:
        """The events as they stand, unverified, by number; none for an unknown run."""
        ...

    def blobs(self, addresses: Collection[str]) -> Mapping[str, str]:
        """The texts kept under some addresses, unverified; absent ones are left out."""
        ...

    def runs(self) -> tuple[RunSummary, ...]:
        """Every run, newest first."""
        ...


def sound_blobs(store: JournalStore, addresses: Collection[str]) -> dict[str, str]:
    """Those blobs whose bytes have the hash they are kept under."""
    kept = store.blobs(addresses) if addresses else {}
    return {sha256: text for sha256, text in kept.items() if digest(text) == sha256}


def summarise(
    store: JournalStore, run_id: str, ends: tuple[Event, Event], *, held: bool
) -> RunSummary:
    """A run as listed, told by its first and last event and whether it is held."""
    first, last = ends
    header = _header(store, first)
    return RunSummary(
        run_id=run_id,
        query=str(header.get("query") or ""),
        started=_moment(header.get("started")),
        status=_status(last, held=held),
        events=last.seq,
        model=str(header.get("model") or ""),
    )


def ended_as(store: JournalStore, run_id: str) -> str | None:
    """How a run ended (``finished``, ``failed``, ``planned``); none if it did not."""
    events = store.read(run_id)
    return _end(events[-1]) if events else None


def newest_first(runs: Sequence[RunSummary]) -> tuple[RunSummary, ...]:
    """Runs by start, then id, the newest first."""
    return tuple(sorted(runs, key=lambda r: (r.started, r.run_id), reverse=True))


def _header(store: JournalStore, first: Event) -> Mapping[str, object]:
    try:
        entry = parse(first.body)
        text = entry.given
        if text is None:
            text = sound_blobs(store, entry.blobs).get(entry.key.inputs, "{}")
        header = json.loads(text)
    except ValueError:
        return {}
    return header if isinstance(header, dict) else {}


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return UNKNOWN_START
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _status(last: Event, *, held: bool) -> RunStatus:
    if held:
        return RunStatus.RUNNING
    end = _end(last)
    if end is None:
        return RunStatus.INTERRUPTED
    return RunStatus.FAILED if end == RunStatus.FAILED else RunStatus.FINISHED


def _end(last: Event) -> str | None:
    try:
        key = parse(last.body).key
    except ValueError:
        return None
    return key.name if key.kind is EventKind.END else None


class MemoryJournalStore:
    """A store that lives as long as the process; for tests, benches and bundles."""

    def __init__(self) -> None:
        self.events: dict[str, list[Event]] = {}
        self.texts: dict[str, str] = {}
        self.held: set[str] = set()

    def open(self, run_id: str) -> RunWriter:
        """Take the lease of a run."""
        if run_id in self.held:
            raise RunBusyError(run_id)
        self.held.add(run_id)
        return _MemoryWriter(self, run_id)

    def read(self, run_id: str) -> Sequence[Event]:
        """The events of a run as they stand."""
        return tuple(self.events.get(run_id, ()))

    def blobs(self, addresses: Collection[str]) -> Mapping[str, str]:
        """The texts kept under some addresses."""
        return {a: self.texts[a] for a in addresses if a in self.texts}

    def runs(self) -> tuple[RunSummary, ...]:
        """Every run, newest first."""
        return newest_first(
            [
                summarise(self, run_id, (kept[0], kept[-1]), held=run_id in self.held)
                for run_id, kept in self.events.items()
                if kept
            ]
        )


class _MemoryWriter:
    def __init__(self, store: MemoryJournalStore, run_id: str) -> None:
        self._store = store
        self._run_id = run_id
        self._events = store.events.setdefault(run_id, [])
        self._closed = False

    def put(self, event: Event, blobs: Mapping[str, str]) -> None:
        """Keep an event."""
        if self._closed:
            msg = f"Run {self._run_id} is closed; nothing more can be recorded in it."
            raise JournalError(msg)
        if self._events and event.seq <= self._events[-1].seq:
            raise RunBusyError(self._run_id)
        if blobs:
            self._store.texts.update(blobs)
        self._events.append(event)

    async def commit(self, event: Event, blobs: Mapping[str, str]) -> None:
        """Keep an event; nothing is left to wait for."""
        self.put(event, blobs)

    def flush(self, seconds: float) -> bool:
        """Nothing is ever queued."""
        return seconds >= 0

    def close(self) -> None:
        """Give the lease back."""
        if not self._closed:
            self._closed = True
            self._store.held.discard(self._run_id)
