"""One thing `dexter doctor` looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Probe:
    """Its state (fine, absent, broken), what was seen, and what to do.

    A source may also be blocked, changed or unavailable, the disk low: said, and
    nothing of it is broken here.
    """

    name: str
    state: str
    detail: str
    hint: str = ""
