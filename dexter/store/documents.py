"""Raw bytes of documents, kept by the hash of what they say."""

import errno
import hashlib
import os
import tempfile
from pathlib import Path

from dexter.errors import DiskFullError, HomeUnwritableError, StoreCorruptError

_PREFIX = 2


class Documents:
    """A folder ``documents/ab/cdef…`` of immutable files, verified when read."""

    def __init__(self, home: Path) -> None:
        self._root = home / "documents"

    def path(self, sha256: str) -> Path:
        """Where the bytes of a hash are, or would be."""
        return self._root / sha256[:_PREFIX] / sha256[_PREFIX:]

    def has(self, sha256: str) -> bool:
        """Whether the bytes of a hash are kept."""
        return self.path(sha256).is_file()

    def put(self, content: bytes) -> str:
        """Keep bytes and return their sha256; keeping them twice changes nothing.

        The file appears under its name whole or not at all.

        Raises:
            DiskFullError: no room.
            HomeUnwritableError: the folder cannot be written.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if path.is_file() and path.stat().st_size == len(content):
            return sha256
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, content)
        except OSError as error:
            why = error.strerror or type(error).__name__
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise DiskFullError(path, why) from error
            raise HomeUnwritableError(self._root, why) from error
        return sha256

    def read(self, sha256: str) -> bytes | None:
        """The bytes of a hash, or none when they are not kept.

        Raises:
            StoreCorruptError: the file no longer says what its name says.
        """
        path = self.path(sha256)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreCorruptError(path, error.strerror or "unreadable") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StoreCorruptError(path, "its content does not have its hash")
        return content


def _write_whole(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
