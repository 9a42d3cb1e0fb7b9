"""Kept answers are believed only while they are whole, and young only by the clock."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dexter.sources.cache import Cache
from dexter.sources.wire import Answer

URL = "http://127.0.0.1/w?a=1"
BODY = b'{"Table": []}\n{"second": "line"}'


def _answer(**headers: str) -> Answer:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(URL, 200, said, BODY)


def _entry(folder: Path) -> Path:
    return next(path for path in folder.rglob("*") if path.is_file())


def test_an_answer_comes_back_as_sent(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(_answer(etag='"1"', set_cookie="secret"), 5.0)
    kept = cache.get(URL)
    assert kept is not None
    assert (kept.answer.body, kept.answer.status, kept.at) == (BODY, 200, 5.0)
    assert kept.answer.headers == {"etag": '"1"'}
    assert cache.get(URL + "2") is None
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_both_validators_are_asked_with(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(_answer(etag='W/"1"', last_modified="Mon"), None)
    kept = cache.get(URL)
    assert kept is not None
    assert kept.validators() == {"If-None-Match": 'W/"1"', "If-Modified-Since": "Mon"}


@pytest.mark.parametrize(
    ("said", "at", "now", "keep", "fresh"),
    [
        ("max-age=60", 100.0, 159.0, 0.0, True),
        ("public, max-age=60", 100.0, 160.0, 0.0, False),
        ("max-age=60, no-cache", 100.0, 101.0, 0.0, False),
        ("no-store", 100.0, 150.0, 86400.0, True),
        ("", 100.0, 150.0, 60.0, True),
        ("", 100.0, 161.0, 60.0, False),
        ("max-age=60", 100.0, 99.0, 60.0, False),
        ("max-age=60", None, 99.0, 60.0, False),
        ("max-age=60", 100.0, None, 60.0, False),
        ("max-age=hello", 100.0, 100.0, 0.0, False),
    ],
)
def test_an_answer_is_young_by_the_clock(
    tmp_path: Path,
    said: str,
    at: float | None,
    now: float | None,
    keep: float,
    fresh: bool,  # noqa: FBT001 - a row of the table
) -> None:
    cache = Cache(tmp_path)
    cache.put(_answer(cache_control=said), at)
    kept = cache.get(URL)
    assert kept is not None
    assert kept.is_fresh(now, keep) is fresh


def test_what_is_confirmed_is_young_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put(_answer(etag='"1"', cache_control="max-age=10"), 100.0)
    kept = cache.get(URL)
    assert kept is not None
    cache.confirm(kept, {"cache-control": "max-age=99"}, 200.0)
    again = cache.get(URL)
    assert again is not None
    assert (again.answer.body, again.at) == (BODY, 200.0)
    assert again.is_fresh(298.0, 0.0)
    assert again.validators() == {"If-None-Match": '"1"'}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_wrong_byte_in_the_body_drops_an_entry(
    tmp_path: Path, data: st.DataObject
) -> None:
    cache = Cache(tmp_path)
    cache.put(_answer(), None)
    path = _entry(tmp_path)
    whole = path.read_bytes()
    begin = whole.index(b"\n") + 1
    at = data.draw(st.integers(begin, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(data.draw(st.sampled_from([bytes(damaged), whole[:at]])))
    assert cache.get(URL) is None
    assert not path.exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.sampled_from(
            [b"[]", b"null", b'{"headers": 1}', b"[" * 5000, b'{"url": "x"}', b""]
        ),
    )
)
def test_any_bytes_are_a_miss(tmp_path: Path, content: bytes) -> None:
    cache = Cache(tmp_path)
    cache.put(_answer(), None)
    _entry(tmp_path).write_bytes(content)
    assert cache.get(URL) is None


def test_a_folder_that_cannot_be_written_only_costs_a_request(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file")
    cache.put(_answer(), None)
    assert cache.get(URL) is None
