"""All there is to say of a model's evaluation, for whatever face says it.

A pure function of what is registered: the manifest's facts and the out-of-sample events
kept beside the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dexter.ml.evaluation import Metrics
from dexter.ml.intervals import Resampled
from dexter.ml.judgement import Judged, judge
from dexter.ml.reliability import DECILES, Bin, reliability
from dexter.ml.sample import OutOfSample


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What a manifest says of a model.

    Attributes:
        version: Its name.
        label: What it predicts.
        basis: Of the figures it reads.
        trained_until: The last day anything it learned from was known.
        events: It learned from, ``hits`` of them labelled 1.
        members: Kinds of its models with their share in the score.
        inputs: How many features it reads.
        parameters: Of its trees.
        seed: Of training and of every draw of sessions.
        software: Versions of libraries.
        hashes: Of data, features and code, by what they are of.
        trials: Settings tried before this one; null when not recorded.
        selection: How it was chosen among them, in words; null likewise.
        split: How training and test were parted, in words; null likewise.
        embargo: Sessions left out between the two; null likewise.
        importances: Mean absolute contribution to the log-odds by input, largest first.
        drift: Population stability index by input.
    """

    version: str
    label: str
    basis: str
    trained_until: date
    events: int
    hits: int
    members: tuple[tuple[str, float], ...]
    inputs: int
    parameters: Mapping[str, float | int | str]
    seed: int
    software: Mapping[str, str]
    hashes: Mapping[str, str]
    trials: int | None
    selection: str | None
    split: str | None
    embargo: int | None
    importances: tuple[tuple[str, float], ...]
    drift: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ModelReport:
    """A model's facts, its out-of-sample events, and all that was measured on them."""

    facts: ModelFacts
    sample: OutOfSample
    judged: Judged
    deciles: tuple[Bin, ...]

    @property
    def overall(self) -> Metrics:
        """The metrics of every evaluated event."""
        return self.judged.overall


def report(facts: ModelFacts, sample: OutOfSample) -> ModelReport:
    """Measure a model again on the events registered with it.

    Raises:
        ValueError: all events are of one session.
    """
    drawn = Resampled.of(sample.day, facts.seed)
    return ModelReport(
        facts=facts,
        sample=sample,
        judged=judge(sample, facts.seed),
        deciles=reliability(sample.probability, sample.label, drawn, DECILES),
    )
