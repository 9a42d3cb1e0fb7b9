"""Damage to the SQLite file: located, or told in a sentence, never a traceback."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress

import pytest

from dexter.domain.research import JournalHead
from dexter.errors import DexterError, IntegrityError
from dexter.journal import Journal, SqliteJournalStore, verify
from dexter.journal.events import Event
from tests.journal.scenes import HEADER, SAMPLE, World, whole


def _sql(store: SqliteJournalStore, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(store.path)) as file, file:
        assert file.execute(statement, values).rowcount >= 1


def _finished(store: SqliteJournalStore) -> JournalHead:
    async def go() -> JournalHead:
        journal = Journal.begin(store, "run-1", HEADER)
        await whole(journal, World(), SAMPLE)
        return journal.head

    return asyncio.run(go())


EDITS: dict[str, tuple[str, str, int]] = {
    "body": (
        "UPDATE events SET body = CAST(x'FF' || body AS TEXT) WHERE seq = 5",
        "unreadable",
        5,
    ),
    "hash": ("UPDATE events SET hash = 'x' || hash WHERE seq = 5", "edited", 5),
    "place": ("UPDATE events SET seq = 99 WHERE seq = 5", "reordered", 99),
    "no place": ("UPDATE events SET seq = 'five' WHERE seq = 5", "reordered", 0),
    "run": ("UPDATE events SET run_id = 'run-2' WHERE seq = 5", "deleted", 5),
    "gone": ("DELETE FROM events WHERE seq = 5", "deleted", 5),
    "tail": ("DELETE FROM events WHERE seq = 13", "truncated", 13),
    "blob": ("UPDATE blobs SET content = content || ' '", "blob", 0),
    "address": ("UPDATE blobs SET sha256 = 'f' || sha256", "blob", 0),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_made_with_sql_is_located(store: SqliteJournalStore, name: str) -> None:
    statement, kind, seq = EDITS[name]
    head = _finished(store)
    assert head.events == 13
    _sql(store, statement)
    found = verify(store, "run-1", head)
    assert not found.ok
    assert kind in [f.kind for f in found.faults if f.seq == seq or kind == "blob"]
    # A cut tail only the head kept outside can show.
    with nullcontext() if name == "tail" else pytest.raises(IntegrityError):
        Journal.replay(store, "run-1")
    assert "run-1" in [run.run_id for run in store.runs()]


def test_a_flipped_byte_anywhere_in_the_file_is_told_or_touches_nothing(
    store: SqliteJournalStore,
) -> None:
    head = _finished(store)
    events: list[Event] = list(store.read("run-1"))
    sound = store.path.read_bytes()
    untouched, step = 0, len(sound) // 250
    # The header and schema byte by byte, the rest by samples.
    places = [*range(120), *range(120, len(sound), step)]
    for place in places:
        flipped = bytearray(sound)
        flipped[place] ^= 1 << place % 8
        store.path.write_bytes(flipped)
        with suppress(DexterError):
            found = verify(store, "run-1", head)
            if found.ok:
                assert list(store.read("run-1")) == events
                untouched += 1
    assert untouched < len(places) - 100


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: b"not a database at all" * len(raw),
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw[:100] + bytes(byte ^ 90 for byte in raw[100:]),
    ],
    ids=["foreign", "half", "noise"],
)
def test_a_damaged_file_is_one_sentence(
    store: SqliteJournalStore, damage: Callable[[bytes], bytes]
) -> None:
    head = _finished(store)
    store.path.write_bytes(damage(store.path.read_bytes()))
    with pytest.raises(IntegrityError, match="is damaged"):
        verify(store, "run-1", head)
    for ask in (store.runs, lambda: Journal.begin(store, "run-9", HEADER)):
        with pytest.raises(IntegrityError, match="is damaged"):
            ask()
    assert list(store.locks.iterdir()) == []
