"""Tests of a preregistered study: means and differences of events that share sessions.

Intervals redraw whole sessions; p values are of Student's t over a standard error that
is clustered by session (K.-Y. Liang and S. L. Zeger, 1986), with as many degrees of
freedom as sessions of one size the group is worth. A family of tests is held together
by Holm's method (S. Holm, 1979).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dexter.ml.chances import student_p
from dexter.ml.intervals import Array, Estimate, Mask, Resampled, Whole

TENTHS = 10
_FEWEST = 2


class TooFewError(ValueError):
    """Events or sessions are too few for what is asked of them."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A mean, or a difference of two, held against a value.

    Attributes:
        estimate: With its 95 % interval by redrawn sessions.
        null: What it is held against.
        p: Two-sided; 1 where the spread cannot be told.
        events: How many the mean is of; ``sessions`` they fall on.
        deviation: Standard deviation of one event.
        design_effect: Variance of the estimate over what it were if events did not
            share sessions; NaN where nothing varies.
    """

    estimate: Estimate
    null: float
    p: float
    events: int
    sessions: int
    deviation: float
    design_effect: float

    @property
    def direction(self) -> int:
        """1 above the null, -1 below, 0 on it."""
        return (self.estimate.value > self.null) - (self.estimate.value < self.null)


def held_against(
    null: float,
    values: Array,
    drawn: Resampled,
    group: Mask,
    rest: Mask | None = None,
) -> Tested | None:
    """Hold a group's mean, or its difference from the rest's, against a value.

    Args:
        null: The value.
        values: Of each event, shape ``(n,)``; read only within the two masks.
        drawn: The events' sessions redrawn.
        group: Whose mean.
        rest: Whose mean is taken off.

    Returns:
        Null where the group or the rest is empty.
    """
    if not group.any() or (rest is not None and not rest.any()):
        return None
    draws, influence = _mean(values, drawn, group)
    if rest is not None:
        theirs, pull = _mean(values, drawn, rest)
        draws, influence = draws - theirs, influence - pull
    sums = np.bincount(drawn.place, influence, drawn.counts.shape[1])
    count = len(np.unique(drawn.place[group if rest is None else group | rest]))
    variance = float((sums**2).sum()) * count / max(count - 1, 1)
    plain = float((influence**2).sum())
    estimate = drawn.estimate(draws, group)
    return Tested(
        estimate=estimate,
        null=null,
        p=_p(estimate.value - null, variance, drawn.clusters(group)),
        events=int(group.sum()),
        sessions=len(np.unique(drawn.place[group])),
        deviation=float(values[group].std()),
        design_effect=variance / plain if plain else math.nan,
    )


def _mean(values: Array, drawn: Resampled, group: Mask) -> tuple[Array, Array]:
    """The mean in the sample and each draw, and each event's pull on it."""
    inside = np.where(group, values, 0.0)
    total, events = drawn.sums(inside, group)
    with np.errstate(divide="ignore", invalid="ignore"):
        draws = total / events
    return draws, np.where(group, inside - draws[0], 0.0) / events[0]


def _p(distance: float, variance: float, clusters: float) -> float:
    if clusters < _FEWEST or variance <= 0:
        return 1.0
    return student_p(distance / math.sqrt(variance), clusters - 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Each p value adjusted so that a whole family errs in 5 % of cases."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [1.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (len(order) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted


def tenths(values: Array) -> Whole:
    """The tenth 0 … 9 each value falls in, equal values in one; shape ``(n,)``."""
    cuts = np.quantile(values, np.arange(1, TENTHS) / TENTHS)
    return np.searchsorted(cuts, values, side="right").astype(np.int64)


@dataclass(frozen=True, slots=True)
class Within:
    """How much events of one session are alike: the intraclass correlation."""

    correlation: float
    events: int
    sessions: int

    def design_effect(self, a_session: float) -> float:
        """Variance of a mean over that of as many independent events (Kish, 1965)."""
        return max(1.0, 1 + (a_session - 1) * self.correlation)


def within(values: Array, clusters: Whole) -> Within:
    """The correlation between two events of a session, by analysis of variance.

    Raises:
        TooFewError: fewer than two sessions, or none with two events.
    """
    _, place, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    events, sessions = len(values), len(sizes)
    if not 1 < sessions < events:
        msg = "a correlation within sessions needs two sessions, one with two events"
        raise TooFewError(msg)
    means = np.bincount(place, values) / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (sessions - 1)
    inside = float(((values - means[place]) ** 2).sum()) / (events - sessions)
    size = (events - float((sizes**2).sum()) / events) / (sessions - 1)
    total = between + (size - 1) * inside
    found = (between - inside) / total if total else 0.0
    return Within(found, events, sessions)


@dataclass(frozen=True, slots=True)
class Picked:
    """How alerts would be picked at random: some sessions of one season, some each."""

    sessions: int
    each: int
    draws: int
    seed: int


def random_wins(won: Mask, session: Whole, season: Whole, how: Picked) -> Whole:
    """Wins in random picks of events; shape ``(draws,)``.

    A season is drawn by how many sessions it has with enough events, then sessions of
    it, then events of each, none twice.

    Raises:
        TooFewError: no season has so many sessions with so many events.
    """
    random = np.random.default_rng(how.seed)
    seasons = _sessions_by_season(won, session, season, how)
    weights = np.array([len(one) for one in seasons], dtype=np.float64)
    if not len(weights):
        msg = f"no season has {how.sessions} sessions with {how.each} events each"
        raise TooFewError(msg)
    chosen = random.choice(len(seasons), how.draws, p=weights / weights.sum())
    wins = np.zeros(how.draws, dtype=np.int64)
    for draw, number in enumerate(chosen):
        sessions = seasons[number]
        for place in random.choice(len(sessions), how.sessions, replace=False):
            hits, events = sessions[place]
            wins[draw] += random.hypergeometric(hits, events - hits, how.each)
    return wins


def _sessions_by_season(
    won: Mask, session: Whole, season: Whole, how: Picked
) -> list[list[tuple[int, int]]]:
    """Wins and events of each large session, by season; seasons with enough of them."""
    found = []
    for one in np.unique(season):
        mine = season == one
        days, place = np.unique(session[mine], return_inverse=True)
        events = np.bincount(place, minlength=len(days))
        hits = np.bincount(place, won[mine], len(days)).astype(np.int64)
        large = [
            (int(h), int(n)) for h, n in zip(hits, events, strict=True) if n >= how.each
        ]
        if len(large) >= how.sessions:
            found.append(large)
    return found
