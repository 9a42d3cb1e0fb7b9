"""Files that come in pieces, change under way, or are no files at all."""

import asyncio
import gzip
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dexter.errors import (
    DiskFullError,
    HomeUnwritableError,
    NotYetPublishedError,
    SourceBlockedError,
    SourceShapeError,
    SourceUnavailableError,
)
from dexter.sources.download import Part
from dexter.sources.host import Host
from dexter.sources.wire import Kind
from tests.sources.transport.server import Reply, Server, answer, claiming

Make = Callable[..., Host]

FILE = b"%PDF-1.7\n" + bytes(range(256)) * 20
SHA = hashlib.sha256(FILE).hexdigest()
TAG = 'ETag: "one"'
PATH = "/xml-data/../AttachLive/a.pdf"


def _rest(begin: int, *headers: str, of: bytes = FILE) -> Reply:
    total = len(of)
    span = f"Content-Range: bytes {begin}-{total - 1}/{total}"
    return answer(of[begin:], 206, span, *headers)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_file_comes_to_lie_under_its_hash(
    server: Server, host: Make, tmp_path: Path
) -> None:
    server.script(answer(FILE))
    got = await host().download(PATH, tmp_path / "f", kind=Kind.PDF)
    assert got.path == tmp_path / "f" / SHA
    assert (got.sha256, got.size, got.path.read_bytes()) == (SHA, len(FILE), FILE)
    assert _names(tmp_path / "f") == [SHA]
    assert "range" not in server.seen[0].headers


@pytest.mark.parametrize(
    "header", [TAG, "Last-Modified: Mon, 04 May 2026 10:00:00 GMT"]
)
async def test_a_cut_file_is_gone_on_with_at_once(
    server: Server, host: Make, tmp_path: Path, header: str
) -> None:
    server.script(claiming(FILE[:1000], len(FILE), header), _rest(1000, header))
    got = await host().download(PATH, tmp_path / "f", kind=Kind.PDF)
    assert got.path.read_bytes() == FILE
    asked = server.seen[1].headers
    assert asked["range"] == "bytes=1000-"
    assert asked["if-range"] == header.partition(": ")[2]


async def test_a_cut_file_is_gone_on_with_next_time(
    server: Server, host: Make, tmp_path: Path
) -> None:
    folder = tmp_path / "f"
    server.script(claiming(FILE[:1000], len(FILE), TAG))
    with pytest.raises(SourceUnavailableError):
        await host(tries=1).download(PATH, folder, kind=Kind.PDF)
    assert [name.partition(".")[2] for name in _names(folder)] == ["json", "part"]
    server.script(_rest(1000, TAG))
    got = await host().download(PATH, folder, kind=Kind.PDF)
    assert got.path.read_bytes() == FILE
    assert _names(folder) == [SHA]


async def test_a_file_that_changed_is_begun_anew(
    server: Server, host: Make, tmp_path: Path
) -> None:
    newer = FILE + b"revised"
    server.script(
        claiming(FILE[:1000], len(FILE), TAG), answer(newer, 200, 'ETag: "2"')
    )
    got = await host().download(PATH, tmp_path / "f", kind=Kind.PDF)
    assert got.path.read_bytes() == newer


@pytest.mark.parametrize(
    "lie",
    [
        _rest(1000, 'ETag: "two"'),
        _rest(999, TAG),
        answer(FILE[999:], 206, f"Content-Range: bytes 999-{len(FILE) - 1}/*", TAG),
        answer(FILE[1000:], 206, TAG),
        answer(b"", 416, f"Content-Range: bytes */{len(FILE)}"),
        answer(
            FILE[1000:2000], 206, f"Content-Range: bytes 1000-1999/{len(FILE)}", TAG
        ),
    ],
    ids=[
        "another version",
        "another place",
        "another place of who knows",
        "no place",
        "too far",
        "too little",
    ],
)
async def test_a_rest_that_does_not_fit_is_not_joined(
    server: Server, host: Make, tmp_path: Path, lie: Reply
) -> None:
    server.script(claiming(FILE[:1000], len(FILE), TAG), lie, answer(FILE, 200, TAG))
    got = await host().download(PATH, tmp_path / "f", kind=Kind.PDF)
    assert got.path.read_bytes() == FILE
    assert "range" not in server.seen[2].headers


@pytest.mark.parametrize("header", ['ETag: W/"weak"', "X-No: validator"])
async def test_without_a_strong_validator_a_file_is_begun_anew(
    server: Server, host: Make, tmp_path: Path, header: str
) -> None:
    server.script(claiming(FILE[:1000], len(FILE), header), answer(FILE))
    got = await host().download(PATH, tmp_path / "f", kind=Kind.PDF)
    assert got.path.read_bytes() == FILE
    assert "range" not in server.seen[1].headers


