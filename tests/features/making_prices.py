"""Bars made up for tests of price features, and the real ones as they were imported."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from dexter.domain.filing import Basis
from dexter.features.bars import Bars, adjusted
from dexter.features.columns import Array, Column, Whole
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Known, Sources, see
from dexter.features.market_days import MarketDays
from dexter.features.moments import at_minute
from dexter.features.stories import stories_of

RAW = ("open", "high", "low", "close", "base", "volume", "turnover")
TOLD = ("band", "no_band", "trades", "delivered", "price_band")

History = dict[str, Array]
"""Columns of one company as traded, by their names in ``Bars``."""


def weekdays(count: int) -> Whole:
    days = np.arange(18_000, 18_000 + 2 * count + 7)
    return days[(days + 4) % 7 > 1][:count]  # day 0 was a Thursday


def history(close: Sequence[float] | Array, spread: float = 0.01) -> History:
    """Bars around given closes, with every column told but the band."""
    closes = np.array(close, dtype=np.float64)
    n = len(closes)
    base = np.concatenate([closes[:1], closes[:-1]])
    wiggle = 1 + spread * np.abs(np.sin(np.arange(n)))
    volume = 1e5 * (1.0 + np.arange(n) % 7)
    return {
        "open": base * (1 + 0.1 * (wiggle - 1)),
        "high": np.maximum(closes, base) * wiggle,
        "low": np.minimum(closes, base) / wiggle,
        "close": closes,
        "base": base,
        "volume": volume,
        "turnover": volume * closes,
        "band": np.zeros(n),
        "no_band": np.zeros(n),
        "trades": 100.0 + np.arange(n) % 11,
        "delivered": volume * (0.3 + 0.2 * np.sin(np.arange(n)) ** 2),
        "price_band": np.full(n, np.nan),
        "factor": np.ones(n),
    }


def walk(count: int, seed: int = 7) -> Array:
    steps = np.random.default_rng(seed).normal(0.0005, 0.02, count)
    return np.array(100 * np.exp(np.cumsum(steps)))


def cut(one: History, until: int) -> History:
    return {name: column[:until] for name, column in one.items()}


def split(one: History, at: int, ratio: float) -> History:
    """The same trading, with a split of one share into ``ratio`` before session at."""
    after = np.arange(len(one["close"])) >= at
    prices = ("open", "high", "low", "close", "base")
    shares = ("volume", "delivered")
    found = dict(one)
    found |= {name: np.where(after, one[name] / ratio, one[name]) for name in prices}
    found |= {name: np.where(after, one[name] * ratio, one[name]) for name in shares}
    found["factor"] = one["factor"] * np.where(after, ratio, 1.0)
    return found


def bars_of(*companies: History) -> Bars:
    lengths = [len(one["close"]) for one in companies]

    def column(name: str) -> Array:
        return np.concatenate([one[name] for one in companies] or [np.zeros(0)])

    return adjusted(
        starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        day=np.concatenate([weekdays(n) for n in lengths] or [np.zeros(0, np.int64)]),
        raw={name: column(name) for name in RAW},
        told={name: column(name) for name in TOLD},
        factor=column("factor"),
    )


def known_at(
    bars: Bars, company: Whole, moment: Whole, market: MarketDays | None = None
) -> Known:
    sources = Sources(
        bars=bars,
        indices={},
        market=market,
        figures=figures_of([[] for _ in range(bars.companies)], Basis.STANDALONE),
        stories=stories_of([[] for _ in range(bars.companies)]),
    )
    quarter = np.full(len(company), 8_100, dtype=np.int64)
    return see(sources, Asked(company, moment, quarter))


def last_rows(bars: Bars, minute: int = 21 * 60) -> Known:
    """Every company in the evening of its last session."""
    some = np.flatnonzero(np.diff(bars.starts))
    return known_at(bars, some, at_minute(bars.day[bars.starts[some + 1] - 1], minute))


def every_row(bars: Bars, minute: int = 21 * 60) -> Known:
    """Every company in the evening of every session."""
    owner = np.repeat(np.arange(bars.companies), np.diff(bars.starts))
    return known_at(bars, owner, at_minute(bars.day, minute))


def same(left: Mapping[str, Column], right: Mapping[str, Column], row: int) -> None:
    """The last row of a smaller set is a row of a larger one, to the last bit."""
    assert left.keys() == right.keys()
    for name, column in left.items():
        other = right[name]
        assert column.values[-1:].tobytes() == other.values[row : row + 1].tobytes(), (
            name
        )
        assert column.reason(len(column) - 1) == other.reason(row), name


def real_bars(shared: Path) -> tuple[list[str], Bars]:
    """Every symbol of the price file, its factor turned into a causal one."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    given = {name: name for name in ("open", "high", "low", "close", "volume")}
    given |= {"base": "base_prev", "turnover": "turnover_lacs", "band": "uc_band"}
    given |= {"no_band": "fno", "delivered": "deliv_qty", "adj": "adj"}
    path = shared / "data" / "market" / "prices.parquet"
    table = pq.read_table(path, columns=["canon", "date", *given.values()])
    table = table.filter(table["base_prev"].is_valid())
    table = table.sort_by([("canon", "ascending"), ("date", "ascending")])
    names = table["canon"].to_numpy()
    cuts = np.flatnonzero(names[1:] != names[:-1]) + 1
    starts = np.concatenate([[0], cuts, [len(names)]]).astype(np.int64)
    columns = {n: table[of].to_numpy().astype(np.float64) for n, of in given.items()}
    adj = columns.pop("adj")
    columns["turnover"] *= 1e5
    untold = np.full(len(names), np.nan)
    columns |= {"trades": untold.copy(), "price_band": untold.copy()}
    bars = adjusted(
        starts=starts,
        day=table["date"].cast(pa.int32()).to_numpy().astype(np.int64),
        raw={name: columns[name] for name in RAW},
        told={name: columns[name] for name in TOLD},
        factor=adj / np.repeat(adj[starts[:-1]], np.diff(starts)),
    )
    return names[starts[:-1]].tolist(), bars


def rows_of(bars: Bars, company: int) -> dict[str, Array]:
    """One company's columns, all of its bars."""
    rows = slice(int(bars.starts[company]), int(bars.starts[company + 1]))
    return {f.name: getattr(bars, f.name)[rows] for f in fields(Bars)[1:]}
