"""What a study asks, fixed before it looks: frozen, and known by its hash."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from dexter.journal.codec import canonical
from dexter.journal.events import digest


class Measured(StrEnum):
    """What is measured of an event."""

    WON = "won"
    NET = "net"
    AFTER_ENTRY = "after_entry"
    AFTER_REACTION = "after_reaction"
    REACTION = "reaction"
    CIRCUIT = "circuit"


class Among(StrEnum):
    """Which events."""

    ALL = "all"
    LIQUID = "liquid"


@dataclass(frozen=True, slots=True)
class Period:
    """Events published from a day to a day, both included.

    The outcomes of a locked period are read once, by the run that first asks.
    """

    name: str
    first: date
    last: date
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """A mean of the group, or its difference from the rest, held against ``null``.

    ``claim`` names what the test bears on; none where it only describes.
    """

    name: str
    about: Measured
    among: Among
    null: float
    against_rest: bool = False
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """A preregistered study.

    Attributes:
        name: What the command calls it.
        title: What the page calls it.
        hypothesis: What is claimed, a sentence each.
        sample: Which events, a sentence each.
        variables: What is measured of them, by name.
        tests: Held together as one family.
        periods: The development period first.
        decision: When a claim counts as shown, a sentence each.
        seen_before: What was known of these outcomes when this was written.
        numbers: Everything else a result depends on.
    """

    name: str
    title: str
    hypothesis: tuple[str, ...]
    sample: tuple[str, ...]
    variables: Mapping[str, str]
    periods: tuple[Period, ...]
    decision: tuple[str, ...]
    seen_before: tuple[str, ...]
    tests: tuple[Test, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """The whole of it as plain values."""
        return asdict(self)

    @property
    def sha256(self) -> str:
        """Another specification has another hash, whatever the difference."""
        return digest(canonical(self.told()))

    @property
    def locked(self) -> tuple[Period, ...]:
        """The periods that are opened once."""
        return tuple(period for period in self.periods if period.locked)
