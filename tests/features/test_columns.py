"""Columns of a feature: a value, or the first reason that tells why there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dexter.features.columns import UNDEFINED, Column, joined, ratio


def reasons(column: Column) -> list[str | None]:
    return [column.reason(row) for row in range(len(column))]


def test_the_first_mask_that_holds_says_why() -> None:
    column = Column.of(
        np.array([1.0, 2.0, np.nan, np.inf]),
        (np.array([False, True, False, False]), "telling"),
        (np.array([False, True, True, False]), "also true"),
    )
    assert reasons(column) == [None, "telling", "also true", UNDEFINED]
    assert np.array_equal(column.values, [1.0, *[np.nan] * 3], equal_nan=True)


def test_a_further_reason_only_takes_what_was_known() -> None:
    column = Column.of(np.array([1.0, np.nan, 3.0]), (np.zeros(3, dtype=bool), "never"))
    more = column.also((np.array([False, True, True]), "too old"))
    assert reasons(more) == [None, UNDEFINED, "too old"]
    assert np.isnan(more.values[2])
    assert reasons(column)[2] is None


def test_parts_keep_their_reasons_when_they_are_joined() -> None:
    one = Column.of(np.array([np.nan, 2.0]), (np.array([True, False]), "no bars"))
    other = Column.nothing(1, "no figures")
    whole = joined([one, other, one])
    assert reasons(whole) == ["no bars", None, "no figures", "no bars", None]
    chosen = whole.rows(np.array([2, 1]))
    assert reasons(chosen) == ["no figures", None]
    assert chosen.values[1] == 2.0


@given(arrays(np.float64, 12), arrays(np.bool_, 12), arrays(np.bool_, 12))
def test_a_value_is_absent_exactly_where_there_is_a_reason(
    values: np.ndarray, one: np.ndarray, other: np.ndarray
) -> None:
    column = Column.of(values, (one, "a"), (other, "b"))
    assert (np.isnan(column.values) == (column.why > 0)).all()
    assert not np.isinf(column.values).any()
    for row, reason in enumerate(reasons(column)):
        assert (reason is None) == bool(np.isfinite(column.values[row]))


@pytest.mark.parametrize("below", [0.0, np.nan])
def test_nothing_divides_by_zero(below: float) -> None:
    assert np.isnan(ratio(np.array([1.0]), np.array([below]))).all()


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
def test_a_ratio_is_one_number_over_another(above: float, below: float) -> None:
    assert ratio(np.array([above]), np.array([below]))[0] == above / below
