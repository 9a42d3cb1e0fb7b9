"""Both wires against a server that breaks the rules at byte level."""

import asyncio
import socket
import time

import pytest

from dexter.sources.curl_wire import CurlWire
from dexter.sources.httpx_wire import HttpxWire
from dexter.sources.wire import Answer, Collector, Fault, Request, Wire, WireError
from tests.sources.transport.server import (
    Server,
    answer,
    claiming,
    dripping,
    head,
    raw,
    silent,
)

SPACED = (
    b"HTTP/1.1 200 OK\r\n X-Odd: 1\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 5\r\n\r\nhello"
)


async def _get(wire: Wire, url: str, most: int = 1000, seconds: float = 5.0) -> Answer:
    collector = Collector(url, most)
    try:
        await wire.send(Request(url, {"Accept": "*/*"}, seconds), collector)
    finally:
        await wire.close()
    return collector.answer()


async def _fault(
    wire: Wire, url: str, most: int = 1000, seconds: float = 5.0
) -> WireError:
    with pytest.raises(WireError) as caught:
        await _get(wire, url, most, seconds)
    return caught.value


async def test_an_answer_comes_whole_and_undecoded(server: Server, wire: Wire) -> None:
    server.script(answer(b"\x1f\x8bno gzip", 203, "Content-Encoding: gzip", "X-A: b"))
    got = await _get(wire, f"{server.base}/a?b=1")
    assert (got.status, got.body) == (203, b"\x1f\x8bno gzip")
    assert got.headers["content-encoding"] == "gzip"
    assert got.headers["x-a"] == "b"
    assert server.seen[0].target == "/a?b=1"


async def test_an_answer_without_a_body_has_its_head(
    server: Server, wire: Wire
) -> None:
    server.script(answer(b"", 304, 'ETag: "a"'))
    got = await _get(wire, server.base)
    assert (got.status, got.body, got.headers["etag"]) == (304, b"", '"a"')


async def test_a_redirect_is_not_followed(server: Server, wire: Wire) -> None:
    server.script(answer(b"moved", 302, "Location: /error_Bse.html"))
    got = await _get(wire, server.base)
    assert (got.status, got.headers["location"]) == (302, "/error_Bse.html")
    assert len(server.seen) == 1


async def test_chunks_are_joined(server: Server, wire: Wire) -> None:
    body = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    server.script(raw(head(200, ("Transfer-Encoding: chunked",)) + body))
    assert (await _get(wire, server.base)).body == b"abcde"


@pytest.mark.parametrize(
    "content",
    [
        head(200, ("Content-Length: 50",)) + b"hello",
        head(200, ("Transfer-Encoding: chunked",)) + b"5\r\nhello\r\n",
        b"",
    ],
    ids=["length", "chunks", "nothing"],
)
async def test_a_short_body_is_cut(server: Server, wire: Wire, content: bytes) -> None:
    server.script(raw(content))
    assert (await _fault(wire, server.base)).kind is Fault.CUT


async def test_a_body_longer_than_claimed_ends_where_claimed(
    server: Server, wire: Wire
) -> None:
    server.script(claiming(b"hello there", 5))
    assert (await _get(wire, server.base)).body == b"hello"


@pytest.mark.parametrize("length", ["-1", "five", "5, 7"])
async def test_an_absurd_length_is_no_http(
    server: Server, wire: Wire, length: str
) -> None:
    server.script(raw(head(200, (f"Content-Length: {length}",)) + b"hello"))
    assert (await _fault(wire, server.base)).kind is Fault.PROTOCOL


@pytest.mark.parametrize(
    "content", [b"\x00\xff nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"]
)
async def test_noise_is_no_http(server: Server, wire: Wire, content: bytes) -> None:
    server.script(raw(content))
    assert (await _fault(wire, server.base)).kind is Fault.PROTOCOL


async def test_a_browser_takes_a_header_line_with_a_leading_space(
    server: Server,
) -> None:
    server.script(raw(SPACED))
    got = await _get(CurlWire(), server.base)
    assert (got.body, got.headers["content-type"]) == (b"hello", "text/plain")


