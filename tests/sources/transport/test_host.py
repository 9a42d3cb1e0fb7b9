"""What a host says about every way of not answering, over both wires."""

import asyncio
import gzip
import json
import socket
from collections.abc import Callable

import pytest

from dexter.errors import (
    NotYetPublishedError,
    SourceBlockedError,
    SourceError,
    SourceRestingError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.host import Host
from dexter.sources.wire import Kind
from tests.sources.transport.conftest import Day, Hours
from tests.sources.transport.server import (
    Reply,
    Server,
    answer,
    claiming,
    dripping,
    raw,
)

Make = Callable[..., Host]

JSON = b'{"Table": [], "Table1": [{"ROWCNT": 0}]}'
PAGE = b"<!DOCTYPE html><html><body>Welcome</body></html>"
DENIED = b"<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD></HTML>"
ERROR_PAGE = answer(
    b"<head><title>Document Moved</title></head><body>Object Moved</body>",
    302,
    "Location: https://api.bseindia.com/error_Bse.html",
)


async def _body(host: Host, kind: Kind = Kind.JSON, path: str = "/w") -> bytes:
    return (await host.fetch(path, kind=kind)).body


async def _refusal(host: Host, kind: Kind = Kind.JSON) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await host.fetch("/w", kind=kind)
    return caught.value


async def test_data_comes_with_parameters_and_headers(
    server: Server, host: Make
) -> None:
    server.script(answer(JSON))
    got = await host().fetch(
        "/api/w?a=1",
        {"strScrip": "", "q": "M&M"},
        kind=Kind.JSON,
        headers={"referer": "https://www.nseindia.com/page"},
    )
    assert got.body == JSON
    assert server.seen[0].target == "/api/w?a=1&strScrip=&q=M%26M"
    assert server.seen[0].headers["referer"] == "https://www.nseindia.com/page"
    sent = [name.lower() for name in server.seen[0].names]
    assert (sent.count("referer"), sent.count("accept")) == (1, 1)


@pytest.mark.parametrize("status", [401, 403, 451])
async def test_a_refusal_is_not_tried_again(
    server: Server, host: Make, status: int
) -> None:
    server.script(answer(b"no", status))
    assert type(await _refusal(host())) is SourceBlockedError
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_an_error_page_blocks_at_once(
    server: Server, host: Make, status: int
) -> None:
    server.script(answer(b"", status, "Location: /error_Bse.html"))
    one = host()
    assert type(await _refusal(one)) is SourceBlockedError
    resting = await _refusal(one)
    assert isinstance(resting, SourceRestingError)
    assert "600 s" in resting.sentence
    assert len(server.seen) == 1


async def test_any_redirect_is_a_refusal_that_says_where_to(
    server: Server, host: Make
) -> None:
    server.script(answer(b"", 302, "Location: https://elsewhere.example/\x07a"))
    error = await _refusal(host())
    assert type(error) is SourceBlockedError
    assert "https://elsewhere.example/?a" in error.sentence


async def test_the_real_stub_of_the_error_page_is_known(
    server: Server, host: Make
) -> None:
    server.script(ERROR_PAGE)
    assert type(await _refusal(host())) is SourceBlockedError


async def test_two_refusals_in_a_row_open_the_breaker(
    server: Server, host: Make, hours: Hours
) -> None:
    server.script(answer(b"no", 403), answer(b"no", 403), answer(JSON))
    one = host()
    for kind in (SourceBlockedError, SourceBlockedError, SourceRestingError):
        assert type(await _refusal(one)) is kind
    assert len(server.seen) == 2
    hours.now += 600
    assert await _body(one) == JSON
    assert await _body(one) == JSON


async def test_a_good_answer_between_refusals_keeps_the_breaker_closed(
    server: Server, host: Make
) -> None:
    server.script(answer(b"no", 403), answer(JSON), answer(b"no", 403), answer(JSON))
    one = host()
    await _refusal(one)
    assert await _body(one) == JSON
    await _refusal(one)
    assert await _body(one) == JSON


async def test_a_status_may_be_let_pass(server: Server, host: Make) -> None:
    server.script(answer(b"cookies?", 401), answer(b"cookies?", 401), answer(JSON))
    one = host()
    for _ in range(2):
        got = await one.fetch("/w", kind=Kind.JSON, passing=frozenset({401, 403}))
        assert (got.status, got.body) == (401, b"cookies?")
    assert await _body(one) == JSON


@pytest.mark.parametrize(
    ("body", "means", "due"),
    [
        (PAGE, "blocked", SourceBlockedError),
        (PAGE, "not_yet_published", NotYetPublishedError),
        (DENIED, "blocked", SourceBlockedError),
        (DENIED, "not_yet_published", SourceBlockedError),
    ],
)
async def test_a_page_in_place_of_data_is_no_success(
    server: Server, host: Make, body: bytes, means: str, due: type[SourceError]
) -> None:
    server.script(answer(body, 200, "Content-Type: application/json"))
    assert type(await _refusal(host(html_means=means), Kind.CSV)) is due
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_an_absent_file_is_not_yet_published(
    server: Server, host: Make, status: int
) -> None:
    server.script(answer(PAGE, status))
    one = host(html_means="not_yet_published")
    assert isinstance(await _refusal(one, Kind.ZIP), NotYetPublishedError)


async def test_an_absent_address_is_a_changed_shape(server: Server, host: Make) -> None:
    server.script(answer(PAGE, 404))
    assert isinstance(await _refusal(host()), SourceShapeError)


async def test_a_request_not_understood_is_a_changed_shape(
    server: Server, host: Make
) -> None:
    server.script(answer(b"", 400))
    assert isinstance(await _refusal(host()), SourceShapeError)
    assert len(server.seen) == 1


@pytest.mark.parametrize("header", ["Content-Encoding: gzip", "X-No: header"])
async def test_gzip_is_undone_by_its_bytes(
    server: Server, host: Make, header: str
) -> None:
    server.script(answer(gzip.compress(JSON), 200, header))
    assert await _body(host()) == JSON


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "nonsense"])
async def test_a_header_that_lies_about_gzip_is_not_believed(
    server: Server, host: Make, encoding: str
) -> None:
    server.script(answer(JSON, 200, f"Content-Encoding: {encoding}"))
    assert await _body(host()) == JSON


