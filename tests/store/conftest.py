"""A small invented home, written row by row, so that every expectation is by hand."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from dexter.domain.moment import IST, AsOf
from dexter.store import tables as t
from dexter.store.bars import BARS
from dexter.store.database import Database
from dexter.store.keeping import Row, keep
from dexter.store.price_files import merge_bars

Keep = Callable[..., None]


def ist(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=IST)


def at(text: str, *, explicit: bool = True) -> AsOf:
    return AsOf(ist(text), explicit=explicit)


def bar(symbol: str, day: date, close: float, **other: object) -> dict[str, object]:
    row: dict[str, object] = {
        "canon": symbol,
        "date": day,
        "open": close,
        "high": close,
        "low": close,
        "close": close,
        "base": close,
        "volume": 10.0,
        "turnover": close * 10,
        "fno": False,
        "band": 0,
    }
    return {**row, **other}


def keep_bars(database: Database, rows: Sequence[dict[str, object]]) -> None:
    """Bars as a market table brings them, over those kept already."""
    with database.write() as connection:
        merge_bars(connection, database.home, pa.Table.from_pylist(list(rows), BARS))


def figure(symbol: str, end: str, known_at: str, profit: int, **other: object) -> Row:
    row: dict[str, object] = {
        "symbol": symbol,
        "period_end": date.fromisoformat(end),
        "basis": "standalone",
        "known_at": ist(known_at),
        "published_at": ist(known_at),
        "revenue": Decimal(profit * 10),
        "net_profit": Decimal(profit),
        "eps": Decimal("1.25"),
        "document": "earnings_events.parquet",
        "sha256": "ab" * 32,
        "row": f"{symbol} {end}",
        "url": None,
        "origin": "ann:Outcome of Board Meeting",
    }
    return {**row, **other}


def event(symbol: str, end: str, published_at: str) -> Row:
    return {
        "symbol": symbol,
        "period_end": date.fromisoformat(end),
        "published_at": ist(published_at),
        "basis": "standalone",
        "source": "test",
    }


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def put(database: Database) -> Keep:
    def put(table: str, *rows: Row) -> None:
        with database.write() as connection:
            keep(connection, t.metadata.tables[table], list(rows))

    return put
