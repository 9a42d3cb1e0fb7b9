"""Answers kept on disk, asked for again only with "has it changed?".

One file an answer: a line of JSON, then the body as sent. It is written beside and put
in place in one step, and believed only while its checksum holds.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from dexter.sources.wire import Answer

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age=(\d{1,9})", re.IGNORECASE)
_NEVER = re.compile(r"no-store|no-cache", re.IGNORECASE)
_KEPT_HEADERS = ("etag", "last-modified", "cache-control", "content-type", "date")


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer kept, and when: seconds since the epoch, None where no clock was."""

    answer: Answer
    at: float | None

    def validators(self) -> dict[str, str]:
        """The headers that ask whether it has changed; none if nobody can tell."""
        headers = self.answer.headers
        asked = {
            "If-None-Match": headers.get("etag"),
            "If-Modified-Since": headers.get("last-modified"),
        }
        return {name: value for name, value in asked.items() if value}

    def is_fresh(self, now: float | None, keep_seconds: float) -> bool:
        """Whether it may be used without asking.

        The server's ``max-age`` or our own ``keep_seconds``, whichever is longer; a
        clock that jumped back makes it stale.
        """
        if self.at is None or now is None:
            return False
        return 0 <= now - self.at < max(keep_seconds, self._max_age())

    def _max_age(self) -> float:
        said = self.answer.headers.get("cache-control", "")
        found = _MAX_AGE.search(said)
        return float(found.group(1)) if found and not _NEVER.search(said) else 0.0


class Cache:
    """Kept answers in a folder, by URL with its parameters.

    A cache that cannot be read or written only costs a request.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, url: str) -> Kept | None:
        """What is kept for a URL; a damaged entry is dropped."""
        path = self._path(url)
        try:
            head, _, body = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        kept = _read(url, head, body)
        if kept is None:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        return kept

    def put(self, answer: Answer, at: float | None) -> None:
        """Keep an answer in place of what was kept for its URL."""
        headers = {
            name: answer.headers[name]
            for name in _KEPT_HEADERS
            if name in answer.headers
        }
        head = {
            "url": answer.url,
            "status": answer.status,
            "headers": headers,
            "sha256": hashlib.sha256(answer.body).hexdigest(),
            "at": at,
        }
        content = json.dumps(head).encode() + b"\n" + answer.body
        with suppress(OSError):
            _write(self._path(answer.url), content)

    def confirm(self, kept: Kept, headers: Mapping[str, str], at: float | None) -> None:
        """It has not changed: it is as young as now, under the newer headers."""
        newer = {**kept.answer.headers, **headers}
        self.put(replace(kept.answer, headers=newer), at)

    def _path(self, url: str) -> Path:
        key = hashlib.sha256(url.encode()).hexdigest()
        return self._folder / key[:2] / key


def _read(url: str, head: bytes, body: bytes) -> Kept | None:
    try:
        said = json.loads(head)
        headers = {str(name): str(text) for name, text in said["headers"].items()}
        status, checksum, at = said["status"], said["sha256"], said["at"]
        same = said["url"] == url
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if not same or checksum != hashlib.sha256(body).hexdigest():
        return None
    if not isinstance(status, int) or not isinstance(at, int | float | None):
        return None
    return Kept(Answer(url, status, headers, body), at)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".new")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
