"""The bundled sample market, imported once into its own home."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dexter.errors import HomeUnwritableError, ImportShapeError, StoreCorruptError
from dexter.journal.locks import hold
from dexter.store.database import DATABASE_FILE, Database, set_note
from pipelines.ingest.report import ImportReport, OnProgress, silent

_STAMP = "sample_stamp"
_MARK = "SAMPLE.json"
_LOCK = "sample.lock"


def ensure_sample(
    shelf: Path, home: Path, *, on_progress: OnProgress = silent
) -> ImportReport | None:
    """Import the sample into ``home/sample`` unless this very sample is there.

    Args:
        shelf: The sample's folder, with ``SAMPLE.json``, ``market`` and ``filings``.
        home: The home; the sample lives beside real data, never in it.
        on_progress: Told the stage and its counts.

    Returns:
        What came in, or none when it was there already.

    Raises:
        ImportShapeError: the shelf has no sample.
        HomeUnwritableError: the home cannot be written.
    """
    stamp = sample_stamp(shelf)
    place = home / "sample"
    if _stamped(place) == stamp:
        return None
    with _alone(home):
        # Asked again: another process may have set it up while this one waited.
        if _stamped(place) == stamp:
            return None
        # Another sample: nothing of the old one may stay, and nothing in it is ours
        # to keep, since it is made again from the shelf.
        _clear(place)
        return _set_up(shelf, place, stamp, on_progress)


def _set_up(
    shelf: Path, place: Path, stamp: str, on_progress: OnProgress
) -> ImportReport:
    # pandas and the document readers load only when there is something to import.
    from dexter.extraction.document import read  # noqa: PLC0415
    from pipelines.ingest.folder import import_folder  # noqa: PLC0415

    report = import_folder(shelf, place, read=read, on_progress=on_progress)
    database = Database.open(place)
    try:
        with database.write() as connection:
            set_note(connection, _STAMP, stamp)
    finally:
        database.close()
    return report


def sample_stamp(shelf: Path) -> str:
    """What tells one sample from another: the hash over every file's name and bytes.

    Raises:
        ImportShapeError: there is no sample on the shelf.
    """
    mark = shelf / _MARK
    if not mark.is_file():
        sentence = f"There is no sample market in {shelf}."
        raise ImportShapeError(sentence, f"{_MARK} is missing; install dexter again.")
    digest = hashlib.sha256()
    for path in sorted(p for p in shelf.rglob("*") if p.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(shelf).as_posix()} {content}\n".encode())
    return digest.hexdigest()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Be the only one to set up a home's sample; others wait."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = (home / _LOCK).open("a", encoding="utf-8")
    except OSError as error:
        raise HomeUnwritableError(home, error.strerror or str(error)) from error
    with file:
        hold(file.fileno(), wait=True)
        yield


def _stamped(place: Path) -> str | None:
    """The stamp of the sample there; none of one that is missing, cut or damaged."""
    if not (place / DATABASE_FILE).is_file():
        return None
    try:
        database = Database.open(place)
    except StoreCorruptError:
        return None
    try:
        return database.note(_STAMP)
    except StoreCorruptError:
        return None
    finally:
        database.close()


def _clear(place: Path) -> None:
    for name in (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm"):
        (place / name).unlink(missing_ok=True)
