"""What an import did, file by file, and how it tells its progress."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: ``done`` of ``total`` units of one stage."""

    stage: str
    done: int
    total: int


OnProgress = Callable[[Progress], None]


def silent(_progress: Progress) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """A file that could not be taken in, and why."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came in.

    ``rows`` counts rows by what they are (``prices``, ``earnings events``, …),
    ``files`` counts files by outcome (``imported``, ``already kept``, ``not
    recognised``, ``failed``), ``unmatched`` names kept documents whose publication
    time nobody told us.
    """

    folder: Path
    files: Mapping[str, int]
    rows: Mapping[str, int]
    faults: tuple[FileFault, ...]
    ignored: tuple[str, ...]
    unmatched: tuple[str, ...]
    seconds: float


@dataclass(slots=True)
class Tally:
    """The counts of an import under way.

    ``touched`` are symbols whose events and season measures must be made again.
    """

    files: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    faults: list[FileFault] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    def fault(self, file: str, reason: str) -> None:
        """Note a file that failed."""
        self.files["failed"] += 1
        self.faults.append(FileFault(file, reason))
