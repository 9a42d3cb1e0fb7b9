"""Worth, balance sheet, lenders and reactions, by hand and against the reference."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import numpy as np
import pytest

from dexter.domain.filing import Basis, Grade
from dexter.domain.market import PriceHistory
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.bars import bars_of
from dexter.features.columns import Column
from dexter.features.figures import ITEMS
from dexter.features.known import Asked, see
from dexter.features.moments import moment_number, quarter_number, whole
from tests.features.making import at, prices_of, quarter_of, walk, weekdays
from tests.features.making_figures import (
    differing,
    known_of,
    measured,
    sources_of,
    trading_of,
)
from tests.features.reference_figures import Event, reference

Q = Quarter(2025, 2)
FIRST = date(2022, 4, 1)


def full(quarter: Quarter, profit: str = "100", **more: str) -> QuarterFigures:
    """A quarter that tells much; amounts in rupees."""
    told = {
        "profit_before_tax": "130",
        "profit_before_exceptional": "140",
        "exceptional": "10",  # a loss, filed without its sign
        "other_income": "20",
        "tax": "30",
        "finance_costs": "15",
        "depreciation": "25",
        "equity": "5000",
        "total_assets": "8000",
        "borrowings": "1000",
    } | more
    figures = quarter_of(quarter, profit, "1000", "2.00")
    return telling(figures, {name: Decimal(text) for name, text in told.items()})


def telling(
    figures: QuarterFigures, told: Mapping[str, Decimal | None]
) -> QuarterFigures:
    return replace(figures, **told)  # type: ignore[arg-type]  # amounts by name


def year(**more: str) -> list[QuarterFigures]:
    return [full(Q.shift(-back), **more) for back in range(4)]


def columns_of(
    series: Sequence[QuarterFigures], prices: PriceHistory | None = None
) -> Mapping[str, Column]:
    return measured(known_of(series, Q, prices))


def one(series: Sequence[QuarterFigures], name: str) -> float:
    return float(columns_of(series)[name].values[0])


def flat(close: float, splits: Mapping[date, float] | None = None) -> PriceHistory:
    """A year and a half of one raw price; each split divides it on its day."""
    days = weekdays(700, FIRST)
    factors, raw, factor = [], [], 1.0
    for day in days:
        factor *= (splits or {}).get(day, 1.0)
        factors.append(factor)
        raw.append(close / factor)
    return prices_of(raw, days=days, factor=factors, spread=0.0)


def test_operating_margin_by_the_handbook() -> None:
    # (130 before tax + 10 exceptional loss - 20 other + 15 finance + 25) / 1000
    assert one(year(), "operating_margin") == pytest.approx(0.16)
    # Without the line before exceptional items, the sign told is believed.
    figures = replace(full(Q, exceptional="-10"), profit_before_exceptional=None)
    assert one([figures], "operating_margin") == pytest.approx(0.16)


@pytest.mark.parametrize(("filed", "share"), [("10", -10 / 130), ("-10", -10 / 130)])
def test_the_sign_of_exceptional_items_is_what_the_sums_say(
    filed: str, share: float
) -> None:
    found = one(year(exceptional=filed), "exceptional_share")
    assert found == pytest.approx(share)
    assert one(year(exceptional=filed), "quality") == pytest.approx(10 / 130)


def test_exceptional_items_that_fit_no_sum_are_left_out() -> None:
    columns = columns_of(year(exceptional="4"))
    assert "sign" in (columns["exceptional_share"].reason(0) or "")
    assert "sign" in (columns["quality"].reason(0) or "")


def test_ratios_of_a_balance_sheet() -> None:
    assert one(year(), "roe_ttm") == pytest.approx(400 / 5000)
    assert one(year(), "roa") == pytest.approx(400 / 8000)
    assert one(year(), "debt_to_equity") == pytest.approx(0.2)
    assert one(year(), "equity_to_assets") == pytest.approx(5000 / 8000)
    # What minorities own is no part of the owners' equity.
    assert one(year(minority_equity="1000"), "roe_ttm") == pytest.approx(400 / 4000)


def test_a_half_yearly_balance_sheet_serves_the_quarter_after() -> None:
    series = year()
    series[0] = replace(series[0], equity=None, total_assets=None, borrowings=None)
    series[1] = replace(series[1], equity=Decimal(4000))
    assert one(series, "roe_ttm") == pytest.approx(0.1)
    assert one(series, "debt_to_equity") == pytest.approx(0.25)


@pytest.mark.parametrize("equity", ["-5000", "0"])
def test_nothing_is_measured_in_equity_that_is_gone(equity: str) -> None:
    columns = columns_of(year(equity=equity), flat(80.0))
    for name in ("roe_ttm", "pb", "debt_to_equity"):
        assert columns[name].reason(0) == "equity is not positive"


def test_figures_without_a_balance_sheet_say_so() -> None:
    series = [quarter_of(Q.shift(-back), "100", eps="2") for back in range(4)]
    columns = columns_of(series, flat(80.0))
    for name in ("roe_ttm", "roa", "pb", "equity_to_assets"):
        assert "no balance sheet" in (columns[name].reason(0) or "")
    assert "borrowings" in (columns["debt_to_equity"].reason(0) or "")


def test_price_over_earnings_and_market_cap() -> None:
    columns = columns_of(year(), flat(80.0))
    values = {name: float(column.values[0]) for name, column in columns.items()}
    assert values["pe_ttm"] == pytest.approx(10.0)
    assert values["earnings_yield_ttm"] == pytest.approx(0.1)
    # 100 of profit at 2.00 a share are 50 shares, at 80 each.
    assert values["log_market_cap"] == pytest.approx(np.log(4000))
    assert values["price_to_sales_ttm"] == pytest.approx(1.0)
    assert values["profit_to_market_cap"] == pytest.approx(0.025)
    assert values["pb"] == pytest.approx(0.8)


def test_a_split_since_publication_changes_no_ratio() -> None:
    """The price halves as the shares double; EPS told before is halved with it."""
    plain = columns_of(year(), flat(80.0))
    split = columns_of(year(), flat(80.0, {date(2024, 11, 11): 2.0}))
    for name in ("pe_ttm", "log_market_cap", "pb", "eps_change_to_price"):
        assert split[name].values[0] == pytest.approx(
            plain[name].values[0], rel=1e-12, nan_ok=True
        )


def test_quarters_that_imply_unlike_share_counts_give_no_market_cap() -> None:
    series = year()
    series[0] = replace(series[0], net_profit=Decimal(100_000))  # lakh for rupees
    columns = columns_of(series, flat(80.0))
    assert "five times apart" in (columns["log_market_cap"].reason(0) or "")


def test_without_bars_the_reason_is_the_bars() -> None:
    columns = columns_of(year())
    for name in ("pe_ttm", "log_market_cap", "reaction_last", "past_circuits_4"):
        assert columns[name].reason(0) == "no bar before publication"


def test_a_bank() -> None:
    bank = {
        "interest_earned": "700",
        "interest_expended": "400",
        "total_income": "1000",
        "operating_profit": "240",
        "provisions": "60",
        "gross_npa_ratio": "0.03",
        "net_npa_ratio": "0.01",
        "cet1_ratio": "0.15",
    }
    series = [full(Q, **bank), full(Q.year_ago, **bank | {"gross_npa_ratio": "0.05"})]
    values = {name: c.values[0] for name, c in columns_of(series).items()}
    assert values["net_interest_share"] == pytest.approx(0.3)
    assert values["cost_to_income"] == pytest.approx(1 - 240 / 600)
    assert values["provisions_share"] == pytest.approx(0.25)
    assert values["gross_npa_change"] == pytest.approx(-0.02)
    assert values["cet1_ratio"] == pytest.approx(0.15)


def reaction_history(moves: Mapping[date, float]) -> PriceHistory:
    days = weekdays(700, FIRST)
    close, price = [], 100.0
    for day in days:
        price *= 1 + moves.get(day, 0.0)
        close.append(price)
    band = [20 if moves.get(day, 0) >= 0.2 else 0 for day in days]
    return prices_of(close, days=days, band=band, spread=0.0)


def test_reactions_to_earlier_results() -> None:
    # Published on Monday 12 Aug and Monday 13 May 2024 in the evening: day 0 is the
    # Tuesday, and the three sessions are Tuesday to Thursday.
    series = [
        quarter_of(Q, "100", known_at=at(date(2024, 11, 11))),
        quarter_of(Q.shift(-1), "90", known_at=at(date(2024, 8, 12))),
        quarter_of(Q.shift(-2), "80", known_at=at(date(2024, 5, 13))),
    ]
    prices = reaction_history(
        {
            date(2024, 8, 12): 0.5,  # before day 0
            date(2024, 8, 13): 0.2,
            date(2024, 8, 16): 0.5,  # after day 2
            date(2024, 5, 16): -0.1,
        }
    )
    known = known_of(series, Q, prices, moment=at(date(2024, 11, 11)))
    values = {name: c.values[0] for name, c in measured(known).items()}
    assert values["reaction_last"] == pytest.approx(0.2)
    assert values["reaction_mean_4"] == pytest.approx(0.05)
    assert values["reaction_positive_share_4"] == 0.5
    assert values["past_circuits_4"] == 1
    # 20 % on the Tuesday after 12 Aug, nothing on the one after 13 May.
    assert values["reaction_size_4"] == pytest.approx(0.1)


def test_prices_set_anew_are_no_reaction() -> None:
    """A session wholly beyond every band has a base that nobody adjusted."""
    series = [
        quarter_of(Q, "100", known_at=at(date(2024, 11, 11))),
        quarter_of(Q.shift(-1), "90", known_at=at(date(2024, 8, 12))),
    ]
    fallen = reaction_history({date(2024, 8, 14): -0.6})
    found = columns_of(series, fallen)["reaction_last"]
    assert found.values[0] == pytest.approx(-0.6)
    found = columns_of(series, replace(fallen, high=fallen.close))["reaction_last"]
    assert "no whole window" in (found.reason(0) or "")


def test_a_window_still_open_is_no_reaction() -> None:
    series = [
        quarter_of(Q, "100", known_at=at(date(2024, 8, 14))),
        quarter_of(Q.shift(-1), "90", known_at=at(date(2024, 8, 12))),
    ]
    prices = reaction_history({date(2024, 8, 13): 0.2})
    known = known_of(series, Q, prices, moment=at(date(2024, 8, 14)))
    assert "no whole window" in (measured(known)["reaction_last"].reason(0) or "")


def random_figures(rng: Random, quarters: int) -> list[QuarterFigures]:
    """Quarters up to ``Q`` with every item now told, now not, and some told twice."""
    series = []
    for back in range(quarters):
        if rng.random() < 0.1:
            continue
        quarter = Q.shift(-back)
        told: dict[str, Decimal | None] = {
            name: None
            if rng.random() < 0.06
            else Decimal(rng.choice([1, 10, 10**3, 10**3]) * rng.randint(-15, 99))
            for name in ITEMS
        }
        profit = told["net_profit"] or Decimal(0)
        shares = rng.choice([Decimal(1), Decimal(7), profit or Decimal(1)])
        told["eps"] = round(profit / shares, 2)
        after, odd = told["profit_before_tax"], told["exceptional"]
        if after is not None and odd is not None:
            told["profit_before_exceptional"] = after + rng.choice([-1, 1]) * odd
        when = at(quarter.end + timedelta(days=rng.randint(10, 80)), rng.randint(6, 23))
        base = telling(quarter_of(quarter, "1", known_at=when), told)
        series.append(base)
        if rng.random() < 0.3:
            later = when + timedelta(days=rng.randint(0, 90))
            proven = rng.choice([Grade.A, Grade.IMPORTED])
            again = replace(base, known_at=later, grade=proven, net_profit=Decimal(77))
            series.append(again)
    return series


def random_prices(rng: Random) -> PriceHistory:
    days = [day for day in weekdays(720, FIRST) if rng.random() > 0.03]
    close = walk(len(days), rng.randint(0, 10**6))
    factors, factor = [], 1.0
    for _ in days:
        factor *= 2.0 if rng.random() < 0.003 else 1.0
        factors.append(factor)
    raw = [price / f for price, f in zip(close, factors, strict=True)]
    band = [rng.choice([0] * 20 + [5, 20]) for _ in days]
    return prices_of(raw, days=tuple(days), factor=factors, band=band)


@pytest.fixture(scope="module")
def market() -> tuple[list[list[QuarterFigures]], list[PriceHistory]]:
    rng = Random(11)  # noqa: S311 - made-up figures
    series = [random_figures(rng, 20) for _ in range(120)]
    return series, [random_prices(rng) for _ in range(120)]


Made = tuple[list[list[QuarterFigures]], list[PriceHistory]]
MOMENT = at(date(2024, 11, 20), 11, 17)


def test_whatever_is_told_it_is_the_plain_reference(market: Made) -> None:
    series, prices = market
    bars = bars_of(prices)
    n = len(series)
    asked = Asked(
        whole(range(n)),
        whole([moment_number(MOMENT)] * n),
        whole([quarter_number(Q)] * n),
    )
    known = see(sources_of(bars, series, Basis.STANDALONE), asked)
    wanted = []
    for row, figures in enumerate(series):
        trading = trading_of(bars, row)
        visible = int(known.sessions[row])
        cut = replace(trading, end=visible) if trading and visible else None
        wanted.append(reference(Event(figures, Q, Basis.STANDALONE, MOMENT, cut)))
    columns = measured(known)
    assert differing(columns, wanted) == {}
    filled = {name: (c.why == 0).mean() for name, c in columns.items()}
    assert min(filled.values()) > 0.02, filled
    # One event alone is the same row, to the last bit.
    for row in range(0, n, 17):
        alone = measured(known_of(series[row], Q, prices[row], moment=MOMENT))
        for name, column in columns.items():
            assert column.values[row].tobytes() == alone[name].values[0].tobytes()
            assert column.reason(row) == alone[name].reason(0)


def test_what_comes_later_changes_nothing(market: Made) -> None:
    series, prices = market
    for row in range(0, len(series), 13):
        past = [f for f in series[row] if f.known_at and f.known_at <= MOMENT]
        cut = sum(day < MOMENT.date() for day in prices[row].sessions)
        days, close = prices[row].sessions[:cut], prices[row].close[:cut]
        early = prices_of(
            close,
            days=days,
            factor=prices[row].factor[:cut],
            band=prices[row].band[:cut],
        )
        later = quarter_of(Q, "999", known_at=MOMENT + timedelta(seconds=1))
        before = measured(known_of(past, Q, early, moment=MOMENT))
        after = measured(known_of([*series[row], later], Q, prices[row], moment=MOMENT))
        for name, column in before.items():
            assert column.values.tobytes() == after[name].values.tobytes(), name
