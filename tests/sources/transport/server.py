"""A loopback server that answers with raw bytes, so that it can break every rule."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Seen:
    """A request as it came in; ``headers`` by lower-case name, ``names`` as sent."""

    target: str
    headers: dict[str, str]
    names: list[str]


@dataclass
class Server:
    """Gives its replies in order; the last one is given for ever."""

    replies: list[Reply] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def script(self, *replies: Reply) -> None:
        self.replies = list(replies)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._writers.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip().split("\r\n")
            pairs = [line.partition(": ") for line in lines]
            headers = {name.lower(): value for name, _, value in pairs}
            self.seen.append(
                Seen(first.split(" ")[1], headers, [one[0] for one in pairs])
            )
            self.arrived.set()
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            await reply(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()


def raw(content: bytes) -> Reply:
    """These bytes and an end."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(content)

    return reply


def head(status: int, headers: Iterable[str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", *headers, "Connection: close", "", ""]
    return "\r\n".join(lines).encode()


def answer(body: bytes = b"", status: int = 200, *headers: str) -> Reply:
    """A whole, honest answer."""
    return raw(head(status, (f"Content-Length: {len(body)}", *headers)) + body)


def claiming(body: bytes, length: int, *headers: str, status: int = 200) -> Reply:
    """An answer whose Content-Length is another than its body's."""
    return raw(head(status, (f"Content-Length: {length}", *headers)) + body)


def dripping(body: bytes, seconds: float) -> Reply:
    """A byte at a time, so that no single read is ever late."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, (f"Content-Length: {len(body)}",)))
        for byte in body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(seconds)

    return reply


def silent(until: asyncio.Event) -> Reply:
    """Nothing at all."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        del writer
        await until.wait()

    return reply
