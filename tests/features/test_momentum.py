"""The fold against plain loops, and that going on from a state changes nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.features.bars import Bars
from dexter.features.columns import Whole
from dexter.features.momentum import Momentum, fold
from tests.features.making_prices import bars_of, history, split, walk
from tests.features.reference_prices import momentum

NAMES = ("rsi_14", "macd_line", "macd_signal", "atr_14", "adx_14")


def ends(*numbers: int) -> Whole:
    return np.array(numbers, dtype=np.int64)


def at(found: Momentum, row: int) -> list[float]:
    return [float(column[row]) for column in found]


def whole(bars: Bars) -> Momentum:
    first, end = bars.starts[:-1].copy(), bars.starts[1:].copy()
    return fold(bars, first, end)[0]


@pytest.mark.parametrize("sessions", [14, 15, 26, 27, 28, 33, 34, 300])
def test_every_length_is_the_plain_loop(sessions: int) -> None:
    one = history(walk(sessions, 3), spread=0.03)
    found = whole(bars_of(one))
    wanted = momentum(one["high"], one["low"], one["close"])
    order = (*NAMES, "plus_di_14", "minus_di_14")
    assert at(found, 0) == pytest.approx(
        [wanted[name] for name in order], rel=1e-10, nan_ok=True
    )


def test_a_straight_rise_reads_as_one() -> None:
    found = whole(bars_of(history(np.arange(1.0, 101.0), spread=0.0)))
    assert found.rsi[0] == 100.0
    assert found.adx[0] == pytest.approx(100.0)
    assert found.minus_di[0] == 0.0


def test_a_still_price_reads_neutral() -> None:
    found = whole(bars_of(history(np.full(60, 10.0), spread=0.0)))
    assert (found.rsi[0], found.adx[0], found.atr[0]) == (50.0, 0.0, 0.0)
    assert np.isnan(found.plus_di[0])


def test_no_bar_and_one_bar_read_as_nothing() -> None:
    bars = bars_of(history([5.0]))
    for end in (0, 1):
        assert np.isnan(at(fold(bars, ends(0), ends(end))[0], 0)).all()


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 9_999), scale=st.floats(0.01, 1000))
def test_scale_free_ones_ignore_the_price_level(seed: int, scale: float) -> None:
    close = walk(90, seed)
    small, large = (whole(bars_of(history(k * close))) for k in (1.0, scale))
    for name in ("rsi", "adx", "plus_di", "minus_di"):
        assert getattr(large, name)[0] == pytest.approx(
            getattr(small, name)[0], rel=1e-9
        )
    assert large.atr[0] == pytest.approx(scale * small.atr[0], rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 9_999),
    sessions=st.integers(2, 120),
    stops=st.lists(st.integers(0, 120), min_size=1, max_size=6),
    ratio=st.sampled_from([1.0, 2.0, 5.0, 1.1]),
    splits=st.integers(0, 119),
)
def test_going_on_from_a_state_is_folding_from_the_start(
    seed: int, sessions: int, stops: list[int], ratio: float, splits: int
) -> None:
    one = split(history(walk(sessions, seed)), splits, ratio)
    other = history(walk(sessions // 2 + 1, seed + 1))
    bars = bars_of(other, one)
    start, last = int(bars.starts[1]), int(bars.starts[2])
    state = fold(bars, ends(start), ends(start))[1]
    reached = start
    for stop in sorted({min(start + stop, last) for stop in stops} | {last}):
        found, state = fold(bars, ends(reached), ends(stop), state)
        wanted, wanted_state = fold(bars, ends(start), ends(stop))
        assert state.tobytes() == wanted_state.tobytes()
        assert np.array(at(found, 0)).tobytes() == np.array(at(wanted, 0)).tobytes()
        reached = stop


def test_many_rows_resume_from_their_own_states() -> None:
    bars = bars_of(*(history(walk(80, seed)) for seed in range(5)))
    first, end = bars.starts[:-1].copy(), bars.starts[1:].copy()
    _, states = fold(bars, first, end - 3)
    # Three more sessions of every company, each session asked for.
    rows = np.repeat(end - 3, 3)
    stops = (end[:, None] - np.array([2, 1, 0])).ravel()
    found, after = fold(bars, rows, stops, np.repeat(states, 3, axis=0))
    wanted, wanted_after = fold(bars, np.repeat(first, 3), stops)
    assert after.tobytes() == wanted_after.tobytes()
    for mine, theirs in zip(found, wanted, strict=True):
        assert mine.tobytes() == theirs.tobytes()


def test_rows_in_any_order_are_the_same() -> None:
    bars = bars_of(history(walk(120, 1)), history(walk(90, 2)))
    first = np.repeat(bars.starts[:-1], [120, 90])
    end = np.arange(1, 211)
    shuffled = np.random.default_rng(0).permutation(210)
    ordered = fold(bars, first, end)[0]
    mixed = fold(bars, first[shuffled], end[shuffled])[0]
    for one, other in zip(ordered, mixed, strict=True):
        assert one[shuffled].tobytes() == other.tobytes()
