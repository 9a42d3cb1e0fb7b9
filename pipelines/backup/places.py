"""Where a backup may be written, and what the system says when it may not."""

import errno
import shutil
from pathlib import Path

from dexter.errors import DexterError, DiskFullError
from pipelines.backup.contents import Contents
from pipelines.backup.refusals import (
    BackupPlaceError,
    BackupUnwritableError,
    no_room,
)


def check_place(home: Path, file: Path) -> None:
    """Refuse what is taken, or would be lost with the home.

    Raises:
        BackupPlaceError: it is, or there is no home.
    """
    if not home.is_dir():
        raise BackupPlaceError.nothing(home)
    if file.resolve().is_relative_to(home.resolve()):
        raise BackupPlaceError.inside(file, home)
    if file.exists() or file.is_symlink():
        raise BackupPlaceError.taken(file)


def check_room(home: Path, found: Contents, file: Path) -> None:
    """Room for everything unpacked, and for the databases once more beside it.

    Raises:
        DiskFullError: there is less.
    """
    databases = sum(_size_or_none(home / name) for name in found.databases)
    rest = sum(_size_or_none(home / name) for name in found.files)
    free = shutil.disk_usage(file.parent).free
    needed = 2 * databases + rest
    if needed > free:
        raise no_room(file, needed, free)


def ours(error: OSError, file: Path) -> DexterError:
    """The system's refusal in our words."""
    why = error.strerror or str(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        full = DiskFullError(file, why)
        full.hint = "Free some disk space. The home is as it was."
        return full
    about = f" ({error.filename})" if error.filename else ""
    return BackupUnwritableError(file.parent, f"{why}{about}")


def size_of(path: Path) -> int:
    """Bytes of a backup on the disk."""
    if path.is_file():
        return path.stat().st_size
    return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())


def _size_or_none(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
