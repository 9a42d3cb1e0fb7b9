"""A run as recorded: what resume and replay answer from."""

import json
from collections.abc import Iterator, Mapping

from dexter.domain.research import JournalHead
from dexter.errors import IntegrityError, UnknownRunError, UsageError
from dexter.journal.events import Entry, EventKind, StepKey, genesis, parse
from dexter.journal.store import JournalStore, sound_blobs
from dexter.journal.verify import trusted

_KEYED = {EventKind.STEP, EventKind.NOTE}


class Record:
    """The events of one run by key; empty for a run that begins."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.entries: list[Entry] = []
        self.head = JournalHead(0, genesis(run_id))
        self.before_end = self.head
        self._by_key: dict[StepKey, Entry] = {}
        self._texts: Mapping[str, str] = {}

    @classmethod
    def load(cls, store: JournalStore, run_id: str) -> "Record":
        """Read a run whose chain holds.

        Raises:
            UnknownRunError: there is no such run.
            IntegrityError: the chain does not hold; the sentence locates where.
        """
        events = store.read(run_id)
        if not events:
            raise UnknownRunError(run_id)
        trusted(store, run_id)
        record = cls(run_id)
        record.entries = [parse(event.body) for event in events]
        record.head = JournalHead(events[-1].seq, events[-1].hash)
        record._by_key = {e.key: e for e in record.entries if e.key.kind in _KEYED}
        # All at once: a replay asks for nearly all of them anyway.
        record._texts = sound_blobs(store, {b for e in record.entries for b in e.blobs})
        record.before_end = record.head
        if record.end is not None:
            # A run has a beginning before its end, so there is one event before.
            record.before_end = JournalHead(events[-2].seq, events[-2].hash)
        return record

    @staticmethod
    def refuse_known(store: JournalStore, run_id: str) -> None:
        """Raise ``UsageError`` when there is a run of this id."""
        if store.read(run_id):
            msg = f"There is a run {run_id!r} already."
            raise UsageError(msg, f"Continue it with `dexter runs resume {run_id}`.")

    def refuse_ended(self) -> None:
        """Raise ``UsageError`` when the run has ended."""
        if self.end is not None:
            msg = f"Run {self.run_id} has ended ({self.end.key.name})."
            raise UsageError(msg, f"See it with `dexter runs replay {self.run_id}`.")

    @property
    def end(self) -> Entry | None:
        """The event that ended the run, if it has ended."""
        last = self.entries[-1] if self.entries else None
        return last if last and last.key.kind is EventKind.END else None

    def find(self, key: StepKey) -> Entry | None:
        """The event of a key."""
        return self._by_key.get(key)

    def notes(self, kind: str) -> Iterator[Entry]:
        """The notes of a kind, in order."""
        for entry in self.entries:
            if entry.key.kind is EventKind.NOTE and entry.key.name == kind:
                yield entry

    def given(self, entry: Entry) -> Mapping[str, object]:
        """What an event was given."""
        text = entry.given
        told = json.loads(self._blob(entry, entry.key.inputs) if text is None else text)
        return told if isinstance(told, dict) else {"value": told}

    def output(self, entry: Entry) -> str:
        """The JSON text of what a step gave."""
        if entry.output is not None:
            return entry.output
        if entry.output_sha256 is None:
            msg = f"Event {entry.seq} ({entry}) has no outcome."
            raise IntegrityError(msg)
        return self._blob(entry, entry.output_sha256)

    def _blob(self, entry: Entry, sha256: str) -> str:
        text = self._texts.get(sha256)
        if text is None:
            msg = (
                f"The blob {sha256[:12]}… of event {entry.seq} ({entry}) is missing "
                "or was edited."
            )
            raise IntegrityError(msg)
        return text
