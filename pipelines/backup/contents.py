"""What of a home is copied, and in which order."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dexter.store.database import DATABASE_FILE
from pipelines.backup.refusals import OddNameError

_MAGIC = b"SQLite format 3\x00"
# Made again by whoever misses them: answers kept from sources, downloads under way.
_LEFT_OUT = frozenset({"cache", "incoming", "locks"})
_SAMPLE = "sample"  # a home in the home
_BESIDE = ("-wal", "-shm", "-journal")
_FIRST = (DATABASE_FILE, "journal.db")
# Where every file is named by its content and none is a database.
_BY_CONTENT = frozenset({"documents", "prices"})


@dataclass(frozen=True, slots=True)
class Contents:
    """Paths below the home: databases in the order to copy them, then the rest."""

    databases: tuple[str, ...]
    files: tuple[str, ...]


def contents(home: Path) -> Contents:
    """What is there now.

    The store comes before the journal: what a row of it says of a run, the journal
    knew before.

    Raises:
        OddNameError: a file whose name no manifest can hold.
    """
    found = sorted(name for name in _walk(home) if _wanted(name))
    databases = [name for name in found if _is_database(home / name)]
    beside = {f"{name}{end}" for name in databases for end in _BESIDE}
    mine = set(databases)
    files = [name for name in found if name not in mine and name not in beside]
    return Contents(
        tuple(sorted(databases, key=_turn)),
        tuple(files),
    )


def _turn(name: str) -> tuple[int, str]:
    last = name.rpartition("/")[2]
    return (_FIRST.index(last) if last in _FIRST else len(_FIRST), name)


def _wanted(name: str) -> bool:
    parts = name.removeprefix(f"{_SAMPLE}/").split("/")
    last = parts[-1]
    if parts[0] in _LEFT_OUT:
        return False
    unfinished = last.startswith(".part-") or last.endswith((".part", ".lock"))
    # Copies the store made of itself before it changed its schema.
    former = f"{DATABASE_FILE}.before-" in last
    secret = last == ".env"
    return not (unfinished or former or secret)


def _is_database(path: Path) -> bool:
    if path.parent.name in _BY_CONTENT or path.parent.parent.name in _BY_CONTENT:
        return False
    if path.suffix == ".db":
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def _walk(home: Path) -> Iterator[str]:
    """Every regular file; links to folders are followed, none of them twice."""
    seen: set[tuple[int, int]] = set()
    for folder, below, names in os.walk(home, followlinks=True):
        here = Path(folder)
        told = here.stat()
        if (told.st_dev, told.st_ino) in seen:
            below.clear()
            continue
        seen.add((told.st_dev, told.st_ino))
        for name in names:
            path = here / name
            if path.is_file():
                yield _named(path, home)


def _named(path: Path, home: Path) -> str:
    name = path.relative_to(home).as_posix()
    try:
        name.encode()
    except UnicodeEncodeError:
        raise OddNameError(path) from None
    return name
