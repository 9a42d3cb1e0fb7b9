"""The bars of a whole market as one table of columns."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from dexter.domain.market import CorporateAction
from dexter.features.bars import Bars, adjusted
from dexter.features.columns import Array, Whole
from dexter.features.moments import day_number
from dexter.store.database import Database
from dexter.store.prices import ParquetPrices

RAW = ("open", "high", "low", "close", "base", "volume", "turnover")
TOLD = ("band", "no_band", "trades", "delivered", "price_band")
_KEPT_AS = {"no_band": "fno"}


@dataclass(frozen=True, slots=True)
class Panel:
    """Companies by symbol, ascending, and their bars in the same order."""

    symbols: tuple[str, ...]
    bars: Bars


@dataclass(frozen=True, slots=True)
class Part:
    """Less than all bars: those from a day on, and all of some companies."""

    since: date
    whole: Collection[str] = ()


def panel(database: Database, until: date, part: Part | None = None) -> Panel:
    """The bars of a home up to a day, that one included: all, or a part.

    Raises:
        StoreCorruptError: a Parquet file does not read.
    """
    prices = ParquetPrices(database)
    table = (
        prices.everything(until)
        if part is None
        else prices.everything(until, part.since, part.whole)
    )
    return panel_of(table, prices.every_action())


def panel_of(
    table: pa.Table, actions: Mapping[str, Sequence[CorporateAction]]
) -> Panel:
    """A table of bars (columns as in ``store.bars``, by symbol and day) as a panel."""
    owner = table["canon"].combine_chunks()
    if not pa.types.is_dictionary(owner.type):
        owner = owner.dictionary_encode()
    codes = owner.indices.to_numpy(zero_copy_only=False)
    heads = np.flatnonzero(np.diff(codes, prepend=-1)) if len(codes) else codes[:0]
    names = owner.dictionary.to_pylist()
    symbols = tuple(names[code] for code in codes[heads])
    starts = np.append(heads, len(codes)).astype(np.int64)
    day = table["date"].combine_chunks().cast(pa.int32()).to_numpy().astype(np.int64)
    columns = {name: _real(table[_KEPT_AS.get(name, name)]) for name in (*RAW, *TOLD)}
    bars = adjusted(
        starts=starts,
        day=day,
        raw={name: columns[name] for name in RAW},
        told={name: columns[name] for name in TOLD},
        factor=_factors(symbols, starts, day, actions),
    )
    return Panel(symbols, bars)


def _real(column: pa.ChunkedArray) -> Array:
    whole = column.combine_chunks().cast(pa.float64())
    found: Array = whole.to_numpy(zero_copy_only=False).astype(np.float64)
    return found


def _factors(
    symbols: Sequence[str],
    starts: Whole,
    day: Whole,
    actions: Mapping[str, Sequence[CorporateAction]],
) -> Array:
    """Product of 1 / factor of the actions up to each bar: never of a later one."""
    factor = np.ones(len(day))
    for place, symbol in enumerate(symbols):
        mine = actions.get(symbol)
        if not mine:
            continue
        rows = slice(int(starts[place]), int(starts[place + 1]))
        days = day[rows]
        for action in mine:
            ex_day = day_number(action.ex_date)
            # From its first bar on, whichever that is of those at hand: so a later
            # part of a history has the factors the whole one has.
            factor[rows][bisect_left(days, ex_day) :] /= float(action.factor)
    return factor
