"""Bases drawn by hand: which contract, which do not, and when a turn is known."""

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from dexter.features import pattern
from dexter.features.bars import Bars
from dexter.features.columns import Array
from dexter.features.contraction import WEIGHTS, patterns
from dexter.features.known import Known
from dexter.features.market_days import MarketDays
from dexter.features.moments import NEVER, bars_known_at
from dexter.features.swings import BEFORE, bases
from dexter.features.vcp import Base, contraction_pattern
from dexter.features.windows import View
from tests.features.making_prices import (
    History,
    bars_of,
    cut,
    every_row,
    history,
    known_at,
    last_rows,
    split,
    walk,
    weekdays,
)
from tests.features.reference_vcp import base as plain_base

RISE = np.linspace(40.0, 100.0, 200)


def path(*legs: tuple[float, int]) -> Array:
    close = [float(price) for price in RISE]
    for target, sessions in legs:
        leg = np.linspace(close[-1], target, sessions + 1)[1:]
        close += [float(price) for price in leg]
    return np.array(close)


def drawn(close: Array, quiet_tail: int = 12) -> History:
    one = history(close, spread=0.004)
    one["volume"] = np.where(np.arange(len(close)) < len(close) - quiet_tail, 1e6, 3e5)
    return one


def found(one: History) -> Base:
    base = contraction_pattern(last_rows(bars_of(one)), 0)
    assert isinstance(base, Base)
    return base


# Falls of 20 %, 10 % and 4 % from level highs, then quiet just below the pivot.
BASE = path((80, 12), (100, 12), (90, 9), (99.5, 9), (95.5, 7), (99, 14))


def test_shrinking_falls_on_drying_volume_pass() -> None:
    base = found(drawn(BASE))
    assert base.passed
    assert [fall.depth for fall in base.contractions] == pytest.approx(
        [0.20, 0.10, 0.04], abs=0.02
    )
    assert base.pivot == pytest.approx(99.5, rel=0.01)
    assert base.pivot_distance == pytest.approx(-0.01, abs=0.01)
    assert base.risk == pytest.approx(0.04, abs=0.01)
    assert base.template == dict.fromkeys(base.template, True)
    assert len(base.template) == 6
    assert base.volume_dry_up is not None
    assert base.volume_dry_up < 0.7
    assert base.breakout is False
    assert base.score > 80


def test_the_score_is_the_sum_of_its_known_parts() -> None:
    base = found(drawn(BASE))
    assert base.parts.keys() == {"template", "contraction", "volume", "pivot"}
    assert base.score == pytest.approx(100 * sum(base.parts.values()) / 85)
    assert sum(WEIGHTS.values()) == 100


def test_people_and_columns_are_told_the_same() -> None:
    known = last_rows(bars_of(split(drawn(BASE), 230, 2.0)))
    base = contraction_pattern(known, 0)
    assert isinstance(base, Base)
    columns = pattern.compute(known)
    told = base.told()
    for name, value in {
        "vcp_contractions": len(base.contractions),
        "vcp_first_depth": base.contractions[0].depth,
        "vcp_last_depth": base.contractions[-1].depth,
        "vcp_pivot": base.pivot,
        "vcp_score": base.score,
        "vcp_passed": float(base.passed),
        "vcp_risk": base.risk,
    }.items():
        assert columns[name].values[0] == pytest.approx(value), name
    assert base.pivot == pytest.approx(99.5 / 2, rel=0.01)
    assert told.depths[0] == Decimal(str(base.contractions[0].depth)).quantize(
        Decimal("0.0001")
    )
    assert told.high_days == tuple(fall.high_day for fall in base.contractions)
    assert told.template_total == 6


def test_heavy_volume_does_not_pass() -> None:
    base = found(drawn(BASE, quiet_tail=0))
    assert not base.passed
    assert len(base.contractions) == 3


def test_widening_falls_do_not_pass() -> None:
    base = found(
        drawn(path((93, 9), (100, 10), (85, 10), (99, 12), (75, 10), (98, 14)))
    )
    assert not base.passed
    assert len(base.contractions) == 1


def test_a_low_that_gave_way_ends_the_base() -> None:
    broken = BASE.copy()
    broken[-4:-1] = 94.0
    base = found(drawn(broken))
    assert not base.passed
    assert base.parts["contraction"] == 0.0


def test_a_broken_base_has_no_risk() -> None:
    fallen = drawn(np.append(BASE, [95.0, 90.0]))
    assert found(fallen).risk is None
    column = pattern.compute(last_rows(bars_of(fallen)))["vcp_risk"]
    assert column.reason(0) == "the close is below the base's last low"


def paused(one: History, at: int, days: int) -> Bars:
    """A history of which session ``at`` comes some days later than it would."""
    bars = bars_of(one)
    day = bars.day + np.where(np.arange(len(bars)) >= at, days, 0)
    return replace(bars, day=day, known_at=bars_known_at(day))


@pytest.mark.parametrize(("days", "whole"), [(10, True), (30, False)])
def test_a_base_does_not_reach_over_a_pause(days: int, *, whole: bool) -> None:
    assert len(BASE) - 230 < 40
    base = contraction_pattern(last_rows(paused(drawn(BASE), 230, days)), 0)
    assert isinstance(base, Base)
    assert (len(base.contractions) == 3) is whole
    late = last_rows(paused(drawn(BASE), len(BASE) - 5, 30))
    assert "without a pause" in str(contraction_pattern(late, 0))


