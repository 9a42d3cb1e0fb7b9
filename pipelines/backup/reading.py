"""A backup read with distrust: only what its manifest names, and all of it."""

import os
import stat
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from pydantic import ValidationError

from pipelines.backup import manifest as manifests
from pipelines.backup.copying import poured
from pipelines.backup.manifest import Manifest
from pipelines.backup.refusals import DamagedBackupError
from pipelines.ingest.report import OnProgress, Progress

_PLAIN = {tarfile.REGTYPE, tarfile.AREGTYPE}
_STAGE = "unpacking"


class Source(Protocol):
    """The files of a backup, in the order they lie."""

    def members(self) -> "AbstractContextManager[Iterator[tuple[str, int, BinaryIO]]]":
        """Name, size and content of each; the content only until the next."""
        ...


class TarSource:
    """A packed backup."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @contextmanager
    def members(self) -> Iterator[Iterator[tuple[str, int, BinaryIO]]]:
        """Name, size and content of each; anything but plain files is refused."""
        try:
            with tarfile.open(self._file, "r|gz") as tar:
                yield self._each(tar)
        except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
            why = f"it does not unpack ({error})"
            raise DamagedBackupError(self._file, why) from error

    def _each(self, tar: tarfile.TarFile) -> Iterator[tuple[str, int, BinaryIO]]:
        for one in tar:
            content = tar.extractfile(one) if one.type in _PLAIN else None
            if content is None or one.issparse():
                why = f"{one.name!r} in it is no plain file"
                raise DamagedBackupError(self._file, why)
            yield one.name, one.size, content  # type: ignore[misc]  # reads as a file


class FolderSource:
    """A backup in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def members(self) -> Iterator[Iterator[tuple[str, int, BinaryIO]]]:
        """Name, size and content of each; a link is refused, not followed."""
        try:
            yield self._each(self._folder)
        except OSError as error:
            why = f"it does not read ({error})"
            raise DamagedBackupError(self._folder, why) from error

    def _each(self, folder: Path) -> Iterator[tuple[str, int, BinaryIO]]:
        for path in sorted(folder.iterdir()):
            told = path.lstat()
            if stat.S_ISDIR(told.st_mode):
                yield from self._each(path)
                continue
            name = path.relative_to(self._folder).as_posix()
            if not stat.S_ISREG(told.st_mode):
                why = f"{name!r} in it is no plain file"
                raise DamagedBackupError(self._folder, why)
            handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
            with os.fdopen(handle, "rb") as content:
                yield name, told.st_size, content


def source(file: Path) -> Source:
    """What reads a backup."""
    return FolderSource(file) if file.is_dir() else TarSource(file)


def looked_through(file: Path) -> Manifest:
    """Read names and sizes, write nothing; the manifest they agree with.

    Raises:
        DamagedBackupError: it does not unpack, holds anything but plain files, or
            other files than its manifest says.
    """
    sizes: dict[str, int] = {}
    text: bytes | None = None
    with source(file).members() as members:
        for name, size, content in members:
            if name in sizes:
                raise DamagedBackupError(file, f"{name!r} is in it twice")
            sizes[name] = size
            if name == manifests.NAME:
                text = content.read(manifests.MOST_BYTES)
    if text is None:
        raise DamagedBackupError(file, "it has no manifest")
    manifest = _parsed(file, text)
    del sizes[manifests.NAME]
    said = {f"{manifests.FOLDER}/{one.path}": one.size for one in manifest.files}
    odd = sorted(sizes.items() ^ said.items())
    if odd:
        why = f"{odd[0][0]!r} is not as its manifest says"
        raise DamagedBackupError(file, why)
    return manifest


def unpacked(file: Path, manifest: Manifest, to: Path, tell: OnProgress) -> None:
    """Write the files of a backup below a new folder, each against its hash.

    Raises:
        DamagedBackupError: a file does not have its hash, or is not there.
        OSError: it cannot be written.
    """
    left = {f"{manifests.FOLDER}/{one.path}": one for one in manifest.files}
    to.mkdir(mode=0o700)
    with source(file).members() as members:
        for name, _, content in members:
            if name == manifests.NAME:
                continue
            # What is not in the manifest since it was looked through is not written.
            kept = left.pop(name, None)
            if kept is None:
                raise DamagedBackupError(file, f"{name!r} is not in its manifest")
            if _written(content, to / kept.path) != (kept.size, kept.sha256):
                raise DamagedBackupError(file, f"{name!r} does not have its hash")
            done = len(manifest.files) - len(left)
            tell(Progress(_STAGE, done, len(manifest.files)))
    if left:
        raise DamagedBackupError(file, f"{min(left)!r} is missing")


class CannotWriteError(Exception):
    """The disk refused, which says nothing about the backup."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def _written(content: BinaryIO, path: Path) -> tuple[int, str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("xb")
    except OSError as error:
        raise CannotWriteError(error) from error
    with file:
        return poured(content, _Careful(file))


class _Careful:
    """A file whose refusals are not taken for damage of what is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, block: bytes, /) -> int:
        """Write, or say that it is the disk."""
        try:
            return self._file.write(block)
        except OSError as error:
            raise CannotWriteError(error) from error


def _parsed(file: Path, text: bytes) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        why = f"its manifest does not read ({where}: {first['msg']})"
        raise DamagedBackupError(file, why) from error
    if manifest.format != manifests.FORMAT:
        why = f"its form is {manifest.format}, this dexter reads {manifests.FORMAT}"
        raise DamagedBackupError(file, why)
    return manifest
