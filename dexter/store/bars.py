"""Daily bars as Parquet files: named by their content, small row groups.

Columns: ``canon, date, open, high, low, close`` (raw rupees), ``base`` (the exchange's
base price: previous close adjusted for the day's corporate action), ``volume``
(shares), ``turnover`` (rupees), ``fno`` (no fixed band), ``band`` (inferred upper band
closed at, per cent, 0 for none). None of these is ever missing: a bar without prices is
left out. What only some sources tell may be: ``last`` (rupees), ``trades``,
``delivered`` (shares), ``price_band`` (per cent in force), ``tick`` (rupees),
``series``, ``isin``; files of earlier dexters lack these columns.

A file lies in one of three layouts: all bars by symbol and day, all by day and symbol,
or one session. Only the database says which files count, so a new one is either
complete and named, or not there at all.
"""

import hashlib
import os
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dexter.errors import DiskFullError, HomeUnwritableError, StoreCorruptError
from dexter.store.price_list import BY_SESSION, BY_SYMBOL, DAY

# What reading one symbol has to unpack; snappy unpacks fastest of what was tried.
ROWS_PER_GROUP = 4096
COMPRESSION = "snappy"
FOLDER = "prices"
_PREFIX_LENGTH = 16

BARS = pa.schema(
    [
        ("canon", pa.string()),
        ("date", pa.date32()),
        ("open", pa.float64()),
        ("high", pa.float64()),
        ("low", pa.float64()),
        ("close", pa.float64()),
        ("base", pa.float64()),
        ("volume", pa.float64()),
        ("turnover", pa.float64()),
        ("fno", pa.bool_()),
        ("band", pa.int8()),
        ("last", pa.float64()),
        ("trades", pa.int64()),
        ("delivered", pa.int64()),
        ("price_band", pa.float64()),
        ("tick", pa.float64()),
        ("series", pa.string()),
        ("isin", pa.string()),
    ]
)
ALWAYS = tuple(BARS.names[:11])
"""The columns of a bar that are never missing."""
SOMETIMES = ("last", "price_band", "tick", "trades", "delivered")
"""Columns only some sources tell."""


_NAMED = {BY_SYMBOL: "bars", BY_SESSION: "sessions", DAY: "day"}


def conformed(table: pa.Table) -> pa.Table:
    """A table with the columns of ``BARS``; those it lacks are unknown."""
    for field in BARS:
        if field.name not in table.column_names:
            nothing = pa.nulls(table.num_rows, field.type)
            table = table.append_column(field, nothing)
    return table.select(BARS.names).cast(BARS)


def write_bars(home: Path, table: pa.Table, layout: str) -> str:
    """Write bars that lie in a layout already; the name of the file in ``prices/``.

    Raises:
        DiskFullError: no room. HomeUnwritableError: the folder refuses.
    """
    folder = home / FOLDER
    temporary = folder / f".part-{layout}-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            conformed(table),
            temporary,
            row_group_size=ROWS_PER_GROUP,
            compression=COMPRESSION,
            use_dictionary=["canon", "series", "isin"],
            write_statistics=["canon", "date"],
        )
        name = f"{_NAMED[layout]}-{_settled(temporary)}.parquet"
        temporary.replace(folder / name)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        why = error.strerror or str(error)
        if "space" in why.lower():
            raise DiskFullError(folder, why) from error
        raise HomeUnwritableError(folder, why) from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return name


def forget_bars(home: Path, keep: Collection[str]) -> None:
    """Delete what a stopped writer left and every file the database does not name.

    Only for who holds the database's write lock: nobody else writes files then.
    """
    folder = home / FOLDER
    for path in (*folder.glob("*.parquet"), *folder.glob(".part-*")):
        if path.name not in keep:
            path.unlink(missing_ok=True)


class BarFile:
    """An open file of bars and which row groups hold which symbols and days."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = pq.ParquetFile(
                path, memory_map=True, read_dictionary=["canon"]
            )
        except (OSError, pa.ArrowInvalid) as error:
            raise StoreCorruptError(path, str(error).splitlines()[0]) from error

    @cached_property
    def _symbols(self) -> tuple[list[str], list[str]]:
        """First and last symbol of each row group, where they lie by symbol."""
        spans = [span or ("", "") for span in self._spans("canon")]
        return [first for first, _ in spans], [last for _, last in spans]

    @cached_property
    def _days(self) -> list[tuple[Any, Any] | None]:
        """First and last day of each row group; early files tell none."""
        return self._spans("date")

    def symbols(self) -> set[str]:
        """Every symbol there is a bar of."""
        owners = self.whole(["canon"])["canon"]
        return {s for chunk in owners.chunks for s in chunk.dictionary.to_pylist()}

    def columns(self, wanted: Sequence[str]) -> list[str]:
        """Those of the columns wanted that the file has."""
        there = set(self._file.schema_arrow.names)
        return [name for name in wanted if name in there]

    def near_symbol(self, symbol: str, columns: Sequence[str]) -> pa.Table:
        """The row groups that may hold a symbol.

        Raises:
            StoreCorruptError: the file does not read.
        """
        starts, ends = self._symbols
        groups = range(bisect_left(ends, symbol), bisect_right(starts, symbol))
        return self._read(groups, columns, threads=False)

    def near_day(self, day: date, columns: Sequence[str]) -> pa.Table:
        """The row groups that may hold a session."""
        groups = [
            group
            for group, span in enumerate(self._days)
            if span is None or span[0] <= day <= span[1]
        ]
        return self._read(groups, columns, threads=False)

    def whole(self, columns: Sequence[str]) -> pa.Table:
        """Every row."""
        return self._read(
            range(self._file.metadata.num_row_groups), columns, threads=True
        )

    def _read(
        self, groups: Sequence[int], columns: Sequence[str], *, threads: bool
    ) -> pa.Table:
        try:
            return self._file.read_row_groups(
                groups, columns=list(columns), use_threads=threads
            )
        except (OSError, pa.ArrowInvalid) as error:
            raise StoreCorruptError(self.path, str(error).splitlines()[0]) from error

    def _spans(self, column: str) -> list[tuple[Any, Any] | None]:
        data = self._file.metadata
        place = self._file.schema_arrow.get_field_index(column)
        found: list[tuple[Any, Any] | None] = []
        for group in range(data.num_row_groups):
            told = data.row_group(group).column(place).statistics
            known = told is not None and told.has_min_max
            found.append((told.min, told.max) if known else None)
        return found


def _settled(path: Path) -> str:
    """The hash of a file whose bytes are on the disk, not only on their way."""
    with path.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest[:_PREFIX_LENGTH]
