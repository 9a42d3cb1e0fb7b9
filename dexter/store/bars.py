"""The Parquet file of daily bars: one company after another, small row groups.

Columns: ``canon, date, open, high, low, close`` (raw rupees), ``base`` (the exchange's
base price: previous close adjusted for the day's corporate action), ``volume``
(shares), ``turnover`` (rupees), ``fno``, ``band`` (inferred upper band closed at, per
cent, 0 for none). No cell is missing: a bar without prices is left out. The file is
named by the hash of its content and only the database says which one counts, so a new
file is either complete and named, or not there at all.
"""

import hashlib
import os
from bisect import bisect_left, bisect_right
from collections.abc import Collection
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dexter.errors import DiskFullError, HomeUnwritableError, StoreCorruptError

ROWS_PER_GROUP = 8192
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
    ]
)


def write_bars(home: Path, table: pa.Table) -> str:
    """Write bars sorted by company and day; the name of the new file in ``prices/``.

    Raises:
        DiskFullError: no room. HomeUnwritableError: the folder refuses.
    """
    folder = home / "prices"
    temporary = folder / f".part-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            table.cast(BARS),
            temporary,
            row_group_size=ROWS_PER_GROUP,
            compression="zstd",
            use_dictionary=["canon"],
            write_statistics=["canon"],
        )
        digest = _digest(temporary)
        name = f"bars-{digest[:_PREFIX_LENGTH]}.parquet"
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


def forget_bars(home: Path, keep: Collection[str | None]) -> None:
    """Delete bar files the database no longer names."""
    for path in (home / "prices").glob("bars-*.parquet"):
        if path.name not in keep:
            path.unlink(missing_ok=True)


class BarFile:
    """An open file of bars and which row groups hold which companies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = pq.ParquetFile(path, memory_map=True)
        except (OSError, pa.ArrowInvalid) as error:
            raise StoreCorruptError(path, str(error).splitlines()[0]) from error
        data = self._file.metadata
        place = self._file.schema_arrow.get_field_index("canon")
        self._spans = [
            (stats.min, stats.max)
            for stats in (
                data.row_group(group).column(place).statistics
                for group in range(data.num_row_groups)
            )
        ]

    def of(self, symbol: str) -> pa.Table:
        """The bars of one company, by day.

        Raises:
            StoreCorruptError: the file does not read.
        """
        groups = [
            group
            for group, (first, last) in enumerate(self._spans)
            if first <= symbol <= last
        ]
        if not groups:
            return BARS.empty_table().drop_columns(["canon"])
        try:
            table = self._file.read_row_groups(groups, use_threads=False)
        except (OSError, pa.ArrowInvalid) as error:
            raise StoreCorruptError(self.path, str(error).splitlines()[0]) from error
        # Sorted by company, so its rows are one stretch.
        owners = table["canon"].to_pylist()
        start, end = bisect_left(owners, symbol), bisect_right(owners, symbol)
        return table.slice(start, end - start).drop_columns(["canon"])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
