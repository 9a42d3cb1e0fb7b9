"""Tables of bars put in order: by symbol or by session, one bar per symbol and day."""

from bisect import bisect_left, bisect_right
from datetime import date
from operator import methodcaller

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dexter.store.price_list import BY_SYMBOL

_plain = methodcaller("as_py")
_EPOCH = date(1970, 1, 1).toordinal()
_BITS = 32
_HALF = 1 << (_BITS - 1)
Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]


def arranged(table: pa.Table, layout: str = BY_SYMBOL) -> pa.Table:
    """Rows in the order of a layout; of one symbol and day the last row stays."""
    if not table.num_rows:
        return table
    keys = _keys(table, layout)
    if bool(np.all(keys[1:] > keys[:-1])):
        return table
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    last = np.append(keys[1:] != keys[:-1], [True])
    return table.take(pa.array(order[last]))


def of_symbol(table: pa.Table, symbol: str) -> pa.Table:
    """The stretch of one symbol in a table that lies by symbol."""
    owners = table["canon"]
    start = bisect_left(owners, symbol, key=_plain)
    end = bisect_right(owners, symbol, lo=start, key=_plain)
    return table.slice(start, end - start)


def until(table: pa.Table, day: date) -> pa.Table:
    """The rows up to a day in a table that lies by day."""
    return table.slice(0, bisect_right(table["date"], day, key=_plain))


def on_day(table: pa.Table, day: date) -> pa.Table:
    """The rows of one session."""
    return table.filter(pc.equal(table["date"], pa.scalar(day, pa.date32())))


def values(column: pa.ChunkedArray) -> tuple[object, ...]:
    """A column as Python values; null is none."""
    if column.null_count:
        return tuple(column.to_pylist())
    if pa.types.is_date(column.type):
        days = column.cast(pa.int32()).to_numpy().tolist()
        return tuple(date.fromordinal(_EPOCH + day) for day in days)
    if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
        return tuple(column.to_numpy().tolist())
    return tuple(column.to_pylist())


def _keys(table: pa.Table, layout: str) -> Numbers:
    """One number per row, ascending in the order of the layout."""
    owners = table["canon"].combine_chunks()
    if not pa.types.is_dictionary(owners.type):
        owners = owners.dictionary_encode()
    names = owners.dictionary
    rank = np.empty(len(names), np.int64)
    rank[pc.array_sort_indices(names).to_numpy()] = np.arange(len(names))
    symbols: Numbers = rank[owners.indices.to_numpy()]
    days: Numbers = table["date"].cast(pa.int32()).to_numpy().astype(np.int64)
    if layout == BY_SYMBOL:
        symbols, days = symbols << _BITS, days + _HALF
    else:
        days = days << _BITS
    return symbols | days
