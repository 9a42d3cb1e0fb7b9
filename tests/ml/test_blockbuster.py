"""The blockbuster score: percentiles by hand, and what missing parts do."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.results import SeasonPeer
from dexter.features.earnings import EarningsMeasures
from dexter.ml.blockbuster import score
from tests.features.making import at


def measures(**known: str) -> EarningsMeasures:
    names = (
        *("sue", "revenue_yoy", "profit_yoy", "eps_yoy"),
        *("net_margin", "net_margin_change", "quality"),
    )
    values = {n: Decimal(known[n]) if n in known else None for n in names}
    reasons = {n: f"{n} is not known" for n in names if n not in known}
    return EarningsMeasures(
        Quarter(2025, 1), Basis.STANDALONE, inputs={}, reasons=reasons, **values
    )


def peer(value: float | None, family: str = "general") -> SeasonPeer:
    return SeasonPeer(
        "PEER", family, at(date(2024, 7, 20)), value, value, value, value, value
    )


PEERS = [peer(float(i)) for i in range(100)]


def test_percentiles_and_their_mean_by_hand() -> None:
    found = score(
        measures(
            sue="89.5",
            revenue_yoy="49.5",
            profit_yoy="69.5",
            net_margin_change="19.5",
            quality="9.5",
        ),
        PEERS,
        "general",
    )
    percentiles = {n: c.percentile for n, c in found.components.items()}
    assert percentiles == {
        "surprise": Decimal("90.0"),
        "growth": Decimal("60.0"),  # the mean of 50 and 70
        "margin": Decimal("20.0"),
        "quality": Decimal("90.0"),  # little odd income ranks high
    }
    assert found.score == Decimal("65.0")
    assert found.coverage == 1


def test_ties_count_half() -> None:
    found = score(measures(sue="50"), [peer(50.0)] * 40, "general")
    assert found.components["surprise"].percentile == Decimal("50.0")


def test_a_missing_part_lowers_coverage_and_not_the_score() -> None:
    found = score(measures(sue="89.5"), PEERS, "general")
    assert found.score == Decimal("90.0")
    assert found.coverage == Decimal("0.25")
    assert found.components["margin"].percentile is None
    assert found.components["margin"].reason == "net_margin_change is not known"


def test_growth_stands_on_revenue_where_profit_growth_has_none() -> None:
    growth = score(measures(revenue_yoy="49.5"), PEERS, "general").components["growth"]
    assert (growth.value, growth.percentile) == (Decimal("49.5"), Decimal("50.0"))


def test_nothing_known_is_no_score_with_the_reasons() -> None:
    found = score(measures(), PEERS, "general")
    assert found.score is None
    assert found.coverage == 0
    assert "sue is not known" in (found.reason or "")


def test_only_the_same_family_is_a_peer() -> None:
    banks = [peer(1000.0, "bank")] * 100
    found = score(measures(sue="89.5"), [*PEERS, *banks], "general")
    assert found.components["surprise"].percentile == Decimal("90.0")


def test_too_few_peers_give_a_value_without_a_percentile() -> None:
    few = score(measures(sue="5"), PEERS[:19], "general").components["surprise"]
    assert (few.value, few.percentile) == (Decimal(5), None)
    assert few.reason == "only 19 of its peers have reported it, 20 needed"
    allowed = score(measures(sue="5"), PEERS[:10], "general", minimum_peers=5)
    assert allowed.components["surprise"].percentile == Decimal("55.0")


def test_peers_without_the_measure_do_not_count() -> None:
    blank = [peer(None)] * 100
    found = score(measures(sue="5"), [*PEERS[:10], *blank], "general")
    assert found.components["surprise"].percentile is None


@given(st.decimals("-1e6", "1e6", places=3), st.decimals("-1e6", "1e6", places=3))
def test_a_better_surprise_never_ranks_lower(one: Decimal, two: Decimal) -> None:
    low, high = sorted((one, two))
    ranks = [score(measures(sue=str(v)), PEERS, "general").score for v in (low, high)]
    assert Decimal(0) <= (ranks[0] or Decimal(0)) <= (ranks[1] or Decimal(0)) <= 100
