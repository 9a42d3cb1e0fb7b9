"""One home in the place of another, so that no moment is without one."""

import ctypes
import errno
import os
from contextlib import suppress
from pathlib import Path

from pipelines.backup.refusals import HomeUnmovableError

_HERE = -100  # AT_FDCWD: paths count from the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}


def put_in_place(staged: Path, home: Path, aside: Path | None) -> None:
    """Make a finished folder the home.

    Where the system can exchange two names (Linux), a kill at any point leaves the old
    home or the new one in force, and the other under ``aside``. Elsewhere it takes two
    renames.

    Args:
        staged: The new home, whole and durable, on the same disk.
        home: The home.
        aside: Where the old home goes; none when there is nothing to keep.

    Raises:
        HomeUnmovableError: the system refuses; the old home is in force.
    """
    if hasattr(os, "sync"):
        os.sync()
    try:
        if aside is None:
            # Takes the place of an empty folder, too.
            staged.rename(home)
        else:
            _replace(staged, home, aside)
    except OSError as error:
        raise HomeUnmovableError(home, error.strerror or str(error)) from error
    with suppress(OSError):  # it is done; only a power cut could still undo it
        _durable(home.parent)


def _replace(staged: Path, home: Path, aside: Path) -> None:
    # Out of the workplace first: from here on it is nobody's to clear.
    staged.rename(aside)
    try:
        if not exchanged(aside, home):
            _turned(aside, home)
    except OSError:
        aside.rename(staged)
        raise


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two names in one step; false where the system has no such step.

    Raises:
        OSError: it has, and refuses.
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    done = call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number))


def _turned(aside: Path, home: Path) -> None:
    """The exchange in steps, for systems that have none."""
    between = aside.with_name(f"{aside.name}-old")
    home.rename(between)
    try:
        aside.rename(home)
    except OSError:
        between.rename(home)
        raise
    between.rename(aside)


def _durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
