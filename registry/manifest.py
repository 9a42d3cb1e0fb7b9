"""What a registered model says of itself, as the JSON beside its weights."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from dexter.domain.alert import Demonstrated
from dexter.domain.filing import Basis


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Interval(_Record):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


class ReliabilityBin(_Record):
    """Out-of-sample events whose probabilities lay together, and what happened."""

    low: float
    high: float
    events: int
    hits: int
    mean: float
    rate: Interval


class Measured(_Record):
    """Out-of-sample metrics of one period or group of events.

    ``skill`` is Brier skill against the base rate known then; ``edge`` the mean net
    return of the ``chosen`` events minus that of all, per one.
    """

    group: str
    events: int
    hits: int
    base_rate: float
    brier: float
    brier_reference: float
    skill: Interval
    log_loss: float
    roc_auc: float | None
    pr_auc: float | None
    chosen: int
    chosen_rate: Interval | None
    edge: Interval | None


class Calibration(_Record):
    """Platt scaling on the log-odds of the raw score."""

    slope: float
    intercept: float


class Bounds(_Record):
    """Where decisions are taken; every number set on out-of-sample data.

    ``threshold`` and ``medium_from`` are quantiles of out-of-sample probability, HIGH
    starts at the threshold. Below ``minimum_coverage`` or ``minimum_turnover`` (log10
    of rupees a day) the model does not speak.
    """

    threshold: float
    medium_from: float
    minimum_coverage: float
    minimum_turnover: float


class Proof(_Record):
    """A row of inputs and the raw score it must give, checked by ``verify``."""

    row: tuple[float | None, ...]
    raw: float


class Manifest(_Record):
    """Everything needed to use a model, and to judge it.

    ``references`` are Brier skills of the same trees on fewer inputs.
    """

    version: str
    label: str
    basis: Basis
    created: datetime | None
    trained_until: date
    events: int
    hits: int
    base_rate: float
    data_hash: str
    catalogue_hash: str
    inputs: tuple[str, ...]
    parameters: dict[str, float | int | str]
    rounds: int
    seed: int
    software: dict[str, str]
    calibration: Calibration
    bounds: Bounds
    metrics: tuple[Measured, ...]
    reliability: tuple[ReliabilityBin, ...]
    references: dict[str, Interval]
    skill: Demonstrated
    edge: Demonstrated
    evidence_table: str
    proofs: tuple[Proof, ...]
    files: dict[str, str]
