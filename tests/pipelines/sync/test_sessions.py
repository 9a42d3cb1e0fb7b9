"""A session's bars from the exchanges' files: bands, bases, and what is left out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from dexter.domain.circuits import NO_BAND
from dexter.sources.bars import Bar
from pipelines.sync.sessions import Day, only_on_bse, rows_of

DAY = date(2026, 5, 6)
BAR = Bar(
    symbol="KAVCEM",
    series="EQ",
    isin="INE001A01011",
    day=DAY,
    open=100.0,
    high=105.0,
    low=99.0,
    close=104.0,
    last=104.0,
    previous_close=100.0,
    volume=10,
    turnover=1000.0,
    trades=3,
)
KEY = ("KAVCEM", "EQ")


def row(bar: Bar = BAR, known: Day | None = None) -> dict[str, object]:
    (found,) = rows_of([bar], known or Day(DAY), {})
    return found


def test_a_close_at_the_exchanges_limit_is_told_with_its_band() -> None:
    locked = replace(BAR, close=105.0, last=105.0)
    known = Day(DAY, bands={KEY: Decimal(5)}, ticks={KEY: Decimal("0.05")})
    assert row(locked, known)["band"] == 5
    assert row(BAR, known)["band"] == 0
    wider = Day(DAY, bands={KEY: Decimal(10)}, ticks={KEY: Decimal("0.05")})
    assert row(locked, wider)["band"] == 0


def test_without_a_band_list_a_circuit_is_inferred() -> None:
    locked = replace(BAR, close=105.0)
    assert row(locked)["band"] == 5
    assert row(locked)["price_band"] is None


def test_without_a_fixed_band_there_is_no_circuit() -> None:
    locked = replace(BAR, close=105.0)
    told = row(locked, Day(DAY, bands={KEY: NO_BAND}))
    assert (told["fno"], told["band"]) == (True, 0)
    before = row(locked, Day(DAY, unbanded=frozenset({"KAVCEM"})))
    assert (before["fno"], before["band"]) == (True, 0)


def test_the_base_of_an_ex_day_is_adjusted_and_a_whole_number_of_steps() -> None:
    split = replace(BAR, previous_close=427.7, open=86, high=87, low=85, close=86)
    known = Day(DAY, factors={"KAVCEM": Decimal("0.2")}, ticks={KEY: Decimal("0.05")})
    assert row(split, known)["base"] == 85.55
    assert row(split)["base"] == 427.7


def test_a_company_stands_by_its_first_series() -> None:
    block = replace(BAR, series="BE", close=101.0)
    (found,) = rows_of([block, BAR], Day(DAY), {})
    assert (found["series"], found["close"]) == ("EQ", 104.0)
    (found,) = rows_of([block], Day(DAY), {"KAVCEM": "KAVERI"})
    assert (found["canon"], found["series"]) == ("KAVERI", "BE")


def test_funds_bonds_and_first_bars_are_left_out() -> None:
    fund = replace(BAR, isin="INF001A01011")
    bond = replace(BAR, series="N1")
    listed = replace(BAR, previous_close=None)
    assert rows_of([fund, bond, listed], Day(DAY), {}) == []


def test_an_unknown_delivery_is_none() -> None:
    assert row()["delivered"] is None
    assert row(known=Day(DAY, deliveries={KEY: 7}))["delivered"] == 7


def test_bse_tells_only_what_nse_does_not_trade() -> None:
    both = replace(BAR, symbol="500001")
    alone = replace(BAR, symbol="500002", isin="INE002A01012")
    fund = replace(BAR, symbol="500003", isin="INF002A01012")
    found = list(only_on_bse([both, alone, fund], ["INE001A01011"], {}))
    assert [(bar.symbol, bar.series) for bar in found] == [("BSE:500002", "EQ")]
