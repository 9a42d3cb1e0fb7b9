"""What a model's out-of-sample probabilities were worth: skill, ranking, money.

Skill is about probabilities: Brier score against always saying the base rate known at
the time. Edge is about money: return after cost, from the first tradable price, of the
events above the threshold. Intervals redraw whole sessions.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from dexter.domain.alert import Demonstrated
from dexter.features.moments import day_of
from dexter.ml import recalibration as mending
from dexter.ml.intervals import Array, Estimate, Mask, Resampled
from dexter.ml.ranking import Ranked, top
from dexter.ml.recalibration import Recalibration
from dexter.ml.reliability import Bin, rate_of, reliability
from dexter.ml.sample import OutOfSample

FEWEST_SESSIONS = 10
"""On fewer sessions a mean has no interval worth the name."""

_EDGE = 1e-12


@dataclass(frozen=True, slots=True)
class Metrics:
    """Everything measured out of sample; null is what the events do not define.

    Attributes:
        events: How many; ``hits`` of them labelled 1, on ``sessions``, between days
            ``first`` and ``last``.
        base_rate: Hits per event.
        brier: Mean squared error of what was said, ``brier_reference`` of the base rate
            known then.
        skill: 1 - brier / brier_reference.
        log_loss: Mean negative log likelihood in nats, and the base rate's.
        roc_auc: Chance that a hit ranks above a miss.
        pr_auc: Average precision.
        mended: Slope and intercept the log-odds would need.
        lift: Hit rate of the likeliest tenth over that of all.
        ratio: Hits of the likeliest tenth over those its probabilities expected.
        chosen: Events at or above the threshold; ``precision``, ``recall`` and ``f1``
            are theirs.
        traded: Of them those somebody could have bought.
        earned: Mean net return of the traded, per one: what the verdict on edge asks.
        edge: That minus the mean net return of all events that could be bought.
        moved: Mean move of the chosen less the market's over the window, part of it
            before anybody could have bought.
        bins: What was said against what happened.
    """

    events: int
    hits: int
    sessions: int
    first: date
    last: date
    base_rate: float
    brier: Estimate
    brier_reference: float
    skill: Estimate
    log_loss: Estimate
    log_loss_reference: float
    roc_auc: Estimate | None
    pr_auc: Estimate | None
    mended: Recalibration | None
    lift: Estimate | None
    ratio: Estimate | None
    chosen: int
    precision: Estimate | None
    recall: Estimate | None
    f1: Estimate | None
    traded: int
    earned: Estimate | None
    edge: Estimate | None
    moved: Estimate | None
    bins: tuple[Bin, ...]


def evaluate(sample: OutOfSample, threshold: float, seed: int) -> Metrics:
    """Measure a sample; ``threshold`` splits off the events that would be flagged.

    Raises:
        ValueError: all events are of one session.
    """
    drawn = Resampled.of(sample.day, seed)
    said, label, hit = sample.probability, sample.label, sample.label > 0
    chosen = said >= threshold
    loss, surprise = losses(said, label), surprises(said, label)
    ranked, likeliest = Ranked.of(said, label, drawn), top(said)
    return Metrics(
        events=len(sample),
        hits=int(label.sum()),
        sessions=sample.sessions,
        first=day_of(sample.day.min()),
        last=day_of(sample.day.max()),
        base_rate=float(label.mean()),
        brier=_mean(drawn, loss),
        brier_reference=float(losses(sample.reference, label).mean()),
        skill=_skill(sample, drawn),
        log_loss=_mean(drawn, surprise),
        log_loss_reference=log_loss(sample.reference, label),
        roc_auc=defined(drawn.estimate(ranked.roc_auc)),
        pr_auc=defined(drawn.estimate(ranked.pr_auc)),
        mended=mending.recalibration(said, label, drawn),
        lift=defined(drawn.estimate(ranked.lift, likeliest)),
        ratio=defined(drawn.estimate(ranked.ratio, likeliest)),
        chosen=int(chosen.sum()),
        precision=rate_of(hit, chosen, drawn) if chosen.any() else None,
        recall=rate_of(chosen, hit, drawn) if hit.any() else None,
        f1=_f1(hit, chosen, drawn),
        traded=int((chosen & np.isfinite(sample.net_return)).sum()),
        earned=mean_of(sample.net_return, chosen, sample, drawn),
        edge=_edge(sample, chosen, drawn),
        moved=mean_of(sample.abnormal, chosen, sample, drawn),
        bins=reliability(said, label, drawn),
    )


def demonstrated(*estimates: Estimate | None) -> Demonstrated:
    """Whether intervals are there and all lie wholly above nothing-at-all."""
    shown = all(one is not None and one.low > 0 for one in estimates)
    return Demonstrated.YES if shown and estimates else Demonstrated.NO


def skill(sample: OutOfSample, seed: int) -> Estimate:
    """Brier skill: 1 - Brier / Brier of the base rate known then.

    Raises:
        ValueError: all events are of one session.
    """
    return _skill(sample, Resampled.of(sample.day, seed))


def edge(sample: OutOfSample, threshold: float, seed: int) -> Estimate | None:
    """Mean net return above the threshold minus that of all.

    Null when those above could be bought on too few sessions.
    """
    chosen = sample.probability >= threshold
    return _edge(sample, chosen, Resampled.of(sample.day, seed))


def losses(said: Array, label: Array) -> Array:
    """Squared error of each probability."""
    return (said - label) ** 2


def surprises(said: Array, label: Array) -> Array:
    """Negative log likelihood of each label, in nats."""
    inside = np.clip(said, _EDGE, 1 - _EDGE)
    return -np.where(label > 0, np.log(inside), np.log1p(-inside))


def log_loss(said: Array, label: Array) -> float:
    """Mean negative log likelihood, in nats."""
    return float(surprises(said, label).mean())


def mean_of(
    values: Array, chosen: Mask, sample: OutOfSample, drawn: Resampled
) -> Estimate | None:
    """Mean of the known values of chosen events; null on too few sessions."""
    known = chosen & np.isfinite(values)
    if not _enough(sample, known):
        return None
    total, count = drawn.sums(np.where(known, values, 0.0), known)
    with np.errstate(divide="ignore", invalid="ignore"):
        return drawn.estimate(total / count, known)


def defined(estimate: Estimate) -> Estimate | None:
    """The estimate; null where its value or interval is not a number."""
    return estimate if np.isfinite([estimate.value, estimate.low]).all() else None


def _enough(sample: OutOfSample, chosen: Mask) -> bool:
    return len(np.unique(sample.day[chosen])) >= FEWEST_SESSIONS


def _mean(drawn: Resampled, column: Array) -> Estimate:
    total, count = drawn.sums(column, np.ones(len(column)))
    return drawn.estimate(total / count)


def _skill(sample: OutOfSample, drawn: Resampled) -> Estimate:
    ours, reference = drawn.sums(
        losses(sample.probability, sample.label),
        losses(sample.reference, sample.label),
    )
    return drawn.estimate(1 - ours / reference)


def _f1(hit: Mask, chosen: Mask, drawn: Resampled) -> Estimate | None:
    both, hits, flagged = drawn.sums(hit & chosen, hit, chosen)
    with np.errstate(divide="ignore", invalid="ignore"):
        return defined(drawn.estimate(2 * both / (hits + flagged), hit | chosen))


def _edge(sample: OutOfSample, chosen: Mask, drawn: Resampled) -> Estimate | None:
    traded = np.isfinite(sample.net_return)
    above = traded & chosen
    if not _enough(sample, above):
        return None
    earned = np.where(traded, sample.net_return, 0.0)
    mine, flagged, every, count = drawn.sums(earned * above, above, earned, traded)
    with np.errstate(divide="ignore", invalid="ignore"):
        return drawn.estimate(mine / flagged - every / count, above)
