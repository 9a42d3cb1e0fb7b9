"""Scores and the alert that carries them; never advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from dexter.domain.filing import Basis

DISCLAIMER = (
    "Research output, not investment advice; probabilities are estimates from past "
    "data and past relations may not hold."
)

IN_SAMPLE = (
    "in sample: its model was trained on results of that time, so this is no forecast"
)


class Priority(StrEnum):
    """How loudly an alert is meant."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Its place from the loudest, which has 0."""
        return tuple(Priority).index(self)


class Confidence(StrEnum):
    """Bounds are set per model on out-of-sample data, in its manifest."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class Demonstrated(StrEnum):
    """Whether an out-of-sample interval excludes nothing-at-all."""

    YES = "demonstrated"
    NO = "not_demonstrated"


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the blockbuster score: its value and its percentile (0–100)."""

    value: Decimal | None
    percentile: Decimal | None
    evidence: tuple[str, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Blockbuster:
    """Equal-weight mean of within-season percentiles; coverage is parts known / all."""

    score: Decimal | None
    coverage: Decimal
    components: Mapping[str, Component]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """A calibrated probability beside the record of the model that gave it.

    ``in_sample`` where the model was trained on results up to that time or later: it
    knows what followed, and the probability is no forecast. ``weighing`` names the
    known inputs that weigh most in the model, most first.
    """

    label: str
    probability: Decimal
    confidence: Confidence
    base_rate: Decimal
    interval: tuple[Decimal, Decimal]
    basis: Basis
    model_version: str
    skill: Demonstrated
    edge: Demonstrated
    evidence_table: str
    illustrative: bool = False
    in_sample: bool = False
    trained_until: date | None = None
    weighing: tuple[str, ...] = ()

    @property
    def model(self) -> str:
        """The model, and until when it learned."""
        until = self.trained_until
        return self.model_version + (f", trained until {until}" if until else "")


@dataclass(frozen=True, slots=True)
class VolatilityContraction:
    """A volatility contraction pattern as of the last close before the event.

    ``depths`` are the contractions' high-to-low falls, first to last, per one;
    ``high_days`` and ``low_days`` the sessions they went from and to. ``score`` is
    0–100, ``breakout`` whether the last close was above the pivot on heavy volume.
    """

    passed: bool
    contractions: int
    depths: tuple[Decimal, ...]
    template_passed: int
    template_total: int
    volume_dry_up: Decimal | None
    pivot: Decimal | None
    evidence: tuple[str, ...]
    score: Decimal | None = None
    breakout: bool | None = None
    high_days: tuple[date, ...] = ()
    low_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """A company's results, scored. Each null score has its reason beside it."""

    id: str
    symbol: str
    company: str
    period: str
    basis: Basis | None
    published_at: datetime | None
    priority: Priority
    blockbuster: Blockbuster
    prediction: Prediction | None
    prediction_reason: str | None
    data_grade: str
    vcp: VolatilityContraction | None
    vcp_reason: str | None
    reasons: tuple[str, ...]
    evidence: tuple[str, ...]
    fictional: bool = False
    disclaimer: str = DISCLAIMER


@dataclass(frozen=True, slots=True)
class FeatureValue:
    """One feature as of a moment; null has its reason."""

    value: float | None
    unit: str
    category: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class FeatureVector:
    """Features of one results event, as of the last close before publication."""

    symbol: str
    as_of: datetime
    period_end: date
    basis: Basis | None
    catalogue_hash: str
    features: Mapping[str, FeatureValue]

    @property
    def coverage(self) -> float:
        """Share of features that are known."""
        known = sum(f.value is not None for f in self.features.values())
        return known / len(self.features) if self.features else 0.0


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a registered model says of itself."""

    version: str
    label: str
    trained_until: date
    base_rate: Decimal
    threshold: Decimal
    minimum_coverage: float
    skill: Demonstrated
    edge: Demonstrated
    evidence_table: str
    basis: Basis
