"""Bars, splits, indices and sessions of a market folder."""

from datetime import date
from functools import reduce
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store import tables as t
from dexter.store.bar_order import arranged
from dexter.store.bars import ALWAYS, BARS
from dexter.store.keeping import Row, keep, keep_new
from dexter.store.price_files import merge_bars
from pipelines.ingest.cells import exact
from pipelines.ingest.intake import Intake, SourceFile

RUPEES_PER_LAKH = 100_000
_NAMED = {"base_prev": "base", "uc_band": "band", "deliv_qty": "delivered"}


def prices(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """Daily bars, merged with the bars already kept.

    A bar with anything missing is left out (the first bars of some listings carry no
    base price).
    """
    del file
    bars = _whole(table)
    if bars.num_rows:
        if "adj" in bars.column_names:
            _actions_of_adj(connection, bars)
        _tickers(connection, bars)
        kept = [name for name in bars.column_names if name in BARS.names]
        merge_bars(connection, intake.database.home, bars.select(kept))
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


def _whole(table: pa.Table) -> pa.Table:
    """A market table as bars, by symbol and day, without those that have a hole."""
    names = [_NAMED.get(name, name) for name in table.column_names]
    table = table.rename_columns(names)
    rupees = pc.multiply(table["turnover_lacs"].cast(pa.float64()), RUPEES_PER_LAKH)
    table = table.append_column("turnover", rupees)
    # A bar with a hole is no bar: a missing price is never a zero.
    told = [pc.is_valid(table[name]) for name in ALWAYS]
    told += [
        pc.invert(pc.is_nan(table[name]))
        for name in ALWAYS
        if pa.types.is_floating(table.schema.field(name).type)
    ]
    there = reduce(pc.and_kleene, told)
    if not pc.all(there).as_py():
        table = table.filter(there)
    for place, field in enumerate(table.schema):
        if field.name in ALWAYS:
            kind = BARS.field(field.name).type
            table = table.set_column(place, field.name, table[field.name].cast(kind))
    return arranged(table)


def _actions_of_adj(connection: Connection, bars: pa.Table) -> None:
    """Splits read off the adjustment column, where no list of them says more."""
    owners, days = bars["canon"], bars["date"]
    adj = bars["adj"].to_numpy().astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = adj[:-1] / adj[1:]
    moved = np.abs(steps - 1) > 1e-4  # noqa: PLR2004 - above float32 noise
    rows: list[Row] = []
    for at in np.flatnonzero(moved & ~np.isnan(adj[:-1])).tolist():
        if owners[at].as_py() != owners[at + 1].as_py():
            continue
        rows.append(
            {
                "symbol": owners[at + 1].as_py(),
                "ex_date": days[at + 1].as_py(),
                "kind": "from adjusted prices",
                "factor": exact(round(float(steps[at]), 6)),
            }
        )
    named = {
        (row.symbol, row.ex_date)
        for row in connection.execute(
            sa.select(t.actions.c.symbol, t.actions.c.ex_date)
        )
    }
    fresh = [row for row in rows if (row["symbol"], row["ex_date"]) not in named]
    keep_new(connection, t.actions, fresh)


def _tickers(connection: Connection, bars: pa.Table) -> None:
    """Tickers as traded, with the company's latest one; these beat any list."""
    pairs = bars.select(["symbol", "canon"]).group_by(["symbol", "canon"])
    rows: list[Row] = [
        {"old": str(one["symbol"]).upper(), "new": str(one["canon"]).upper()}
        | {"changed_on": None}
        for one in pairs.aggregate([]).to_pylist()
    ]
    keep(connection, t.renames, rows)


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
