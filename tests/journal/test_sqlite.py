"""The SQLite store: durable before used, fenced, and stopped by the first failure."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from dexter.domain.research import JournalHead
from dexter.domain.run import RunStatus
from dexter.errors import (
    JournalError,
    RunBusyError,
)
from dexter.journal import Journal, MemoryJournalStore, SqliteJournalStore, verify
from tests.journal.scenes import HEADER, SAMPLE, World, whole


async def _give(value: str) -> str:
    return value


async def _never() -> str:
    pytest.fail("a recorded step was performed again")


async def test_a_run_is_recorded_listed_replayed_and_verified(
    store: SqliteJournalStore,
) -> None:
    assert store.runs() == ()
    assert not store.path.exists()
    journal = Journal.begin(store, "run-1", HEADER)
    told = await whole(journal, World(fickle=True), SAMPLE)
    assert await whole(Journal.replay(store, "run-1"), World(), SAMPLE) == told
    assert verify(store, "run-1", journal.head).ok
    (listed,) = store.runs()
    assert listed.status is RunStatus.FINISHED
    assert (listed.events, listed.query) == (journal.head.events, HEADER["query"])
    assert list(store.locks.iterdir()) == []
    assert not [t for t in threading.enumerate() if t.name == "dexter-journal"]


async def test_the_same_run_has_the_same_events_in_memory_and_on_disk(
    store: SqliteJournalStore,
) -> None:
    memory = MemoryJournalStore()
    heads = []
    for kept in (store, memory):
        journal = Journal.begin(kept, "run-1", HEADER)
        await journal.step("a", {"x": "é" * 2000}, lambda: _give("₹" * 2000), str)
        await journal.finish("finished", {})
        heads.append(journal.head)
    assert heads[0] == heads[1]
    assert list(store.read("run-1")) == list(memory.read("run-1"))
    assert store.blobs(memory.texts) == memory.texts


async def test_a_result_is_used_only_when_another_connection_sees_it(
    store: SqliteJournalStore,
) -> None:
    journal = Journal.begin(store, "run-1", HEADER)

    async def work(task: int) -> None:
        for number in range(5):
            await journal.step("a", {"at": [task, number]}, lambda: _give("x"), str)
            wanted = f'"at":[{task},{number}]'
            assert any(wanted in event.body for event in store.read("run-1"))

    async with asyncio.TaskGroup() as group:
        for task in range(8):
            group.create_task(work(task))
    journal.close()


async def test_a_cancelled_waiter_loses_nothing(store: SqliteJournalStore) -> None:
    journal = Journal.begin(store, "run-1", HEADER)

    async def work(number: int) -> str:
        return await journal.step("a", {"n": number}, lambda: _give("x"), str)

    tasks = [asyncio.create_task(work(number)) for number in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.wait(tasks)
    assert [task.cancelled() for task in tasks] == [True, False] * 10
    journal.close()
    assert verify(store, "run-1", journal.head).ok
    resumed = Journal.resume(store, "run-1")
    for number in range(20):
        assert await resumed.step("a", {"n": number}, _never, str) == "x"
    resumed.close()


async def test_runs_in_one_process_share_a_file_and_do_not_disturb_each_other(
    store: SqliteJournalStore,
) -> None:
    async def one(run: int) -> JournalHead:
        journal = Journal.begin(store, f"run-{run}", HEADER)
        await whole(journal, World(pace=run), SAMPLE)
        return journal.head

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(run)) for run in range(6)]
    for run, task in enumerate(tasks):
        assert verify(store, f"run-{run}", task.result()).ok


async def test_of_two_recoverers_and_the_original_one_writes(
    store: SqliteJournalStore,
) -> None:
    original = Journal.begin(store, "run-1", HEADER)
    await original.note("plan", {})
    elsewhere = SqliteJournalStore(store.path)
    with pytest.raises(RunBusyError):
        Journal.resume(elsewhere, "run-1")
    original.close()
    first = Journal.resume(store, "run-1")
    with pytest.raises(RunBusyError):
        Journal.resume(elsewhere, "run-1")
    await first.finish("finished", {})
    assert verify(store, "run-1", first.head).ok


async def test_a_writer_that_lost_its_lease_is_fenced_and_its_neighbours_go_on(
    store: SqliteJournalStore,
) -> None:
    slow = Journal.begin(store, "run-1", HEADER)
    neighbour = Journal.begin(store, "run-2", HEADER)
    await slow.note("plan", {})
    for lock in store.locks.glob("run-1*"):
        lock.unlink()  # As if the machine had given it away.
    fast = Journal.resume(SqliteJournalStore(store.path), "run-1")
    await fast.note("plan", {"more": 1})
    results = [
        asyncio.create_task(work)
        for work in (slow.note("late", {}), neighbour.note("plan", {}))
    ]
    await asyncio.wait(results)
    assert type(results[0].exception()) is RunBusyError
    assert results[1].exception() is None
    with pytest.raises(RunBusyError):
        await slow.note("later", {})
    await fast.finish("finished", {})
    slow.close()
    neighbour.close()
    assert verify(store, "run-1", fast.head).ok
    assert verify(store, "run-2", neighbour.head).ok


async def test_a_fenced_writer_writes_none_of_what_it_had_queued(
    store: SqliteJournalStore,
) -> None:
    slow = Journal.begin(store, "run-1", HEADER)
    await slow.note("plan", {})
    insert = "INSERT INTO events VALUES ('run-1', 3, '{}', 'of another writer')"
    late: list[asyncio.Task[None]] = []
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # The writer has to wait for this.
        other.execute(insert)
        for number in range(5):
            late.append(asyncio.create_task(slow.note("late", {"n": number})))
            for _ in range(50):
                await asyncio.sleep(0)
        other.execute("COMMIT")
    await asyncio.wait(late)
    assert {type(task.exception()) for task in late} == {RunBusyError}
    assert [event.seq for event in store.read("run-1")] == [1, 2, 3]
    slow.close()


ROOT = Path(__file__).resolve().parents[2]
_CHILD = """
import asyncio, sys
from pathlib import Path
from dexter.journal import Journal, SqliteJournalStore

