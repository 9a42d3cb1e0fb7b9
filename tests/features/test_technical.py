"""Technical features against plain slices, and what hostile histories read as."""

import numpy as np
import pytest

from dexter.features import technical
from dexter.features.columns import Array
from tests.features.making_prices import (
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
from tests.features.reference_prices import momentum, path


def reference(one: dict[str, Array]) -> dict[str, float]:
    prices = [one[name] / one["factor"][-1] for name in ("high", "low", "close")]
    return momentum(*prices) | path(one)


@pytest.mark.parametrize("sessions", [1, 2, 15, 20, 34, 61, 200, 222, 252, 253, 400])
def test_every_feature_is_its_definition(sessions: int) -> None:
    bars = bars_of(split(history(walk(sessions, 5)), sessions // 2, 5.0))
    found = technical.compute(last_rows(bars))
    wanted = reference(rows_of(bars, 0))
    assert found.keys() == wanted.keys() == {spec.name for spec in technical.SPECS}
    for name, value in wanted.items():
        assert found[name].values[0] == pytest.approx(
            value, rel=1e-9, abs=1e-12, nan_ok=True
        ), name


def test_too_short_a_history_is_told() -> None:
    found = technical.compute(last_rows(bars_of(history(walk(30)))))
    assert found["sma_50"].reason(0) == "fewer than 50 sessions of prices"
    assert found["return_20"].reason(0) is None


def test_a_still_price_has_no_place_between_its_bands() -> None:
    found = technical.compute(last_rows(bars_of(history(np.full(300, 7.3), spread=0))))
    assert found["rsi_14"].values[0] == 50.0
    assert found["volatility_60"].values[0] == 0.0
    for name in ("bollinger_position", "skew_60", "volatility_ratio_20_60"):
        assert "stood still" in str(found[name].reason(0)), name
    assert found["stochastic_14"].reason(0) == "nothing moved in 14 sessions"


@pytest.mark.parametrize("sessions", [0, 1, 2])
def test_hardly_any_history(sessions: int) -> None:
    bars = bars_of(history(walk(sessions)), history(walk(300)))
    found = technical.compute(every_row(bars))
    for column in found.values():
        assert len(column) == sessions + 300
        assert (np.isnan(column.values) == (column.why > 0)).all()
    assert found["return_1"].why[:1].all() or sessions == 0


def test_a_split_changes_nothing() -> None:
    plain = history(walk(320, 11))
    for at in (1, 200, 310, 319):
        found = technical.compute(last_rows(bars_of(split(plain, at, 10.0))))
        wanted = technical.compute(last_rows(bars_of(split(plain, 0, 10.0))))
        for name, column in wanted.items():
            assert found[name].values == pytest.approx(
                column.values, rel=1e-9, abs=1e-12
            ), (name, at)


def test_what_comes_later_changes_no_bit() -> None:
    one, other = history(walk(330, 1)), history(walk(310, 2))
    later = split(one, 300, 2.0)
    every = technical.compute(every_row(bars_of(later, other)))
    for until in (3, 40, 260, 299, 301):
        some = technical.compute(every_row(bars_of(cut(later, until))))
        same(some, every, until - 1)
    alone = technical.compute(last_rows(bars_of(other)))
    same(alone, every, 330 + 309)
