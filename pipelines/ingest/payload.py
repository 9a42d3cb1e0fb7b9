"""What one exchange payload said, as rows of the store."""

from dataclasses import dataclass, field

from dexter.store.keeping import Row
from pipelines.ingest.intake import NameFact


@dataclass(slots=True)
class Payload:
    """What one payload said."""

    kind: str
    count: int = 0
    publications: list[Row] = field(default_factory=list)
    headlines: list[Row] = field(default_factory=list)
    meetings: list[Row] = field(default_factory=list)
    names: list[NameFact] = field(default_factory=list)
