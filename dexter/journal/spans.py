"""Where in a run the code stands: a path of names that asyncio tasks inherit."""

from contextvars import ContextVar
from typing import NamedTuple

ROOT = "/"


class _Place(NamedTuple):
    """A span of one journal, inside whatever was open before, of any journal."""

    owner: object
    path: str
    outer: "_Place | None"


_PLACE: ContextVar[_Place | None] = ContextVar("dexter_span", default=None)


def here(owner: object) -> str:
    """The path of the open spans of a journal: ``/``, ``/task:t1/check``."""
    place = _PLACE.get()
    while place is not None and place.owner is not owner:
        place = place.outer
    return ROOT if place is None else place.path


class Span:
    """A span below the current one, open inside a ``with``; gives its path.

    ``~`` and ``/`` inside a name are written ``~0`` and ``~1`` (RFC 6901), so that two
    different nestings never share a path.
    """

    __slots__ = ("_name", "_owner", "_token")

    # A class, for a span is opened twice a task and a generator costs twice as much.
    def __init__(self, owner: object, name: str) -> None:
        self._owner = owner
        self._name = name

    def __enter__(self) -> str:
        leaf = self._name
        if "/" in leaf or "~" in leaf:
            leaf = leaf.replace("~", "~0").replace("/", "~1")
        outer = here(self._owner)
        path = f"{outer}{leaf}" if outer == ROOT else f"{outer}/{leaf}"
        self._token = _PLACE.set(_Place(self._owner, path, _PLACE.get()))
        return path

    def __exit__(self, *_: object) -> None:
        _PLACE.reset(self._token)
