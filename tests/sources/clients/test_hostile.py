"""Any bytes are rows or an error of ours, quickly and within bounds."""

import gzip
import io
import json
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dexter.errors import SourceError, SourceShapeError
from dexter.sources.bars import (
    band_changes_of,
    bands_of,
    bars_of,
    deliveries_of,
    index_closes_of,
    ticks_of,
)
from dexter.sources.drift import news, shapes
from dexter.sources.names import last_part
from dexter.sources.payload import Payload
from dexter.sources.reading import read
from tests.sources.clients.rows import DAY, GOLDEN, as_json, zipped

DATASETS = sorted({name.partition(",")[0] for name in shapes()})
RELAXED = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
KEYS = st.text(max_size=8) | st.sampled_from(
    [field.name for shape in shapes().values() for field in shape.fields]
    + ["Table", "Table1", "ROWCNT", "data", "totalCount", "equityResponse", "metaData"]
    + ["upper", "lower", "both", "AllSec", "count", "CM"]
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6)
    ),
    max_leaves=30,
)


def consumed(dataset: str, content: bytes) -> Payload | None:
    """Everything that is ever done with a payload, or None where it is refused."""
    try:
        payload = read(dataset, "unit", "url", content, day=DAY)
    except SourceError as error:
        error.sentence.encode()
        return None
    for said in news(dataset, payload.records):
        assert said.encode()
    for use in (
        *(deliveries_of, bands_of, band_changes_of),
        *(ticks_of, index_closes_of),
    ):
        use(payload)
    try:
        bars_of(payload)
    except SourceShapeError as error:
        error.sentence.encode()
    return payload


@given(dataset=st.sampled_from(DATASETS), content=st.binary(max_size=400))
@RELAXED
def test_any_bytes(dataset: str, content: bytes) -> None:
    consumed(dataset, content)


@given(dataset=st.sampled_from(DATASETS), tree=TREES)
@RELAXED
def test_any_json(dataset: str, tree: object) -> None:
    consumed(dataset, as_json(tree))


@given(
    dataset=st.sampled_from(sorted(GOLDEN)),
    begin=st.integers(0, 1500),
    length=st.integers(0, 40),
    noise=st.binary(max_size=30) | st.sampled_from([b'"', b",,,", b"\0", b"{", b"\n"]),
)
@RELAXED
def test_any_damage(dataset: str, begin: int, length: int, noise: bytes) -> None:
    whole = GOLDEN[dataset]
    consumed(dataset, whole[:begin] + noise + whole[begin + length :])


@given(
    dataset=st.sampled_from([n for n in sorted(GOLDEN) if GOLDEN[n][:1] in b"[{"]),
    data=st.data(),
)
@RELAXED
def test_any_value_in_the_place_of_another(dataset: str, data: st.DataObject) -> None:
    tree = json.loads(GOLDEN[dataset])
    branch = tree
    while True:
        steps = list(branch) if isinstance(branch, dict) else list(range(len(branch)))
        if not steps:
            return
        step = data.draw(st.sampled_from(steps))
        if not isinstance(branch[step], dict | list) or data.draw(st.booleans()):
            break
        branch = branch[step]
    branch[step] = data.draw(SCALARS | TREES)
    consumed(dataset, as_json(tree))


@given(st.text(max_size=60))
@RELAXED
def test_a_name_from_outside_stays_one_plain_name(name: str) -> None:
    try:
        part = last_part("BSE files", name)
    except SourceShapeError:
        return
    assert part not in {"", ".", ".."}
    assert not set(part) & set('/\\:*?"<>|\0\n%#')


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", bytes(200_000_000))
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dataset", "content"),
    [
        ("nse bars", bomb()),
        ("nse securities", gzip.compress(bytes(200_000_000))),
        ("nse announcements", b"[" + b"{}," * 2_000_000 + b"{}]"),
        ("nse announcements", b"[" + b'"ab",' * 6_000_000 + b'"a"]'),
        ("nse announcements", b"[" + b'{"a":1},' * 900_000 + b"{}]"),
        ("nse bands", b"a," * 10_000_000),
        ("nse bands", b"a,b\n" + b"1,2\n" * 5_000_000),
        ("nse bands", b'"' + b"x" * 20_000_000),
    ],
    ids=["zip", "gzip", "objects", "texts", "rows", "wide", "long", "quoted"],
)
def test_bombs_are_refused_within_bounds(dataset: str, content: bytes) -> None:
    tracemalloc.start()
    begun = time.perf_counter()
    with pytest.raises(SourceError):
        read(dataset, "", "", content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000_000
    assert time.perf_counter() - begun < 60


def test_many_members_or_nested_names_are_refused_or_ignored() -> None:
    others = {f"{number}.csv": b"" for number in range(70)}
    with pytest.raises(SourceShapeError, match="too many members"):
        read("nse bars", "", "", zipped("", "x.csv", **others))
    body = zipped("TradDt\n", "../../x.csv")
    with pytest.raises(SourceShapeError, match="no row under it"):
        read("nse bars", "", "", body)
