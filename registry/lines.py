"""Files of lines that only grow, and the lock around whoever writes.

Readers need no lock: a line counts once it is whole. What a killed writer left of its
last line is cut off by the next one; it was never acknowledged.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from dexter.errors import HomeUnwritableError, IntegrityError
from dexter.journal.locks import hold

_LOCK = ".lock"


class DamagedLinesError(IntegrityError):
    """A file of lines holds something that is none of them."""

    def __init__(self, path: Path, number: int) -> None:
        super().__init__(
            f"Line {number} of {path.name} in {path.parent} cannot be read.",
            "Restore the file from a copy; it is never rewritten.",
        )


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only writer of a folder, made if need be; others wait.

    The system gives the lock back however the process ends.

    Raises:
        HomeUnwritableError: the folder cannot be written, at any step in here.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            hold(handle, wait=True)
            yield
        finally:
            os.close(handle)
    except OSError as error:
        raise HomeUnwritableError(folder, error.strerror or str(error)) from error


def read(path: Path) -> list[dict[str, Any]]:
    """Every whole line; none when there is no file.

    Raises:
        DamagedLinesError: a line is no JSON object.
    """
    try:
        whole = path.read_bytes().rpartition(b"\n")[0]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise DamagedLinesError(path, 1) from error
    return [_object(path, i, line) for i, line in enumerate(_split(whole), 1)]


def _split(whole: bytes) -> list[bytes]:
    return whole.split(b"\n") if whole else []


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise DamagedLinesError(path, number) from error
    if not isinstance(found, dict):
        raise DamagedLinesError(path, number)
    return found


def append(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Add lines, durable on return; the caller holds the lock.

    A new file appears with all of them or not at all.

    Raises:
        OSError: they cannot be written; then none of them is there.
    """
    text = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)
    if not path.exists():
        replace(path, text.encode())
        return
    with path.open("r+b") as file:
        before = _whole_length(file.read())
        file.truncate(before)
        file.seek(before)
        try:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                file.truncate(before)
            raise


def _whole_length(content: bytes) -> int:
    return content.rfind(b"\n") + 1


def replace(path: Path, content: bytes) -> None:
    """Write a small file so that readers see the old one or the new one, durably."""
    part = path.with_name(f".{path.name}.part")
    write(part, content)
    part.replace(path)
    settle(path.parent)


def write(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def settle(folder: Path) -> None:
    """Wait until the disk has a folder's names."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
