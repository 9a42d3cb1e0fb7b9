"""A file coming in, kept so that a cut loses nothing and a lie is not accepted.

Beside the target lie ``KEY.part``, the bytes so far, and ``KEY.json``, the URL and the
validator they belong to; KEY is a hash of the URL, so that no name of theirs becomes a
name of ours. Later tries ask for the rest, only while the validator still holds. A
whole file is judged, hashed, made durable and renamed to its SHA-256.
"""

import errno
import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from dexter.errors import DexterError, DiskFullError, HomeUnwritableError
from dexter.sources.wire import Answer, Fault, WireError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\s*\Z", re.IGNORECASE)
_WHOLE, _PARTIAL, _NOT_SATISFIABLE = 200, 206, 416
# Of an answer that is no file, enough is kept to judge it.
_MOST_ASIDE = 65536


@dataclass(frozen=True, slots=True)
class Download:
    """A file that came in whole: where it lies, named by its SHA-256, and its bytes."""

    path: Path
    sha256: str
    size: int
    url: str


class Part:
    """One URL's bytes so far, and the receiver of the rest.

    Args:
        folder: Where the file will lie; made if need be.
        url: Where it comes from.
        most_bytes: The largest file accepted.
    """

    def __init__(self, folder: Path, url: str, most_bytes: int) -> None:
        self._folder = folder
        self._url = url
        self._most = most_bytes
        key = hashlib.sha256(url.encode()).hexdigest()[:32]
        self._path = folder / f"{key}.part"
        self._beside = folder / f"{key}.json"
        self._file: IO[bytes] | None = None
        self._size = 0
        self._due: int | None = None
        self._head: tuple[int, Mapping[str, str]] = (0, {})
        self._aside = bytearray()
        self._sent = b""

    def headers(self) -> dict[str, str]:
        """What asks for the rest of the file, or for all of it.

        A range of a packed body could not be joined, so packing is not asked for.
        """
        validator = self._validator()
        self._size = self._path.stat().st_size if validator else 0
        if not self._size:
            return {"Accept-Encoding": "identity"}
        return {
            "Accept-Encoding": "identity",
            "Range": f"bytes={self._size}-",
            "If-Range": validator,
        }

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Go on where the bytes so far end, or start anew."""
        self._head, self._aside, self._due = (status, headers), bytearray(), None
        try:
            if status == _PARTIAL:
                self._continue(headers)
            elif status == _WHOLE:
                self._start(headers)
        except OSError as error:
            raise self._unwritable(error) from error
        if status == _NOT_SATISFIABLE:
            self.drop()
            raise WireError(Fault.PROTOCOL, "the file is no longer that long")

    def take(self, chunk: bytes) -> None:
        """Some of the body."""
        if self._file is None:
            self._aside += chunk[: _MOST_ASIDE - len(self._aside)]
            return
        if self._size + len(chunk) > self._most:
            raise WireError(Fault.TOO_LARGE, f"more than {self._most:,} bytes came")
        try:
            self._file.write(chunk)
        except OSError as error:
            raise self._unwritable(error) from error
        self._size += len(chunk)

    def close(self) -> None:
        """Give the file back; what came stays for the next time.

        Raises:
            DiskFullError: There was no room for the last of it.
        """
        if self._file is not None:
            file, self._file = self._file, None
            try:
                file.close()
            except OSError as error:
                raise self._unwritable(error) from error

    def answer(self) -> Answer:
        """The whole answer, to be judged.

        Raises:
            WireError: The file on disk is not what came in.
        """
        status, headers = self._head
        if status not in {_WHOLE, _PARTIAL}:
            return Answer(self._url, status, headers, bytes(self._aside))
        try:
            body = self._path.read_bytes()
        except OSError as error:
            raise self._unwritable(error) from error
        if len(body) != self._size or self._due not in {None, self._size}:
            self.drop()
            raise WireError(Fault.CUT, "the parts of the file do not fit together")
        self._sent = body
        return Answer(self._url, _WHOLE, headers, body)

    def seal(self, body: bytes) -> Download:
        """Make a judged body durable under its SHA-256, and forget the parts.

        Raises:
            DiskFullError: There is no room.
            HomeUnwritableError: The folder cannot be written.
        """
        name = hashlib.sha256(body).hexdigest()
        target = self._folder / name
        try:
            if body is not self._sent:
                # Its gzip was undone, so these are no longer the bytes so far.
                self._beside.unlink(missing_ok=True)
                self._path.write_bytes(body)
            with self._path.open("r+b") as file:
                os.fsync(file.fileno())
            self._path.replace(target)
            _sync_folder(self._folder)
        except OSError as error:
            raise self._unwritable(error) from error
        self.drop()
        return Download(target, name, len(body), self._url)

    def reject(self) -> None:
        """Forget a file that was judged; a refusal leaves the bytes so far alone."""
        if self._head[0] in {_WHOLE, _PARTIAL}:
            self.drop()

    def drop(self) -> None:
        """Forget the bytes so far: they belong to no file."""
        with suppress(DiskFullError, HomeUnwritableError):
            self.close()
        for path in (self._path, self._beside):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _validator(self) -> str:
        """What the bytes so far were sent under; empty where they cannot be used."""
        try:
            said = json.loads(self._beside.read_bytes())
            known = said["url"] == self._url and self._path.is_file()
            validator = said["validator"] if known else ""
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return ""
        return validator if isinstance(validator, str) else ""

    def _start(self, headers: Mapping[str, str]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Emptied first, so that no crash leaves old bytes under a new validator.
        self._file = self._path.open("wb")
        self._size = 0
        said = {"url": self._url, "validator": _validator_of(headers)}
        self._beside.write_text(json.dumps(said), "utf-8")

    def _continue(self, headers: Mapping[str, str]) -> None:
        found = _RANGE.match(headers.get("content-range", "").strip())
        fits = found is not None and int(found.group(1)) == self._size > 0
        # Some servers send the rest of another version, whatever If-Range says.
        if _validator_of(headers) not in {"", self._validator()}:
            fits = False
        if found is None or not fits:
            self.drop()
            raise WireError(Fault.PROTOCOL, "it sent another part of the file")
        if found.group(3) != "*":
            self._due = int(found.group(3))
        self._file = self._path.open("ab")

    def _unwritable(self, error: OSError) -> DexterError:
        why = error.strerror or "no reason given"
        kind: Callable[[Path, str], DexterError] = HomeUnwritableError
        return (DiskFullError if error.errno in _FULL else kind)(self._folder, why)


def _validator_of(headers: Mapping[str, str]) -> str:
    """A strong ETag, or else the date; a weak ETag vouches for no bytes."""
    etag = headers.get("etag", "")
    return etag if etag.startswith('"') else headers.get("last-modified", "")


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders; there the rename itself is as durable as it gets.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
