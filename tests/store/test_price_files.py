"""Sessions come in one by one, are merged now and then, and no stop loses any."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from dexter.store import price_files
from dexter.store.bars import ALWAYS, BARS
from dexter.store.database import Database, set_note
from dexter.store.price_files import (
    append_session,
    compact,
    day_files,
    merge_bars,
    rename_bars,
)
from dexter.store.price_list import BARS_NOTE
from dexter.store.prices import ParquetPrices
from dexter.store.status import status
from tests.conftest import ROOT
from tests.store.conftest import at, bar, keep_bars

MONDAY = date(2025, 2, 17)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]
SYMBOLS = ("A", "B", "C")
LATER = at("2025-03-01T00:00:00")
Stop = Callable[[], None]


def append(
    database: Database, day: date, close: float, symbols: Sequence[str] = SYMBOLS
) -> None:
    rows = [bar(s, day, close, isin=f"INE{s}") for s in symbols]
    with database.write() as connection:
        table = pa.Table.from_pylist(rows, BARS)
        append_session(connection, database.home, day, table)


def merged(database: Database) -> bool:
    with database.write() as connection:
        return compact(connection, database.home)


async def closes(database: Database, symbol: str) -> dict[date, float]:
    found = await ParquetPrices(database).history(symbol, LATER, 99)
    return dict(zip(found.sessions, found.close, strict=True)) if found else {}


async def across(database: Database, day: date) -> dict[str, float]:
    found = await ParquetPrices(database).session(day, LATER)
    return dict(zip(found.symbol, found.close, strict=True)) if found else {}


def parquet(database: Database) -> set[str]:
    return {path.name for path in (database.home / "prices").iterdir()}


async def test_sessions_are_read_over_the_table_before_them(database: Database) -> None:
    keep_bars(database, [bar(s, day, 1) for s in SYMBOLS for day in WEEK[:2]])
    append(database, WEEK[2], 3)
    append(database, WEEK[1], 2, ["B", "D"])
    assert await closes(database, "A") == {WEEK[0]: 1, WEEK[1]: 1, WEEK[2]: 3}
    assert await closes(database, "B") == {WEEK[0]: 1, WEEK[1]: 2, WEEK[2]: 3}
    assert await closes(database, "D") == {WEEK[1]: 2}
    assert await across(database, WEEK[1]) == {"A": 1, "B": 2, "C": 1, "D": 2}
    assert await across(database, WEEK[3]) == {}


async def test_of_two_bars_the_one_that_came_later_counts(database: Database) -> None:
    append(database, MONDAY, 1)
    append(database, MONDAY, 2)
    assert await closes(database, "A") == {MONDAY: 2}
    append(database, MONDAY, 1)
    assert await closes(database, "A") == {MONDAY: 1}, "the same bytes, once more"
    keep_bars(database, [bar("A", MONDAY, 5)])
    assert await closes(database, "A") == {MONDAY: 5}
    assert await across(database, MONDAY) == {"A": 5, "B": 1, "C": 1}


async def test_a_merge_changes_no_answer(database: Database) -> None:
    keep_bars(database, [bar(s, day, 1) for s in SYMBOLS for day in WEEK[:2]])
    append(database, WEEK[2], 3)
    append(database, WEEK[1], 2, ["B", "D"])
    prices = ParquetPrices(database)
    before = [await prices.history(s, LATER, 9) for s in "ABCDE"]
    sessions = [await prices.session(day, LATER) for day in WEEK]
    kept = status(database.home)["prices"]
    with database.read() as connection:
        assert day_files(connection) == 2
    assert merged(database)
    assert not merged(database)
    with database.read() as connection:
        assert day_files(connection) == 0
    for reader in (prices, ParquetPrices(database)):
        assert [await reader.history(s, LATER, 9) for s in "ABCDE"] == before
        assert [await reader.session(day, LATER) for day in WEEK] == sessions
    assert status(database.home)["prices"] == kept
    assert kept == {
        "rows": 10,
        "symbols": 4,
        "from": "2025-02-17",
        "to": "2025-02-19",
        "missing_sessions": [],
    }


def test_merged_files_stay_for_their_readers_until_the_next_merge(
    database: Database,
) -> None:
    append(database, WEEK[0], 1)
    append(database, WEEK[1], 1)
    days = parquet(database)
    merged(database)
    assert days <= parquet(database)
    assert len(parquet(database)) == 4
    append(database, WEEK[2], 1)
    merged(database)
    assert not days & parquet(database)
    assert len(parquet(database)) == 5, "two of now, two and a day of before"


async def test_a_reader_follows_files_that_were_merged_away(database: Database) -> None:
    append(database, WEEK[0], 1)
    prices = ParquetPrices(database)
    await prices.history("A", at("2025-02-17T16:00:00"), 9)
    listed_before = prices._seen
    assert listed_before is not None
    for day in WEEK[1:3]:
        append(database, day, 2)
        merged(database)
    # Another reader that listed the files before the merges and opens them only now.
    slow = ParquetPrices(database)
    assert slow._read(listed_before.files, lambda view: view.on(WEEK[2])).num_rows == 3


async def test_both_layouts_hold_the_same_bars(database: Database) -> None:
    for number, day in enumerate(WEEK):
        append(database, day, number + 1)
    merged(database)
    tables = {
        path.name.partition("-")[0]: pq.read_table(path)
        for path in (database.home / "prices").glob("*.parquet")
    }
    by_symbol, by_session = tables["bars"], tables["sessions"]
    assert by_symbol.sort_by([("date", "ascending"), ("canon", "ascending")]).equals(
        by_session
    )
    assert by_symbol["canon"].to_pylist() == sorted(by_symbol["canon"].to_pylist())


async def test_what_only_some_say_is_unknown_and_never_nought(
    database: Database,
) -> None:
    keep_bars(database, [bar("A", MONDAY, 1)])
    told = {
        "last": 9.5,
        "trades": 12,
        "delivered": 5,
        "price_band": 20.0,
        "tick": 0.05,
        "series": "EQ",
        "isin": "INE1",
    }
    rows = [bar("B", MONDAY, 9, **told), bar("C", MONDAY, 9, series="BE")]
    with database.write() as connection:
        table = pa.Table.from_pylist(rows, BARS)
        append_session(connection, database.home, MONDAY, table)
    prices = ParquetPrices(database)
    evening = await prices.session(MONDAY, at("2025-02-17T20:00:00"))
    assert evening is not None
    assert len(evening) == 3
    for name, value in told.items():
        cells = getattr(evening, name)
        assert cells == (None, value, "BE" if name == "series" else None)
    close = await prices.session(MONDAY, at("2025-02-17T19:59:59"))
    assert close is not None
    assert close.delivered == (None, None, None)
    assert close.trades == evening.trades
    assert await prices.session(MONDAY, at("2025-02-17T15:29:59")) is None


async def test_a_home_that_knows_its_bars_by_a_note_alone(database: Database) -> None:
    """As the first dexter wrote them: no list of files, no further columns."""
    rows = [bar(s, day, 7) for s in SYMBOLS for day in WEEK[:2]]
    schema = pa.schema([BARS.field(name) for name in ALWAYS])
    (database.home / "prices").mkdir()
    name = "bars-0123456789abcdef.parquet"
    file = database.home / "prices" / name
    table = pa.Table.from_pylist(rows, schema)
    pq.write_table(table, file, row_group_size=2, write_statistics=["canon"])
    with database.write() as connection:
        for what, value in (
            (BARS_NOTE, name),
            ("bars_rows", "6"),
            ("bars_symbols", "3"),
            ("bars_from", "2025-02-17"),
            ("bars_to", "2025-02-18"),
        ):
            set_note(connection, what, value)
    assert await closes(database, "B") == {WEEK[0]: 7, WEEK[1]: 7}
    assert await across(database, WEEK[1]) == dict.fromkeys(SYMBOLS, 7)
    append(database, WEEK[2], 8)
    append(database, WEEK[1], 8, ["C"])
    assert await closes(database, "C") == {WEEK[0]: 7, WEEK[1]: 8, WEEK[2]: 8}
    kept = status(database.home)["prices"]
    assert merged(database)
    assert await closes(database, "C") == {WEEK[0]: 7, WEEK[1]: 8, WEEK[2]: 8}
    assert status(database.home)["prices"] == kept
    assert isinstance(kept, dict)
    assert (kept["rows"], kept["symbols"], kept["to"]) == (9, 3, "2025-02-19")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "no rows"),
        ([bar("A", WEEK[1], 1)], "2025-02-17"),
        ([bar("A", MONDAY, 1), bar("A", WEEK[1], 1)], "2025-02-17"),
        ([bar("A", MONDAY, 1, turnover=None)], "turnover"),
        ([bar("A", MONDAY, float("nan"))], "open, high, low, close"),
    ],
    ids=["nothing", "another day", "two days", "a hole", "not a number"],
)
def test_what_is_no_session_is_refused(
    database: Database, rows: list[dict[str, object]], why: str
) -> None:
    table = pa.Table.from_pylist(rows, BARS)
    with database.write() as connection, pytest.raises(ValueError, match=why):
        append_session(connection, database.home, MONDAY, table)
    with database.write() as connection, pytest.raises(ValueError, match="base"):
        merge_bars(connection, database.home, table.drop_columns(["base"]))
    assert status(database.home)["prices"] == status(database.home / "none")["prices"]


@contextmanager
def stopping(monkeypatch: pytest.MonkeyPatch, name: str, times: int) -> Iterator[None]:
    """The nth call of a step of a merge is the last thing that happens."""
    done = getattr(price_files, name)
    left = [times]

    def stop(*arguments: object) -> object:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        return done(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(price_files, name, stop)
        yield


@pytest.mark.parametrize(
    ("step", "times"),
    [
        ("forget_retired", 0),
        ("forget_bars", 0),
        ("write_bars", 0),
        ("write_bars", 1),
        ("register", 0),
        ("retire", 0),
        ("set_note", 0),
        ("_note_extent", 0),
    ],
)
async def test_a_stop_at_any_step_leaves_what_was_there(
    database: Database, monkeypatch: pytest.MonkeyPatch, step: str, times: int
) -> None:
    def everything() -> None:
        append(database, WEEK[3], 4)
        merged(database)
        keep_bars(database, [bar("A", WEEK[4], 5)])

    for day in WEEK[:2]:
        append(database, day, 1)
        merged(database)
    append(database, WEEK[2], 3)
    before = {s: await closes(database, s) for s in SYMBOLS}
    with stopping(monkeypatch, step, times), pytest.raises(KeyboardInterrupt):
        everything()
    for symbol in SYMBOLS:
        now = await closes(database, symbol)
        assert {day: now[day] for day in WEEK[:3]} == before[symbol]
        assert set(now.values()) <= {1, 3, 4}
    everything()
    assert await closes(database, "A") == dict(zip(WEEK, (1, 1, 3, 4, 5), strict=True))
    merged(database)
    merged(database)
    assert not [name for name in parquet(database) if name.startswith(".")]


_KILLED = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from dexter.store.database import Database
from tests.store import test_price_files as t

database = Database.open(Path(sys.argv[1]))
left = int(sys.argv[2])

def count(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

def heard(event, _):
    if event in {"os.rename", "os.remove", "open"}:
        count()

t.append(database, t.WEEK[2], 3)  # what is imported late is imported before the clock
sa.event.listen(sa.Engine, "before_cursor_execute", count)
sa.event.listen(sa.Engine, "commit", count)
sys.addaudithook(heard)
t.append(database, t.WEEK[3], 4)
t.merged(database)
t.append(database, t.WEEK[4], 5)
t.merged(database)
"""


