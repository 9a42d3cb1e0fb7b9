"""Documents of a folder into the store: read elsewhere, kept in batches."""

from collections.abc import Iterator, Sequence
from time import monotonic

import sqlalchemy as sa

from dexter.extraction.result import Extraction
from dexter.ports import Compute
from dexter.store import tables as t
from dexter.store.codec import statement_text
from dexter.store.documents import Documents
from dexter.store.keeping import Row, keep
from dexter.store.reviews import keep_decisions
from pipelines.compute import each
from pipelines.ingest.cells import base_name
from pipelines.ingest.intake import (
    READ_STATE,
    Intake,
    NameFact,
    SourceFile,
    keep_names,
)
from pipelines.ingest.papers import keep_identities, senders_of
from pipelines.ingest.publications import UNMATCHED
from pipelines.ingest.reading import Read, refusal
from pipelines.ingest.report import Progress

_BATCH = 40
_BATCH_SECONDS = 10.0

Outcome = tuple[SourceFile, Extraction]


def import_documents(
    intake: Intake, files: Sequence[SourceFile], read: Read, compute: Compute
) -> None:
    """Read and keep every document; one that fails costs only itself.

    Interrupted, it first keeps what has been read: a scan takes seconds.
    """
    batch: list[Outcome] = []
    began = monotonic()
    intake.on_progress(Progress("documents", 0, len(files)))
    try:
        for done, outcome in enumerate(_outcomes(intake, files, read, compute), 1):
            intake.on_progress(Progress("documents", done, len(files)))
            if outcome is not None:
                batch.append(outcome)
            if len(batch) >= _BATCH or monotonic() - began >= _BATCH_SECONDS:
                full, batch, began = batch, [], monotonic()
                _keep(intake, full)
    finally:
        _keep(intake, batch)


def _outcomes(
    intake: Intake, files: Sequence[SourceFile], read: Read, compute: Compute
) -> Iterator[Outcome | None]:
    """What each file reads as, in the order they finish."""
    for file, done in each(compute, read, _contents(intake, files)):
        error = done.exception()
        if error is None:
            yield file, done.result()
        else:
            intake.tally.fault(file.name, refusal(file.own_name, error).what)
            yield None


def _contents(
    intake: Intake, files: Sequence[SourceFile]
) -> Iterator[tuple[SourceFile, tuple[str, bytes]]]:
    for file in files:
        try:
            content = file.path.read_bytes()
        except OSError as error:
            intake.tally.fault(file.name, error.strerror or "cannot be opened")
        else:
            yield file, (file.own_name, content)


def _keep(intake: Intake, batch: Sequence[Outcome]) -> None:
    if not batch:
        return
    documents = Documents(intake.database.home)
    for file, _extraction in batch:
        documents.put(file.path.read_bytes())
    hashes = [file.sha256 for file, _ in batch]
    with intake.database.write() as connection:
        intake.tally.touched.update(senders_of(connection, hashes))
        keep_identities(connection, [(f.sha256, e.identity) for f, e in batch])
        connection.execute(
            sa.delete(t.statements).where(t.statements.c.sha256.in_(hashes))
        )
        keep(connection, t.filings, [_filing(intake, *one) for one in batch])
        keep(connection, t.statements, [r for one in batch for r in _statements(*one)])
        keep_decisions(connection, hashes)
        keep_names(connection, [n for one in batch for n in _names(intake, *one)])
        for file, extraction in batch:
            kind = f"document: {extraction.kind.value}"
            rows = len(extraction.statements)
            intake.took(connection, file, kind, rows, READ_STATE)
    for _file, extraction in batch:
        intake.counted("statements", len(extraction.statements))
        for statement in extraction.statements:
            intake.tally.rows[f"statements {statement.status.value}"] += 1


def _filing(intake: Intake, file: SourceFile, extraction: Extraction) -> Row:
    said = extraction.statements
    symbol = next((s.symbol for s in said if s.symbol), None)
    return {
        "sha256": file.sha256,
        "name": file.own_name,
        "base_name": base_name(file.own_name) or file.own_name.lower(),
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
        # What a page prints of its sender is judged with the other documents.
        if one.symbol and one.company and extraction.identity is None:
            symbol = intake.canon(one.symbol)
            family = one.family.value
            yield NameFact(symbol, one.company, "statement", one.isin, family=family)
