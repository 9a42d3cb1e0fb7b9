"""How bars come in.

A session is appended as a small file of its own; a market table, or a compaction, is
merged with everything kept into two new files, one by symbol and one by session. Every
change is made inside the caller's transaction, whose lock keeps other writers out: a
stop at any step leaves what was there before. Files that no longer count stay until the
next merge, because somebody may be reading them.

Of two bars of one symbol and day the one that came in later counts, whole.
"""

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy.engine import Connection

from dexter.store.bar_order import arranged
from dexter.store.bars import ALWAYS, conformed, forget_bars, write_bars
from dexter.store.database import note, set_note
from dexter.store.keeping import keep_new
from dexter.store.price_list import (
    BARS_NOTE,
    BY_SESSION,
    BY_SYMBOL,
    DAY,
    PriceFile,
    adopt,
    forget_retired,
    listed,
    lock,
    register,
    retire,
)
from dexter.store.price_view import BarView
from dexter.store.tables import traded_days

COMPACT_AFTER = 20
"""More day files than this are worth a compaction."""


def append_session(
    connection: Connection, home: Path, day: date, table: pa.Table
) -> str:
    """Keep the bars of one session beside those kept already; the name of its file.

    Args:
        connection: Inside the transaction of whatever else the session brings.
        home: The home of the database.
        day: The session.
        table: Columns of ``bars.BARS``; those not told may be left out, those of
            ``bars.ALWAYS`` must be there and whole.

    Raises:
        ValueError: rows of another day, no rows, or holes where none may be.
        DiskFullError, HomeUnwritableError: the file cannot be written.
    """
    rows = _checked(table)
    if set(rows["date"].unique().to_pylist()) != {day}:
        msg = f"these are not the bars of {day} and of no other day"
        raise ValueError(msg)
    lock(connection)
    adopt(connection)
    files = listed(connection)
    total = sum(one.rows for one in files if one.layout == BY_SYMBOL)
    view = BarView(home, files)
    name = write_bars(home, rows, DAY)
    added = _added(view.on(day), rows)
    register(connection, [PriceFile(name, DAY, day, day, rows.num_rows)])
    kept = int(note(connection, "bars_rows") or total)
    view = BarView(home, listed(connection), view)
    _note_extent(connection, view, kept + added, [day])
    return name


def merge_bars(connection: Connection, home: Path, table: pa.Table) -> None:
    """Keep a table of bars of any days, over everything kept already.

    Raises:
        ValueError: holes where none may be.
        DiskFullError, HomeUnwritableError: the files cannot be written.
        StoreCorruptError: what is kept does not read.
    """
    rows = _checked(table)
    lock(connection)
    adopt(connection)
    kept = BarView(home, listed(connection)).everything()
    if kept.num_rows:
        rows = arranged(pa.concat_tables([kept, rows]))
    days = table["date"].unique().to_pylist()
    _rewrite(connection, home, rows)
    view = BarView(home, listed(connection))
    _note_extent(connection, view, rows.num_rows, days)


def day_files(connection: Connection) -> int:
    """How many sessions lie in files of their own."""
    return sum(one.layout == DAY for one in listed(connection))


def compact(connection: Connection, home: Path) -> bool:
    """Merge the day files into the two large ones; whether there was anything to do.

    Raises:
        DiskFullError, HomeUnwritableError: the files cannot be written.
        StoreCorruptError: what is kept does not read.
    """
    lock(connection)
    adopt(connection)
    files = listed(connection)
    if {one.layout for one in files} <= {BY_SYMBOL, BY_SESSION} and len(files) != 1:
        return False
    _rewrite(connection, home, BarView(home, files).everything())
    return True


def rename_bars(connection: Connection, home: Path, renames: Mapping[str, str]) -> bool:
    """Give the bars of former tickers to the latest ones; whether there were any.

    Where both have a bar of one day, the latest ticker's counts.

    Raises:
        As ``compact``.
    """
    lock(connection)
    adopt(connection)
    view = BarView(home, listed(connection))
    if not view.files or not view.symbols() & renames.keys():
        return False
    rows = view.everything()
    names = rows["canon"].combine_chunks().dictionary_encode()
    held = names.dictionary.to_pylist()
    latest = pa.array([renames.get(name, name) for name in held], pa.string())
    moved = pc.is_in(rows["canon"], pa.array(list(renames), pa.string()))
    rows = rows.set_column(0, "canon", latest.take(names.indices))
    rows = pa.concat_tables([rows.filter(moved), rows.filter(pc.invert(moved))])
    rows = arranged(rows)
    _rewrite(connection, home, rows)
    view = BarView(home, listed(connection))
    _note_extent(connection, view, rows.num_rows, [])
    return True


def _rewrite(connection: Connection, home: Path, rows: pa.Table) -> None:
    """Put all bars, which lie by symbol, into two new files that alone count."""
    forget_bars(home, forget_retired(connection))
    first, last = _ends(rows)
    with ThreadPoolExecutor(2) as pool:
        by_symbol = pool.submit(write_bars, home, rows, BY_SYMBOL)
        ordered = arranged(_light(rows), BY_SESSION)
        by_session = write_bars(home, ordered, BY_SESSION)
    files = [
        PriceFile(name, layout, first, last, rows.num_rows)
        for name, layout in (
            (by_symbol.result(), BY_SYMBOL),
            (by_session, BY_SESSION),
        )
    ]
    register(connection, files)
    retire(connection, {one.name for one in files})
    set_note(connection, BARS_NOTE, files[0].name)


def _has_hole(column: pa.ChunkedArray) -> bool:
    if not pa.types.is_floating(column.type):
        return bool(column.null_count)
    return bool(pc.any(pc.is_null(column, nan_is_null=True)).as_py())


def _light(rows: pa.Table) -> pa.Table:
    """Bars without the columns nobody told, symbols by number: less to move about."""
    told = [name for name in rows.column_names if rows[name].null_count < len(rows)]
    return rows.select(told).set_column(0, "canon", rows["canon"].dictionary_encode())


def _checked(table: pa.Table) -> pa.Table:
    """A table as the files have it, by symbol and day; of two bars the last one."""
    missing = [name for name in ALWAYS if name not in table.column_names]
    holes = [name for name in ALWAYS if not missing and _has_hole(table[name])]
    if missing or holes or not table.num_rows:
        msg = f"not bars: {', '.join(missing or holes) or 'no rows'}"
        raise ValueError(msg)
    return arranged(conformed(table))


def _added(before: pa.Table, rows: pa.Table) -> int:
    """How many symbols of a session had no bar of it before."""
    had = set(before["canon"].to_pylist())
    return len(set(rows["canon"].to_pylist()) - had)


def _ends(rows: pa.Table) -> tuple[date, date]:
    ends = pc.min_max(rows["date"]).as_py()
    return ends["min"], ends["max"]


def _note_extent(
    connection: Connection, view: BarView, rows: int, days: Collection[date]
) -> None:
    """Say how much is kept in all, for the status."""
    set_note(connection, "bars_rows", str(rows))
    set_note(connection, "bars_symbols", str(len(view.symbols())))
    first = min(one.first_day for one in view.files)
    last = max(one.last_day for one in view.files)
    set_note(connection, "bars_from", first.isoformat())
    set_note(connection, "bars_to", last.isoformat())
    keep_new(connection, traded_days, [{"day": day} for day in days])
