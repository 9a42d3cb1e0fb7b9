"""Outcomes: which three sessions, what counts, what is unknown, and who was filled."""

import dataclasses
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from dexter.domain.hours import bar_known_at
from dexter.domain.market import PriceHistory
from dexter.features.bars import bars_of
from dexter.features.known import Asked
from dexter.features.moments import NEVER, day_number, day_of, moment_number, whole
from dexter.ml.outcomes import COST, LABELS, Outcomes, opens_locked, outcomes
from tests.features.making import at, prices_of, weekdays
from tests.ml.reference_outcomes import opened_locked, plain

# Monday 6 January 2020 is sessions[3].
DAYS = weekdays(20)
MONDAY = date(2020, 1, 6)
GAP = "no bar on each session of the window"
AHEAD = "the window is not over"
DIWALI = date(2020, 11, 14)  # a Saturday, 18:15 to 19:15
SATURDAY = date(2024, 5, 18)  # until 12:40


def history(band: dict[date, int] | None = None, **changes: object) -> PriceHistory:
    marks = [(band or {}).get(day, 0) for day in DAYS]
    prices = prices_of([100.0 + i for i in range(20)], band=marks)
    return dataclasses.replace(prices, **changes)  # type: ignore[arg-type]  # by name


def follow(
    prices: PriceHistory | None,
    *published: datetime,
    calendar: Sequence[date] = DAYS,
    market: Sequence[float] | None = None,
) -> Outcomes:
    n = len(published)
    moves = np.zeros(len(calendar)) if market is None else np.array(market)
    asked = Asked(
        whole([0] * n),
        whole(moment_number(moment) for moment in published),
        whole([0] * n),
    )
    days = whole(day_number(day) for day in calendar)
    return outcomes(bars_of([prices]), days, moves, asked)


def circuit(prices: PriceHistory, published: datetime) -> bool | str:
    found = follow(prices, published).upper_circuit
    return found.reason(0) or bool(found.values[0])


def earned(
    prices: PriceHistory, published: datetime, calendar: Sequence[date] = DAYS
) -> float | str:
    found = follow(prices, published, calendar=calendar).net_return
    return found.reason(0) or float(found.values[0])


def without(prices: PriceHistory, *days: date) -> PriceHistory:
    kept = [i for i, day in enumerate(prices.sessions) if day not in days]
    columns = {
        field.name: tuple(getattr(prices, field.name)[i] for i in kept)
        for field in dataclasses.fields(prices)
        if field.name not in {"symbol", "source"} and getattr(prices, field.name)
    }
    return dataclasses.replace(prices, **columns)  # type: ignore[arg-type]  # columns


@pytest.mark.parametrize(
    ("hour", "minute", "first", "last"),
    [
        (8, 0, date(2020, 1, 6), date(2020, 1, 8)),
        (9, 15, date(2020, 1, 6), date(2020, 1, 8)),
        (15, 30, date(2020, 1, 6), date(2020, 1, 8)),
        (15, 31, date(2020, 1, 7), date(2020, 1, 9)),
        (23, 59, date(2020, 1, 7), date(2020, 1, 9)),
    ],
)
def test_the_window_is_three_sessions_from_day_zero(
    hour: int, minute: int, first: date, last: date
) -> None:
    published = at(MONDAY, hour, minute)
    assert circuit(history({last: 5}), published) is True
    assert circuit(history({first: 20}), published) is True
    around = {day: 5 for day in DAYS if not first <= day <= last}
    assert circuit(history(around), published) is False
    found = follow(history(), published)
    assert (day_of(found.day0[0]), day_of(found.last_day[0])) == (first, last)
    assert found.known_at[0] == moment_number(at(last, 15, 30))


def test_the_close_belongs_to_its_session_and_the_second_after_it_does_not() -> None:
    close = at(MONDAY, 15, 30)
    found = follow(history(), close, close + timedelta(microseconds=1))
    assert [day_of(day) for day in found.day0] == [MONDAY, date(2020, 1, 7)]


def test_a_weekend_publication_starts_on_monday() -> None:
    found = follow(history({date(2020, 1, 15): 10}), at(date(2020, 1, 11), 12))
    assert found.upper_circuit.values[0] == 1
    assert day_of(found.last_day[0]) == date(2020, 1, 15)


def test_an_evening_session_takes_what_came_before_its_close() -> None:
    friday, monday = date(2020, 11, 13), date(2020, 11, 16)
    calendar = [friday, DIWALI, monday, date(2020, 11, 17), date(2020, 11, 18)]
    prices = prices_of([100.0, 102.0, 104.0, 106.0, 108.0], days=tuple(calendar))
    said = [at(DIWALI, *when) for when in ((12, 0), (18, 15), (19, 15), (19, 16))]
    found = follow(prices, *said, calendar=calendar)
    assert [day_of(day) for day in found.day0] == [DIWALI, DIWALI, DIWALI, monday]
    # At noon its open lay ahead still; from 18:15 on the next one is Monday's.
    paid = [100.0, 102.0, 102.0, 102.0]
    sold = [106.0, 106.0, 106.0, 108.0]
    wanted = [to / by - 1 - COST for to, by in zip(sold, paid, strict=True)]
    assert found.net_return.values == pytest.approx(wanted)


