"""Why a backup or a restore does not happen."""

from pathlib import Path

from dexter.errors import DiskFullError, StoreError, UsageError


class BackupPlaceError(UsageError):
    """A place a backup cannot be written to."""

    @classmethod
    def taken(cls, file: Path) -> "BackupPlaceError":
        """Something is there; a backup is never written over."""
        return cls(f"{file} exists already.", "Give the backup a name of its own.")

    @classmethod
    def inside(cls, file: Path, home: Path) -> "BackupPlaceError":
        """It would be lost with what it is to save."""
        return cls(
            f"{file} lies in the home {home} that it would copy.",
            "Write it somewhere else, best on another disk.",
        )

    @classmethod
    def nothing(cls, home: Path) -> "BackupPlaceError":
        """There is no home to copy."""
        return cls(f"There is nothing to back up in {home}.", "Is DEXTER_HOME right?")


class BackupUnwritableError(StoreError):
    """Something cannot be read, or the backup not written."""

    def __init__(self, place: Path, why: str) -> None:
        super().__init__(
            f"The backup cannot be taken to {place}: {why}.",
            "The home is as it was, and nothing half is left.",
        )


class RestlessFileError(StoreError):
    """A file that changed each time it was copied."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} changes faster than it can be copied.",
            "Take the backup when less is going on.",
        )


class OddNameError(StoreError):
    """A file whose name is not text."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{str(path)!r} in the home has a name that is not UTF-8.",
            "dexter never gives such names: rename it, or move it out of the home.",
        )


class DamagedBackupError(StoreError):
    """A backup that is not what its manifest says; nothing of it was used."""

    exit_code = 4

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(
            f"The backup {file} cannot be used: {why}.",
            "The home is as it was. Restore from another backup.",
        )


class LaterBackupError(UsageError):
    """A backup of a dexter newer than this one."""

    def __init__(self, file: Path, schema: str, ours: int) -> None:
        super().__init__(
            f"The backup {file} has schema {schema}, this dexter reads {ours}.",
            "Install the dexter that took it, or a later one.",
        )


class HomeTakenError(UsageError):
    """The home to restore into holds something."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"The home {home} holds data.",
            "With --force it is set aside under a dated name, and nothing is deleted.",
        )


class HomeBusyError(StoreError):
    """Somebody works in the home that would be replaced."""

    def __init__(self, home: Path, lock: str) -> None:
        super().__init__(
            f"Another dexter works in {home} ({lock} is held).",
            "Stop it and its timers first, then restore again.",
        )


class HomeUnmovableError(StoreError):
    """The home cannot be set aside or put in place."""

    def __init__(self, home: Path, why: str) -> None:
        super().__init__(
            f"{home} cannot be replaced: {why}.",
            "It is as it was. A home is replaced by a rename, so the folder it lies in "
            "must be writable and on the same disk: not a mount of its own.",
        )


def no_room(place: Path, needed: int, free: int) -> DiskFullError:
    """Less room than a backup or restore may need.

    Args:
        place: Where it would be written.
        needed: Bytes.
        free: Bytes.
    """
    error = DiskFullError(
        place, f"it may take {needed / 1e6:,.0f} MB and {free / 1e6:,.0f} MB are free"
    )
    error.hint = "Free some disk space, or choose another disk. Nothing was changed."
    return error
