"""Take a backup: databases, then everything else, then the manifest."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from dexter.errors import StoreCorruptError
from dexter.store.bars import FOLDER as PRICES
from dexter.store.database import DATABASE_FILE
from dexter.store.price_list import CURRENT
from pipelines.backup import manifest as manifests
from pipelines.backup.contents import contents
from pipelines.backup.copying import GoneError, poured, snapshot, still
from pipelines.backup.manifest import Kept, Manifest
from pipelines.backup.places import check_place, check_room, ours, size_of
from pipelines.backup.refusals import BackupPlaceError
from pipelines.backup.writing import add_manifest, sink, workplace
from pipelines.ingest.report import OnProgress, Progress, silent

_TRIES = 3
_IN_MEMORY = 16 << 20
_STAGE = "copying"
_NAMED_BARS = "SELECT name FROM price_files WHERE state = ?"
_SCHEMA = "SELECT value FROM meta WHERE name = 'schema_version'"


class MovedOnError(Exception):
    """The store took away a file that its copied database still names."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup that was taken: where, what it says it holds, its size on the disk."""

    file: Path
    manifest: Manifest
    packed: int


def take(
    home: Path,
    file: Path,
    moment: datetime,
    *,
    dexter: str,
    on_progress: OnProgress = silent,
) -> Taken:
    """Copy a home while it is in use.

    Args:
        home: The home.
        file: ``….tar.gz`` for a packed file; anything else becomes a folder.
        moment: Now, for the manifest.
        dexter: The version that takes it.
        on_progress: Told how many files are copied.

    Raises:
        BackupPlaceError: something is there, or it is in the home, or there is no home.
        BackupUnwritableError, DiskFullError: it cannot be written there.
        StoreCorruptError: a database of the home does not open, or names bars that
            are not there.
        RestlessFileError: a file never stood still.
    """
    check_place(home, file)
    try:
        found = contents(home)
        if not found.databases and not found.files:
            raise BackupPlaceError.nothing(home)
        file.parent.mkdir(parents=True, exist_ok=True)
        check_room(home, found, file)
        with workplace(file, "backup") as place:
            job = _Job(home, file, place, on_progress)
            manifest = _settled(job, moment, dexter)
            if file.exists():
                raise BackupPlaceError.taken(file)
            job.part.rename(file)
    except OSError as error:
        raise ours(error, file) from error
    return Taken(file, manifest, size_of(file))


def _settled(job: "_Job", moment: datetime, dexter: str) -> Manifest:
    """Try again while the store takes away what its copy names."""
    for _ in range(_TRIES - 1):
        with suppress(MovedOnError):
            return job.run(moment, dexter)
    try:
        return job.run(moment, dexter)
    except MovedOnError as error:
        why = "the database names it, and it is not there"
        raise StoreCorruptError(error.path, why) from error


class _Job:
    """One try at a backup."""

    def __init__(
        self, home: Path, file: Path, place: Path, on_progress: OnProgress
    ) -> None:
        self.home = home
        self.file = file
        self.part = place / "part"
        self.copies = place / "databases"
        self.on_progress = on_progress
        self.kept: dict[str, Kept] = {}
        self.total = 0

    def run(self, moment: datetime, dexter: str) -> Manifest:
        """Everything in its order, from the beginning.

        Raises:
            MovedOnError: it has to be done again.
        """
        self.kept.clear()
        _clear(self.part)
        _clear(self.copies)
        with closing(sink(self.file, self.part, moment)) as self.to:
            copied = self._databases()
            # Twice: a file of lines may have grown to name what was not there yet.
            self._files()
            self._files()
            for name in copied:
                self._whole(name)
            schema = _schema(self.copies / DATABASE_FILE)
            files = tuple(self.kept[name] for name in sorted(self.kept))
            manifest = manifests.made(files, moment, dexter, schema)
            add_manifest(self.to, manifest)
        return manifest

    def _databases(self) -> list[str]:
        found = contents(self.home)
        self.total = len(found.databases) + len(found.files)
        return [name for name in found.databases if self._database(name)]

    def _files(self) -> None:
        # Listed now: what came since is what the copied databases may speak of.
        for name in contents(self.home).files:
            if name not in self.kept:
                self._file(name)

    def _database(self, name: str) -> bool:
        copy = self.copies / name
        try:
            snapshot(self.home / name, copy)
        except GoneError:
            return False
        with copy.open("rb") as file:
            size, digest = poured(file, None)
            file.seek(0)
            kept = Kept(path=name, size=size, sha256=digest, database=True)
            self._add(kept, file)
        return True

    def _file(self, name: str) -> None:
        beside = self.part.parent
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(beside)) as spooled:
            spool = cast("BinaryIO", spooled)
            try:
                size, digest = still(self.home / name, spool)
            except GoneError:
                return
            self._add(Kept(path=name, size=size, sha256=digest), spool)

    def _add(self, kept: Kept, content: BinaryIO) -> None:
        self.to.add(f"{manifests.FOLDER}/{kept.path}", kept.size, content)
        self.kept[kept.path] = kept
        self.on_progress(Progress(_STAGE, len(self.kept), self.total))

    def _whole(self, name: str) -> None:
        """Whether every file of bars that a copied store names was still there."""
        home = name.removesuffix(DATABASE_FILE)
        for bars in _bars_named(self.copies / name):
            if f"{home}{PRICES}/{bars}" not in self.kept:
                raise MovedOnError(self.home / home / PRICES / bars)


def _bars_named(copy: Path) -> Iterator[str]:
    if copy.name == DATABASE_FILE:
        with closing(sqlite3.connect(copy)) as db:
            try:
                yield from (row[0] for row in db.execute(_NAMED_BARS, (CURRENT,)))
            except sqlite3.OperationalError:
                return  # of a schema before files of bars were listed


def _schema(copy: Path) -> str | None:
    if not copy.is_file():
        return None
    with closing(sqlite3.connect(copy)) as db:
        try:
            row = db.execute(_SCHEMA).fetchone()
        except sqlite3.OperationalError:
            return None
    return None if row is None else str(row[0])


def _clear(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part)
    else:
        part.unlink(missing_ok=True)
