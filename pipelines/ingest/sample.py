"""The bundled sample market, imported once into its own home."""

import hashlib
from pathlib import Path

from dexter.errors import ImportShapeError, StoreCorruptError
from dexter.store.database import DATABASE_FILE, Database, set_note
from pipelines.ingest.report import ImportReport, OnProgress, silent

_STAMP = "sample_stamp"
_MARK = "SAMPLE.json"


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
    """
    stamp = sample_stamp(shelf)
    place = home / "sample"
    if (place / DATABASE_FILE).is_file():
        try:
            known = _stamped(place)
        except StoreCorruptError:
            known = None
        if known == stamp:
            return None
        # Another sample: nothing of the old one may stay, and nothing in it is ours
        # to keep, since it is made again from the shelf.
        _clear(place)
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


def _stamped(place: Path) -> str | None:
    database = Database.open(place)
    try:
        return database.note(_STAMP)
    finally:
        database.close()


def _clear(place: Path) -> None:
    for name in (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm"):
        (place / name).unlink(missing_ok=True)