def test_a_session_that_ends_at_noon_takes_nothing_of_the_afternoon() -> None:
    calendar = [SATURDAY, *weekdays(4, date(2024, 5, 21))]
    prices = prices_of([100.0] * 5, days=tuple(calendar))
    said = at(SATURDAY, 12, 40), at(SATURDAY, 12, 41)
    found = follow(prices, *said, calendar=calendar)
    assert [day_of(day) for day in found.day0] == calendar[:2]


def test_a_window_that_is_not_over_has_no_label() -> None:
    found = follow(history({DAYS[-2]: 5}), at(DAYS[-2], 10), at(DAYS[-1], 18))
    for column in (found.upper_circuit, found.touched, found.net_return):
        assert [column.reason(0), column.reason(1)] == [AHEAD, AHEAD]
    assert found.positive.reason(0) == found.abnormal.reason(0) == AHEAD
    assert found.last_day.tolist() == [-1, -1]
    assert found.known_at.tolist() == [NEVER, NEVER]


def test_a_label_is_known_once_the_last_session_is_over() -> None:
    found = follow(history(), at(DAYS[-3], 10))
    assert found.upper_circuit.reason(0) is None
    assert found.known_at[0] == moment_number(bar_known_at(DAYS[-1]))


def test_before_the_first_session_there_is_no_label() -> None:
    found = follow(history(), at(date(2019, 6, 1), 10), at(DAYS[0], 0))
    early = "published before the first session at hand"
    assert found.upper_circuit.reason(0) == found.net_return.reason(0) == early
    assert found.day0.tolist() == [-1, day_number(DAYS[0])]


def test_without_any_prices_there_is_no_label() -> None:
    found = follow(None, at(MONDAY), calendar=())
    for name in LABELS:
        assert found.label(name).reason(0) == "there are no prices"
    assert found.known_at.tolist() == [NEVER]
    assert not found.locked_open.any()


def test_a_share_that_did_not_trade_each_session_has_no_label() -> None:
    for missing in DAYS[3:6]:
        prices = without(history(), missing)
        found = follow(prices, at(MONDAY, 10))
        for column in (found.upper_circuit, found.net_return, found.abnormal):
            assert column.reason(0) == GAP
        assert found.touched.reason(0) == GAP
        # When that was known is known all the same.
        assert found.known_at[0] == moment_number(at(DAYS[5], 15, 30))


def test_a_circuit_before_the_gap_is_one() -> None:
    prices = without(history({MONDAY: 10}), DAYS[5])
    found = follow(prices, at(MONDAY, 10))
    assert found.upper_circuit.values[0] == found.touched.values[0] == 1
    assert found.net_return.reason(0) == GAP


def test_a_share_that_ceased_to_trade_has_no_label() -> None:
    prices = without(history(), *DAYS[5:])
    assert circuit(prices, at(MONDAY, 10)) == GAP
    assert follow(None, at(MONDAY), calendar=DAYS).upper_circuit.reason(0)


def test_with_futures_there_is_no_circuit_and_no_label() -> None:
    prices = history({MONDAY: 10}, no_band=(True,) * 20)
    found = follow(prices, at(MONDAY, 10))
    assert found.upper_circuit.reason(0) == "no fixed price band (futures trade)"
    assert found.touched.reason(0) == "no fixed price band (futures trade)"
    assert found.net_return.reason(0) is None
    # One session of the three is enough.
    one_day = tuple(day == DAYS[5] for day in DAYS)
    assert isinstance(circuit(history(no_band=one_day), at(MONDAY, 10)), str)
    assert circuit(history(no_band=one_day), at(MONDAY, 16)) is not False


def test_a_penny_share_at_its_band_is_not_believed() -> None:
    cheap = {
        name: tuple(price / 100 for price in getattr(history(), name))
        for name in ("open", "high", "low", "close", "base")
    }
    assert circuit(history({MONDAY: 5}, **cheap), at(MONDAY, 10)) is False


def test_the_return_starts_at_the_first_open_one_could_take() -> None:
    prices = history()
    # Opens are the closes before: day 0 opens at 102, its window closes at 105.
    assert earned(prices, at(MONDAY, 8)) == pytest.approx(105 / 102 - 1 - COST)
    assert earned(prices, at(MONDAY, 9, 14)) == pytest.approx(105 / 102 - 1 - COST)
    # Published at the open or later: Tuesday's, the same last close.
    assert earned(prices, at(MONDAY, 9, 15)) == pytest.approx(105 / 103 - 1 - COST)
    assert earned(prices, at(MONDAY, 11)) == pytest.approx(105 / 103 - 1 - COST)
    assert earned(prices, at(MONDAY, 16)) == pytest.approx(106 / 103 - 1 - COST)


