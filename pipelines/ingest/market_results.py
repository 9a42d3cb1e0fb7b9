"""Dated results of a market folder as figures; outcome columns are never read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import cast

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.store import tables as t
from dexter.store.keeping import Row, keep
from pipelines.ingest.cells import basis, exact, ist, midnight
from pipelines.ingest.intake import Intake, SourceFile

_ANNOUNCED = "ann:"


def earnings_events(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """One row per company-quarter, known when it was announced.

    Where an announcement came first its PDF carried the same numbers, so they are
    known from then; otherwise from the broadcast of the XBRL.
    """
    urls = _urls(intake, connection)
    rows = [
        _figures(intake, file, row, urls)
        for row in table.to_pylist()
        if row["announce_dt"] is not None and basis(row["consolidated"]) is not None
    ]
    return _keep(intake, connection, rows)


def quarterly_results(
    intake: Intake, connection: Connection, file: SourceFile, table: pa.Table
) -> int:
    """XBRL numbers by broadcast, for quarters no dated event tells better."""
    held = {
        (row.symbol, row.period_end, row.basis)
        for row in connection.execute(
            sa.select(t.figures.c.symbol, t.figures.c.period_end, t.figures.c.basis)
        )
    }
    urls = _urls(intake, connection)
    rows: list[Row] = []
    for row in table.to_pylist():
        if row["broadcast"] is None or basis(row["consolidated"]) is None:
            continue
        found = _figures(intake, file, {**row, "announce_dt": row["broadcast"]}, urls)
        if (found["symbol"], found["period_end"], found["basis"]) not in held:
            rows.append(found)
    return _keep(intake, connection, rows)


Urls = Mapping[tuple[str, str, datetime], str]


def _urls(intake: Intake, connection: Connection) -> Urls:
    """The document each XBRL broadcast was, by ticker, basis and time."""
    table = t.publications
    query = sa.select(
        table.c.symbol, table.c.basis, table.c.published_at, table.c.url
    ).where(
        table.c.period_end.is_not(None),
        table.c.url.is_not(None),
        table.c.base_name.like("%.xml"),
    )
    return {
        (intake.canon(row.symbol), row.basis, row.published_at): row.url
        for row in connection.execute(query)
    }


def _figures(
    intake: Intake, file: SourceFile, row: Mapping[str, object], urls: Urls
) -> Row:
    symbol = intake.canon(str(row.get("canon") or row["symbol"]))
    quarter_end = midnight(cast("date", row["q_end"]))
    announced = ist(cast("datetime", row["announce_dt"]))
    broadcast = ist(cast("datetime | None", row.get("broadcast")))
    by_announcement = str(row.get("announce_src") or "").startswith(_ANNOUNCED)
    known_at = announced if by_announcement else broadcast or announced
    side = basis(row["consolidated"])
    url = urls.get((symbol, str(side), broadcast)) if broadcast else None
    return {
        "symbol": symbol,
        "period_end": quarter_end,
        "basis": str(side),
        "known_at": known_at,
        "published_at": announced,
        "revenue": exact(cast("float | None", row["revenue"])),
        "net_profit": exact(cast("float | None", row["net_profit"])),
        "eps": exact(cast("float | None", row["eps"])),
        "document": file.path.name,
        "sha256": file.sha256,
        "row": f"{symbol} {quarter_end.isoformat()}",
        "url": url,
        "origin": str(row.get("announce_src") or "xbrl_broadcast"),
    }


def _keep(intake: Intake, connection: Connection, rows: Iterable[Row]) -> int:
    kept = list(rows)
    keep(connection, t.figures, kept)
    intake.tally.touched.update(str(row["symbol"]) for row in kept)
    return len(kept)
