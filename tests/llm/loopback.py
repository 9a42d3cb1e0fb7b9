"""A server on this machine that speaks to the SDKs the way the providers do.

What it says is decided by a ``mind`` that sees only the request; what goes wrong by a
list of faults, taken one per request before anything is answered.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, cast

from tests.llm.wires import PROTOCOLS, Event, Json, Reply, tokens

Mind = Callable[[Json], Reply]


@dataclass(frozen=True)
class Refused:
    """An answer other than 200. An empty body is filled in as the provider would."""

    status: int
    kind: str = "api_error"
    message: str = "something went wrong"
    headers: Mapping[str, str] = field(default_factory=dict)
    html: str = ""


@dataclass(frozen=True)
class Broken:
    """A stream that goes wrong after some events.

    ``how`` is ``cut`` (the connection ends cleanly), ``dropped`` (nothing at all is
    answered), ``torn`` (an event ends inside its JSON), ``error`` (an error event of a
    ``kind``), ``slow`` (silence until the server closes).
    """

    how: str
    after: int = 3
    kind: str = "overloaded_error"


@dataclass(frozen=True)
class Instead:
    """Another reply than the mind's."""

    reply: Reply


Fault = Refused | Broken | Instead | None


def busy(retry_after: str | None = None, *, milliseconds: str | None = None) -> Refused:
    headers = {"retry-after": retry_after, "retry-after-ms": milliseconds}
    given = {name: value for name, value in headers.items() if value is not None}
    return Refused(429, "rate_limit_error", "slow down", given)


OVERLOADED = Refused(529, "overloaded_error", "Overloaded")
BROKEN_SERVER = Refused(500, "api_error", "Internal server error")
BAD_GATEWAY = Refused(502, html="<html><body>502 Bad Gateway</body></html>")
NO_QUOTA = Refused(429, "insufficient_quota", "You exceeded your current quota")


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire."""

    path: str
    headers: Mapping[str, str]
    body: Json


class Loopback:
    """``with Loopback(mind, faults) as server``: then ask ``server.url``.

    Attributes:
        asked: Every request, in order of arrival.
        faults: Faults still to come; ``None`` in the list lets one request through.
    """

    def __init__(self, mind: Mind, faults: Iterable[Fault] = ()) -> None:
        self.mind = mind
        self.faults = list(faults)
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self.lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Hang up; asking again finds nobody there. May be called twice."""
        if self.closing.is_set():
            return
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def take(self, asked: Asked) -> tuple[str, Fault]:
        """Note a request; its number, and what is to go wrong with it."""
        with self.lock:
            self.asked.append(asked)
            return f"{len(self.asked):03d}", self.faults.pop(0) if self.faults else None


def brief(path: str, body: Json) -> Json:
    """A request as a mind sees it, the same for all three wires."""
    config, text = body.get("output_config"), body.get("text")
    form = body.get("response_format")
    for holder in (config, text):
        if isinstance(holder, dict) and holder.get("format"):
            form = holder["format"]
    named = cast("Json", form) if isinstance(form, dict) else {}
    inner = named.get("json_schema")
    named = cast("Json", inner) if isinstance(inner, dict) else named
    return {
        "protocol": next(p for end, (p, _) in PROTOCOLS.items() if path.endswith(end)),
        "path": path,
        "model": body.get("model"),
        "system": body.get("system") or body.get("instructions"),
        "messages": body.get("messages") or body.get("input"),
        "tools": body.get("tools") or [],
        "output_schema": named.get("schema"),
        "output_name": named.get("name"),
        "raw": body,
    }


def _handler(server: Loopback) -> type[BaseHTTPRequestHandler]:
    class Bound(_Handler):
        loopback = server

    return Bound


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    loopback: Loopback

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""

    def do_POST(self) -> None:  # the name http.server looks for
        size = int(self.headers.get("content-length") or 0)
        body = cast("Json", json.loads(self.rfile.read(size) or b"{}"))
        path = self.path.split("?")[0]
        if path.endswith("/count_tokens"):
            self._send(200, {"input_tokens": tokens(body)})
            return
        wire = next((end for end in PROTOCOLS if path.endswith(end)), None)
        if wire is None:
            self._send(404, {"error": {"type": "not_found_error", "message": path}})
            return
        number, fault = self.loopback.take(Asked(path, dict(self.headers), body))
        if isinstance(fault, Refused):
            self._refuse(fault)
            return
        if isinstance(fault, Broken) and fault.how == "dropped":
            self.close_connection = True
            return
        self._answer(wire, number, body, fault)

    def _answer(self, wire: str, number: str, body: Json, fault: Fault) -> None:
        if isinstance(fault, Instead):
            reply = fault.reply
        else:
            reply = self.loopback.mind(brief(self.path.split("?")[0], body))
        whole, events = PROTOCOLS[wire][1](number, body, reply)
        if not body.get("stream"):
            self._send(200, whole)
        else:
            self._stream(events, fault if isinstance(fault, Broken) else None)

    def _refuse(self, fault: Refused) -> None:
        if fault.html:
            self._raw(fault.status, fault.html.encode(), "text/html", fault.headers)
            return
        said = {"type": fault.kind, "code": fault.kind, "message": fault.message}
        body = {"type": "error", "error": said, "request_id": "req_1"}
        data = json.dumps(body).encode()
        self._raw(fault.status, data, "application/json", fault.headers)

    def _send(self, status: int, body: Json) -> None:
        self._raw(status, json.dumps(body).encode(), "application/json", {})

    def _raw(
        self, status: int, data: bytes, kind: str, headers: Mapping[str, str]
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, events: list[Event], fault: Broken | None) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        for name, data in events[: fault.after] if fault else events:
            self._event(name, data)
        if fault and fault.how == "torn":
            self.wfile.write(b'event: message_delta\ndata: {"type": "mess')
        if fault and fault.how == "error":
            said = {"type": fault.kind, "code": fault.kind, "message": "Overloaded"}
            self._event("error", {"type": "error", "error": said})
        if fault and fault.how == "slow":
            self.loopback.closing.wait()

    def _event(self, name: str | None, data: Json | str) -> None:
        head = f"event: {name}\n" if name else ""
        text = data if isinstance(data, str) else json.dumps(data)
        self.wfile.write(f"{head}data: {text}\n\n".encode())
        self.wfile.flush()
