"""Where a backup is written: a packed file, or a folder; whole or not there."""

import errno
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from dexter.journal.locks import hold
from pipelines.backup import manifest as manifests
from pipelines.backup.copying import poured

PACKED = (".tar.gz", ".tgz")
# Documents and bars are packed already; databases give most of what there is at 3.
_LEVEL = 3
_MODE = 0o600
_LOCK = "busy.lock"
_TRIES = 5


class Sink(Protocol):
    """Takes the files of a backup, one after the other."""

    def add(self, name: str, size: int, content: BinaryIO) -> None:
        """Write a file from its content's place on."""
        ...

    def close(self) -> None:
        """Make everything durable."""
        ...


class TarSink:
    """One packed file."""

    def __init__(self, path: Path, moment: datetime) -> None:
        self._file = path.open("xb")
        os.fchmod(self._file.fileno(), _MODE)
        self._tar = tarfile.open(  # noqa: SIM115 - closed in close
            fileobj=self._file, mode="w:gz", compresslevel=_LEVEL
        )
        self._moment = int(moment.timestamp())

    def add(self, name: str, size: int, content: BinaryIO) -> None:
        """Write a file from its content's place on."""
        told = tarfile.TarInfo(name)
        told.size, told.mode, told.mtime = size, _MODE, self._moment
        self._tar.addfile(told, content)

    def close(self) -> None:
        """Make everything durable."""
        try:
            self._tar.close()
            self._file.flush()
            os.fsync(self._file.fileno())
        finally:
            self._file.close()


class FolderSink:
    """A folder with the same files in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(mode=0o700)

    def add(self, name: str, size: int, content: BinaryIO) -> None:
        """Write a file from its content's place on."""
        del size
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            poured(content, file)

    def close(self) -> None:
        """Make everything durable."""
        os.sync()


def sink(file: Path, part: Path, moment: datetime) -> Sink:
    """What writes a backup called ``file`` to ``part``."""
    packed = file.name.endswith(PACKED)
    return TarSink(part, moment) if packed else FolderSink(part)


def add_manifest(to: Sink, manifest: manifests.Manifest) -> None:
    """Write the manifest, which is what makes it a backup."""
    text = manifest.text()
    to.add(manifests.NAME, len(text), io.BytesIO(text))


@contextmanager
def workplace(beside: Path, what: str) -> Iterator[Path]:
    """A folder next to a path, gone in the end; those of the killed go first.

    Args:
        beside: What will be made, or replaced, by a rename out of the folder.
        what: What is done in it, for its name: whatever ``beside`` is called, those
            left by the killed are found by it.
    """
    begin = f".dexter-{what}-"
    for left in beside.parent.glob(f"{begin}*"):
        _clear_if_dead(left)
    with ExitStack() as stack:
        place = _taken(beside.parent, begin, stack)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


def _taken(folder: Path, begin: str, stack: ExitStack) -> Path:
    """A new folder, locked. Until it is, another may take it for one of the killed."""
    for _ in range(_TRIES):
        place = Path(tempfile.mkdtemp(prefix=begin, dir=folder))
        lock = stack.enter_context((place / _LOCK).open("w"))
        with suppress(BlockingIOError):
            hold(lock.fileno())
            if (place / _LOCK).exists():
                return place
    why = "another one takes it for one of the killed"
    raise BlockingIOError(errno.EAGAIN, why, str(folder))


def _clear_if_dead(place: Path) -> None:
    try:
        with (place / _LOCK).open("r+") as lock:
            hold(lock.fileno())
            shutil.rmtree(place, ignore_errors=True)
    except OSError:
        return  # somebody living works in it, or it is none of ours
