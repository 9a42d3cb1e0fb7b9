"""Documents that commands put together by hand, as types for ``dexter schema``."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from dexter.domain.alert import Confidence, Demonstrated, Priority
from dexter.domain.evidence import Measure
from dexter.domain.filing import Basis
from dexter.features.spec import Category
from dexter.ml.backtesting import Group
from dexter.ml.intervals import Estimate
from dexter.ml.recalibration import Recalibration

First = Annotated[date | datetime | None, Field(alias="from")]
Last = Annotated[date | datetime | None, Field(alias="to")]


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """A feature; ``evidence`` is its id in the run, for ``runs why``."""

    value: float | None
    unit: Measure
    category: Category
    reason: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class FeaturesDocument:
    """A company's features by name, as of a moment."""

    symbol: str
    as_of: datetime
    period: str | None
    basis: Basis | None
    catalogue_hash: str
    run_id: str
    features: dict[str, FeatureRow]


@dataclass(frozen=True, slots=True)
class CountRow:
    """Events by reason."""

    reason: str
    events: int


@dataclass(frozen=True, slots=True)
class BacktestDocument:
    """A model held to the dated results of a range, summed up.

    ``in_sample`` events were published by ``trained_until``; ``skill`` and ``edge`` are
    of the others alone.
    """

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    model_version: str
    label: str
    trained_until: date
    base_rate: float
    threshold: float
    events: int
    scored: int
    refused: list[CountRow]
    unknown: list[CountRow]
    in_sample: int
    warnings: list[str]
    groups: list[Group]
    metrics: dict[str, Estimate | Recalibration | date | float | None] | None
    metrics_reason: str | None
    skill: Demonstrated
    edge: Demonstrated
    verdicts: list[str]
    out: str | None


@dataclass(frozen=True, slots=True)
class BacktestRow:
    """An event of the table ``backtest --out`` writes.

    ``outcome`` is null while it is unknown, with its reason beside it; ``net_return``
    is after cost from the first tradable price, ``abnormal`` the move less the
    market's, both per one.
    """

    symbol: str
    published_at: datetime
    period_end: date
    basis: Basis
    session0: date | None
    known_features: int
    probability: float | None
    probability_raw: float | None
    prediction_label: str
    model_version: str
    features_hash: str
    blockbuster: float | None
    outcome: int | None
    outcome_known_at: datetime | None
    outcome_reason: str | None
    probability_reason: str | None
    confidence: Confidence | None
    interval: tuple[float, float] | None
    base_rate: float
    priority: Priority
    blockbuster_coverage: float
    net_return: float | None
    net_return_reason: str | None
    abnormal: float | None
    touched: int | None
    locked_open: bool | None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A kind of data: ``files`` where it was imported, ``pieces`` where collected."""

    state: str | None
    last_success: datetime | None
    first: First
    last: Last
    files: int | None = None
    pieces: int | None = None
    missing: int | None = None


@dataclass(frozen=True, slots=True)
class PricesRow:
    """Daily bars; sessions of the calendar without any are missing."""

    rows: int
    symbols: int
    first: First
    last: Last
    missing_sessions: list[date]


@dataclass(frozen=True, slots=True)
class FilingsRow:
    """Documents by the state they were left in."""

    total: int
    by_state: dict[str, int]


@dataclass(frozen=True, slots=True)
class StatementsRow:
    """Statements that were read, and those a person should look at."""

    accepted: int
    review: int


@dataclass(frozen=True, slots=True)
class ResultsRow:
    """Results with a known publication."""

    total: int
    first: First
    last: Last


@dataclass(frozen=True, slots=True)
class StatusDocument:
    """What is kept, from when to when, and what is missing, in sentences."""

    sources: dict[str, SourceRow]
    prices: PricesRow
    filings: FilingsRow
    statements: StatementsRow
    documents: dict[str, int]
    results: ResultsRow
    conflicts: dict[str, int]
    gaps: list[str]
