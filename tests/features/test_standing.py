"""Ranks of results among those of the weeks before, against a plain interpolation."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from dexter.domain.market import MarketHistory
from dexter.features import financial, sequence, standing, surprises
from dexter.features.columns import Column
from dexter.features.market_days import QUANTILES
from tests.features.making import at, prices_of, quarter_of, walk, weekdays
from tests.features.making_market import QUARTER, known_at, market_of, value

DAYS = weekdays(400, date(2023, 3, 1))
TODAY = DAYS[-1]
SPREAD = np.linspace(-1, 1, 19) ** 3 / 100
OWN = {
    "profit_qoq_rank_90": "profit_qoq_to_market_cap",
    "profit_change_rank_90": "profit_change_to_market_cap",
    "profit_yield_rank_90": "profit_to_market_cap",
}
FIGURES = [
    quarter_of(
        QUARTER.shift(-back), str(10**6 * (40 + 3 * back)), eps="0.4", known_at=at(day)
    )
    for back, day in enumerate(DAYS[-1::-65][:6])
]


def ranked(
    days: Mapping[date, np.ndarray | None], **other: np.ndarray
) -> MarketHistory:
    told = tuple(() if d is None else tuple(d.tolist()) for d in days.values())
    names = ("profit_qoq", "profit_change", "profit_yield")
    spreads = {n: (tuple(other[n].tolist()),) if n in other else told for n in names}
    return market_of(DAYS, ranked_days=tuple(days), **spreads)


def found(
    market: MarketHistory | None, moment: datetime | None = None, quarters: int = 6
) -> dict[str, Column]:
    known = known_at(
        moment or at(TODAY),
        prices=prices_of(walk(400), days=DAYS),
        market=market,
        figures=FIGURES[:quarters],
    )
    own = financial.compute(known) | sequence.compute(known) | surprises.compute(known)
    return own | standing.compute(known)


def test_a_rank_is_the_share_of_results_below() -> None:
    spreads = {
        "profit_qoq": SPREAD,
        "profit_change": SPREAD - 0.001,
        "profit_yield": SPREAD * 2,
    }
    columns = found(ranked({DAYS[-2]: None}, **spreads))
    assert set(OWN) == {spec.name for spec in standing.SPECS} <= set(columns)
    for (name, own), spread in zip(OWN.items(), spreads.values(), strict=True):
        mine = value(columns, own)
        assert isinstance(mine, float)
        assert spread[0] < mine < spread[-1], own
        wanted = np.interp(mine, spread, QUANTILES)
        assert value(columns, name) == pytest.approx(wanted), name


@pytest.mark.parametrize(("shift", "rank"), [(-1e3, 1.0), (1e3, 0.0)])
def test_ranks_end_at_0_and_1(shift: float, rank: float) -> None:
    columns = found(ranked({DAYS[-2]: SPREAD + shift}))
    assert [value(columns, name) for name in OWN] == [rank] * 3


def test_the_day_of_publication_is_not_over_yet() -> None:
    before = ranked({DAYS[-2]: SPREAD})
    after = ranked(
        {DAYS[-2]: SPREAD, TODAY: SPREAD + 9, TODAY + timedelta(days=1): SPREAD - 9}
    )
    for moment in (at(TODAY, 23, 59), at(TODAY, 18)):
        one, other = (found(market, moment) for market in (before, after))
        assert {n: value(one, n) for n in OWN} == {n: value(other, n) for n in OWN}
    later = found(after, at(TODAY + timedelta(days=1), 0))
    assert value(later, "profit_yield_rank_90") == 0.0


def test_what_cannot_be_ranked_says_why() -> None:
    name = "profit_change_rank_90"
    assert value(found(None), name) == standing.NOT_KEPT
    assert value(found(ranked({})), name) == standing.NOT_KEPT
    assert value(found(ranked({TODAY: SPREAD})), name) == standing.NOT_KEPT
    few = found(ranked({DAYS[-3]: SPREAD, DAYS[-2]: None}))
    assert value(few, name) == "fewer than 30 results in 90 days"
    old = found(ranked({TODAY - timedelta(days=16): SPREAD}))
    assert "15 days old" in str(value(old, name))
    young = found(ranked({DAYS[-2]: SPREAD}), quarters=4)
    assert value(young, name) == value(young, OWN[name])
    assert "a year before" in str(value(young, name))
    assert isinstance(value(young, "profit_qoq_rank_90"), float)
