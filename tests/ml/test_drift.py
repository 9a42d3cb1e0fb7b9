"""The population stability index."""

import numpy as np
import pytest

from dexter.ml.drift import BINS, Level, drift, level, stability


def test_by_hand_with_two_values() -> None:
    # Of a hundred 50 and 50, then 20 and 80; half an event is added to each bin, those
    # below, above and absent included.
    before = np.repeat([0.0, 1.0], [50, 50])
    after = np.repeat([0.0, 1.0], [20, 80])
    old = np.array([0.5, 50.5, 50.5, 0.5, 0.5]) / 102.5
    new = np.array([0.5, 20.5, 80.5, 0.5, 0.5]) / 102.5
    by_hand = ((new - old) * np.log(new / old)).sum()
    assert stability(before, after) == pytest.approx(by_hand)


def test_nothing_moved_is_about_what_chance_gives() -> None:
    random = np.random.default_rng(1)
    found = [
        stability(random.normal(size=5000), random.normal(size=1000))
        for _ in range(100)
    ]
    # What two samples of one population come to (B. Yurdakul, 2018).
    by_chance = BINS * (1 / 5000 + 1 / 1000)
    assert np.mean(found) == pytest.approx(by_chance, rel=0.2)
    assert max(found) < 0.05


def test_a_shift_of_the_mean_shows() -> None:
    random = np.random.default_rng(2)
    before = random.normal(size=5000)
    assert level(stability(before, random.normal(0.2, 1, 5000))) is Level.STABLE
    assert level(stability(before, random.normal(0.4, 1, 5000))) is Level.SHIFTED
    assert level(stability(before, random.normal(1, 1, 5000))) is Level.MOVED


def test_absence_that_grows_is_drift_too() -> None:
    values = np.random.default_rng(3).normal(size=2000)
    gone = values.copy()
    gone[::3] = np.nan
    assert stability(values, gone) > 0.25
    assert stability(gone, gone) == 0.0


def test_a_constant_and_a_column_nobody_knows_do_not_move() -> None:
    assert stability(np.ones(100), np.ones(50)) < 0.02
    assert stability(np.ones(100), np.zeros(50)) > 1
    assert stability(np.ones(100), np.full(50, 2.0)) > 1
    nothing = np.full(100, np.nan)
    assert stability(nothing, nothing) == 0.0
    assert stability(nothing, np.ones(100)) > 0.25


def test_inputs_come_largest_first_with_their_absence() -> None:
    random = np.random.default_rng(4)
    before = random.normal(size=(800, 3)).astype(np.float32)
    after = random.normal(size=(400, 3)).astype(np.float32)
    after[:, 1] += 2
    after[:100, 2] = np.nan
    found = drift(("same", "moved", "less known"), before, after)
    assert [one.name for one in found] == ["moved", "less known", "same"]
    assert found[0].level is Level.MOVED
    assert (found[1].absent_before, found[1].absent_after) == (0.0, 0.25)


def test_no_events_no_drift() -> None:
    with pytest.raises(ValueError, match="before and after"):
        stability(np.ones(3), np.zeros(0))
