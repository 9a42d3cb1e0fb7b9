"""Sessions are measured when bars come in, and a day's bars measure as all do."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dexter.domain.market import MarketHistory
from dexter.store import tables as t
from dexter.store.bars import BARS
from dexter.store.database import Database, set_note
from dexter.store.keeping import keep
from dexter.store.price_files import append_session, compact, merge_bars
from dexter.store.prices import ParquetPrices
from pipelines.market_days import NOTE, keep_market_days
from tests.features.making import walk, weekdays
from tests.store.conftest import at, bar, event

DAYS = weekdays(330, date(2023, 10, 2))
SYMBOLS = tuple(f"S{number:02}" for number in range(14))


def silent(stage: str, done: int, total: int) -> None:
    del stage, done, total


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "home")
    yield opened
    opened.close()


def bars(days: Sequence[date]) -> pa.Table:
    rows = []
    for number, symbol in enumerate(SYMBOLS):
        closes = walk(len(DAYS), number)
        for place, day in enumerate(DAYS):
            if day in days:
                base = closes[max(0, place - 1)]
                band = 5 if (place + number) % 17 == 0 else 0
                row = bar(symbol, day, closes[place], base=base, band=band)
                rows.append({**row, "turnover": 4e6, "fno": number == 3})
    return pa.Table.from_pylist(rows, BARS)


def come_in(database: Database, days: Sequence[date]) -> None:
    with database.write() as connection:
        merge_bars(connection, database.home, bars(days))


def publish(database: Database, *events: tuple[str, str]) -> None:
    rows = [event(symbol, "2024-12-31", moment) for symbol, moment in events]
    with database.write() as connection:
        keep(connection, t.events, rows)


def market(database: Database) -> MarketHistory:
    found = asyncio.run(ParquetPrices(database).market(at("2026-01-01T00:00:00"), 999))
    assert found is not None
    return found


def measured_anew(database: Database) -> MarketHistory:
    with database.write() as connection:
        connection.execute(t.market_days.delete())
        connection.execute(t.ranked_days.delete())
        connection.execute(t.meta.delete().where(t.meta.c.name == NOTE))
    keep_market_days(database, silent)
    return market(database)


def test_a_home_without_bars_has_nothing_to_measure(database: Database) -> None:
    assert keep_market_days(database, silent) == 0


def test_every_session_is_measured_once(database: Database) -> None:
    come_in(database, DAYS)
    told: list[tuple[str, int, int]] = []
    assert keep_market_days(database, lambda *one: told.append(one)) == len(DAYS)
    assert told == [("market days", 0, 1), ("market days", 1, 1)]
    found = market(database)
    assert found.sessions == DAYS
    assert set(found.shares) == {len(SYMBOLS)}
    assert found.banded[-1] == len(SYMBOLS) - 1
    assert len(found.strength[-1]) == 19
    assert found.above_200[198] is None
    assert found.above_200[199] is not None
    assert keep_market_days(database, silent) == 0


def test_sessions_that_come_day_by_day_measure_as_all_at_once(
    database: Database,
) -> None:
    come_in(database, DAYS[:-3])
    keep_market_days(database, silent)
    for day in DAYS[-3:]:
        with database.write() as connection:
            append_session(connection, database.home, day, bars([day]))
        assert keep_market_days(database, silent) == 1
    daily = market(database)
    assert daily == measured_anew(database)
    with database.write() as connection:
        compact(connection, database.home)
    assert keep_market_days(database, silent) == 0
    assert market(database) == daily


def test_a_corrected_session_is_measured_again(database: Database) -> None:
    come_in(database, DAYS)
    keep_market_days(database, silent)
    day = DAYS[-30]
    other = [bar(symbol, day, 1.0, band=5, base=1.1) for symbol in SYMBOLS]
    with database.write() as connection:
        table = pa.Table.from_pylist(other, BARS)
        append_session(connection, database.home, day, table)
    assert keep_market_days(database, silent) > 1
    corrected = market(database)
    assert corrected.advancing[-30] == 0
    assert corrected == measured_anew(database)


def test_results_count_on_the_session_their_window_closes(database: Database) -> None:
    come_in(database, DAYS)
    first = DAYS[-20]
    publish(
        database,
        ("S00", f"{first}T15:30:00"),  # day 0 is the same session
        ("S01", f"{first}T15:30:01"),  # the next one
        ("S02", f"{DAYS[-2]}T10:00:00"),  # the window is not over
        ("S03", f"{first}T10:00:00"),  # futures
        ("GONE", f"{first}T10:00:00"),  # no bars
    )
    keep_market_days(database, silent)
    found = market(database)
    assert [found.sessions[n] for n, one in enumerate(found.resolved) if one] == [
        DAYS[-18],
        DAYS[-17],
    ]
    hits = [
        any((place + number) % 17 == 0 for place in range(start, start + 3))
        for number, start in ((0, len(DAYS) - 20), (1, len(DAYS) - 19))
    ]
    assert [found.resolved_hits[-18], found.resolved_hits[-17]] == [
        int(h) for h in hits
    ]
    publish(database, ("S04", f"{DAYS[100]}T10:00:00"))
    assert keep_market_days(database, silent) == 1
    assert market(database).resolved[102] == 1


def test_a_stop_half_way_leaves_what_was_there(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    come_in(database, DAYS)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.market_days.set_note", stop)
    with pytest.raises(KeyboardInterrupt):
        keep_market_days(database, silent)
    monkeypatch.setattr("pipelines.market_days.set_note", set_note)
    assert keep_market_days(database, silent) == len(DAYS)


def test_the_measured_strength_rises(database: Database) -> None:
    come_in(database, DAYS)
    keep_market_days(database, silent)
    assert np.all(np.diff(market(database).strength[-1]) >= 0)
