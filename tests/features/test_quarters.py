"""Sums over quarters: the same to the last bit for one event as for many."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dexter.features.quarters import counted, row_sum

AMOUNTS = st.floats(-1e12, 1e12) | st.just(np.nan) | st.just(-0.0)


@given(
    arrays(
        np.float64, st.tuples(st.integers(1, 5), st.integers(1, 16)), elements=AMOUNTS
    )
)
def test_one_row_sums_as_among_others(table: np.ndarray) -> None:
    whole = row_sum(table)
    alone = np.concatenate([row_sum(row[None, :]) for row in table])
    assert alone.tobytes() == whole.tobytes()
    plain = [sum(row.tolist()) for row in table]
    assert np.array_equal(whole, plain, equal_nan=True)


@given(arrays(np.bool_, (3, 12)))
def test_what_holds_is_counted(table: np.ndarray) -> None:
    assert counted(table).tolist() == [float(sum(row)) for row in table.tolist()]
