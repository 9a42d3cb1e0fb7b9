"""Bars, splits, indices and sessions of a market folder."""

from datetime import date
from typing import cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store import tables as t
from dexter.store.bars import BARS, forget_bars, write_bars
from dexter.store.database import set_note
from dexter.store.keeping import Row, keep, keep_new
from dexter.store.prices import BARS_NOTE
from pipelines.ingest.cells import exact
from pipelines.ingest.intake import Intake, SourceFile

RUPEES_PER_LAKH = 100_000


def prices(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Daily bars to one sorted Parquet file, merged with the bars already kept.

    A bar with anything missing is left out (the first bars of some listings carry no
    base price).
    """
    del file
    frame = _frame(table)
    if "adj" in frame:
        _actions_of_adj(connection, frame)
    _tickers(connection, frame)
    frame = frame.drop(columns=["symbol", "adj"], errors="ignore")
    before = connection.scalar(
        sa.select(t.meta.c.value).where(t.meta.c.name == BARS_NOTE)
    )
    home = intake.database.home
    if before:
        kept = pq.read_table(home / "prices" / before).to_pandas(date_as_object=False)
        frame = pd.concat([kept, frame], ignore_index=True)
        frame = frame.drop_duplicates(["canon", "date"], keep="last")
    frame = frame.sort_values(["canon", "date"], kind="stable", ignore_index=True)
    name = write_bars(home, pa.Table.from_pandas(frame, BARS, preserve_index=False))
    set_note(connection, BARS_NOTE, name)
    _note_extent(connection, frame)
    # The bars before these stay until the next import: a reader may have them open,
    # and this transaction may still fail.
    forget_bars(home, {name, before})
    return len(table)


def splits(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Split and bonus factors, by the first session that traded without the right."""
    del file
    rows: list[Row] = [
        {
            "symbol": intake.canon(row["canon"]),
            "ex_date": row.get("tdate") or row["ex_date"],
            "kind": row.get("kind") or "split or bonus",
            "factor": exact(row["factor"]),
        }
        for row in table.to_pylist()
        if row["canon"] and row["ex_date"] and exact(row["factor"])
    ]
    # What was read off the exchange's adjusted prices says the same, without a kind.
    for row in rows:
        connection.execute(
            sa.delete(t.actions).where(
                t.actions.c.symbol == row["symbol"],
                t.actions.c.ex_date == row["ex_date"],
            )
        )
    keep(connection, t.actions, rows)
    return len(rows)


def index_closes(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Daily closes of indices."""
    del intake
    rows = _closes(
        table,
        [str(name) for name in table["index"].to_pylist()],
        "close",
        file.path.name,
    )
    keep(connection, t.index_closes, rows)
    return len(rows)


def india_vix(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Daily closes of the volatility index."""
    del intake
    rows = _closes(table, ["INDIA_VIX"] * table.num_rows, "vix", file.path.name)
    keep(connection, t.index_closes, rows)
    return len(rows)


def trading_calendar(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Sessions of the exchange."""
    del intake, file
    rows: list[Row] = [{"day": day} for day in table["date"].to_pylist() if day]
    keep_new(connection, t.sessions, rows)
    return len(rows)


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    named = {"base_prev": "base", "uc_band": "band"}
    frame = frame.rename(columns=named)
    frame["turnover"] = frame["turnover_lacs"] * RUPEES_PER_LAKH
    frame["volume"] = frame["volume"].astype(float)
    # A bar with a hole is no bar: a missing price is never a zero.
    frame = frame.dropna(subset=BARS.names)
    frame["fno"] = frame["fno"].astype(bool)
    frame = frame.drop_duplicates(["canon", "date"], keep="last")
    frame = frame.sort_values(["canon", "date"], kind="stable", ignore_index=True)
    wanted = ["symbol", "adj", *BARS.names]
    return frame[[name for name in wanted if name in frame]]


def _actions_of_adj(connection: Connection, frame: pd.DataFrame) -> None:
    """Splits read off the adjustment column, where no list of them says more."""
    adj = frame["adj"].astype(float)
    earlier = adj.groupby(frame["canon"], sort=False).shift(1)
    changed = earlier.notna() & ((earlier / adj - 1).abs() > 1e-4)  # noqa: PLR2004 - above float32 noise
    rows: list[Row] = [
        {
            "symbol": canon,
            "ex_date": day.date(),
            "kind": "from adjusted prices",
            "factor": exact(round(float(factor), 6)),
        }
        for canon, day, factor in zip(
            frame["canon"][changed],
            pd.to_datetime(frame["date"][changed]),
            (earlier / adj)[changed],
            strict=True,
        )
    ]
    named = {
        (row.symbol, row.ex_date)
        for row in connection.execute(
            sa.select(t.actions.c.symbol, t.actions.c.ex_date)
        )
    }
    fresh = [row for row in rows if (row["symbol"], row["ex_date"]) not in named]
    keep_new(connection, t.actions, fresh)


def _tickers(connection: Connection, frame: pd.DataFrame) -> None:
    """Tickers as traded, with the company's latest one; these beat any list."""
    pairs = frame[["symbol", "canon"]].drop_duplicates()
    rows: list[Row] = [
        {"old": str(old).upper(), "new": str(new).upper(), "changed_on": None}
        for old, new in pairs.itertuples(index=False)
    ]
    keep(connection, t.renames, rows)


def _note_extent(connection: Connection, frame: pd.DataFrame) -> None:
    days = pd.to_datetime(frame["date"])
    set_note(connection, "bars_rows", str(len(frame)))
    set_note(connection, "bars_symbols", str(frame["canon"].nunique()))
    set_note(connection, "bars_from", days.min().date().isoformat())
    set_note(connection, "bars_to", days.max().date().isoformat())
    traded: list[Row] = [{"day": day.date()} for day in days.drop_duplicates()]
    keep_new(connection, t.traded_days, traded)


def _closes(
    table: pa.Table, labels: list[str], column: str, document: str
) -> list[Row]:
    days = cast("list[date | None]", table["date"].to_pylist())
    closes = cast("list[float | None]", table[column].to_pylist())
    return [
        {"name": name, "session": day, "close": close, "source": document}
        for name, day, close in zip(labels, days, closes, strict=True)
        if day is not None and exact(close) is not None
    ]
