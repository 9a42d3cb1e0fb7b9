"""From what was measured to what a manifest keeps."""

import numpy as np

from dexter.ml import judgement
from dexter.ml.evaluation import Bin, Metrics
from dexter.ml.intervals import Estimate
from registry.manifest import Bounds, Interval, Measured, ReliabilityBin


def interval(estimate: Estimate) -> Interval:
    """An estimate as the manifest keeps it."""
    return Interval(value=estimate.value, low=estimate.low, high=estimate.high)


def reliability_bin(part: Bin) -> ReliabilityBin:
    """A reliability bin as the manifest keeps it."""
    return ReliabilityBin(
        low=part.low,
        high=part.high,
        events=part.events,
        hits=part.hits,
        mean=part.mean,
        rate=interval(part.rate),
    )


def measured(group: str, metrics: Metrics) -> Measured:
    """Metrics of one group as the manifest keeps them."""
    rate, edge = metrics.chosen_rate, metrics.edge
    return Measured(
        group=group,
        events=metrics.events,
        hits=metrics.hits,
        base_rate=metrics.base_rate,
        brier=metrics.brier,
        brier_reference=metrics.brier_reference,
        skill=interval(metrics.skill),
        log_loss=metrics.log_loss,
        roc_auc=None if np.isnan(metrics.roc_auc) else metrics.roc_auc,
        pr_auc=None if np.isnan(metrics.pr_auc) else metrics.pr_auc,
        chosen=metrics.chosen,
        chosen_rate=None if rate is None else interval(rate),
        edge=None if edge is None else interval(edge),
    )


def bounds(found: judgement.Bounds) -> Bounds:
    """Decision bounds as the manifest keeps them."""
    return Bounds(
        threshold=found.threshold,
        medium_from=found.medium_from,
        minimum_coverage=found.minimum_coverage,
        minimum_turnover=found.minimum_turnover,
    )
