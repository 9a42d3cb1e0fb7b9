"""Bases drawn by hand: which contract, which do not, and when a turn is known."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest

from dexter.domain.alert import VolatilityContraction
from dexter.features.bars import Bars, visible_bars
from dexter.features.swings import zigzag
from dexter.features.vcp import contraction_pattern
from tests.features.making import at, prices_of, weekdays

RISE = np.linspace(40.0, 100.0, 200)


def path(*legs: tuple[float, int]) -> list[float]:
    close = [float(price) for price in RISE]
    for target, sessions in legs:
        leg = np.linspace(close[-1], target, sessions + 1)[1:]
        close += [float(price) for price in leg]
    return close


def bars_of(close: list[float], quiet_tail: int = 12) -> Bars:
    prices = prices_of(close, spread=0.004)
    volume = [1e6] * (len(close) - quiet_tail) + [3e5] * quiet_tail
    prices = dataclasses.replace(prices, volume=tuple(volume))
    found = visible_bars(prices, at(weekdays(len(close))[-1]))
    assert isinstance(found, Bars)
    return found


# Falls of 20 %, 10 % and 4 % from level highs, then quiet just below the pivot.
BASE = path((80, 12), (100, 12), (90, 9), (99.5, 9), (95.5, 7), (99, 14))


def test_shrinking_falls_on_drying_volume_pass() -> None:
    found = contraction_pattern(bars_of(BASE))
    assert isinstance(found, VolatilityContraction)
    assert found.passed
    assert found.contractions == 3
    assert [float(d) for d in found.depths] == pytest.approx(
        [0.20, 0.10, 0.04], abs=0.02
    )
    assert float(found.pivot or 0) == pytest.approx(99.5, rel=0.01)
    assert found.template_passed == found.template_total == 6
    assert float(found.volume_dry_up or 1) < 0.7


def test_heavy_volume_does_not_pass() -> None:
    found = contraction_pattern(bars_of(BASE, quiet_tail=0))
    assert isinstance(found, VolatilityContraction)
    assert not found.passed
    assert found.contractions == 3


def test_widening_falls_do_not_pass() -> None:
    widening = path((93, 9), (100, 10), (85, 10), (99, 12), (75, 10), (98, 14))
    found = contraction_pattern(bars_of(widening))
    assert isinstance(found, VolatilityContraction)
    assert not found.passed
    assert found.contractions == 1


def test_too_little_history_is_a_reason() -> None:
    assert "252 sessions" in str(contraction_pattern(bars_of(BASE[:240])))


def test_a_straight_rise_has_no_base() -> None:
    close = np.linspace(40, 100, 300).tolist()
    assert "no contraction" in str(contraction_pattern(bars_of(close)))


def test_a_reason_is_passed_through() -> None:
    assert contraction_pattern("no prices at hand") == "no prices at hand"


def test_a_swing_is_known_only_from_its_confirmation() -> None:
    bars = bars_of(BASE)
    swings = zigzag(bars)
    assert len(swings) >= 5
    for swing in swings:
        assert swing.at < swing.confirmed_at
        upto = swing.confirmed_at
        seen = {s.at for s in zigzag(bars_of(BASE[: upto + 1]))}
        unseen = {s.at for s in zigzag(bars_of(BASE[:upto]))}
        assert swing.at in seen
        assert swing.at not in unseen


def test_highs_and_lows_alternate() -> None:
    kinds = [swing.is_high for swing in zigzag(bars_of(BASE))]
    assert all(a != b for a, b in pairwise(kinds))
