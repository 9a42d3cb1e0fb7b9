"""Financial and earnings features of every real event, against two other accounts.

The plain reference must agree everywhere; the columns that came with the events must
agree but for differences of definition, each counted under its name.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dexter.features.columns import Column
from tests.features.making_figures import Market, differing, measured, real_market
from tests.features.reference_figures import reference

Found = Mapping[str, Column]
Why = Callable[[int, str | None], str]

MISDATED = "misdated: one quarter's numbers told under two dates"
CONSOLIDATED = "told consolidated only, ours is the standalone series"
TOGETHER = "the year before was told no earlier than this: theirs is null"

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def market(shared: Path) -> Market:
    return real_market(shared / "data" / "market")


@pytest.fixture(scope="module")
def found(market: Market) -> Found:
    return measured(market.known)


@pytest.fixture(scope="module")
def growth(market: Market) -> "Growth":
    return Growth(market)


@pytest.mark.slow
def test_every_event_is_the_references(market: Market, found: Found) -> None:
    wanted = [reference(event) for event in market.events()]
    assert len(wanted) == 36_578
    assert differing(found, wanted) == {}


def apart(
    market: Market, column: Column, name: str, why: Why
) -> tuple[int, int, Counter[str]]:
    """Events alike, events unknown to both, and how often each cause parts the two."""
    theirs = np.array([told(row, name) for row in market.rows])
    same = np.isclose(column.values, theirs, rtol=1e-9, atol=1e-12)
    unknown = np.isnan(column.values) & np.isnan(theirs)
    parted = np.flatnonzero(~same & ~unknown).tolist()
    counted = Counter(why(place, column.reason(place)) for place in parted)
    return int(same.sum()), int(unknown.sum()), counted


def told(row: Mapping[str, Any], name: str) -> float:
    return float("nan") if row[name] is None else float(row[name])


class Growth:
    """Why growth differs from (x - x_p) / |x_p|, in the order looked at."""

    def __init__(self, market: Market) -> None:
        self.rows = market.rows
        self.misdated = misdated(market.rows)

    def touched(self, row: Mapping[str, Any]) -> bool:
        """Whether a row or that of the year before is misdated."""
        company, year, month = quarter(row)
        return not self.misdated.isdisjoint(
            {(company, year, month), (company, year - 1, month)}
        )

    def __call__(self, place: int, reason: str | None) -> str:
        row = self.rows[place]
        if row["consolidated"] == "Consolidated":
            return CONSOLIDATED
        if self.touched(row):
            return MISDATED
        if row["prior_late"] and reason is None:
            return TOGETHER
        if row["eps_p"] != row["eps_p_adj"] and reason is None:
            return "theirs adjusts the EPS before for a split this one does not show"
        return (reason or "unexplained").partition(":")[0]


def quarter(row: Mapping[str, Any]) -> tuple[str, int, int]:
    return row["canon"], row["q_end"].year, row["q_end"].month


def misdated(rows: Sequence[Mapping[str, Any]]) -> set[tuple[str, int, int]]:
    """Quarters whose row repeats a later one's, told within the day before it."""
    found = set()
    for _, group in groupby(rows, key=lambda row: row["canon"]):
        mine = list(group)
        for row, other in product(mine, mine):
            same = all(row[k] == other[k] for k in ("revenue", "net_profit", "eps"))
            waited = row["announce_dt"] - other["announce_dt"]
            if (
                same
                and row["net_profit"]
                and row["q_end"] < other["q_end"]
                and timedelta(0) <= waited <= timedelta(days=1)
            ):
                found.add(quarter(row))
    return found


def test_growth_of_revenue(market: Market, found: Found, growth: "Growth") -> None:
    alike, unknown, causes = apart(market, found["revenue_yoy"], "rev_yoy", growth)
    assert (alike, unknown) == (28_084, 8_408)
    assert causes == {
        MISDATED: 59,
        "revenue of a year before was not positive": 13,
        CONSOLIDATED: 8,
        TOGETHER: 6,
    }


