"""What one request brought: its bytes as sent, and the rows read out of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from dexter.errors import SourceError, SourceShapeError

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Payload:
    """One answer of a source, read and checked against the recorded shape.

    Attributes:
        dataset: A name of ``shapes.json``, such as ``bse announcements``.
        unit: What was asked, such as ``2026-05-04 page 3``.
        url: Where it came from.
        content: The bytes as sent, content-decoding undone: any parse can be redone.
        records: The rows. Empty only when the source said that there are none.
    """

    dataset: str
    unit: str
    url: str
    content: bytes
    records: tuple[Record, ...]


class UnreadPayloadError(SourceShapeError):
    """A payload came and cannot be read; ``payload`` keeps what came, without rows."""

    def __init__(self, payload: Payload, cause: SourceShapeError) -> None:
        SourceError.__init__(self, cause.source, cause.sentence, cause.hint)
        self.payload = payload
