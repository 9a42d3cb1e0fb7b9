"""Where in a run the code stands: a path of names that asyncio tasks inherit."""

from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def span(owner: object, name: str) -> Iterator[str]:
    """Open a span below the current one; gives its path.

    ``~`` and ``/`` inside a name are written ``~0`` and ``~1`` (RFC 6901), so that two
    different nestings never share a path.
    """
    outer = here(owner)
    leaf = name.replace("~", "~0").replace("/", "~1")
    path = f"{outer}{leaf}" if outer == ROOT else f"{outer}/{leaf}"
    token = _PLACE.set(_Place(owner, path, _PLACE.get()))
    try:
        yield path
    finally:
        _PLACE.reset(token)
