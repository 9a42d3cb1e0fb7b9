"""What a sync did, and what it could not do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from dexter.store.collected import State, Unit
from pipelines.ingest.report import FileFault


@dataclass(frozen=True, slots=True)
class Trouble:
    """A piece that a source did not give, in which way, in a sentence."""

    piece: Unit
    state: State
    sentence: str


@dataclass(slots=True)
class SyncTally:
    """The counts of a sync under way.

    ``units`` counts pieces by how they ended, ``documents`` likewise, ``rows`` the rows
    of each dataset. ``stopped`` are lanes left in peace after a refusal: how many
    pieces were not asked for. ``overdue`` are files that were not there though they
    should have been, and will be asked for again.
    """

    units: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    stopped: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What came in between two days.

    ``sessions`` were put together from their files, ``compared`` closes were held
    against Yahoo's. ``complete`` is true when every piece asked for was answered (or is
    yet to be published), no file is overdue, and every wanted document is kept,
    refused or gone. ``remarks`` name rows of bhavcopies that cannot be right and were
    left out.
    """

    first: date
    last: date
    units: Mapping[str, int]
    rows: Mapping[str, int]
    documents: Mapping[str, int]
    sessions: int
    compared: int
    troubles: tuple[Trouble, ...]
    stopped: Mapping[str, int]
    overdue: int
    remarks: tuple[str, ...]
    faults: tuple[FileFault, ...]
    complete: bool
    seconds: float
