"""Where a model's decisions are taken, its record under them, and the verdict."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from dexter.domain.alert import Demonstrated
from dexter.domain.company import Family
from dexter.features.moments import quarter_of
from dexter.ml.comparison import Comparison, compare
from dexter.ml.evaluation import (
    FEWEST_SESSIONS,
    Metrics,
    demonstrated,
    evaluate,
    skill,
)
from dexter.ml.intervals import Mask
from dexter.ml.sample import VOLATILITY, OutOfSample

MINIMUM_TURNOVER = float(np.log10(2_500_000))
"""log10 rupees: ₹25 lakh a day. Figures exist only for names liquid at some time, so
thinner ones are a sample chosen with hindsight."""

THRESHOLD_QUANTILE, MEDIUM_QUANTILE = 0.95, 0.80
COVERAGE_STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
FEWEST_EVENTS, FEWEST_HITS = 200, 30
FEWEST_HITS_IN_GROUP = 10
RECENT_SEASONS = 4
BANDS = (2, 5, 10, 20)

_CRORE = 1e7
_TURNOVERS = (
    ("₹25 lakh to 1 crore", MINIMUM_TURNOVER, np.log10(_CRORE)),
    ("₹1 to 5 crore", np.log10(_CRORE), np.log10(5 * _CRORE)),
    ("₹5 crore and more", np.log10(5 * _CRORE), np.inf),
)


class Kind(StrEnum):
    """What the events of a group have in common."""

    ALL = "all"
    RECENT = "recent"
    SEASON = "season"
    TURNOVER = "turnover"
    BAND = "band"
    COHORT = "cohort"


_BEFORE = {Kind.TURNOVER: "turnover ", Kind.COHORT: "cohort "}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where an event is flagged (``threshold``) or noted (``medium_from``).

    Below the minima (``minimum_turnover`` in log10 rupees a day) the model does not
    speak.
    """

    threshold: float
    medium_from: float
    minimum_coverage: float
    minimum_turnover: float


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the events; null metrics are of too few to measure."""

    kind: Kind
    label: str
    events: int
    hits: int
    sessions: int
    metrics: Metrics | None

    @property
    def name(self) -> str:
        """What the group goes by where groups of all kinds stand together."""
        return f"{_BEFORE.get(self.kind, '')}{self.label}"


@dataclass(frozen=True, slots=True)
class Judged:
    """Out-of-sample metrics of all events and of groups, and what they come to.

    ``every`` holds all groups, those of too few events included, all events first.
    """

    every: tuple[Group, ...]
    bounds: Bounds
    comparisons: tuple[Comparison, ...]
    overall: Metrics

    @property
    def groups(self) -> tuple[tuple[str, Metrics], ...]:
        """Names and metrics of the groups large enough to be measured."""
        return tuple((g.name, g.metrics) for g in self.every if g.metrics is not None)

    def of(self, kind: Kind) -> tuple[Group, ...]:
        """The groups of one kind."""
        return tuple(group for group in self.every if group.kind is kind)

    def against(self, rival: str) -> Comparison | None:
        """The comparison with a rival; null when it was none."""
        return next((c for c in self.comparisons if c.rival == rival), None)

    @property
    def skill(self) -> Demonstrated:
        """Whether Brier skill lies above 0 against base rate and volatility alone."""
        volatility = self.against(VOLATILITY)
        against = None if volatility is None else volatility.against
        return demonstrated(self.overall.skill, against)

    @property
    def edge(self) -> Demonstrated:
        """Whether the mean return after cost of the flagged lies above 0."""
        return demonstrated(self.overall.earned)


def judge(sample: OutOfSample, seed: int) -> Judged:
    """Bounds from the out-of-sample probabilities, then every metric under them.

    The threshold is a quantile of what was said and never looks at outcomes, so what
    is measured above it is not chosen with hindsight.

    Args:
        sample: Enough to be judged: ``FEWEST_EVENTS`` and ``FEWEST_HITS`` of them.
        seed: Of the draws of sessions.

    Raises:
        ValueError: all events are of one session.
    """
    threshold, medium = (
        float(np.quantile(sample.probability, share))
        for share in (THRESHOLD_QUANTILE, MEDIUM_QUANTILE)
    )
    overall = evaluate(sample, threshold, seed)
    counts = overall.events, overall.hits, overall.sessions
    every = [Group(Kind.ALL, "all", *counts, overall)]
    for kind, label, part in _parts(sample):
        if part.any():
            every.append(_group(kind, label, sample.take(part), threshold, seed))
    bounds = Bounds(
        threshold=threshold,
        medium_from=medium,
        minimum_coverage=minimum_coverage(sample, seed),
        minimum_turnover=MINIMUM_TURNOVER,
    )
    return Judged(tuple(every), bounds, compare(sample, seed), overall)


def minimum_coverage(sample: OutOfSample, seed: int) -> float:
    """The lowest step from which on every band of coverage shows skill by itself.

    A band with fewer than 200 events, without a hit or on few sessions shows nothing.
    """
    lowest = COVERAGE_STEPS[-1]
    for low, high in reversed(
        list(zip(COVERAGE_STEPS, (*COVERAGE_STEPS[1:], 2.0), strict=True))
    ):
        part = sample.take((sample.coverage >= low) & (sample.coverage < high))
        if not _measurable(part, hits=1) or skill(part, seed).low <= 0:
            break
        lowest = low
    return lowest


def _measurable(sample: OutOfSample, hits: int) -> bool:
    return (
        len(sample) >= FEWEST_EVENTS
        and sample.label.sum() >= hits
        and sample.sessions >= FEWEST_SESSIONS
    )


def _parts(sample: OutOfSample) -> Iterator[tuple[Kind, str, Mask]]:
    seasons = np.unique(sample.season)
    recent = np.isin(sample.season, seasons[-RECENT_SEASONS:])
    yield Kind.RECENT, "last four seasons", recent
    for season in seasons:
        yield Kind.SEASON, str(quarter_of(season)), sample.season == season
    for label, low, high in _TURNOVERS:
        part = (sample.turnover >= low) & (sample.turnover < high)
        yield Kind.TURNOVER, label, part
    told = np.isin(sample.band, BANDS)
    for band in BANDS:
        yield Kind.BAND, f"{band}% band", sample.band == band
    yield Kind.BAND, "band not known", ~told
    for place, family in enumerate(Family):
        yield Kind.COHORT, family.value, sample.cohort == place


def _group(
    kind: Kind, label: str, part: OutOfSample, threshold: float, seed: int
) -> Group:
    enough = _measurable(part, hits=FEWEST_HITS_IN_GROUP)
    metrics = evaluate(part, threshold, seed) if enough else None
    return Group(kind, label, len(part), int(part.label.sum()), part.sessions, metrics)
