"""Quantiles of results day by day, against a plain count, and as all at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from dexter.store import tables as t
from dexter.store.database import Database
from dexter.store.keeping import keep
from dexter.store.price_files import append_session
from pipelines.market_days import keep_market_days
from tests.features.making import walk
from tests.pipelines.test_market_days import (
    DAYS,
    SYMBOLS,
    bars,
    come_in,
    market,
    measured_anew,
    silent,
)
from tests.store.conftest import event, figure

QUARTERS = ("2023-09-30", "2024-06-30", "2024-09-30")
FIRST_DAYS = (30, len(DAYS) - 125, len(DAYS) - 15)
"""When the first company reports each quarter; one more a session follows."""

EPS = 1.25


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr("pipelines.result_ranks.FEWEST", 5)
    opened = Database.open(tmp_path / "home")
    yield opened
    opened.close()


def day_of(number: int, quarter: int) -> int:
    return FIRST_DAYS[quarter] + number


def profit(number: int, quarter: int) -> int:
    return 40 + (7 * number + 5 * quarter) % 23


def publish(database: Database, first: int, end: int) -> None:
    """All results first published in the evening of some sessions."""
    events, figures = [], []
    for quarter, name in enumerate(QUARTERS):
        for number, symbol in enumerate(SYMBOLS):
            if first <= (place := day_of(number, quarter)) < end:
                moment = f"{DAYS[place]}T18:00:00"
                events.append(event(symbol, name, moment))
                told = profit(number, quarter)
                figures.append(figure(symbol, name, moment, told))
    with database.write() as connection:
        keep(connection, t.events, events)
        keep(connection, t.figures, figures)


def plainly(day: date, measure: str) -> list[float]:
    """Change of profit, or all of it, over market cap of the results of 90 days."""
    found = []
    for quarter in range(3):
        for number in range(len(SYMBOLS)):
            place = day_of(number, quarter)
            if not timedelta(0) <= day - DAYS[place] < timedelta(days=90):
                continue
            now = profit(number, quarter)
            before = {"profit_qoq": 1, "profit_change": 0, "profit_yield": None}
            cap = walk(len(DAYS), number)[place] * now / EPS
            back = before[measure]
            if back is None:
                found.append(now / cap)
            elif quarter == 2:
                found.append((now - profit(number, back)) / cap)
    return found


def test_each_day_ranks_the_results_of_90_days(database: Database) -> None:
    come_in(database, DAYS)
    publish(database, 0, len(DAYS))
    keep_market_days(database, silent)
    found = market(database)
    places = {day_of(n, q) for n in range(len(SYMBOLS)) for q in range(3)}
    assert found.ranked_days == tuple(DAYS[place] for place in sorted(places))
    told = 0
    for name in ("profit_qoq", "profit_change", "profit_yield"):
        for day, quantiles in zip(found.ranked_days, getattr(found, name), strict=True):
            wanted = plainly(day, name)
            if len(wanted) < 5:
                assert quantiles == ()
                continue
            told += 1
            expected = np.quantile(wanted, np.arange(5, 100, 5) / 100)
            assert quantiles == pytest.approx(expected, abs=1e-8), (name, day)
    assert told > 40


def test_day_by_day_they_are_as_all_at_once(database: Database) -> None:
    end = len(DAYS)
    come_in(database, DAYS[:-8])
    publish(database, 0, end - 8)
    keep_market_days(database, silent)
    for place in range(end - 8, end):
        with database.write() as connection:
            append_session(connection, database.home, DAYS[place], bars([DAYS[place]]))
        # The results of a session come in a session late.
        publish(database, place - 1, place)
        keep_market_days(database, silent)
    daily = market(database)
    assert daily.ranked_days[-1] == DAYS[-2]
    assert daily == measured_anew(database)


def test_figures_that_came_late_are_counted(database: Database) -> None:
    come_in(database, DAYS)
    publish(database, 0, len(DAYS))
    with database.write() as connection:
        connection.execute(t.figures.delete())
    keep_market_days(database, silent)
    assert set(market(database).profit_yield) == {()}
    publish(database, 0, len(DAYS))
    keep_market_days(database, silent)
    found = market(database)
    assert len(found.profit_yield[-1]) == 19
    assert found == measured_anew(database)