def test_growth_of_profit(market: Market, found: Found, growth: "Growth") -> None:
    alike, unknown, causes = apart(market, found["profit_yoy"], "pat_yoy", growth)
    assert (alike, unknown) == (22_501, 8_136)
    assert causes == {
        "turnaround": 2_070,
        "loss narrowing": 1_482,
        "loss widening": 1_343,
        "tiny base": 976,
        MISDATED: 59,
        CONSOLIDATED: 8,
        TOGETHER: 3,
    }


def test_growth_of_eps(market: Market, found: Found, growth: "Growth") -> None:
    alike, unknown, causes = apart(market, found["eps_yoy"], "eps_yoy", growth)
    assert (alike, unknown) == (20_456, 8_483)
    assert causes == {
        "turnaround": 2_044,
        "EPS and profit imply another share count than before (split, bonus or "
        "issue, or an EPS that does not fit)": 1_603,
        "loss narrowing": 1_456,
        "loss widening": 1_326,
        "tiny base": 941,
        "theirs adjusts the EPS before for a split this one does not show": 199,
        MISDATED: 59,
        CONSOLIDATED: 8,
        TOGETHER: 3,
    }


def test_surprise(market: Market, found: Found) -> None:
    """Theirs is the change on the year over the deviation of eight rows before it.

    Eight rows are not eight quarters where a quarter is missing; four changes are
    enough; and rows count that were told after the event.
    """
    theirs = by_their_rule(market.rows)
    filed = [told(row, "sue_pat") for row in market.rows]
    np.testing.assert_allclose(theirs, filed, rtol=1e-9)
    alike, unknown, causes = apart(market, found["sue"], "sue_pat", Surprise(market))
    assert (alike, unknown) == (16_474, 14_020)
    assert causes == {
        "theirs takes four changes for a yardstick": 3_088,
        "theirs reaches past eight quarters where one is missing": 2_396,
        MISDATED: 576,
        "theirs reads quarters told after the event": 15,
        TOGETHER: 5,
        CONSOLIDATED: 4,
    }


class Surprise(Growth):
    """Why a surprise differs, in the order looked at."""

    def __init__(self, market: Market) -> None:
        super().__init__(market)
        self.earlier = dict(eight_rows(market.rows))

    def __call__(self, place: int, reason: str | None) -> str:  # noqa: PLR0911 - a ladder
        row, rows = self.rows[place], [self.rows[p] for p in self.earlier[place]]
        if row["consolidated"] == "Consolidated":
            return CONSOLIDATED
        if any(self.touched(r) for r in (row, *rows)):
            return MISDATED
        if row["prior_late"] and reason is None:
            return TOGETHER
        if any(r["announce_dt"] > row["announce_dt"] for r in rows):
            return "theirs reads quarters told after the event"
        if reason and reason.endswith("6 are needed"):
            return "theirs takes four changes for a yardstick"
        if reason is None and rows and months(row, rows[0]) > 24:
            return "theirs reaches past eight quarters where one is missing"
        return reason or "unexplained"


def months(row: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    now: date = row["q_end"]
    then: date = other["q_end"]
    return (now.year - then.year) * 12 + now.month - then.month


def eight_rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, list[int]]]:
    """Of each row the eight before it by quarter, the oldest first."""
    order = sorted(range(len(rows)), key=lambda p: (rows[p]["canon"], rows[p]["q_end"]))
    for _, group in groupby(order, key=lambda p: rows[p]["canon"]):
        mine = list(group)
        for i, place in enumerate(mine):
            yield place, mine[max(0, i - 8) : i]


def by_their_rule(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    profit = {quarter(row): told(row, "net_profit") for row in rows}

    def change(row: Mapping[str, Any]) -> float:
        company, year, month = quarter(row)
        return profit[company, year, month] - profit.get(
            (company, year - 1, month), float("nan")
        )

    found = [float("nan")] * len(rows)
    for place, earlier in eight_rows(rows):
        changes = [c for p in earlier if not np.isnan(c := change(rows[p]))]
        spread = float(np.std(changes, ddof=1)) if len(changes) >= 4 else 0.0
        if spread and not rows[place]["prior_late"]:
            found[place] = change(rows[place]) / spread
    return found
