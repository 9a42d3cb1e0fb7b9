"""One thing `dexter doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """Its state (fine, absent, broken; of a source also blocked, changed, unavailable).

    What was seen, and what to do.
    """

    name: str
    state: str
    detail: str
    hint: str = ""
