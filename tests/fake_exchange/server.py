"""The exchange on loopback: a real socket, answered byte by byte."""

import asyncio
import gzip
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.fake_exchange import bse
from tests.fake_exchange.desk import Desk
from tests.fake_exchange.script import Fault, Script
from tests.fake_exchange.wire import (
    REASONS,
    TYPES,
    Reply,
    Request,
    conditional,
    html_reply,
    json_reply,
)
from tests.fake_exchange.world import World

_TEXTS = {"json", "html", "xml"}
_WORTH_PACKING = 500
_PIECES, _PAUSE = 20, 0.02


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as the server saw it; ``at`` is in seconds of a monotonic clock."""

    method: str
    target: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    at: float
    status: int
    fault: str | None


class Server:
    """What a test holds: the address, the clock's world, and who asked for what."""

    def __init__(self, world: World, script: Script | None = None) -> None:
        self.world = world
        self.script = script or Script()
        self.desk = Desk(world)
        self.base = ""
        self._seen: list[Seen] = []
        self._open: set[asyncio.Task[None]] = set()

    @property
    def requests(self) -> tuple[Seen, ...]:
        """Everything asked so far, in order."""
        return tuple(self._seen)

    def count(self, pattern: str = "") -> int:
        """Requests whose address matches a regular expression."""
        return sum(bool(re.search(pattern, one.target)) for one in self.requests)

    def repeated(self, pattern: str = "") -> dict[str, int]:
        """Addresses asked for more than once, with how often."""
        found = Counter(s.target for s in self.requests if re.search(pattern, s.target))
        return {target: times for target, times in found.items() if times > 1}

    def forget(self) -> None:
        """Start counting afresh."""
        self._seen.clear()

    def environment(self) -> dict[str, str]:
        """Variables that point dexter here."""
        names = ("BSE", "NSE", "NSE_ARCHIVES", "YAHOO")
        return {f"DEXTER_{name}_BASE_URL": self.base for name in names}

    async def start(self, host: str, port: int) -> asyncio.Server:
        """Listen, in the running loop."""
        server = await asyncio.start_server(self._connected, host, port)
        name, number = server.sockets[0].getsockname()[:2]
        self.base = self.desk.base = f"http://{name}:{number}"
        return server

    async def stop(self) -> None:
        """Hang up on everybody."""
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=2)

    async def _connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        if task:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        with suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
        ):
            while await self._one(reader, writer):
                pass
        writer.close()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """One request; whether the connection lives on."""
        head = await reader.readuntil(b"\r\n\r\n")
        request = Request.parse(head[:-4])
        fault = self.script.pick(request)
        reply = self._reply(request, fault)
        kind = fault.kind if fault else None
        now = asyncio.get_running_loop().time()
        self._seen.append(
            Seen(
                request.method,
                request.target,
                request.path,
                request.query,
                request.headers,
                now,
                reply.status,
                kind,
            )
        )
        if kind == "drop":
            return False
        keep = await _send(request, reply, fault, writer)
        return keep and request.headers.get("connection", "").lower() != "close"

    def _reply(self, request: Request, fault: Fault | None) -> Reply:
        if fault and fault.kind == "page_shift":
            self.world.now = self.world.next_arrival()
        if fault and fault.kind == "cookie_expired":
            self.desk.forget()
        if fault and (instead := _instead(fault)):
            return instead
        reply = self.desk.answer(request)
        for field, to in self.script.renamed(request, self.world.now.date()):
            reply.body = _rename(reply, field, to)
        if fault and fault.kind == "empty_table":
            reply = _emptied(reply)
        return conditional(request, reply.packed())


_ANSWERS: dict[str, Callable[[], Reply]] = {
    "forbidden": lambda: html_reply(403, "Access Denied"),
    "error_page": bse.error_page,
    "html": lambda: html_reply(200, "We are sorry"),
    "no_record": lambda: json_reply("No Record Found!"),
    "cookie_expired": lambda: html_reply(401, "Unauthorized"),
    "server_error": lambda: html_reply(503, "Service Unavailable"),
    "too_many": lambda: html_reply(429, "Too Many Requests"),
}


