"""Exact chances, held against published values and plain sums."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexter.ml.chances import (
    beta_cdf,
    beta_quantile,
    binomial,
    binomial_p,
    binomial_power,
    exact,
    needed_for_mean,
    needed_for_rate,
    normal_p,
    student_p,
)
from dexter.ml.intervals import wilson


def test_the_42_alerts() -> None:
    assert binomial_p(16, 42, 0.5) == pytest.approx(0.164149401783, abs=1e-12)
    certain = exact(16, 42)
    assert (certain.low, certain.high) == pytest.approx((0.235721, 0.543633), abs=1e-6)
    assert beta_cdf(0.5, 17, 27) == pytest.approx(0.936855262807, abs=1e-11)


def test_students_t() -> None:
    assert student_p(2.0, 10) == pytest.approx(0.0733880348, abs=1e-9)
    assert student_p(2.228138852, 10) == pytest.approx(0.05, abs=1e-8)
    assert student_p(0.0, 5) == 1
    assert student_p(1.96, 1e7) == pytest.approx(normal_p(1.96), abs=1e-6)


@given(st.integers(1, 60), st.floats(0.02, 0.98), st.data())
def test_the_binomial_is_the_beta(
    trials: int, rate: float, data: st.DataObject
) -> None:
    hits = data.draw(st.integers(0, trials))
    chances = binomial(trials, rate)
    plain = [
        math.comb(trials, k) * rate**k * (1 - rate) ** (trials - k)
        for k in range(trials + 1)
    ]
    assert chances == pytest.approx(plain, rel=1e-9, abs=1e-300)
    if hits:
        above = float(chances[hits:].sum())
        assert beta_cdf(rate, hits, trials - hits + 1) == pytest.approx(above, abs=1e-9)


@given(st.integers(1, 80), st.data())
def test_intervals_hold_the_rate(trials: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, trials))
    found = exact(hits, trials)
    assert 0 <= found.low <= hits / trials <= found.high <= 1
    # The exact one is the more careful at the ends' own rates.
    if 0 < hits < trials:
        assert binomial(trials, found.low)[hits:].sum() == pytest.approx(0.025)
        assert binomial(trials, found.high)[: hits + 1].sum() == pytest.approx(0.025)
        assert wilson(hits, trials).value == found.value


def test_a_quantile_is_where_the_chance_is_reached() -> None:
    for share in (0.025, 0.5, 0.975):
        assert beta_cdf(beta_quantile(share, 3.5, 9), 3.5, 9) == pytest.approx(share)


def test_an_even_test_is_two_equal_tails() -> None:
    for hits in range(22):
        tail = float(binomial(42, 0.5)[: hits + 1].sum())
        expected = min(1.0, 2 * tail)
        assert binomial_p(hits, 42, 0.5) == pytest.approx(expected)


def test_power_is_the_level_when_nothing_is_there_and_rises() -> None:
    assert binomial_power(42, 0.5, 0.5) <= 0.05
    powers = [binomial_power(783, truth, 0.5) for truth in (0.51, 0.53, 0.55, 0.6)]
    assert powers == sorted(powers)
    assert powers[2] == pytest.approx(0.8, abs=0.02)  # whole counts cost a little


def test_needed_numbers_of_the_textbooks() -> None:
    assert needed_for_rate(0.55, 0.5) == 783
    assert needed_for_rate(0.60, 0.5) == 194
    assert needed_for_mean(0.01, 0.06) == 283
    assert needed_for_mean(0.005, 0.06) == 1131  # 1,130.3, rounded up


def test_outside_of_its_range() -> None:
    assert [beta_cdf(x, 2, 3) for x in (-1, 0, 1, 2)] == [0, 0, 1, 1]
    assert exact(0, 7).low == 0
    assert exact(7, 7).high == 1
    assert np.isfinite(binomial(5000, 0.01)).all()
