"""Exchange payloads of a folder into the store, one transaction a file."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store import tables as t
from dexter.store.keeping import Row, keep_new
from pipelines.ingest.intake import Intake, NameFact, SourceFile, keep_names
from pipelines.ingest.payload import Payload
from pipelines.ingest.payloads import read_payload
from pipelines.ingest.report import Progress


def import_lists(intake: Intake, files: Sequence[SourceFile]) -> None:
    """Take in every payload that is recognised."""
    for done, file in enumerate(files):
        intake.on_progress(Progress("lists", done, len(files)))
        try:
            payload = read_payload(file.name, file.path.read_bytes())
        except (ValueError, OSError) as error:
            intake.tally.fault(file.name, f"does not read ({error})")
            continue
        if payload is None:
            intake.tally.files["not recognised"] += 1
            intake.tally.ignored.append(file.name)
        else:
            _keep(intake, file, payload)


def _keep(intake: Intake, file: SourceFile, payload: Payload) -> None:
    with intake.database.write() as connection:
        keep_rows(intake, connection, payload)
        intake.took(connection, file, payload.kind, payload.count)
    intake.counted(payload.kind, payload.count)


def keep_rows(intake: Intake, connection: Connection, payload: Payload) -> None:
    """Keep what a payload said, under the latest tickers; what is kept already stays.

    The companies whose results it tells of are noted as touched.
    """
    _rows(intake, connection, t.publications, payload.publications)
    _rows(intake, connection, t.news, payload.headlines)
    _rows(intake, connection, t.board_meetings, payload.meetings)
    keep_names(connection, [_latest(intake, fact) for fact in payload.names])
    intake.tally.touched.update(
        intake.canon(str(row["symbol"]))
        for row in payload.publications
        if row["symbol"]
    )


def _rows(
    intake: Intake, connection: Connection, table: sa.Table, rows: Sequence[Row]
) -> None:
    latest = [{**row, "symbol": intake.canon(str(row["symbol"]))} for row in rows]
    keep_new(connection, table, latest)


def _latest(intake: Intake, fact: NameFact) -> NameFact:
    symbol = intake.canon(fact.symbol)
    return NameFact(
        symbol, fact.name, fact.source, fact.isin, fact.bse_code, fact.family
    )
