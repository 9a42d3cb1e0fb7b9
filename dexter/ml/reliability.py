"""What was said against what happened, in bins of neighbouring probability."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dexter.ml.intervals import Array, Estimate, Mask, Resampled, wider, wilson

RELIABILITY_CUTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.92, 0.94, 0.96, 0.98)
"""Quantiles between the bins; finer at the top, where the flagged events are."""

DECILES = RELIABILITY_CUTS[:9]


@dataclass(frozen=True, slots=True)
class Bin:
    """Events of neighbouring probability: what was said, what happened."""

    low: float
    high: float
    events: int
    hits: int
    mean: float
    rate: Estimate


def reliability(
    said: Array,
    label: Array,
    drawn: Resampled,
    cuts: Sequence[float] = RELIABILITY_CUTS,
) -> tuple[Bin, ...]:
    """Bins of neighbouring probability, lowest first, cut at quantiles."""
    order = np.argsort(said, kind="stable")
    places = [round(len(order) * share) for share in cuts]
    parts = [part for part in np.split(order, places) if len(part)]
    inside = [np.isin(np.arange(len(said)), part) for part in parts]
    rates = rates_of(label > 0, inside, drawn)
    return tuple(
        Bin(
            low=float(said[part].min()),
            high=float(said[part].max()),
            events=len(part),
            hits=int(label[part].sum()),
            mean=float(said[part].mean()),
            rate=rate,
        )
        for part, rate in zip(parts, rates, strict=True)
    )


def rates_of(hit: Mask, bases: Sequence[Mask], drawn: Resampled) -> list[Estimate]:
    """Share of the events of each base that are ``hit`` too; no base is empty.

    The interval is the wider of Wilson's and the draws' on either side, since few hits
    make the bootstrap too sure.
    """
    sums = drawn.sums(*(hit & base for base in bases), *bases)
    found = []
    for base, hits, events in zip(
        bases, sums[: len(bases)], sums[len(bases) :], strict=True
    ):
        with np.errstate(divide="ignore", invalid="ignore"):
            by_session = drawn.estimate(hits / events, base)
        plain = wilson(int((hit & base).sum()), int(base.sum()))
        found.append(wider(plain, by_session))
    return found


def rate_of(hit: Mask, base: Mask, drawn: Resampled) -> Estimate:
    """``rates_of`` one base."""
    return rates_of(hit, [base], drawn)[0]
