"""One deliverer to a home at a time: two would take each other's sends for lost."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dexter.errors import HomeUnwritableError
from dexter.journal.locks import hold

LOCK = "outbox.lock"


@contextmanager
def sole(home: Path) -> Iterator[bool]:
    """Whether this is the one deliverer; the system frees the lock of a dead one.

    The file stays: a lock on a file that is removed locks nobody out.

    Raises:
        HomeUnwritableError: the lock file cannot be made.
    """
    try:
        file = (home / LOCK).open("a", encoding="utf-8")
    except OSError as error:
        raise HomeUnwritableError(home, error.strerror or str(error)) from error
    with file:
        try:
            hold(file.fileno())
        except OSError:
            yield False
        else:
            yield True
