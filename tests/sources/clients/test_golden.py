"""Every recorded shape reads, and says nothing is new."""

import gzip
import json

import pytest

from dexter.errors import SourceShapeError
from dexter.sources.drift import news, shapes
from dexter.sources.payload import Payload, UnreadPayloadError
from dexter.sources.reading import read
from tests.sources.clients.rows import (
    EVENT,
    GOLDEN,
    QUOTE,
    as_json,
    bse_page,
    zipped,
)
from tests.sources.clients.sheets import (
    BSE_OLDER,
    BSE_OLDEST,
    CHANGES,
    OLDER,
    RENAMES,
    SECURITIES,
)

OF_THE_PACK = {
    *("nse band hits", "nse actions of a day"),
    *("nse announcements file", "nse index members"),
}


def golden(dataset: str, content: bytes | None = None) -> Payload:
    return read(dataset, "unit", "url", content or GOLDEN[dataset])


@pytest.mark.parametrize("dataset", GOLDEN)
def test_reads_without_news(dataset: str) -> None:
    payload = golden(dataset)
    assert payload.records
    assert news(dataset, payload.records) == ()


def test_every_shape_has_a_golden_file() -> None:
    named = {name.partition(",")[0] for name in shapes()}
    assert named - OF_THE_PACK == set(GOLDEN)


def test_bytes_are_kept_as_sent() -> None:
    payload = golden("nse bars")
    assert payload.content == GOLDEN["nse bars"]
    assert (payload.dataset, payload.unit, payload.url) == ("nse bars", "unit", "url")


def test_headers_and_cells_lose_their_padding_and_nothing_else() -> None:
    first, second = golden("nse delivery").records
    assert first["DELIV_PER"] == "50.32"
    assert second["DELIV_QTY"] == "-"
    assert golden("nse equity list").records[0]["ISIN NUMBER"] == "INE990A01014"


@pytest.mark.parametrize(
    ("dataset", "content"),
    [
        ("nse bars", zipped(OLDER)),
        ("bse bars", zipped(BSE_OLDER, "EQ_ISINCODE_040523.CSV")),
        ("bse bars", zipped(BSE_OLDEST)),
        ("nse securities", SECURITIES.encode()),
        ("nse symbol changes", RENAMES.partition("\n")[2].encode()),
        ("nse event calendar", as_json({"0": EVENT, "1": EVENT})),
        ("nse event calendar", as_json({"data": [EVENT]})),
        ("nse quote", as_json(QUOTE)),
        (
            "bse announcements",
            json.dumps(GOLDEN["bse announcements"].decode()).encode(),
        ),
        ("nse announcements", b"\xef\xbb\xbf" + GOLDEN["nse announcements"]),
        ("nse bands", GOLDEN["nse bands"].replace(b"\n", b"\r\n\r\n")),
    ],
)
def test_other_wrappings_read_too(dataset: str, content: bytes) -> None:
    wrapped = golden(dataset, content)
    assert wrapped.records
    assert news(dataset, wrapped.records) == ()


def test_a_file_without_its_heading_is_told_by_its_columns() -> None:
    bare = golden("nse symbol changes", b"Tamra,TAMBA,TAMRA,15-JUN-2024\n").records[0]
    whole = golden("nse symbol changes").records[0]
    assert bare == {**whole, "SYMB_COMPANY_NAME": "Tamra"}


def test_grouped_rows_say_their_group() -> None:
    assert golden("nse holidays").records[0]["segment"] == "CM"
    hitter = golden("nse band hitters").records[0]
    assert (hitter["side"], hitter["timestamp"]) == ("upper", "04-May-2026 16:00:00")


def test_a_quote_is_one_flat_row() -> None:
    (row,) = golden("nse quote").records
    assert row["metaData.basePrice"] == 778.9
    assert row["priceInfo.ppriceBand"] == "No Band"


@pytest.mark.parametrize(
    ("dataset", "content", "why"),
    [
        ("nse announcements", b'{"data":[],"msg":"no data found"}', "no data found"),
        ("nse announcements", b"[1]", "row 1 is no object"),
        ("nse announcements", b"[{]", "no JSON"),
        ("nse announcements", b"[" * 100_000, "no JSON"),
        ("nse announcements", b'[{"a": NaN}]', "no JSON"),
        ("nse integrated results", b'{"data":[]}', "totalCount vanished"),
        ("nse integrated results", b'{"data":[],"totalCount":-1}', "no count"),
        ("bse announcements", b'{"Table":[]}', "Table1 vanished"),
        ("bse announcements", b'{"Table":[],"Table1":[]}', "ROWCNT vanished"),
        ("nse bands", b"Symbol,Series,Band\nA,EQ\n", "line 2 has 2 cells"),
        ("nse bands", b"Symbol,Series,Band\nA,EQ,5,x\n", "line 2 has 4 cells"),
        ("nse bands", b"Symbol,Symbol,Band\nA,EQ,5\n", "heading is not one"),
        ("nse bands", b"Symbol,Series,Band\n", "no row under it"),
        ("nse bands", b"\n\n", "empty"),
        ("nse bars", b"PK\x03\x04 cut", "archive cannot be read"),
        ("nse bars", zipped("x", "a.csv", **{"b.csv": b"x"}), "2 files"),
        ("nse bars", zipped("x", "a.exe"), "0 files"),
        ("nse securities", gzip.compress(b"a,b\n" * 99)[:-9], "cut"),
    ],
)
def test_a_changed_shape_is_said_and_its_bytes_are_kept(
    dataset: str, content: bytes, why: str
) -> None:
    with pytest.raises(SourceShapeError, match=why) as raised:
        golden(dataset, content)
    assert isinstance(raised.value, UnreadPayloadError)
    assert raised.value.payload == Payload(dataset, "unit", "url", content, ())


def test_numbers_a_store_cannot_hold_are_refused_and_surrogates_replaced() -> None:
    with pytest.raises(SourceShapeError):
        golden("nse announcements", b'[{"symbol": 1e999}]')
    row = {**json.loads(GOLDEN["nse announcements"])[0], "desc": "\ud800"}
    (read_back,) = golden("nse announcements", as_json([row])).records
    assert str(read_back["desc"]).encode() == "\ufffd".encode()


def test_windows_text_is_read() -> None:
    body = CHANGES.replace("TAMRA,10", "TAMRA – MILLS,10").encode("cp1252")
    (row,) = golden("nse band changes", body).records
    assert row["Security Name"] == "TAMRA – MILLS"


def test_an_empty_page_is_empty_only_in_the_exchange_s_words() -> None:
    assert golden("bse announcements", bse_page([], 0)).records == ()
    assert golden("nse announcements", b"[]").records == ()
