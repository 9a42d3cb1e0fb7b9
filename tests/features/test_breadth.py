"""Sessions of a market measured in one pass, against a plain count share by share."""

from dataclasses import fields

import numpy as np
import pytest

from dexter.domain.market import PriceHistory
from dexter.features.bars import bars_of
from dexter.features.breadth import FEWEST, Sessions, sessions_of
from dexter.features.moments import day_number
from tests.features.making import prices_of, walk, weekdays

DAYS = weekdays(300)


def shares(count: int = 24) -> list[PriceHistory]:
    """Shares of different lengths, some skipping sessions, some with futures."""
    random = np.random.default_rng(6)
    found = []
    for number in range(count):
        kept = [i for i in range(number, 300) if number % 3 or random.uniform() < 0.95]
        closes = walk(300, number)
        band = [5 if random.uniform() < 0.05 else 0 for _ in kept]
        found.append(
            prices_of(
                [closes[i] for i in kept],
                days=tuple(DAYS[i] for i in kept),
                band=band,
                futures=number % 8 == 0,
            )
        )
    return found


def test_a_session_is_what_its_shares_are() -> None:
    market = shares()
    found = sessions_of(bars_of(market))
    assert found.day.tolist() == [day_number(day) for day in DAYS]
    for session in (40, 120, 299):
        expected = plainly(market, session)
        mine = {name: getattr(found, name)[session] for name in expected}
        assert mine == pytest.approx(expected, nan_ok=True), session


def plainly(market: list[PriceHistory], session: int) -> dict[str, float]:
    there = [
        (one, one.sessions.index(DAYS[session]))
        for one in market
        if DAYS[session] in one.sessions
    ]
    closes = [np.array(one.close[: row + 1]) for one, row in there]
    moves = [one.close[row] / one.base[row] - 1 for one, row in there]
    banded = [(one, row) for one, row in there if not one.no_band[row]]

    def share(told: list[bool]) -> float:
        return float(np.mean(told)) if len(told) >= FEWEST else np.nan

    old = [c for c in closes if len(c) > 252]
    return {
        "shares": len(there),
        "advancing": share([move > 0 for move in moves]),
        "above_50": share([c[-1] > c[-50:].mean() for c in closes if len(c) >= 50]),
        "above_200": share([c[-1] > c[-200:].mean() for c in closes if len(c) >= 200]),
        "highs_252": share([c[-1] > c[-253:-1].max() for c in old]),
        "lows_252": share([c[-1] < c[-253:-1].min() for c in old]),
        "upper_closes": sum(one.band[row] > 0 for one, row in banded),
        "banded": len(banded),
        "median_turnover": float(np.median([o.turnover[r] for o, r in there])),
        "equal_weight": float(np.mean(moves)),
    }


def test_strength_is_ranked_among_companies_of_some_turnover() -> None:
    market = shares()
    found = sessions_of(bars_of(market))
    raw = []
    for one in market:
        c = np.array(one.close)
        if len(c) > 252 and np.median(one.turnover[-20:]) >= 2_500_000:
            steps = ((63, 0.4), (126, 0.2), (189, 0.2), (252, 0.2))
            raw.append(sum(w * (c[-1] / c[-1 - b] - 1) for b, w in steps))
    assert len(raw) >= FEWEST
    expected = np.quantile(raw, np.arange(5, 100, 5) / 100)
    assert found.strength[-1] == pytest.approx(expected)
    assert np.isnan(found.strength[100]).all()


def test_closes_at_the_lower_limit_are_inferred() -> None:
    def ending(last: float, *, futures: bool = False, spread: float = 0.0) -> float:
        one = prices_of([100.0] * 30 + [last], futures=futures, spread=spread)
        market = [prices_of([100.0] * 31)] * 12
        return float(sessions_of(bars_of([*market, one])).lower_closes[-1])

    assert [ending(last) for last in (95.0, 95.05, 90.0, 80.0)] == [1, 1, 1, 1]
    assert [ending(last) for last in (94.9, 95.1, 93.0, 100.0)] == [0, 0, 0, 0]
    assert ending(95.0, futures=True) == 0
    assert ending(95.0, spread=0.02) == 0  # lower still within the day


def test_a_day_of_few_bars_is_no_session() -> None:
    lone = prices_of(walk(301), days=(*DAYS, weekdays(301)[-1]))
    found = sessions_of(bars_of([*shares(), lone]))
    assert len(found.day) == 300


def test_nothing_measured_of_nothing() -> None:
    found = sessions_of(bars_of([None]))
    assert len(found.day) == 0
    assert found.strength.shape == (0, 19)


def test_the_past_cut_off_far_enough_changes_no_session() -> None:
    """What a day's sync measures is what measuring everything measures."""
    days = weekdays(700)
    market = [
        prices_of(walk(700, number), days=days, futures=number == 3)
        for number in range(15)
    ]
    everything = sessions_of(bars_of(market)).since(day_number(days[650]))
    recent = [
        prices_of(list(one.close[200:]), days=days[200:], futures=one.no_band[0])
        for one in market
    ]
    lately = sessions_of(bars_of(recent)).since(day_number(days[650]))
    for column in fields(Sessions):
        here, there = (getattr(one, column.name) for one in (everything, lately))
        assert np.array_equal(here, there, equal_nan=True), column.name
