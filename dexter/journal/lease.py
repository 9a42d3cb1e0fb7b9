"""Who is writing a run: a locked file that the system unlocks when its holder dies."""

import os
import sys
import time
from pathlib import Path
from urllib.parse import quote

from dexter.errors import RunBusyError
from dexter.journal.locks import hold

_TRIES = 5
_PAUSE = 0.01


class Lease:
    """The right to write a run, held by this process until released or dead."""

    def __init__(self, path: Path, handle: int) -> None:
        self._path = path
        self._handle: int | None = handle

    def release(self) -> None:
        """Give the right back; again does nothing."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        if sys.platform != "win32":
            # Removed while still locked, so that nobody holds a file without a name.
            self._path.unlink(missing_ok=True)
        os.close(handle)


def take(folder: Path, run_id: str) -> Lease:
    """Take the lease of a run.

    Raises:
        RunBusyError: somebody living holds it, in this process or another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = _path(folder, run_id)
    for _ in range(_TRIES):
        lease = _try(path)
        if lease is not None:
            return lease
        # A listing looks at locks by taking them for an instant.
        time.sleep(_PAUSE)
    raise RunBusyError(run_id)


def held(folder: Path, run_id: str) -> bool:
    """Whether somebody living holds the lease of a run."""
    path = _path(folder, run_id)
    if not path.exists():
        return False
    try:
        lease = _try(path)
    except OSError:
        return True
    if lease is not None:
        lease.release()
    return lease is None


def _path(folder: Path, run_id: str) -> Path:
    return folder / f"{quote(run_id, safe='')}.lock"


def _try(path: Path) -> Lease | None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        hold(handle)
        # Locked, but the name may have been removed and made anew meanwhile.
        ours = os.fstat(handle).st_ino == path.stat().st_ino
    except OSError:
        ours = False
    if ours:
        return Lease(path, handle)
    os.close(handle)
    return None
