"""How often the same step was made before, counted so that failures leave no holes."""

from heapq import heappop, heappush

from dexter.journal.events import EventKind, StepKey


class Ordinals:
    """Numbers from 0 per span, name and inputs; one given back is given out next.

    A step that ended unrecorded (a bug, a cancellation) gives its number back: the try
    that succeeds takes it, and replay finds it there at the first asking.
    """

    def __init__(self) -> None:
        self._next: dict[tuple[EventKind, str, str, str], int] = {}
        self._free: dict[tuple[EventKind, str, str, str], list[int]] = {}

    def take(self, kind: EventKind, span: str, name: str, inputs: str) -> StepKey:
        """The key of the next step of its like."""
        like = (kind, span, name, inputs)
        free = self._free.get(like) if self._free else None
        if free:
            return StepKey(*like, heappop(free))
        number = self._next.get(like, 0)
        self._next[like] = number + 1
        return StepKey(*like, number)

    def give_back(self, key: StepKey) -> None:
        """Free the number of a key again."""
        like = (key.kind, key.span, key.name, key.inputs)
        heappush(self._free.setdefault(like, []), key.ordinal)