def killed(database: Database, step: int) -> int:
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", _KILLED, str(database.home), str(step)],
        cwd=ROOT,
        check=False,
    ).returncode


_QUICK = (9, 21, 45, 75)


@pytest.mark.parametrize(
    "step",
    [
        *_QUICK,
        *(
            pytest.param(step, marks=pytest.mark.slow)
            for step in range(_QUICK[-1])
            if step not in _QUICK
        ),
    ],
)
async def test_a_kill_loses_at_most_the_session_in_hand(
    database: Database, step: int
) -> None:
    for day in WEEK[:2]:
        append(database, day, 1)
        merged(database)
    assert killed(database, step) in {-signal.SIGKILL, 0}
    whole = dict(zip(WEEK, (1, 1, 3, 4, 5), strict=True))
    now = await closes(database, "B")
    assert len(now) >= 3
    assert now == {day: whole[day] for day in WEEK[: len(now)]}
    assert await across(database, WEEK[len(now) - 1]) == dict.fromkeys(
        SYMBOLS, len(now)
    )
    for number in (3, 4):
        append(database, WEEK[number], number + 1)
    merged(database)
    merged(database)
    assert await closes(database, "B") == whole
    with database.read() as connection:
        rows = connection.scalar(
            sa.text("SELECT value FROM meta WHERE name='bars_rows'")
        )
    assert rows == "15"


