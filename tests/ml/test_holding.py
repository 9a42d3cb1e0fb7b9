"""Bought at the first tradable open, sold some closes on; who could not is counted."""

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import pytest

from dexter.domain.ledger import OutcomeState as State
from dexter.domain.market import PriceHistory
from dexter.features.bars import bars_of
from dexter.features.known import Asked
from dexter.features.moments import NEVER, day_number, day_of, moment_number, whole
from dexter.ml.holding import Holding, held
from dexter.ml.outcomes import COST, outcomes
from tests.features.making import at, prices_of, weekdays

# Monday 6 January 2020 is sessions[3]; opens are the closes before.
DAYS = weekdays(20)
MONDAY, TUESDAY = date(2020, 1, 6), date(2020, 1, 7)
CALENDAR = whole(day_number(day) for day in DAYS)


def history(**changes: object) -> PriceHistory:
    prices = prices_of([100.0 + i for i in range(20)])
    return dataclasses.replace(prices, **changes)  # type: ignore[arg-type]  # by name


def locked(*days: date) -> PriceHistory:
    prices = history()
    opens, highs = list(prices.open), list(prices.high)
    for day in days:
        row = DAYS.index(day)
        opens[row] = highs[row] = prices.base[row] * 1.05
    return dataclasses.replace(prices, open=tuple(opens), high=tuple(highs))


def without(prices: PriceHistory, *days: date) -> PriceHistory:
    kept = [i for i, day in enumerate(prices.sessions) if day not in days]
    columns = {
        field.name: tuple(getattr(prices, field.name)[i] for i in kept)
        for field in dataclasses.fields(prices)
        if field.name not in {"symbol", "source"} and getattr(prices, field.name)
    }
    return dataclasses.replace(prices, **columns)  # type: ignore[arg-type]  # columns


def asked(*published: datetime) -> Asked:
    zeros = whole([0] * len(published))
    return Asked(zeros, whole(moment_number(one) for one in published), zeros)


def hold(
    prices: PriceHistory | None,
    sessions: int,
    *published: datetime,
    market: Sequence[float] | None = None,
) -> Holding:
    moves = np.zeros(20) if market is None else np.array(market)
    return held(bars_of([prices]), CALENDAR, moves, asked(*published), sessions)


@pytest.mark.parametrize(
    ("hour", "sessions", "paid", "sold", "entry"),
    [
        (8, 1, 102.0, 103.0, MONDAY),  # before Monday's open
        (8, 3, 102.0, 105.0, MONDAY),
        (11, 1, 103.0, 104.0, TUESDAY),  # during Monday: nothing is lost of a session
        (11, 3, 103.0, 106.0, TUESDAY),
        (18, 1, 103.0, 104.0, TUESDAY),
        (18, 10, 103.0, 113.0, TUESDAY),
    ],
)
def test_sessions_count_from_the_one_bought_in(
    hour: int, sessions: int, paid: float, sold: float, entry: date
) -> None:
    found = hold(history(), sessions, at(MONDAY, hour))
    assert found.state == (State.KNOWN,)
    assert found.net_return[0] == pytest.approx(sold / paid - 1 - COST)
    assert day_of(found.entry_day[0]) == entry
    assert found.known_at[0] == moment_number(at(day_of(found.exit_day[0]), 15, 30))


def test_bought_on_day_0_and_held_3_sessions_it_is_the_label_s_return() -> None:
    bars, moment = bars_of([history()]), asked(at(MONDAY, 8), at(MONDAY, 18))
    label = outcomes(bars, CALENDAR, np.zeros(20), moment)
    mine = held(bars, CALENDAR, np.zeros(20), moment, 3)
    assert mine.net_return.tolist() == label.net_return.values.tolist()


def test_a_locked_open_is_passed_over_and_three_of_them_are_locked() -> None:
    found = hold(locked(MONDAY), 1, at(MONDAY, 8))
    assert found.net_return[0] == pytest.approx(104 / 103 - 1 - COST)
    every = hold(locked(*DAYS[3:6]), 1, at(MONDAY, 8))
    assert every.state == (State.LOCKED,)
    assert every.entry_day[0] == -1
    assert np.isnan(every.net_return[0])
    assert every.known_at[0] == NEVER


def test_what_is_not_over_is_ahead() -> None:
    found = hold(history(), 3, at(DAYS[-3], 8), at(DAYS[-2], 8), at(DAYS[-1], 18))
    assert found.state == (State.KNOWN, State.AHEAD, State.AHEAD)
    assert found.exit_day.tolist()[1:] == [-1, -1]
    early = hold(locked(*DAYS[-2:]), 1, at(DAYS[-2], 8))
    assert early.state == (State.AHEAD,)  # the third open is still to come


def test_without_a_price_there_is_no_return() -> None:
    no_exit = hold(without(history(), date(2020, 1, 8)), 3, at(MONDAY, 8))
    assert no_exit.state == (State.NO_PRICE,)
    assert day_of(no_exit.entry_day[0]) == MONDAY
    nowhere = hold(without(history(), *DAYS[3:6]), 1, at(MONDAY, 8))
    assert nowhere.state == (State.NO_PRICE,)
    missing_first = hold(without(history(), MONDAY), 1, at(MONDAY, 8))
    assert missing_first.state == (State.KNOWN,)
    assert day_of(missing_first.entry_day[0]) == TUESDAY


def test_the_market_is_taken_off_before_cost() -> None:
    market = [0.01] * 20
    found = hold(history(), 3, at(MONDAY, 8), market=market)
    assert found.abnormal[0] == pytest.approx(105 / 102 - 1 - (1.01**3 - 1))
    unknown = [0.0] * 20
    unknown[4] = float("nan")
    assert np.isnan(hold(history(), 3, at(MONDAY, 8), market=unknown).abnormal[0])


def test_without_bars_everything_is_ahead() -> None:
    nothing = held(bars_of([None]), whole([]), np.zeros(0), asked(at(MONDAY, 8)), 3)
    assert nothing.state == (State.AHEAD,)


def test_a_longer_window_finds_the_later_circuit() -> None:
    prices = prices_of(
        [100.0 + i for i in range(20)], band=[0, 0, 0, 0, 0, 0, 5] + [0] * 13
    )
    given = bars_of([prices]), CALENDAR, np.zeros(20), asked(at(MONDAY, 8))
    hits = [outcomes(*given, horizon).upper_circuit.values[0] for horizon in (1, 3, 10)]
    assert hits == [0.0, 0.0, 1.0]
