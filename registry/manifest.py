"""What a registered model says of itself, as the JSON beside its weights.

Format 2 has members and says more; a manifest of format 1 is one XGBoost member and is
read as such.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dexter.domain.alert import Demonstrated
from dexter.domain.filing import Basis

MANIFEST_FILE = "manifest.json"
MODEL_FILE = "model.ubj"
"""XGBoost's own format, and the one member of a model of format 1."""

LIGHTGBM_FILE, LOGISTIC_FILE = "model.lgb.txt", "logistic.json"
FORMATS = (1, 2)


class Record(BaseModel):
    """Frozen, without fields nobody knows and numbers that JSON cannot tell."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Interval(Record):
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


class ReliabilityBin(Record):
    """Out-of-sample events whose probabilities lay together, and what happened."""

    low: float
    high: float
    events: int
    hits: int
    mean: float
    rate: Interval


class Measured(Record):
    """Out-of-sample metrics of one period or group of events.

    ``skill`` is Brier skill against the base rate known then; ``edge`` the mean net
    return of the ``chosen`` events minus that of all, per one. What follows was not
    measured of older models: ``earned`` is the mean net return of the ``traded`` among
    the chosen and ``moved`` their mean move less the market's; ``precision``,
    ``recall`` and ``f1`` are of the chosen; ``lift_10`` is the hit rate of the
    likeliest tenth over that of all, ``top_decile_ratio`` its hits over those its
    probabilities expected; ``slope`` and ``intercept`` would mend the log-odds;
    ``first`` and ``last`` are the days of the events, ``sessions`` how many. The
    intervals of plain numbers stand under their names in ``intervals``.
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
    sessions: int | None = None
    first: date | None = None
    last: date | None = None
    log_loss_reference: float | None = None
    precision: Interval | None = None
    recall: Interval | None = None
    f1: Interval | None = None
    lift_10: Interval | None = None
    top_decile_ratio: Interval | None = None
    slope: Interval | None = None
    intercept: Interval | None = None
    traded: int | None = None
    earned: Interval | None = None
    moved: Interval | None = None
    intervals: dict[str, Interval] = {}


class Calibration(Record):
    """Platt scaling on the log-odds of the raw score."""

    slope: float
    intercept: float


class Bounds(Record):
    """Where decisions are taken; every number set on out-of-sample data.

    ``threshold`` and ``medium_from`` are quantiles of out-of-sample probability, HIGH
    starts at the threshold. Below ``minimum_coverage`` or ``minimum_turnover`` (log10
    of rupees a day) the model does not speak.
    """

    threshold: float
    medium_from: float
    minimum_coverage: float
    minimum_turnover: float


class Range(Record):
    """Where a feature must lie for the model to speak; ends belong to it.

    ``outside`` says in words what an event out of it is.
    """

    name: str
    low: float | None = None
    high: float | None = None
    outside: str


class Proof(Record):
    """A row of inputs and the raw score it must give, checked by ``verify``."""

    row: tuple[float | None, ...]
    raw: float


class Member(Record):
    """One of the models whose log-odds are averaged, by weight, into the raw score.

    ``inputs`` are the columns it reads, in its own order.
    """

    kind: Literal["xgboost", "lightgbm", "logistic"]
    file: str
    inputs: tuple[str, ...] = Field(min_length=1)
    weight: float = Field(gt=0)


class Manifest(Record):
    """Everything needed to use a model, and to judge it.

    ``references`` are Brier skills of the same trees on fewer inputs, ``rivals`` the
    model's own against simpler ones on the same events; ``trials`` how many settings
    were tried before this one and ``selection`` how it was chosen;
    ``embargo`` sessions left out between training and test, ``split`` the rest of how
    they were parted; ``importances`` gains by input, largest first; ``drift`` the
    population stability index of inputs; ``files`` the sha256 of every file of the
    version, members first, then reports.
    """

    format: Literal[1, 2]
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
    code_hash: str | None = None
    inputs: tuple[str, ...]
    members: tuple[Member, ...] = Field(min_length=1)
    parameters: dict[str, float | int | str]
    rounds: int
    seed: int
    software: dict[str, str]
    trials: int | None = None
    selection: str | None = None
    embargo: int | None = None
    split: str | None = None
    calibration: Calibration
    bounds: Bounds
    universe: tuple[Range, ...] = ()
    metrics: tuple[Measured, ...]
    reliability: tuple[ReliabilityBin, ...]
    references: dict[str, Interval]
    rivals: dict[str, Interval] = {}
    importances: tuple[tuple[str, float], ...] = ()
    drift: dict[str, float] = {}
    skill: Demonstrated
    edge: Demonstrated
    evidence_table: str
    proofs: tuple[Proof, ...]
    files: dict[str, str]

    @model_validator(mode="before")
    @classmethod
    def _of_format_1(cls, given: Any) -> Any:  # noqa: ANN401 - whatever was in the file
        """A manifest without a format is of the first, and has one member."""
        if not isinstance(given, dict) or "format" in given:
            return given
        sole = {
            "kind": "xgboost",
            "file": MODEL_FILE,
            "inputs": given.get("inputs", ()),
            "weight": 1.0,
        }
        return {"format": 1, "members": (sole,), **given}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Names stay in the folder, members read what the model is given."""
        for problem in _problems(self):
            raise ValueError(problem)
        return self

    def measured(self, group: str) -> Measured | None:
        """The metrics of a group; null when it was not measured."""
        return next((m for m in self.metrics if m.group == group), None)


def is_name(text: str) -> bool:
    """Whether a text names a file or folder right here, and not a hidden one."""
    plain = bool(text) and text[0] != "." and not set(text) & {"/", "\\", "\0"}
    return plain and Path(text).name == text


def _problems(manifest: Manifest) -> list[str]:
    names = [manifest.version, *manifest.files, *(m.file for m in manifest.members)]
    found = [f"{name!r} is no plain name" for name in names if not is_name(name)]
    if MANIFEST_FILE in manifest.files:
        found.append("the manifest cannot hold its own hash")
    for member in manifest.members:
        strangers = set(member.inputs) - set(manifest.inputs)
        if strangers:
            found.append(f"{member.file} reads {', '.join(sorted(strangers))}")
        if member.file not in manifest.files:
            found.append(f"{member.file} has no hash")
    width = len(manifest.inputs)
    if any(len(proof.row) != width for proof in manifest.proofs):
        found.append("a proof has another number of inputs")
    return found
