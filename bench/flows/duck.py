"""The peer for prices: DuckDB over the same Parquet, in its own environment.

``import`` rewrites the market table in both orders, ``symbol`` and ``session`` answer
the nth question of ``asked.json``. The connection stays open and keeps the metadata of
files, as a service would.
"""

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

# Installed in the bench's own environment alone.
import duckdb  # type: ignore[import-not-found]

_SYMBOL = """
SELECT date, open, high, low, close, base, volume, turnover, band, fno
FROM read_parquet(?) WHERE canon = ? AND date <= ?::DATE
ORDER BY date DESC LIMIT ?"""
_SESSION = "SELECT * FROM read_parquet(?) WHERE date = ?::DATE ORDER BY canon"
_COPY = """
COPY (SELECT * FROM read_parquet('{}') ORDER BY {})
TO '{}' (FORMAT parquet, COMPRESSION snappy)"""


def open_flow(name: str, folder: Path) -> Callable[[int], float]:
    """``import``, ``symbol`` or ``session``; the folder holds what is asked."""
    asked = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    connection = duckdb.connect()
    connection.execute("SET parquet_metadata_cache = true")

    def rewrite(_: int) -> None:
        for order in ("canon, date", "date, canon"):
            to = folder / "duck.parquet"
            connection.execute(_COPY.format(asked["source"], order, to))

    def symbol(number: int) -> None:
        which, day = asked["questions"][number]
        values = [asked["by_symbol"], which, day, asked["sessions"]]
        if not connection.execute(_SYMBOL, values).fetchall():
            raise LookupError(which)

    def session(number: int) -> None:
        _, day = asked["questions"][number]
        values = [asked["by_session"], day]
        if not connection.execute(_SESSION, values).fetchall():
            raise LookupError(day)

    work = {"import": rewrite, "symbol": symbol, "session": session}[name]

    def timed(number: int) -> float:
        began = perf_counter()
        work(number)
        return perf_counter() - began

    return timed
