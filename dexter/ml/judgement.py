"""Where a model's decisions are taken, and its record under them."""

from dataclasses import dataclass

import numpy as np

from dexter.ml.evaluation import Metrics, OutOfSample, evaluate, skill

MINIMUM_TURNOVER = float(np.log10(2_500_000))
"""log10 rupees: ₹25 lakh a day. Figures exist only for names liquid at some time, so
thinner ones are a sample chosen with hindsight."""

LIQUID_TURNOVER = float(np.log10(50_000_000))
THRESHOLD_QUANTILE, MEDIUM_QUANTILE = 0.95, 0.80
COVERAGE_STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
FEWEST_EVENTS, FEWEST_HITS = 200, 30


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
class Judged:
    """Out-of-sample metrics: of all evaluated events first, then of groups."""

    groups: tuple[tuple[str, Metrics], ...]
    bounds: Bounds

    @property
    def overall(self) -> Metrics:
        """The metrics of every evaluated event."""
        return self.groups[0][1]


def judge(sample: OutOfSample, seed: int) -> Judged:
    """Bounds from the out-of-sample probabilities, then every metric under them.

    The threshold is a quantile of what was said and never looks at outcomes, so the
    edge above it is not chosen with hindsight.
    """
    threshold, medium = (
        float(np.quantile(sample.probability, share))
        for share in (THRESHOLD_QUANTILE, MEDIUM_QUANTILE)
    )
    parts = [("all", np.full(len(sample), fill_value=True))]
    parts += [(str(year), sample.year == year) for year in np.unique(sample.year)]
    parts.append(
        ("turnover of ₹5 crore a day and more", sample.turnover >= LIQUID_TURNOVER)
    )
    groups = tuple(
        (name, evaluate(sample.take(part), threshold, seed))
        for name, part in parts
        if sample.label[part].any()
    )
    bounds = Bounds(
        threshold=threshold,
        medium_from=medium,
        minimum_coverage=minimum_coverage(sample, seed),
        minimum_turnover=MINIMUM_TURNOVER,
    )
    return Judged(groups, bounds)


def minimum_coverage(sample: OutOfSample, seed: int) -> float:
    """The lowest step from which on every band of coverage shows skill by itself.

    A band with fewer than 200 events or without a hit shows nothing.
    """
    lowest = COVERAGE_STEPS[-1]
    for low, high in reversed(
        list(zip(COVERAGE_STEPS, (*COVERAGE_STEPS[1:], 2.0), strict=True))
    ):
        part = (sample.coverage >= low) & (sample.coverage < high)
        if part.sum() < FEWEST_EVENTS or not sample.label[part].any():
            break
        if skill(sample.take(part), seed).low <= 0:
            break
        lowest = low
    return lowest


def is_enough(sample: OutOfSample) -> bool:
    """Whether a sample is large enough to say anything from."""
    return len(sample) >= FEWEST_EVENTS and sample.label.sum() >= FEWEST_HITS
