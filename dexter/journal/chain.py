"""The growing end of a run: every new event is sealed by the one before."""

from collections.abc import Mapping

from dexter.domain.research import JournalHead
from dexter.journal.events import INLINE, Event, StepKey, compose, digest, seal

NO_BLOBS: Mapping[str, str] = {}


class Chain:
    """The head of a run, and how the next event follows it."""

    def __init__(self, head: JournalHead) -> None:
        self._seq = head.events
        self._hash = head.head

    @property
    def head(self) -> JournalHead:
        """How many events there are, and the hash of the last."""
        return JournalHead(self._seq, self._hash)

    def add(
        self,
        key: StepKey,
        given: str,
        outcome: str = "",
        blobs: Mapping[str, str] = NO_BLOBS,
    ) -> tuple[Event, Mapping[str, str]]:
        """The next event and the blobs it needs; ``given`` becomes one when large."""
        inline: str | None = given
        if len(given) > INLINE:
            inline, blobs = None, {key.inputs: given, **blobs}
        body = compose(self._seq + 1, key, inline, outcome)
        self._hash = seal(self._hash, body)
        self._seq += 1
        return Event(self._seq, body, self._hash), blobs


def output_of(text: str) -> tuple[str, Mapping[str, str]]:
    """The JSON text of an outcome as part of a body, and as a blob when large."""
    if len(text) <= INLINE:
        return f'"output":{text},', NO_BLOBS
    address = digest(text)
    return f'"output_sha256":"{address}",', {address: text}
