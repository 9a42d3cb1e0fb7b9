"""Regime features against plain references, on markets made up for it."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from dexter.domain.market import IndexHistory, MarketHistory, PriceHistory
from dexter.features import regime
from dexter.features.columns import Column
from dexter.features.companions import SECTORS
from dexter.features.market_days import (
    QUANTILES,
    market_days_of,
    strength_percentile,
)
from dexter.features.moments import whole
from tests.features.making import at, prices_of, walk, weekdays
from tests.features.making_market import known_at, market_of, value

DAYS = weekdays(420)
LAST = DAYS[-1]


def index(
    name: str, closes: list[float], days: tuple[date, ...] = DAYS
) -> IndexHistory:
    return IndexHistory(name, days[: len(closes)], tuple(closes), "made up")


def every_index(seed: int = 3) -> dict[str, IndexHistory]:
    return {
        name: index(name, walk(420, seed + place))
        for place, name in enumerate(regime.INDICES)
    }


def regime_at(
    moment: datetime,
    indices: dict[str, IndexHistory] | None = None,
    prices: PriceHistory | None = None,
    market: MarketHistory | None = None,
) -> dict[str, Column]:
    known = known_at(moment, prices=prices, indices=indices, market=market)
    return regime.compute(known)


def test_it_computes_what_it_declares() -> None:
    found = regime_at(at(LAST, 21), every_index(), prices_of(walk(420)))
    assert set(found) == {spec.name for spec in regime.SPECS}
    assert all(len(column) == 1 for column in found.values())


def test_returns_and_volatility_of_the_market() -> None:
    indices = every_index()
    found = regime_at(at(LAST, 21), indices)
    close = np.array(indices[regime.MARKET_INDEX].close)
    nifty = np.array(indices["NIFTY_50"].close)
    vix = np.array(indices[regime.VOLATILITY_INDEX].close)
    expected = {
        "market_return_5": close[-1] / close[-6] - 1,
        "market_return_60": close[-1] / close[-61] - 1,
        "market_volatility_20": np.diff(np.log(close[-21:])).std(ddof=1),
        "market_drawdown_250": close[-1] / close[-250:].max() - 1,
        "nifty_return_20": nifty[-1] / nifty[-21] - 1,
        "smallcap_minus_nifty_60": close[-1] / close[-61] - nifty[-1] / nifty[-61],
        "vix": vix[-1],
        "vix_change_20": vix[-1] / vix[-21] - 1,
    }
    assert {n: value(found, n) for n in expected} == pytest.approx(expected, rel=1e-12)


def test_an_index_close_counts_from_eight_in_the_evening() -> None:
    indices = every_index()
    vix = indices[regime.VOLATILITY_INDEX].close
    known = known_at(
        at(LAST, 15, 31), at(LAST, 20, 0), at(LAST, 20, 1), indices=indices
    )
    found = regime.compute(known)["vix"].values
    assert found.tolist() == [vix[-2], vix[-2], vix[-1]]


def test_indices_that_are_not_there_short_or_old_say_so() -> None:
    assert value(regime_at(at(LAST, 21)), "vix") == "no closes of the index are kept"
    short = {regime.MARKET_INDEX: index(regime.MARKET_INDEX, [100.0])}
    found = regime_at(at(DAYS[0], 21), short)
    assert value(found, "market_return_5") == "fewer index closes than due"
    late = at(LAST + timedelta(days=16), 21)
    assert "15 days old" in str(value(regime_at(late, every_index()), "vix"))


def test_beta_and_correlation_with_the_market() -> None:
    indices = every_index()
    prices = prices_of(walk(420, 99))
    found = regime_at(at(LAST, 21), indices, prices)
    own = np.diff(np.log(prices.close[-121:]))
    market = np.diff(np.log(indices[regime.MARKET_INDEX].close[-121:]))
    shared = np.cov(own, market)
    assert value(found, "beta_120") == pytest.approx(shared[0, 1] / shared[1, 1])
    likeness = np.corrcoef(own, market)[0, 1]
    assert value(found, "correlation_120") == pytest.approx(likeness)
    close = indices[regime.MARKET_INDEX].close
    ahead = prices.close[-1] / prices.close[-61] - close[-1] / close[-61]
    assert value(found, "relative_strength_60") == pytest.approx(ahead)


def test_before_the_evening_share_and_index_are_compared_a_session_back() -> None:
    indices = every_index()
    prices = prices_of(walk(420, 99))
    found = regime_at(at(LAST, 18), indices, prices)
    close = indices[regime.MARKET_INDEX].close
    ahead = prices.close[-2] / prices.close[-62] - close[-2] / close[-62]
    assert value(found, "relative_strength_60") == pytest.approx(ahead)


def test_the_sector_is_the_index_the_share_moves_with() -> None:
    indices = every_index()
    chosen = SECTORS[4]
    noise = np.random.default_rng(2).normal(0, 1e-3, 420)
    closes = np.array(indices[chosen].close) * np.exp(noise)
    found = regime_at(at(LAST, 21), indices, prices_of(closes.tolist()))
    sector = indices[chosen].close
    returns = [indices[n].close[-1] / indices[n].close[-61] - 1 for n in SECTORS]
    mine = sector[-1] / sector[-61] - 1
    assert value(found, "sector_return_20") == pytest.approx(
        sector[-1] / sector[-21] - 1
    )
    assert value(found, "sector_return_60") == pytest.approx(mine)
    lower = sum(one < mine - 1e-12 for one in returns)
    assert value(found, "sector_rank_60") == pytest.approx(lower / (len(SECTORS) - 1))
    assert float(value(found, "sector_correlation")) > 0.9


def test_a_share_that_skipped_sessions_is_compared_over_its_own_days() -> None:
    indices = every_index()
    kept = [place for place in range(420) if place % 7 != 3]
    closes = walk(420, 99)
    prices = prices_of(
        [closes[place] for place in kept], days=tuple(DAYS[place] for place in kept)
    )
    found = regime_at(at(LAST, 21), indices, prices)
    market = np.array(indices[regime.MARKET_INDEX].close)[kept]
    own = np.diff(np.log(prices.close))[-120:]
    expected = np.corrcoef(own, np.diff(np.log(market))[-120:])[0, 1]
    assert value(found, "correlation_120") == pytest.approx(expected)


def test_too_few_bars_and_no_bars_say_so() -> None:
    found = regime_at(at(LAST, 21), every_index())
    assert value(found, "beta_120") == "no bar before publication"
    days = DAYS[-100:]
    found = regime_at(at(LAST, 21), every_index(), prices_of(walk(100), days=days))
    assert "fewer than 121 sessions" in str(value(found, "sector_rank_60"))
    assert isinstance(value(found, "relative_strength_60"), float)


def test_breadth_circuits_and_seasons() -> None:
    random = np.random.default_rng(4)
    n = 80
    days = DAYS[-n:]
    lower = random.integers(0, 9, n)
    upper, hits = random.integers(0, 9, n), random.integers(0, 3, n)
    resolved = hits + 2
    rose, high = random.uniform(0, 1, n), random.uniform(0, 0.2, n)
    market = market_of(
        days,
        upper_closes=tuple(upper.tolist()),
        lower_closes=tuple(lower.tolist()),
        resolved=tuple(resolved.tolist()),
        resolved_hits=tuple(hits.tolist()),
        advancing=tuple(rose.tolist()),
        highs_252=tuple(high.tolist()),
        above_50=(*[None] * (n - 1), 0.25),
    )
    found = regime_at(at(LAST, 21), market=market)
    expected = {
        "breadth_50": 0.25,
        "breadth_200": 0.5,
        "advancing_5": rose[-5:].mean(),
        "highs_minus_lows_20": high[-20:].mean(),
        "circuit_rate_1": upper[-1] / 100,
        "lower_rate_1": lower[-1] / 100,
        "lower_rate_5": lower[-5:].sum() / 500,
        "circuit_rate_5": upper[-5:].sum() / 500,
        "circuit_rate_60": upper[-60:].sum() / 6000,
        "season_circuit_rate_20": hits[-20:].sum() / resolved[-20:].sum(),
        "season_circuit_rate_60": hits[-60:].sum() / resolved[-60:].sum(),
    }
    assert {n: value(found, n) for n in expected} == pytest.approx(expected)
    earlier = regime_at(at(days[-2], 21), market=market)
    assert "too few shares" in str(value(earlier, "breadth_50"))


def test_a_market_not_measured_short_or_old_says_so() -> None:
    unmeasured = "the market has not been measured session by session"
    assert value(regime_at(at(LAST, 21)), "breadth_50") == unmeasured
    found = regime_at(at(LAST, 21), market=market_of([LAST]))
    assert value(found, "breadth_50") == 0.5
    assert value(found, "circuit_rate_20") == "fewer measured sessions than due"
    found = regime_at(at(LAST, 21), market=market_of(DAYS[-70:]))
    assert value(found, "season_circuit_rate_20") == "fewer than 30 results resolved"
    late = at(LAST + timedelta(days=16))
    found = regime_at(late, market=market_of(DAYS[-70:]))
    assert "15 days old" in str(value(found, "breadth_50"))
    assert value(regime_at(at(LAST, 12), market=market_of([LAST])), "vix")
    found = regime_at(at(LAST, 12), market=market_of([LAST]))
    assert value(found, "breadth_50") == unmeasured


def test_a_rating_is_the_percentile_among_the_companies_of_the_session() -> None:
    random = np.random.default_rng(8)
    all_of_them = np.sort(random.normal(0.1, 0.4, 4000))
    quantiles = tuple(np.quantile(all_of_them, QUANTILES).tolist())
    days = market_days_of(market_of([LAST], strength=(quantiles,)))
    asked = all_of_them[200:3800:100]
    rows = whole([0] * len(asked))
    found = strength_percentile(days, rows, asked)
    true = np.searchsorted(all_of_them, asked) / len(all_of_them) * 100
    assert np.abs(found - true).max() < 1.5
    ends = strength_percentile(days, whole([0, 0, 0]), np.array([-99.0, 99.0, np.nan]))
    assert ends[:2].tolist() == [0.0, 100.0]
    assert np.isnan(ends[2])


def test_the_rating_of_a_share() -> None:
    close = walk(300, 5)
    quantiles = tuple(np.linspace(-0.9, 0.9, 19).tolist())
    market = market_of([LAST], strength=(quantiles,))
    prices = prices_of(close, days=DAYS[-300:])
    found = regime_at(at(LAST, 21), prices=prices, market=market)
    raw = 0.4 * (close[-1] / close[-64] - 1) + 0.2 * sum(
        close[-1] / close[-1 - back] - 1 for back in (126, 189, 252)
    )
    assert value(found, "rs_rating") == pytest.approx(50 + 50 * raw)
    few = regime_at(at(LAST, 21), prices=prices, market=market_of([LAST]))
    assert value(few, "rs_rating") == "too few companies to be ranked among"
    young = prices_of(close[-200:], days=DAYS[-200:])
    short = regime_at(at(LAST, 21), prices=young, market=market)
    assert value(short, "rs_rating") == "fewer than 253 sessions of prices"


def test_what_comes_later_changes_nothing() -> None:
    indices = every_index()
    prices = prices_of(walk(420, 99))
    market = market_of(DAYS, upper_closes=tuple(range(420)))
    moment = at(DAYS[300], 18)
    told = regime_at(moment, indices, prices, market)
    short = {n: index(n, list(one.close[:300])) for n, one in indices.items()}
    cut_prices = prices_of(list(prices.close[:301]), days=DAYS[:301])
    cut = regime_at(
        moment, short, cut_prices, market_of(DAYS[:301], upper_closes=tuple(range(301)))
    )
    assert {n: value(told, n) for n in told} == {n: value(cut, n) for n in cut}
