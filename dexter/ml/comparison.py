"""A model against simpler ones on the same events, event by event.

The two are compared inside each draw of sessions, so what both share (a wild session,
a quiet season) does not widen the interval.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dexter.ml.evaluation import losses, surprises
from dexter.ml.intervals import Array, Estimate, Resampled
from dexter.ml.ranking import Ranked
from dexter.ml.sample import OutOfSample

BASE_RATE = "base rate"


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of both; ``gain`` is how far ours is better, below 0 if worse."""

    ours: float
    theirs: float
    gain: Estimate

    @property
    def better(self) -> bool:
        """Whether the interval of the gain lies wholly above 0."""
        return self.gain.low > 0

    @property
    def worse(self) -> bool:
        """Whether it lies wholly below 0."""
        return self.gain.high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model against one rival.

    ``against`` is Brier skill with the rival for a reference, 1 - Brier / its Brier;
    ``skill`` the difference of both models' skills against the base rate. Of
    ``log_loss`` the gain is the rival's minus ours.
    """

    rival: str
    against: Estimate
    skill: Difference
    roc_auc: Difference
    pr_auc: Difference
    log_loss: Difference


def compare(sample: OutOfSample, seed: int) -> tuple[Comparison, ...]:
    """Hold a model against the base rate known then and each of its rivals.

    Raises:
        ValueError: all events are of one session.
    """
    drawn = Resampled.of(sample.day, seed)
    rivals: Mapping[str, Array] = {BASE_RATE: sample.reference, **sample.rivals}
    ours = _scores(sample, sample.probability, drawn)
    return tuple(
        _comparison(name, ours, _scores(sample, said, drawn), drawn)
        for name, said in rivals.items()
    )


@dataclass(frozen=True, slots=True)
class _Scores:
    """Statistics of one model in the sample and each draw, shape ``(1 + m,)``."""

    brier: Array
    skill: Array
    surprise: Array
    ranked: Ranked


def _scores(sample: OutOfSample, said: Array, drawn: Resampled) -> _Scores:
    label = sample.label
    loss, reference, surprise, count = drawn.sums(
        losses(said, label),
        losses(sample.reference, label),
        surprises(said, label),
        np.ones(len(label)),
    )
    return _Scores(
        brier=loss,
        skill=1 - loss / reference,
        surprise=surprise / count,
        ranked=Ranked.of(said, label, drawn),
    )


def _comparison(
    name: str, ours: _Scores, theirs: _Scores, drawn: Resampled
) -> Comparison:
    with np.errstate(divide="ignore", invalid="ignore"):
        against = drawn.estimate(1 - ours.brier / theirs.brier)
    return Comparison(
        rival=name,
        against=against,
        skill=_difference(ours.skill, theirs.skill, drawn),
        roc_auc=_difference(ours.ranked.roc_auc, theirs.ranked.roc_auc, drawn),
        pr_auc=_difference(ours.ranked.pr_auc, theirs.ranked.pr_auc, drawn),
        log_loss=_difference(ours.surprise, theirs.surprise, drawn, sign=-1),
    )


def _difference(
    ours: Array, theirs: Array, drawn: Resampled, sign: int = 1
) -> Difference:
    gain = drawn.estimate(sign * (ours - theirs))
    return Difference(float(ours[0]), float(theirs[0]), gain)
