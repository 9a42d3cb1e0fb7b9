"""One event's blockbuster score: its decimals, its reasons, its words."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from dexter.domain.alert import FeatureValue
from dexter.domain.company import Family
from dexter.domain.period import Quarter
from dexter.domain.results import SeasonPeer
from dexter.ml.blockbuster import MEASURES
from dexter.ml.scored import Results, Scored, score
from tests.features.making import at

QUARTER = Quarter(2025, 1)
PUBLISHED = at(date(2024, 7, 20))


def results(**known: float) -> Results:
    measures = {
        name: FeatureValue(known[name], "", "earnings")
        if name in known
        else FeatureValue(None, "", "earnings", f"{name} was not told")
        for name in MEASURES
    }
    return Results("MADEUP", Family.GENERAL, QUARTER, PUBLISHED, measures)


def peers(count: int, family: Family = Family.GENERAL) -> list[SeasonPeer]:
    """Every measure of them is 0, 1, 2, …"""
    when = PUBLISHED - timedelta(hours=1)
    values = [float(i) for i in range(count)]
    return [SeasonPeer(f"P{v:.0f}", family, when, v, v, v, v, v) for v in values]


def scored(
    asked: Results,
    now: Sequence[SeasonPeer],
    before: Sequence[SeasonPeer] = (),
    minimum: int = 30,
) -> Scored:
    return score(asked, {QUARTER: now, QUARTER.previous: before}, minimum)


def test_a_score_is_the_mean_of_the_percentiles_shown() -> None:
    asked = results(
        sue=22.5, revenue_yoy=1.5, profit_yoy=9.5, net_margin_change=0.5, quality=3.5
    )

    found = scored(asked, peers(33)).blockbuster

    shown = [part.percentile for part in found.components.values()]
    assert shown == [Decimal(p) for p in ("69.7", "18.2", "3.0", "87.9")]
    assert found.score == Decimal("44.7")
    assert found.coverage == 1
    assert found.reason is None
    assert found.components["growth"].value == Decimal("9.5")


def test_what_is_not_known_says_why() -> None:
    found = scored(results(sue=5.0), peers(40))

    growth = found.blockbuster.components["growth"]
    assert growth.reason == "profit_yoy was not told; revenue_yoy was not told"
    assert found.blockbuster.coverage == Decimal("0.25")
    assert set(found.formulas) == {"surprise"}
    assert found.ranked["growth"] == ()


def test_nothing_known_is_no_score_with_the_reasons() -> None:
    found = scored(results(), peers(40)).blockbuster

    assert found.score is None
    assert found.coverage == 0
    assert "surprise: sue was not told" in (found.reason or "")


def test_too_few_peers_give_a_value_without_a_percentile() -> None:
    found = scored(results(sue=5.0), peers(29), peers(12)).blockbuster

    surprise = found.components["surprise"]
    assert (surprise.value, surprise.percentile) == (Decimal(5), None)
    assert surprise.reason == (
        "sue is known of 29 other general companies of Q1 FY25 and of 12 of Q4 FY24; "
        "30 are needed"
    )


def test_words_name_the_measures_the_cohort_the_season_and_the_peers() -> None:
    banks = peers(500, Family.BANK)
    asked = results(revenue_yoy=1.5, profit_yoy=9.5, quality=3.5)

    found = scored(asked, [*banks, *peers(29)], peers(31))

    among = "among the 31 other general companies of Q4 FY24 known at publication"
    assert found.formulas["quality"] == (
        f"100 − percentile rank (ties half) of quality {among}"
    )
    assert found.formulas["growth"] == (
        f"mean of percentile rank (ties half) of profit_yoy {among} and percentile "
        f"rank (ties half) of revenue_yoy {among}"
    )
    assert found.ranked["growth"] == ("profit_yoy", "revenue_yoy")


def test_its_own_row_and_later_ones_may_be_among_the_seasons() -> None:
    mine = SeasonPeer("MADEUP", "general", PUBLISHED, -9, -9, -9, -9, -9)
    late = SeasonPeer("LATE", "general", PUBLISHED + timedelta(seconds=1), 9, 9, 9, 9)

    alone = scored(results(sue=5.0), peers(30))

    assert scored(results(sue=5.0), [mine, *peers(30), late]) == alone
