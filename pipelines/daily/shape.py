"""The document of ``daily --json`` as a type: what ``dexter schema daily`` prints."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from dexter.domain.alert import Alert, Demonstrated
from dexter.domain.daily import DayState, FilingState
from dexter.domain.delivery import DeliveryState
from dexter.domain.filing import Basis


@dataclass(frozen=True, slots=True)
class FilingRow:
    """A filing and its state; ``rule`` is the rule of ``dexter.toml`` that spoke."""

    id: str
    version: int
    symbol: str
    basis: Basis | None
    state: FilingState
    reason: str | None
    day: date
    published_at: datetime | None
    run_id: str | None
    rule: str | None
    alert_id: str | None
    alert_version: int | None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A letter about an alert; ``repeats`` counts sends after one nobody answered."""

    alert_id: str
    version: int
    channel: str
    recipient: str
    state: DeliveryState
    reason: str | None
    repeats: int


@dataclass(frozen=True, slots=True)
class UsageRow:
    """What all runs of the day cost; ``usd`` is null where a price is unknown."""

    runs: int
    model_calls: int
    input_tokens: int
    output_tokens: int
    usd: Decimal | None
    seconds: float


@dataclass(frozen=True, slots=True)
class ModelRow:
    """The champion that scored; all null, with the reason, where there is none."""

    version: str | None
    trained_until: date | None
    days_since_training: int | None
    base_rate: Decimal | None
    skill: Demonstrated | None
    edge: Demonstrated | None
    reason: str | None
    predictions: int
    mean_probability: Decimal | None
    without_prediction: dict[str, int]


@dataclass(frozen=True, slots=True)
class DayReported:
    """A day: its filings, alerts, letters, what is missing, sources, cost and model."""

    date: date
    run_id: str
    filings: list[FilingRow]
    alerts: list[Alert]
    deliveries: list[DeliveryRow]
    expected_but_missing: list[str]
    sources: dict[str, str]
    usage: UsageRow
    state: DayState
    reason: str | None
    dry_run: bool
    fictional: bool
    expected: int
    oldest_unread: datetime | None
    model: ModelRow


@dataclass(frozen=True, slots=True)
class DayDocument(DayReported):
    """A day, and in ``made_up`` those before it that were made up for with it."""

    made_up: list[DayReported]
