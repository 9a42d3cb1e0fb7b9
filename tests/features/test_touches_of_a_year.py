"""Touches of the upper limit over a year, counted one by one."""

import pytest

from dexter.features import limits
from tests.features.making_prices import bars_of, history, last_rows, walk

NAME = "upper_touches_250"


@pytest.mark.parametrize("first", [0, 49, 50, 51, 299])
def test_a_year_is_the_last_250_sessions(first: int) -> None:
    one = history(walk(300))
    base = one["base"]
    one["high"] = base * 1.03
    touched = [place for place in range(300) if place % 30 == 29 or place == first]
    one["high"][touched] = base[touched] * 1.1
    found = limits.compute(last_rows(bars_of(one)))
    assert found[NAME].values[0] == sum(place >= 50 for place in touched)


def test_under_250_sessions_there_is_none() -> None:
    found = limits.compute(last_rows(bars_of(history(walk(249)))))
    assert found[NAME].reason(0) == "fewer than 250 sessions of prices"