async def test_a_gzip_bomb_is_refused(server: Server, host: Make) -> None:
    server.script(answer(gzip.compress(b"[" + b" " * 5_000_000)))
    error = await _refusal(host())
    assert isinstance(error, SourceShapeError)
    assert "unpacks to more than 100,000 bytes" in error.sentence


async def test_a_gzip_file_stays_packed_but_not_twice(
    server: Server, host: Make
) -> None:
    file = gzip.compress(b"SYMBOL,SERIES\n")
    server.script(
        answer(file), answer(gzip.compress(file), 200, "Content-Encoding: gzip")
    )
    one = host()
    assert await _body(one, Kind.GZIP) == file
    assert await _body(one, Kind.GZIP) == file


async def test_another_kind_is_a_changed_shape(server: Server, host: Make) -> None:
    server.script(answer(b"%PDF-1.7"))
    error = await _refusal(host())
    assert isinstance(error, SourceShapeError)
    assert "a PDF came where JSON was due" in error.sentence


async def test_no_record_found_is_the_clients_to_judge(
    server: Server, host: Make
) -> None:
    server.script(answer(b'"No Record Found!"'))
    assert await _body(host()) == b'"No Record Found!"'


async def test_a_body_too_large_is_refused(server: Server, host: Make) -> None:
    server.script(answer(b"[" + b"1" * 200_000 + b"]"))
    assert isinstance(await _refusal(host()), SourceShapeError)
    assert len(server.seen) == 1


async def test_broken_twice_then_fine(server: Server, host: Make, hours: Hours) -> None:
    server.script(answer(b"", 503), answer(b"", 500), answer(JSON))
    assert await _body(host()) == JSON
    assert len(hours.slept) == 2
    assert all(0 < wait <= 31 for wait in hours.slept)


async def test_broken_for_ever_is_unavailable(server: Server, host: Make) -> None:
    server.script(answer(b"", 502))
    error = await _refusal(host())
    assert isinstance(error, SourceUnavailableError)
    assert "502" in error.sentence
    assert len(server.seen) == 3


async def test_retry_after_is_obeyed(server: Server, host: Make, hours: Hours) -> None:
    server.script(answer(b"", 429, "Retry-After: 7"), answer(JSON))
    assert await _body(host()) == JSON
    assert hours.slept == [7.0]


async def test_a_retry_after_date_is_read_against_the_servers_own(
    server: Server, host: Make, hours: Hours
) -> None:
    server.script(
        answer(
            b"",
            429,
            "Date: Mon, 04 May 2026 10:00:00 GMT",
            "Retry-After: Mon, 04 May 2026 10:00:09 GMT",
        ),
        answer(JSON),
    )
    assert await _body(host()) == JSON
    assert hours.slept == [9.0]


async def test_a_long_retry_after_is_a_rest(
    server: Server, host: Make, hours: Hours
) -> None:
    server.script(answer(b"", 429, "Retry-After: 900"), answer(JSON))
    one = host(total_seconds=10_000.0)
    assert isinstance(await _refusal(one), SourceUnavailableError)
    assert isinstance(await _refusal(one), SourceRestingError)
    assert (len(server.seen), hours.slept) == (1, [])
    hours.now += 900
    assert await _body(one) == JSON


