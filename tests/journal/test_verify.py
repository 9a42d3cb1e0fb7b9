"""Every single edit, deletion, swap, copy, cut and flipped byte is located."""

from collections.abc import Iterator

import pytest

from dexter.domain.research import JournalHead
from dexter.errors import IntegrityError, UnknownRunError
from dexter.journal import FaultKind, Journal, MemoryJournalStore, Verification, verify
from dexter.journal.events import Event, seal
from tests.journal.scenes import SAMPLE, World, cut, record

STORE, _, JOURNAL = record(SAMPLE, World())
EVENTS = STORE.read("run-1")
HEAD = JOURNAL.head
EVERY = range(1, HEAD.events + 1)


def _with(events: list[Event]) -> MemoryJournalStore:
    store = MemoryJournalStore()
    store.events["run-1"] = events
    store.texts = dict(STORE.texts)
    return store


def _found(events: list[Event], head: JournalHead | None = HEAD) -> Verification:
    return verify(_with(events), "run-1", head)


def _flips(text: str) -> Iterator[str]:
    raw = text.encode()
    for place in range(len(raw)):
        flipped = bytearray(raw)
        flipped[place] ^= 1 << place % 8
        yield flipped.decode("utf-8", "surrogateescape")


def test_an_untouched_run_is_whole() -> None:
    assert verify(STORE, "run-1", HEAD) == Verification(
        ok=True, events=HEAD.events, head=HEAD.head, faults=()
    )
    assert len(STORE.texts) >= 2
    with pytest.raises(UnknownRunError):
        verify(STORE, "run-2")


@pytest.mark.parametrize("seq", EVERY)
def test_every_flipped_byte_of_a_body_or_hash_is_located(seq: int) -> None:
    event = EVENTS[seq - 1]
    edits = [event._replace(body=body) for body in _flips(event.body)]
    edits += [event._replace(hash=hash_) for hash_ in _flips(event.hash)]
    for edit in edits:
        events = list(EVENTS)
        events[seq - 1] = edit
        faults = _found(events, None).faults
        assert {fault.seq for fault in faults} == {seq}, edit
        assert f"event {seq}" in faults[0].sentence


def test_an_edit_is_told_with_the_step_it_changed() -> None:
    seq = next(e.seq for e in EVENTS if '"name":"prices.history"' in e.body)
    event = EVENTS[seq - 1]
    events = list(EVENTS)
    events[seq - 1] = event._replace(body=event.body.replace("2025", "2024"))
    (fault,) = _found(events).faults
    assert fault.kind is FaultKind.EDITED
    assert fault.sentence.startswith(f"event {seq} (step prices.history in /task:t")
    assert fault.sentence.endswith("was edited.")
    with pytest.raises(IntegrityError, match="cannot be trusted: event"):
        Journal.replay(_with(events), "run-1")


@pytest.mark.parametrize("seq", EVERY[:-1])
def test_a_deleted_event_is_located(seq: int) -> None:
    events = [event for event in EVENTS if event.seq != seq]
    assert [(f.seq, f.kind) for f in _found(events).faults] == [(seq, "deleted")]
    closed = [event._replace(seq=place) for place, event in enumerate(events, 1)]
    faults = [(fault.seq, fault.kind) for fault in _found(closed).faults]
    # The last event has no follower to vouch that it was moved up.
    located = FaultKind.DELETED if seq < HEAD.events - 1 else FaultKind.EDITED
    assert (seq, located) in faults


@pytest.mark.parametrize("events", range(HEAD.events))
def test_a_cut_tail_is_shown_by_the_head_kept_outside(events: int) -> None:
    left = cut(STORE, events)
    found = verify(left, "run-1", HEAD)
    assert [(f.seq, f.kind) for f in found.faults] == [(events + 1, "truncated")]
    if events:
        assert verify(left, "run-1").ok


def test_swapped_events_are_located() -> None:
    for one in EVERY:
        for two in range(one + 1, HEAD.events + 1):
            events = list(EVENTS)
            events[one - 1] = EVENTS[two - 1]._replace(seq=one)
            events[two - 1] = EVENTS[one - 1]._replace(seq=two)
            faults = {(f.seq, f.kind) for f in _found(events).faults}
            both = {(one, "reordered"), (two, "reordered")}
            assert both <= faults
            assert {seq for seq, kind in faults - both} <= {HEAD.events}


def test_a_copied_event_is_located_wherever_it_stands() -> None:
    for seq in EVERY:
        for place in {1, 2, HEAD.events, HEAD.events + 1} - {seq}:
            events = [event for event in EVENTS if event.seq != place]
            events.append(EVENTS[seq - 1]._replace(seq=place))
            events.sort()
            faults = {(f.seq, f.kind) for f in _found(events).faults}
            assert (place, "extra") in faults


def test_an_event_of_another_run_or_after_the_end_is_located() -> None:
    other = MemoryJournalStore()
    foreign = Journal.begin(other, "run-2", {"query": "?"})
    foreign.close()
    events = [other.read("run-2")[0], *EVENTS[1:]]
    assert (1, "edited") in [(f.seq, f.kind) for f in _found(events).faults]
    body = EVENTS[1].body.replace('"event":2', f'"event":{HEAD.events + 1}')
    more = Event(HEAD.events + 1, body, seal(HEAD.head, body))
    (fault,) = _found([*EVENTS, more]).faults
    assert (fault.seq, fault.kind) == (HEAD.events + 1, FaultKind.EXTRA)


def test_a_record_rewritten_whole_is_shown_by_the_head_kept_outside() -> None:
    store, _, journal = record(SAMPLE, World(fickle=True))
    assert journal.head.events == HEAD.events
    assert verify(store, "run-1").ok
    faults = verify(store, "run-1", HEAD).faults
    assert [(f.seq, f.kind) for f in faults] == [(HEAD.events, "head")]


def test_an_older_head_is_good_as_well() -> None:
    older = JournalHead(4, EVENTS[3].hash)
    assert verify(STORE, "run-1", older).ok
    assert not verify(STORE, "run-1", JournalHead(4, EVENTS[2].hash)).ok


def test_every_damaged_or_missing_blob_is_located() -> None:
    for sha256, text in STORE.texts.items():
        users = [e.seq for e in EVENTS if sha256 in e.body]
        for edited in [*list(_flips(text))[::97], text + " ", ""]:
            store = _with(list(EVENTS))
            store.texts[sha256] = edited
            faults = verify(store, "run-1", HEAD).faults
            assert [(f.seq, f.kind) for f in faults] == [(s, "blob") for s in users]
            assert "was edited" in faults[0].sentence
        store = _with(list(EVENTS))
        del store.texts[sha256]
        store.texts["0" * 64] = text
        assert "is missing" in verify(store, "run-1").faults[0].sentence
