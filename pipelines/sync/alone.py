"""One sync to a home at a time: two would ask twice and load the same files."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dexter.errors import HomeUnwritableError, StoreError

_LOCK = "sync.lock"


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home's sync lock; the system gives it back however the process ends.

    Raises:
        StoreError: another sync holds it.
        HomeUnwritableError: the lock file cannot be made.
    """
    try:
        file = (home / _LOCK).open("a", encoding="utf-8")
    except OSError as error:
        raise HomeUnwritableError(home, error.strerror or str(error)) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            sentence = f"Another sync is collecting into {home}."
            raise StoreError(sentence, "Wait until it has ended.") from error
        yield
