"""Band history and the base against plain slices."""

import numpy as np
import pytest

from dexter.features import pattern
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
from tests.features.reference_prices import bands


@pytest.mark.parametrize("sessions", [1, 5, 20, 50, 51, 60, 251, 252, 253, 400])
def test_every_feature_is_its_definition(sessions: int) -> None:
    one = history(walk(sessions, 5))
    one["band"] = np.where(np.arange(sessions) % 37 == 3, 20.0, 0.0)
    bars = bars_of(split(one, sessions // 2, 5.0))
    found = pattern.compute(last_rows(bars))
    assert found.keys() == {spec.name for spec in pattern.SPECS}
    for name, value in bands(rows_of(bars, 0)).items():
        assert found[name].values[0] == pytest.approx(value, rel=1e-9, nan_ok=True), (
            name
        )


def test_the_history_of_the_band_is_there_to_be_asked_for() -> None:
    assert set(pattern.BAND_HISTORY) <= {spec.name for spec in pattern.SPECS}


def test_a_price_too_low_to_tell_is_no_zero() -> None:
    found = pattern.compute(last_rows(bars_of(history(np.full(300, 2.0)))))
    assert "too low" in str(found["upper_band_closes_60"].reason(0))


def test_no_trading_leaves_no_dry_up() -> None:
    one = history(np.full(300, 50.0), spread=0.0)
    one["volume"] = np.zeros(300)
    found = pattern.compute(last_rows(bars_of(one)))
    assert found["volume_dry_up"].reason(0) == "nothing was traded"
    assert found["base_tightness"].reason(0) == "nothing moved in 50 sessions"
    assert found["vcp_contractions"].values[0] == 0.0
    assert "no contraction" in str(found["vcp_score"].reason(0))


@pytest.mark.parametrize("sessions", [0, 1, 2])
def test_hardly_any_history(sessions: int) -> None:
    found = pattern.compute(every_row(bars_of(history(walk(sessions)))))
    for column in found.values():
        assert len(column) == sessions
        assert (np.isnan(column.values) == (column.why > 0)).all()


def test_a_split_changes_nothing() -> None:
    plain = history(walk(320, 11), spread=0.03)
    wanted = pattern.compute(last_rows(bars_of(split(plain, 0, 2.0))))
    for at in (1, 200, 310, 319):
        found = pattern.compute(last_rows(bars_of(split(plain, at, 2.0))))
        for name, column in wanted.items():
            assert found[name].values == pytest.approx(
                column.values, rel=1e-9, nan_ok=True
            ), name


def test_what_comes_later_changes_no_bit() -> None:
    one = history(walk(330, 1), spread=0.03)
    one["band"] = np.where(np.arange(330) % 37 == 3, 20.0, 0.0)
    later = split(one, 300, 2.0)
    every = pattern.compute(every_row(bars_of(later, history(walk(280, 2)))))
    for until in (3, 40, 260, 299, 301):
        same(pattern.compute(every_row(bars_of(cut(later, until)))), every, until - 1)
