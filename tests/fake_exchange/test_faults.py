"""Each fault does what it says, to the requests it names and to no other."""

import gzip
import http.client
import json
import socket
import time as clock
import urllib.error
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, time

import pytest

from tests.fake_exchange import KINDS, TRANSIENT, Fault, Script, Server, World, serving
from tests.fake_exchange.crawler import AGENT, BSE_HEADERS, NSE_HEADERS, Crawler

DAY = date(2026, 5, 5)
ANNOUNCEMENTS = (
    "/BseIndiaAPI/api/AnnSubCategoryGetData/w?pageno=1&strCat=-1&subcategory=-1"
    f"&strPrevDate={DAY:%Y%m%d}&strToDate={DAY:%Y%m%d}&strScrip=&strSearch=P&strType=C"
)
EQUITIES = "/content/equities/EQUITY_L.csv"


@dataclass(frozen=True)
class Raw:
    """An answer as bytes: first line, header lines, body as far as it came."""

    status: str
    lines: list[str]
    body: bytes

    def header(self, name: str) -> str | None:
        for line in self.lines:
            key, _, text = line.partition(":")
            if key.lower() == name.lower():
                return text.strip()
        return None


def raw(server: Server, path: str, **headers: str) -> Raw:
    """One request on a connection of its own, read until the server hangs up."""
    host, port = server.base.removeprefix("http://").split(":")
    sent = {**BSE_HEADERS, "Host": host, "Connection": "close", **headers}
    head = "".join(
        f"{name.replace('_', '-')}: {text}\r\n" for name, text in sent.items()
    )
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
        whole = b""
        while part := line.recv(65_536):
            whole += part
    top, _, body = whole.partition(b"\r\n\r\n")
    status, *lines = top.decode("latin-1").split("\r\n")
    return Raw(status, lines, body)