async def main():
    journal = Journal.begin(SqliteJournalStore(Path(sys.argv[1])), "run-1", {})
    async def do():
        return "kept"
    for number in range(10**6):
        await journal.step("a", {"n": number}, do, str)
        print(number, flush=True)
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a POSIX signal")
async def test_a_killed_process_leaves_an_interrupted_run_that_resumes(
    store: SqliteJournalStore,
) -> None:
    child = subprocess.Popen(  # noqa: ASYNC220, S603 - our own code, before any task
        [sys.executable, "-c", _CHILD, str(store.path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
    )
    assert child.stdout is not None
    with child.stdout as said:
        while int(said.readline()) < 20:
            pass
        assert store.runs()[0].status is RunStatus.RUNNING
        with pytest.raises(RunBusyError):
            Journal.resume(store, "run-1")
        child.send_signal(signal.SIGKILL)
        last = max(int(line) for line in [b"20", *said.readlines()] if line.strip())
    child.wait()
    assert store.runs()[0].status is RunStatus.INTERRUPTED
    resumed = Journal.resume(store, "run-1")
    for number in range(last + 1):
        assert await resumed.step("a", {"n": number}, _never, str) == "kept"
    await resumed.finish("finished", {})
    assert verify(store, "run-1", resumed.head).ok
    assert store.runs()[0].status is RunStatus.FINISHED


async def test_ctrl_c_marks_the_run_and_it_can_be_resumed(
    store: SqliteJournalStore,
) -> None:
    journal = Journal.begin(store, "run-1", HEADER)
    await journal.note("plan", {})
    assert journal.interrupt("Ctrl-C")
    assert not journal.interrupt("again")
    with pytest.raises(JournalError, match="closed"):
        await journal.note("late", {})
    (listed,) = store.runs()
    assert (listed.status, listed.events) == (RunStatus.INTERRUPTED, 3)
    resumed = Journal.resume(store, "run-1")
    await resumed.note("plan", {})
    await resumed.finish("finished", {})
    assert resumed.head.events == 5


async def test_a_run_that_is_cut_while_it_ends_has_ended(
    store: SqliteJournalStore,
) -> None:
    journal = Journal.begin(store, "run-1", HEADER)
    ending = asyncio.ensure_future(journal.finish("finished", {}))
    await asyncio.sleep(0)
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert not journal.interrupt("Ctrl-C")
    assert verify(store, "run-1", journal.head).ok
    assert store.runs()[0].status is RunStatus.FINISHED


def test_a_run_can_be_begun_and_marked_without_an_event_loop(
    store: SqliteJournalStore,
) -> None:
    journal = Journal.begin(store, "run-1", HEADER)
    assert journal.interrupt("before it began")
    assert verify(store, "run-1", journal.head).ok


async def test_memory_and_disk_list_alike(store: SqliteJournalStore) -> None:
    memory = MemoryJournalStore()
    for kept in (store, memory):
        await whole(Journal.begin(kept, "run-1", HEADER), World(), SAMPLE)
    assert store.runs() == memory.runs()
