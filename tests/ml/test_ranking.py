"""Ranking metrics held against plain references written out here."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexter.ml.intervals import Array, Resampled
from dexter.ml.ranking import Ranked, curves, pr_auc, roc_auc, top


def plain_roc(said: Array, label: Array) -> float:
    hits, misses = said[label > 0], said[label == 0]
    pairs = [(h > m) + 0.5 * (h == m) for h in hits for m in misses]
    return float(np.mean(pairs))


def plain_pr(said: Array, label: Array) -> float:
    total = 0.0
    for cut in np.unique(said):
        flagged = said >= cut
        gained = label[said == cut].sum() / label.sum()
        total += gained * label[flagged].mean()
    return total


def test_ranking_by_hand() -> None:
    said, label = np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0])
    assert roc_auc(said, label) == 0.75
    assert pr_auc(said, label) == pytest.approx((1 + 2 / 3) / 2)


def test_ties_count_half_and_order_does_not_matter() -> None:
    said, label = np.full(6, 0.2), np.array([1.0, 0, 0, 1, 0, 0])
    assert roc_auc(said, label) == 0.5
    assert pr_auc(said, label) == pytest.approx(1 / 3)


def test_one_class_only_is_not_defined() -> None:
    said = np.array([0.1, 0.2, 0.3])
    assert np.isnan(roc_auc(said, np.zeros(3)))
    assert np.isnan(pr_auc(said, np.zeros(3)))
    assert np.isnan(roc_auc(said, np.ones(3)))
    assert pr_auc(said, np.ones(3)) == 1.0


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 40), st.integers(1, 8))
def test_with_ties_it_agrees_with_counting_pairs(
    data: st.DataObject, n: int, values: int
) -> None:
    label = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), float)
    steps = data.draw(st.lists(st.integers(0, values), min_size=n, max_size=n))
    said = np.array(steps) / 10
    if 0 < label.sum() < n:
        assert roc_auc(said, label) == pytest.approx(plain_roc(said, label))
        assert pr_auc(said, label) == pytest.approx(plain_pr(said, label))


def test_each_draw_ranks_the_events_of_the_sessions_drawn() -> None:
    random = np.random.default_rng(1)
    said = random.integers(1, 30, 200) / 40
    label = (random.uniform(size=200) < said).astype(float)
    days = random.integers(0, 12, 200)
    drawn = Resampled.of(days, 3, 20)
    found = Ranked.of(said, label, drawn)
    for draw, counts in enumerate(drawn.counts):
        again = np.repeat(np.arange(200), counts[drawn.place].astype(int))
        said_again, label_again = said[again], label[again]
        assert found.roc_auc[draw] == pytest.approx(plain_roc(said_again, label_again))
        assert found.pr_auc[draw] == pytest.approx(plain_pr(said_again, label_again))


def test_the_likeliest_tenth_by_hand() -> None:
    said = np.linspace(0.01, 0.5, 50)
    label = np.zeros(50)
    label[[49, 48, 47, 10, 3]] = 1.0
    found = Ranked.of(said, label, Resampled.of(np.arange(50), 1, 5))
    assert found.lift[0] == pytest.approx((3 / 5) / (5 / 50))
    assert found.ratio[0] == pytest.approx(3 / said[-5:].sum())
    assert top(said).sum() == 5


def test_a_tie_across_the_tenth_counts_in_part() -> None:
    said, label = np.full(40, 0.25), np.zeros(40)
    label[:10] = 1.0
    found = Ranked.of(said, label, Resampled.of(np.arange(40), 1, 5))
    assert found.lift[0] == pytest.approx(1.0)
    assert found.ratio[0] == pytest.approx(1.0)
    assert top(said).all()
    assert not len(top(np.zeros(0)))


def test_curves_end_where_everything_is_flagged() -> None:
    said, label = np.array([0.9, 0.9, 0.5, 0.1]), np.array([1.0, 0.0, 1.0, 0.0])
    precision, recall, false = curves(said, label)
    assert precision == pytest.approx([0.5, 2 / 3, 0.5])
    assert recall == pytest.approx([0.5, 1.0, 1.0])
    assert false == pytest.approx([0.5, 0.5, 1.0])
