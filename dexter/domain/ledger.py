"""The ledger of alerts: what was said, and what became of it. Nothing leaves it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from dexter.domain.alert import Alert, Priority
from dexter.domain.filing import Basis


class OutcomeState(StrEnum):
    """What is known of an alert's outcome; only ``KNOWN`` has a return.

    ``AHEAD``: the sessions are not over. ``NO_PRICE``: no price to buy or to sell at.
    ``LOCKED``: every open was at the upper limit, nobody could have bought.
    """

    KNOWN = "known"
    AHEAD = "ahead"
    NO_PRICE = "no_price"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """An alert as it was recorded, without its body.

    ``version`` counts what was said of one event; null is what the alert did not have.
    ``sent_at`` is null until it went out.
    """

    id: str
    version: int
    symbol: str
    period_end: date
    basis: Basis | None
    published_at: datetime | None
    priority: Priority
    probability: Decimal | None
    blockbuster: Decimal | None
    model_version: str | None
    run_id: str
    made_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert as it was recorded, whole; ``body`` is its JSON to the letter."""

    record: AlertRecord
    alert: Alert
    body: str


@dataclass(frozen=True, slots=True)
class AlertOutcome:
    """What became of an alert ``horizon`` sessions on.

    ``hit`` says whether a session closed at its upper limit within as many sessions of
    publication; null where not known. ``net_return`` is per one after cost, from the
    first tradable open to the close ``horizon`` sessions on; ``abnormal`` the same
    before cost less the market's.
    """

    alert_id: str
    version: int
    horizon: int
    state: OutcomeState
    entry_day: date | None = None
    net_return: float | None = None
    abnormal: float | None = None
    hit: bool | None = None
    known_at: datetime | None = None
