"""A folder of data into the home: what is in it is told by content."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from time import perf_counter

import sqlalchemy as sa

from dexter.errors import ImportShapeError, UsageError
from dexter.ports import Compute
from dexter.store import tables as t
from dexter.store.database import Database
from pipelines.compute import opened
from pipelines.ingest.documents import import_documents
from pipelines.ingest.finish import finish
from pipelines.ingest.intake import READ_STATE, Intake, SourceFile, fingerprint
from pipelines.ingest.lists import import_lists
from pipelines.ingest.market import import_tables
from pipelines.ingest.reading import Read
from pipelines.ingest.report import ImportReport, OnProgress, silent

_TABLES = {".parquet"}
_LISTS = {".json", ".csv"}
_DOCUMENTS = {".xml", ".html", ".htm", ".xhtml", ".pdf"}
# A folder's own notes about itself, which are not data of the market.
_NOTES = {"manifest.csv", "sample.json", "truth.jsonl"}


class NoFolderError(UsageError):
    """There is nothing to import from where one was sent."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no folder {folder} to import.",
            "Give the folder the files lie in.",
        )


def import_folder(
    folder: Path,
    home: Path,
    *,
    read: Read,
    on_progress: OnProgress = silent,
    compute: Compute | None = None,
    moment: datetime | None = None,
) -> ImportReport:
    """Import market tables, exchange payloads and filed documents of a folder.

    Files that came in before (same sha256) are skipped, so importing twice adds
    nothing; documents an earlier reader read are read again. Each table, list and
    batch of documents is one transaction: an interrupted import leaves whole files
    only, and importing again goes on from there.

    Args:
        folder: Any tree; ``market`` and ``filings`` may lie side by side in it.
        home: The home the store lives in; made when absent.
        read: The document reader, picklable (``dexter.extraction.document.read``).
        on_progress: Told the stage and its counts.
        compute: Where documents are read; processes of its own when not given.
        moment: The time of import, from the clock, for the record.

    Returns:
        Counts, faults and the documents whose publication time nobody told.

    Raises:
        NoFolderError: there is no such folder.
        ImportShapeError: nothing in it is recognised.
        StoreError: the home cannot be written or is damaged.
    """
    started = perf_counter()
    files = _listing(folder)
    database = Database.open(home)
    try:
        intake = Intake(database, on_progress, moment)
        fresh = list(_fresh(intake, folder, files))
        import_tables(intake, _of(fresh, _TABLES))
        import_lists(intake, _of(fresh, _LISTS))
        papers = _of(fresh, _DOCUMENTS)
        if papers:
            with nullcontext(compute) if compute else opened() as place:
                import_documents(intake, papers, read, place)
        _refuse_nothing(intake, folder)
        finish(intake, changed=bool(intake.tally.files["imported"]))
        return _report(intake, folder, perf_counter() - started)
    finally:
        database.close()


def _listing(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise NoFolderError(folder)
    wanted = _TABLES | _LISTS | _DOCUMENTS
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix.lower() in wanted
        and path.name.lower() not in _NOTES
        and not path.name.startswith(".")
    )


def _fresh(intake: Intake, folder: Path, files: Sequence[Path]) -> Iterator[SourceFile]:
    seen: set[str] = set()
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            file = SourceFile(path, name, fingerprint(path))
        except OSError as error:
            intake.tally.fault(name, error.strerror or "cannot be opened")
            continue
        state = None
        if path.suffix.lower() in _DOCUMENTS:
            state = READ_STATE
            intake.called.append((file.sha256, name))
        if file.sha256 in seen or intake.taken(file.sha256, state):
            intake.tally.files["already kept"] += 1
        else:
            seen.add(file.sha256)
            yield file


def _of(files: Sequence[SourceFile], endings: set[str]) -> list[SourceFile]:
    return [file for file in files if file.path.suffix.lower() in endings]


def _refuse_nothing(intake: Intake, folder: Path) -> None:
    counts = intake.tally.files
    if counts["imported"] or counts["already kept"]:
        return
    sentence = f"Nothing in {folder} is data dexter knows."
    hint = "It reads market tables (Parquet), exchange lists and filed documents."
    if intake.tally.faults:
        first = intake.tally.faults[0]
        hint = f"{first.file} {first.reason}."
    raise ImportShapeError(sentence, hint)


def _report(intake: Intake, folder: Path, seconds: float) -> ImportReport:
    unmatched = sa.select(t.filings.c.name).where(t.filings.c.known_at.is_(None))
    with intake.database.read() as connection:
        names = connection.scalars(unmatched.order_by(t.filings.c.name)).all()
    tally = intake.tally
    return ImportReport(
        folder=folder,
        files=dict(tally.files),
        rows=dict(tally.rows),
        faults=tuple(tally.faults),
        ignored=tuple(tally.ignored),
        unmatched=tuple(names),
        seconds=round(seconds, 3),
    )
