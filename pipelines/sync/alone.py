"""One sync, and one day's run, to a home at a time: two would do the same twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dexter.errors import HomeUnwritableError, StoreError
from dexter.journal.locks import hold

_BUSY = {
    "sync": "Another sync is collecting into {home}.",
    "daily": "Another `dexter daily` is at work in {home}.",
}


@contextmanager
def alone(home: Path, what: str = "sync") -> Iterator[None]:
    """Hold the home's lock of a task; the system gives it back however it ends.

    Raises:
        StoreError: another process holds it.
        HomeUnwritableError: the lock file cannot be made.
    """
    try:
        file = (home / f"{what}.lock").open("a", encoding="utf-8")
    except OSError as error:
        raise HomeUnwritableError(home, error.strerror or str(error)) from error
    with file:
        try:
            hold(file.fileno())
        except OSError as error:
            sentence = _BUSY[what].format(home=home)
            raise StoreError(sentence, "Wait until it has ended.") from error
        yield
