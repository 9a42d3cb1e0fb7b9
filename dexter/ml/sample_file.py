"""Out-of-sample events as a Parquet file, kept beside the model they judge."""

import io
from dataclasses import fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dexter.errors import PredictorError
from dexter.ml.sample import Array, OutOfSample

SAMPLE_FILE = "out_of_sample.parquet"

_RIVAL = "rival: "
_WHOLE = ("day", "season", "cohort")
_FORMAT = {b"dexter.out_of_sample": b"1"}


class UnreadableSampleError(PredictorError):
    """A file that is no sample of out-of-sample events."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The out-of-sample events cannot be read: {why}.",
            "Check the model with `dexter models verify`, or train it again.",
        )


def to_bytes(sample: OutOfSample) -> bytes:
    """A sample as Parquet; one sample, the same bytes."""
    columns = {
        **sample.columns(),
        **{f"{_RIVAL}{name}": said for name, said in sample.rivals.items()},
    }
    table = pa.table({name: pa.array(column) for name, column in columns.items()})
    out = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata(_FORMAT), out, compression="zstd", version="2.6"
    )
    return out.getvalue()


def from_bytes(content: bytes) -> OutOfSample:
    """The sample of a Parquet file.

    Raises:
        UnreadableSampleError: it is no Parquet, of another format, or lacks columns.
    """
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        why = "the file is no Parquet"
        raise UnreadableSampleError(why) from error
    if (table.schema.metadata or {}).get(b"dexter.out_of_sample") != b"1":
        why = "the file is of another format"
        raise UnreadableSampleError(why)
    names = [one.name for one in fields(OutOfSample) if one.name != "rivals"]
    missing = [name for name in names if name not in table.column_names]
    if missing:
        why = f"it lacks {', '.join(missing)}"
        raise UnreadableSampleError(why)
    numbers = {
        name: _numbers(table, name)
        for name in names
        if name not in _WHOLE and name != "symbol"
    }
    whole = {name: table[name].to_numpy().astype(np.int64) for name in _WHOLE}
    rivals = {
        name.removeprefix(_RIVAL): _numbers(table, name)
        for name in table.column_names
        if name.startswith(_RIVAL)
    }
    symbol = np.array(table["symbol"].to_pylist(), dtype=np.str_)
    columns: dict[str, Any] = {**numbers, **whole, "symbol": symbol}
    return OutOfSample(**columns, rivals=rivals)


def _numbers(table: pa.Table, name: str) -> Array:
    return np.asarray(table[name].to_numpy(), dtype=np.float64)