def test_the_sign_is_that_of_the_return_after_cost() -> None:
    flat = prices_of([100.0] * 20)
    found = follow(flat, at(MONDAY, 8))
    assert found.net_return.values[0] == pytest.approx(-COST)
    assert found.positive.values[0] == 0
    assert follow(history(), at(MONDAY, 8)).positive.values[0] == 1


def locked(days: dict[date, float]) -> PriceHistory:
    prices = history()
    opens, highs = list(prices.open), list(prices.high)
    for day, band in days.items():
        row = DAYS.index(day)
        opens[row] = highs[row] = prices.base[row] * (1 + band)
    return dataclasses.replace(prices, open=tuple(opens), high=tuple(highs))


def test_nobody_is_filled_at_a_locked_open() -> None:
    once = locked({MONDAY: 0.05})
    assert earned(once, at(MONDAY, 8)) == pytest.approx(105 / 103 - 1 - COST)
    assert follow(once, at(MONDAY, 8)).locked_open[0]
    everywhere = locked({DAYS[i]: 0.10 for i in (3, 4, 5)})
    found = follow(everywhere, at(MONDAY, 8))
    assert "nobody could have bought" in (found.net_return.reason(0) or "")
    assert found.positive.reason(0) == found.net_return.reason(0)
    # Later opens are of no use: Thursday's is beyond the window.
    assert np.isnan(found.net_return.values[0])
    assert found.abnormal.reason(0) is None


def test_an_open_between_bands_or_off_the_high_is_not_locked() -> None:
    def opened(prices: PriceHistory) -> bool:
        row = whole([DAYS.index(MONDAY)])
        return bool(opens_locked(bars_of([prices]), row)[0])

    assert opened(locked({MONDAY: 0.20}))
    assert not opened(locked({MONDAY: 0.07}))
    high = dataclasses.replace(locked({MONDAY: 0.05}), high=(999.0,) * 20)
    assert not opened(high)
    free = dataclasses.replace(locked({MONDAY: 0.05}), no_band=(True,) * 20)
    assert not opened(free)


def test_a_high_at_the_limit_is_a_touch_and_no_circuit() -> None:
    row = DAYS.index(MONDAY)
    highs = list(history().high)
    highs[row] = history().base[row] * 1.10
    found = follow(history(high=tuple(highs)), at(MONDAY, 8))
    assert (found.upper_circuit.values[0], found.touched.values[0]) == (0, 1)
    # Two per cent above is mostly chance.
    highs[row] = history().base[row] * 1.02
    found = follow(history(high=tuple(highs)), at(MONDAY, 8))
    assert found.touched.values[0] == 0


def test_a_split_inside_the_window_is_no_loss() -> None:
    prices = history()
    row = DAYS.index(date(2020, 1, 8))
    halved = {
        name: tuple(
            v / 2 if i >= row else v for i, v in enumerate(getattr(prices, name))
        )
        for name in ("open", "high", "low", "close", "base")
    }
    factor = tuple(0.5 if i < row else 1.0 for i in range(20))
    split = dataclasses.replace(
        prices,
        factor=factor,
        **halved,  # type: ignore[arg-type]  # columns only
    )
    ours, plainly = follow(split, at(MONDAY, 8)), follow(prices, at(MONDAY, 8))
    assert ours.net_return.values == pytest.approx(plainly.net_return.values)
    assert ours.abnormal.values == pytest.approx(plainly.abnormal.values)


def test_what_the_market_did_is_taken_off() -> None:
    market = [0.001 * place for place in range(20)]
    found = follow(history(), at(MONDAY, 8), market=market)
    moved = sum(1 / (100 + i - 1) for i in (3, 4, 5))
    assert found.abnormal.values[0] == pytest.approx(moved - 0.012)
    market[4] = float("nan")
    assert follow(history(), at(MONDAY, 8), market=market).abnormal.why[0]


def test_later_sessions_change_no_label_that_was_known() -> None:
    now = follow(history({DAYS[9]: 5}), *(at(day, 11) for day in DAYS[:8]))
    known = DAYS[:10]
    cut = without(history({DAYS[9]: 5}), *DAYS[10:])
    then = follow(cut, *(at(day, 11) for day in DAYS[:8]), calendar=known)
    for name in ("upper_circuit", "touched", "net_return", "abnormal"):
        ours, earlier = getattr(now, name), getattr(then, name)
        assert earlier.values.tolist() == ours.values.tolist()