async def test_no_wait_begins_that_ends_too_late(
    server: Server, host: Make, hours: Hours
) -> None:
    server.script(answer(b"", 429, "Retry-After: 50"))
    assert isinstance(
        await _refusal(host(tries=9, total_seconds=120)), SourceUnavailableError
    )
    assert hours.slept == [50.0, 50.0]


@pytest.mark.parametrize(
    "bad",
    [claiming(JSON, 500), answer(b""), answer(gzip.compress(JSON)[:-9]), raw(b"")],
    ids=["cut", "empty", "cut gzip", "nothing"],
)
async def test_what_came_incomplete_is_asked_for_again(
    server: Server, host: Make, bad: Reply
) -> None:
    server.script(bad, answer(JSON))
    assert await _body(host()) == JSON


async def test_an_answer_past_its_deadline_is_unavailable(
    server: Server, host: Make
) -> None:
    server.script(dripping(b"[" * 60, 0.05))
    error = await _refusal(host(timeout_seconds=0.2, tries=1))
    assert isinstance(error, SourceUnavailableError)
    assert "0.2 s" in error.sentence


async def test_nobody_listening_is_unavailable(host: Make) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    error = await _refusal(host(base=f"http://127.0.0.1:{port}"))
    assert isinstance(error, SourceUnavailableError)


async def test_a_cancelled_fetch_is_not_tried_again(server: Server, host: Make) -> None:
    server.script(dripping(b"[" * 100, 0.05))
    task = asyncio.create_task(_body(host()))
    await server.arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(server.seen) == 1


async def test_what_has_not_changed_is_not_sent_again(
    server: Server, host: Make
) -> None:
    server.script(answer(gzip.compress(JSON), 200, 'ETag: "7"'), answer(b"", 304))
    one = host()
    for _ in range(2):
        got = await one.fetch("/w", kind=Kind.JSON, cache=True)
        assert got.body == JSON
    assert server.seen[1].headers["if-none-match"] == '"7"'


async def test_a_young_answer_is_not_asked_about(
    server: Server, host: Make, day: Day
) -> None:
    server.script(answer(JSON, 200, "Cache-Control: max-age=60"), answer(b"[2]"))
    one = host()
    bodies = []
    for seconds in (0, 59, 2):
        day.moment = day.moment.fromtimestamp(
            day.moment.timestamp() + seconds, day.moment.tzinfo
        )
        bodies.append((await one.fetch("/w", kind=Kind.JSON, cache=True)).body)
    assert bodies == [JSON, JSON, b"[2]"]
    assert len(server.seen) == 2


async def test_a_refusal_is_never_kept(server: Server, host: Make) -> None:
    server.script(answer(b"no", 403, "Cache-Control: max-age=60"), answer(JSON))
    one = host()
    with pytest.raises(SourceBlockedError):
        await one.fetch("/w", kind=Kind.JSON, cache=True)
    assert (await one.fetch("/w", kind=Kind.JSON, cache=True)).body == JSON


async def test_nothing_changed_unasked_is_unavailable(
    server: Server, host: Make
) -> None:
    server.script(answer(b"", 304))
    assert isinstance(await _refusal(host()), SourceUnavailableError)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("https://api.bseindia.com/a/b.pdf?x=1#f", "/a/b.pdf?x=1"),
        ("http://API.bseindia.com/a", "/a"),
        ("https://old.example/a", "/a"),
        ("/a\\b c\r\nX: 1.pdf", "/a%5Cb%20cX:%201.pdf"),
        ("a", "/a"),
    ],
)
async def test_addresses_are_moved_to_the_base_in_use(
    server: Server, host: Make, path: str, target: str
) -> None:
    server.script(answer(JSON))
    await _body(host(aliases=("old.example",)), path=path)
    assert server.seen[0].target == target


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/a",
        "//evil.example/a",
        "https://api.bseindia.com@evil.example/",
        "https://api.bseindia.com.evil.example/",
        "https://api.bseindia.com:8443/",
        "file:///etc/passwd",
        "http://[::1/",
    ],
)
async def test_no_other_host_is_reached(server: Server, host: Make, path: str) -> None:
    with pytest.raises(SourceShapeError, match="is not on it"):
        await _body(host(), path=path)
    assert server.seen == []


async def test_json_stays_as_sent(server: Server, host: Make) -> None:
    padded = b"\xef\xbb\xbf \r\n" + json.dumps([1]).encode()
    server.script(answer(padded))
    assert await _body(host()) == padded
