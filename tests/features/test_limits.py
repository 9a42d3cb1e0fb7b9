"""Price limits: the band that a history speaks for, and how near its moves came."""

import numpy as np
import pytest

from dexter.features import limits
from dexter.features.columns import Array
from tests.features.making_prices import (
    History,
    bars_of,
    cut,
    every_row,
    history,
    last_rows,
    rows_of,
    same,
    split,
    walk,
)
from tests.features.reference_prices import limits as plainly

N = 300
ABSENT_WITH_FUTURES = {
    *("band_in_force", "band_age", "band_room_60"),
    *("band_to_volatility_20", "band_to_volatility_60"),
}


def flat(price: float = 50.0) -> History:
    return history(np.full(N, price), spread=0.0)


def closing_at(bands: dict[int, float], **columns: float) -> History:
    """Sessions said to have closed at the upper limit of a band."""
    one = flat()
    for at, band in bands.items():
        one["band"][at] = band
    return one | {name: np.full(N, value) for name, value in columns.items()}


def reaching(one: History, at: int, change: float) -> History:
    """The same, but for a high or a low so far from the base of one session."""
    name = "high" if change > 0 else "low"
    found = one | {name: one[name].copy()}
    found[name][at] = one["base"][at] * (1 + change)
    return found


def told(one: History, name: str) -> float | str:
    column = limits.compute(last_rows(bars_of(one)))[name]
    return column.reason(0) or float(column.values[0])


def band(one: History) -> tuple[float | str, float | str]:
    return told(one, "band_in_force"), told(one, "band_age")