Open = Callable[..., Server]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Servers with the given faults, closed at the end."""
    doors: list[AbstractContextManager[Server]] = []

    def start(*faults: Fault) -> Server:
        world = World(5, date(2026, 5, 4), 3, 45, 120, 3)
        door = serving(world, Script(faults))
        doors.append(door)
        return door.__enter__()

    yield start
    for door in doors:
        door.__exit__(None, None, None)


def test_a_fault_lets_some_pass_and_stops(opened: Open) -> None:
    server = opened(Fault("server_error", "AnnSub", after=1, times=2))
    codes = [raw(server, ANNOUNCEMENTS).status.split()[1] for _ in range(4)]
    assert codes == ["200", "503", "503", "200"]
    assert raw(server, EQUITIES).status == "HTTP/1.1 200 OK"
    assert [one.fault for one in server.requests] == [
        None,
        "server_error",
        "server_error",
        None,
        None,
    ]
    assert server.count("AnnSub") == 4
    assert set(server.repeated().values()) == {4}
    server.forget()
    assert server.count() == 0


def test_blocked(opened: Open) -> None:
    server = opened(Fault("forbidden"), Fault("error_page"), Fault("html"))
    assert raw(server, ANNOUNCEMENTS).status == "HTTP/1.1 403 Forbidden"
    moved = raw(server, ANNOUNCEMENTS)
    # Each fault counts the requests it matches, so all have had their one.
    assert moved.status == "HTTP/1.1 200 OK"
    server = opened(Fault("error_page"))
    moved = raw(server, ANNOUNCEMENTS)
    assert moved.status == "HTTP/1.1 302 Found"
    assert moved.header("location") == "/error_Bse.html"
    server = opened(Fault("html"))
    page = raw(server, ANNOUNCEMENTS)
    assert page.status == "HTTP/1.1 200 OK"
    assert page.body.startswith(b"<!DOCTYPE html>")


def test_empty_in_two_ways(opened: Open) -> None:
    server = opened(Fault("no_record"), Fault("empty_table", after=1))
    assert json.loads(raw(server, ANNOUNCEMENTS).body) == "No Record Found!"
    emptied = json.loads(raw(server, ANNOUNCEMENTS).body)
    assert emptied["Table"] == []
    assert emptied["Table1"][0]["ROWCNT"] > 0
    assert json.loads(raw(server, ANNOUNCEMENTS).body)["Table"]


def test_page_shift_duplicates_and_never_loses(opened: Open) -> None:
    server = opened(Fault("page_shift", "pageno=2"))
    server.world.at(DAY, time(22))
    first = json.loads(raw(server, ANNOUNCEMENTS).body)
    second = json.loads(raw(server, ANNOUNCEMENTS.replace("no=1", "no=2")).body)
    shown = [row["NEWSID"] for row in (*first["Table"], *second["Table"])]
    assert second["Table1"][0]["ROWCNT"] == first["Table1"][0]["ROWCNT"] + 1
    assert Counter(shown)[first["Table"][-1]["NEWSID"]] == 2


def test_gzip_that_lies(opened: Open) -> None:
    server = opened(Fault("gzip_unlabelled"), Fault("gzip_mislabelled", after=1))
    silent = raw(server, ANNOUNCEMENTS)
    assert silent.header("content-encoding") is None
    assert json.loads(gzip.decompress(silent.body))["Table"]
    lying = raw(server, ANNOUNCEMENTS)
    assert lying.header("content-encoding") == "gzip"
    assert json.loads(lying.body)["Table"]
    honest = raw(server, ANNOUNCEMENTS, Accept_Encoding="gzip")
    assert honest.header("content-encoding") == "gzip"
    assert json.loads(gzip.decompress(honest.body))["Table"]


def test_cookies_expire_until_warmed_up_again(opened: Open) -> None:
    server = opened(Fault("cookie_expired", "^/api/", after=1))
    crawler = Crawler(server.base)

    def code() -> int:
        try:
            crawler.nse("event-calendar", index="equities")
        except urllib.error.HTTPError as refused:
            return refused.code
        return 200

    assert code() == 401  # nobody has warmed up yet
    crawler.warm_up()
    assert [code(), code()] == [401, 401]
    crawler.warm_up()
    assert code() == 200


def test_who_may_ask(opened: Open) -> None:
    server = opened()
    assert " 403 " in raw(server, ANNOUNCEMENTS, Referer="").status
    assert " 403 " in raw(server, ANNOUNCEMENTS, User_Agent="python").status
    assert " 403 " in raw(server, EQUITIES, User_Agent="python").status
    api = "/api/event-calendar?index=equities"
    assert " 403 " in raw(server, api, Referer="").status
    assert " 401 " in raw(server, api, Referer=NSE_HEADERS["Referer"]).status
    forged = "nsit=1; bm_sv=1; nseappid=forged"
    asked = raw(server, api, Referer=NSE_HEADERS["Referer"], Cookie=forged)
    assert " 401 " in asked.status


def test_slow_drips(opened: Open) -> None:
    server = opened(Fault("slow", params={"pieces": 4, "pause": 0.05}))
    started = clock.monotonic()
    body = raw(server, ANNOUNCEMENTS).body
    assert clock.monotonic() - started >= 0.2
    assert json.loads(body)["Table"]


def test_bodies_that_end_wrongly(opened: Open) -> None:
    server = opened(
        Fault("cut"), Fault("short_length", after=1), Fault("long_length", after=2)
    )
    whole = len(raw(opened(), ANNOUNCEMENTS).body)
    for told, sent in ((whole, whole // 2), (whole // 2, whole), (whole + 100, whole)):
        answer = raw(server, ANNOUNCEMENTS)
        assert int(answer.header("content-length") or 0) == told
        assert len(answer.body) == sent


def test_too_many_says_when_to_return(opened: Open) -> None:
    server = opened(Fault("too_many", params={"retry_after": 7}))
    answer = raw(server, ANNOUNCEMENTS)
    assert answer.status == "HTTP/1.1 429 Too Many Requests"
    assert answer.header("retry-after") == "7"


def test_drop_says_nothing(opened: Open) -> None:
    server = opened(Fault("drop"))
    assert raw(server, ANNOUNCEMENTS).status == ""
    assert json.loads(raw(server, ANNOUNCEMENTS).body)["Table"]


def test_a_header_line_with_a_space_first(opened: Open) -> None:
    server = opened(Fault("header_space"))
    answer = raw(server, ANNOUNCEMENTS)
    assert answer.lines[0].startswith(" ")
    assert json.loads(answer.body)["Table"]


def test_a_field_renamed_overnight(opened: Open) -> None:
    since = date(2026, 5, 5)
    server = opened(
        Fault(
            "renamed_field",
            "AnnSub",
            params={"field": "DissemDT", "to": "DissemDate", "since": since},
        ),
        Fault(
            "renamed_field",
            "BhavCopy",
            params={"field": "ClsPric", "to": "ClosePrice", "since": since},
        ),
    )
    days = {}
    for day in (date(2026, 5, 4), date(2026, 5, 5)):
        server.world.at(day)
        path = ANNOUNCEMENTS.replace(f"{DAY:%Y%m%d}", f"{day:%Y%m%d}")
        row = json.loads(raw(server, path).body)["Table"][0]
        name = f"/content/cm/BhavCopy_NSE_CM_0_0_0_{day:%Y%m%d}_F_0000.csv.zip"
        bars = Crawler(server.base).table(name)
        assert bars
        days[day.day] = ("DissemDT" in row, "DissemDate" in row, "ClsPric" in bars[0])
    assert days == {4: (True, False, True), 5: (False, True, False)}


def test_conditional_requests_and_ranges(opened: Open) -> None:
    server = opened()
    whole = raw(server, EQUITIES)
    tag, changed = whole.header("etag"), whole.header("last-modified")
    assert tag
    assert changed
    same = raw(server, EQUITIES, If_None_Match=tag)
    assert same.status == "HTTP/1.1 304 Not Modified"
    assert same.body == b""
    assert " 304 " in raw(server, EQUITIES, If_Modified_Since=changed).status
    assert " 200 " in raw(server, EQUITIES, If_None_Match='"other"').status
    one = next(p for p in server.world.truth().publications if "AttachLive" in p.url)
    path = urllib.parse.quote("/" + one.url.split("/", 3)[3])
    full = raw(server, path).body
    rest = raw(server, path, Range="bytes=100-")
    assert rest.status == "HTTP/1.1 206 Partial Content"
    assert rest.header("content-range") == f"bytes 100-{len(full) - 1}/{len(full)}"
    assert rest.body == full[100:]
    assert raw(server, path, Range="bytes=0-9").body == full[:10]
    assert " 416 " in raw(server, path, Range=f"bytes={len(full)}-").status
    stale = raw(server, path, Range="bytes=100-", If_Range='"other"')
    assert stale.body == full


def test_connections_are_kept(opened: Open) -> None:
    server = opened()
    host, port = server.base.removeprefix("http://").split(":")
    line = http.client.HTTPConnection(host, int(port), timeout=10)
    for _ in range(3):
        line.request("GET", EQUITIES, headers={"User-Agent": AGENT})
        assert line.getresponse().read().startswith(b"SYMBOL")
    line.request("HEAD", EQUITIES, headers={"User-Agent": AGENT})
    answer = line.getresponse()
    assert int(answer.headers["Content-Length"]) > 0
    assert answer.read() == b""
    line.close()


def test_random_faults_repeat_and_give_way() -> None:
    class Asked:
        target, path = ANNOUNCEMENTS, ANNOUNCEMENTS.split("?", maxsplit=1)[0]

    def run(seed: int, rate: float) -> list[str | None]:
        script = Script.random(seed, rate)
        found = [script.pick(Asked) for _ in range(600)]  # type: ignore[arg-type]  # all it reads
        return [fault.kind if fault else None for fault in found]

    assert run(1, 0.2) == run(1, 0.2) != run(2, 0.2)
    share = sum(kind is not None for kind in run(1, 0.2)) / 600
    assert 0.12 < share < 0.25
    always = run(3, 1.0)
    assert None in always[:3]
    assert set(always) - {None} == set(TRANSIENT) - {"cookie_expired"}


def test_unknown_faults_are_refused() -> None:
    assert len(KINDS) == 18
    with pytest.raises(ValueError, match="typo"):
        Fault("typo")
