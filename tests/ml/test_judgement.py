"""Groups, bounds, and what it takes for a verdict."""

from dataclasses import replace

import numpy as np
import pytest

from dexter.domain.alert import Demonstrated
from dexter.ml.judgement import (
    FEWEST_EVENTS,
    Judged,
    Kind,
    judge,
    minimum_coverage,
)
from dexter.ml.sample import VOLATILITY
from tests.ml.making_samples import market, sample


@pytest.fixture(scope="module")
def judged() -> Judged:
    return judge(market(), 1)


def test_all_events_come_first(judged: Judged) -> None:
    assert judged.every[0].name == "all"
    assert judged.every[0].metrics is judged.overall
    assert judged.groups[0] == ("all", judged.overall)


@pytest.mark.parametrize("kind", [Kind.SEASON, Kind.TURNOVER, Kind.BAND, Kind.COHORT])
def test_groups_of_a_kind_hold_every_event_once(judged: Judged, kind: Kind) -> None:
    groups = judged.of(kind)
    assert sum(g.events for g in groups) == judged.overall.events
    assert sum(g.hits for g in groups) == judged.overall.hits


def test_names_say_what_they_are_of(judged: Judged) -> None:
    names = [group.name for group in judged.every]
    assert names[1] == "last four seasons"
    assert names[2:8] == [
        "Q1 FY22", "Q2 FY22", "Q3 FY22", "Q4 FY22", "Q1 FY23", "Q2 FY23",
    ]  # fmt: skip
    assert "turnover ₹1 to 5 crore" in names
    assert {"20% band", "band not known", "cohort general"} <= set(names)
    assert len(names) == len(set(names))


def test_the_last_four_seasons_are_the_last_four(judged: Judged) -> None:
    (recent,) = judged.of(Kind.RECENT)
    assert recent.events == sum(g.events for g in judged.of(Kind.SEASON)[-4:])


def test_too_few_are_counted_and_not_measured(judged: Judged) -> None:
    few = {g.name: g for g in judged.every if g.metrics is None}
    assert "2% band" in few
    assert 0 < few["2% band"].events < FEWEST_EVENTS
    assert not set(few) & {name for name, _ in judged.groups}


def test_bounds_never_look_at_outcomes(judged: Judged) -> None:
    told = market()
    label = np.random.default_rng(2).permutation(told.label)
    again = judge(replace(told, label=label, net_return=-told.net_return), 1)
    assert again.bounds.threshold == judged.bounds.threshold
    assert again.bounds.medium_from == judged.bounds.medium_from
    above = (told.probability >= judged.bounds.threshold).mean()
    assert above == pytest.approx(0.05, abs=1e-3)


def test_skill_needs_the_base_rate_and_volatility_beaten(judged: Judged) -> None:
    assert judged.skill is Demonstrated.YES
    told = market()
    twin = replace(told, rivals={VOLATILITY: told.probability})
    assert judge(twin, 1).skill is Demonstrated.NO
    alone = judge(replace(told, rivals={}), 1)
    assert alone.overall.skill.low > 0
    assert alone.skill is Demonstrated.NO


def test_edge_needs_money_earned_not_merely_more_than_by_others(
    judged: Judged,
) -> None:
    assert judged.edge is Demonstrated.NO
    told = market()
    high = told.probability >= judged.bounds.threshold
    less = judge(replace(told, net_return=np.where(high, -0.01, -0.05)), 1)
    assert less.overall.edge is not None
    assert less.overall.edge.low > 0
    assert less.edge is Demonstrated.NO
    earned = replace(told, net_return=np.where(high, 0.01, told.net_return))
    assert judge(earned, 1).edge is Demonstrated.YES


def test_without_bands_or_cohorts_known_there_is_one_group() -> None:
    told = market()
    plain = replace(told, band=np.full(len(told), np.nan))
    found = judge(plain, 1).of(Kind.BAND)
    assert [g.label for g in found] == ["band not known"]
    assert found[0].events == len(told)


def test_minimum_coverage_stops_where_skill_does() -> None:
    random = np.random.default_rng(3)
    n = 6000
    coverage = random.uniform(0.3, 1.0, n)
    said = np.where(random.uniform(size=n) < 0.2, 0.5, 0.02)
    label = (random.uniform(size=n) < said).astype(float)
    label[coverage < 0.5] = random.uniform(size=int((coverage < 0.5).sum())) < 0.1
    told = replace(sample(said, label, 0.116), coverage=coverage)
    assert minimum_coverage(told, 1) == 0.5