CALENDAR = tuple(
    sorted(
        {
            *weekdays(45, date(2020, 10, 5)),
            DIWALI,
            *(day for day in weekdays(45, date(2024, 4, 22)) if day.month != 7),
            SATURDAY,
        }
    )
)


def made_up(seed: int) -> PriceHistory:
    """Bars in steps of five paise, at the limit now and then, with gaps and a split."""
    random = np.random.default_rng(seed)
    days = [day for day in CALENDAR if random.uniform() > 0.03]
    n, split = len(days), len(days) // 3
    rows: list[dict[str, float]] = []
    close = float(random.choice([3.0, 20.0, 140.0, 900.0]))
    for place in range(n):
        base = round(close / 2, 2) if place == split else close
        band = int(random.choice([2, 5, 10, 20]))
        limit = np.floor(base * (1 + band / 100) / 0.05 + 1e-9) * 0.05
        mood = random.uniform()
        low, high = sorted(base * np.exp(random.normal(0, 0.02, 2)))
        if mood < 0.35:
            high = limit
        opens = high if mood < 0.1 else random.uniform(low, high)
        close = high if mood < 0.2 else random.uniform(low, high)
        told = {"open": opens, "high": high, "low": low, "close": close}
        bar = {name: round(round(v / 0.05) * 0.05, 2) for name, v in told.items()}
        close = bar["close"]
        at_band = close == bar["high"] == round(limit, 2) and close > base
        rows.append({**bar, "base": base, "band": band if at_band else 0})
    futures = random.uniform() < 0.2
    prices = {
        name: tuple(float(row[name]) for row in rows)
        for name in ("open", "high", "low", "close", "base")
    }
    return PriceHistory(
        symbol="MADEUP",
        sessions=tuple(days),
        open=prices["open"],
        high=prices["high"],
        low=prices["low"],
        close=prices["close"],
        base=prices["base"],
        factor=tuple(0.5 if i < split else 1.0 for i in range(n)),
        volume=(1e5,) * n,
        turnover=(1e7,) * n,
        band=tuple(int(row["band"]) for row in rows),
        no_band=tuple(bool(futures and i % 9 == 0) for i in range(n)),
        source="made up",
    )


def moments_of(seed: int, count: int) -> list[datetime]:
    random = np.random.default_rng(seed)
    clock = [(9, 14), (9, 15), (12, 40), (12, 41), (15, 30), (15, 31), (19, 15)]
    first, second = at(CALENDAR[0], 0), at(date(2024, 4, 21), 0)
    return [
        (first if random.uniform() < 0.5 else second)
        + timedelta(days=int(random.integers(-2, 66)))
        + timedelta(hours=hour, minutes=minute)
        for hour, minute in random.choice([*clock, (18, 0), (7, 0)], count).tolist()
    ] + [at(day, h, m) for day in (DIWALI, SATURDAY) for h, m in [*clock, (18, 14)]]


@pytest.mark.parametrize("seed", range(12))
def test_every_label_is_what_the_rules_give_one_by_one(seed: int) -> None:
    prices, published = made_up(seed), moments_of(seed, 150)
    random = np.random.default_rng(seed)
    moves = random.normal(0, 0.01, len(CALENDAR)).tolist()
    market = dict(zip(CALENDAR, moves, strict=True))
    found = follow(prices, *published, calendar=CALENDAR, market=moves)
    for place, moment in enumerate(published):
        slow = plain(prices, moment, CALENDAR, market)
        told = {
            "circuit": found.upper_circuit.values[place],
            "touched": found.touched.values[place],
            "earned": found.net_return.values[place],
            "abnormal": found.abnormal.values[place],
        }
        for name, value in told.items():
            wanted = getattr(slow, name)
            wanted = np.nan if wanted is None else float(wanted)
            assert value == pytest.approx(wanted, abs=1e-12, nan_ok=True), (
                name,
                moment,
            )
        if slow.window:
            assert found.locked_open[place] == slow.locked, moment
            assert day_of(found.day0[place]) == slow.window[0]
            assert found.known_at[place] == moment_number(bar_known_at(slow.window[-1]))


def test_the_made_up_bars_have_something_of_everything() -> None:
    every = [made_up(seed) for seed in range(12)]
    assert sum(sum(band > 0 for band in one.band) for one in every) > 50
    assert sum(opened_locked(one, i) for one in every for i in range(len(one))) > 50
    assert {any(one.no_band) for one in every} == {True, False}


def test_a_label_goes_by_its_name() -> None:
    found = follow(history({MONDAY: 10}), at(MONDAY, 8))
    assert {name: found.label(name).values[0] for name in LABELS} == {
        "upper_circuit_3d": 1,
        "band_touch_3d": 1,
        "positive_return_3d": 1,
    }
    with pytest.raises(KeyError):
        found.label("to_the_moon")
