"""The floor of durability: the events of ours, journalled by hand.

The same events in the same order of waiting, each made JSON text and chained by sha256,
through one thread that commits whatever has gathered (WAL, synchronous=FULL). No keys,
no types, nothing read back, no way to resume.
"""

import asyncio
import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter

_Event = dict[str, object]
_Item = tuple[int, str, str, "asyncio.Future[None]"]


def open_flow(_name: str, folder: Path) -> Callable[[int], float]:
    """Write the events found in ``events-N.json`` beside the folder."""
    writer = Writer(folder / "raw.db")
    return lambda tasks: asyncio.run(_story(writer, _events(folder, tasks)))


def told(events: list[_Event]) -> str:
    """Events as the file :func:`open_flow` reads."""
    return json.dumps(events)


def count(path: Path) -> int:
    """How many events a file holds."""
    with closing(sqlite3.connect(path)) as file:
        number: int = file.execute("SELECT COUNT(*) FROM events").fetchone()[0]
        return number


def _events(folder: Path, tasks: int) -> list[_Event]:
    path = folder.parent / f"events-{tasks}.json"
    events: list[_Event] = json.loads(path.read_text(encoding="utf-8"))
    return events


async def _story(writer: "Writer", events: list[_Event]) -> float:
    tasks = len(events) - 6
    began = perf_counter()
    for event in events[:3]:  # the beginning, the planner's words, the plan
        await writer.write(event)
    async with asyncio.TaskGroup() as group:
        for event in events[3 : 3 + tasks]:
            group.create_task(_act(writer, event))
    for event in events[3 + tasks :]:  # the validator's, the writer's, the end
        await writer.write(event)
    return perf_counter() - began


async def _act(writer: "Writer", event: _Event) -> None:
    await asyncio.sleep(0)
    await writer.write(event)


class Writer:
    """A thread that commits what has gathered."""

    def __init__(self, path: Path) -> None:
        self._made = 0
        self._hash = ""
        self._queue: SimpleQueue[_Item] = SimpleQueue()
        self._file = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False
        )
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=FULL")
        self._file.execute(
            "CREATE TABLE events (seq INTEGER PRIMARY KEY, body TEXT, hash TEXT)"
        )
        Thread(target=self._work, daemon=True).start()

    def write(self, event: _Event) -> "asyncio.Future[None]":
        """Queue an event; awaiting returns when it is durable."""
        waiter = asyncio.get_running_loop().create_future()
        text = json.dumps(event, sort_keys=True)
        self._hash = hashlib.sha256((self._hash + text).encode()).hexdigest()
        self._made += 1
        self._queue.put((self._made, text, self._hash, waiter))
        return waiter

    def _work(self) -> None:
        while True:
            group = [self._queue.get()]
            try:
                while True:
                    group.append(self._queue.get_nowait())
            except Empty:
                pass
            self._file.execute("BEGIN IMMEDIATE")
            self._file.executemany(
                "INSERT INTO events VALUES (?, ?, ?)", [item[:3] for item in group]
            )
            self._file.execute("COMMIT")
            waiters = [item[3] for item in group]
            waiters[0].get_loop().call_soon_threadsafe(_wake, waiters)


def _wake(waiters: list["asyncio.Future[None]"]) -> None:
    for waiter in waiters:
        waiter.set_result(None)
