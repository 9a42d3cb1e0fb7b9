"""A deliverer that kills itself at a point: ``python -m tests.pipelines.daily.killed``.

It reads a life a line from stdin as JSON, forks it, and answers with how it ended. The
points are named: before, within and after every write, and before a send, when the
other side has it, and when its answer is here. Nothing of dexter knows of them.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import local
from typing import Any

from sqlalchemy.engine import Connection

from dexter.domain.delivery import Delivery, Message, Receipt
from dexter.errors import (
    ChannelBusyError,
    ChannelDownError,
    ChannelRefusedError,
    ReplyLostError,
)
from dexter.store.database import Database
from dexter.store.outbox import Outbox
from pipelines.daily.delivering import deliver
from tests.pipelines.daily.outbox_scenes import Clock, operating, person

CHANNELS = ("telegram", "email")
WRITES = ("begin", "sent", "again", "lost", "dead", "hold", "supersede", "post")
PATIENCE = timedelta(hours=8)
_SAID = {b"503": ChannelDownError, b"403": ChannelRefusedError}


class Points:
    """The points of a life, each with its name; at one of them it ends.

    That one is given by its name and how often it came, or by its number.
    """

    def __init__(self, log: Path, at: str | int | None) -> None:
        self._log = log.open("a", encoding="utf-8")
        self._at = at
        self._seen: Counter[str] = Counter()

    def reach(self, name: str) -> None:
        self._seen[name] += 1
        label = f"{name} #{self._seen[name]}"
        if self._at in {label, self._seen.total()}:
            os.kill(os.getpid(), signal.SIGKILL)
        self._log.write(f"{label}\n")
        self._log.flush()


class Wire:
    """A channel that asks the loopback receiver, once."""

    def __init__(self, name: str, port: int, run: str, points: Points) -> None:
        self._name = name
        self._port = port
        self._run = run
        self._points = points

    @property
    def name(self) -> str:
        return self._name

    async def send(self, message: Message, recipient: str) -> Receipt:
        self._points.reach(f"before send {message.key}")
        answer = await self._ask(message, recipient)
        self._points.reach(f"answered {message.key}")
        status = answer.split()[1:2]
        if status == [b"200"]:
            return Receipt("taken")
        if status == [b"429"]:
            raise ChannelBusyError(self._name, 20)
        raise _SAID.get(status[0] if status else b"", ReplyLostError)(answer.decode())

    async def _ask(self, message: Message, recipient: str) -> bytes:
        item = message.key.split(f"/{message.version}/{self._name}/")[0]
        body = json.dumps(
            {
                "key": message.key,
                "item": item,
                "version": message.version,
                "recipient": recipient,
                "repeat": message.repeat,
            }
        ).encode()
        head = f"POST /{self._run} HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(head.encode() + body)
            first = await reader.read(1)
            # It answers, or hangs up, once it has taken the message or will not.
            self._points.reach(f"got {message.key}")
            return first + await reader.read()
        finally:
            writer.close()


def main() -> None:
    for line in sys.stdin:
        life = json.loads(line)
        child = os.fork()
        if child == 0:
            _live_and_exit(life)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _live_and_exit(life: dict[str, Any]) -> None:
    code = 1
    try:
        asyncio.run(_live(life))
        code = 0
    finally:
        os._exit(code)


async def _live(life: dict[str, Any]) -> None:
    points = Points(Path(life["log"]), life["kill_at"])
    _watch(points)
    clock = Clock(datetime.fromisoformat(life["now"]))
    wires = [Wire(name, life["port"], life["run"], points) for name in CHANNELS]
    people = (
        *(person(name) for name in ("me", "desk", "gone")),
        person("post", "email"),
    )
    await deliver(
        Database.open(Path(life["home"])),
        {wire.name: wire for wire in wires},
        operating(*people),
        clock,
        patience=PATIENCE,
        sleep=clock.sleep,
    )


def _watch(points: Points) -> None:
    """Make every write of the outbox, and its commit, a point."""
    writing = local()
    write = Database.write

    @contextmanager
    def watched(self: Database) -> Iterator[Connection]:
        with write(self) as connection:
            yield connection
            points.reach(f"within {writing.name}")

    Database.write = watched  # type: ignore[method-assign]  # the point of this
    for name in WRITES:
        setattr(Outbox, name, _watched(name, points, writing))


def _watched(name: str, points: Points, writing: local) -> Callable[..., object]:
    do = getattr(Outbox, name)

    def step(self: Outbox, what: object, *rest: object, **named: object) -> object:
        which = str(what.key) if isinstance(what, Delivery) else ""
        writing.name = f"{name} {which}"
        points.reach(f"before {writing.name}")
        done = do(self, what, *rest, **named)
        points.reach(f"after {name} {which}")
        return done

    return step


if __name__ == "__main__":
    main()