@pytest.mark.parametrize("beside", [b"", b"[]", b"\xff{", b'{"url": "x"}', b"[" * 9999])
async def test_a_damaged_sidecar_is_not_believed(
    server: Server, host: Make, tmp_path: Path, beside: bytes
) -> None:
    folder = tmp_path / "f"
    server.script(claiming(FILE[:1000], len(FILE), TAG))
    with pytest.raises(SourceUnavailableError):
        await host(tries=1).download(PATH, folder, kind=Kind.PDF)
    next(folder.glob("*.json")).write_bytes(beside)
    server.script(answer(FILE))
    got = await host().download(PATH, folder, kind=Kind.PDF)
    assert got.path.read_bytes() == FILE
    assert "range" not in server.seen[1].headers


async def test_a_refusal_leaves_the_bytes_so_far(
    server: Server, host: Make, tmp_path: Path
) -> None:
    folder = tmp_path / "f"
    one = host()
    server.script(claiming(FILE[:1000], len(FILE), TAG), answer(b"no", 403))
    with pytest.raises(SourceBlockedError):
        await one.download(PATH, folder, kind=Kind.PDF)
    server.script(_rest(1000, TAG))
    assert (await one.download(PATH, folder, kind=Kind.PDF)).sha256 == SHA


@pytest.mark.parametrize(
    ("reply", "due"),
    [
        (answer(b"<html><body>Not here</body></html>"), NotYetPublishedError),
        (answer(b"<html>Access Denied</html>"), SourceBlockedError),
        (answer(b"PK\x03\x04 zip"), SourceShapeError),
        (answer(b"x" * 200_000), SourceShapeError),
        (answer(b"gone", 404), NotYetPublishedError),
    ],
    ids=["page", "denied", "another kind", "too large", "absent"],
)
async def test_what_is_no_file_leaves_nothing_behind(
    server: Server,
    host: Make,
    tmp_path: Path,
    reply: Reply,
    due: type[Exception],
) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    server.script(reply)
    with pytest.raises(due):
        await host(html_means="not_yet_published").download(PATH, folder, kind=Kind.PDF)
    assert _names(folder) == []


async def test_a_padded_pdf_is_accepted(
    server: Server, host: Make, tmp_path: Path
) -> None:
    padded = b"\xef\xbb\xbf\r\n" + FILE
    server.script(answer(padded))
    got = await host().download(PATH, tmp_path / "f", kind=Kind.PDF)
    assert got.path.read_bytes() == padded


async def test_a_packed_file_lies_unpacked(
    server: Server, host: Make, tmp_path: Path
) -> None:
    server.script(answer(gzip.compress(FILE), 200, TAG))
    got = await host().download(PATH, tmp_path / "f", kind=Kind.PDF)
    assert (got.path.read_bytes(), got.size) == (FILE, len(FILE))
    assert _names(tmp_path / "f") == [SHA]


async def test_two_downloads_of_one_url_do_not_mix(
    server: Server, host: Make, tmp_path: Path
) -> None:
    server.script(answer(FILE, 200, TAG))
    one = host()
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(one.download(PATH, tmp_path / "f", kind=Kind.PDF))
            for _ in range(4)
        ]
    assert {task.result().sha256 for task in tasks} == {SHA}
    assert _names(tmp_path / "f") == [SHA]


async def test_a_folder_that_cannot_be_made_says_so(
    server: Server, host: Make, tmp_path: Path
) -> None:
    (tmp_path / "f").write_text("a file")
    server.script(answer(FILE))
    with pytest.raises(HomeUnwritableError):
        await host().download(PATH, tmp_path / "f" / "g", kind=Kind.PDF)


@pytest.mark.parametrize("size", [100, 100_000], ids=["at the end", "under way"])
def test_a_full_disk_is_called_so(tmp_path: Path, size: int) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    part = Part(tmp_path, "http://127.0.0.1/a", 10_000_000)
    part._path.symlink_to(full)
    part.begin(200, {})
    with pytest.raises(DiskFullError):
        _fill(part, b"x" * size)


def _fill(part: Part, chunk: bytes) -> None:
    try:
        part.take(chunk)
    finally:
        part.close()


def test_a_crash_while_unpacked_bytes_are_kept_costs_the_download_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = Part(tmp_path, "http://127.0.0.1/a", 1_000_000)
    part.begin(200, {"etag": '"a"'})
    part.take(gzip.compress(FILE))
    part.close()
    part.answer()

    def failing(handle: int) -> None:
        raise OSError(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(HomeUnwritableError):
        part.seal(FILE)
    assert "Range" not in Part(tmp_path, "http://127.0.0.1/a", 1_000_000).headers()


def test_names_of_theirs_never_become_names_of_ours(tmp_path: Path) -> None:
    part = Part(tmp_path, "http://127.0.0.1/../../etc/passwd%00.pdf", 1000)
    part.begin(200, {"etag": '"a"'})
    part.take(b"%PDF")
    part.close()
    assert all(name.partition(".")[0].isalnum() for name in _names(tmp_path))
    said = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert said["validator"] == '"a"'
