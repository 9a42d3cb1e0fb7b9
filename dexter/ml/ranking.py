"""How well probabilities rank events: areas under curves, and the likeliest tenth.

Ties are taken as one step: neither order of the events nor luck enters.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from dexter.features.compiled import kernel
from dexter.ml.intervals import Array, Mask, Resampled, Whole

TOP = 0.1
"""The likeliest tenth, the top decile."""

RANKINGS = 1000
"""Draws that are ranked: each costs a walk over all events."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ranking statistics of a sample and its redrawings, of shape ``(1 + m,)`` each.

    ``roc_auc`` is the chance that a hit ranks above a miss, ties counting half;
    ``pr_auc`` average precision; ``lift`` the hit rate of the likeliest tenth over that
    of all; ``ratio`` the hits of that tenth over those its probabilities expected.
    NaN where a draw holds no hit, or no miss; at most ``RANKINGS`` draws.
    """

    roc_auc: Array
    pr_auc: Array
    lift: Array
    ratio: Array

    @classmethod
    def of(cls, said: Array, label: Array, drawn: Resampled) -> Self:
        """Rank events by what was said of them, shape ``(n,)``.

        In each draw the tenth is taken anew; where it ends inside a tie, that tie
        counts in part.
        """
        order = np.argsort(-said, kind="stable")
        fewer = Resampled(drawn.place, drawn.counts[: 1 + RANKINGS])
        total, hits = fewer.sums(np.ones(len(label)), label)
        found = _ranked(
            said[order],
            label[order].astype(np.float64),
            fewer.place[order],
            np.ascontiguousarray(fewer.counts),
            np.array([total, hits]),
            TOP,
        )
        return cls(found[0], found[1], found[2], found[3])


def top(said: Array) -> Mask:
    """The events of the likeliest tenth, with all that tie with its last."""
    if not len(said):
        return np.zeros(0, dtype=np.bool_)
    last = max(round(TOP * len(said)), 1) - 1
    return np.asarray(said >= np.sort(said)[::-1][last])


def roc_auc(said: Array, label: Array) -> float:
    """Chance that a hit ranks above a miss, ties counting half; NaN if undefined."""
    return float(Ranked.of(said, label, _itself(len(said))).roc_auc[0])


def pr_auc(said: Array, label: Array) -> float:
    """Average precision; NaN without hits."""
    return float(Ranked.of(said, label, _itself(len(said))).pr_auc[0])


def curves(said: Array, label: Array) -> tuple[Array, Array, Array]:
    """Precision, recall and share of misses flagged at every cut, highest cut first.

    Each has a value a distinct probability; both classes must be there.
    """
    _, place = np.unique(-said, return_inverse=True)
    events = np.cumsum(np.bincount(place))
    hits = np.cumsum(np.bincount(place, weights=label))
    misses = events - hits
    return hits / events, hits / hits[-1], misses / misses[-1]


def _itself(events: int) -> Resampled:
    return Resampled(np.zeros(events, dtype=np.int64), np.ones((1, 1)))


@kernel
def _ranked(
    said: Array,
    label: Array,
    place: Whole,
    counts: Array,
    sums: Array,
    share: float,
) -> Array:
    """Walk down the ranking once a draw.

    ``said`` falls; rows of ``counts`` are draws, columns of ``sums`` their events and
    hits.
    """
    events = len(said)
    found = np.full((4, len(counts)), np.nan)
    for draw in range(len(counts)):
        if sums[1, draw] == 0.0:
            continue
        weights, limit = counts[draw], share * sums[0, draw]
        above, above_hits, outranked, precise = 0.0, 0.0, 0.0, 0.0
        top_hits, top_said = 0.0, 0.0
        first = 0
        while first < events:
            tied, tied_hits, end = 0.0, 0.0, first
            while end < events and said[end] == said[first]:
                tied += weights[place[end]]
                tied_hits += weights[place[end]] * label[end]
                end += 1
            if above < limit and tied > 0.0:
                part = min(1.0, (limit - above) / tied)
                top_hits += part * tied_hits
                top_said += part * tied * said[first]
            outranked += (tied - tied_hits) * (above_hits + tied_hits / 2)
            above += tied
            above_hits += tied_hits
            if tied_hits > 0.0:
                precise += tied_hits * above_hits / above
            first = end
        if above > above_hits:
            found[0, draw] = outranked / (above_hits * (above - above_hits))
        found[1, draw] = precise / above_hits
        found[2, draw] = top_hits / (share * above_hits)
        found[3, draw] = top_hits / top_said if top_said > 0.0 else np.nan
    return found