async def test_a_strict_wire_refuses_a_header_line_with_a_leading_space(
    server: Server,
) -> None:
    server.script(raw(SPACED))
    assert (await _fault(HttpxWire(), server.base)).kind is Fault.PROTOCOL


async def test_a_large_body_is_stopped_at_the_bound(server: Server, wire: Wire) -> None:
    server.script(answer(b"x" * 1001))
    assert (await _fault(wire, server.base)).kind is Fault.TOO_LARGE


async def test_a_dripping_body_meets_the_deadline(server: Server, wire: Wire) -> None:
    server.script(dripping(b"x" * 100, 0.02))
    begun = time.monotonic()
    assert (await _fault(wire, server.base, seconds=0.3)).kind is Fault.TIMEOUT
    assert time.monotonic() - begun < 1.5


async def test_silence_meets_the_deadline(server: Server, wire: Wire) -> None:
    over = asyncio.Event()
    server.script(silent(over))
    assert (await _fault(wire, server.base, seconds=0.2)).kind is Fault.TIMEOUT
    over.set()


@pytest.mark.usefixtures("server")
async def test_nobody_listening_is_no_connection(wire: Wire) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    fault = await _fault(wire, f"http://127.0.0.1:{port}/")
    assert fault.kind is Fault.CONNECT


async def test_a_receiver_that_fails_ends_the_request(
    server: Server, wire: Wire
) -> None:
    class Failing:
        def begin(self, status: int, headers: object) -> None:
            del status, headers

        def take(self, chunk: bytes) -> None:
            raise LookupError(chunk)

    server.script(answer(b"hello"))
    with pytest.raises(LookupError):
        await wire.send(Request(server.base, {}, 5.0), Failing())
    await wire.close()


async def test_a_cancelled_request_leaves_the_wire_usable(
    server: Server, wire: Wire
) -> None:
    over = asyncio.Event()
    server.script(silent(over), answer(b"later"))
    url = f"{server.base}/"
    first = asyncio.create_task(wire.send(Request(url, {}, 30.0), Collector(url, 1000)))
    await server.arrived.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    over.set()
    assert (await _get(wire, url)).body == b"later"


async def test_a_browser_keeps_no_handle_of_a_request(server: Server) -> None:
    over = asyncio.Event()
    server.script(answer(b"whole"), silent(over))
    wire = CurlWire()
    await wire.send(Request(server.base, {}, 5.0), Collector("", 1000))
    with pytest.raises(WireError):
        await wire.send(Request(server.base, {}, 0.1), Collector("", 1000))
    over.set()
    assert wire._multi is not None
    assert wire._multi._curl2future == {}
    await wire.close()


async def test_cookies_are_sent_back_until_forgotten(
    server: Server, wire: Wire
) -> None:
    server.script(answer(b"a", 200, "Set-Cookie: nsit=1; Path=/"), answer(b"b"))
    url = f"{server.base}/"
    for forget in (False, False, True):
        if forget:
            wire.forget_cookies()
        await wire.send(Request(url, {}, 5.0), Collector(url, 1000))
    await wire.close()
    assert [seen.headers.get("cookie") for seen in server.seen] == [
        None,
        "nsit=1",
        None,
    ]


async def test_a_browser_sends_its_headers_under_ours(server: Server) -> None:
    server.script(answer(b"a"))
    wire = CurlWire()
    ours = {
        "accept": "application/json",
        "Sec-Fetch-User": "",
        "Accept-Encoding": "gzip",
    }
    await wire.send(Request(f"{server.base}/", ours, 5.0), Collector("", 1000))
    await wire.close()
    sent = server.seen[0].headers
    assert "Chrome/" in sent["user-agent"]
    assert (sent["accept"], sent["accept-encoding"]) == ("application/json", "gzip")
    assert "sec-fetch-user" not in sent
    assert "upgrade" not in sent
