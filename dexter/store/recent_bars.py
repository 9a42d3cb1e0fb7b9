"""The bars of all companies from a day on, without reading the years before it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dexter.errors import StoreCorruptError
from dexter.store.bar_order import arranged
from dexter.store.bars import ALWAYS, BARS, FOLDER, conformed
from dexter.store.price_list import BY_SESSION, BY_SYMBOL, DAY, PriceFile


def bars_since(home: Path, files: Sequence[PriceFile], since: date | None) -> pa.Table:
    """Every bar from a day on (null: all), by symbol, without what some tell only.

    Raises:
        StoreCorruptError: a file does not read.
    """
    layouts = (BY_SYMBOL, DAY) if since is None else (BY_SESSION, DAY)
    chosen = [one for one in files if one.layout in layouts]
    if not any(one.layout != DAY for one in chosen):  # a home of the first schema
        chosen = list(files)
    parts = [
        _read(home / FOLDER / one.name, since)
        for one in chosen
        if since is None or one.last_day >= since
    ]
    if not parts:
        return BARS.empty_table()
    return arranged(pa.concat_tables([conformed(part) for part in parts]))


def _read(path: Path, since: date | None) -> pa.Table:
    later = None if since is None else pc.field("date") >= pa.scalar(since)
    try:
        return pq.read_table(
            path, columns=list(ALWAYS), filters=later, read_dictionary=["canon"]
        )
    except (OSError, pa.ArrowInvalid) as error:
        raise StoreCorruptError(path, str(error).splitlines()[0]) from error
