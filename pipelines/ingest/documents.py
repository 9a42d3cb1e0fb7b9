"""Documents of a folder into the store: read in a pool, kept in batches."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    as_completed,
)
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from dexter.errors import DexterError
from dexter.extraction.result import Extraction
from dexter.store import tables as t
from dexter.store.codec import statement_text
from dexter.store.documents import Documents
from dexter.store.keeping import Row, keep
from pipelines.ingest.cells import base_name
from pipelines.ingest.intake import Intake, NameFact, SourceFile, keep_names
from pipelines.ingest.publications import UNMATCHED
from pipelines.ingest.reading import Read, leave_interrupts_to_parent, read_file
from pipelines.ingest.report import Progress

WORKERS = 2
_BATCH = 40
_TELL_EVERY = 10

Outcome = tuple[SourceFile, Extraction]


@dataclass(frozen=True, slots=True)
class Reader:
    """A document reader and where it runs.

    ``pool`` is somebody else's; without one, fresh processes are made, and made again
    when a document takes its process down with it.
    """

    read: Read
    pool: Executor | None = None


def import_documents(
    intake: Intake, files: Sequence[SourceFile], reader: Reader
) -> None:
    """Read and keep every document; one that fails costs only itself."""
    batch: list[Outcome] = []
    for done, outcome in enumerate(_outcomes(intake, files, reader), 1):
        if done % _TELL_EVERY == 0:
            intake.on_progress(Progress("documents", done, len(files)))
        if outcome is None:
            continue
        batch.append(outcome)
        if len(batch) >= _BATCH:
            _keep(intake, batch)
            batch = []
    _keep(intake, batch)
    intake.on_progress(Progress("documents", len(files), len(files)))


def _outcomes(
    intake: Intake, files: Sequence[SourceFile], reader: Reader
) -> Iterator[Outcome | None]:
    suspects: list[SourceFile] = []
    if reader.pool is not None:
        yield from _round(intake, files, reader.read, reader.pool, suspects)
    else:
        with _processes(WORKERS) as pool:
            yield from _round(intake, files, reader.read, pool, suspects)
    # A dying process takes its neighbours' tasks along; one at a time tells which.
    while suspects:
        guilty: list[SourceFile] = []
        with _processes(1) as pool:
            while suspects and not guilty:
                file = suspects.pop(0)
                yield from _round(intake, [file], reader.read, pool, guilty)
        for file in guilty:
            intake.tally.fault(file.name, "reading it ended the reading process")
            yield None


@contextmanager
def _processes(count: int) -> Iterator[Executor]:
    workers = ProcessPoolExecutor(
        count,
        mp_context=multiprocessing.get_context("forkserver"),
        initializer=leave_interrupts_to_parent,
    )
    try:
        yield workers
    finally:
        workers.shutdown(wait=False, cancel_futures=True)


def _round(
    intake: Intake,
    files: Sequence[SourceFile],
    read: Read,
    pool: Executor,
    broken: list[SourceFile],
) -> Iterator[Outcome | None]:
    """What each file reads as, in the order they finish; crashes go to ``broken``."""
    asked: dict[Future[Extraction], SourceFile] = {}
    for file in files:
        try:
            task = pool.submit(read_file, read, str(file.path), file.name)
        except BrokenExecutor:
            broken.append(file)
        else:
            asked[task] = file
    for future in as_completed(asked):
        file = asked[future]
        try:
            yield file, future.result()
        except BrokenExecutor:
            broken.append(file)
        except DexterError as error:
            intake.tally.fault(file.name, error.sentence)
            yield None
        except Exception as error:  # noqa: BLE001 - one bad file costs one file
            intake.tally.fault(file.name, f"could not be read ({error!r})")
            yield None


def _keep(intake: Intake, batch: Sequence[Outcome]) -> None:
    if not batch:
        return
    documents = Documents(intake.database.home)
    for file, _extraction in batch:
        documents.put(file.path.read_bytes())
    hashes = [file.sha256 for file, _ in batch]
    with intake.database.write() as connection:
        connection.execute(
            sa.delete(t.statements).where(t.statements.c.sha256.in_(hashes))
        )
        keep(connection, t.filings, [_filing(intake, *one) for one in batch])
        keep(connection, t.statements, [r for one in batch for r in _statements(*one)])
        keep_names(connection, [n for one in batch for n in _names(intake, *one)])
        for file, extraction in batch:
            kind = f"document: {extraction.kind.value}"
            intake.took(connection, file, kind, len(extraction.statements))
    for _file, extraction in batch:
        intake.counted("statements", len(extraction.statements))
        for statement in extraction.statements:
            intake.tally.rows[f"statements {statement.status.value}"] += 1


def _filing(intake: Intake, file: SourceFile, extraction: Extraction) -> Row:
    said = extraction.statements
    symbol = next((s.symbol for s in said if s.symbol), None)
    return {
        "sha256": file.sha256,
        "name": file.path.name,
        "base_name": base_name(file.path.name) or file.path.name.lower(),
        "kind": extraction.kind.value,
        "own_symbol": intake.canon(symbol) if symbol else None,
        "symbol": None,
        "company": next((s.company for s in said if s.company), None),
        "known_at": None,
        "known_at_reason": UNMATCHED,
        "url": None,
        "status": extraction.status.value,
        "reason": extraction.reason,
        "subject": None,
        "flags": "\n".join(extraction.text_flags),
    }


def _statements(file: SourceFile, extraction: Extraction) -> Iterator[Row]:
    for ordinal, statement in enumerate(extraction.statements):
        yield {
            "sha256": file.sha256,
            "ordinal": ordinal,
            "period_end": statement.period_end,
            "basis": statement.basis.value if statement.basis else None,
            "status": statement.status.value,
            "grade": statement.grade.value,
            "body": statement_text(statement),
        }


def _names(
    intake: Intake, file: SourceFile, extraction: Extraction
) -> Iterator[NameFact]:
    del file
    for one in extraction.statements:
        if one.symbol and one.company:
            symbol = intake.canon(one.symbol)
            family = one.family.value
            yield NameFact(symbol, one.company, "statement", one.isin, family=family)
