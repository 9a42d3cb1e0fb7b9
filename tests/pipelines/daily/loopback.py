"""A receiver on loopback that takes every message it is given, again and again."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import NamedTuple

MOST_FAULTS = 3
REFUSED = "gone"
"""The recipient who is always refused."""
# What happens to a request, and whether the message was taken then.
_FAULTS = ("ok", "ok", "busy", "down", "cut", "cut", "dropped", "ok")
_STATUS = {"ok": 200, "busy": 429, "down": 503, "refuse": 403}


class Arrival(NamedTuple):
    """A message that was taken, whatever its sender heard of it."""

    item: str
    version: int
    recipient: str
    repeat: bool


class Loopback:
    """What arrived, by run; faults are drawn from the run's seed, its first tries."""

    def __init__(self) -> None:
        self.arrived: defaultdict[str, list[Arrival]] = defaultdict(list)
        self.lost: Counter[str] = Counter()
        self._asked: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()
        self.port = 0

    def take(self, run: str, said: dict[str, object]) -> str:
        """Draw what happens to a request, and note it."""
        key, seed = str(said["key"]), run.partition("-")[0]
        with self._lock:
            self._asked[run, key] += 1
            number = self._asked[run, key]
            digest = sha256(f"{seed}/{key}/{number}".encode()).digest()
            fault = _FAULTS[digest[0] % len(_FAULTS)] if seed else "ok"
            if number > MOST_FAULTS:
                fault = "ok"
            if said["recipient"] == REFUSED:
                fault = "refuse"
            if fault in {"ok", "cut"}:
                told = (said[name] for name in Arrival._fields)
                self.arrived[run].append(Arrival(*told))  # type: ignore[arg-type]  # JSON
            self.lost[run] += fault == "cut"
        return fault


@contextmanager
def loopback() -> Iterator[Loopback]:
    """A receiver while the block runs; ``POST /RUN`` with the message as JSON."""
    state = Loopback()

    class Post(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fault = state.take(self.path.strip("/"), json.loads(body))
            status = _STATUS.get(fault)
            if status is not None:
                self.send_response(status)
                self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