def test_a_base_does_not_reach_over_prices_set_anew() -> None:
    """Nobody told that a share became ten, or that half of it was split off."""
    one = drawn(BASE)
    for name in ("open", "high", "low", "close", "base"):
        one[name] = np.where(np.arange(len(BASE)) >= 230, one[name] / 3, one[name])
    one["base"][230] *= 3
    known = last_rows(bars_of(one))
    base = contraction_pattern(known, 0)
    assert isinstance(base, Base)
    assert base.pivot < 40
    assert abs(base.pivot_distance) < 0.1
    assert len(base.contractions) < 3


def test_far_above_the_pivot_does_not_pass() -> None:
    assert not found(drawn(np.append(BASE, 110.0))).passed


def test_a_close_above_the_pivot_on_volume_is_a_breakout() -> None:
    one = drawn(np.append(BASE, 101.5))
    assert found(one).breakout is False
    one["volume"][-1] = 5e6
    base = found(one)
    assert base.breakout
    assert base.passed


def test_deep_first_falls_are_for_small_companies() -> None:
    deep = path((58, 12), (100, 12), (85, 9), (99.5, 9), (95.5, 7), (99, 14))
    one = drawn(deep)
    assert len(found(one).contractions) == 3
    assert found(one).contractions[0].depth > 0.40
    one["no_band"] = np.ones(len(deep))
    assert len(found(one).contractions) == 2


def test_too_little_history_is_a_reason() -> None:
    known = last_rows(bars_of(drawn(BASE[:240])))
    assert contraction_pattern(known, 0) == "fewer than 252 sessions of prices"


def test_a_straight_rise_has_no_base() -> None:
    known = last_rows(bars_of(history(np.linspace(40, 100, 300))))
    assert "no contraction" in str(contraction_pattern(known, 0))


def test_no_bars_at_all_is_a_reason() -> None:
    bars = bars_of(drawn(BASE))
    nothing = np.zeros(1, dtype=np.int64)
    known = known_at(bars, nothing, nothing)
    assert contraction_pattern(known, 0) == "no bar before publication"


def market(strength: Array) -> MarketDays:
    """Sessions in which relative strength is spread as told, and nothing else is."""
    day = weekdays(400)
    number = np.zeros(400)
    told: dict[str, Any] = {
        one.name: NEVER if one.type is int else number for one in fields(MarketDays)
    }
    told |= {"day": day, "known_at": bars_known_at(day)}
    return MarketDays(**told | {"strength": np.tile(strength, (400, 1))})


@pytest.mark.parametrize(("spread", "strong"), [(0.1, True), (10.0, False)])
def test_the_seventh_point_asks_the_market(spread: float, *, strong: bool) -> None:
    bars = bars_of(drawn(BASE))
    evening = last_rows(bars).asked
    quantiles = np.linspace(0.0, spread, 19)
    known = known_at(bars, evening.company, evening.moment, market(quantiles))
    base = contraction_pattern(known, 0)
    assert isinstance(base, Base)
    assert len(base.template) == 7
    assert base.template["relative strength above 70 % of the market"] is strong
    assert "strength" in base.parts


def turns(known: Known) -> np.ndarray:
    view = View.of(known)
    return patterns(known, view).bars


def test_a_turn_is_known_only_from_its_confirmation() -> None:
    """No session's base holds a turn confirmed after it, or changes with later bars."""
    one = drawn(BASE)
    every = turns(every_row(bars_of(one)))
    for session in range(252, len(BASE)):
        seen = every[session]
        confirmed = seen[:, (1, 3)][seen[:, (1, 3)] >= 0]
        assert (confirmed <= session).all()
        assert (seen[:, 0] <= seen[:, 1]).all()
        alone = turns(last_rows(bars_of(cut(one, session + 1))))
        assert (alone[0] == seen).all()


@pytest.mark.parametrize("seed", range(30))
def test_the_base_is_that_of_plain_loops(seed: int) -> None:
    one = history(walk(300, seed), spread=0.02)
    bars = bars_of(one)
    first, end = np.zeros(1, dtype=np.int64), np.array([300], dtype=np.int64)
    row = bases(bars.high, bars.low, bars.close, first, end, np.array([0.5]))[0]
    wanted = plain_base(bars.high, bars.low, bars.close, 0.5)
    assert row[0] == len(wanted)
    assert row[BEFORE : BEFORE + 4 * len(wanted)].tolist() == [
        number
        for fall in wanted
        for number in (fall.high.at, fall.high.known, fall.low.at, fall.low.known)
    ]


def test_bars_that_stand_out_take_over_where_the_zigzag_is_silent() -> None:
    """True ranges so wide that no reversal of 1.5 of them comes about."""
    close = np.full(300, 50.0) + 0.5 * np.sin(np.arange(300) / 6)
    one = history(close, spread=0.0)
    one["high"] = close * 1.10
    one["low"] = close * 0.90
    bars = bars_of(one)
    high, low = bars.high, bars.low
    first, end = np.zeros(1, dtype=np.int64), np.array([300], dtype=np.int64)
    row = bases(high, low, close * 1.0, first, end, np.array([0.5]))[0]
    assert row[0] >= 1
    at, known_from = row[BEFORE], row[BEFORE + 1]
    assert known_from == at + 5
    assert high[at] == high[at - 5 : at + 6].max()
