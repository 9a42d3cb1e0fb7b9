"""What a body is, told from bytes that may be anything."""

import gzip
import io
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.errors import SourceError, SourceShapeError, SourceUnavailableError
from dexter.sources.config import HostConfig
from dexter.sources.judge import is_error_page, judge
from dexter.sources.patience import retry_after
from dexter.sources.sniff import fits, told, unwrapped
from dexter.sources.wire import Answer, Kind
from tests.sources.transport.conftest import CONFIG


def _zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", content)
    return out.getvalue()


FILES = replace(CONFIG, html_means="not_yet_published")
INLINE = (
    b"<?xml version='1.0'?><!-- made -->\n<html xmlns:ix="
    b"'http://www.xbrl.org/2013/inlineXBRL'><body/></html>"
)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"a": 1}', Kind.JSON),
        (b"\xef\xbb\xbf \r\n\t[]", Kind.JSON),
        (b'"No Record Found!"', Kind.JSON),
        (b'"{\\"col1\\": \\"in Cr., rounded\\"}" \n', Kind.JSON),
        (b"null", Kind.JSON),
        (b"-12.5e3\n", Kind.JSON),
        ('{"a": 1}'.encode("utf-16"), Kind.JSON),
        (b"SYMBOL, SERIES, DATE1\n20MICRONS, EQ, 1\n", Kind.CSV),
        (b'"SYMBOL","SERIES"\n"A","EQ"\n', Kind.CSV),
        (b"DATE|SCRIP CODE|DELIVERY QTY\n", Kind.CSV),
        (b"Band changes\nfrom tomorrow\nSymbol,From,To\n", Kind.CSV),
        (b"2026-05-04,1,2\n", Kind.CSV),
        (_zip(b"a,b"), Kind.ZIP),
        (_zip(b"")[-22:], Kind.ZIP),
        (gzip.compress(b""), Kind.GZIP),
        (b"%PDF-1.4", Kind.PDF),
        (b"\xef\xbb\xbf\n \x00%PDF-1.4", Kind.PDF),
        (b"<?xml version='1.0'?>\n<rss></rss>", Kind.XML),
        (b"\n<xbrli:xbrl xmlns='a'>", Kind.XML),
        (b"<!DOCTYPE rss>\n<rss>", Kind.XML),
        (INLINE, Kind.XML),
        (b"<!doctype HTML>\n<p>", Kind.HTML),
        (b"  <HTML><HEAD>", Kind.HTML),
        (b"<!-- hello --><html>", Kind.HTML),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>", Kind.HTML),
        (b"<head><title>Document Moved</title></head>", Kind.HTML),
        (b"<li class='quotemenu'><a>", Kind.HTML),
        (b"", None),
        (b"   ", None),
        (b"Service temporarily unavailable", None),
        (b"\x00\x01\x02,\x03", None),
        (b"<<<", None),
        (b"MZ\x90,\x00", None),
    ],
)
def test_a_body_is_told_by_its_bytes(body: bytes, kind: Kind | None) -> None:
    assert told(body) is kind
    assert fits(Kind.ANY, body)
    assert [one for one in Kind if one is not Kind.ANY and fits(one, body)] == (
        [] if kind is None else [kind]
    )


def test_gzip_within_gzip_and_members_are_undone() -> None:
    twice = gzip.compress(gzip.compress(b"[1") + gzip.compress(b"]"))
    assert unwrapped("BSE", twice, 100) == b"[1]"


def test_bytes_after_a_gzip_are_left_away() -> None:
    assert unwrapped("BSE", gzip.compress(b"[]") + b"\r\n", 100) == b"[]"


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_is_refused_within_its_bound(layers: int) -> None:
    bomb = b"\x00" * 5_000_000
    for _ in range(layers):
        bomb = gzip.compress(bomb)
    with pytest.raises(SourceShapeError, match="unpacks to more than"):
        unwrapped("BSE", bomb, 100_000)


def test_a_body_exactly_at_the_bound_passes() -> None:
    assert len(unwrapped("BSE", gzip.compress(b"x" * 1000), 1000)) == 1000
    with pytest.raises(SourceShapeError):
        unwrapped("BSE", gzip.compress(b"x" * 1001), 1000)