def test_two_writers_take_turns(database: Database) -> None:
    """A file nobody registered yet is another's in the making, not a leftover."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom dexter.store.database import "
        "Database\nfrom tests.store import test_price_files as t\n"
        "d = Database.open(Path(sys.argv[1]))\n"
        "for n, day in enumerate(t.WEEK):\n"
        "    t.append(d, day, n + 1, [sys.argv[2]])\n    t.merged(d)\n"
    )
    writers = [
        subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", code, str(database.home), symbol], cwd=ROOT
        )
        for symbol in "AB"
    ]
    assert [one.wait(timeout=60) for one in writers] == [0, 0]
    view = ParquetPrices(database).bars_by_day()
    assert view == dict.fromkeys(WEEK, 2)


async def test_bars_follow_a_company_to_its_latest_ticker(database: Database) -> None:
    keep_bars(database, [bar("OLD", day, 1) for day in WEEK[:3]])
    append(database, WEEK[3], 4, ["NEW", "B"])
    append(database, WEEK[2], 3, ["NEW"])
    with database.write() as connection:
        assert rename_bars(connection, database.home, {"OLD": "NEW", "GONE": "B"})
        assert not rename_bars(connection, database.home, {"OLD": "NEW"})
    # Where both traded on a day, the latest ticker's bar counts.
    assert await closes(database, "NEW") == dict(
        zip(WEEK[:4], (1, 1, 3, 4), strict=True)
    )
    assert await closes(database, "OLD") == {}
    assert await closes(database, "B") == {WEEK[3]: 4}
