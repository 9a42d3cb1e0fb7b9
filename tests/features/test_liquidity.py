"""Liquidity features against plain slices; what nobody told stays untold."""

import numpy as np
import pytest

from dexter.features import liquidity
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
from tests.features.reference_prices import limits, trading

AFTERNOON, NIGHT = 18 * 60, 21 * 60


@pytest.mark.parametrize("sessions", [1, 2, 20, 21, 40, 41, 51, 60, 200])
@pytest.mark.parametrize("minute", [AFTERNOON, NIGHT])
def test_every_feature_is_its_definition(sessions: int, minute: int) -> None:
    bars = bars_of(split(history(walk(sessions, 5)), sessions // 2, 5.0))
    found = liquidity.compute(last_rows(bars, minute))
    one = rows_of(bars, 0)
    wanted = trading(one, hidden=minute == AFTERNOON) | limits(one)
    assert found.keys() == wanted.keys() == {spec.name for spec in liquidity.SPECS}
    for name, value in wanted.items():
        assert found[name].values[0] == pytest.approx(value, rel=1e-9, nan_ok=True), (
            name
        )


def test_delivery_of_the_day_is_not_known_before_the_evening() -> None:
    one = history(walk(80))
    told = dict(one, delivered=one["delivered"].copy())
    told["delivered"][-1] = 0.0
    for name in ("delivery_share_20", "delivery_share_change"):
        before, after = (
            [
                liquidity.compute(last_rows(bars_of(h), minute))[name].values[0]
                for h in (one, told)
            ]
            for minute in (20 * 60, 20 * 60 + 1)
        )
        assert before[0] == before[1]
        assert after[0] > after[1]


def test_what_nobody_told_is_absent() -> None:
    one = history(walk(80))
    one["trades"] = np.full(80, np.nan)
    one["delivered"] = np.where(np.arange(80) < 55, one["delivered"], np.nan)
    found = liquidity.compute(last_rows(bars_of(one)))
    for name in ("log_trade_size_20", "delivery_share_20", "delivery_share_change"):
        assert found[name].reason(0) == "fewer than 10 of the 20 sessions tell", name


def test_no_trading_at_all_is_told() -> None:
    one = history(walk(80))
    one |= {"volume": np.zeros(80), "turnover": np.zeros(80)}
    found = liquidity.compute(last_rows(bars_of(one)))
    assert found["zero_volume_share_60"].values[0] == 1.0
    for name in ("log_turnover_20", "turnover_surge", "volume_surge", "amihud_20"):
        assert found[name].reason(0) == "nothing was traded", name


def test_a_split_changes_nothing() -> None:
    plain = history(walk(120, 11))
    wanted = liquidity.compute(last_rows(bars_of(split(plain, 0, 10.0))))
    for at in (50, 90, 110, 119):
        found = liquidity.compute(last_rows(bars_of(split(plain, at, 10.0))))
        for name, column in wanted.items():
            assert found[name].values == pytest.approx(
                column.values, rel=1e-9, nan_ok=True
            ), name


@pytest.mark.parametrize("minute", [AFTERNOON, NIGHT])
def test_what_comes_later_changes_no_bit(minute: int) -> None:
    later = split(history(walk(130, 1)), 100, 2.0)
    every = liquidity.compute(every_row(bars_of(later), minute))
    for until in (1, 30, 61, 99, 101):
        some = liquidity.compute(every_row(bars_of(cut(later, until)), minute))
        same(some, every, until - 1)
