"""Every company's features at a moment: going on from yesterday is beginning anew."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dexter.domain.moment import AsOf
from dexter.errors import UnsavableError
from dexter.features.bars import STALE_DAYS
from dexter.features.catalogue import catalogue_hash
from dexter.store import tables as t
from dexter.store.bars import BARS
from dexter.store.database import Database
from dexter.store.keeping import keep
from dexter.store.price_files import merge_bars
from pipelines.latest import FILE, Latest, latest, read, save
from pipelines.market_days import keep_market_days
from tests.features.making import at, walk, weekdays
from tests.store.conftest import bar

DAYS = weekdays(720, date(2022, 1, 3))
NEW = 16
"""Sessions that come in one by one after the first computation."""

SPLIT = DAYS[-9]
TRADED = {
    "PLAIN": DAYS,
    "SPLIT": DAYS,
    "RARE": DAYS[::7],  # its longest window reaches years back
    "GONE": DAYS[:400],
    "YOUNG": DAYS[-12:],
}


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[list[Database]]:
    """Two homes with the same bars, but for the last sessions."""
    opened = [Database.open(tmp_path / name) for name in ("kept", "anew")]
    for database in opened:
        come_in(database, DAYS[:-NEW])
    yield opened
    for database in opened:
        database.close()


def bars(days: Sequence[date], **corrected: float) -> pa.Table:
    """Their bars, a close of ``SYMBOL=…`` on the first of them corrected."""
    rows = []
    for number, (symbol, traded) in enumerate(TRADED.items()):
        closes = walk(len(DAYS), number)
        for place, day in enumerate(DAYS):
            if day not in traded or day not in days:
                continue
            after = symbol == "SPLIT" and day >= SPLIT
            close = closes[place] / (2 if after else 1)
            before = closes[max(0, place - 1)] / (2 if after else 1)
            if day == days[0]:
                close = corrected.get(symbol, close)
            rows.append({**bar(symbol, day, close, base=before), "turnover": 4e6})
    return pa.Table.from_pylist(rows, BARS)


def come_in(database: Database, days: Sequence[date], **corrected: float) -> None:
    with database.write() as connection:
        merge_bars(connection, database.home, bars(days, **corrected))
    keep_market_days(database, lambda *_: None)


def split(database: Database) -> None:
    row = {
        "symbol": "SPLIT",
        "ex_date": SPLIT,
        "kind": "split",
        "factor": 2,
        "details": "made up",
    }
    with database.write() as connection:
        known = {c.name for c in t.actions.columns}
        keep(connection, t.actions, [{n: v for n, v in row.items() if n in known}])


def seen(day: date, hour: int = 21) -> AsOf:
    return AsOf(at(day, hour), explicit=True)


def assert_same(one: Latest, other: Latest) -> None:
    assert one.symbols == other.symbols
    for name, column in one.matrix.columns.items():
        there = other.matrix.columns[name]
        assert column.values.tobytes() == there.values.tobytes(), name
        reasons = [[c.reason(row) for row in range(len(c))] for c in (column, there)]
        assert reasons[0] == reasons[1], name


def state(database: Database) -> bytes:
    return (database.home / FILE).read_bytes()


def test_day_by_day_is_the_same_to_the_bit_as_all_at_once(
    homes: list[Database],
) -> None:
    kept, anew = homes
    for database in homes:
        split(database)
    latest(kept, seen(DAYS[-NEW - 1]))
    for day in DAYS[-NEW:]:
        for database in homes:
            come_in(database, [day])
        if day in DAYS[-NEW::4]:
            latest(kept, seen(day))
    going_on = latest(kept, seen(DAYS[-1]))
    assert_same(going_on, latest(anew, seen(DAYS[-1])))
    assert going_on.symbols == ("PLAIN", "RARE", "SPLIT", "YOUNG")


def test_asking_again_changes_nothing(homes: list[Database]) -> None:
    database, _ = homes
    first = latest(database, seen(DAYS[-NEW - 1]))
    before = state(database)
    assert_same(first, latest(database, seen(DAYS[-NEW - 1])))
    assert state(database) == before


def test_a_corrected_bar_of_the_past_begins_anew(homes: list[Database]) -> None:
    kept, anew = homes
    last = DAYS[-NEW - 1]
    latest(kept, seen(last))
    for database in homes:
        come_in(database, [last], PLAIN=250.0)
        come_in(database, [DAYS[-NEW]])
    found = latest(kept, seen(DAYS[-NEW]))
    assert_same(found, latest(anew, seen(DAYS[-NEW])))


def test_a_split_told_late_begins_anew(homes: list[Database]) -> None:
    kept, anew = homes
    for database in homes:
        come_in(database, DAYS[-NEW:-1])
    latest(kept, seen(DAYS[-2]))
    for database in homes:
        split(database)
        come_in(database, DAYS[-1:])
    found = latest(kept, seen(DAYS[-1]))
    assert_same(found, latest(anew, seen(DAYS[-1])))


def test_a_moment_before_what_is_kept_is_computed_on_its_own(
    homes: list[Database],
) -> None:
    kept, anew = homes
    latest(kept, seen(DAYS[-NEW - 1]))
    earlier = seen(DAYS[-NEW - 40])
    assert read(kept.home, earlier) is None
    assert_same(latest(kept, earlier), latest(anew, earlier))


def test_during_a_session_its_bar_is_not_seen(homes: list[Database]) -> None:
    kept, anew = homes
    last = DAYS[-NEW - 1]
    latest(kept, seen(DAYS[-NEW - 2]))
    noon = seen(last, 12)
    assert_same(latest(kept, noon), latest(anew, noon))
    close = latest(anew, noon).matrix.columns["sma_50"].values
    assert (close != latest(anew, seen(last)).matrix.columns["sma_50"].values).any()


@pytest.mark.parametrize(
    "content", [b"", b"garbage" * 99, b"PK\x03\x04 cut"], ids=["no", "odd", "cut"]
)
def test_what_was_kept_and_does_not_read_is_made_again(
    homes: list[Database], content: bytes
) -> None:
    database, _ = homes
    moment = seen(DAYS[-NEW - 1])
    first = latest(database, moment)
    (database.home / FILE).write_bytes(content)
    assert_same(first, latest(database, moment))
    assert read(database.home, moment) is not None


def test_states_of_another_catalogue_are_not_used(
    homes: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, _ = homes
    moment = seen(DAYS[-NEW - 1])
    latest(database, moment)
    assert read(database.home, moment) is not None
    monkeypatch.setattr("pipelines.latest.catalogue_hash", lambda: "another")
    assert read(database.home, moment) is None


def test_a_share_that_stopped_trading_is_left_out(homes: list[Database]) -> None:
    database, _ = homes
    last = TRADED["GONE"][-1]
    for days, there in ((STALE_DAYS, True), (STALE_DAYS + 1, False)):
        found = latest(database, seen(last + timedelta(days=days)))
        assert ("GONE" in found.symbols) == there


def test_a_home_without_bars_has_no_companies(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "bare")
    try:
        found = latest(database, seen(DAYS[-1]))
        assert (found.symbols, len(found.asked)) == ((), 0)
        save(found, at(DAYS[-1]), tmp_path / "none.parquet")
        assert pq.read_table(tmp_path / "none.parquet").num_rows == 0
    finally:
        database.close()


def test_the_table_has_a_row_a_company_and_a_null_where_nothing_is_known(
    homes: list[Database], tmp_path: Path
) -> None:
    moment = at(DAYS[-NEW - 1], 21)
    found = latest(homes[0], AsOf(moment, explicit=True))
    save(found, moment, tmp_path / "all.parquet")
    table = pq.read_table(tmp_path / "all.parquet")
    assert tuple(table["symbol"].to_pylist()) == found.symbols
    assert set(table["as_of"].to_pylist()) == {moment}
    assert table.schema.metadata == {b"catalogue_hash": catalogue_hash().encode()}
    for name, column in found.matrix.columns.items():
        told = table[name].to_pylist()
        assert [one is None for one in told] == (column.why > 0).tolist()
        known = column.why == 0
        assert np.array_equal([o for o in told if o is not None], column.values[known])
    with pytest.raises(UnsavableError):
        save(found, moment, tmp_path / "nowhere" / "all.parquet")
