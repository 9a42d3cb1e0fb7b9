"""An exported run: verified and replayed elsewhere, damage told."""

import asyncio
from pathlib import Path

import pytest

from dexter.errors import IntegrityError, UnknownRunError
from dexter.journal import Journal, MemoryJournalStore, export, load, verify
from tests.journal.scenes import SAMPLE, World, record, whole


def test_a_bundle_replays_and_verifies_where_the_store_is_not(tmp_path: Path) -> None:
    store, told, journal = record(SAMPLE, World(fickle=True))
    path = tmp_path / "run.jsonl"
    assert export(store, "run-1", path) == journal.head
    bundle = load(path)
    assert (bundle.run_id, bundle.head) == ("run-1", journal.head)
    assert verify(bundle.store, "run-1", journal.head).ok
    replay = Journal.replay(bundle.store, "run-1")
    assert asyncio.run(whole(replay, World(), SAMPLE)) == told
    assert list(tmp_path.iterdir()) == [path]
    export(bundle.store, "run-1", tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()


def test_an_unknown_run_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(UnknownRunError):
        export(MemoryJournalStore(), "run-1", tmp_path / "run.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_every_flipped_byte_of_a_bundle_is_told(tmp_path: Path) -> None:
    store, _, journal = record(SAMPLE, World())
    path = tmp_path / "run.jsonl"
    export(store, "run-1", path)
    sound = path.read_bytes()
    header = sound.index(b"\n")
    for place in range(0, len(sound), 17):
        flipped = bytearray(sound)
        flipped[place] ^= 1 << place % 7
        path.write_bytes(flipped)
        try:
            bundle = load(path)
            found = verify(bundle.store, "run-1", journal.head)
        except (IntegrityError, UnknownRunError):
            continue
        whole_ = found.ok and bundle.head == journal.head
        # What is left is spacing, or a case of the same text.
        assert not whole_ or place <= header or load(path).store.events == store.events


def test_missing_and_lost_lines_are_told(tmp_path: Path) -> None:
    store, _, journal = record(SAMPLE, World())
    path = tmp_path / "run.jsonl"
    export(store, "run-1", path)
    lines = path.read_text().splitlines()
    for number in range(1, len(lines)):
        path.write_text("\n".join(lines[:number] + lines[number + 1 :]))
        assert not verify(load(path).store, "run-1", journal.head).ok


@pytest.mark.parametrize("text", ["", "{}", "[]", "nonsense", '{"format": "other"}'])
def test_another_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(text)
    with pytest.raises(IntegrityError, match=r"other\.jsonl"):
        load(path)
    with pytest.raises(IntegrityError):
        load(tmp_path / "absent.jsonl")