def _instead(fault: Fault) -> Reply | None:
    """What some faults answer whatever was asked."""
    write = _ANSWERS.get(fault.kind)
    if write is None:
        return None
    reply = write()
    if fault.kind == "too_many":
        reply.headers.append(("Retry-After", str(fault.params.get("retry_after", 1))))
    return reply


def _emptied(reply: Reply) -> Reply:
    """Rows gone, their count still there."""
    if reply.kind != "json":
        return reply
    value = json.loads(reply.body)
    if isinstance(value, dict) and "Table" in value:
        return json_reply({**value, "Table": []})
    return reply


def _rename(reply: Reply, field: str, to: str) -> bytes:
    if reply.kind == "json":
        return reply.body.replace(f'"{field}":'.encode(), f'"{to}":'.encode())
    head, newline, rest = reply.body.partition(b"\n")
    pattern = rf"(?<![^,| ]){re.escape(field)}(?![^,|\r])".encode()
    return re.sub(pattern, to.encode(), head) + newline + rest


async def _send(
    request: Request,
    reply: Reply,
    fault: Fault | None,
    writer: asyncio.StreamWriter,
) -> bool:
    kind = fault.kind if fault else None
    body, headers = _coded(request, reply, kind)
    length = len(body)
    if kind == "short_length":
        length //= 2
    if kind == "long_length":
        length += 100
    lines = [f"HTTP/1.1 {reply.status} {REASONS[reply.status]}"]
    if kind == "header_space":
        lines.append(" Cache-Control: private")
    lines += [f"{name}: {text}" for name, text in headers]
    lines.append(f"Content-Length: {length}")
    sent = b"" if request.method == "HEAD" or reply.status == 304 else body
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    if kind == "slow" and fault:
        writer.write(head)
        await _drip(sent, fault, writer)
        return True
    if kind == "cut":
        sent = sent[: len(sent) // 2]
    writer.write(head + sent)
    await writer.drain()
    return kind not in {"cut", "short_length", "long_length"}


async def _drip(body: bytes, fault: Fault, writer: asyncio.StreamWriter) -> None:
    pieces = int(str(fault.params.get("pieces", _PIECES)))
    pause = float(str(fault.params.get("pause", _PAUSE)))
    step = max(1, -(-len(body) // pieces))
    for start in range(0, len(body), step):
        writer.write(body[start : start + step])
        await writer.drain()
        await asyncio.sleep(pause)


def _coded(
    request: Request, reply: Reply, kind: str | None
) -> tuple[bytes, list[tuple[str, str]]]:
    """The body in its content coding, and the headers that say so or lie."""
    headers = [("Content-Type", TYPES[reply.kind]), *reply.headers]
    if kind == "gzip_unlabelled":
        return gzip.compress(reply.body, 1, mtime=0), headers
    if kind == "gzip_mislabelled":
        return reply.body, [*headers, ("Content-Encoding", "gzip")]
    wanted = "gzip" in request.headers.get("accept-encoding", "")
    worth = reply.kind in _TEXTS and len(reply.body) > _WORTH_PACKING
    if wanted and worth and reply.status == 200:
        headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        return gzip.compress(reply.body, 1, mtime=0), headers
    return reply.body, headers


@contextmanager
def serving(
    world: World, script: Script | None = None, *, port: int = 0
) -> Iterator[Server]:
    """The exchange, open for business in a thread of its own."""
    server = Server(world, script)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="exchange", daemon=True)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(
        server.start("127.0.0.1", port), loop
    ).result(10)
    try:
        yield server
    finally:
        # In the loop's own thread: a connection may be ending there at this moment.
        loop.call_soon_threadsafe(listening.close)
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
