"""Clustered tests find what is there, and err as often as they say."""

import numpy as np
import pytest

from dexter.ml.intervals import Resampled, Whole
from dexter.ml.study import (
    Picked,
    held_against,
    holm,
    random_wins,
    tenths,
    within,
)


def days(events: int, each: int) -> Whole:
    return np.arange(events) // each


def test_a_planted_difference_is_found() -> None:
    random = np.random.default_rng(1)
    group = np.arange(3000) % 3 == 0
    values = random.normal(0, 1, 3000) + 0.3 * group
    drawn = Resampled.of(days(3000, 10), 2)
    found = held_against(0.0, values, drawn, group, ~group)
    assert found is not None
    assert found.p < 1e-6
    assert found.estimate.low < 0.3 < found.estimate.high
    assert found.direction == 1
    assert (found.events, found.sessions) == (1000, 300)
    assert found.design_effect == pytest.approx(1, abs=0.25)


def test_none_is_found_as_often_as_it_should_not_be() -> None:
    """Events of a session alike: plain tests would err in a third of the cases."""
    random = np.random.default_rng(3)
    wrong, outside = 0, 0
    runs = 300
    for run in range(runs):
        day = days(600, 15)
        values = random.normal(0, 1, 600) + random.normal(0, 0.6, 40)[day]
        everyone = np.ones(600, dtype=np.bool_)
        found = held_against(0.0, values, Resampled.of(day, run, 300), everyone)
        assert found is not None
        wrong += found.p <= 0.05
        outside += not found.estimate.low <= 0 <= found.estimate.high
    assert 0.02 <= wrong / runs <= 0.09
    assert 0.02 <= outside / runs <= 0.09


def test_the_design_effect_is_that_of_shared_sessions() -> None:
    random = np.random.default_rng(4)
    day = days(20_000, 10)
    values = random.normal(0, 1, 20_000) + random.normal(0, 0.5, 2000)[day]
    everyone = np.ones(len(day), dtype=np.bool_)
    found = held_against(0.0, values, Resampled.of(day, 1, 10), everyone)
    alike = within(values, day)
    assert alike.correlation == pytest.approx(0.25 / 1.25, abs=0.02)
    assert alike.design_effect(10) == pytest.approx(2.8, abs=0.2)
    assert found is not None
    assert found.design_effect == pytest.approx(alike.design_effect(10), rel=0.1)
    assert alike.design_effect(1) == 1


def test_what_is_not_known_is_not_read() -> None:
    values = np.array([1.0, np.nan, 3.0, np.nan, 2.0, 4.0])
    known = np.isfinite(values)
    drawn = Resampled.of(days(6, 2), 1, 50)
    found = held_against(0.0, values, drawn, known)
    assert found is not None
    assert found.estimate.value == 2.5
    assert held_against(0.0, values, drawn, known & False) is None
    assert held_against(0.0, values, drawn, known, known & False) is None


def test_nothing_varies_and_nothing_is_shown() -> None:
    drawn = Resampled.of(days(20, 2), 1, 50)
    everyone = np.ones(20, dtype=np.bool_)
    found = held_against(0.5, np.zeros(20), drawn, everyone)
    assert found is not None
    assert found.p == 1
    assert found.direction == -1
    assert np.isnan(found.design_effect)


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.6]) == [1.0, 1.0]
    assert holm([]) == []


def test_tenths_are_even_and_equal_values_stay_together() -> None:
    assert np.bincount(tenths(np.arange(1000.0))).tolist() == [100] * 10
    tied = np.repeat([1.0, 2.0], 50)
    assert len(set(tenths(tied)[:50].tolist())) == 1


def test_a_correlation_needs_sessions() -> None:
    with pytest.raises(ValueError, match="two sessions"):
        within(np.ones(4), np.zeros(4, dtype=np.int64))
    with pytest.raises(ValueError, match="two sessions"):
        within(np.ones(4), np.arange(4))
    assert within(np.ones(6), days(6, 2)).correlation == 0


def test_random_picks_are_as_spread_as_their_sessions() -> None:
    random = np.random.default_rng(5)
    day = days(12_000, 20)
    season = day // 60
    how = Picked(sessions=3, each=14, draws=4000, seed=6)
    coin = random.random(12_000) < 0.4
    wins = random_wins(coin, day, season, how)
    assert wins.mean() == pytest.approx(16.8, abs=0.4)
    assert wins.std() == pytest.approx((42 * 0.4 * 0.6) ** 0.5, abs=0.4)
    alike = random.random(600)[day] < 0.4  # a session wins or loses whole
    assert set(random_wins(alike, day, season, how).tolist()) <= {0, 14, 28, 42}
    assert (random_wins(coin, day, season, how) == wins).all()


def test_random_picks_need_enough_events() -> None:
    day = days(60, 3)
    won = np.zeros(60, dtype=np.bool_)
    with pytest.raises(
        ValueError, match="no season has 3 sessions with 14 events each"
    ):
        random_wins(won, day, day * 0, Picked(3, 14, 10, 1))
