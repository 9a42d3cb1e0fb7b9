"""What a model's out-of-sample probabilities were worth: skill, ranking, edge.

Skill is about probabilities: Brier score against always saying the base rate known at
the time. Edge is about money: return after cost of the events above the threshold,
minus that of all events. Each is demonstrated when its 95 % interval lies above 0.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dexter.domain.alert import Demonstrated
from dexter.ml.intervals import Estimate, clustered, wilson

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

RELIABILITY_CUTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.92, 0.94, 0.96, 0.98)
"""Quantiles between the bins; finer at the top, where the flagged events are."""

_EDGE = 1e-12


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """Out-of-sample events as columns of equal length.

    ``reference`` is the base rate known when the event's fold was trained; ``day``
    numbers the announcement dates (the clusters); ``net_return`` is NaN where nobody
    could have bought; ``year`` is that of publication; ``coverage`` the share of model
    inputs known; ``turnover`` log10 of the median daily turnover in rupees.
    """

    probability: Array
    label: Array
    reference: Array
    net_return: Array
    day: Whole
    year: Whole
    coverage: Array
    turnover: Array

    def __len__(self) -> int:
        """Number of events."""
        return len(self.label)

    def take(self, chosen: npt.NDArray[np.bool_]) -> "OutOfSample":
        """The chosen events, clusters renumbered."""
        _, day = np.unique(self.day[chosen], return_inverse=True)
        return OutOfSample(
            self.probability[chosen],
            self.label[chosen],
            self.reference[chosen],
            self.net_return[chosen],
            day.astype(np.int64),
            self.year[chosen],
            self.coverage[chosen],
            self.turnover[chosen],
        )


@dataclass(frozen=True, slots=True)
class Bin:
    """Events of neighbouring probability: what was said, what happened."""

    low: float
    high: float
    events: int
    hits: int
    mean: float
    rate: Estimate


@dataclass(frozen=True, slots=True)
class Metrics:
    """Everything measured out of sample."""

    events: int
    hits: int
    base_rate: float
    brier: float
    brier_reference: float
    skill: Estimate
    log_loss: float
    roc_auc: float
    pr_auc: float
    edge: Estimate | None
    chosen: int
    chosen_rate: Estimate | None
    bins: tuple[Bin, ...]


def evaluate(sample: OutOfSample, threshold: float, seed: int) -> Metrics:
    """Measure a sample; ``threshold`` splits off the events that would be flagged."""
    said, label = sample.probability, sample.label
    above = said >= threshold
    chosen, hits = int(above.sum()), int(label[above].sum())
    return Metrics(
        events=len(sample),
        hits=int(label.sum()),
        base_rate=float(label.mean()),
        brier=float(np.mean((said - label) ** 2)),
        brier_reference=float(np.mean((sample.reference - label) ** 2)),
        skill=skill(sample, seed),
        log_loss=log_loss(said, label),
        roc_auc=roc_auc(said, label),
        pr_auc=pr_auc(said, label),
        edge=edge(sample, threshold, seed),
        chosen=chosen,
        chosen_rate=wilson(hits, chosen) if chosen else None,
        bins=reliability(sample, seed),
    )


def demonstrated(estimate: Estimate | None) -> Demonstrated:
    """Whether an interval lies wholly above nothing-at-all."""
    shown = estimate is not None and estimate.low > 0
    return Demonstrated.YES if shown else Demonstrated.NO


def skill(sample: OutOfSample, seed: int) -> Estimate:
    """Brier skill: 1 - Brier / Brier of the base rate known then."""
    columns = np.column_stack(
        [
            (sample.probability - sample.label) ** 2,
            (sample.reference - sample.label) ** 2,
        ]
    )
    return clustered(columns, sample.day, lambda s: 1 - s[:, 0] / s[:, 1], seed)


def edge(sample: OutOfSample, threshold: float, seed: int) -> Estimate | None:
    """Mean net return above the threshold minus that of all; null when none traded."""
    traded = np.isfinite(sample.net_return)
    above = traded & (sample.probability >= threshold)
    if not above.any():
        return None
    earned = np.where(traded, sample.net_return, 0.0)
    columns = np.column_stack([earned * above, above, earned, traded])
    return clustered(columns, sample.day, _difference_of_means, seed)


def _difference_of_means(sums: Array) -> Array:
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[:, 0] / sums[:, 1] - sums[:, 2] / sums[:, 3]


def log_loss(said: Array, label: Array) -> float:
    """Mean negative log likelihood, in nats."""
    inside = np.clip(said, _EDGE, 1 - _EDGE)
    return float(-np.mean(np.where(label > 0, np.log(inside), np.log1p(-inside))))


def roc_auc(said: Array, label: Array) -> float:
    """Chance that a hit ranks above a miss, ties counting half; NaN if undefined."""
    hits = int(label.sum())
    misses = len(label) - hits
    if not hits or not misses:
        return float("nan")
    _, inverse, counts = np.unique(said, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[label > 0].sum() - hits * (hits + 1) / 2) / (hits * misses))


def pr_auc(said: Array, label: Array) -> float:
    """Average precision; ties are taken as one step. NaN without hits."""
    if not label.any():
        return float("nan")
    values, inverse = np.unique(-said, return_inverse=True)
    events = np.bincount(inverse, minlength=len(values))
    hits = np.bincount(inverse, weights=label, minlength=len(values))
    precision = np.cumsum(hits) / np.cumsum(events)
    return float((precision * hits).sum() / hits.sum())


def reliability(sample: OutOfSample, seed: int) -> tuple[Bin, ...]:
    """Bins of neighbouring probability; rates with a day-clustered interval.

    The interval is the wider of Wilson's and the bootstrap's on either side, since few
    hits make the bootstrap too sure.
    """
    order = np.argsort(sample.probability, kind="stable")
    cuts = [round(len(order) * share) for share in RELIABILITY_CUTS]
    parts = [part for part in np.split(order, cuts) if len(part)]
    return tuple(_bin(sample, part, seed) for part in parts)


def _bin(sample: OutOfSample, part: npt.NDArray[np.intp], seed: int) -> Bin:
    said, label = sample.probability[part], sample.label[part]
    _, day = np.unique(sample.day[part], return_inverse=True)
    columns = np.column_stack([label, np.ones(len(label))])
    drawn = clustered(
        columns, day.astype(np.int64), lambda sums: sums[:, 0] / sums[:, 1], seed
    )
    plain = wilson(int(label.sum()), len(label))
    return Bin(
        low=float(said[0]),
        high=float(said[-1]),
        events=len(part),
        hits=int(label.sum()),
        mean=float(said.mean()),
        rate=Estimate(
            plain.value, min(plain.low, drawn.low), max(plain.high, drawn.high)
        ),
    )
