"""Does a run's record still say what was written? Every fault is located.

The chain alone cannot show a tail that was cut, nor a record rewritten whole: for that
the head must be known from outside (printed at the end of a run, kept in the store).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dexter.domain.research import JournalHead
from dexter.errors import IntegrityError, UnknownRunError
from dexter.journal.events import Entry, Event, EventKind, digest, genesis, parse, seal
from dexter.journal.store import JournalStore


class FaultKind(StrEnum):
    """What is wrong with a place in the record."""

    EDITED = "edited"
    UNREADABLE = "unreadable"
    DELETED = "deleted"
    REORDERED = "reordered"
    EXTRA = "extra"
    BLOB = "blob"
    TRUNCATED = "truncated"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the number of the event it stands at, its kind, and one sentence."""

    seq: int
    kind: FaultKind
    sentence: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: the number of events, the last hash, and the faults in order."""

    ok: bool
    events: int
    head: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """An event at its place: what it claims to be, and whether the chain agrees."""

    place: int
    entry: Entry | None
    sound: bool

    @property
    def claim(self) -> int:
        """The number this row accounts for: its own if sound, else its place."""
        return self.entry.seq if self.entry and self.sound else self.place

    def __str__(self) -> str:
        told = f" ({self.entry})" if self.entry else ""
        return f"event {self.claim}{told}"


def verify(
    store: JournalStore, run_id: str, known_head: JournalHead | None = None
) -> Verification:
    """Check every event, its order and its blobs, against the chain and a known head.

    Args:
        store: where the run is kept.
        run_id: the run.
        known_head: the head as kept outside the journal, when it is at hand; an older
            head (of an interrupted run since resumed) is good as well.

    Raises:
        UnknownRunError: no event of that run is there, and no head was given.
        IntegrityError: the file itself cannot be read.
    """
    events = store.read(run_id)
    if not events and known_head is None:
        raise UnknownRunError(run_id)
    rows = _check_chain(run_id, events)
    faults = [
        *_row_faults(rows),
        *_missing(rows),
        *_blob_faults(store, rows),
        *_head_faults(events, known_head),
    ]
    faults.sort(key=lambda fault: fault.seq)
    head = events[-1].hash if events else genesis(run_id)
    return Verification(not faults, len(events), head, tuple(faults))


def trusted(
    store: JournalStore, run_id: str, known_head: JournalHead | None = None
) -> None:
    """Let nobody read on in a record that does not hold.

    Raises:
        UnknownRunError: no event of that run is there, and no head was given.
        IntegrityError: the record does not hold; the sentence locates where.
    """
    found = verify(store, run_id, known_head)
    if not found.ok:
        msg = f"Run {run_id} cannot be trusted: {found.faults[0].sentence}"
        raise IntegrityError(msg, f"See `dexter runs verify {run_id}`.")


def _entry(event: Event) -> Entry | None:
    try:
        return parse(event.body)
    except ValueError:
        return None


def _check_chain(run_id: str, events: Sequence[Event]) -> list[_Row]:
    """Hold each event against the one its own number says came before."""
    told = [(event, _entry(event)) for event in events]
    links = _Links(run_id, told)
    rows = []
    for event, entry in told:
        rows.append(
            _Row(event.seq, entry, entry is not None and links.hold(event, entry))
        )
        links.follow(event, entry.seq if entry else event.seq)
    return rows


class _Links:
    """The hashes an event may follow, by the number of the event before.

    An event counts with the hash it is kept with and with the one it should have, so
    that one broken hash is one fault, at its own place.
    """

    def __init__(self, run_id: str, told: Sequence[tuple[Event, Entry | None]]) -> None:
        self._hashes: dict[int, set[str]] = {0: {genesis(run_id)}}
        self._followers: dict[int, list[Event]] = {}
        for event, entry in told:
            number = entry.seq if entry else event.seq
            self._hashes.setdefault(number, set()).add(event.hash)
            self._followers.setdefault(number - 1, []).append(event)

    def hold(self, event: Event, entry: Entry) -> bool:
        """Whether an event is what was written under its number."""
        if entry.seq < 1:
            return False
        before = self._hashes.get(entry.seq - 1)
        if before is not None:
            return any(seal(hash_, event.body) == event.hash for hash_ in before)
        # Its predecessor is gone and proves nothing; in its own place it stands,
        # elsewhere only if the next one follows it.
        after = self._followers.get(entry.seq, ())
        return entry.seq == event.seq or any(
            seal(event.hash, other.body) == other.hash for other in after
        )

    def follow(self, event: Event, number: int) -> None:
        """Let the next event follow the hash this one should have, too."""
        should = {
            seal(before, event.body) for before in self._hashes.get(number - 1, ())
        }
        self._hashes[number] |= should


def _row_faults(rows: Sequence[_Row]) -> Iterator[Fault]:
    in_place = {row.place for row in rows if row.claim == row.place}
    ended = min((row.place for row in rows if _is_end(row)), default=None)
    for row in rows:
        if not row.entry:
            sentence = f"{row} cannot be read: its text was edited."
            yield Fault(row.place, FaultKind.UNREADABLE, sentence)
        elif not row.sound:
            yield Fault(row.place, FaultKind.EDITED, f"{row} was edited.")
        elif row.claim != row.place and row.claim in in_place:
            sentence = f"{row} is there twice: again at place {row.place}."
            yield Fault(row.place, FaultKind.EXTRA, sentence)
        elif row.claim != row.place:
            sentence = f"{row} was moved to place {row.place}."
            yield Fault(row.place, FaultKind.REORDERED, sentence)
        elif ended is not None and row.place > ended:
            sentence = f"{row} was added after the end of the run."
            yield Fault(row.place, FaultKind.EXTRA, sentence)


def _is_end(row: _Row) -> bool:
    entry = row.entry
    return bool(entry and entry.key.kind is EventKind.END and row.claim == row.place)


def _missing(rows: Sequence[_Row]) -> Iterator[Fault]:
    there = {row.claim for row in rows}
    for number in range(1, max(there, default=0)):
        if number not in there:
            sentence = f"event {number} was deleted."
            yield Fault(number, FaultKind.DELETED, sentence)


def _blob_faults(store: JournalStore, rows: Sequence[_Row]) -> Iterator[Fault]:
    needs = [(row, row.entry.blobs) for row in rows if row.entry and row.sound]
    wanted = {sha256 for _, blobs in needs for sha256 in blobs}
    kept = store.blobs(wanted) if wanted else {}
    sound = {sha256 for sha256, text in kept.items() if digest(text) == sha256}
    for row, blobs in needs:
        for sha256 in blobs:
            if sha256 not in sound:
                what = "was edited" if sha256 in kept else "is missing"
                sentence = f"the blob {sha256[:12]}… of {row} {what}."
                yield Fault(row.place, FaultKind.BLOB, sentence)


def _head_faults(events: Sequence[Event], known: JournalHead | None) -> Iterator[Fault]:
    if known is None:
        return
    at = {event.seq: event.hash for event in events}
    last = max(at, default=0)
    if last < known.events:
        sentence = (
            f"the run ends at event {last}, and the head kept outside names "
            f"event {known.events}: the tail was cut."
        )
        yield Fault(last + 1, FaultKind.TRUNCATED, sentence)
    elif at.get(known.events) != known.head:
        sentence = f"event {known.events} is not the one the head kept outside names."
        yield Fault(known.events, FaultKind.HEAD, sentence)
