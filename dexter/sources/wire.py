"""One way of speaking HTTP, and what can go wrong on the wire.

A wire never follows redirects, never decodes content, never retries and never judges:
it hands over status, headers and raw bytes as they come, within one deadline. Foreign
exceptions become a ``WireError`` at its border, and a ``WireError`` stays in this room.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What a body must be, told by sniffing it; ``ANY`` takes whatever comes."""

    JSON = "JSON"
    CSV = "CSV"
    ZIP = "ZIP"
    GZIP = "GZIP"
    PDF = "PDF"
    XML = "XML"
    HTML = "HTML"
    ANY = "anything"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to one request. Header names are lower-case."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Fault(StrEnum):
    """How a request failed before there was a whole answer."""

    TIMEOUT = "timeout"
    CONNECT = "connect"
    CUT = "cut"
    TOO_LARGE = "too_large"
    PROTOCOL = "protocol"


class WireError(Exception):
    """A request that brought no whole answer; never leaves this room."""

    def __init__(self, kind: Fault, why: str) -> None:
        super().__init__(why)
        self.kind = kind
        self.why = why


@dataclass(frozen=True, slots=True)
class Request:
    """A GET.

    Attributes:
        url: Absolute, already quoted.
        headers: Sent as they are; an empty value keeps a wire's own header of that
            name from being sent.
        seconds: From the first byte sent to the last one received.
    """

    url: str
    headers: Mapping[str, str]
    seconds: float


class Receiver(Protocol):
    """Takes an answer as it comes in. What it raises ends the request and comes out."""

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """The head of the answer; called once, before any of its body."""
        ...

    def take(self, chunk: bytes) -> None:
        """Some of the body."""
        ...


class Wire(Protocol):
    """A transport with its own connections and cookies, for one event loop."""

    async def send(self, request: Request, receiver: Receiver) -> None:
        """Send a request and hand the answer over piece by piece.

        Raises:
            WireError: There is no whole answer. What came may have been handed over.
        """
        ...

    def forget_cookies(self) -> None:
        """Begin a new session at the server."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class Collector:
    """Keeps a body in memory, up to a bound of bytes."""

    def __init__(self, url: str, most_bytes: int) -> None:
        self._url = url
        self._most = most_bytes
        self._status = 0
        self._headers: Mapping[str, str] = {}
        self._body = bytearray()

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Keep the head."""
        self._status, self._headers = status, headers

    def take(self, chunk: bytes) -> None:
        """Keep some of the body."""
        if len(self._body) + len(chunk) > self._most:
            raise WireError(Fault.TOO_LARGE, f"more than {self._most:,} bytes came")
        self._body += chunk

    def answer(self) -> Answer:
        """The whole answer, once it is in."""
        return Answer(self._url, self._status, self._headers, bytes(self._body))
