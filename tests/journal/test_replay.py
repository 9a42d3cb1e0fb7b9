"""Record, replay, resume: any graph, any interleaving, any moment of death."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.domain.run import RunStatus
from dexter.errors import (
    IntegrityError,
    ReplayMissError,
    RunBusyError,
    UnknownRunError,
    UsageError,
)
from dexter.journal import Journal, MemoryJournalStore, verify
from dexter.journal.events import EventKind, parse
from tests.journal.scenes import (
    BRANCHES,
    HEADER,
    SAMPLE,
    Branch,
    World,
    cut,
    record,
    whole,
)

FEW = settings(max_examples=40, deadline=None)


async def _again(journal: Journal, world: World, branch: Branch) -> object:
    return await whole(journal, world, branch)


@FEW
@given(branch=BRANCHES, pace=st.integers(0, 4), other=st.integers(0, 4))
def test_any_interleaving_replays_without_touching_the_world(
    branch: Branch, pace: int, other: int
) -> None:
    store, told, journal = record(branch, World(fickle=True, pace=pace))
    untouched = World(fickle=True, pace=other)
    replay = Journal.replay(store, "run-1")
    assert asyncio.run(_again(replay, untouched, branch)) == told
    assert untouched.calls == []
    assert replay.head == journal.head
    assert replay.header == HEADER
    assert verify(store, "run-1", journal.head).ok


@FEW
@given(branch=BRANCHES, paces=st.tuples(st.integers(0, 4), st.integers(0, 4)))
def test_killed_at_every_event_it_resumes_to_the_same_end(
    branch: Branch, paces: tuple[int, int]
) -> None:
    world = World(pace=paces[0])
    store, told, journal = record(branch, world)
    for events in range(1, journal.head.events):
        left = cut(store, events)
        done = {
            entry.given
            for entry in (parse(event.body) for event in left.read("run-1"))
            if entry.key.kind is EventKind.STEP
        }
        second = World(pace=paces[1])
        resumed = Journal.resume(left, "run-1")
        assert asyncio.run(_again(resumed, second, branch)) == told
        assert not [call for call in second.calls for text in done if call in str(text)]
        assert len(second.calls) + len(done) == len(world.calls)
        assert verify(left, "run-1", resumed.head).ok
        replayed = asyncio.run(_again(Journal.replay(left, "run-1"), World(), branch))
        assert replayed == told


def test_two_deaths_and_a_third_try() -> None:
    store, told, journal = record(SAMPLE, World())
    for first in range(1, journal.head.events - 1):
        left = cut(store, first)
        with pytest.raises(ConnectionError):
            asyncio.run(_break_off(Journal.resume(left, "run-1")))
        resumed = Journal.resume(left, "run-1")
        assert asyncio.run(_again(resumed, World(pace=2), SAMPLE)) == told
        assert verify(left, "run-1", resumed.head).ok


async def _break_off(journal: Journal) -> None:
    """Do some of the work, then die without a word."""

    async def fail() -> str:
        raise ConnectionError

    try:
        await journal.note("attempt", {"again": True})
        await journal.step("broken.call", {}, fail, str)
    finally:
        journal.close()


def test_replay_names_the_step_nobody_recorded() -> None:
    store, _, _ = record(SAMPLE, World())
    replay = Journal.replay(store, "run-1")

    async def other() -> None:
        with replay.span("task:t"), replay.span("deeper"):
            await replay.step("prices.index", {"name": "NIFTY_500"}, _never, str)

    with pytest.raises(ReplayMissError, match=r"'prices.index' in span '/task:t/deepe"):
        asyncio.run(other())


async def _never() -> str:
    pytest.fail("replay touched the world")


@pytest.mark.parametrize("status", ["failed", "finished"])
def test_replay_holds_notes_and_the_end_against_the_record(status: str) -> None:
    store, _, _ = record(Branch(()), World())

    async def noting() -> None:
        await Journal.replay(store, "run-1").note("task", {"name": "other", "steps": 0})

    async def ending() -> None:
        await Journal.replay(store, "run-1").finish(status, {"steps": 99})

    with pytest.raises(IntegrityError, match="'task'"):
        asyncio.run(noting())
    with pytest.raises(IntegrityError, match=f"'{status}'"):
        asyncio.run(ending())


async def test_a_note_made_before_the_death_is_not_made_again() -> None:
    store = MemoryJournalStore()
    first = Journal.begin(store, "run-1", HEADER)
    await first.note("plan", {"tasks": ["t1"]})
    first.close()
    resumed = Journal.resume(store, "run-1")
    await resumed.note("plan", {"tasks": ["t1"]})
    await resumed.note("plan", {"tasks": ["t1"]})
    await resumed.finish("finished", {})
    kinds = [parse(event.body).key.kind for event in store.read("run-1")]
    assert kinds == ["begin", "note", "resume", "note", "end"]
    assert Journal.replay(store, "run-1").recorded("plan") == (
        {"tasks": ["t1"]},
        {"tasks": ["t1"]},
    )


async def test_a_finished_run_is_not_resumed_nor_begun_again() -> None:
    store = MemoryJournalStore()
    journal = Journal.begin(store, "run-1", HEADER)
    with pytest.raises(RunBusyError):
        Journal.resume(store, "run-1")
    await journal.finish("finished", {})
    with pytest.raises(UsageError, match="has ended"):
        Journal.resume(store, "run-1")
    with pytest.raises(UsageError, match="already"):
        Journal.begin(store, "run-1", HEADER)
    with pytest.raises(UnknownRunError):
        Journal.resume(store, "run-2")
    assert store.held == set()


async def test_runs_are_listed_newest_first_with_how_they_stand() -> None:
    store = MemoryJournalStore()
    hours = {"finished": 9, "failed": 10, "left": 11, "stopped": 12, "going": 13}
    runs = {
        name: Journal.begin(
            store, name, {**HEADER, "started": f"2025-07-10T{hour:02}:00:00+05:30"}
        )
        for name, hour in hours.items()
    }
    await runs["finished"].finish("answered", {})
    await runs["failed"].finish("failed", {"reason": "no model"})
    runs["left"].close()
    assert runs["stopped"].interrupt("Ctrl-C")
    listed = store.runs()
    assert [(run.run_id, run.status, run.events) for run in listed] == [
        ("going", RunStatus.RUNNING, 1),
        ("stopped", RunStatus.INTERRUPTED, 2),
        ("left", RunStatus.INTERRUPTED, 1),
        ("failed", RunStatus.FAILED, 2),
        ("finished", RunStatus.FINISHED, 2),
    ]
    assert (listed[0].query, listed[0].model) == ("How did TCS do?", "offline")
