"""A backtest summed up: every event has a place, and the measures are evaluation's."""

from dataclasses import replace

import numpy as np
import pytest

from dexter.console.backtest import verdicts
from dexter.domain.alert import Demonstrated
from dexter.features.moments import day_of
from dexter.ml.backtesting import Kind, kind_of, summarise
from dexter.ml.evaluation import evaluate
from dexter.ml.intervals import Resampled, wilson
from dexter.ml.reliability import rate_of
from tests.ml.making_backtests import FROZEN, FUTURES, rows


def test_no_event_leaves_the_count() -> None:
    given = rows()
    found = summarise(given, FROZEN)
    assert found.events == 1500
    assert found.scored + sum(many for _, many in found.refused) == 1500
    assert found.unknown == ((FUTURES, 215),)
    whole, scored = found.of(Kind.ALL)
    assert (whole.events, whole.labelled) == (1500, 1285)
    assert scored.events == found.scored == 1200
    for kind in (Kind.PRIORITY, Kind.CONFIDENCE):
        parts = found.of(kind)
        for count in ("events", "labelled", "hits", "traded", "locked"):
            total = sum(getattr(part, count) for part in parts)
            assert total == getattr(whole, count), count


def test_reasons_are_counted_whatever_their_numbers() -> None:
    assert summarise(rows(), FROZEN).refused == (
        ("its median turnover of ₹… a day is low", 300),
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (
            "No probability for M&M: 32% of its inputs are known, 40% are needed.",
            "…% of its inputs are known, …% are needed",
        ),
        (
            "No probability for A: catalogue 3147b9dc538ccf58, the model's 1,234.5.",
            "catalogue 3147b9dc538ccf58, the model's …",
        ),
        (FUTURES, FUTURES),
    ],
)
def test_a_kind_of_reason_is_of_no_company(said: str, kind: str) -> None:
    assert kind_of(said) == kind


def test_the_measures_are_those_evaluate_gives_the_same_rows() -> None:
    given = rows()
    both = given.scored & given.labelled
    found = summarise(given, FROZEN)
    assert found.metrics == evaluate(
        given.sample.take(both), FROZEN.threshold, FROZEN.seed
    )
    assert found.unmeasured is None
    assert found.skill is Demonstrated.YES


def test_a_hit_rate_has_both_intervals() -> None:
    given = rows()
    (high,) = (
        one
        for one in summarise(given, FROZEN).of(Kind.CONFIDENCE)
        if one.name == "HIGH"
    )
    inside = np.array([one == "HIGH" for one in given.confidence]) & given.labelled
    plain = wilson(high.hits, high.labelled)
    assert high.rate is not None
    assert high.clustered is not None
    assert (high.rate.low, high.rate.high) == (plain.low, plain.high)
    drawn = Resampled.of(given.sample.day, FROZEN.seed)
    wider = rate_of(given.sample.label > 0, inside, drawn)
    assert wider.low == min(plain.low, high.clustered.low or 0)
    assert high.clustered.value == pytest.approx(high.hits / high.labelled)


def test_events_whose_sessions_are_ahead_carry_nothing_but_their_count() -> None:
    given = rows()
    ahead = np.arange(len(given)) % 3 == 0
    sample = given.sample
    late = replace(
        sample,
        day=np.where(ahead, -1, sample.day),
        label=np.where(ahead, np.nan, sample.label),
        net_return=np.where(ahead, np.nan, sample.net_return),
        abnormal=np.where(ahead, np.nan, sample.abnormal),
    )
    with_late = summarise(replace(given, sample=late), FROZEN).groups[0]
    without = summarise(
        replace(
            given,
            sample=late.take(~ahead),
            published_day=given.published_day[~ahead],
            locked=given.locked[~ahead],
            **{
                name: tuple(
                    one
                    for one, gone in zip(getattr(given, name), ahead, strict=True)
                    if not gone
                )
                for name in ("refusal", "unknown", "confidence", "priority")
            },
        ),
        FROZEN,
    ).groups[0]
    assert with_late.events == without.events + 500
    assert with_late.earned == without.earned
    assert with_late.clustered == without.clustered
    assert with_late.sessions == without.sessions


def test_what_the_model_may_have_learned_from_is_counted() -> None:
    given = rows()
    assert summarise(given, FROZEN).in_sample == 0
    middle = int(np.median(given.published_day))
    seen = replace(FROZEN, trained_until=day_of(middle))
    assert summarise(given, seen).in_sample == (given.published_day <= middle).sum()


def test_skill_is_demonstrated_by_what_came_after_the_training_alone() -> None:
    given = rows()
    fresh = summarise(given, FROZEN)
    assert fresh.fresh == fresh.metrics
    assert fresh.skill is Demonstrated.YES
    assert not any("sample" in said for said, _ in verdicts(fresh))

    every = int(given.published_day.max())
    seen = summarise(given, replace(FROZEN, trained_until=day_of(every)))
    assert seen.metrics == fresh.metrics
    assert seen.fresh is None
    assert seen.skill is seen.edge is Demonstrated.NO
    assert all("in sample" in said for said, _ in verdicts(seen))

    middle = int(np.median(given.published_day))
    half = summarise(given, replace(FROZEN, trained_until=day_of(middle)))
    assert half.metrics == fresh.metrics
    assert half.fresh is not None
    assert half.fresh.events < half.events - half.in_sample + 1
    assert all("here out of sample:" in said for said, _ in verdicts(half))


def test_few_sessions_give_values_without_intervals_and_no_measures() -> None:
    given = rows()
    days = np.where(np.arange(len(given)) % 2, 1000, 1001)
    found = summarise(replace(given, sample=replace(given.sample, day=days)), FROZEN)
    assert found.metrics is None
    assert "on 2 sessions; 10 are needed" in (found.unmeasured or "")
    assert found.skill is found.edge is Demonstrated.NO
    whole = found.groups[0]
    assert whole.earned is not None
    assert whole.rate is not None
    assert (whole.earned.low, whole.rate.low is None) == (None, False)


def test_nothing_at_all_is_no_error() -> None:
    given = rows(n=7, refused=1, unknown=1)
    late = replace(
        given.sample,
        day=np.full(7, -1),
        net_return=np.full(7, np.nan),
        abnormal=np.full(7, np.nan),
    )
    found = summarise(replace(given, sample=late), FROZEN)
    assert (found.scored, found.metrics) == (0, None)
    assert all(one.rate is None and one.earned is None for one in found.groups)


def test_the_same_rows_give_the_same_summary() -> None:
    assert summarise(rows(), FROZEN) == summarise(rows(), FROZEN)