def test_a_swarm_of_members_is_refused() -> None:
    with pytest.raises(SourceShapeError, match="members"):
        unwrapped("BSE", gzip.compress(b"") * 10_000, 1000)


@pytest.mark.parametrize("damage", [slice(0, -3), slice(0, 2), slice(0, 12)])
def test_a_cut_gzip_is_unavailable(damage: slice) -> None:
    with pytest.raises(SourceUnavailableError):
        unwrapped("BSE", gzip.compress(b"hello there" * 9)[damage], 1000)


def test_a_damaged_gzip_is_unavailable() -> None:
    packed = bytearray(gzip.compress(b"hello there" * 9))
    packed[-5] ^= 0xFF
    with pytest.raises(SourceUnavailableError):
        unwrapped("BSE", bytes(packed), 1000)


def _wrapped(body: bytes, how: int) -> bytes:
    return [body, gzip.compress(body), gzip.compress(body)[:-4], zlib.compress(body)][
        how
    ]


begun = st.sampled_from(
    [
        b"",
        b"\x1f\x8b",
        b"\xff\xfe",
        b"\xfe\xff",
        b"<",
        b"<!--",
        b"<?",
        b'"',
        b"PK\x03\x04",
    ]
)
bodies = st.builds(
    lambda begin, rest, how: _wrapped(begin + rest, how),
    begun,
    st.binary(max_size=300),
    st.integers(0, 3),
)
headers = st.dictionaries(
    st.sampled_from(["location", "retry-after", "date", "content-encoding"]),
    st.text(max_size=40),
)


@given(bodies)
def test_telling_takes_any_bytes(body: bytes) -> None:
    told(body)
    for kind in Kind:
        fits(kind, body)


def _outcome(config: HostConfig, kind: Kind, said: Answer) -> Answer | SourceError:
    try:
        return judge(config, kind, said)
    except SourceError as error:
        return error


@settings(max_examples=300)
@given(
    bodies,
    headers,
    st.integers(0, 999),
    st.sampled_from(list(Kind)),
    st.sampled_from([CONFIG, FILES]),
)
def test_judging_takes_anything_and_says_so_in_our_words(
    body: bytes, said: dict[str, str], status: int, kind: Kind, config: HostConfig
) -> None:
    answer = Answer("http://127.0.0.1/a", status, said, body)
    is_error_page(answer)
    wait = retry_after(answer)
    assert wait is None or 0 <= wait < 1e10
    outcome = _outcome(config, kind, answer)
    if isinstance(outcome, SourceError):
        assert outcome.sentence.startswith("BSE ")
        assert outcome.sentence.isprintable()
    else:
        assert 200 <= status < 300
        assert body
        assert fits(kind, outcome.body)


@pytest.mark.parametrize(
    "hostile",
    [
        b'"' * 500_000,
        b'"' + b"\\" * 500_001,
        b"<!--" * 200_000,
        b"<?" * 300_000,
        b" " * 1_000_000 + b"x",
        b"1" * 500_000 + b"x",
        b"<!doctype " * 100_000,
        b"\xef\xbb\xbf" * 300_000,
    ],
    ids=range(8),
)
def test_no_bytes_take_long(hostile: bytes) -> None:
    assert told(hostile) in {None, Kind.JSON, Kind.HTML, Kind.XML, Kind.CSV}


SUFFIXES = {".pdf": Kind.PDF, ".json": Kind.JSON, ".csv": Kind.CSV, ".xml": Kind.XML}


@pytest.mark.real
def test_real_bodies_are_told_as_their_names_say(shared: Path) -> None:
    """All but the files that are pages in place of a PDF, and are named corrupt."""
    files = [
        path
        for path in sorted((shared / "data" / "filings").rglob("*"))
        if path.suffix in SUFFIXES and path.is_file()
    ]
    wrong = [path for path in files if told(path.read_bytes()) != SUFFIXES[path.suffix]]
    assert files
    assert [path.name for path in wrong if "corrupt" not in path.name] == []
    assert {told(path.read_bytes()) for path in wrong} <= {Kind.HTML}
