"""Intervals: Wilson's, and those of sessions redrawn; do they cover the truth?"""

import numpy as np
import pytest

from dexter.ml.intervals import (
    Array,
    Estimate,
    Resampled,
    clustered,
    expanded_tail,
    student,
    wider,
    wilson,
)


def rate(sums: Array) -> Array:
    return np.asarray(sums[:, 0] / sums[:, 1])


def test_wilson_on_the_handbook_case() -> None:
    found = wilson(16, 42)
    assert found.value == pytest.approx(0.381, abs=1e-3)
    assert (found.low, found.high) == pytest.approx((0.25, 0.53), abs=5e-3)


def test_wilson_needs_a_trial() -> None:
    with pytest.raises(ValueError, match="at least one"):
        wilson(0, 0)


def test_the_wider_of_two_on_either_side() -> None:
    found = wider(Estimate(0.5, 0.4, 0.55), Estimate(0.1, 0.45, 0.6))
    assert found == Estimate(0.5, 0.4, 0.6)


def test_events_of_one_session_are_not_independent() -> None:
    random = np.random.default_rng(5)
    days = np.repeat(np.arange(50), 40)
    label = np.repeat(random.uniform(size=50) < 0.3, 40).astype(float)
    columns = np.column_stack([label, np.ones(2000)])
    by_day = clustered(columns, days, rate, 1)
    by_event = clustered(columns, np.arange(2000), rate, 1)
    assert by_day.high - by_day.low > 4 * (by_event.high - by_event.low)


def test_draws_are_repeatable_and_clusters_may_have_any_number() -> None:
    days = np.repeat(np.arange(30), 5)
    columns = np.column_stack([np.arange(150) % 3, np.ones(150)]).astype(float)
    found = clustered(columns, days, rate, 9)
    assert clustered(columns, 18_000 + 7 * days, rate, 9) == found
    assert clustered(columns, days, rate, 10) != found


def test_the_sums_of_a_draw_are_those_of_the_sessions_drawn() -> None:
    days, values = np.array([3, 3, 5, 9]), np.array([1.0, 2.0, 4.0, 8.0])
    drawn = Resampled.of(days, 1, 50)
    (sums,) = drawn.sums(values)
    assert sums[0] == 15.0
    by_hand = drawn.counts @ np.array([3.0, 4.0, 8.0])
    assert sums == pytest.approx(by_hand)
    assert drawn.counts.sum(axis=1) == pytest.approx(3)


def test_one_session_has_no_interval() -> None:
    with pytest.raises(ValueError, match="two clusters"):
        Resampled.of(np.zeros(5, dtype=np.int64), 1)


def test_what_no_draw_defines_is_not_a_number() -> None:
    drawn = Resampled.of(np.arange(5), 1, 10)
    found = drawn.estimate(np.full(11, np.nan))
    assert np.isnan([found.value, found.low, found.high]).all()


def test_uneven_sessions_count_for_fewer() -> None:
    even = Resampled.of(np.repeat(np.arange(10), 5), 1, 1)
    assert even.clusters() == pytest.approx(10)
    uneven = Resampled.of(np.repeat([0, 1, 2], [98, 1, 1]), 1, 1)
    assert uneven.clusters() == pytest.approx(1.04, abs=0.01)
    assert uneven.clusters(np.zeros(100, dtype=bool)) == 0.0


def test_students_quantiles_and_the_tails_left_out() -> None:
    # Tables give 2.571, 2.228, 2.042.
    assert [student(f) for f in (5, 10, 30)] == pytest.approx(
        [2.568, 2.228, 2.042], 1e-3
    )
    assert expanded_tail(1e9) == pytest.approx(0.025, abs=1e-6)
    assert expanded_tail(10) < expanded_tail(40) < 0.025


def covered(sessions: int, skew: float, runs: int) -> tuple[float, float]:
    """Shares of simulated seasons whose interval holds the true hits per expected one.

    First of our intervals, then of plain percentiles; sessions share a mood.
    """
    random = np.random.default_rng(4)
    ours, plain = 0, 0
    for seed in range(runs):
        sizes = np.maximum(random.lognormal(0, skew, sessions) * 15, 1).astype(int)
        days = np.repeat(np.arange(sessions), sizes)
        mood = np.repeat(random.normal(0, 0.7, sessions), sizes)
        said = 1 / (1 + np.exp(2.5 - random.normal(size=len(days))))
        shown = 1 / (1 + np.exp(-np.log(said / (1 - said)) - mood))
        label = (random.uniform(size=len(days)) < shown).astype(float)
        drawn = Resampled.of(days, seed, 400)
        hits, expected = drawn.sums(label, said)
        found = drawn.estimate(hits / expected)
        low, high = np.quantile(hits[1:] / expected[1:], [0.025, 0.975])
        ours += found.low <= TRUE_RATIO <= found.high
        plain += int(low <= TRUE_RATIO <= high)
    return ours / runs, plain / runs


def _true_ratio() -> float:
    random = np.random.default_rng(5)
    said = 1 / (1 + np.exp(2.5 - random.normal(size=400_000)))
    mood = random.normal(0, 0.7, 400_000)
    shown = 1 / (1 + np.exp(-np.log(said / (1 - said)) - mood))
    return float(shown.mean() / said.mean())


TRUE_RATIO = _true_ratio()


@pytest.mark.parametrize(("sessions", "skew"), [(15, 0.5), (45, 1.0), (200, 1.0)])
def test_intervals_hold_the_truth_about_as_often_as_they_say(
    sessions: int, skew: float
) -> None:
    ours, plain = covered(sessions, skew, 300)
    assert 0.91 <= ours <= 0.98
    assert ours >= plain
