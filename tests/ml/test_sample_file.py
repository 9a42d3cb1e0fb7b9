"""Out-of-sample events to Parquet and back."""

import io
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dexter.ml.sample_file import UnreadableSampleError, from_bytes, to_bytes
from tests.ml.making_samples import market


def test_there_and_back_nothing_changes() -> None:
    told = market()
    again = from_bytes(to_bytes(told))
    for name, column in told.columns().items():
        np.testing.assert_array_equal(again.columns()[name], column)
        assert again.columns()[name].dtype.kind == column.dtype.kind, name
    assert list(again.rivals) == list(told.rivals)
    for name, said in told.rivals.items():
        np.testing.assert_array_equal(again.rivals[name], said)


def test_the_same_events_are_the_same_bytes() -> None:
    assert to_bytes(market()) == to_bytes(market())


def test_no_events_at_all_are_a_file_too() -> None:
    told = market()
    empty = told.take(np.zeros(len(told), dtype=bool))
    assert len(from_bytes(to_bytes(empty))) == 0


def _written(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def test_what_is_no_sample_is_refused() -> None:
    with pytest.raises(UnreadableSampleError, match="no Parquet"):
        from_bytes(b"nothing of the kind")
    with pytest.raises(UnreadableSampleError, match="another format"):
        from_bytes(_written(pa.table({"label": [1.0]})))
    whole = pq.read_table(io.BytesIO(to_bytes(market())))
    with pytest.raises(UnreadableSampleError, match="lacks label"):
        from_bytes(_written(whole.drop_columns(["label"])))


def test_columns_of_unequal_length_are_refused() -> None:
    told = market()
    with pytest.raises(ValueError, match="another length than the labels: raw"):
        replace(told, raw=told.raw[1:])
