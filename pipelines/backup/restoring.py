"""Put a backup in place of a home: looked through, unpacked beside, then exchanged."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dexter.domain.delivery import DeliveryState
from dexter.domain.moment import IST
from dexter.errors import DexterError, DiskFullError
from dexter.journal.locks import hold
from dexter.store.database import DATABASE_FILE
from dexter.store.schema import Standing
from dexter.store.tables import SCHEMA_VERSION, written
from pipelines.backup.manifest import Manifest
from pipelines.backup.reading import CannotWriteError, looked_through, unpacked
from pipelines.backup.refusals import (
    DamagedBackupError,
    HomeBusyError,
    HomeTakenError,
    HomeUnmovableError,
    LaterBackupError,
    no_room,
)
from pipelines.backup.swapping import put_in_place
from pipelines.backup.writing import workplace
from pipelines.ingest.report import OnProgress, Progress, silent

RESTORED_FROM = "restored_from"
"""Note in ``meta``: when the backup was taken that this home was restored from."""
RESTORED_AT = "restored_at"
"""Note in ``meta``: when it was restored. What was sent in between is not known."""

_LOCKS = ("daily.lock", "sync.lock", "outbox.lock", "sample.lock")
_MAY_REPEAT = (
    "UPDATE outbox SET state = ?, reason = ?, unsure = 1 WHERE state IN (?, ?)"
)
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_NOTE = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"


@dataclass(frozen=True, slots=True)
class Restored:
    """A home that was restored.

    ``aside`` is where the home before is kept, null when there was none;
    ``may_repeat`` counts letters that may go out again, marked so.
    """

    home: Path
    manifest: Manifest
    aside: Path | None
    may_repeat: int


def restore(
    file: Path,
    home: Path,
    moment: datetime,
    *,
    force: bool = False,
    on_progress: OnProgress = silent,
) -> Restored:
    """Make a backup the home; a kill anywhere leaves the old home or the new, whole.

    Args:
        file: What ``take`` wrote.
        home: The home; links to it are followed, so that they stay.
        moment: Now.
        force: Set a home with data aside.
        on_progress: Told how far it is.

    Raises:
        DamagedBackupError: it is not what its manifest says, or a database in it is
            damaged.
        LaterBackupError: it is of a later dexter.
        HomeTakenError: the home holds data, and ``force`` is not given.
        HomeBusyError: another dexter works in it.
        HomeUnmovableError, DiskFullError: the new one cannot be put there.
    """
    home = home.resolve()
    if not file.exists():
        raise DamagedBackupError(file, "there is no such file")
    taken = home.exists() and (not home.is_dir() or any(home.iterdir()))
    if taken and (not force or not home.is_dir()):
        raise HomeTakenError(home)
    manifest = looked_through(file)
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        _check_room(home, manifest)
        with ExitStack() as stack:
            if taken:
                stack.enter_context(_alone(home))
            place = stack.enter_context(workplace(home, "restore"))
            staged = place / "home"
            unpacked(file, manifest, staged, on_progress)
            on_progress(Progress("checking", 0, 1))
            repeats = _proven(file, staged, manifest, moment)
            if home.is_dir():
                staged.chmod(home.stat().st_mode)
            aside = _aside(home, moment) if taken else None
            put_in_place(staged, home, aside)
    except CannotWriteError as error:
        raise _ours(error.error, home) from error
    except OSError as error:
        raise _ours(error, home) from error
    return Restored(home, manifest, aside, repeats)


def _ours(error: OSError, home: Path) -> DexterError:
    why = error.strerror or str(error)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        full = DiskFullError(home.parent, why)
        full.hint = "Free some disk space. The home is as it was."
        return full
    return HomeUnmovableError(home, why)


def _proven(file: Path, staged: Path, manifest: Manifest, moment: datetime) -> int:
    """Open every database; the letters of them that may go out again."""
    repeats = 0
    for kept in manifest.files:
        if kept.database:
            try:
                with closing(sqlite3.connect(staged / kept.path)) as db:
                    repeats += _settled(db, file, kept.path, manifest, moment)
            except sqlite3.Error as error:
                why = f"{kept.path!r} in it is damaged ({error})"
                raise DamagedBackupError(file, why) from error
    return repeats


def _settled(
    db: sqlite3.Connection, file: Path, path: str, manifest: Manifest, moment: datetime
) -> int:
    (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise DamagedBackupError(file, f"{path!r} in it is damaged ({said})")
    if Path(path).name != DATABASE_FILE:
        return 0
    tables = {name for (name,) in db.execute(_TABLES)}
    if "meta" not in tables:
        return 0
    _refuse_later(db, file, tables)
    with db:
        db.execute(_NOTE, (RESTORED_FROM, written(manifest.made_at)))
        db.execute(_NOTE, (RESTORED_AT, written(moment)))
        return _may_repeat(db, manifest) if "outbox" in tables else 0


def _may_repeat(db: sqlite3.Connection, manifest: Manifest) -> int:
    """What was to go out then may have gone since: nobody knows, so say that."""
    taken = f"{manifest.made_at.astimezone(IST):%d %b %Y %H:%M}"
    reason = f"to go out when the backup of {taken} was taken; may have gone since"
    states = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)
    unknown = DeliveryState.UNKNOWN.value
    return db.execute(_MAY_REPEAT, (unknown, reason, *states)).rowcount


def _refuse_later(db: sqlite3.Connection, file: Path, tables: set[str]) -> None:
    note = "SELECT value FROM meta WHERE name = 'schema_version'"
    version = db.execute(note).fetchone()
    revision = None
    if "alembic_version" in tables:
        revision = db.execute("SELECT version_num FROM alembic_version").fetchone()
    standing = Standing(
        version and str(version[0]), revision and str(revision[0]), whole=True
    )
    if standing.later is not None:
        raise LaterBackupError(file, standing.later, SCHEMA_VERSION)


def _check_room(home: Path, manifest: Manifest) -> None:
    free = shutil.disk_usage(home.parent).free
    if manifest.size > free:
        raise no_room(home, manifest.size, free)


def _aside(home: Path, moment: datetime) -> Path:
    stamp = f"{moment.astimezone(IST):%Y%m%d-%H%M%S}"
    wanted = home.with_name(f"{home.name}.aside-{stamp}")
    number = 1
    while wanted.exists():
        number += 1
        wanted = home.with_name(f"{home.name}.aside-{stamp}-{number}")
    return wanted


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold every lock of a home, so that nothing runs in it while it is replaced.

    Raises:
        HomeBusyError: one is held.
    """
    with ExitStack() as held:
        # Those nobody has made yet as well, or somebody begins in between.
        for name in _LOCKS:
            (home / name).touch()
        for path in sorted(home.rglob("*.lock")):
            if not path.is_file():
                continue
            file = held.enter_context(path.open("r+"))
            try:
                hold(file.fileno())
            except OSError as error:
                raise HomeBusyError(home, path.name) from error
        yield
