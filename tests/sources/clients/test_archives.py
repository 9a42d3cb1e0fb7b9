"""Files of a day: which address, which format, and of that day."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest

from dexter.errors import NotYetPublishedError
from dexter.sources.archives import Archives
from dexter.sources.payload import Payload, UnreadPayloadError
from dexter.sources.wire import Kind
from tests.sources.clients.fake_host import CONFIG, FakeHost, Replies, host
from tests.sources.clients.rows import DAY, GOLDEN, zipped
from tests.sources.clients.sheets import BSE_OLDER, BSE_OLDEST, OLDER

BEFORE = date(2023, 5, 4)


def client(replies: dict[str, Replies]) -> tuple[Archives, FakeHost]:
    nse = FakeHost("nse_archives", replies)
    bse = FakeHost("bse_files", replies, nse.asked)
    return Archives(host(nse), host(bse), CONFIG), nse


OF_A_DAY: list[tuple[str, str, Kind]] = [
    ("nse_bars", "/content/cm/BhavCopy_NSE_CM_0_0_0_20260504_F_0000.csv.zip", Kind.ZIP),
    ("nse_delivery", "/products/content/sec_bhavdata_full_04052026.csv", Kind.CSV),
    ("nse_bands", "/content/equities/sec_list_04052026.csv", Kind.CSV),
    ("nse_band_changes", "/content/equities/eq_band_changes_04052026.csv", Kind.CSV),
    ("nse_securities", "/content/cm/NSE_CM_security_04052026.csv.gz", Kind.GZIP),
    ("nse_indices", "/content/indices/ind_close_all_04052026.csv", Kind.CSV),
    (
        "bse_bars",
        "/download/BhavCopy/Equity/BhavCopy_BSE_CM_0_0_0_20260504_F_0000.CSV",
        Kind.CSV,
    ),
    ("bse_delivery", "/BSEDATA/gross/2026/SCBSEALL0405.zip", Kind.ZIP),
]


def of_day(archives: Archives, name: str) -> Callable[[date], Awaitable[Payload]]:
    found: Callable[[date], Awaitable[Payload]] = getattr(archives, name)
    return found


@pytest.mark.parametrize(("name", "path", "kind"), OF_A_DAY)
async def test_a_file_of_a_day(name: str, path: str, kind: Kind) -> None:
    dataset = name.replace("_", " ")
    archives, asked = client({path: GOLDEN[dataset]})
    payload = await of_day(archives, name)(DAY)
    assert (payload.dataset, payload.unit) == (dataset, "2026-05-04")
    assert payload.records
    assert asked.asked[0].kind is kind


@pytest.mark.parametrize("name", [name for name, _, _ in OF_A_DAY])
async def test_a_file_that_is_not_there_is_not_empty(name: str) -> None:
    archives, _ = client({})
    with pytest.raises(NotYetPublishedError, match="2026-05-04"):
        await of_day(archives, name)(DAY)


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        (
            "nse_bars",
            "/content/historical/EQUITIES/2023/MAY/cm04MAY2023bhav.csv.zip",
            zipped(OLDER),
        ),
        (
            "bse_bars",
            "/download/BhavCopy/Equity/EQ_ISINCODE_040523.zip",
            zipped(BSE_OLDER),
        ),
        ("bse_bars", "/download/BhavCopy/Equity/EQ040523_CSV.ZIP", zipped(BSE_OLDEST)),
    ],
)
async def test_older_days_have_older_files(name: str, path: str, body: bytes) -> None:
    archives, _ = client({path: body})
    assert len((await of_day(archives, name)(BEFORE)).records) == 1


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("nse_bars", "/content/cm/BhavCopy_NSE_CM_0_0_0_20260505_F_0000.csv.zip"),
        ("nse_delivery", "/products/content/sec_bhavdata_full_05052026.csv"),
        ("nse_indices", "/content/indices/ind_close_all_05052026.csv"),
        ("bse_delivery", "/BSEDATA/gross/2026/SCBSEALL0505.zip"),
    ],
)
async def test_the_file_of_another_day_is_refused(name: str, path: str) -> None:
    archives, _ = client({path: GOLDEN[name.replace("_", " ")]})
    with pytest.raises(UnreadPayloadError, match="the file of 2026-05-05 holds rows"):
        await of_day(archives, name)(date(2026, 5, 5))


async def test_lists_that_stand() -> None:
    archives, _ = client(
        {
            "/content/equities/EQUITY_L.csv": GOLDEN["nse equity list"],
            "/content/equities/symbolchange.csv": GOLDEN["nse symbol changes"],
        }
    )
    assert (await archives.nse_equities()).records[0]["SYMBOL"] == "TAMRA"
    assert (await archives.nse_symbol_changes()).records[0]["SM_KEY_SYMBOL"] == "TAMBA"
