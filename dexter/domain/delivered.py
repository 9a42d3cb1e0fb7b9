"""What one delivering came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dexter.domain.delivery import DeliveryState


class Outcome(StrEnum):
    """What became of a delivery that was looked at.

    ``REPEATED``: sent and answered, marked as a possible repeat. ``UNKNOWN``: a send
    without an answer. ``PUT_OFF``: certainly not taken, tried again later. ``BUSY``:
    the same, and when was said by the other side. ``HELD``: not tried, for quiet hours,
    a cap, or a channel that is not set up. ``DEAD``: given up. ``SUPERSEDED``: closed,
    as a later version goes in its place.
    """

    SENT = "sent"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    PUT_OFF = "put_off"
    BUSY = "busy"
    HELD = "held"
    DEAD = "dead"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class DeliverySummary:
    """What was done, and how the outbox stands after it.

    Args:
        did: How often each outcome came, by channel; of what was superseded
            under ``all``.
        states: How many deliveries stand where, by channel.
        dead_letters: How many nobody took, and no later version took the place of.
        next_due: When the next of what still waits is due; null when nothing waits.
        elsewhere: Whether another process is delivering; then nothing was done.
    """

    did: Mapping[str, Mapping[Outcome, int]]
    states: Mapping[str, Mapping[DeliveryState, int]]
    dead_letters: int
    next_due: datetime | None
    elsewhere: bool = False

    def count(self, *outcomes: Outcome) -> int:
        """How often some outcomes came, on all channels."""
        return sum(done.get(one, 0) for done in self.did.values() for one in outcomes)