def limited(seed: int, price: float = 60.0) -> History:
    """A walk in whole steps within a band that changes, closing at its limits often."""
    random = np.random.default_rng(seed)
    close, band, last = np.empty(N), np.zeros(N), price
    for at in range(N):
        most = (5, 10, 20, 2)[(at // 80 + seed) % 4] / 100
        low, high = last * (1 - most), last * (1 + most)
        wish = np.clip(last * (1 + random.normal(0, 0.7 * most)), low, high)
        steps = np.floor(high / 0.05) if wish == high else np.ceil(wish / 0.05)
        close[at] = max(0.05, steps * 0.05)
        band[at] = 100 * most if wish == high else 0.0
        last = close[at]
    one = history(close, spread=0.0)
    one["high"] *= 1 + 0.03 * (random.uniform(size=N) < 0.1)
    one["band"] = band
    one["base"][random.uniform(size=N) < 0.02] = np.nan
    one["base"][random.uniform(size=N) < 0.02] /= 2
    one["no_band"] = np.where(np.arange(N) // 50 % 3 == seed % 3, 1.0, 0.0)
    return one


@pytest.mark.parametrize("price", [0.6, 60.0, 6_000.0])
@pytest.mark.parametrize("seed", range(6))
def test_every_feature_is_its_definition(seed: int, price: float) -> None:
    one = limited(seed, price)
    found = limits.compute(every_row(bars_of(one)))
    assert found.keys() == {spec.name for spec in limits.SPECS}
    for until in (1, 5, 20, 21, 60, 61, 120, 250, 277, N):
        wanted = plainly(rows_of(bars_of(cut(one, until)), 0))
        assert wanted.keys() == found.keys()
        for name, value in wanted.items():
            mine = found[name].values[until - 1]
            assert mine == pytest.approx(value, rel=1e-9, nan_ok=True), (name, until)


def test_the_band_told_goes_before_one_inferred() -> None:
    assert band(closing_at({200: 5.0}, price_band=10.0)) == (0.10, 0.0)


def test_a_close_at_the_upper_limit_sets_the_band() -> None:
    assert band(closing_at({200: 20.0, 250: 5.0})) == (0.05, 49.0)
    assert told(closing_at({200: 20.0, 250: 5.0}), "sessions_since_limit") == 49.0


def test_a_close_at_the_lower_limit_sets_the_band() -> None:
    fallen = history(np.where(np.arange(N) < 250, 50.0, 47.5), spread=0.0)
    assert band(fallen) == (0.05, 49.0)
    assert told(fallen, "sessions_since_lower_band") == 49.0
    # One that came back from it did not close there.
    fallen["low"][250] = 47.0
    assert band(fallen) == (0.20, 250.0)


def test_without_evidence_of_250_sessions_it_is_20_per_cent() -> None:
    assert band(flat()) == (0.20, 250.0)
    assert band(closing_at({49: 5.0})) == (0.20, 250.0)
    assert band(closing_at({50: 5.0})) == (0.05, 249.0)


@pytest.mark.parametrize(
    ("change", "wider"),
    [(0.051, 0.05), (0.056, 0.10), (0.10, 0.10), (-0.056, 0.10), (-0.12, 0.20)],
)
def test_a_move_beyond_the_band_widens_it(change: float, wider: float) -> None:
    moved = reaching(closing_at({200: 5.0}), 280, change)
    assert band(moved) == (wider, 19.0 if wider > 0.05 else 99.0)
    # It says nothing of the band that a later close shows.
    moved["band"][290] = 2.0
    assert band(moved) == (0.02, 9.0)


def test_no_band_is_in_force_with_futures() -> None:
    futures = closing_at({200: 5.0}, price_band=10.0, no_band=1.0)
    for name, column in limits.compute(last_rows(bars_of(futures))).items():
        there = "futures" in (column.reason(0) or "")
        assert there == (name in ABSENT_WITH_FUTURES), name
    assert told(reaching(futures, 290, 0.05), "upper_touches_20") == 0.0


def test_what_moved_while_futures_traded_says_nothing_of_a_band() -> None:
    moved = reaching(closing_at({200: 5.0}), 280, 0.12)
    moved["no_band"][270:290] = 1.0
    assert band(moved) == (0.05, 99.0)
    assert told(moved, "largest_move_since_limit") == pytest.approx(0.12)


def test_sessions_since_a_limit_are_counted_to_250() -> None:
    for name in ("sessions_since_limit", "sessions_since_lower_band"):
        assert told(flat(), name) == 250.0
    # The upper limit is not the lower one.
    assert told(closing_at({299: 5.0}), "sessions_since_limit") == 0.0
    assert told(closing_at({299: 5.0}), "sessions_since_lower_band") == 250.0


def test_the_largest_move_is_counted_from_the_last_limit() -> None:
    moved = reaching(reaching(closing_at({200: 20.0}), 150, 0.15), 220, -0.08)
    assert told(moved, "largest_move_since_limit") == pytest.approx(0.08)
    assert told(closing_at({299: 5.0}), "largest_move_since_limit") == 0.0


def test_touches_of_either_limit_are_counted() -> None:
    one = flat()
    for at, change in ((285, 0.05), (290, 0.1), (250, 0.2), (100, 0.05), (295, 0.02)):
        one = reaching(one, at, change)
    for at, change in ((284, -0.05), (260, -0.1), (220, -0.05), (297, 0.049)):
        one = reaching(one, at, change)
    counted = {n: told(one, f"upper_touches_{n}") for n in (20, 60, 250)}
    # 4.9 % of 50 rupees is one step inside 5 %; 2 % is mostly chance.
    assert counted == {20: 3.0, 60: 4.0, 250: 5.0}
    assert [told(one, f"lower_touches_{n}") for n in (20, 60)] == [1.0, 2.0]


@pytest.mark.parametrize("base", [np.nan, 0.0, 30.0])
def test_a_base_that_is_none_is_no_evidence(base: float) -> None:
    """Not told, none, or of another day: the session lies wholly 67 % above it."""
    one = reaching(closing_at({200: 5.0}), 290, 0.051)
    one["base"][280] = base
    assert band(one) == (0.05, 99.0)
    assert told(one, "highest_rise_60") == pytest.approx(0.051)
    assert told(one, "wide_days_60") == pytest.approx(1 / 59)
    assert told(one, "largest_move_since_limit") == pytest.approx(0.051)
    one["base"][:] = base
    for name in ("highest_rise_60", "wide_days_60", "daily_range_5"):
        assert "not define" in str(told(one, name)), name
    assert "not define" in str(told(one | {"band": np.zeros(N)}, "deepest_fall_5"))


def test_nothing_moved_is_told_of_each_window() -> None:
    one = history(np.where(np.arange(N) < 270, walk(N), 50.0), spread=0.0)
    assert told(one, "band_to_volatility_20") == "nothing moved"
    assert isinstance(told(one, "band_to_volatility_60"), float)


def test_shares_of_a_few_paise_cannot_tell() -> None:
    one = reaching(flat(0.60), 290, 0.05 / 0.60)
    assert "too low" in str(told(one, "upper_touches_20"))
    assert "too low" in str(told(one, "lower_touches_60"))
    one["band"][200] = 5.0
    assert band(one) == (0.20, 250.0)


def test_a_move_of_one_step_is_within_every_band() -> None:
    """The exchange lets a share move a step, be it more than its band."""
    one = closing_at({200: 5.0})
    one["close"][260:] = one["high"][260:] = one["low"][260:] = 0.60
    one["base"][261:] = 0.60
    assert band(reaching(one, 280, 0.05 / 0.60)) == (0.05, 99.0)
    assert band(reaching(one, 280, 0.10 / 0.60)) == (0.20, 19.0)


@pytest.mark.parametrize("sessions", [0, 1, 2, 19])
def test_hardly_any_history(sessions: int) -> None:
    found = limits.compute(every_row(bars_of(history(walk(sessions)))))
    for name, column in found.items():
        assert len(column) == sessions
        if not name.endswith("_5"):
            assert np.isnan(column.values).all(), name
        assert all(column.reason(row) for row in np.flatnonzero(column.why).tolist())
    if sessions == 1:
        reason = found["band_in_force"].reason(0)
        assert reason == "fewer than 20 sessions of prices"


def rich() -> History:
    """Round closes far from a step's edge, with limits up and down among them."""
    close: Array = np.rint(walk(N, 3) * 10)
    close[200:] *= close[199] * 1.05 / close[200]
    one = history(close, spread=0.02)
    one["band"] = np.where(np.arange(N) % 67 == 3, 20.0, 0.0)
    one["band"][200] = 5.0
    return reaching(reaching(one, 230, 0.11), 240, -0.10)


@pytest.mark.parametrize("at", [1, 150, 200, 235, 290, 299])
def test_a_split_within_the_look_back_changes_nothing(at: int) -> None:
    wanted = limits.compute(last_rows(bars_of(split(rich(), 0, 2.0))))
    found = limits.compute(last_rows(bars_of(split(rich(), at, 2.0))))
    for name, column in wanted.items():
        assert found[name].values == pytest.approx(
            column.values, rel=1e-9, nan_ok=True
        ), name
        assert found[name].reason(0) == column.reason(0)


def test_what_comes_later_changes_no_bit() -> None:
    later = bars_of(split(limited(1), 200, 2.0), limited(2))
    every = limits.compute(every_row(later))
    for until in (1, 30, 61, 199, 201, 280):
        some = bars_of(cut(split(limited(1), 200, 2.0), until))
        same(limits.compute(every_row(some)), every, until - 1)
