from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.market import CorporateAction
from dexter.errors import StoreCorruptError
from dexter.store.database import Database
from dexter.store.prices import ParquetPrices, factors
from tests.store.conftest import Keep, at, bar, keep_bars

MONDAY = date(2025, 2, 17)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]


async def test_a_bar_is_seen_from_the_close_of_its_session(database: Database) -> None:
    keep_bars(database, [bar("KAVCEM", day, 100 + n) for n, day in enumerate(WEEK)])
    prices = ParquetPrices(database)
    before = await prices.history("KAVCEM", at("2025-02-19T15:29:59"), 10)
    after = await prices.history("KAVCEM", at("2025-02-19T15:30:00"), 10)
    assert before is not None
    assert after is not None
    assert before.sessions == tuple(WEEK[:2])
    assert after.sessions == tuple(WEEK[:3])
    assert after.close == (100, 101, 102)


async def test_the_last_bars_are_cut_to_the_number_asked(database: Database) -> None:
    keep_bars(database, [bar("KAVCEM", day, 100) for day in WEEK])
    found = await ParquetPrices(database).history(
        "KAVCEM", at("2025-03-01T00:00:00"), 2
    )
    assert found is not None
    assert found.sessions == tuple(WEEK[-2:])


async def test_neighbours_in_the_file_are_not_mixed(database: Database) -> None:
    rows = [
        bar(s, day, c) for s, c in (("A", 1.0), ("B", 2.0), ("C", 3.0)) for day in WEEK
    ]
    keep_bars(database, rows)
    found = await ParquetPrices(database).history("B", at("2025-03-01T00:00:00"), 99)
    assert found is not None
    assert set(found.close) == {2.0}
    assert len(found) == 5


async def test_no_bars_is_none(database: Database) -> None:
    prices = ParquetPrices(database)
    assert await prices.history("KAVCEM", at("2025-03-01T00:00:00"), 5) is None
    keep_bars(database, [bar("KAVCEM", MONDAY, 1)])
    assert await prices.history("OTHER", at("2025-03-01T00:00:00"), 5) is None
    assert await prices.history("KAVCEM", at("2025-01-01T00:00:00"), 5) is None


async def test_a_former_ticker_finds_the_same_bars(
    database: Database, put: Keep
) -> None:
    keep_bars(database, [bar("HIMPOWER", MONDAY, 42)])
    put("renames", {"old": "HIMHYDRO", "new": "HIMPOWER", "changed_on": None})
    found = await ParquetPrices(database).history(
        "himhydro", at("2025-03-01T00:00:00"), 5
    )
    assert found is not None
    assert found.symbol == "HIMPOWER"


async def test_a_split_is_unknown_until_its_ex_date_is_a_bar(
    database: Database, put: Keep
) -> None:
    split = {"symbol": "SETUFIN", "ex_date": WEEK[2], "kind": "split", "factor": "0.2"}
    keep_bars(
        database, [bar("SETUFIN", day, 500 if day < WEEK[2] else 100) for day in WEEK]
    )
    put("actions", split)
    prices = ParquetPrices(database)
    eve = await prices.history("SETUFIN", at("2025-02-19T12:00:00"), 9)
    day = await prices.history("SETUFIN", at("2025-02-19T16:00:00"), 9)
    assert eve is not None
    assert day is not None
    assert eve.factor == (1.0, 1.0)
    assert day.factor == (0.2, 0.2, 1.0)


@given(
    ends=st.lists(st.integers(1, 59), max_size=5, unique=True),
    ratios=st.lists(st.sampled_from(["0.5", "0.2", "0.1"]), min_size=5, max_size=5),
    last=st.integers(1, 60),
)
def test_adjusted_prices_are_continuous(
    ends: list[int], ratios: list[str], last: int
) -> None:
    """A share worth 1000 split any way stays comparable, and the last factor is 1."""
    days = tuple(MONDAY + timedelta(days=n) for n in range(last))
    splits = tuple(
        CorporateAction("X", MONDAY + timedelta(days=n), Decimal(r), "split")
        for n, r in sorted(zip(ends, ratios, strict=False))
    )
    found = factors(days, splits)
    price = 1000.0
    raw = []
    for day in days:
        for split in splits:
            if split.ex_date == day:
                price *= float(split.factor)
        raw.append(price)
    assert found[-1] == 1.0
    for close, factor in zip(raw, found, strict=True):
        assert close * factor == pytest.approx(raw[-1])


async def test_an_index_close_is_seen_from_the_evening_of_its_day(
    database: Database, put: Keep
) -> None:
    closes = [
        {"name": "NIFTY_50", "session": day, "close": 100.0 + n, "source": "indices"}
        for n, day in enumerate(WEEK)
    ]
    put("index_closes", *closes)
    prices = ParquetPrices(database)
    found = await prices.index("NIFTY_50", at("2025-02-19T12:00:00"), 9)
    assert found is not None
    assert found.close == (100.0, 101.0)
    for clock, closes_seen in (("15:30:00", 2), ("19:59:59", 2), ("20:00:00", 3)):
        seen = await prices.index("NIFTY_50", at(f"2025-02-19T{clock}"), 9)
        assert seen is not None
        assert len(seen.close) == closes_seen, clock
    assert await prices.index("NIFTY_IT", at("2025-02-19T12:00:00"), 9) is None


async def test_a_damaged_file_says_so(database: Database, tmp_path: Path) -> None:
    keep_bars(database, [bar("KAVCEM", MONDAY, 1)])
    (file,) = (tmp_path / "home" / "prices").glob("bars-*.parquet")
    file.write_bytes(b"PAR1 not parquet")
    with pytest.raises(StoreCorruptError, match="is damaged"):
        await ParquetPrices(database).history("KAVCEM", at("2025-03-01T00:00:00"), 5)
