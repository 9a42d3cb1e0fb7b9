"""An address that takes JSON, on loopback: it keeps all it is handed, twice too."""

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.alerts.chances import Queue
from tests.alerts.loopback import Handler, listening


@dataclass(frozen=True, slots=True)
class Say:
    """What the next request is answered with.

    ``cut`` closes the connection in place of an answer, ``slow`` answers too late,
    ``drip`` never comes to an end.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    how: str = ""


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> dict[str, Any]:
        """Its JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


class WebhookServer:
    """What a test holds: the address, what came, and what is to be said."""

    def __init__(self) -> None:
        self.base = ""
        self.closing = threading.Event()
        self._says: Queue[Say] = Queue()
        self._got: list[Got] = []
        self._lock = threading.Lock()

    @property
    def requests(self) -> tuple[Got, ...]:
        """Everything that came so far, in order."""
        with self._lock:
            return tuple(self._got)

    def say(self, answers: Iterable[Say]) -> None:
        """What the next requests are answered with; after them, ``200 ok``."""
        self._says.add(answers)

    def take(self, got: Got) -> Say:
        """Keep a request, and tell what to say to it."""
        with self._lock:
            self._got.append(got)
        return self._says.take(Say())


class _Hook(Handler):
    hook: WebhookServer

    def answer(self, content: bytes) -> None:
        """One request."""
        said = self.hook.take(Got(self.path, dict(self.headers), content))
        if said.how == "cut":
            self.hang_up()
            return
        if said.how == "slow":
            self.hook.closing.wait(30)
        if said.how == "drip":
            self._drip()
            return
        self.say(said.status, dict(said.headers), said.body)

    def _drip(self) -> None:
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            while not self.hook.closing.wait(0.05):
                self.wfile.write(b".")
                self.wfile.flush()


@contextmanager
def serving() -> Iterator[WebhookServer]:
    """A server on a free port of loopback."""
    hook = WebhookServer()
    with listening(type("_Served", (_Hook,), {"hook": hook})) as hook.base:
        try:
            yield hook
        finally:
            hook.closing.set()
