"""The blockbuster score: equal-weight percentiles within the season, 0–100.

``score`` is the mean of the known ones of four components, each a percentile rank
(``dexter.ml.ranks``) within the cohort and season, as known at publication:

* surprise: rank of ``sue``
* growth: mean of the ranks of ``profit_yoy`` and ``revenue_yoy``, of those known
* margin: rank of ``net_margin_change``
* quality: 100 minus the rank of ``quality``, the share of other income and exceptional
  items in profit before tax: the less of it, the better

``coverage`` is the share of components known. One that nobody can compute lowers it and
is never 0 and never neutral; weights are equal because weights fitted to few events are
noise. Combining surprises by agreement (Jegadeesh and Livnat 2006) is not used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dexter.features.columns import Array, Whole
from dexter.ml.ranks import Asked, Peers, Ranks, ranks

MINIMUM_PEERS = 30

COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "surprise": ("sue",),
    "growth": ("profit_yoy", "revenue_yoy"),
    "margin": ("net_margin_change",),
    "quality": ("quality",),
}
"""Measures of each component, the one whose value is shown first."""

MEASURES: tuple[str, ...] = tuple(name for some in COMPONENTS.values() for name in some)
TURNED = frozenset({"quality"})
"""Components of which less is better."""

_PLACES = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One component of ``n`` events: a value, and a percentile 0–100; NaN if unknown.

    The value of growth is profit's where that is ranked, else revenue's.
    """

    value: Array
    percentile: Array


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of ``n`` events.

    Percentiles and scores have one decimal place, so that a score is the mean of the
    percentiles shown beside it, whoever asked.

    Attributes:
        score: 0–100, NaN where no component is known; ``(n,)``.
        coverage: Share of components known, 0–1; ``(n,)``.
        components: By name, in the order of ``COMPONENTS``.
        ranks: By measure, before turning; says which season they came from.
    """

    score: Array
    coverage: Array
    components: Mapping[str, Part]
    ranks: Mapping[str, Ranks]


def score_columns(  # noqa: PLR0913, PLR0917 - columns of the same events
    measures: Mapping[str, Array],
    cohort: Whole,
    season: Whole,
    moment: Whole,
    company: Whole,
    peers: Peers,
    minimum: int = MINIMUM_PEERS,
) -> Scores:
    """Score events against the results known when each was published.

    Args:
        measures: Columns of ``MEASURES``, NaN where not known; shape ``(n,)``.
        cohort: Numbered as in ``peers``; shape ``(n,)`` as all that follow.
        season: ``quarter_number`` of the quarter reported.
        moment: Publication; what peers published later changes nothing.
        company: Numbered as in ``peers``; no company is its own peer.
        peers: All results to rank among; for a backtest those of all events.
        minimum: Fewest peers a percentile is taken among.
    """
    asked = Asked(cohort, season, moment, company)
    ranked = {m: ranks(m, measures[m], asked, peers, minimum) for m in MEASURES}
    components = {
        name: Part(
            _shown([measures[m] for m in mine], [ranked[m] for m in mine]),
            _percentile([ranked[m] for m in mine], turned=name in TURNED),
        )
        for name, mine in COMPONENTS.items()
    }
    percentiles = np.array([part.percentile for part in components.values()])
    return Scores(
        score=_mean(percentiles),
        coverage=(~np.isnan(percentiles)).sum(axis=0) / len(components),
        components=components,
        ranks=ranked,
    )


def _percentile(ranked: Sequence[Ranks], *, turned: bool) -> Array:
    mean = _mean(np.array([one.percentile for one in ranked]))
    return np.round(100 - mean, _PLACES) if turned else mean


def _shown(values: Sequence[Array], ranked: Sequence[Ranks]) -> Array:
    """The first value that is ranked, else the first that is known."""
    shown = np.full(len(values[0]), np.nan)
    with_rank = [
        np.where(np.isnan(r.percentile), np.nan, v)
        for v, r in zip(values, ranked, strict=True)
    ]
    for column in (*with_rank, *values):
        shown = np.where(np.isnan(shown), column, shown)
    return shown


def _mean(percentiles: Array) -> Array:
    """Mean of the known ones of each event, ``(k, n)`` to ``(n,)``, one place."""
    known = (~np.isnan(percentiles)).sum(axis=0)
    total = np.where(np.isnan(percentiles), 0.0, percentiles).sum(axis=0)
    nothing = np.full(len(known), np.nan)
    mean: Array = np.divide(total, known, where=known > 0, out=nothing)
    return np.round(mean, _PLACES)
