"""One event's blockbuster score in words and decimals: ``score_columns`` of one row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np

from dexter.domain.alert import Blockbuster, Component, FeatureValue
from dexter.domain.company import Family
from dexter.domain.period import Quarter
from dexter.domain.results import SeasonPeer
from dexter.features.columns import Array
from dexter.features.moments import moment_number, quarter_number, whole
from dexter.ml.blockbuster import (
    COMPONENTS,
    MEASURES,
    MINIMUM_PEERS,
    TURNED,
    Scores,
    score_columns,
)
from dexter.ml.ranks import Peers

COHORTS: tuple[Family, ...] = tuple(Family)
"""A cohort's number is its place here."""

Seasons = Mapping[Quarter, Sequence[SeasonPeer]]

_FIELDS = {
    "sue": "sue",
    "profit_yoy": "profit_growth",
    "revenue_yoy": "revenue_growth",
    "net_margin_change": "margin_change",
    "quality": "quality",
}
# Fewer than two machines may differ in.
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Results:
    """The event to score; ``measures`` has each of ``MEASURES``, null with a reason."""

    company: str
    family: Family
    quarter: Quarter
    published_at: datetime
    measures: Mapping[str, FeatureValue]


@dataclass(frozen=True, slots=True)
class Among:
    """The other companies a measure was ranked among: of which kind and quarter."""

    measure: str
    companies: int
    family: Family
    quarter: Quarter


@dataclass(frozen=True, slots=True)
class Scored:
    """A score without its evidence, and how each known component came about.

    ``formulas`` says in words, by component, what was ranked; ``ranked`` which measures
    its percentile stands on, ``among`` whom each of them was ranked among.
    """

    blockbuster: Blockbuster
    formulas: Mapping[str, str]
    ranked: Mapping[str, tuple[str, ...]]
    among: Mapping[str, tuple[Among, ...]]


def score(results: Results, seasons: Seasons, minimum: int = MINIMUM_PEERS) -> Scored:
    """Score one event against the season it reported in, or the one before.

    Args:
        results: What is scored.
        seasons: Results of its quarter and of the one before, of any family; later
            ones and the company's own may be among them.
        minimum: Fewer peers with a measure give no percentile.
    """
    scores = score_columns(
        {name: np.array([_float(results.measures[name])]) for name in MEASURES},
        cohort=whole([COHORTS.index(results.family)]),
        season=whole([quarter_number(results.quarter)]),
        moment=whole([moment_number(results.published_at)]),
        company=whole([0]),
        peers=peers_of(seasons, {results.company: 0}),
        minimum=minimum,
    )
    ranked = {
        name: tuple(m for m in mine if not np.isnan(scores.ranks[m].percentile[0]))
        for name, mine in COMPONENTS.items()
    }
    among = {
        name: tuple(_among(measure, results, scores) for measure in mine)
        for name, mine in ranked.items()
    }
    return Scored(
        blockbuster=_blockbuster(results, scores, minimum),
        formulas={name: _formula(name, mine) for name, mine in among.items() if mine},
        ranked=ranked,
        among=among,
    )


def peers_of(seasons: Seasons, companies: dict[str, int]) -> Peers:
    """Seasons as columns.

    Args:
        seasons: Results by quarter.
        companies: Numbers by symbol; those it does not have yet are added.
    """
    rows = [(quarter, peer) for quarter, some in seasons.items() for peer in some]
    peers = [peer for _, peer in rows]
    return Peers.of(
        {name: _column(peers, field) for name, field in _FIELDS.items()},
        cohort=whole(COHORTS.index(Family(peer.family)) for peer in peers),
        season=whole(quarter_number(quarter) for quarter, _ in rows),
        moment=whole(moment_number(peer.published_at) for peer in peers),
        company=whole(companies.setdefault(p.symbol, len(companies)) for p in peers),
    )


def _column(peers: Sequence[SeasonPeer], field: str) -> Array:
    told = [getattr(peer, field) for peer in peers]
    return np.array([np.nan if v is None else v for v in told], dtype=np.float64)


def _float(feature: FeatureValue) -> float:
    return float("nan") if feature.value is None else feature.value


def _blockbuster(results: Results, scores: Scores, minimum: int) -> Blockbuster:
    components: dict[str, Component] = {}
    for name, part in scores.components.items():
        percentile = _decimal(part.percentile[0])
        why = None
        if percentile is None:
            why = _why(COMPONENTS[name], results, scores, minimum)
        components[name] = Component(_decimal(part.value[0]), percentile, (), why)
    value = _decimal(scores.score[0])
    reasons = "; ".join(f"{name}: {c.reason}" for name, c in components.items())
    return Blockbuster(
        score=value,
        coverage=Decimal(repr(float(scores.coverage[0]))),
        components=components,
        reason=f"no component is known ({reasons})" if value is None else None,
    )


def _decimal(value: np.float64) -> Decimal | None:
    return None if np.isnan(value) else Decimal(f"{value:.{_DIGITS}g}")


def _why(
    measures: Sequence[str], results: Results, scores: Scores, minimum: int
) -> str:
    """Why none of a component's measures has a percentile, each reason once."""
    family, quarter = results.family.value, results.quarter
    reasons: dict[str, None] = {}
    for name in measures:
        if results.measures[name].value is None:
            reasons[results.measures[name].reason or f"{name} is not known"] = None
        else:
            now, before = scores.ranks[name].counts[0]
            few = (
                f"{name} is known of {now} other {family} companies of {quarter} and "
                f"of {before} of {quarter.previous}; {minimum} are needed"
            )
            reasons[few] = None
    return "; ".join(reasons)


def _formula(component: str, among: Sequence[Among]) -> str:
    """How a component's percentile came about, in words."""
    said = " and ".join(map(_rank, among))
    if len(among) > 1:
        said = f"mean of {said}"
    return f"100 − {said}" if component in TURNED else said


def _rank(one: Among) -> str:
    return (
        f"percentile rank (ties half) of {one.measure} among the {one.companies} "
        f"other {one.family.value} companies of {one.quarter} known at publication"
    )


def _among(measure: str, results: Results, scores: Scores) -> Among:
    ranks = scores.ranks[measure]
    back = int(ranks.back[0])
    quarter = results.quarter.shift(-back)
    return Among(measure, int(ranks.counts[0, back]), results.family, quarter)
